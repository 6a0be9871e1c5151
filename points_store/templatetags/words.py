"""How numbers, days and names are said on a page. Built into every template."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from points_store import text

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

MINUS = "\u2212"
_DIGITS = {
    "bo": str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩"),
    "mn-mong": str.maketrans("0123456789", "᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙"),
}
_DAY = {"en": "l j F", "bo": "ཟླ་n ཚེས་j l", "mn-mong": "n ᠰᠠᠷ᠎ᠠ ᠶᠢᠨ j ᠡᠳᠦᠷ l"}
_DAYS_COUNTED = 15
_DAY_ALONE = {"en": "j F", "bo": "ཟླ་n ཚེས་j", "mn-mong": "n ᠰᠠᠷ᠎ᠠ ᠶᠢᠨ j"}
_LONG_DAY = {"en": "l j F Y", "bo": "Y ལོའི་ཟླ་n ཚེས་j l", "mn-mong": "Y ᠣᠨ ᠤ n ᠰᠠᠷ᠎ᠠ ᠶᠢᠨ j ᠡᠳᠦᠷ l"}


def _local(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def digits(value: object) -> str:
    """Return a number or date in the digits of the page's language. Never for codes or phones."""
    return str(value).translate(_DIGITS.get(get_language() or "", {}))


@register.filter
def points(value: int) -> str:
    """Return a number of points as text: −1200 as `−1200`, without its unit."""
    return digits(f"{MINUS}{-value}" if value < 0 else value)


@register.filter
def pts(value: int, kind: str = "") -> SafeString:
    """Draw a number of points with its unit. `kind` is a class: `hold`, `plus`."""
    return format_html(
        '<span class="pts{}">{}<small>{}</small></span>',
        f" {kind}" if kind else "",
        points(value),
        _("分"),
    )


@register.filter
def signed_pts(value: int) -> SafeString:
    """Draw points on the move: +3 分 or −35 分."""
    sign = "+" if value > 0 else ""
    return format_html(
        '<span class="pts {}">{}{}<small>{}</small></span>',
        "plus" if value > 0 else "minus",
        sign,
        points(value),
        _("分"),
    )


@register.filter
def day(value: date | None) -> str:
    """Return the day in the community's time zone: 11月16日 星期四."""
    if value is None:
        return ""
    return digits(date_format(_local(value), _DAY.get(get_language() or "", "n月j日 l")))


@register.filter
def long_day(value: date | None) -> str:
    """Return the day with its year: 2023年11月16日 星期四."""
    if value is None:
        return ""
    return digits(date_format(_local(value), _LONG_DAY.get(get_language() or "", "Y年n月j日 l")))


@register.filter
def line_day(value: date | None) -> str:
    """Return the day of a line in a list: 11月16日, with its year when that is another."""
    if value is None:
        return ""
    is_this_year = _local(value).year == timezone.localdate().year
    layout = "MONTH_DAY_FORMAT" if is_this_year else "DATE_FORMAT"
    return digits(date_format(_local(value), layout))


@register.filter
def clock(value: datetime | None) -> str:
    """Return the time of day in the community's time zone: 10:38."""
    return "" if value is None else digits(date_format(_local(value), "H:i"))


@register.filter
def ago(value: date | None) -> str:
    """Return how long ago the day was, in the words people use: 今天, 昨天, 3 天前, 11月3日."""
    if value is None:
        return ""
    local = _local(value)
    then = local.date() if isinstance(local, datetime) else local
    days = (timezone.localdate() - then).days
    if days == 0:
        return _("今天")
    if days == 1:
        return _("昨天")
    if 1 < days < _DAYS_COUNTED:
        return digits(_("%(days)d 天前") % {"days": days})
    return digits(date_format(then, _DAY_ALONE.get(get_language() or "", "n月j日")))


@register.filter
def when(value: datetime | None) -> str:
    """Return how one says it to a colleague: 10:05 for today, else how many days ago."""
    if value is not None and timezone.localtime(value).date() == timezone.localdate():
        return clock(value)
    return ago(value)


@register.filter
def stamp(value: datetime | None) -> str:
    """Return day and time as slips print them, the same in every language: 2023-11-16 10:38."""
    return "" if value is None else date_format(_local(value), "Y-m-d H:i", use_l10n=False)


@register.filter
def member_number(number: int, prefix: str) -> str:
    """Return a handbook's number as it is printed: CX-0012. Never in other digits."""
    return f"{prefix}-{number:04d}"


@register.filter
def mask(name: str) -> str:
    """Return a person's name as others may see it: 索**毛."""
    return text.mask_name(name)


@register.filter
def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: 138****1234."""
    return text.mask_phone(phone)


@register.filter
def first_letter(name: str) -> str:
    """Return what a reader sees as the first letter of a name, for the picture beside it."""
    return next(iter(text.clusters(name)), "")


@register.filter
def script_lang(words: str) -> str:
    """Return the language to mark a person's own words with, by their first letter's script."""
    for character in words:
        if "\u0f00" <= character <= "\u0fff":
            return "bo"
        if "\u1800" <= character <= "\u18af":
            return "mn-Mong"
        if character.isalpha():
            return "zh-Hans"
    return "zh-Hans"


@register.filter
def tint(number: int) -> str:
    """Return one of four colours from a person's id: it helps to tell namesakes apart."""
    return ("", "verm", "turq", "saff")[number % 4]
