"""Areas of convex hulls, of many objects at once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


def hull_areas(x: Floats, y: Floats, first: Integers) -> Floats:
    """Return the area of each object's convex hull; 0 where the points are on a line.

    Args:
        x: Of the vertices of all objects, of shape (m,).
        y: Likewise.
        first: First vertex of each object, and m, of shape (n + 1,); every object has one.
    """
    if not len(x):  # shapely takes long to import
        return np.zeros(len(first) - 1)
    shapely = import_module("shapely")
    counts = np.diff(first)
    several = counts > 1  # a line needs two points
    points = np.column_stack([x, y])[np.repeat(several, counts)]
    # Lines rather than multipoints, which take four times as long to make.
    lines = shapely.linestrings(points, indices=np.repeat(np.arange(several.sum()), counts[several]))
    areas = np.zeros(len(counts))
    areas[several] = shapely.area(shapely.convex_hull(lines))
    return areas
