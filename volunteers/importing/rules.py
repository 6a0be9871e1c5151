"""积分标准: what an act earns, from a day on."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from points_store.text import name_key, normalise_line
from volunteers.importing import cells
from volunteers.importing.plan import Context, ImportKind, Line, Outcome, Plan
from volunteers.importing.table import Column, Row, Table
from volunteers.models import ImportedFile, PointsRule, PointsRuleVersion
from volunteers.operations.importing import RuleStandard, import_rules

if TYPE_CHECKING:
    from volunteers.models import Community

RULE_LETTERS = 60
NOTE_LETTERS = 200
COLUMNS = (
    Column(
        "name",
        gettext_lazy("积分项目"),
        ("项目", "积分项目", "项目名称", "活动", "活动名称", "内容", "服务内容"),
        True,
    ),
    Column("standard", gettext_lazy("标准"), ("标准", "积分标准", "分值", "积分", "得分"), True),
    Column(
        "is_service",
        gettext_lazy("算志愿服务时长"),
        ("是否志愿服务", "志愿服务", "计时长", "是否计时长", "算志愿服务时长"),
    ),
    Column("note", gettext_lazy("说明"), ("说明", "备注", "要求")),
)
_FACTOR = re.compile(r"([轻中重])\s*[×xX*]\s*(\d)(?:\.(\d{1,2}))?")
_PERCENT_OF = {"轻": "light_percent", "中": "medium_percent", "重": "heavy_percent"}


def plan_rules(table: Table, context: Context) -> Plan:
    """Decide for each row: a new rule, a new version of a known one, or nothing new."""
    plan = Plan()
    start = date.fromisoformat(context.options["valid_from_date"])
    known = {
        name_key(rule.name): rule
        for rule in PointsRule.objects.filter(community=context.community).prefetch_related(
            "versions"
        )
    }
    seen: dict[str, int] = {}
    for row in table.rows:
        line = Line(row, normalise_line(row["name"])[:RULE_LETTERS], Outcome.CREATE)
        plan.lines.append(line)
        try:
            standard = _standard(row)
        except cells.Unclear as unclear:
            line.outcome = Outcome.PROBLEM
            line.says.append(str(unclear.words))
            continue
        key = name_key(standard.name)
        if key in seen:
            line.outcome = Outcome.SKIP
            line.says.append(_("和第 %(row)d 行是同一个项目") % {"row": seen[key]})
            continue
        seen[key] = row.number
        _weigh(plan, line, standard, known.get(key), start)
    _compare_factors(plan, table, context.community)
    return plan


def _weigh(
    plan: Plan, line: Line, standard: RuleStandard, rule: PointsRule | None, start: date
) -> None:
    figures = (standard.per_occasion_points, standard.per_hour_points)
    line.says.append(_figures(*figures))
    if rule is None:
        plan.work.append(standard)
        return
    versions: list[PointsRuleVersion] = list(rule.versions.all())  # the newest first
    held = next((one for one in versions if one.valid_from_date <= start), None)
    if held and (held.per_occasion_points, held.per_hour_points) == figures:
        line.outcome = Outcome.MATCH
        line.says.append(_("已有同样的标准"))
    elif held and held.valid_from_date == start:
        line.outcome = Outcome.PROBLEM
        line.says.append(_("这一天已有另一个标准，请换一个生效日期"))
    else:
        line.says.append(_("项目已有，从这一天起用新标准"))
        plan.work.append(RuleStandard(**{**standard.__dict__, "name": rule.name}))


def _figures(per_occasion: int, per_hour: int) -> str:
    parts = []
    if per_occasion:
        parts.append(_("每次 %(points)d 分") % {"points": per_occasion})
    if per_hour:
        parts.append(_("每小时 %(points)d 分") % {"points": per_hour})
    return "，".join(parts)


def _standard(row: Row) -> RuleStandard:
    name = cells.plain(row["name"])
    if not name:
        raise cells.Unclear(_("没有项目名称"))
    if len(name) > RULE_LETTERS:
        raise cells.Unclear(_("项目名称太长，最多 60 个字"))
    per_occasion, per_hour = cells.standard_of(row["standard"])
    return RuleStandard(
        name=name,
        counts_as_service=cells.yes_of(row["is_service"]) if row["is_service"] else True,
        per_occasion_points=per_occasion,
        per_hour_points=per_hour,
        note=normalise_line(row["note"])[:NOTE_LETTERS],
    )


def _compare_factors(plan: Plan, table: Table, community: Community) -> None:
    """Say where the table's factors of intensity are not the community's; settings stay."""
    differing = {
        f"{word}×{whole}{'.' + part if part else ''}"
        for row in table.rows
        for word, whole, part in _FACTOR.findall(row["note"])
        if int(whole) * 100 + int((part or "0").ljust(2, "0"))
        != getattr(community, _PERCENT_OF[word])
    }
    if differing:
        plan.warnings.append(
            _("表里的劳动强度系数 %(factors)s 和社区设置不同，设置没有改。")
            % {"factors": " ".join(sorted(differing))}
        )


def apply_rules(plan: Plan, context: Context) -> None:
    """Write the new rules and versions."""
    import_rules(
        community=context.community,
        standards=plan.work,
        valid_from_date=date.fromisoformat(context.options["valid_from_date"]),
    )


RULES = ImportKind(
    slug=ImportedFile.Kind.RULES,
    label=gettext_lazy("积分标准"),
    hint=gettext_lazy("每个项目每次或每小时积几分"),
    icon="log",
    columns=COLUMNS,
    plan=plan_rules,
    apply=apply_rules,
    options=("valid_from_date",),
    after="imports:start",
)
