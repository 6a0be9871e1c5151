"""Reads a pasted list of people: a WeChat 接龙, a column of Excel, names with 顿号 between them.

Pure text in, entries out; who each entry is, is asked of the roster afterwards (matching.py).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from points_store.text import normalise_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAX_ENTRIES = 500
_NUMBERED = re.compile(r"^\s*(?:\d{1,3})\s*[.、)）．:：]\s*(.*)$")
_PHONE = re.compile(r"(?<!\d)(1\d{2}[\d*]{4}\d{4})(?!\d)")
_CARD = re.compile(r"(?<!\d)(20\d{11})(?!\d)")
_DOOR = re.compile(r"\d+\s*(?:栋|号楼|幢)[\d\s栋单元号室楼-]*\d*(?:室|号)?")
_HINT = re.compile(r"[(（]([^)）]*)[)）]")
_BETWEEN = re.compile(r"[、,，;；\s\t/|]+")
_NOT_A_NAME = {
    "姓名",
    "名字",
    "序号",
    "电话",
    "小区",
    "住址",
    "合计",
    "备注",
    "接龙",
    "签名",
    "手机",
}
_MOST_NAME_CHARACTERS = 100


@dataclass(frozen=True)
class Entry:
    """One person as written: `line` counts from 1, `source` is what stood there."""

    line: int
    source: str
    name: str = ""
    phone: str = ""
    card: str = ""
    door: str = ""
    estate: str = ""


def read_roster(text: str, *, estates: Collection[str] = ()) -> list[Entry]:
    """Return the people of a pasted list in order, at most MAX_ENTRIES.

    In a numbered list only numbered lines are people: what stands before is the announcement.
    Full-width digits and letters count as half-width; empty numbers are left out.
    """
    lines = [
        (number, unicodedata.normalize("NFKC", line).replace("\u200b", ""))
        for number, line in enumerate(text.splitlines(), start=1)
    ]
    numbered = [(number, found[1]) for number, line in lines if (found := _NUMBERED.match(line))]
    chosen = numbered or [(number, line) for number, line in lines if not line.startswith("#")]
    entries: list[Entry] = []
    for number, line in chosen:
        entries.extend(_read_line(number, line, estates))
        if len(entries) >= MAX_ENTRIES:
            break
    return entries[:MAX_ENTRIES]


def _read_line(number: int, line: str, estates: Collection[str]) -> Iterator[Entry]:
    """Yield the people of one line; a phone or door belongs to the name it stands beside."""
    source = line.strip()
    phones, line = _take(_PHONE, line)
    cards, line = _take(_CARD, line)
    doors, line = _take(_DOOR, line)
    hints = [hint.strip() for hint in _HINT.findall(line)]
    line = _HINT.sub(" ", line)
    names: list[str] = []
    estate = next((hint for hint in hints if hint), "")
    for word in _BETWEEN.split(line):
        if word in estates:
            estate = word
        elif _is_name(word):
            names.append(normalise_name(word))
    if not names:
        if phones or cards:
            yield Entry(number, source, phone=_first(phones), card=_first(cards))
        return
    for place, name in enumerate(names):
        is_last = place == len(names) - 1
        yield Entry(
            line=number,
            source=source if len(names) == 1 else name,
            name=name,
            phone=_first(phones) if is_last else "",
            card=_first(cards) if is_last else "",
            door=re.sub(r"\s", "", _first(doors)) if is_last else "",
            estate=estate if is_last else "",
        )


def _take(pattern: re.Pattern[str], line: str) -> tuple[list[str], str]:
    return pattern.findall(line), pattern.sub(" ", line)


def _first(found: list[str]) -> str:
    return found[0] if found else ""


def _is_name(word: str) -> bool:
    """A name has a letter of some script and no digit; headings are not names."""
    return (
        word not in _NOT_A_NAME
        and len(word) <= _MOST_NAME_CHARACTERS
        and any(character.isalpha() for character in word)
        and not any(character.isdigit() for character in word)
    )
