"""KITTI: a text file an image, a row an object: its class, how far it is cut off and occluded, and its box in pixels.

`DontCare` regions are not objects. Occlusion 0 means visible, 1 or 2 occluded, and 3 unknown; a truncation above 0
means cut off. The 3D box is not read. Source: `readme.txt` of the object development kit,
https://www.cvlibs.net/datasets/kitti/eval_object.php.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, TRUNCATED, TRUNCATION_STATED
from annostrat.annotations.files.label_files import Row, begun, first_rows, source_of
from annostrat.annotations.reader import Look, Reader, inside
from annostrat.annotations.text.values import is_number, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.files.label_files import LabelFile
    from annostrat.annotations.reader import Source

COLUMNS, WITH_SCORE = 15, 16
_WITH_BOX, _OF_DOTA = 7, 8
"""Numbers of a row up to its box, and those of a row of DOTA."""
TRACKED = 17
"""Columns of the tracking benchmark, whose rows begin with the numbers of a frame and a track."""
_WANTED = "class, truncated, occluded, alpha, x1, y1, x2, y2 and seven numbers of the box in space"
_OCCLUDED: dict[float, int]
_OCCLUDED = {0: OCCLUSION_STATED, 1: OCCLUSION_STATED | OCCLUDED, 2: OCCLUSION_STATED | OCCLUDED}
_VOID = "DontCare"
_CALIBRATION = "calib"
"""The folder of camera calibrations."""
_IMAGES = ("", "../image_2", "../image_02", "../images", "../image")


def _look(_path: str, head: bytes) -> Look:
    rows = first_rows(head)
    if rows and all(map(_parsed, rows)):
        return Look(fits=True, found="rows of a class and fourteen numbers")
    if rows and all(len(row.words) >= TRACKED and [*map(is_number, row.words[:3])] == _TRACK for row in rows):
        return Look(fits=False, found="KITTI", missing="rows that begin with a class: these are tracks, a frame each")
    counts = [len(row.words) for row in rows if not is_number(row.words[0]) and _could_be(row)]
    found = "KITTI" if counts and len(counts) == len(rows) else ""
    there = f" (line {rows[0].line} has {counts[0]}, or some that are no numbers)" if found else ""
    return Look(fits=False, found=found, missing=f"rows of {COLUMNS} columns{there}: {_WANTED}")


def _could_be(row: Row) -> bool:
    numbers = sum(map(is_number, row.words))
    return numbers >= _WITH_BOX and numbers != _OF_DOTA and number(row.words[2]) in _LEVELS


_LEVELS = (-1, 0, 1, 2, 3)
"""Values of the third column, how far an object is occluded."""
_TRACK = [True, True, False]
"""Whether the first columns of the tracking benchmark are numbers."""


def _parsed(row: Row) -> Row | None:
    """Return a row with its class, which may be several words, as one; None if it is not an object."""
    first = next((index for index, word in enumerate(row.words) if is_number(word)), 0)
    numbers = row.words[first:]
    if not first or len(numbers) not in (COLUMNS - 1, WITH_SCORE - 1) or not all(map(is_number, numbers)):
        return None
    return Row(row.line, [" ".join(row.words[:first]), *numbers])


def _open(files: Sequence[str], root: str) -> Source:
    labels = [path for path in files if _CALIBRATION not in inside(path, root).split("/")[:-1]]
    return source_of(labels, root, _IMAGES, _add)


def _add(file: LabelFile, builder: BatchBuilder) -> None:
    found = begun(file, _parsed, _WANTED, builder)
    if found is None:
        return
    image, rows = found
    void = [line for line, words in rows if words[0] == _VOID]
    scored = [line for line, words in rows if len(words) == WITH_SCORE]
    for line, (name, truncated, occluded, _, *box) in rows:
        if name != _VOID:
            x1, y1, x2, y2 = map(number, box[:4])
            flags = _OCCLUDED.get(number(occluded), 0) | _truncation(number(truncated))
            builder.label(image, name, line, box=(x1, y1, x2, y2), flags=flags)
    if void:
        builder.remark("void_region", f"{file.where}:{void[0]}", _VOID, len(void))
    if scored:
        builder.remark("confidence_ignored", f"{file.where}:{scored[0]}", "a score in column 16", len(scored))


def _truncation(share: float) -> int:
    return TRUNCATION_STATED | TRUNCATED * (share > 0) if share >= 0 else 0


PLUGIN = Reader(
    "kitti",
    "KITTI",
    f"text files with rows of {COLUMNS} columns: {_WANTED}",
    (".txt",),
    _look,
    _open,
)
