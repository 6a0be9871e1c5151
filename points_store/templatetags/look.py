"""The drawn parts of a page: icons, goods, lamps, rings. Built into every template."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from points_store.fallback import mark_chinese

if TYPE_CHECKING:
    from django.template.base import Parser, Token
    from django.utils.safestring import SafeString

register = template.Library()

_RING_RADIUS = 52
_OTHER_SCRIPTS = ("bo", "mn-mong")
_HTML_LANG = {"zh-hans": "zh-Hans", "mn-mong": "mn-Mong"}


@register.simple_tag
def html_lang() -> str:
    """Return the language of the page as HTML writes it."""
    language = get_language() or "zh-hans"
    return _HTML_LANG.get(language, language)


class _ChineseMarked(template.Node):
    """What stands between the tags, its Chinese marked where the page speaks another script."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        drawn = self.nodelist.render(context)
        if get_language() not in _OTHER_SCRIPTS:
            return drawn
        return mark_safe(mark_chinese(drawn))  # noqa: S308 -- drawn by this template, spans added


@register.tag
def chinese_marked(parser: Parser, _token: Token) -> template.Node:
    """Mark the sentences that fall back to Chinese on a Tibetan or Mongolian page."""
    nodelist = parser.parse(("endchinese_marked",))
    parser.delete_first_token()
    return _ChineseMarked(nodelist)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite; it says nothing to screen readers."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" {css}" if css else "",
        static("img/sprite.svg"),
        name,
    )


@register.simple_tag
def pic(name: str) -> SafeString:
    """Draw one of the twenty goods, for rewards that have no photo."""
    return format_html(
        '<svg class="pic" viewBox="0 0 80 80" aria-hidden="true"><use href="{}#g-{}"/></svg>',
        static("img/goods.svg"),
        name,
    )


@register.simple_tag
def lamp(state: str) -> SafeString:
    """Draw a lamp: `wait`, `claim` or `lit`. The word for the state stands beside it."""
    return format_html(
        '<img class="lampart" src="{}" alt="" width="60" height="92">',
        static(f"img/lamp-{state}.svg"),
    )


@register.simple_tag
def ring(percent: int) -> SafeString:
    """Draw a progress ring, 0 to 100; the words for it stand beside it."""
    length = 2 * math.pi * _RING_RADIUS
    done = length * min(max(percent, 0), 100) / 100
    return format_html(
        '<svg class="ring" viewBox="0 0 120 120" aria-hidden="true">'
        '<circle class="track" cx="60" cy="60" r="52" stroke-width="11"/>'
        '<circle class="fill" cx="60" cy="60" r="52" stroke-width="11"'
        ' stroke-dasharray="{} {}" transform="rotate(-90 60 60)"/></svg>',
        f"{done:.1f}",
        f"{length:.1f}",
    )


@register.filter
def percent_class(part: int, whole: int | None = None) -> str:
    """Return the class that draws `part` of `whole` (or `part` percent) as a width: pct-90."""
    percent = part if whole is None else part * 100 // whole if whole else 0
    return f"pct-{min(max(percent, 0), 100)}"
