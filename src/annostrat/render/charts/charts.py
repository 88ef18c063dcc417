"""Charts as inline SVG: they scale with the page, text keeps its size, colours come from the style sheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.page.html import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROW_PX, _AXIS_PX, _LEFT, _RIGHT = 46, 26, 1.0, 98.0
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
    """Return a chart of intervals, one below the other on a scale from zero, each with its typical value as a dot."""
    ticks = _ticks(max(bar.high for bar in bars))
    height = len(bars) * _ROW_PX + _AXIS_PX
    lines = [f'<svg class="chart" width="100%" height="{height}">']
    for tick in ticks:
        x, end = _x(tick, ticks[-1]), height - _AXIS_PX + 4
        anchor = "end" if tick == ticks[-1] else "middle" if tick else "start"
        lines.append(f'<line class="grid" x1="{x}%" x2="{x}%" y1="0" y2="{end}"/>')
        lines.append(f'<text class="tick" x="{x}%" y="{height - 6}" text-anchor="{anchor}">{tick:,g}</text>')
    for index, bar in enumerate(bars):
        lines.append(_bar(bar, index * _ROW_PX, ticks[-1]))
    return "\n".join([*lines, "</svg>"])


def _bar(bar: Bar, top: int, end: float) -> str:
    low, typical, high = (_x(value, end) for value in (bar.low, bar.typical, bar.high))
    kind, y = ("bar main" if bar.main else "bar"), top + 30
    return (
        f'<g class="{kind}"><text x="{_LEFT}%" y="{top + 16}">{escape(bar.label)}'
        f' <tspan class="said">{escape(bar.words)}</tspan></text>'
        f'<line x1="{low}%" x2="{high}%" y1="{y}" y2="{y}"/><circle cx="{typical}%" cy="{y}" r="6"/></g>'
    )


def _ticks(most: float) -> list[float]:
    """Return up to five round values from zero to at least the highest value."""
    if most <= 0:
        return [0, 1]
    power = 10.0 ** math.floor(math.log10(most / 4))
    step = next(step * power for step in _STEPS if step * power * 4 >= most)
    return [step * number for number in range(math.ceil(most / step) + 1)]


def _x(value: float, end: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * value / end, 2)
