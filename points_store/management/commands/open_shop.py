from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from points_store import installation
from points_store.logins import Login, make_staff, remember_logins
from volunteers.models import Community, Membership, User
from volunteers.operations.communities import open_community

if TYPE_CHECKING:
    from argparse import ArgumentParser

QUESTIONS = {
    "community": "社区简称（例如 城西社区）: ",
    "official_name": "社区全称（用在纸面上）: ",
    "slug": "网址简称（小写字母，例如 chengxi）: ",
    "admin": "管理员登录名（例如 admin）: ",
    "admin_name": "管理员姓名: ",
}


class Command(BaseCommand):
    help = "Begin an empty installation: its first community and its first admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=question.rstrip(": "))

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's options
        if settings.INSTALLATION.kind != installation.OWN:
            raise CommandError(_("这是演示用的一套，请用：python run.py new <名字>"))
        if Community.objects.exists():
            raise CommandError(_("这里已经有社区了；新的一套请用另一个名字。"))
        answers = {name: options[name] or _ask(question) for name, question in QUESTIONS.items()}
        try:
            login = _open(**answers)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        path = remember_logins(settings.INSTALLATION.folder, [login])
        self.stdout.write(
            _("管理员 %(username)s，密码 %(password)s（只显示这一次，也写在 %(path)s）")
            % {"username": login.user.username, "password": login.password, "path": path}
        )


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError(_("还缺：%(question)s") % {"question": question})
    return input(question).strip()


@transaction.atomic
def _open(*, community: str, official_name: str, slug: str, admin: str, admin_name: str) -> Login:
    facts = {"slug": slug, "name": community, "official_name": official_name}
    Community(**facts).full_clean()
    User(username=admin, name=admin_name).clean_fields(exclude=["password", "email"])
    first = open_community(**facts)
    return make_staff(community=first, username=admin, name=admin_name, role=Membership.Role.ADMIN)
