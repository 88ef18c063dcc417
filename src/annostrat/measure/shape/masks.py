"""Shape figures of pixel masks: the same as for outlines, with each pixel a unit square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.annotations.masks.runs import lowest_of_component
from annostrat.measure.shape.hulls import hull_areas
from annostrat.measure.shape.outlines import GRID, Shapes, figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Bits = NDArray[np.bool_]


def shapes(masks: Sequence[Mask]) -> Shapes:
    """Return the figures of masks."""
    first = np.cumsum([0, *(len(mask.rows) for mask in masks)])
    rows, starts, stops = (
        np.concatenate([mask[column] for mask in masks]).astype(np.float64) if masks else np.empty(0)
        for column in (4, 5, 6)
    )
    x, y, corners = _corners(rows, starts, stops, first)
    low = np.array([(mask.left, mask.top) for mask in masks], np.float64).reshape(-1, 2)
    sizes = np.array([(mask.width, mask.height) for mask in masks], np.float64).reshape(-1, 2)
    moments = _moments(rows, starts, stops, first)
    return Shapes(np.hstack([low, low + sizes]), *figures(moments, hull_areas(x, y, corners)))


def _moments(rows: Floats, starts: Floats, stops: Floats, first: Integers) -> Floats:
    """Return area and the integrals of x, y, x², y², xy over the runs of each mask, of shape (6, masks).

    A run is a rectangle of height 1: the integral of x over it is (stop² - start²) / 2, and so on.
    """
    length, middle = stops - starts, rows + 0.5
    of_x = (stops * stops - starts * starts) / 2
    of_xx, of_yy = (stops**3 - starts**3) / 3, length * (middle * middle + 1 / 12)
    integrals = (length, of_x, length * middle, of_xx, of_yy, of_x * middle)
    return np.array([np.add.reduceat(each, first[:-1]) if len(each) else each for each in integrals])


def _corners(rows: Floats, starts: Floats, stops: Floats, first: Integers) -> tuple[Floats, Floats, Integers]:
    """Return x and y of pixel corners of each mask that include all corners of its convex hull.

    They go down the left side of a mask and up its right side, as a hull does. The third array gives where the corners
    of each mask begin.
    """
    is_new = np.diff(rows, prepend=-1) != 0
    is_new[first[:-1]] = True
    begins = np.flatnonzero(is_new)
    left, right, row = starts[begins], stops[np.append(begins[1:], len(rows))[: len(begins)] - 1], rows[begins]
    owner = np.searchsorted(first, begins, side="right") - 1
    down, up = np.flatnonzero(_outermost(left, owner)), np.flatnonzero(_outermost(-right, owner))[::-1]
    order = np.argsort(np.concatenate([owner[down], owner[up]]), kind="stable")
    x, y = np.concatenate([left[down], right[up]])[order], np.concatenate([row[down], row[up]])[order]
    lower = np.repeat([0, 1], [len(down), len(up)])[order]  # the first of a pixel's two corners
    ends = np.searchsorted(np.sort(owner[np.append(down, up)]), np.arange(len(first)))
    return np.repeat(x, 2), np.stack([y + lower, y + 1 - lower], axis=1).ravel(), 2 * ends


def _outermost(x: Floats, owner: Integers) -> Bits:
    """Return which rows reach further left than all above or all below them; no other row can touch the hull.

    Each mask is shifted left of the previous one, so that the running minimum restarts with each mask.
    """
    apart = owner * (2 * np.abs(x).max(initial=0) + 1)
    from_above, from_below = x - apart, (x + apart)[::-1]
    return (
        np.append(True, from_above[1:] < np.minimum.accumulate(from_above)[:-1])[: len(x)]
        | (np.append(True, from_below[1:] < np.minimum.accumulate(from_below)[:-1])[: len(x)][::-1])
    )


def add_crossings(sums: NDArray[np.int32], cell: Integers, masks: Sequence[Mask]) -> None:
    """Do for masks what `outlines.add_crossings` does: a cell is covered if the mask's pixel there is set."""
    middle = (np.arange(GRID) + 0.5) / GRID
    for mask, place in zip(masks, cell, strict=True):
        rows, columns = (middle * mask.height).astype(int), (middle * mask.width).astype(int)
        wanted = rows[:, None] * (mask.width + 1) + columns
        started, stopped = (np.searchsorted(edges, wanted, "right") for edges in _places(mask))
        sums[place] += np.diff((started - stopped).astype(np.int8), axis=1, prepend=0, append=0)


def _places(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where runs start and stop, as flat indices into the mask with one unset column appended."""
    begin = mask.rows * np.int32(mask.width + 1)  # at most the number of pixels in an image
    return begin + mask.starts, begin + mask.stops


def has_parts(mask: Mask) -> bool:
    """Return whether a mask has several connected components (8-connectivity)."""
    starts, stops = _places(mask)
    stride = mask.width + 1
    first = np.searchsorted(stops, starts - stride)
    counts = np.searchsorted(starts, stops - stride, side="right") - first
    below = np.repeat(np.arange(len(starts), dtype=np.int32), counts)
    above = np.repeat((first - (np.cumsum(counts) - counts)).astype(np.int32), counts)
    above += np.arange(len(below), dtype=np.int32)
    return bool(lowest_of_component(len(starts), above, below).any())
