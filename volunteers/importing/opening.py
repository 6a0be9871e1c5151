"""期初积分: what the paper books say on the day of cut-over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from points_store.text import normalise_line
from volunteers.importing import cells
from volunteers.importing.people_index import PeopleIndex
from volunteers.importing.plan import Context, ImportKind, Line, Outcome, Plan
from volunteers.importing.roster import COLUMNS as ROSTER_COLUMNS
from volunteers.importing.table import Column, Table
from volunteers.importing.whose import whose
from volunteers.models import ImportedFile, OpeningBalance, ServiceRecord
from volunteers.operations.openings import enter_opening_balances

if TYPE_CHECKING:
    from volunteers.models import Volunteer

_PLACES = {column.name: column for column in ROSTER_COLUMNS}
COLUMNS = (
    _PLACES["name"],
    _PLACES["estate"],
    _PLACES["door"],
    _PLACES["address"],
    Column(
        "points",
        gettext_lazy("期初积分"),
        ("积分", "期初积分", "现有积分", "余额", "剩余积分", "积分余额", "累计积分", "结余"),
        True,
    ),
)


def plan_opening(table: Table, context: Context) -> Plan:
    """Decide for each row whose points they are; a person has one opening balance, ever."""
    plan = Plan()
    index = PeopleIndex(context.community)
    entered = _entered(context)
    for row in table.rows:
        line = Line(row, normalise_line(row["name"]), Outcome.CREATE)
        plan.lines.append(line)
        try:
            points = cells.whole_of(row["points"])
        except cells.Unclear as unclear:
            line.outcome = Outcome.PROBLEM
            line.says.append(str(unclear.words))
            continue
        person = whose(plan, index, line, context)
        if person is not None:
            _weigh(plan, line, person, points, entered)
    _warn_of_history(plan)
    return plan


def _entered(context: Context) -> dict[int, int]:
    balances = OpeningBalance.objects.filter(volunteer__community=context.community).exclude(
        state=OpeningBalance.State.DECLINED
    )
    return dict(balances.values_list("volunteer_id", "points"))


def _weigh(
    plan: Plan,
    line: Line,
    person: Volunteer,
    points: int,
    entered: dict[int, int],
) -> None:
    line.subject = f"{person.name} · {person.address}"
    line.says.append(_("%(points)d 分") % {"points": points})
    if any(volunteer_id == person.pk for volunteer_id, _points in plan.work):
        line.outcome = Outcome.PROBLEM
        line.says.append(_("前面已有一行是同一个人，请核对"))
    elif person.pk in entered:
        line.outcome = Outcome.MATCH
        line.says.append(
            _("已经记过期初积分")
            if entered[person.pk] == points
            else _("已经记过期初积分 %(points)d 分，没有改") % {"points": entered[person.pk]}
        )
    elif points == 0:
        line.outcome = Outcome.SKIP
        line.says.append(_("0 分不用记"))
    else:
        plan.work.append((person.pk, points))


def _warn_of_history(plan: Plan) -> None:
    count = (
        ServiceRecord.objects.filter(
            volunteer__in=[volunteer_id for volunteer_id, _points in plan.work],
            origin=ServiceRecord.Origin.IMPORT,
            state__in=[ServiceRecord.State.SUBMITTED, ServiceRecord.State.CONFIRMED],
        )
        .values("volunteer")
        .distinct()
        .count()
    )
    if count:
        plan.warnings.append(
            _(
                "有 %(count)d 人已导入过以前的服务。纸质手册的积分里如果已经含了那些服务，"
                "再记期初就算了两遍。"
            )
            % {"count": count}
        )


def apply_opening(plan: Plan, context: Context) -> None:
    """Enter the balances; a second person signs them off."""
    if plan.work:
        enter_opening_balances(
            community=context.community,
            points=dict(plan.work),
            balance_date=date.fromisoformat(context.options["balance_date"]),
            vouched_by=context.options["vouched_by"],
            by=context.by,
            at=context.at,
        )


OPENING = ImportKind(
    slug=ImportedFile.Kind.OPENING,
    label=gettext_lazy("期初积分"),
    hint=gettext_lazy("纸质手册上的积分：姓名、门牌、积分"),
    icon="book",
    columns=COLUMNS,
    plan=plan_opening,
    apply=apply_opening,
    options=("vouched_by", "balance_date"),
    after="imports:openings",
)
