"""Where the bars of a chart stand. The template draws them; values are printed and read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT, RIGHT, TOP, BOTTOM = 38, 8, 16, 30
GRID_LINES = 4
NICE_STEP = 100


@dataclass(frozen=True)
class GridLine:
    y: float
    value: int


@dataclass(frozen=True)
class Bar:
    """One bar: its corner and size, and the number on top of it."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    value: int


@dataclass(frozen=True)
class Group:
    """Two bars over one label."""

    label: str
    middle: float
    first: Bar
    second: Bar


@dataclass(frozen=True)
class PairedBars:
    """A chart of pairs within `width` × `height`; `base` is where the bars stand."""

    width: int
    height: int
    left: int
    right: int
    base: int
    grid: list[GridLine]
    groups: list[Group]


def paired_bars(
    rows: Sequence[tuple[str, int, int]], *, width: int = 720, height: int = 196
) -> PairedBars:
    """Lay out (label, first, second) rows. A negative value stands as no bar with its number."""
    inner_width, inner_height = width - LEFT - RIGHT, height - TOP - BOTTOM
    highest = max((max(first, second) for _label, first, second in rows), default=0)
    top = max(NICE_STEP, -(-highest // NICE_STEP) * NICE_STEP)
    base = TOP + inner_height
    step = inner_width / max(1, len(rows))
    bar_width = min(26, step * 0.3)

    def bar(x: float, value: int) -> Bar:
        y = base - inner_height * max(0, value) / top
        return Bar(
            x=round(x, 1),
            y=round(y, 1),
            width=round(bar_width, 1),
            height=round(base - y, 1),
            middle=round(x + bar_width / 2, 1),
            value=value,
        )

    groups = []
    for place, (label, first, second) in enumerate(rows):
        middle = LEFT + step * (place + 0.5)
        groups.append(
            Group(
                label,
                round(middle, 1),
                bar(middle - bar_width - 1, first),
                bar(middle + 1, second),
            )
        )
    grid = [
        GridLine(round(base - inner_height * line / GRID_LINES, 1), top * line // GRID_LINES)
        for line in range(GRID_LINES + 1)
    ]
    return PairedBars(width, height, LEFT, width - RIGHT, base, grid, groups)
