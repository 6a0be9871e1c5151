"""Finding the table in a sheet: its header by synonyms, its rows without banners and totals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from points_store.text import normalise_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise

    from points_store.sheets import Sheet

HEADER_WITHIN = 30  # rows from the top
_TOTAL = re.compile(r"^(合计|总计|小计|共计|累计|总数|合計)")
_BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
_NOISE = re.compile(r"[\s*＊:：、.。_/\\-]+")
_PRIVATE = (
    (re.compile(r"身份证|证件|公民身份"), _("办手册用不着证件号码")),
    (re.compile(r"备注|说明|附注|情况"), _("这一栏常写健康和家境，不该进系统")),
    (re.compile(r"民族|宗教|信仰"), _("系统不记民族和信仰")),
    (re.compile(r"残疾|健康|疾病|病|低保|贫困|收入|困难"), _("健康和家境不该进系统")),
    (re.compile(r"银行|卡号|账号"), _("积分不是钱，用不着账号")),
    (re.compile(r"政治面貌|学历|文化程度|婚姻|年龄"), _("办手册用不着，够用就好")),
)
_COUNTER = re.compile(r"^(序号|编号|号|no|行号)$")


@dataclass(frozen=True)
class Column:
    """A column that is read: its name in the code, its words on the page, its other names."""

    name: str
    label: Promise
    synonyms: tuple[str, ...]
    is_required: bool = False


@dataclass(frozen=True)
class Row:
    """A row of the file with the cells that are read, by column name."""

    sheet: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass
class Table:
    """What was found: rows to look at, lines that are none, columns that are not kept."""

    rows: list[Row] = field(default_factory=list)
    passed_over: list[tuple[str, int, str]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


class NoSuchTable(Exception):
    """No sheet has a header with all that is needed; `missing` are the words of the best one."""

    def __init__(self, missing: Sequence[Promise]) -> None:
        super().__init__(missing)
        self.missing = missing


def header_key(cell: str) -> str:
    """Return a heading without its brackets, spaces and marks: `时长(小时)` is `时长`."""
    return _NOISE.sub("", _BRACKETS.sub("", normalise_line(cell))).casefold()


def find_table(sheets: Sequence[Sheet], columns: Sequence[Column]) -> Table:
    """Read every sheet that has the header. Raises NoSuchTable."""
    table = Table()
    nearest: list[Column] = [column for column in columns if column.is_required]
    found_any = False
    for sheet in sheets:
        place, missing = _header(sheet, columns)
        if place is None:
            nearest = min(nearest, missing, key=len)
            continue
        found_any = True
        _read(sheet, place, columns, table)
    if not found_any:
        raise NoSuchTable([column.label for column in nearest])
    return table


def match_columns(cells: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Return the index of each column in a row of headings; the first of two equal ones counts."""
    keys = [header_key(cell) for cell in cells]
    found: dict[str, int] = {}
    for column in columns:
        for synonym in column.synonyms:
            if synonym in keys and keys.index(synonym) not in found.values():
                found[column.name] = keys.index(synonym)
                break
    return found


def _header(sheet: Sheet, columns: Sequence[Column]) -> tuple[int | None, list[Column]]:
    best = [column for column in columns if column.is_required]
    for index, cells in enumerate(sheet.rows[:HEADER_WITHIN]):
        found = match_columns(cells, columns)
        missing = [c for c in columns if c.is_required and c.name not in found]
        if not missing:
            return index, []
        best = min(best, missing, key=len)
    return None, best


def _read(sheet: Sheet, header: int, columns: Sequence[Column], table: Table) -> None:
    headings = sheet.rows[header]
    places = match_columns(headings, columns)
    for name, index in places.items():
        table.headers.setdefault(name, headings[index])
    words = {column.name: str(column.label) for column in columns}
    table.read += [
        f"{headings[index]} → {words[name]}" if headings[index] != words[name] else headings[index]
        for name, index in places.items()
        if headings[index] not in {text.split(" → ")[0] for text in table.read}
    ]
    for index, heading in enumerate(headings):
        known = {text for text, _why in table.dropped}
        if heading and index not in places.values() and heading not in known:
            table.dropped.append((heading, str(_why_dropped(heading))))
    for number, cells in enumerate(sheet.rows[header + 1 :], start=header + 2):
        if not any(cells):
            continue
        kept = {name: cells[i] for name, i in places.items() if i < len(cells) and cells[i]}
        lead = next(cell for cell in cells if cell)
        if _TOTAL.match(re.sub(r"\s", "", lead)):
            table.passed_over.append((sheet.name, number, str(_("合计行，不用导入"))))
        elif match_columns(cells, columns) == places:
            table.passed_over.append((sheet.name, number, str(_("又一行表头，不用导入"))))
        elif kept:
            table.rows.append(Row(sheet.name, number, kept))
        else:
            table.passed_over.append((sheet.name, number, str(_("要用的栏都是空的"))))


def _why_dropped(heading: str) -> str | Promise:
    key = header_key(heading)
    if _COUNTER.match(key):
        return _("编号由系统排")
    for pattern, why in _PRIVATE:
        if pattern.search(key):
            return why
    return _("系统里没有这一栏，用不着")
