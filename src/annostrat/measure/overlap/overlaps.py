"""Which boxes of an image overlap, and by how much; all images of a data set in one sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

BLOCK = 400_000
"""Candidate pairs looked at together, so that memory stays bounded whatever the images hold."""
COVERED, HALF_COVERED, INSIDE = 0.2, 0.5, 0.9
"""Shares of a box within another from which it counts as covered, as half covered, as part of the other."""
DUPLICATE = 0.95
"""IoU above which two labels of one class are taken for the same object labelled twice."""


class Overlaps(NamedTuple):
    """What overlaps say of n boxes, and which classes cover them.

    Attributes:
        max_iou: The highest IoU with any other box of the image, of shape (n,).
        max_iou_same: The same, with boxes of the same class.
        pairs: How many boxes that come later have an IoU above one half with it, of shape (n,).
        duplicate: Whether an earlier box of the same class is nearly the same, of shape (n,).
        covers: Which object is covered by which class, to which level: of shape (k, 3), each pair once. The level is
            1, 2 or 3: from `COVERED`, from `HALF_COVERED`, from `INSIDE` on, by the box of the class that covers most.
    """

    max_iou: Floats
    max_iou_same: Floats
    pairs: Integers
    duplicate: NDArray[np.bool_]
    covers: Integers


def overlaps(image: Integers, category: Integers, boxes: Floats, classes: int) -> Overlaps:
    """Return how boxes overlap.

    Args:
        image: Index of each box's image, ascending, of shape (n,).
        category: Index of each box's class.
        boxes: x1, y1, x2, y2, finite, with positive extents, of shape (n, 4).
        classes: How many classes there are.
    """
    count = len(image)
    zeros, none = np.zeros(count), np.empty((0, 3), np.int64)
    found = Overlaps(zeros, zeros.copy(), np.zeros(count, np.int64), np.zeros(count, bool), none)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    covers = _Covers(count, max(classes, 1))
    for a, b in _candidates(image, boxes):
        width = np.minimum(boxes[a, 2], boxes[b, 2]) - np.maximum(boxes[a, 0], boxes[b, 0])
        height = np.minimum(boxes[a, 3], boxes[b, 3]) - np.maximum(boxes[a, 1], boxes[b, 1])
        meet = (width > 0) & (height > 0)
        a, b, common = a[meet], b[meet], width[meet] * height[meet]  # noqa: PLW2901 - only those that meet go on
        iou = common / (areas[a] + areas[b] - common)
        same = category[a] == category[b]
        _note(found, a, b, iou, same)
        covers.add(a, category[b], common / areas[a])
        covers.add(b, category[a], common / areas[b])
    return found._replace(covers=covers.table())


class _Covers:
    """Which object is covered by which class, each pair once, with the highest level."""

    def __init__(self, objects: int, classes: int) -> None:
        self._classes = classes
        self._keys: Integers = np.empty(0, np.int64)
        self._levels: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._dense = np.zeros(objects * classes if objects * classes <= MOST_CELLS else 0, np.uint8)

    def add(self, one: Integers, by: Integers, share: Floats) -> None:
        """Add objects, each covered to some share by a class."""
        kept = share > COVERED
        level = (1 + (share[kept] > HALF_COVERED).astype(np.uint8) + (share[kept] >= INSIDE)).astype(np.uint8)
        key = one[kept] * self._classes + by[kept]
        if len(self._dense):
            np.maximum.at(self._dense, key, level)
            return
        self._keys, self._levels = np.append(self._keys, key), np.append(self._levels, level)
        if len(self._keys) > 4 * BLOCK:
            self._keys, self._levels = _highest(self._keys, self._levels)

    def table(self) -> Integers:
        """Return object, class and level of each pair, of shape (k, 3)."""
        if len(self._dense):
            keys = np.flatnonzero(self._dense != 0)
            levels = self._dense[keys]
        else:
            keys, levels = _highest(self._keys, self._levels)
        return np.stack([keys // self._classes, keys % self._classes, levels], axis=1).astype(np.int64)


MOST_CELLS = 64_000_000
"""Objects times classes up to which a level for each is kept, of a byte."""


def _highest(keys: Integers, levels: NDArray[np.uint8]) -> tuple[Integers, NDArray[np.uint8]]:
    """Return each key once, with its highest level."""
    order = np.argsort(keys * 4 + levels)  # a level is at most 3
    keys, levels = keys[order], levels[order]
    last = np.append(keys[1:] != keys[:-1], True)[: len(keys)]
    return keys[last], levels[last]


def _candidates(image: Integers, boxes: Floats) -> Iterator[tuple[Integers, Integers]]:
    """Yield pairs of boxes of one image that may overlap, in blocks; which of a pair comes first is not said."""
    order, last = _reaching(image, boxes[:, 0], boxes[:, 2])
    counts = last - np.arange(len(order)) - 1
    ends = np.cumsum(counts)
    start = 0
    while start < len(order):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + BLOCK, side="right")))
        yield from _block(order, start, stop, counts, ends)
        start = stop


def _block(
    order: Integers, start: int, stop: int, counts: Integers, ends: Integers
) -> Iterator[tuple[Integers, Integers]]:
    """Yield the pairs of some boxes; those of a single box with very many candidates in several goes."""
    number = np.arange(start, stop)
    of = counts[start:stop]
    if len(number) == 1 and of[0] > BLOCK:
        for begin in range(0, int(of[0]), BLOCK):
            other = start + 1 + np.arange(begin, min(begin + BLOCK, int(of[0])))
            yield np.full(len(other), order[start]), order[other]
        return
    one = np.repeat(number, of)
    step = np.arange(len(one)) - np.repeat(ends[start:stop] - of - (ends[start - 1] if start else 0), of)
    yield order[one], order[one + 1 + step]


def _reaching(image: Integers, left: Floats, right: Floats) -> tuple[Integers, Integers]:
    """Return the order of boxes by image and left edge, and before which one each of them ends, at the latest."""
    starts = np.diff(image, prepend=-1) != 0
    low = left.min(initial=0)
    span = max(right.max(initial=1) - low, 1e-300)
    # One number for image and place; what rounding adds as a candidate does not overlap and is dropped later.
    number = np.cumsum(starts) * 2.0
    place = number + (left - low) / span
    order = np.argsort(place)
    end = number + (right - low) / span * (1 + 1e-12) + 1e-9
    last = np.searchsorted(place[order], end[order], side="right")
    return order, np.maximum(last, np.arange(len(image)) + 1)


def _note(found: Overlaps, a: Integers, b: Integers, iou: Floats, same: NDArray[np.bool_]) -> None:
    for one in (a, b):
        np.maximum.at(found.max_iou, one, iou)
        np.maximum.at(found.max_iou_same, one[same], iou[same])
    first, later = np.minimum(a, b), np.maximum(a, b)
    np.add.at(found.pairs, first[iou > 0.5], 1)  # noqa: PLR2004 - the threshold of CrowdHuman's pair overlap
    found.duplicate[later[same & (iou > DUPLICATE)]] = True
