"""Areas of the convex hulls of many objects at once."""

# Andrew's monotone chain, for all objects together. With its vertices from left to right, one that is above the line
# between its two neighbours is not on the lower hull:
#
#     a               e        b is above a-c and d above c-e, so that both are left out, and a, c, e remain. All such
#         b       d            vertices of all objects are left out at once, until none is. That takes a dozen passes; a
#             c                object with a spike may lose one vertex a pass, and is scanned instead.
#
# The upper hull is the lower one of the mirrored object. Vertices in the same column have no order from left to right,
# so objects are rotated first, by an angle at which no two grid points share a column.

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Bits = NDArray[np.bool_]

_COS, _SIN = math.cos(1), math.sin(1)
_PASSES, _MOST_ROUNDS = 3, 8
"""Passes over all objects before finished ones are set aside, and the maximum number of such rounds."""


def hull_areas(x: Floats, y: Floats, first: Integers) -> Floats:
    """Return the area of each object's convex hull; 0, up to rounding, if its points are collinear.

    Args:
        x: x of all objects' vertices, of shape (m,).
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
    begins = np.zeros(len(x), bool)
    begins[first[:-1]] = True
    if (x[1:] == x[:-1]).any():
        differs = np.append(True, (x[1:] != x[:-1]) | (y[1:] != y[:-1])) | begins
        x, y, begins = x[differs], y[differs], begins[differs]
    below, above = _sides(x, y, begins)
    lower = _area_below(x[below], y[below], begins[below])
    upper = _area_below(x[above], -y[above], begins[above])
    return np.maximum(-lower - upper, 0)


def _sides(x: Floats, y: Floats, begins: Bits) -> tuple[Integers, Integers]:
    """Return which vertices may be on the lower hull, and which on the upper one.

    They are on either side of the line from the leftmost to the rightmost vertex of their object, which are on both.
    """
    first = np.append(np.flatnonzero(begins), len(x))
    start, end, lengths = first[:-1], first[1:] - 1, np.diff(first)
    across, down = (np.repeat(side[end] - side[start], lengths) for side in (x, y))
    height = (y - np.repeat(y[start], lengths)) * across - (x - np.repeat(x[start], lengths)) * down
    height[end] = 0
    return np.flatnonzero(height <= 0), np.flatnonzero(height >= 0)


def _area_below(x: Floats, y: Floats, begins: Bits, rounds: int = _MOST_ROUNDS) -> Floats:
    """Return the area between the axis and each object's lower hull.

    Args:
        x: x of all objects' vertices, each object's from left to right.
        y: Likewise.
        begins: Which vertices are the first of their object.
        rounds: How many more times objects may be set aside.
    """
    for _ in range(_PASSES):
        kept = np.flatnonzero(~_above(x, y, begins))
        x, y, begins = x[kept], y[kept], begins[kept]
    first = np.append(np.flatnonzero(begins), len(x))
    steps = np.append(np.diff(x) * (y[1:] + y[:-1]) / 2, 0)
    steps[first[1:] - 1] = 0
    areas = np.add.reduceat(steps, first[:-1])
    more = np.logical_or.reduceat(_above(x, y, begins), first[:-1])
    if more.any():
        on = np.repeat(more, np.diff(first))
        x, y, begins = x[on], y[on], begins[on]
        if not rounds:
            ends = pairwise(np.append(np.flatnonzero(begins), len(x)).tolist())
            places = x.tolist(), y.tolist()
            on = np.concatenate([_scanned(*places, *each) for each in ends])
            x, y, begins = x[on], y[on], begins[on]
        areas[more] = _area_below(x, y, begins, rounds - 1)
    return areas


def _above(x: Floats, y: Floats, begins: Bits) -> Bits:
    """Return which vertices are above the line between their neighbours of the same object."""
    across, down = np.diff(x), np.diff(y)
    above = np.zeros(len(x), bool)
    np.less(across[:-1] * down[1:], down[:-1] * across[1:], out=above[1:-1])
    above[1:-1] &= ~(begins[1:-1] | begins[2:])
    return above


def _scanned(x: list[float], y: list[float], start: int, stop: int) -> list[int]:
    """Return the lower hull's vertices of one object: the ones that would remain after further passes."""
    chain = [start]
    for c in range(start + 1, stop):
        while len(chain) > 1:
            a, b = chain[-2:]
            if (x[b] - x[a]) * (y[c] - y[b]) >= (y[b] - y[a]) * (x[c] - x[b]):
                break
            chain.pop()
        chain.append(c)
    return chain
