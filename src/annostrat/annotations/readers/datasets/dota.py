"""DOTA: a text file an image, a row an object: four corners in pixels, its class, and whether it is difficult.

The corners may be those of any rectangle, so that the box is the upright one around them. Rows before them, such as
`imagesource:` and `gsd:`, say nothing of objects. What is difficult is measured like the rest. Source:
https://captain-whu.github.io/DOTA/dataset.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.annotations import ORIENTED
from annostrat.annotations.files.label_files import begun, first_rows, source_of
from annostrat.annotations.reader import Look, Reader
from annostrat.annotations.text.values import is_number, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.files.label_files import LabelFile, Row
    from annostrat.annotations.reader import Source

CORNERS = 8
COLUMNS = (CORNERS + 1, CORNERS + 2)
"""With or without a last one that says how difficult it is."""
_WANTED = "x1 y1 x2 y2 x3 y3 x4 y4, a class, and 0, 1 or 2 for how difficult it is"
_HEADER = ("imagesource:", "gsd:", "acquisition")
_IMAGES = ("", "../images", "../../images", "../image")
"""Version 1.5 has a folder of labels inside a folder of its own."""


def _look(_path: str, head: bytes) -> Look:
    rows = first_rows(head)
    objects = [row for row in rows if not _is_header(row)]
    if (objects and all(map(_is_object, objects))) or (rows and not objects):
        return Look(fits=True, found="rows of eight numbers and a class")
    return Look(fits=False, missing=f"rows of {_WANTED}")


def _is_header(row: Row) -> bool:
    return row.words[0].lower().replace("'", "").startswith(_HEADER)


def _is_object(row: Row) -> bool:
    *numbers, name = row.words[: CORNERS + 1]
    return len(row.words) in COLUMNS and all(map(is_number, numbers)) and not is_number(name)


def _open(files: Sequence[str], root: str) -> Source:
    return source_of(files, root, _IMAGES, _add)


def _add(file: LabelFile, builder: BatchBuilder) -> None:
    found = begun(file, lambda row: len(row.words) in COLUMNS or _is_header(row), f"rows of {_WANTED}", builder)
    if found is None:
        return
    image, rows = found
    objects = [row for row in rows if not _is_header(row)]
    for line, words in objects:
        corners = np.array(list(map(number, words[:CORNERS]))).reshape(-1, 2)
        (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        builder.label(image, words[CORNERS], line, box=(left, top, right, bottom), flags=ORIENTED)
    if objects:
        place = f"{file.where}:{objects[0].line}"
        builder.remark("oriented_boxes", place, "measured on the upright boxes around them", len(objects))


PLUGIN = Reader("dota", "DOTA", f"text files with rows of {_WANTED}", (".txt",), _look, _open)
