"""Areas of convex hulls, of many objects at once and exact.

A point that lies in the triangle of a middle point and its two neighbours, in whatever order the points come, is no
corner of the hull. Such points are dropped, round after round, first in the order in which an outline has them, which
leaves most outlines convex; what is not convex then is sorted by angle around the middle, after which the same rounds
are Graham's scan (1972) of all objects at once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

MAX_ROUNDS = 40
"""Rounds after which what is left is done one by one: hardly any outline needs more than ten."""


class _Rings(NamedTuple):
    """Closed rings of points, one after the other.

    Attributes:
        x: Of each point, relative to the middle of its ring, of shape (m,).
        y: Likewise.
        starts: First point of each ring, and m, of shape (k + 1,).
        owner: Whose ring it is, of shape (k,).
    """

    x: Floats
    y: Floats
    starts: Integers
    owner: Integers

    def spread(self, values: NDArray[np.generic]) -> NDArray[Any]:
        """Return values of rings at each of their points."""
        return np.repeat(values, np.diff(self.starts))

    def steps(self, values: Floats) -> Floats:
        """Return the value at the next point of each point's ring less that at the point."""
        first, last = self.starts[:-1], self.starts[1:] - 1
        found = np.empty_like(values)
        np.subtract(values[1:], values[:-1], out=found[:-1])
        found[last] = values[first] - values[last]
        return found

    def turns(self, dx: Floats, dy: Floats) -> Floats:
        """Return how the way turns at each point: the cross product of the steps to it and from it."""
        first, last = self.starts[:-1], self.starts[1:] - 1
        found = np.empty_like(dx)
        np.multiply(dx[:-1], dy[1:], out=found[1:])
        found[1:] -= dy[:-1] * dx[1:]
        found[first] = dx[last] * dy[first] - dy[last] * dx[first]
        return found

    def before(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the value at the previous point of each point's ring."""
        shifted = np.empty_like(values)
        shifted[1:] = values[:-1]
        shifted[self.starts[:-1]] = values[self.starts[1:] - 1]
        return shifted

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the sum over the points of each ring."""
        return np.add.reduceat(values, self.starts[:-1], dtype=np.int32 if values.dtype == bool else None)

    def pick(self, rings: NDArray[np.bool_], points: NDArray[np.bool_], number: Integers) -> _Rings:
        """Return some points of some rings.

        Args:
            rings: The rings, of shape (k,).
            points: The points, of shape (m,).
            number: How many points each of all rings keeps; a ring without any is left out.
        """
        kept = rings & (number > 0)
        place = np.flatnonzero(points)
        starts = np.concatenate([[0], np.cumsum(number[kept])])
        return _Rings(self.x.take(place), self.y.take(place), starts, self.owner[kept])


def hull_areas(x: Floats, y: Floats, first: Integers) -> Floats:
    """Return the area of each object's convex hull; 0 where the points lie on a line.

    Args:
        x: Of the vertices of all objects, of shape (m,).
        y: Likewise.
        first: First vertex of each object, and m, of shape (n + 1,); every object has one.
    """
    areas = np.zeros(len(first) - 1)
    if not len(areas):
        return areas
    rings = _scan(_around_middle(x, y, first), areas)
    if len(rings.owner):
        rings = _scan(_sorted_by_angle(rings), areas)
    for number in rings.owner:
        own = slice(first[number], first[number + 1])
        areas[number] = _one_by_one(x[own], y[own])
    return areas


def _around_middle(x: Floats, y: Floats, first: Integers) -> _Rings:
    """Return rings whose middle is the origin and that turn left, as far as they turn."""
    lengths = np.diff(first)
    x, y = (axis - np.repeat(np.add.reduceat(axis, first[:-1]) / lengths, lengths) for axis in (x, y))
    rings = _Rings(x, y, first, np.arange(len(lengths)))
    turns = rings.sums(x * rings.steps(y) - rings.steps(x) * y)
    return rings._replace(y=rings.spread(np.where(turns < 0, -1.0, 1.0)) * y)


def _scan(rings: _Rings, areas: Floats) -> _Rings:
    """Drop points until nothing changes; fill in the areas of rings that are convex then, and return the others."""
    settled: list[_Rings] = []
    for _ in range(MAX_ROUNDS):
        if not len(rings.owner):
            break
        dx, dy = rings.steps(rings.x), rings.steps(rings.y)
        forward = rings.x * dy >= rings.y * dx
        dropped = (rings.turns(dx, dy) < 0) & forward & rings.before(forward)
        dropped |= (dx == 0) & (dy == 0)
        lengths, gone = np.diff(rings.starts), rings.sums(dropped)
        changed = gone > 0
        spread = rings.spread(changed)
        settled.append(rings.pick(~changed, ~spread, lengths))
        rings = rings.pick(changed, spread & ~dropped, lengths - gone)
    return _joined([_unsettled(_joined(settled), areas), rings])


def _unsettled(rings: _Rings, areas: Floats) -> _Rings:
    """Fill in the areas of rings that turn left only, never back, and once around the middle; return the others."""
    if not len(rings.owner):
        return rings
    x, y = rings.x, rings.y
    dx, dy = rings.steps(x), rings.steps(y)
    sweep, turn = x * dy - y * dx, rings.turns(dx, dy)
    through_middle = (sweep == 0) & (x * (x + dx) + y * (y + dy) <= 0)
    back = (turn == 0) & (rings.before(dx) * dx + rings.before(dy) * dy < 0)
    wrong = (turn < 0) | (sweep < 0) | through_middle | back
    upward = (y < 0) & (y + dy >= 0)
    convex = (rings.sums(wrong) == 0) & (rings.sums(upward) <= 1)
    areas[rings.owner[convex]] = rings.sums(sweep)[convex] / 2
    return rings.pick(~convex, rings.spread(~convex), np.diff(rings.starts))


def _sorted_by_angle(rings: _Rings) -> _Rings:
    order = np.lexsort((np.arctan2(rings.y, rings.x), rings.spread(np.arange(len(rings.owner)))))
    return rings._replace(x=rings.x[order], y=rings.y[order])


def _joined(rings: list[_Rings]) -> _Rings:
    lengths = np.concatenate([np.diff(ring.starts) for ring in rings])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    x, y = np.concatenate([ring.x for ring in rings]), np.concatenate([ring.y for ring in rings])
    return _Rings(x, y, starts, np.concatenate([ring.owner for ring in rings]))


def _one_by_one(xs: Floats, ys: Floats) -> float:
    """Return the area of the hull of some points by Andrew's monotone chain (1979)."""
    ordered = sorted(set(zip(xs.tolist(), ys.tolist(), strict=True)))
    area = 0.0
    for chain in (ordered, ordered[::-1]):
        hull: list[tuple[float, float]] = []
        for x, y in chain:
            while len(hull) > 1 and _turns_right(hull[-2], hull[-1], (x, y)):
                hull.pop()
            hull.append((x, y))
        area += sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(hull)) / 2
    return abs(area)


def _turns_right(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) <= (b[1] - a[1]) * (c[0] - a[0])
