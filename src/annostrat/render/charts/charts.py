"""Charts of intervals: they scale with the page, text keeps its size, colours come from the style sheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.page.html import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEFT, _RIGHT = 1.0, 98.0
_STEPS = (1, 2, 2.5, 5, 10)


class Bar(NamedTuple):
    """One row of an interval chart."""

    label: str
    low: float
    typical: float
    high: float
    words: str
    main: bool = False


def interval_chart(bars: Sequence[Bar]) -> str:
    """Return a chart of intervals, one below the other on a scale from zero, each with its typical value as a dot.

    The words above each interval are HTML, which breaks them where the page is narrow; SVG would cut them.
    """
    *ticks, end = _ticks(max(bar.high for bar in bars))
    grid, scale, rows = [], [], []
    for tick in [*ticks, end]:
        x, anchor = _x(tick, end), "end" if tick == end else "middle" if tick else "start"
        grid.append(f'<line class="grid" x1="{x}%" x2="{x}%" y1="0" y2="100%"/>')
        scale.append(f'<text class="tick" x="{x}%" y="14" text-anchor="{anchor}">{tick:,g}</text>')
    for bar in bars:
        low, typical, high = (_x(value, end) for value in (bar.low, bar.typical, bar.high))
        rows.append(
            f'<div class="{"bar main" if bar.main else "bar"}">'
            f'<p>{escape(bar.label)} <span class="said">{escape(bar.words)}</span></p><svg width="100%" height="20">'
            f'<line x1="{low}%" x2="{high}%" y1="10" y2="10"/><circle cx="{typical}%" cy="10" r="6"/></svg></div>'
        )
    top = f'<div class="chart"><div class="bars"><svg>{"".join(grid)}</svg>'
    return "\n".join([top, *rows, f'</div><svg width="100%" height="20">{"".join(scale)}</svg></div>'])


def _ticks(most: float) -> list[float]:
    """Return up to five round values from zero to at least the highest value."""
    if most <= 0:
        return [0, 1]
    power = 10.0 ** math.floor(math.log10(most / 4))
    step = next(step * power for step in _STEPS if step * power * 4 >= most)
    return [step * number for number in range(math.ceil(most / step) + 1)]


def _x(value: float, end: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * value / end, 2)
