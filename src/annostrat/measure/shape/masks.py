"""Shape figures of pixel masks: the same as for outlines, with each pixel a unit square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.shape.hulls import hull_areas
from annostrat.measure.shape.outlines import GRID, Shapes, figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Mask

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


def shapes(masks: Sequence[Mask]) -> Shapes:
    """Return the figures of masks."""
    moments = np.array([_moments(mask.pixels) for mask in masks]).reshape(-1, 6).T
    corners = [_corners(mask.pixels) for mask in masks]
    first = np.cumsum([0, *(len(points) for points in corners)])
    x, y = np.concatenate(corners).T if corners else np.empty((2, 0))
    hulls = hull_areas(x, y, first)
    sizes = np.array([mask.pixels.shape[::-1] for mask in masks], np.float64).reshape(-1, 2)
    low = np.array([(mask.left, mask.top) for mask in masks], np.float64).reshape(-1, 2)
    return Shapes(np.hstack([low, low + sizes]), *figures(moments, hulls))


def _moments(pixels: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return area and the integrals of x, y, x², y², xy over the pixels, each a unit square."""
    by_column, by_row = pixels.sum(axis=0, dtype=np.float64), pixels.sum(axis=1, dtype=np.float64)
    x, y = np.arange(len(by_column)) + 0.5, np.arange(len(by_row)) + 0.5
    area = by_column.sum()
    own = area / 12  # the second moment of a unit square around its middle
    xy = float(y @ (pixels @ x))
    return area, by_column @ x, by_row @ y, by_column @ (x * x) + own, by_row @ (y * y) + own, xy


def _corners(pixels: NDArray[np.bool_]) -> Floats:
    """Return the outermost corners of each row's pixels, among which are all corners of the convex hull."""
    rows = np.flatnonzero(pixels.any(axis=1))
    left = pixels[rows].argmax(axis=1)
    right = pixels.shape[1] - pixels[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([left, left, right, right]), np.concatenate([rows, rows + 1, rows, rows + 1])
    return np.stack([x, y], axis=1).astype(np.float64)


def add_crossings(sums: NDArray[np.int32], cell: Integers, masks: Sequence[Mask]) -> None:
    """Do for masks what `outlines.add_crossings` does: a cell is covered if the mask's pixel there is set."""
    middle = (np.arange(GRID) + 0.5) / GRID
    for mask, place in zip(masks, cell, strict=True):
        height, width = mask.pixels.shape
        rows, columns = (middle * height).astype(int), (middle * width).astype(int)
        stretched = mask.pixels[np.ix_(rows, columns)].astype(np.int8)
        sums[place] += np.diff(stretched, axis=1, prepend=0, append=0)


def has_parts(mask: Mask) -> bool:
    """Return whether a mask has several connected components (8-connectivity).

    The mask is scanned in bands of rows, so that memory stays bounded. Each band starts with the last row of the band
    above, and `labels` says which runs of that row belong to the same component.
    """
    height, width = mask.pixels.shape
    rows = max(1, BAND_PIXELS // width)
    labels: Integers = np.empty(0, np.int64)
    ended = 0
    for top in range(0, height, rows):
        band = mask.pixels[max(top - 1, 0) : top + rows]
        starts, above, below = _runs(band)
        _, first, same = np.unique(labels, return_index=True, return_inverse=True)
        above, below = np.append(above, first[same]), np.append(below, np.arange(len(labels)))
        root = _roots(len(starts), above, below)
        labels = root[starts >= (len(band) - 1) * (width + 1)]
        ended += int((root == np.arange(len(root))).sum()) - len(np.unique(labels))
    return ended + len(np.unique(labels)) > 1


BAND_PIXELS = 1 << 20


def _runs(pixels: NDArray[np.bool_]) -> tuple[Integers, Integers, Integers]:
    """Return where runs of set pixels start, and the pairs of runs in neighbouring rows that touch.

    Positions are flat indices into the mask with one unset column appended, so that no run continues into the next row.
    """
    stride = pixels.shape[1] + 1
    edges = np.diff(np.pad(pixels, ((0, 0), (0, 1))).ravel().view(np.int8), prepend=np.int8(0))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    first = np.searchsorted(ends, starts - stride)
    counts = np.searchsorted(starts, ends - stride, side="right") - first
    below = np.repeat(np.arange(len(starts)), counts)
    above = np.arange(len(below)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    return starts, above, below


def _roots(count: int, one: Integers, other: Integers) -> Integers:
    """Return, for each of `count` nodes, the lowest node of its component; pairs are the edges.

    Union-find for all nodes at once: every node points to the lowest neighbour known, pointers are shortened until they
    end at a root, and edges between two roots are left for the next round.
    """
    root = np.arange(count)
    while len(one):
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while (root != root[root]).any():
            root = root[root]
        one, other = root[one], root[other]
        apart = one != other
        one, other = one[apart], other[apart]
    return root
