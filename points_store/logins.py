"""Logins made by commands: passwords nobody chose, shown once, and kept in a private file."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from volunteers.models import Membership, User

if TYPE_CHECKING:
    from pathlib import Path

    from volunteers.models import Community

# Without the letters and digits that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LETTERS = 4, 4  # 79 bits
FILE = "logins.txt"


@dataclass(frozen=True)
class Login:
    """A user just made or given a new password, and that password in plain text."""

    user: User
    password: str


def random_password() -> str:
    """Return a password that can be read out on the phone."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS)
    )


def make_staff(*, community: Community, username: str, name: str, role: str) -> Login:
    """Make a user with one role in the community. Admins may also enter the Django admin."""
    password = random_password()
    user = User(username=username, name=name, is_staff=role == Membership.Role.ADMIN)
    user.is_superuser = user.is_staff
    user.set_password(password)
    user.save()
    Membership.objects.create(user=user, community=community, role=role)
    return Login(user, password)


def remember_logins(folder: Path, logins: list[Login]) -> Path:
    """Write the logins to a file only its owner can read, and return its path."""
    path = folder / FILE
    path.touch(mode=0o600)
    lines = [f"{login.user.username:<12} {login.password}  {login.user.name}" for login in logins]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
