"""The wording that people agree to, by purpose. A changed wording gets a new version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from volunteers.models import Consent

if TYPE_CHECKING:
    from django.utils.functional import Promise

GUARDIAN_UNDER_YEARS = 14


@dataclass(frozen=True)
class Wording:
    """What was read out or shown, under the version that is kept with the consent."""

    version: str
    text: Promise


WORDINGS: dict[str, Wording] = {
    Consent.Purpose.DOSSIER: Wording(
        "2023-11",
        _("为记服务时长和积分，社区保存您的姓名、住址、出生年和电话；可以随时查看、更正、撤回。"),
    ),
    Consent.Purpose.PUBLICITY: Wording(
        "2023-11", _("公示时写出您的全名。不同意也能积分，公示时只写首尾两个字。")
    ),
    Consent.Purpose.PHOTO: Wording("2023-11", _("活动照片可以在社区展示。")),
    Consent.Purpose.SHARING: Wording("2023-11", _("把您的服务次数和时长告诉您的单位。")),
}
