"""The sheet behind the logging page: an occasion, rows, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from volunteers.forms.desk import OccasionForm, Row, hours_text, rows_of
from volunteers.models import LogDraft, PointsRule, ServiceRecord, Volunteer
from volunteers.models.service import MINUTES_A_DAY
from volunteers.operations.recording import (
    LinePreview,
    Occasion,
    ServiceLine,
    preview_lines,
)
from volunteers.refusals import RuleNotInForce

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from points_store.http import StaffRequest
    from volunteers.matching import Match
    from volunteers.models import Community

OCCASION_FIELDS = (
    "rule", "title", "service_date", "place", "hours", "intensity", "person_in_charge", "content",
)  # fmt: skip


@dataclass
class Line:
    """A row with the people it may mean and what it earns, ready for the page."""

    row: Row
    volunteer: Volunteer | None
    candidates: list[Volunteer] = field(default_factory=list)
    points: int | None = None
    note: str = ""
    kind: str = ""
    is_twice: bool = False


@dataclass
class Sheet:
    """Everything on the logging page."""

    key: UUID
    form: OccasionForm
    lines: list[Line]
    points: int = 0
    minutes: int = 0

    @property
    def people(self) -> int:
        return len(self.lines)

    @property
    def hours(self) -> str:
        return hours_text(self.minutes)

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.kind]

    @property
    def kept_fields(self) -> list[tuple[str, str]]:
        """The page's own fields by name, to carry along while a list is pasted."""
        kept = [(name, str(self.form.data.get(name, ""))) for name in OCCASION_FIELDS]
        for row in (line.row for line in self.lines):
            kept += [
                ("row", row.name),
                (f"text-{row.name}", row.text),
                (f"volunteer-{row.name}", str(row.volunteer_id or "")),
                (f"hours-{row.name}", row.hours),
                (f"intensity-{row.name}", row.intensity),
                (f"candidates-{row.name}", ",".join(map(str, row.candidate_ids))),
            ]
        return kept

    @property
    def is_ready(self) -> bool:
        """Whether every row names a person and a time, and nobody is listed twice.

        Who was recorded before is for the operation to refuse: a page sent again is not a repeat.
        """
        return bool(self.lines) and all(
            line.volunteer and not line.row.error and not line.is_twice for line in self.lines
        )

    def occasion(self) -> Occasion:
        """Return the occasion of a valid form; the rule's name stands in for an empty title."""
        data = self.form.cleaned_data
        rule: PointsRule = data["rule"]
        return Occasion(
            rule=rule,
            title=data["title"] or rule.name,
            service_date=data["service_date"],
            place=data["place"],
            content=data["content"],
            organiser=rule.community.official_name,
            person_in_charge=data["person_in_charge"],
        )

    def service_lines(self) -> list[ServiceLine]:
        """Return the rows that name a person and a time."""
        return [
            ServiceLine(line.volunteer.pk, line.row.minutes, line.row.intensity)
            for line in self.lines
            if line.volunteer and line.row.minutes and not line.row.error
        ]


def sheet_from_post(request: StaffRequest, key: UUID) -> Sheet:
    """Return what the page sent, checked and counted."""
    form = OccasionForm(request.POST, community=request.community)
    return _counted(request.community, key, form, rows_of(request.POST))


def sheet_from_draft(community: Community, draft: LogDraft) -> Sheet:
    """Return what a draft kept, checked and counted."""
    form = OccasionForm(draft.content.get("occasion", {}), community=community)
    rows = [
        Row.from_json(f"{number}", kept)
        for number, kept in enumerate(draft.content.get("rows", []), start=1)
    ]
    return _counted(community, draft.key, form, rows)


def empty_sheet(request: StaffRequest, key: UUID) -> Sheet:
    """Return a fresh page: today, ninety minutes, light work."""
    initial = {
        "service_date": timezone.localdate(),
        "hours": "1.5",
        "intensity": ServiceRecord.Intensity.LIGHT,
        "person_in_charge": request.user.name,
    }
    form = OccasionForm(initial=initial, community=request.community)
    return Sheet(key=key, form=form, lines=[])


def keep_draft(request: StaffRequest, sheet: Sheet, rows: Iterable[Row] | None = None) -> LogDraft:
    """Save the page under its key; only its own author ever writes to it."""
    data = sheet.form.data
    kept = rows if rows is not None else (line.row for line in sheet.lines)
    # PostgreSQL keeps no NUL in JSON; the form has refused it already.
    occasion = {name: data.get(name, "").replace("\0", "") for name in OCCASION_FIELDS}
    draft, _is_new = LogDraft.objects.update_or_create(
        key=sheet.key,
        user=request.user,
        community=request.community,
        defaults={
            "content": {
                "title": occasion["title"] or _rule_name(sheet),
                "occasion": occasion,
                "rows": [row.as_json() for row in kept],
            },
            "saved_at": timezone.now(),
        },
    )
    return draft


def row_of(match: Match, name: str, data: Mapping[str, Any]) -> Row:
    """Return a new row for a matched entry, with the page's hours and intensity."""
    return Row(
        name=name,
        text=match.entry.name or match.entry.source,
        volunteer_id=match.volunteer.pk if match.volunteer else None,
        hours=str(data.get("hours", ""))[:20],
        intensity=str(data.get("intensity", ""))[:10],
        candidate_ids=[one.pk for one in match.candidates],
    )


def _rule_name(sheet: Sheet) -> str:
    rule = sheet.form.cleaned_data.get("rule") if sheet.form.is_valid() else None
    return rule.name if rule else ""


def _counted(community: Community, key: UUID, form: OccasionForm, rows: Sequence[Row]) -> Sheet:
    lines = _with_people(community, rows)
    sheet = Sheet(key=key, form=form, lines=lines)
    seen: dict[int, int] = {}
    for number, line in enumerate(lines, start=1):
        line.row.check()
        if line.volunteer and line.volunteer.pk in seen:
            first = seen[line.volunteer.pk]
            line.is_twice, line.kind = True, "bad"
            line.note = _("和第 %(row)d 行重复，请移除") % {"row": first}
        elif line.row.error:
            line.kind = "warn"
            many = len(line.candidates)
            line.note = _("同名 %(many)d 位") % {"many": many} if many > 1 else line.row.error
        if line.volunteer:
            seen.setdefault(line.volunteer.pk, number)
    _price(community, sheet)
    return sheet


def _with_people(community: Community, rows: Sequence[Row]) -> list[Line]:
    ids = {row.volunteer_id for row in rows} | {pk for row in rows for pk in row.candidate_ids}
    people = Volunteer.objects.of(community).active().in_bulk([pk for pk in ids if pk])
    return [
        Line(
            row=row,
            volunteer=people.get(row.volunteer_id or 0),
            candidates=[people[pk] for pk in row.candidate_ids if pk in people],
        )
        for row in rows
    ]


def _price(community: Community, sheet: Sheet) -> None:
    """Fill in each line's points as the operation would reckon them now."""
    countable = [line for line in sheet.lines if line.volunteer and not line.row.error]
    if not sheet.form.is_valid() or not countable:
        return
    try:
        previews = preview_lines(
            community=community, occasion=sheet.occasion(), lines=sheet.service_lines()
        )
    except RuleNotInForce:
        sheet.form.add_error("service_date", _("这一天还没有这个项目的积分标准。"))
        return
    for line, preview in zip(countable, previews, strict=True):
        if line.kind != "bad":
            _price_line(sheet, line, preview)


def _price_line(sheet: Sheet, line: Line, preview: LinePreview) -> None:
    minutes = line.row.minutes or 0
    if preview.is_repeat:
        line.kind, line.note = "bad", _("今天已登记过同一活动，请移除")
    elif preview.minutes_that_day + minutes > MINUTES_A_DAY:
        line.kind, line.note = "bad", _("这一天加起来超过 24 小时，请看一下时长")
    else:
        line.points = preview.calculation.points
        sheet.points += line.points
        sheet.minutes += minutes
        if line.points < preview.calculation.before_caps:
            line.note = _("到上限了，原为 %(points)d 分") % {
                "points": preview.calculation.before_caps
            }
        elif preview.minutes_that_day and not line.kind:
            line.note = _("当天另有 %(hours)s 小时，请看是否重复") % {
                "hours": hours_text(preview.minutes_that_day)
            }
