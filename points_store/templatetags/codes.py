"""Codes that a phone or a scanner reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from points_store.qr import draw_qr

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """Draw a QR code; `label` is what a screen reader says instead."""
    return draw_qr(text, label)
