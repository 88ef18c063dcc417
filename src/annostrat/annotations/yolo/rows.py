"""Rows of YOLO label files as numbers, and their layout: boxes, outlines, oriented boxes or poses."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BOX = 5
"""Columns of a box: class, centre, width and height."""
PREDICTED = 6
"""Columns of a box and a number after it: the confidence of a prediction, or the id of a track."""
ORIENTED = 9
"""Columns of an oriented box, class and four corners, and also of an outline of four vertices."""
OUTLINE = 7
"""The fewest columns of an outline: class and three vertices."""
_FAR = 2
"""Shares of an image are smaller, however far an object reaches beyond its border."""
_PER_CENT = 100
_WITH_VISIBILITY = 3
"""Columns of a keypoint: x, y, and whether it is visible, which some leave out."""
_ENOUGH = 3
"""Number of rows that is enough to tell their layout by their values alone."""
_LARGEST_CLASS = 1_000_000

_DOTA = "has eight numbers before its class, so DOTA and not YOLO"

Row = tuple[int, list[float]]


class YoloRows(NamedTuple):
    """The rows of a file.

    Attributes:
        good: Line and values of those that can be read.
        bad: Line and fault of the others.
        foreign: Whether this is plainly not a file of labels.
    """

    good: list[Row]
    bad: list[tuple[int, str]]
    foreign: bool = False


def rows_of(data: bytes) -> YoloRows:
    """Return the rows of a file, with any number of columns."""
    good: list[Row] = []
    bad: list[tuple[int, str]] = []
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            values = list(map(float, line.split()))
        except ValueError:
            bad.append((number, _wrong_text(line.split())))
            continue
        if len(values) >= BOX and abs(values[0]) < _LARGEST_CLASS and values[0] % 1 == 0:
            good.append((number, values))
        elif values:
            bad.append((number, _wrong(values)))
    foreign = bool(bad) and not good and not any(map(_like_a_row, lines))
    return YoloRows(good, bad, foreign)


def _wrong_text(fields: Sequence[bytes]) -> str:
    corners = ORIENTED - 1
    if len(fields) in {corners + 1, corners + 2} and _are_numbers(fields[:corners]):
        return _DOTA
    if len(fields) >= BOX and _are_numbers(fields[1:]):
        return f"begins with {shortened(fields[0].decode(errors='replace'))}, which is no number of a class"
    if len(fields) >= BOX and _are_numbers([field.replace(b",", b".") for field in fields]):
        return "has commas in its numbers, where points are wanted"
    if len(parts := re.split(rb"[,;\s]+", b" ".join(fields).strip(b",;"))) >= BOX and _are_numbers(parts):
        return "has commas or semicolons between its numbers, where spaces are wanted"
    return "is not a row of numbers"


def _are_numbers(fields: Sequence[bytes]) -> bool:
    try:
        return bool([float(field) for field in fields])
    except ValueError:
        return False


def _wrong(values: Sequence[float]) -> str:
    if len(values) < BOX:
        return f"has {len(values)} columns, a box has {BOX}: class, x, y, width, height"
    is_last = values[0] % 1 and 0 <= values[-1] < _LARGEST_CLASS and values[-1] % 1 == 0
    return f"begins with {values[0]:g}, which is no number of a class{', unlike its last number' if is_last else ''}"


def _like_a_row(line: bytes) -> bool:
    """Return whether a line has only numbers where a box would be, and more than one."""
    fields = line.split()[1:BOX]
    return len(fields) > 1 and _are_numbers(fields)


def fault_of(rows: YoloRows) -> str:
    """Return why rows are not YOLO labels, with the line; empty if they are."""
    if len(rows.bad) >= len(rows.good):
        worst = next((bad for bad in rows.bad if bad[1] == _DOTA), rows.bad[0] if rows.bad else None)
        return "line {}: {}".format(*worst) if worst else "no rows"
    layout = layout_of(rows.good, (0, 0))
    odd = [(line, len(values)) for line, values in rows.good if not layout.kind(len(values))]
    if 2 * len(odd) >= len(rows.good):
        return f"line {odd[0][0]}: {odd[0][1]} columns; a box has {BOX}, an outline an odd number from {OUTLINE} on"
    far = first_far(rows)
    return "line {}: {}".format(*far) if far else ""


def is_far(row: Row) -> bool:
    """Return whether a row has finite numbers that are not shares of an image."""
    return _FAR < max(map(abs, row[1][1:BOX])) < float("inf")


def first_far(rows: YoloRows) -> tuple[int, str] | None:
    """Return line and reason if most rows of a file have values far beyond 1, so that they are not YOLO's."""
    far = [row for row in rows.good if is_far(row)]
    if 2 * len(far) <= len(rows.good):
        return None
    return far[0][0], f"values beyond 1, so not YOLO{_guess([values for _, values in far])}"


def _guess(rows: Sequence[Sequence[float]]) -> str:
    """Return the likely layout of rows in pixels; the class is at the end with the smaller numbers."""
    if any(len(values) != BOX for values in rows):
        return ""
    is_first = max(values[0] for values in rows) <= max(values[-1] for values in rows)
    boxes = [values[is_first : BOX - 1 + is_first] for values in rows]
    is_telling = len(boxes) >= _ENOUGH or not is_first
    if is_telling and all(x1 < x2 and y1 < y2 for x1, y1, x2, y2 in boxes):
        return "; looks like class x1 y1 x2 y2 in pixels" if is_first else "; looks like x1 y1 x2 y2 class"
    is_per_cent = len(boxes) >= _ENOUGH and max(map(max, boxes)) <= _PER_CENT
    return "; looks like per cent or pixels" if is_first and is_per_cent else "; looks like pixels" if is_first else ""


class RowLayout(NamedTuple):
    """The layout of the rows of a dataset.

    Attributes:
        usual: The kind of most rows: `box`, `outline`, `oriented box` or `pose`.
        oriented: Whether four points are the corners of an oriented box.
        pose: Columns of a row with keypoints; 0 without keypoints.
        angled: Whether a number after a box is an angle.
        visible: Whether a third number of each keypoint says how visible it is.
    """

    usual: str = "box"
    oriented: bool = False
    pose: int = 0
    angled: bool = False
    visible: bool = False

    def kind(self, columns: int) -> str:
        """Return the kind of a row with so many columns; empty if unknown."""
        if columns == self.pose:
            return "pose"
        if columns in {BOX, PREDICTED}:
            return "box"
        if columns == ORIENTED and self.oriented:
            return "oriented box"
        return "outline" if columns >= OUTLINE and columns % 2 else ""


def layout_of(rows: Sequence[Row], keypoints: tuple[int, int]) -> RowLayout:
    """Return the layout of rows, from a sample of them and the keypoints of `data.yaml`.

    Four corners and an outline of four vertices look alike: they are corners if no outline has more or fewer.
    """
    number, columns = keypoints
    pose = BOX + number * columns if number else _pose_columns(rows)
    lengths = [len(values) for _, values in rows]
    oriented = {length for length in lengths if length not in {BOX, PREDICTED, pose}} == {ORIENTED}
    kinds = Counter(RowLayout("", oriented, pose).kind(length) for length in lengths)
    angled = any(len(values) == PREDICTED and not 0 <= values[BOX] <= 1 and values[BOX] % 1 for _, values in rows)
    posed = [values for _, values in rows if len(values) == pose]
    visible = columns != len("xy") and bool(posed) and (pose - BOX) % _WITH_VISIBILITY == 0
    visible = visible and all(map(_has_visibility, posed))
    return RowLayout(kinds.most_common(1)[0][0] if kinds else "box", oriented, pose, angled, visible)


def _pose_columns(rows: Sequence[Row]) -> int:
    """Return the columns of rows with keypoints not in `data.yaml`: all equally long and valid as a pose."""
    lengths = {len(values) for _, values in rows} - {BOX}
    if len(lengths) != 1:
        return 0
    length = lengths.pop()
    posed = [values for _, values in rows if len(values) == length]
    tests: tuple[tuple[int, Callable[[list[float]], bool]], ...]
    tests = (_WITH_VISIBILITY, _has_visibility), (_WITH_VISIBILITY - 1, _is_within)
    for columns, test in tests:
        fits = length > BOX + columns and (length - BOX) % columns == 0 and length != ORIENTED
        if fits and (columns == _WITH_VISIBILITY or len(posed) >= _ENOUGH) and all(map(test, posed)):
            return length
    return 0


def _has_visibility(values: list[float]) -> bool:
    """Return whether every third number after the box is 0, 1 or 2."""
    return set(values[BOX + 2 :: 3]) <= {0.0, 1.0, 2.0}


def _is_within(values: list[float]) -> bool:
    """Return whether all labelled points are in the box."""
    _, x, y, width, height = values[:BOX]
    points = [point for point in zip(values[BOX::2], values[BOX + 1 :: 2], strict=False) if any(point)]
    return all(abs(px - x) <= width / 2 + 0.01 and abs(py - y) <= height / 2 + 0.01 for px, py in points)
