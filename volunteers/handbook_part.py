"""What service adds to a resident's handbook: the deeds behind the points."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from volunteers.handbook import Notice, OwnData, Part, Words
from volunteers.models import MemberCard, OpeningBalance, ServiceRecord, Volunteer
from volunteers.statement import read_all_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from volunteers.statement import Line

NOTICE_LASTS = timedelta(days=60)
DOSSIER_FIELDS = (
    "name",
    "name_bo",
    "name_mn",
    "gender",
    "birth_year",
    "birth_month",
    "phone",
    "estate",
    "door",
    "reported_in",
    "reported_in_date",
    "language",
    "state",
    "frozen_reason",
)


def _posting_words(volunteer: Volunteer, ids: Collection[int]) -> Mapping[int, Words]:
    records = ServiceRecord.objects.filter(volunteer=volunteer, posting__in=ids)
    words: dict[int | None, Words] = {
        record.posting_id: Words(
            title=record.title,
            detail=record.place,
            day=record.service_date,
            icon=record.rule_version.rule.symbol,
            tone="lit" if record.origin == ServiceRecord.Origin.WISH else "plus",
        )
        for record in records.select_related("rule_version__rule")
    }
    opening = OpeningBalance.objects.filter(volunteer=volunteer, posting__in=ids).first()
    if opening:
        words[opening.posting_id] = Words(
            title=_("从纸质手册转来"), detail=opening.vouched_by, day=opening.balance_date
        )
    return {posting: found for posting, found in words.items() if posting is not None}


def _notices(volunteer: Volunteer, at: datetime) -> Sequence[Notice]:
    since = at - NOTICE_LASTS
    records = ServiceRecord.objects.filter(volunteer=volunteer).filter(
        Q(decided_at__gt=since) | Q(voided_at__gt=since),
        state__in=[ServiceRecord.State.DECLINED, ServiceRecord.State.VOIDED],
    )
    notices = [_service_notice(record) for record in records]
    replaced = MemberCard.objects.filter(volunteer=volunteer, revoked_at__gt=since)
    notices += [
        Notice(text=_("您的手册卡换了新的，旧卡不能再用。"), at=card.revoked_at)
        for card in replaced
        if card.revoked_at
    ]
    access = getattr(volunteer, "access", None)
    if access and access.pin_version > 1 and access.changed_at > since:
        words = _("您的密码改过了。不是您自己改的，请马上告诉社区。")
        notices.append(Notice(text=words, at=access.changed_at, url=reverse("mine:account")))
    return notices


def _service_notice(record: ServiceRecord) -> Notice:
    if record.voided_at:
        words = _("“%(title)s”的 %(points)d 分更正了：%(reason)s")
    else:
        words = _("“%(title)s”没有记上：%(reason)s")
    reason = record.void_reason or record.decline_reason or _("请到社区问一问")
    facts = {"title": record.title, "points": record.points, "reason": reason}
    at = record.voided_at or record.decided_at or record.submitted_at
    return Notice(text=words % facts, at=at, kind="hold")


def _own_data(volunteer: Volunteer) -> Sequence[OwnData]:
    return [
        OwnData(_("档案"), [_dossier(volunteer)]),
        OwnData(_("手册卡"), [_card(card) for card in volunteer.cards.order_by("issued_at")]),
        OwnData(
            _("服务记录"),
            [_service(record) for record in volunteer.service_records.order_by("service_date")],
        ),
        OwnData(_("积分明细"), [_movement(line) for line in read_all_lines(volunteer)]),
        OwnData(_("登录"), _sign_in(volunteer)),
    ]


def _dossier(volunteer: Volunteer) -> list[tuple[str, str]]:
    fields = [
        (str(field.verbose_name), _shown(volunteer, field.name))
        for field in Volunteer._meta.fields
        if field.name in DOSSIER_FIELDS
    ]
    return [
        (_("手册号"), volunteer.handbook_number),
        *fields,
        (_("户"), str(volunteer.household or "")),
        (_("单位"), str(volunteer.unit or "")),
        (_("办手册的时间"), _moment(volunteer.created_at)),
    ]


def _card(card: MemberCard) -> list[tuple[str, str]]:
    return [
        (_("卡号"), card.barcode),
        (_("发卡时间"), _moment(card.issued_at)),
        (_("停用时间"), _moment(card.revoked_at)),
    ]


def _service(record: ServiceRecord) -> list[tuple[str, str]]:
    return [
        (_("日期"), _day(record.service_date)),
        (_("活动名称"), record.title),
        (_("地点"), record.place),
        (_("服务内容"), record.content),
        (_("分钟"), str(record.minutes)),
        (_("劳动强度"), record.get_intensity_display()),
        (_("积分"), str(record.points)),
        (_("状态"), record.get_state_display()),
        (_("组织单位"), record.organiser),
        (_("负责人"), record.person_in_charge),
        (_("证明人"), record.vouched_by),
        (_("说明"), record.void_reason or record.decline_reason),
    ]


def _movement(line: Line) -> list[tuple[str, str]]:
    return [
        (_("日期"), _day(line.day)),
        (_("事由"), line.title),
        (_("说明"), line.detail),
        (_("积分"), str(line.points)),
        (_("余额"), str(line.after)),
    ]


def _sign_in(volunteer: Volunteer) -> list[list[tuple[str, str]]]:
    access = getattr(volunteer, "access", None)
    return [[(_("最近一次改密码"), _moment(access.changed_at))]] if access else []


def _shown(volunteer: Volunteer, name: str) -> str:
    """Return a field as the resident reads it: a choice by its label, a yes in words."""
    if display := getattr(volunteer, f"get_{name}_display", None):
        return str(display())
    value = getattr(volunteer, name)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "reported_in_date":
        return _day(value)
    return "" if value is None else str(value)


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i", use_l10n=False) if at else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


PART = Part(name="volunteers", posting_words=_posting_words, notices=_notices, own_data=_own_data)
