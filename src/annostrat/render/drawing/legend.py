"""The legend of a poster: picture, name and label of each strategy."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from annostrat.render.drawing.parts import picture_at
from annostrat.render.drawing.shapes import group, lines_of, number, paragraph, rectangle
from annostrat.render.drawing.style import NAME, NOTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.render.drawing.outline import OutlineEnd

COLUMN = 150.0
PICTURE = (96.0, 64.0)
GAP = 22.0


def legend(ends: Sequence[OutlineEnd], width: float) -> tuple[list[str], float]:
    """Return the entries in evenly filled columns over a width, and their height."""
    count = ceil(len(ends) / ceil(len(ends) / max(1, width // COLUMN)))
    column = (width - GAP * (count - 1)) / count
    pieces, y = [], 0.0
    for start in range(0, len(ends), count):
        row = ends[start : start + count]
        entries = [_entry(end, column) for end in row]
        for index, (end, (shapes, _)) in enumerate(zip(row, entries, strict=True)):
            moved = f"translate({number(index * (column + GAP))} {number(y)})"
            class_ = f"strategy hue-{end.strategy}{' met' if end.met else ''}"
            pieces.append(group(shapes, class_=class_, data_strategy=end.strategy, transform=moved))
        y += max(height for _, height in entries) + GAP
    return pieces, y


def _entry(end: OutlineEnd, width: float) -> tuple[list[str], float]:
    """Return the picture, name and label of a strategy, and their height."""
    name, note = lines_of(end.title, NAME, width), lines_of(end.label, NOTE, width)
    top = PICTURE[1] + 8
    below = top + len(name) * NAME.leading + 2
    shapes = [
        picture_at(end.strategy, 0, 0, PICTURE),
        rectangle(0, 0, *PICTURE, 2, "frame"),
        paragraph(name, NAME, 0, top),
        paragraph(note, NOTE, 0, below),
    ]
    return shapes, below + len(note) * NOTE.leading
