"""物品清单: goods with their points, barcodes and stock, for the import page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from points_store.text import name_key, normalise_line
from rewards.models import Barcode, Reward
from rewards.models.shelf import MAX_QUANTITY
from rewards.operations.importing import NewReward, import_rewards
from volunteers.importing import cells
from volunteers.importing.plan import Context, ImportKind, Line, Outcome, Plan
from volunteers.importing.table import Column, Row, Table
from volunteers.models import ImportedFile

if TYPE_CHECKING:
    from volunteers.models import Community

NAME_LETTERS = 60
MEASURE_LETTERS = 10
COLUMNS = (
    Column(
        "name",
        gettext_lazy("物品名称"),
        ("物品名称", "物品", "名称", "品名", "商品", "商品名称"),
        True,
    ),
    Column(
        "price",
        gettext_lazy("兑换积分"),
        ("兑换积分", "积分", "所需积分", "兑换分值", "分值"),
        True,
    ),
    Column("cost", gettext_lazy("采购价"), ("采购价", "单价", "价格", "进价", "价值")),
    Column("stock", gettext_lazy("库存"), ("库存", "数量", "库存数量", "现有数量", "件数")),
    Column("measure", gettext_lazy("单位"), ("单位", "计量单位")),
    Column("code", gettext_lazy("条形码"), ("条形码", "条码", "商品条码", "barcode")),
)


class _Shelf:
    """What the shop has, by name and by barcode; rows of the file are added as they come."""

    def __init__(self, community: Community) -> None:
        rewards = list(Reward.objects.filter(community=community))
        self.by_name: dict[str, Reward | int] = {name_key(one.name): one for one in rewards}
        codes = Barcode.objects.filter(community=community).select_related("reward")
        self.by_code: dict[str, Reward | int] = {code.code: code.reward for code in codes}

    def find(self, new: NewReward) -> Reward | int | None:
        return self.by_code.get(new.code) or self.by_name.get(name_key(new.name))

    def add(self, new: NewReward, row: int) -> None:
        self.by_name[name_key(new.name)] = row
        if new.code:
            self.by_code[new.code] = row


def plan_rewards(table: Table, context: Context) -> Plan:
    """Decide for each row: new on the shelf, or there already by barcode or name."""
    plan = Plan()
    shelf = _Shelf(context.community)
    for row in table.rows:
        line = Line(row, normalise_line(row["name"])[:NAME_LETTERS], Outcome.CREATE)
        plan.lines.append(line)
        try:
            new = _reward(row, line)
        except cells.Unclear as unclear:
            line.outcome = Outcome.PROBLEM
            line.says.append(str(unclear.words))
            continue
        known = shelf.find(new)
        if known is None:
            shelf.add(new, row.number)
            line.says.append(
                _("%(points)d 分，库存 %(stock)d")
                % {"points": new.price_points, "stock": new.stock}
            )
            plan.work.append(new)
        elif isinstance(known, int):
            line.outcome = Outcome.SKIP
            line.says.append(_("和第 %(row)d 行是同一样物品") % {"row": known})
        else:
            line.outcome = Outcome.MATCH
            line.says.append(_("货架上已有，库存和积分都不改"))
            if known.price_points != new.price_points:
                line.says.append(
                    _("现在是 %(now)d 分，表里是 %(here)d 分")
                    % {"now": known.price_points, "here": new.price_points}
                )
    return plan


def _reward(row: Row, line: Line) -> NewReward:
    name = cells.plain(row["name"])
    if not name:
        raise cells.Unclear(_("没有物品名称"))
    if len(name) > NAME_LETTERS:
        raise cells.Unclear(_("物品名称太长，最多 60 个字"))
    price = cells.whole_of(row["price"])
    if price == 0:
        raise cells.Unclear(_("兑换积分要大于 0"))
    return NewReward(
        name=name,
        price_points=price,
        cost_fen=_cost(row, line),
        measure=cells.plain(row["measure"])[:MEASURE_LETTERS],
        code=_code(row, line),
        stock=cells.whole_of(row["stock"], most=MAX_QUANTITY) if row["stock"] else 0,
    )


def _cost(row: Row, line: Line) -> int | None:
    try:
        return cells.fen_of(row["cost"])
    except cells.Unclear as unclear:
        line.says.append(str(unclear.words))
        return None


def _code(row: Row, line: Line) -> str:
    code = cells.plain(row["code"]).replace(" ", "")
    if code and not re.fullmatch(r"[0-9]{8,20}", code):
        line.says.append(_("条形码应该是 8 到 20 位数字，先空着"))
        return ""
    return code


def apply_rewards(plan: Plan, context: Context) -> None:
    """Put the new goods on the shelf."""
    import_rewards(community=context.community, rewards=plan.work, by=context.by, at=context.at)


REWARDS = ImportKind(
    slug=ImportedFile.Kind.REWARDS,
    label=gettext_lazy("物品清单"),
    hint=gettext_lazy("货架上的物品：名称、兑换积分、库存、条形码"),
    icon="stock",
    columns=COLUMNS,
    plan=plan_rewards,
    apply=apply_rewards,
    after="imports:start",
)
