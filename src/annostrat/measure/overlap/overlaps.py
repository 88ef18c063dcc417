"""Which boxes of an image overlap, and by how much; all images of a data set in one sweep."""

# Boxes are ordered by image and left edge. A box can only overlap those after it that begin left of its right edge:
# with x from 0 to 4, 1 to 3 and 5 to 6, the first meets the second alone. These candidates follow the box in the order,
# so that blocks of them, from many images, are processed together. Where an image is so crowded that most of its boxes
# are candidates of each other, each box is instead compared with all others at once, without listing the pairs.

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

BLOCK = 400_000
"""Candidate pairs processed together, so that memory stays bounded."""
COVERED, HALF_COVERED, INSIDE = 0.2, 0.5, 0.9
"""Shares of a box within another from which it counts as covered, as half covered, as part of the other."""
LEVELS = (COVERED, HALF_COVERED, np.nextafter(INSIDE, 0))
"""Shares above which each level begins."""
HALF = 0.5
"""IoU above which CrowdHuman counts a pair of overlapping boxes."""
DUPLICATE = 0.95
"""IoU above which two labels of one class are taken for the same object labelled twice."""


class Overlaps(NamedTuple):
    """How n boxes overlap, and which classes cover them.

    Attributes:
        max_iou: The highest IoU with any other box of the image, of shape (n,).
        max_iou_same: The same, with boxes of the same class.
        pairs: Number of boxes with which it has an IoU above one half, each pair counted at the first, of shape (n,).
        duplicate: Whether an earlier box of the same class is nearly the same, of shape (n,).
        covers: Object, the class that covers it, and the level, of shape (k, 3), each pair once. The level is 1, 2 or
            3, from `COVERED`, `HALF_COVERED` or `INSIDE` on, by the box of the class that covers most of it.
    """

    max_iou: Floats
    max_iou_same: Floats
    pairs: Floats
    duplicate: NDArray[np.bool_]
    covers: Integers


def overlaps(image: Integers, category: Integers, boxes: Floats, classes: int) -> Overlaps:
    """Return how boxes overlap.

    Args:
        image: Index of each box's image, ascending, of shape (n,).
        category: Index of each box's class.
        boxes: x1, y1, x2, y2, finite, with positive extents, of shape (n, 4).
        classes: Number of classes.
    """
    count = len(image)
    zeros, none = np.zeros(count), np.empty((0, 3), np.int64)
    found = Overlaps(zeros, zeros.copy(), zeros.copy(), np.zeros(count, bool), none)
    covers = _Covers(count, max(classes, 1))
    order, reach = _reaching(image, boxes[:, 0], boxes[:, 2])
    starts = np.flatnonzero(np.diff(image, prepend=-1))
    sizes = np.diff(starts, append=count)
    crowded = (sizes > FEW_BOXES) & (np.add.reduceat(reach, starts) * FULL > sizes**2) if count else sizes > 0
    for first, size in zip(starts[crowded].tolist(), sizes[crowded].tolist(), strict=True):
        _compare_all(found, covers, slice(first, first + size), category, boxes)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for a, b in _candidates(order, np.where(np.repeat(crowded, sizes), 0, reach)):
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


FEW_BOXES, FULL = 1_000, 20
"""Boxes of an image up to which its candidates are always listed; how many comparisons with all boxes cost as much as
one listed candidate."""


ROWS, COLUMNS = 64, 2_048
"""Boxes compared at once: many for each call of numpy, few enough for the processor's cache."""


def _compare_all(found: Overlaps, covers: _Covers, where: slice, category: Integers, boxes: Floats) -> None:
    """Note the overlaps of one image's boxes: of a few boxes with a stretch of those after them at a time.

    Boxes are ordered by class, so that a class is a run of columns, whose highest values `reduceat` finds. What a box
    shares with earlier ones is kept as a running maximum.
    """
    order = where.start + np.argsort(category[where], kind="stable")
    place = order.astype(np.int32)  # which are compared twice as quickly
    sides, count = np.ascontiguousarray(boxes[order].T), len(order)
    areas = (sides[2] - sides[0]) * (sides[3] - sides[1])
    starts = np.flatnonzero(np.diff(category[order], prepend=-1))
    best, best_same, pairs, duplicate = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count, bool)
    buffers = np.empty((3, ROWS, COLUMNS))
    for begin, end in pairwise([*starts.tolist(), count]):
        most = np.zeros(count)  # area that each box shares with one of this class
        for first, low in ((i, j) for i in range(begin, end, ROWS) for j in range(i, count, COLUMNS)):
            rows, columns = slice(first, min(first + ROWS, end)), slice(low, min(low + COLUMNS, count))
            common, iou = _shared(rows, columns, sides, areas, buffers)
            if low == first:  # these are the boxes themselves, and each is compared with those after it
                before = np.tri(rows.stop - first, dtype=bool)
                common[:, : len(before)][before] = iou[:, : len(before)][before] = 0
            runs = np.append(0, starts[(starts > low) & (starts < columns.stop)] - low)
            highest = np.maximum.reduceat(iou, runs, axis=1)
            np.maximum(best[rows], highest.max(axis=1), out=best[rows])
            most_alike = iou.max(axis=0)
            np.maximum(best[columns], most_alike, out=best[columns])
            np.maximum(most[columns], common.max(axis=0), out=most[columns])
            near = iou > HALF
            if columns.stop > end:  # boxes of other classes may come before these in the image
                turned = near & (place[rows, None] > place[columns])
                pairs[columns] += turned.sum(axis=0, dtype=np.int16)
                near ^= turned
            pairs[rows] += near.sum(axis=1, dtype=np.int16)
            share = np.maximum.reduceat(common, runs, axis=1) / areas[rows, None]
            covers.add(order[rows, None], category[order[low + runs]], share)
            if low < end:
                same, alike = slice(low, min(end, columns.stop)), most_alike[: end - low]
                np.maximum(best_same[rows], highest[:, 0], out=best_same[rows])
                np.maximum(best_same[same], alike, out=best_same[same])
                duplicate[same] |= alike > DUPLICATE
        covers.add(order, category[order[begin]], most / areas)
    found.max_iou[order], found.max_iou_same[order] = best, best_same
    found.pairs[order], found.duplicate[order] = pairs, duplicate


def _shared(rows: slice, columns: slice, sides: Floats, areas: Floats, buffers: Floats) -> tuple[Floats, Floats]:
    """Return the area that each of some boxes shares with each of others, and the IoU; both in the buffers.

    Either is 0 or below if the boxes do not meet.
    """
    one, others = sides[:, rows, None], sides[:, columns]
    common, height, other = buffers[:, : one.shape[1], : others.shape[1]]
    for low, length in enumerate((common, height)):
        np.minimum(one[low + 2], others[low + 2], out=length)
        np.subtract(length, np.maximum(one[low], others[low], out=other), out=length)
    common *= np.maximum(height, 0, out=height)
    union = np.subtract(np.add(areas[rows, None], areas[columns], out=other), common, out=other)
    return common, np.divide(common, union, out=union)


class _Covers:
    """Which object is covered by which class, each pair once, with the highest level."""

    def __init__(self, objects: int, classes: int) -> None:
        self._classes = classes
        self._keys: Integers = np.empty(0, np.int64)
        self._levels: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._dense = np.zeros(objects * classes if objects * classes <= MOST_CELLS else 0, np.uint8)

    def add(self, one: Integers, by: Integers, share: Floats) -> None:
        """Add objects, each covered to some share by a class; the arrays are broadcast."""
        kept = share > COVERED
        level = np.searchsorted(LEVELS, share[kept]).astype(np.uint8)
        key = (one * self._classes + by)[kept]
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


def _candidates(order: Integers, counts: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Yield pairs of boxes that may overlap, in blocks, either of a pair first; a box's candidates come after it."""
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
    """Yield the pairs of some boxes; if a single box has very many candidates, its pairs come in several blocks."""
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
    """Return the order of boxes by image and left edge, and how many of the next ones each of them may reach."""
    starts = np.diff(image, prepend=-1) != 0
    low = left.min(initial=0)
    span = max(right.max(initial=1) - low, 1e-300)
    # One number for image and place; what rounding adds as a candidate does not overlap and is dropped later.
    number = np.cumsum(starts) * 2.0
    place = number + (left - low) / span
    order = np.argsort(place)
    end = number + (right - low) / span * (1 + 1e-12) + 1e-9
    last = np.searchsorted(place[order], end[order], side="right")
    return order, np.maximum(last - np.arange(len(image)) - 1, 0)


def _note(found: Overlaps, a: Integers, b: Integers, iou: Floats, same: NDArray[np.bool_]) -> None:
    for one in (a, b):
        np.maximum.at(found.max_iou, one, iou)
        np.maximum.at(found.max_iou_same, one[same], iou[same])
    np.add.at(found.pairs, np.minimum(a, b)[iou > HALF], 1)
    found.duplicate[np.maximum(a, b)[same & (iou > DUPLICATE)]] = True
