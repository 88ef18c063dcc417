"""DOTA: a text file an image, a row an object: four corners in pixels, its class, and whether it is difficult.

The rectangle may be rotated, so its box is the upright one around it. Header rows, such as `imagesource:` and `gsd:`,
are skipped. Difficult objects are measured like the rest. Source:
https://captain-whu.github.io/DOTA/dataset.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.annotations import ORIENTED
from annostrat.annotations.files.label_files import Row, begun, first_rows, source_of
from annostrat.annotations.reader import Look, Reader
from annostrat.annotations.text.values import is_number, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.files.label_files import LabelFile
    from annostrat.annotations.reader import Source

CORNERS = 8
_LEVELS = (0, 1, 2)
"""How difficult an object is; other numbers in the last column are scores of predictions."""
_WANTED = "x1 y1 x2 y2 x3 y3 x4 y4, a class, and 0, 1 or 2 for how difficult it is"
_HEADER = ("imagesource:", "gsd:", "acquisition")
_IMAGES = ("", "../images", "../../images", "../image")
"""Version 1.5 has a folder of labels inside a folder of its own."""


def _look(_path: str, head: bytes) -> Look:
    rows = first_rows(head)
    if rows and all(map(_parsed, rows)):
        return Look(fits=True, found="rows of eight numbers and a class")
    is_first = rows and all(_parsed(Row(row.line, [*row.words[1:], row.words[0]])) for row in rows)
    found, there = ("DOTA", "; here the class is first") if is_first else ("", "")
    return Look(fits=False, found=found, missing=f"rows of {_WANTED}{there}")


def _parsed(row: Row) -> Row | None:
    """Return a row as corners, class, which may be several words, and level; without words if it is a header."""
    if row.words[0].lower().replace("'", "").startswith(_HEADER):
        return Row(row.line, [])
    corners, names = row.words[:CORNERS], row.words[CORNERS:]
    level = names.pop() if len(names) > 1 and is_number(names[-1]) else "0"
    if not names or is_number(names[0]) or not all(map(is_number, corners)):
        return None
    return Row(row.line, [*corners, " ".join(names), level])


def _open(files: Sequence[str], root: str) -> Source:
    return source_of(files, root, _IMAGES, _add)


def _add(file: LabelFile, builder: BatchBuilder) -> None:
    found = begun(file, _parsed, f"rows of {_WANTED}", builder)
    if found is None:
        return
    image, rows = found
    objects = [row for row in rows if row.words]
    scored = [row for row in objects if number(row.words[-1]) not in _LEVELS]
    for line, words in objects:
        corners = np.array(list(map(number, words[:CORNERS]))).reshape(-1, 2)
        (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        builder.label(image, words[CORNERS], line, box=(left, top, right, bottom), flags=ORIENTED)
    if objects:
        place = f"{file.where}:{objects[0].line}"
        builder.remark("oriented_boxes", place, "measured on the upright boxes around them", len(objects))
    if scored:
        detail = f"a last column of {scored[0].words[-1]}"
        builder.remark("confidence_ignored", f"{file.where}:{scored[0].line}", detail, len(scored))


PLUGIN = Reader("dota", "DOTA", f"text files with rows of {_WANTED}", (".txt",), _look, _open)
