"""Shape figures of outlines: area, elongation, circularity, solidity, and the silhouette.

All functions take the outlines of many objects at once, in the layout of `Batch`: `points` of shape (m, 2), the first
vertex of each part in `starts` of shape (p + 1,), and the first part of each object. Parts are closed without repeating
the first vertex; their direction does not matter. Where parts of one object overlap, the overlap counts twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from annostrat.measure.shape.hulls import hull_areas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_N = TypeVar("_N", bound=np.generic)
GRID = 32
"""Rows and columns of a silhouette."""
_FINE_BITS = 20
_FINE = 1 << _FINE_BITS
"""Number of steps per column; fixed point makes sums exact."""
_ROW = (GRID + 1) * _FINE


class Outlines(NamedTuple):
    """Outlines of n objects, every part of which has at least one vertex.

    Attributes:
        points: Vertices, of shape (m, 2), in pixels.
        starts: First vertex of each part, and m, of shape (p + 1,).
        first_part: First part of each object, and p, of shape (n + 1,).
    """

    points: Floats
    starts: Integers
    first_part: Integers

    @property
    def first_point(self) -> Integers:
        """First vertex of each object, and m, of shape (n + 1,)."""
        return self.starts[self.first_part]


class Shapes(NamedTuple):
    """Shape figures of n outlines or masks, each of shape (n,).

    Attributes:
        extents: Smallest upright boxes, x1, y1, x2, y2, of shape (n, 4), in pixels.
        area: In square pixels.
        elongation: 1 minus the ratio of the principal axes: 0 for a disc, 1 for a line.
        circularity: Squared area / (2 pi * sum of the second central moments): 1 for a disc.
        solidity: Area / area of the convex hull.
    """

    extents: Floats
    area: Floats
    elongation: Floats
    circularity: Floats
    solidity: Floats


class Traced(NamedTuple):
    """Outlines as edges, relative to the corner of each object's extents.

    Attributes:
        outlines: The outlines.
        extents: Smallest upright boxes, of shape (n, 4).
        x: Coordinate of each vertex, of shape (m,); y likewise.
        x_next: Coordinate of the next vertex of the same part, of shape (m,); y_next likewise.
        cross: x * y_next - x_next * y, of shape (m,).
    """

    outlines: Outlines
    extents: Floats
    x: Floats
    y: Floats
    x_next: Floats
    y_next: Floats
    cross: Floats


def trace(outlines: Outlines) -> Traced:
    """Return outlines as edges."""
    first = outlines.first_point
    lengths = np.diff(first)
    x, y = np.ascontiguousarray(outlines.points[:, 0]), np.ascontiguousarray(outlines.points[:, 1])
    if not len(lengths):
        return Traced(outlines, np.empty((0, 4)), x, y, x, y, x)
    extents = np.stack(
        [edge.reduceat(axis, first[:-1]) for edge in (np.minimum, np.maximum) for axis in (x, y)], axis=1
    )
    x = x - np.repeat(extents[:, 0], lengths)
    y = y - np.repeat(extents[:, 1], lengths)
    x_next, y_next = following(x, outlines.starts), following(y, outlines.starts)
    return Traced(outlines, extents, x, y, x_next, y_next, x * y_next - x_next * y)


def following(values: NDArray[_N], starts: Integers) -> NDArray[_N]:
    """Return, for each vertex, the value of the next vertex of its part; the first follows the last."""
    after = np.empty_like(values)
    after[:-1] = values[1:]
    after[starts[1:] - 1] = values[starts[:-1]]
    return after


def shapes(traced: Traced) -> Shapes:
    """Return the shape figures of outlines; NaN if an outline encloses nothing."""
    hulls = hull_areas(traced.x, traced.y, traced.outlines.first_point)
    return Shapes(traced.extents, *figures(_moments(traced), hulls))


def figures(moments: Floats, hulls: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return area, elongation, circularity and solidity.

    Args:
        moments: Area and integrals of x, y, x², y², xy over each object, of shape (6, n).
        hulls: Areas of the convex hulls.
    """
    area, x, y, xx, yy, xy = moments
    with np.errstate(divide="ignore", invalid="ignore"):
        mu_xx, mu_yy, mu_xy = xx - x * x / area, yy - y * y / area, xy - x * y / area
        spread = mu_xx + mu_yy
        apart = np.hypot(mu_xx - mu_yy, 2 * mu_xy)
        ratio = np.clip((spread - apart) / (spread + apart), 0, 1)
        elongation = 1 - np.sqrt(ratio)
        circularity = np.clip(area * area / (2 * np.pi * spread), 0, 1)
        solidity = np.clip(area / hulls, 0, 1)
    empty = ~(area > 0)
    for values in (elongation, circularity, solidity):
        values[empty] = np.nan
    return area, elongation, circularity, solidity


def _moments(traced: Traced) -> Floats:
    """Return area and integrals of x, y, x², y² and xy over each object, of shape (6, n), by Green's theorem."""
    outlines, x, y, cross = traced.outlines, traced.x, traced.y, traced.cross
    if not len(x):
        return np.zeros((6, len(outlines.first_part) - 1))
    sum_x, sum_y = x + traced.x_next, y + traced.y_next
    cross_x, cross_y = sum_x * cross, sum_y * cross
    terms = (
        (cross, 2),
        (cross_x, 6),
        (cross_y, 6),
        (sum_x * cross_x - x * traced.x_next * cross, 12),
        (sum_y * cross_y - y * traced.y_next * cross, 12),
        (sum_x * cross_y + (x * y + traced.x_next * traced.y_next) * cross, 24),
    )
    parts = np.stack([np.add.reduceat(term, outlines.starts[:-1]) / divisor for term, divisor in terms])
    parts *= np.sign(parts[0])
    return np.add.reduceat(parts, outlines.first_part[:-1], axis=1)


def add_crossings(sums: NDArray[np.int32], cell: Integers, traced: Traced) -> None:
    """Add 1 where silhouettes begin and subtract 1 where they end, in each row of the grid.

    Each outline is stretched to fill the grid, and a cell is covered if its middle is inside. In a row, the inside is
    between pairs of crossings with the row's middle line: an outline that crosses at columns 3.2 and 7.9 covers cells 3
    to 7, so +1 goes to column 3 and -1 to column 8, and a running sum along the row (`covered`) gives 1 in between.
    An edge that goes down has the inside on one side, an edge that goes up on the other, whatever the shape, so
    crossings need not be sorted, and all edges of all outlines are handled at once.

    Args:
        sums: One sum per cell, of shape (cells, GRID, GRID + 1); modified in place.
        cell: Index of the sum that each object is added to, of shape (n,).
        traced: The outlines.
    """
    outlines = traced.outlines
    lengths = np.diff(outlines.first_point)
    scale = GRID / np.maximum(traced.extents[:, 2:] - traced.extents[:, :2], 1e-9)
    x, y = traced.x * np.repeat(scale[:, 0], lengths), traced.y * np.repeat(scale[:, 1], lengths)
    x_next, y_next = following(x, outlines.starts), following(y, outlines.starts)
    row = (y + 0.5).astype(np.int32)  # the first row whose middle is below the vertex
    rows = following(row, outlines.starts) - row
    # One row further down, a crossing's flat index grows by `GRID + 1` and its column by the slope. Fixed point from
    # the upper end gives the same result regardless of the rest of the batch and of an edge's direction.
    top = np.minimum(row, row + rows)
    upper_x, upper_y = np.where(rows > 0, x, x_next), np.minimum(y, y_next)
    with np.errstate(all="ignore"):  # an edge that crosses at most a single row may be level
        slope = (x_next - x) / (y_next - y)
        column = np.clip(upper_x + (top + 0.5 - upper_y) * slope + 0.5, 0, GRID + 0.5)
        column, across = ((each * _FINE).astype(np.int32) for each in (column, slope))
    place = column + (np.repeat(cell * GRID, lengths) + top) * _ROW
    left_turning = np.add.reduceat(traced.cross, outlines.starts[:-1]) > 0
    begins = (rows > 0) ^ np.repeat(left_turning, np.diff(outlines.starts))
    # With edges that cross many rows first, the edges that reach a row are a run: of all that end, and that begin.
    key = begins.view(np.uint8) * np.uint8(GRID + 1) + (GRID - np.abs(rows)).astype(np.uint8)
    order = np.argsort(key, kind="stable")
    place, step = place.take(order), across.take(order) + np.int64(_ROW)
    crossing = np.cumsum(np.bincount(key, minlength=2 * (GRID + 1)).reshape(2, GRID + 1), axis=1)
    for sign, start, many in ((np.int32(-1), 0, crossing[0]), (np.int32(1), crossing[0, -1], crossing[1])):
        for stop in (start + many[-2::-1][many[-2::-1] > 0]).tolist():
            here = place[start:stop]
            index = (here.view(np.uint64) >> np.uint64(_FINE_BITS)).view(np.int64)  # much faster than a signed shift
            np.add.at(sums.reshape(-1), index, sign)
            here += step[start:stop]


def covered(crossed: Integers) -> Integers:
    """Return how many silhouettes cover each cell, of shape (…, GRID, GRID), from sums of crossings."""
    return np.cumsum(crossed, axis=-1)[..., :GRID]
