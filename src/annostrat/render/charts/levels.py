"""A figure and its interval on a scale whose levels are answers, as SVG and in characters."""

from __future__ import annotations

from typing import NamedTuple

from annostrat.render.page.html import escape

_LEFT, _WHOLE = 1.0, 98.0
_MARGIN, _WIDEST = "  ", 72
_ROOM = 1.5
"""The end of a scale without an upper limit, as a multiple of its last border."""


class Marks(NamedTuple):
    """The characters of a scale: line, end, border, interval, border within it, value, value without an interval."""

    line: str
    end: str
    border: str
    interval: str
    crossed: str
    value: str
    alone: str


_ASCII = Marks("-", "|", "+", "=", "#", "O", "o")
_UNICODE = Marks("─", "├┤", "┼", "━", "╋", "●", "○")


class LevelChart(NamedTuple):
    """A figure among the range of each answer, with its confidence interval, if it has one."""

    levels: dict[str, list[float]]
    value: float
    low: float | None
    high: float | None

    @property
    def borders(self) -> list[float]:
        """The values at which one answer ends and another begins."""
        ends = {end for level in self.levels.values() for end in level}
        return sorted(end for end in ends if 0 < end < max(ends))

    @property
    def end(self) -> float:
        """The end of the scale: 1, or, for figures that can exceed it, a value beyond everything shown."""
        most = max(end for level in self.levels.values() for end in level)
        if most <= 1:
            return most
        visible = max(self.high or 0.0, self.value) * 1.1
        return min(most, max([visible, *(border * _ROOM for border in self.borders)]))

    def characters(self, width: int, ascii_only: bool) -> list[str]:
        """Return the names of the levels above the scale with the interval, and the borders below it."""
        marks = _ASCII if ascii_only else _UNICODE
        last = min(width - len(_MARGIN), _WIDEST) - 1
        names, ticks = [" "] * (last + 1), [" "] * (last + 1)
        for name, (start, end) in self.levels.items():
            left, right = self._column(start, last), self._column(end, last)
            if len(name) < right - left:
                _put(names, name, (left + right + 1 - len(name)) // 2)
        for tick in self._ticks:
            _put(ticks, f"{tick:g}", self._column(tick, last) - len(f"{tick:g}") // 2)
        return [_MARGIN + "".join(line).rstrip() for line in (names, self._scale(marks, last), ticks)]

    def _scale(self, marks: Marks, last: int) -> list[str]:
        line = [marks.end[0], *marks.line * (last - 1), marks.end[-1] if self._is_closed else ">"]
        borders = {self._column(border, last) for border in self.borders}
        for border in borders:
            line[border] = marks.border
        if self.low is not None and self.high is not None:
            for column in range(self._column(self.low, last), self._column(self.high, last) + 1):
                line[column] = marks.crossed if column in borders else marks.interval
        line[self._column(self.value, last)] = marks.alone if self.low is None else marks.value
        return line

    @property
    def _is_closed(self) -> bool:
        return self.end >= max(end for level in self.levels.values() for end in level)

    @property
    def _ticks(self) -> list[float]:
        return [0.0, *self.borders, *([self.end] if self._is_closed else [])]

    def _column(self, value: float, last: int) -> int:
        return round(min(max(value / self.end, 0.0), 1.0) * last)

    def svg(self, answer: str) -> str:
        """Return the levels as bands with names and borders, the band of the answer marked, and the interval."""
        lines = ['<svg class="chart levels" width="100%" height="62">']
        for number, (name, (start, end)) in enumerate(self.levels.items()):
            left, right = self._x(start), self._x(end)
            kind = "level given" if name == answer else f"level tone{number % 2}"
            lines.append(f'<rect class="{kind}" x="{left}%" width="{right - left:.2f}%" y="20" height="20"/>')
            lines.append(f'<text x="{(left + right) / 2:.2f}%" y="14" text-anchor="middle">{escape(name)}</text>')
        for tick in self._ticks:
            anchor = "start" if not tick else "end" if tick == self.end else "middle"
            lines.append(f'<text class="tick" x="{self._x(tick)}%" y="57" text-anchor="{anchor}">{tick:g}</text>')
        kind, interval = "alone", ""
        if self.low is not None and self.high is not None:
            kind, interval = "main", f'<line x1="{self._x(self.low)}%" x2="{self._x(self.high)}%" y1="30" y2="30"/>'
        dot = f'<circle cx="{self._x(self.value)}%" cy="30" r="5.5"/>'
        return "\n".join([*lines, f'<g class="bar {kind}">{interval}{dot}</g>', "</svg>"])

    def _x(self, value: float) -> float:
        return round(_LEFT + _WHOLE * min(max(value / self.end, 0.0), 1.0), 2)


def _put(line: list[str], text: str, at: int) -> None:
    """Write text into a line, shifted inwards at the ends, unless it would touch other text."""
    at = max(0, min(at, len(line) - len(text)))
    around = line[max(at - 1, 0) : at + len(text) + 1]
    if len(text) <= len(line) and not any(cell.strip() for cell in around):
        line[at : at + len(text)] = text
