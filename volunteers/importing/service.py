"""服务登记表: old service, line by line, to be confirmed as one batch."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from points_store.text import name_key, normalise_line
from volunteers.importing import cells
from volunteers.importing.people_index import PeopleIndex
from volunteers.importing.plan import SKIP, Context, ImportKind, Line, Outcome, Plan
from volunteers.importing.roster import COLUMNS as ROSTER_COLUMNS
from volunteers.importing.table import Column, Row, Table, header_key
from volunteers.importing.whose import whose
from volunteers.models import ImportedFile, OpeningBalance, PointsRuleVersion, ServiceRecord
from volunteers.operations.importing import HistoryLine, history_points, import_history

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from volunteers.models import Community, PointsRule

TITLE_LETTERS = 100
TWICE = "twice"  # an answer: it really happened another time
STANDING = [ServiceRecord.State.SUBMITTED, ServiceRecord.State.CONFIRMED]
_PLACES = {column.name: column for column in ROSTER_COLUMNS}
COLUMNS = (
    Column(
        "date",
        gettext_lazy("日期"),
        ("日期", "服务日期", "活动日期", "时间", "活动时间", "服务时间"),
        True,
    ),
    Column(
        "title",
        gettext_lazy("活动名称"),
        ("活动名称", "活动", "项目", "服务项目", "积分项目", "服务名称", "内容", "服务内容"),
        True,
    ),
    Column("place", gettext_lazy("地点"), ("地点", "活动地点", "服务地点")),
    _PLACES["name"],
    _PLACES["estate"],
    _PLACES["door"],
    _PLACES["address"],
    Column(
        "time",
        gettext_lazy("时长"),
        ("时长", "服务时长", "小时", "小时数", "工时", "分钟", "分钟数", "服务小时"),
        True,
    ),
    Column("intensity", gettext_lazy("劳动强度"), ("劳动强度", "强度")),
)


@dataclass
class RuleBook:
    """The rules of a community and which version of each holds on a day."""

    by_name: dict[str, PointsRule]
    versions: dict[int, list[PointsRuleVersion]]

    @classmethod
    def of(cls, community: Community) -> RuleBook:
        versions: dict[int, list[PointsRuleVersion]] = defaultdict(list)
        by_name: dict[str, PointsRule] = {}
        for version in (
            PointsRuleVersion.objects.filter(rule__community=community)
            .select_related("rule")
            .order_by("-valid_from_date", "-id")
        ):
            versions[version.rule_id].append(version)
            by_name[_title_key(version.rule.name)] = version.rule
        return cls(by_name, versions)

    def on(self, rule_id: int, day: date) -> PointsRuleVersion | None:
        return next((v for v in self.versions[rule_id] if v.valid_from_date <= day), None)


class Known:
    """The rules of a community, and what is already recorded for the people of a file."""

    def __init__(self, community: Community, volunteer_ids: Iterable[int]) -> None:
        self.book = RuleBook.of(community)
        self.by_key: dict[str, ServiceRecord] = {}
        self.entered: set[tuple[int, date, str]] = set()
        self.imported: set[tuple[int, date, str]] = set()
        records = ServiceRecord.objects.of(community).filter(
            volunteer__in=set(volunteer_ids), state__in=STANDING
        )
        for record in records:
            act = (record.volunteer_id, record.service_date, _title_key(record.title))
            if record.import_key:
                self.by_key[record.import_key] = record
                self.imported.add(act)
            else:
                self.entered.add(act)


@dataclass(frozen=True)
class _Deed:
    line: Line
    volunteer_id: int
    title: str
    day: date
    minutes: int
    intensity: str
    place: str


def plan_service(table: Table, context: Context) -> Plan:
    """Decide for each row: to be confirmed, imported before, or what keeps it out."""
    plan = Plan()
    index = PeopleIndex(context.community)
    in_minutes = "分" in header_key(table.headers.get("time", "")) or "分钟" in table.headers.get(
        "time", ""
    )
    deeds = [
        deed
        for row in table.rows
        if (deed := _deed(plan, index, row, context, in_minutes=in_minutes)) is not None
    ]
    known = Known(context.community, (deed.volunteer_id for deed in deeds))
    ordinals: Counter[tuple[int, date, str, str]] = Counter()
    for deed in deeds:
        same = (deed.volunteer_id, deed.day, _title_key(deed.title), deed.place)
        ordinals[same] += 1
        _weigh(plan, deed, _key(same, ordinals[same]), known, context, nth=ordinals[same])
    _warn_of_openings(plan, [work.volunteer_id for work in plan.work])
    return plan


def _deed(
    plan: Plan, index: PeopleIndex, row: Row, context: Context, *, in_minutes: bool
) -> _Deed | None:
    line = Line(row, "", Outcome.CREATE)
    plan.lines.append(line)
    try:
        title = cells.plain(row["title"])[:TITLE_LETTERS]
        day = cells.day_of(row["date"])
        minutes = cells.minutes_of(row["time"], in_minutes=in_minutes)
        intensity = cells.intensity_of(row["intensity"])
        place = cells.plain(row["place"])[:TITLE_LETTERS]
        _check(title, day, context)
    except cells.Unclear as unclear:
        line.subject = normalise_line(row["name"])
        line.outcome = Outcome.PROBLEM
        line.says.append(str(unclear.words))
        return None
    person = whose(plan, index, line, context)
    if person is None:
        return None
    line.subject = f"{line.subject} · {day.isoformat()} · {title}"
    return _Deed(line, person.pk, title, day, minutes, intensity, place)


def _check(title: str, day: date, context: Context) -> None:
    if not title:
        raise cells.Unclear(_("没有活动名称"))
    if day > timezone.localtime(context.at).date():
        raise cells.Unclear(_("日期还没有到"))


def _weigh(plan: Plan, deed: _Deed, key: str, known: Known, context: Context, *, nth: int) -> None:
    line = deed.line
    if record := known.by_key.get(key):
        line.outcome = Outcome.MATCH
        line.says.append(_("已经导入过"))
        if (record.minutes, record.intensity) != (deed.minutes, deed.intensity):
            line.says.append(_("时长或强度和那次不同，没有改；要改请走更正"))
        return
    if (deed.volunteer_id, deed.day, _title_key(deed.title)) in known.entered:
        line.outcome = Outcome.SKIP
        line.says.append(_("这一天这个项目已在系统里登记过"))
        return
    version = _version(plan, deed, known.book, context)
    if version is None or not _is_another(plan, deed, known, context, nth=nth):
        return
    history = HistoryLine(
        volunteer_id=deed.volunteer_id,
        version=version,
        title=deed.title,
        service_date=deed.day,
        minutes=deed.minutes,
        intensity=deed.intensity,
        place=deed.place,
        content=version.rule.name,
        import_key=key,
    )
    points = history_points(context.community, history).points
    line.says.append(
        _("%(minutes)d 分钟，%(points)d 分") % {"minutes": deed.minutes, "points": points}
    )
    plan.work.append(history)


def _is_another(plan: Plan, deed: _Deed, known: Known, context: Context, *, nth: int) -> bool:
    """Ask whether a line that looks like one before it happened another time; else count it."""
    row = deed.line.row
    if nth > 1:
        text = _("第 %(row)d 行和前面一行同人、同日、同活动、同地点，确实是又一次吗？")
        why = _("和前面一行一样，先只记一次")
    elif (deed.volunteer_id, deed.day, _title_key(deed.title)) in known.imported:
        text = _("第 %(row)d 行的人这天这个活动已经导入过，地点不同，确实是又一次吗？")
        why = _("这天这个活动已经导入过，地点不同")
    else:
        return True
    choices = [(SKIP, str(_("不是，不再记"))), (TWICE, str(_("是，再记一次")))]
    key = f"again{row.sheet}/{row.number}"
    if plan.ask(key, text % {"row": row.number}, choices, row.number, context) == TWICE:
        return True
    deed.line.outcome = Outcome.ASK
    deed.line.says.append(why)
    return False


def _version(plan: Plan, deed: _Deed, book: RuleBook, context: Context) -> PointsRuleVersion | None:
    """Return the standard of the day, by the title or by what the office answered."""
    rule = book.by_name.get(_title_key(deed.title))
    if rule is None:
        rules = list(book.by_name.values())
        choices = [(SKIP, str(_("先不导入"))), *((f"p{one.pk}", one.name) for one in rules)]
        text = _("“%(title)s”按哪个积分项目算？") % {"title": deed.title}
        answer = plan.ask(
            f"rule{_title_key(deed.title)}", text, choices, deed.line.row.number, context
        )
        rule = next((one for one in rules if f"p{one.pk}" == answer), None)
    if rule is None:
        deed.line.outcome = Outcome.ASK
        deed.line.says.append(_("没有这个积分项目，算不出积分"))
        return None
    version = book.on(rule.pk, deed.day)
    if version is None:
        deed.line.outcome = Outcome.PROBLEM
        deed.line.says.append(_("那一天还没有这个项目的标准，算不出积分"))
    return version


def _title_key(title: str) -> str:
    return name_key(title.replace("(", "（").replace(")", "）"))


def _key(same: tuple[int, date, str, str], ordinal: int) -> str:
    volunteer_id, day, title, place = same
    text = f"{volunteer_id}\n{day.isoformat()}\n{title}\n{place}\n{ordinal}"
    return hashlib.sha256(text.encode()).hexdigest()


def _warn_of_openings(plan: Plan, volunteer_ids: Iterable[int]) -> None:
    both = OpeningBalance.objects.filter(volunteer__in=set(volunteer_ids)).exclude(
        state=OpeningBalance.State.DECLINED
    )
    if count := both.count():
        plan.warnings.append(
            _(
                "有 %(count)d 人已记了期初积分。纸质手册的积分里如果已经含了这些服务，"
                "再导入就算了两遍。"
            )
            % {"count": count}
        )


def apply_service(plan: Plan, context: Context) -> None:
    """Enter the lines as one imported batch, which waits for a second person."""
    if plan.work:
        import_history(
            community=context.community,
            lines=plan.work,
            vouched_by=context.options["vouched_by"],
            by=context.by,
            at=context.at,
        )


SERVICE = ImportKind(
    slug=ImportedFile.Kind.SERVICE,
    label=gettext_lazy("服务登记表"),
    hint=gettext_lazy("以前的志愿服务：谁、哪天、什么活动、多长时间"),
    icon="review",
    columns=COLUMNS,
    plan=plan_service,
    apply=apply_service,
    options=("vouched_by",),
    after="imports:start",
)
