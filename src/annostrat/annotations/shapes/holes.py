"""Polygons with holes as one ring each, since batches have only outlines without holes.

The ring goes round the outside, crosses to a hole, goes round it the other way and comes back. Both directions of the
bridge cancel in areas, moments and crossings of lines:

    a-------b        a b c d a, then across to e h g f e, and back to a
    | e---f |        the outside runs clockwise, the hole against the clock
    | h---g |
    d-------c        area of the ring = area of the outside - area of the hole
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Points = NDArray[np.float64]


def with_holes(outside: Points, holes: Iterable[Points]) -> Points:
    """Return the ring of a polygon without its holes, all of shape (n, 2) and closed without repeating the first."""
    ring = [outside]
    for hole in holes:
        against = hole if _runs_clockwise(hole) != _runs_clockwise(outside) else hole[::-1]
        ring += [outside[:1], against, against[:1]]
    return np.concatenate(ring)


def even_odd(paths: Sequence[Points]) -> list[Points]:
    """Return the rings of an area that an odd number of paths goes round: one within another is a hole in it."""
    around = [[index for index, other in enumerate(paths) if _goes_round(other, path)] for path in paths]
    return [
        with_holes(path, [hole for hole, of in zip(paths, around, strict=True) if index in of and len(of) == level + 1])
        for index, path in enumerate(paths)
        if (level := len(around[index])) % 2 == 0
    ]


def _goes_round(outer: Points, path: Points) -> bool:
    """Return whether a larger path has the first vertex of another inside: a ray from there crosses it an odd time."""
    if not len(path) or abs(_signed_area(outer)) <= abs(_signed_area(path)):
        return False
    (x, y), (x1, y1), (x2, y2) = path[0], outer.T, np.roll(outer, -1, axis=0).T
    crosses = ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return bool(crosses.sum() % 2)


def _runs_clockwise(ring: Points) -> bool:
    return bool(_signed_area(ring) > 0)


def _signed_area(ring: Points) -> float:
    x, y = ring.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
