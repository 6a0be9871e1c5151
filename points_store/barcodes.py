"""Barcodes as one SVG path: no style of its own, so it is drawn under the strict policy too."""

from __future__ import annotations

from barcode import get_barcode_class

EAN13_DIGITS = 13
EAN13_MODULES = 95


def ean13_path(code: str, height: int) -> str:
    """Return the bars of a 13-digit code, one unit to the module, as the `d` of an SVG path.

    Raises ValueError for anything that is not 13 digits with the right check digit.
    """
    if len(code) != EAN13_DIGITS or not (code.isascii() and code.isdigit()):
        raise ValueError("an EAN-13 has thirteen digits")
    drawn = get_barcode_class("ean13")(code)
    if drawn.get_fullcode() != code:
        raise ValueError("the check digit is another")
    modules = drawn.build()[0].replace("G", "1")
    bars = []
    start = 0
    for place, module in enumerate(modules + "0"):
        if module == "0":
            if place > start:
                bars.append(f"M{start} 0h{place - start}v{height}H{start}z")
            start = place + 1
    return "".join(bars)
