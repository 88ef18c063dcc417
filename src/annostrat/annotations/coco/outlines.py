"""The boxes and outlines of many COCO labels at once: their JSON, joined, is parsed into one array of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.annotations import MAX_PLACE, MIN_VERTICES
from annostrat.annotations.coco.ids import UnusualError
from annostrat.annotations.text.json import numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_BRACE, _EMPTY, _SEPARATOR = b"{"[0], b"[]", b","


class Parts(NamedTuple):
    """Boxes and outlines of n labels.

    Attributes:
        boxes: x, y, width, height, of shape (n, 4); nan if a label has no box.
        points: Vertices of all outlines, of shape (m, 2).
        starts: First vertex of each part, and m.
        owner: The label of each part.
        masks: Run lengths, as in the file, by label.
        refused: The label of each part that has too few vertices or an odd number of coordinates; it is left out.
    """

    boxes: Floats
    points: Floats
    starts: Integers
    owner: Integers
    masks: dict[int, bytes]
    refused: Integers


def parse_parts(boxes: Sequence[Any], outlines: Sequence[Any]) -> Parts:
    """Return the numbers of boxes and outlines, each given as JSON, as in the file.

    Raises:
        UnusualError: A box does not have four numbers, or an outline is neither a list of number lists nor an object.
    """
    values, lengths, owner, nested = _lists(_SEPARATOR.join(boxes), len(boxes))
    if nested.any() or (lengths != 4).any():  # noqa: PLR2004 - x, y, width, height
        raise UnusualError
    found = np.full((len(boxes), 4), np.nan)
    found[owner] = values.reshape(-1, 4)
    masks: dict[int, bytes] = {}
    text = _SEPARATOR.join(outlines)
    if b"{" in text:
        masks = {number: bytes(raw) for number, raw in enumerate(outlines) if memoryview(raw)[0] == _BRACE}
        text = _SEPARATOR.join([_EMPTY if number in masks else raw for number, raw in enumerate(outlines)])
    values, lengths, owner, _ = _lists(text, len(outlines))
    good = (lengths % 2 == 0) & (lengths >= 2 * MIN_VERTICES)
    if not good.all():
        values = values[np.repeat(good, lengths)]
    if np.abs(values).max(initial=0) >= MAX_PLACE:
        raise UnusualError
    starts = np.concatenate([[0], np.cumsum(lengths[good] // 2)])
    return Parts(found, values.reshape(-1, 2), starts, owner[good], masks, owner[~good])


class _Lists(NamedTuple):
    """Innermost lists of numbers, without those that are empty.

    Attributes:
        numbers: All numbers.
        lengths: Length of each list.
        owner: The value that each list belongs to.
        nested: Whether each list is in another list.
    """

    numbers: Floats
    lengths: Integers
    owner: Integers
    nested: NDArray[np.bool_]


def _lists(text: bytes, values: int) -> _Lists:
    """Return the numbers of joined values, each of which is a list of numbers, or a list of such lists.

    Parsing into one array would lose the list boundaries, so each bracket gets a marker number beside it that cannot be
    a coordinate: with 9 for 1e22, `[[1,2],[3]],[]` is read as 9 9 1 2 -9 9 3 -9 -9 9 -9. A 9 and a -9 with only numbers
    in between delimit an innermost list.

    Raises:
        UnusualError: A value is something else.
    """
    marked = text.replace(b"[", _OPENED).replace(b"]", _CLOSED)
    try:
        numbers = numbers_of(b"[%s]" % marked)
    except ValueError as error:
        raise UnusualError from error
    is_number = np.abs(numbers) < _MARK
    marks = np.flatnonzero(~is_number)
    opens = numbers[marks] > 0
    depth = np.cumsum(np.where(opens, 1, -1))
    inner = np.flatnonzero(opens[:-1] & ~opens[1:])
    lengths = marks[inner + 1] - marks[inner] - 1
    nested = depth[inner] > 1
    pairs = (len(marked) - len(text)) // (len(_OPENED + _CLOSED) - len("[]"))
    if (
        len(marks) != 2 * pairs  # a number is as large
        or np.count_nonzero(opens & (depth == 1)) != values
        or lengths.sum() + len(marks) != len(numbers)  # a number is beside a list, or in none
        or depth.max(initial=0) > _DEEPEST
        or (lengths[nested] == 0).any()
    ):
        raise UnusualError
    owner = np.cumsum(opens & (depth == 1))[inner] - 1
    filled = lengths > 0
    return _Lists(numbers[is_number], lengths[filled], owner[filled], nested[filled])


_MARK, _OPENED, _CLOSED, _DEEPEST = 1e22, b"1e22,[", b"],-1e22", 2
