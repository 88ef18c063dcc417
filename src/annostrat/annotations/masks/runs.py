"""Masks as the runs of their rows: their memory grows with the outline, not with the area.

A run is the set pixels of a row from `start` to before `stop`. Formats that pack masks say where runs begin and end,
along the rows or the columns of the image, so no pixel is ever unpacked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

MOST_RUNS = 4_000_000
"""Runs of the masks in memory at once, a dozen bytes each: of one image, or of one piece of a file."""


class RunsError(ValueError):
    """Runs that are not a mask of the stated size, or too many for memory.

    Attributes:
        kind: The kind of finding that this is.
    """

    def __init__(self, message: str, kind: str = "mask_damaged") -> None:
        super().__init__(message)
        self.kind = kind


def _too_many() -> RunsError:
    return RunsError(f"the mask falls into more than {MOST_RUNS:,} runs", "mask_too_large")


class Mask(NamedTuple):
    """The pixels of one object.

    Attributes:
        left: x of the crop's left edge, in pixels.
        top: y of the crop's upper edge, in pixels.
        width: Of the crop; its outer columns have a set pixel each.
        height: Of the crop; its outer rows have a set pixel each.
        rows: Row of each run within the crop, of shape (n,); in reading order.
        starts: First column of each run within the crop.
        stops: The column after its last one; two runs of a row do not touch.
    """

    left: int
    top: int
    width: int
    height: int
    rows: NDArray[np.int32]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]

    @property
    def pixels(self) -> NDArray[np.bool_]:
        """The crop unpacked, of shape (height, width)."""
        edges = np.zeros((self.height, self.width + 1), np.int8)
        edges[self.rows, self.starts] = 1
        edges[self.rows, self.stops] -= 1
        return np.cumsum(edges, axis=1, dtype=np.int8)[:, :-1].astype(bool)

    @property
    def area(self) -> int:
        """How many pixels are set."""
        return int(self.stops.sum(dtype=np.int64) - self.starts.sum(dtype=np.int64))

    @property
    def extents(self) -> tuple[float, float, float, float]:
        """x1, y1, x2, y2 of the crop."""
        return float(self.left), float(self.top), float(self.left + self.width), float(self.top + self.height)


def mask_of_pixels(pixels: NDArray[np.bool_], left: int = 0, top: int = 0) -> Mask | None:
    """Return the mask of the set pixels of an image or of a part of it, or None where none is set.

    Args:
        pixels: Whether each pixel is set, of shape (height, width).
        left: x of the part's left edge in the image.
        top: y of the part's upper edge in the image.
    """
    height, width = pixels.shape
    edges = np.zeros((height, width + 1), np.bool_)
    edges[:, 0], edges[:, -1] = pixels[:, 0], pixels[:, -1]
    np.not_equal(pixels[:, 1:], pixels[:, :-1], out=edges[:, 1:-1])
    if np.count_nonzero(edges) > 2 * MOST_RUNS:
        raise _too_many()
    places = np.flatnonzero(edges)
    rows, columns = np.divmod(places, width + 1)
    return mask_of_runs(rows[::2], columns[::2], columns[1::2], left, top)


def mask_of_runs(rows: Integers, starts: Integers, stops: Integers, left: int = 0, top: int = 0) -> Mask | None:
    """Return the mask of runs in reading order, or None where there is none."""
    if not len(rows):
        return None
    first, low = int(rows[0]), int(starts.min())
    height, width = int(rows[-1]) + 1 - first, int(stops.max()) - low
    columns = ((rows - first).astype(np.int32), (starts - low).astype(np.int32), (stops - low).astype(np.int32))
    return Mask(left + low, top + first, width, height, *columns)


def mask_of_rows(begins: Integers, ends: Integers, width: int) -> Mask | None:
    """Return the mask of stretches of set pixels, counted along the rows of an image; None where there is none.

    Args:
        begins: First pixel of each stretch, ascending.
        ends: The pixel after its last one; it may be in another row.
        width: Of the image.

    Raises:
        RunsError: There are too many.
    """
    begins, ends = _merged(begins, ends)
    first, last = begins // width, (ends - 1) // width
    counts = last - first + 1
    if counts.sum() > MOST_RUNS:
        raise _too_many()
    rows = _counting(first, counts)
    owner = np.repeat(np.arange(len(begins)), counts)
    starts = np.where(rows == first[owner], begins[owner] - rows * width, 0)
    stops = np.where(rows == last[owner], ends[owner] - rows * width, width)
    return mask_of_runs(rows, starts, stops)


def mask_of_columns(begins: Integers, ends: Integers, height: int) -> Mask | None:
    """Return the same of stretches that are counted down the columns of an image, as COCO's are.

    A run of a row starts at a set pixel whose left neighbour is not set, and stops at one that is not set and whose
    left neighbour is. The left neighbour is `height` pixels earlier: shifted by as much, the stretches are those of the
    left neighbours. In an image of height 3, the stretch 1 to 7 (of nine pixels) starts runs at 1, 2, 3 and stops them
    at 7, 8, 9; by row and column these are (0: 1-3), (1: 0-2), (2: 0-2).

    Raises:
        RunsError: There are too many.
    """
    begins, ends = _merged(begins, ends)
    own, shifted = (begins, ends), (begins + height, ends + height)
    starts, stops = _without(own, shifted), _without(shifted, own)
    width = int(ends[-1] - 1) // height + 2 if len(ends) else 1
    starts, stops = (np.sort(places % height * width + places // height) for places in (starts, stops))
    return mask_of_runs(starts // width, starts % width, stops % width)


def _merged(begins: Integers, ends: Integers) -> tuple[Integers, Integers]:
    """Return stretches without empty ones, and those that touch as one."""
    there = ends > begins
    begins, ends = begins[there], ends[there]
    apart = begins[1:] != ends[:-1]
    return begins[np.append(True, apart)[: len(begins)]], ends[np.append(apart, True)[: len(ends)]]


def _without(some: tuple[Integers, Integers], others: tuple[Integers, Integers]) -> Integers:
    """Return each pixel of some stretches that is in none of the others."""
    places = np.concatenate([*some, *others])
    count, other = len(some[0]), len(others[0])
    inside = np.repeat([1, -1, 0, 0], [count, count, other, other])
    covered = np.repeat([0, 0, 1, -1], [count, count, other, other])
    order = np.argsort(places, kind="stable")
    places = places[order]
    kept = (np.cumsum(inside[order]) > 0) & (np.cumsum(covered[order]) == 0)
    lengths = np.where(kept, np.diff(places, append=places[-1:]), 0)
    if lengths.sum() > MOST_RUNS:
        raise _too_many()
    return _counting(places, lengths)


def _counting(first: Integers, counts: Integers) -> Integers:
    """Return, for each number, so many numbers from it on."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts)


def lowest_of_component(count: int, one: NDArray[np.integer], other: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return, for each of `count` nodes, the lowest node of its component.

    Union-find for all nodes at once: every node points to the lowest neighbour known, pointers are shortened until they
    end at a root, and edges between two roots are left for the next round. Of nodes 0 to 3 with the edges 1-2 and 2-3,
    2 points to 1 and 3 to 2, then 3 to 1 as well: the components are 0 and 1-2-3.

    Args:
        count: How many nodes there are.
        one: One end of each edge.
        other: Its other end.
    """
    root = np.arange(count, dtype=one.dtype)
    while len(one):
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while (root != root[root]).any():
            root = root[root]
        one, other = root[one], root[other]
        apart = one != other
        one, other = one[apart], other[apart]
    return root
