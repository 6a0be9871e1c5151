"""What one cell of an office's table means. Pure functions on texts; what is unclear is said."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from points_store.text import fold_width, normalise_line, normalise_phone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise

MAX_POINTS = 1_000_000
MINUTES_A_DAY = 24 * 60
FIRST_YEAR = 1900
NOTHING = {"", "无", "没有", "暂无", "不详", "未知", "/", "-", "--", "—", "——", "0", "None"}
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIAL_DAY = range(10_000, 73_051)  # 1927 to 2099 as Excel counts days
_DIGITS = re.compile(r"\d+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})?\s*[日号]?)?")
_NUMERALS = str.maketrans("一二两三四五六七八九", "1223456789")
_BUILDING = re.compile(r"(?:号楼|栋|幢|座|楼|单元|室|号|门|户|#)+")
_ESTATE = re.compile(r"^(.*?(?:小区|新村|家园|花园|公寓|社区|苑|庄|院|村|巷|路|街))(?=.)")
_PER = re.compile(r"(\d+)\s*分?\s*(?:/|每|一)\s*(次|回|场|小时|钟头|时|h)", re.IGNORECASE)
_EACH = re.compile(r"每\s*(次|回|场|小时|钟头|时)\s*(?:加|得|计|积|奖)?\s*(\d+)\s*分?")
_HOUR_WORDS = {"小时", "钟头", "时", "h", "H"}
_INTENSITY = {
    "light": ("轻", "轻体力", "普通", "一般", "低", "小"),
    "medium": ("中", "中等", "中体力", "较重", "适中"),
    "heavy": ("重", "重体力", "高", "大", "繁重"),
}
_YES = {"是", "有", "√", "✓", "✔", "对", "y", "yes", "1", "true", "已报到", "双报到"}
_NO = {"否", "不是", "×", "✗", "n", "no", "false", "未报到"}


class Unclear(ValueError):
    """The cell cannot be read; `words` says so in a sentence."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(words)
        self.words = words


def plain(cell: str) -> str:
    """Return the text of a cell, cleaned; what stands for nothing is empty.

    Raises Unclear for a formula: its value is somebody else's calculation.
    """
    text = normalise_line(cell)
    if text.startswith("="):
        raise Unclear(_("这一格是公式，请改成数值"))
    return "" if text in NOTHING else text


def _day_parts(text: str) -> tuple[int, int | None, int | None] | None:
    if re.fullmatch(r"\d{5}", text) and int(text) in _SERIAL_DAY:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(text))
        return day.year, day.month, day.day
    if re.fullmatch(r"\d{8}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    if re.fullmatch(r"\d{6}", text):
        return int(text[:4]), int(text[4:]), None
    if year := re.fullmatch(r"(\d{4})\s*年?(?:生|出生)?", text):
        return int(year[1]), None, None
    if found := _DAY.match(text):
        return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    return None


def year_of(cell: str, *, this_year: int) -> int | None:
    """Return the year of birth in any of the usual styles; the day is not asked for.

    `1965.1` is read for its year only: whether January or October was meant is not known.
    """
    text = plain(cell)
    if not text:
        return None
    parts = _day_parts(text)
    if parts is None:
        raise Unclear(_("看不懂出生年月，先空着"))
    year, month, day = parts
    if month is not None and not 1 <= month <= 12:  # noqa: PLR2004 - months
        raise Unclear(_("出生年月没有这个月份，先空着"))
    if not FIRST_YEAR <= year <= this_year or not _exists(year, month or 1, day or 1):
        raise Unclear(_("出生年月没有这一天，先空着"))
    return year


def day_of(cell: str) -> date:
    """Return a whole day. Raises Unclear, also where the year or the day is missing."""
    text = plain(cell)
    if not text:
        raise Unclear(_("没有日期"))
    parts = _day_parts(text)
    if parts is None:
        raise Unclear(_("看不懂日期，请写成 2023-06-08"))
    year, month, day = parts
    if month is None or day is None:
        raise Unclear(_("日期不全，请写到日，比如 2023-06-08"))
    if not _exists(year, month, day) or year < FIRST_YEAR:
        raise Unclear(_("没有这一天"))
    return date(year, month, day)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def phone_of(cell: str) -> str:
    """Return the digits of the first number in the cell, or nothing."""
    text = plain(cell)
    first = re.split(r"[/、,，;；\n]|或", text)[0]
    digits = normalise_phone(first)
    if digits in NOTHING:
        return ""
    if not re.fullmatch(r"[0-9]+", digits):
        raise Unclear(_("看不懂电话，先空着"))
    if re.fullmatch(r"1[0-9]{10}|0[0-9]{9,11}|[2-8][0-9]{6,7}", digits):
        return digits
    raise Unclear(_("电话位数不对，先空着"))


def whole_of(cell: str, *, most: int = MAX_POINTS) -> int:
    """Return a whole number from 0 to `most`, with or without its unit."""
    text = fold_width(plain(cell)).replace(",", "").replace("，", "")
    found = re.fullmatch(r"(\d{1,18})(?:\.0+)?\s*(?:分|个|件|[^\d\s.]{1,2})?", text)
    if not text and normalise_line(cell) == "0":
        return 0
    if found is None or not found[1].isascii():
        raise Unclear(_("要填整数"))
    if int(found[1]) > most:
        raise Unclear(_("数目太大了"))
    return int(found[1])


def fen_of(cell: str) -> int | None:
    """Return an amount of yuan as fen."""
    text = fold_width(plain(cell)).replace(",", "")
    if not text:
        return None
    found = re.fullmatch(r"[¥￥]?\s*(\d{1,7})(?:\.(\d{1,2})\d*)?\s*元?", text)
    if found is None:
        raise Unclear(_("看不懂金额，先空着"))
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def minutes_of(cell: str, *, in_minutes: bool) -> int:
    """Return whole minutes from hours (`1.5`, `2小时`, `2:30`, `半小时`) or from minutes."""
    text = fold_width(plain(cell)).lower()
    if not text:
        raise Unclear(_("没有时长"))
    if text in {"半小时", "半个小时"}:
        return 30
    if clock := re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", text):
        return _bounded_minutes(int(clock[1]) * 60 + int(clock[2]))
    found = re.fullmatch(
        r"(\d{1,4})(?:\.(\d{1,2}))?\s*(?:个)?\s*(小时|钟头|时|h|分钟|分|min)?半?", text
    )
    if found is None or not text.isprintable() or not found[1].isascii():
        raise Unclear(_("看不懂时长，请写小时数，比如 1.5"))
    hundredths = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    counts_minutes = found[3] in {"分钟", "分", "min"} or (found[3] is None and in_minutes)
    if counts_minutes:
        return _bounded_minutes(hundredths // 100)
    return _bounded_minutes((hundredths * 60 + 50) // 100 + (30 if text.endswith("半") else 0))


def _bounded_minutes(minutes: int) -> int:
    if minutes < 1:
        raise Unclear(_("没有时长"))
    if minutes > MINUTES_A_DAY:
        raise Unclear(_("一天只有 24 小时"))
    return minutes


def intensity_of(cell: str) -> str:
    """Return `light`, `medium` or `heavy`; an empty cell is light."""
    text = plain(cell)
    if not text:
        return "light"
    for intensity, words in _INTENSITY.items():
        if text in words:
            return intensity
    raise Unclear(_("看不懂劳动强度，请写轻、中、重"))


def yes_of(cell: str) -> bool:
    """Return whether the cell says yes; an empty one does not."""
    text = plain(cell).lower()
    if text in _YES:
        return True
    if not text or text in _NO:
        return False
    raise Unclear(_("请写是或否"))


def standard_of(cell: str) -> tuple[int, int]:
    """Return (points each time, points each hour) of `2分/次`, `每小时3分`, `2分/次+1分/小时`."""
    text = fold_width(plain(cell))
    found = [(int(points), unit) for points, unit in _PER.findall(text)]
    found += [(int(points), unit) for unit, points in _EACH.findall(text)]
    if not found and re.fullmatch(r"\d{1,7}\s*分?", text):
        found = [(int(_first(_DIGITS.findall(text))), "次")]
    per_hour = sum(points for points, unit in found if unit in _HOUR_WORDS)
    per_occasion = sum(points for points, unit in found if unit not in _HOUR_WORDS)
    if not found or per_hour + per_occasion == 0:
        raise Unclear(_("看不懂标准，请写成 2分/次 或 3分/小时"))
    if max(per_hour, per_occasion) > MAX_POINTS:
        raise Unclear(_("数目太大了"))
    return per_occasion, per_hour


def _first(texts: Sequence[str]) -> str:
    return texts[0]


def split_address(text: str, estates: Sequence[str] = ()) -> tuple[str, str]:
    """Return (estate, door) of an address in one cell; known estates are recognised first."""
    for estate in sorted(estates, key=len, reverse=True):
        if estate and text.startswith(estate):
            return estate, text[len(estate) :].strip()
    if found := _ESTATE.match(text):
        return found[1], text[found.end(1) :].strip()
    first_digit = _DIGITS.search(text)
    if first_digit and first_digit.start():
        return text[: first_digit.start()].strip(), text[first_digit.start() :]
    return "", text


def address_key(estate: str, door: str) -> str:
    """Return what the spellings of a door have in common: 2栋1单元602, 2-1-602, 2号楼1单元602室."""
    text = fold_width(normalise_line(estate + door)).translate(_NUMERALS)
    text = _BUILDING.sub("-", re.sub(r"\s+", "", text))
    return re.sub(r"[-—–－_/,，]+", "-", text).strip("-").casefold()
