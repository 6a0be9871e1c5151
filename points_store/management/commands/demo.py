from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from points_store import installation
from points_store.demo.story import Staff, tell_story
from points_store.logins import make_staff, remember_logins
from volunteers.models import Community, Membership
from volunteers.operations.communities import open_community

Role = Membership.Role
# Invented people: user name, name, role.
STAFF = [
    ("clerk", "卓玛才让", Role.CLERK),
    ("recorder", "李春梅", Role.RECORDER),
    ("approver", "马文成", Role.APPROVER),
    ("admin", "韩雪峰", Role.ADMIN),
    ("unit", "祁建国", Role.UNIT_CONTACT),
    ("county", "张海燕", Role.COUNTY_APPROVER),
]


class Command(BaseCommand):
    help = "Fill an empty installation with the demo community and its staff."

    def handle(self, **_options: Any) -> None:  # noqa: ANN401 - Django's options
        if settings.INSTALLATION.kind != installation.DEMO:
            raise CommandError(_("这一套是正式使用的，不放演示数据。"))
        if Community.objects.exists():
            raise CommandError(_("这里已经有社区了，演示数据只放进空的一套。"))
        with transaction.atomic():
            community = open_community(
                slug="chengxi", name="城西社区", official_name="新源镇城西社区党群服务中心"
            )
            logins = [
                make_staff(community=community, username=username, name=name, role=role)
                for username, name, role in STAFF
            ]
            users = {login.user.username: login.user for login in logins}
            acting = Staff(users["clerk"], users["recorder"], users["approver"])
            tell_story(community=community, staff=acting, at=timezone.now())
        path = remember_logins(settings.INSTALLATION.folder, logins)
        self.stdout.write(_("演示账号（只显示这一次，也写在 %(path)s）：") % {"path": path})
        self.stdout.write(path.read_text(encoding="utf-8"))
