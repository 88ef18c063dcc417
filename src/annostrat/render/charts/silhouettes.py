"""The average silhouettes of classes, side by side: as SVG and in shades of characters."""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import printable
from annostrat.render.page.html import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNICODE, _ASCII = " ░▒▓█", " .:+#"
_ACROSS, _DOWN = 2, 4
"""Pixels of a silhouette for each character, which is twice as high as it is wide."""
_GAP = 3
_OPACITY = 0.13


class Silhouette(NamedTuple):
    """The average silhouette of a class: rows of digits, the tenths of its objects that cover each pixel."""

    name: str
    rows: list[str]

    def shades(self, ascii_only: bool) -> list[str]:
        """Return lines of characters, each of which shades a few pixels."""
        blocks = _ASCII if ascii_only else _UNICODE
        most = 9 * _ACROSS * _DOWN
        lines = []
        for top in range(0, len(self.rows), _DOWN):
            rows = self.rows[top : top + _DOWN]
            sums = (
                sum(int(digit) for row in rows for digit in row[left : left + _ACROSS])
                for left in range(0, len(rows[0]), _ACROSS)
            )
            lines.append("".join(blocks[round(total * (len(blocks) - 1) / most)] for total in sums))
        return lines

    def svg(self) -> str:
        """Return nine stacked shapes: the pixels that at least one to nine tenths of the objects cover."""
        side = len(self.rows)
        layers = (_outline(self.rows, str(tenths)) for tenths in range(1, 10))
        paths = "".join(f'<path d="{layer}"/>' for layer in layers if layer)
        look = f'fill-opacity="{_OPACITY}" shape-rendering="crispEdges"'
        image = f'<svg viewBox="0 0 {side} {side}" {look}>{paths}</svg>'
        return f'<div class="silhouette">{image}<p dir="auto">{escape(self.name)}</p></div>'


def _outline(rows: list[str], least: str) -> str:
    """Return a path of the runs, row by row, of digits that are at least `least`."""
    path = []
    for y, row in enumerate(rows):
        start = None
        for x, digit in enumerate(f"{row} "):
            if digit >= least and start is None:
                start = x
            elif digit < least and start is not None:
                path.append(f"M{start} {y}h{x - start}v1H{start}z")
                start = None
    return "".join(path)


def svg(silhouettes: Sequence[Silhouette]) -> str:
    """Return silhouettes side by side."""
    return f'<div class="charts silhouettes">{"".join(each.svg() for each in silhouettes)}</div>'


def characters(silhouettes: Sequence[Silhouette], width: int, ascii_only: bool) -> list[str]:
    """Return silhouettes side by side as far as there is room, each above its name."""
    wide = max((len(row) for each in silhouettes for row in each.rows), default=0) // _ACROSS
    if width < wide:
        return []
    side_by_side = (width + _GAP) // (wide + _GAP)
    lines = []
    for start in range(0, len(silhouettes), side_by_side):
        row = silhouettes[start : start + side_by_side]
        shades = zip(*(each.shades(ascii_only) for each in row), strict=True)
        names = [_name(each.name, wide) for each in row]
        lines += [(" " * _GAP).join(line).rstrip() for line in (*shades, names)]
    return lines


def _name(text: str, columns: int) -> str:
    """Return a name padded to some columns, or cut if it is longer."""
    text = printable(text)
    ends = [*accumulate(map(_columns, text), initial=0)]
    if ends[-1] > columns:
        kept = sum(end <= columns - 3 for end in ends) - 1
        return f"{text[:kept]}...".ljust(columns - ends[kept] + kept)
    return text + " " * (columns - ends[-1])


def _columns(character: str) -> int:
    """Return how many columns a character takes in a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
