"""Codes that a phone or a scanner reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from points_store.barcodes import EAN13_MODULES, ean13_path
from points_store.qr import draw_qr

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

_HEIGHT = 24
_QUIET = 9  # modules of white on both sides, as GS1 asks for at least seven


@register.simple_tag
def barcode(code: str) -> str:
    """Draw an EAN-13; its digits stand beside it in words, so a reader hears them once."""
    return format_html(
        '<svg class="barcode" viewBox="{} 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}" shape-rendering="crispEdges"><path d="{}" fill="#000"/></svg>',
        -_QUIET,
        EAN13_MODULES + 2 * _QUIET,
        _HEIGHT,
        _("条码 %(code)s") % {"code": code},
        ean13_path(code, _HEIGHT),
    )


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """Draw a QR code; `label` is what a screen reader says instead."""
    return draw_qr(text, label)


@register.filter
def spaced(code: str) -> str:
    """Return a 13-digit number in groups that can be read out: 21 2311 1600 070."""
    return f"{code[:2]} {code[2:6]} {code[6:10]} {code[10:]}"
