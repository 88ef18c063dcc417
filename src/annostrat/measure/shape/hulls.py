"""Areas of convex hulls, those of many objects at once."""

# Andrew's monotone chain, for all objects together. With its vertices from left to right, one that is above the line
# between its two neighbours is not on the lower hull:
#
#     a               e        b is above a-c and d above c-e, so that both are left out, and a, c, e remain. All such
#         b       d            vertices of all objects are left out at once, until none is. That takes a dozen passes; a
#             c                round object beside a spike loses one vertex a pass, and is scanned instead.
#
# The upper hull is the lower one of the mirrored object. Vertices one above another have no order from left to right,
# so that objects are turned first, by an angle at which no two places of a grid are in one column.

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_COS, _SIN = math.cos(1), math.sin(1)
_MOST_PASSES = 24


def hull_areas(x: Floats, y: Floats, first: Integers) -> Floats:
    """Return the area of each object's convex hull; 0 if its points are on a line, but for rounding.

    Args:
        x: Of the vertices of all objects, of shape (m,).
        y: Likewise.
        first: First vertex of each object, and m, of shape (n + 1,); every object has one.
    """
    if not len(x):
        return np.zeros(len(first) - 1)
    x, y = _COS * x - _SIN * y, _SIN * x + _COS * y
    low, high = (edge.reduceat(x, first[:-1]) for edge in (np.minimum, np.maximum))
    owner = np.repeat(np.arange(len(low)), np.diff(first))
    order = np.argsort(owner + (x - low[owner]) / (2 * np.maximum(high - low, 1e-300))[owner])
    x, y = x[order], y[order]
    return np.maximum(-_area_below(x, y, first) - _area_below(x, -y, first), 0)


def _area_below(x: Floats, y: Floats, first: Integers) -> Floats:
    """Return the area between the axis and each object's lower hull; vertices are from left to right."""
    for _ in range(_MOST_PASSES):
        above = _above(x, y, first)
        if not above.any():
            break
        kept = np.flatnonzero(~above)
        x, y, first = x[kept], y[kept], np.searchsorted(kept, first)
    else:
        chains = [_scanned(x.tolist(), y.tolist(), *ends) for ends in pairwise(first.tolist())]
        first = np.append(0, np.cumsum([len(chain) for chain in chains]))
        x, y = (values[np.concatenate(chains)] for values in (x, y))
    steps = np.append(np.diff(x) * (y[1:] + y[:-1]) / 2, 0)
    steps[first[1:] - 1] = 0
    return np.add.reduceat(steps, first[:-1])


def _above(x: Floats, y: Floats, first: Integers) -> NDArray[np.bool_]:
    """Return which vertices are above the line between their neighbours or, where none is, where the last one is."""
    across, down = np.diff(x), np.diff(y)
    above = np.zeros(len(x), bool)
    for here in (
        across[:-1] * down[1:] < down[:-1] * across[1:],
        (across[:-1] == 0) & (down[:-1] == 0),
    ):
        above[1:-1] = here
        above[first[:-1]] = above[first[1:] - 1] = False
        if above.any():
            break
    return above


def _scanned(x: list[float], y: list[float], start: int, stop: int) -> list[int]:
    """Return the vertices of the lower hull of one object: those that further passes would leave."""
    chain = [start]
    for c in range(start + 1, stop):
        while len(chain) > 1:
            a, b = chain[-2:]
            if (x[b] - x[a]) * (y[c] - y[b]) >= (y[b] - y[a]) * (x[c] - x[b]):
                break
            chain.pop()
        if (x[c], y[c]) != (x[chain[-1]], y[chain[-1]]):
            chain.append(c)
    return chain
