"""What the pixels of masks say of shape: the same figures as of outlines, each pixel a square of side 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.hulls import hull_areas
from annostrat.measure.outlines import GRID, Shapes, figures

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
    first = np.concatenate([[0], np.cumsum([len(points) for points in corners])])
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
    """Do what `outlines.add_crossings` does, of masks: a pixel of the grid is covered if the mask's pixel there is."""
    middle = (np.arange(GRID) + 0.5) / GRID
    for mask, place in zip(masks, cell, strict=True):
        height, width = mask.pixels.shape
        rows, columns = (middle * height).astype(int), (middle * width).astype(int)
        stretched = mask.pixels[np.ix_(rows, columns)].astype(np.int8)
        sums[place] += np.diff(stretched, axis=1, prepend=0, append=0)


def has_parts(mask: Mask) -> bool:
    """Return whether a mask falls into parts that touch in no side or corner."""
    pixels = mask.pixels
    edges = np.diff(pixels.astype(np.int8), axis=1, prepend=0, append=0)
    row, start = np.nonzero(edges == 1)
    end = np.nonzero(edges == -1)[1]
    parent = list(range(len(row)))
    first = np.searchsorted(row, np.arange(pixels.shape[0] + 1))
    for number in range(len(row)):
        for above in range(first[row[number] - 1], first[row[number]]) if row[number] else ():
            if start[above] <= end[number] and start[number] <= end[above]:
                parent[_root(parent, number)] = _root(parent, above)
    return len({_root(parent, number) for number in range(len(row))}) > 1


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = number = parent[parent[number]]
    return number
