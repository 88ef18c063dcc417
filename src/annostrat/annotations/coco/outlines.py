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

_COMMA, _OPEN, _CLOSE, _BRACE, _HIGHEST, _BREAK, _SPACE = b",[]{e\n "
_EMPTY, _SEPARATOR = b"[]", b",\n"


class Parts(NamedTuple):
    """Boxes and outlines of n labels.

    Attributes:
        boxes: x, y, width, height, of shape (n, 4); nan where a label has no box.
        points: Vertices of all outlines, of shape (m, 2).
        starts: First vertex of each part, and m.
        owner: The label of each part.
        masks: Run lengths, as in the file, by label.
        refused: The label of each part that has too few vertices or half a one; such a part is left out.
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
        UnusualError: A box has not four numbers, or an outline is neither a list of lists of numbers nor an object.
    """
    values, lengths, owner, nested = _lists(_joined(boxes), len(boxes))
    if nested or (lengths != 4).any() or (np.diff(owner) == 0).any():  # noqa: PLR2004 - x, y, width, height
        raise UnusualError
    found = np.full((len(boxes), 4), np.nan)
    found[owner] = values.reshape(-1, 4)
    masks: dict[int, bytes] = {}
    text = _joined(outlines)
    if b"{" in text:
        masks = {number: bytes(raw) for number, raw in enumerate(outlines) if memoryview(raw)[0] == _BRACE}
        text = _joined([_EMPTY if number in masks else raw for number, raw in enumerate(outlines)])
    values, lengths, owner, _ = _lists(text, len(outlines))
    good = (lengths % 2 == 0) & (lengths >= 2 * MIN_VERTICES)
    if not good.all():
        values = values[np.repeat(good, lengths)]
    if np.abs(values).max(initial=0) >= MAX_PLACE:
        raise UnusualError
    starts = np.concatenate([[0], np.cumsum(lengths[good] // 2)])
    return Parts(found, values.reshape(-1, 2), starts, owner[good], masks, owner[~good])


def _joined(values: Sequence[Any]) -> bytes:
    """Return the JSON of values with a line for each; what is indented loses its white space, which parts no number."""
    text = _SEPARATOR.join(values)
    if np.count_nonzero(np.frombuffer(text, np.uint8) == _BREAK) < max(len(values), 1):
        return text
    return _SEPARATOR.join([bytes(value).translate(None, b" \t\n\r") for value in values])


class _Lists(NamedTuple):
    """Innermost lists of numbers.

    Attributes:
        numbers: All numbers.
        lengths: How many each list has.
        owner: To which value it belongs.
        nested: Whether any is in another list.
    """

    numbers: Floats
    lengths: Integers
    owner: Integers
    nested: bool


def _lists(text: bytes, values: int) -> _Lists:
    """Return the numbers of joined values, each of which is a list of numbers, or a list of such lists.

    Raises:
        UnusualError: One is something else.
    """
    bytes_ = np.frombuffer(text, np.uint8)
    if bytes_.max(initial=0) > _HIGHEST:  # a letter or a brace: no lists of numbers
        raise UnusualError
    try:
        numbers = numbers_of(b"[%s]" % text)
    except ValueError as error:
        raise UnusualError from error
    marks = np.flatnonzero((bytes_ == _COMMA) | (bytes_ == _CLOSE))
    mark = np.flatnonzero(bytes_[marks] == _CLOSE)
    closing = marks[mark]
    before, after, next_ = (bytes_.take(closing + step, mode="clip") for step in (-1, 1, 2))
    between = after == _COMMA  # such a comma is between lists, not numbers
    ends = between & (next_ == _BREAK)
    owner = np.cumsum(ends) - ends
    outer, empty = before == _CLOSE, closing[before == _OPEN]
    if (
        np.count_nonzero(ends) + 1 < values
        or _first_inner(bytes_) != np.count_nonzero(outer)
        or (np.diff(owner[outer]) == 0).any()  # lists in lists in a list
        or (bytes_[empty[empty > 1] - 2] != _BREAK).any()  # an empty list within another
    ):
        raise UnusualError
    counts = mark - np.arange(len(mark)) - np.cumsum(between) + between  # commas between numbers
    filled = np.flatnonzero(~outer & (before != _OPEN))
    counts = counts[filled] + np.arange(1, len(filled) + 1)
    if (counts[-1] if len(counts) else 0) != len(numbers):
        raise UnusualError
    return _Lists(numbers, np.diff(counts, prepend=0), owner[filled], bool(outer.any()))


def _first_inner(bytes_: NDArray[np.uint8]) -> int:
    """Return how many lists are the first in another one.

    Raises:
        UnusualError: One follows a number.
    """
    opening = np.flatnonzero(bytes_ == _OPEN)
    first, second, third = (bytes_.take(opening - step, mode="clip") for step in (1, 2, 3))
    behind = (first == _COMMA) & (second == _CLOSE) | (first == _SPACE) & (second == _COMMA) & (third == _CLOSE)
    inner = (first == _OPEN) & (opening > 0)
    if not (behind | inner | (first == _BREAK) | (opening == 0)).all():
        raise UnusualError
    return int(np.count_nonzero(inner))
