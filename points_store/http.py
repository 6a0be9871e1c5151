"""The requests that views receive, with what the decorators of access.py put on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from points_store.permissions import Permission
    from volunteers.models import Community, MemberAccess, Membership, User, Volunteer


class StaffRequest(HttpRequest):
    """A signed-in member of staff, in one community, with the rights they have there."""

    user: User
    community: Community
    communities: tuple[Community, ...]
    roles: tuple[Membership.Role, ...]
    permissions: frozenset[Permission]


class ResidentRequest(HttpRequest):
    """A resident who signed in with their PIN; `volunteer` has both its accounts at hand."""

    access: MemberAccess
    volunteer: Volunteer
    community: Community
