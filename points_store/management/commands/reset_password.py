from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axes.utils import reset
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from points_store.logins import random_password
from volunteers.models import User

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Give a member of staff a new password, end their sessions and lift a lockout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_options: Any) -> None:  # noqa: ANN401
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("没有“%(username)s”这个账号。") % {"username": username})
        password = random_password()
        user.set_password(password)  # a session carries a hash of the password, and ends with it
        user.save(update_fields=["password"])
        reset(username=username)
        self.stdout.write(
            _("%(name)s（%(username)s）的新密码，只显示这一次：%(password)s")
            % {"name": user.name, "username": username, "password": password}
        )
