"""Polygons with holes as one ring each, as batches know outlines without holes alone.

The ring goes round the outside, crosses to a hole, goes round it the other way and comes back. The way across is gone
both ways, so that areas, moments and crossings of lines with it cancel:

    a-------b        a b c d a, then across to e h g f e, and back to a
    | e---f |        the outside runs clockwise, the hole against the clock
    | h---g |
    d-------c        area of the ring = area of the outside - area of the hole
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Points = NDArray[np.float64]


def with_holes(outside: Points, holes: Iterable[Points]) -> Points:
    """Return the ring of a polygon without its holes, all of shape (n, 2) and closed without repeating the first."""
    ring = [outside]
    for hole in holes:
        against = hole if _runs_clockwise(hole) != _runs_clockwise(outside) else hole[::-1]
        ring += [outside[:1], against, against[:1]]
    return np.concatenate(ring)


def _runs_clockwise(ring: Points) -> bool:
    x, y = ring.T
    return bool((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() > 0)
