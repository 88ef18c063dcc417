"""Spread of figures within a class: standard deviations, pooled over classes, with a jackknife over images."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.measure.tables.image_table import GROUPS
from annostrat.measure.tables.intervals import jackknife_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.measure.tables.intervals import Estimate

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

SPREADS = ("elongation", "circularity", "solidity", "log_aspect", "log_size")
"""Figures whose spread is measured."""
SHAPE = SPREADS[:3]
"""The figures that depend neither on size nor on rotation."""
_UNIT = 4_096.0
"""Values are rounded to multiples of 1 / 4096, so that their sums are exact in any order."""


def spread_sums(values: Floats, category: Integers, group: Integers, classes: int) -> Integers:
    """Return count, sum and sum of squares of values, by class and group of images; of shape (classes, GROUPS, 3)."""
    there = np.flatnonzero(~np.isnan(values))
    whole = np.rint(values[there] * _UNIT)
    key = category[there] * GROUPS + group[there]
    columns = [np.bincount(key, weights, classes * GROUPS) for weights in (np.ones(len(whole)), whole, whole * whole)]
    return np.stack(columns, axis=1).astype(np.int64).reshape(classes, GROUPS, 3)


class Deviations(NamedTuple):
    """Deviation of a figure within n classes: with all images, and without each group of images in turn.

    Attributes:
        objects: Number of objects that have the figure, of shape (1 + GROUPS, n).
        counted: The same, or 0 for a single object, which has no deviation.
        weighted: Standard deviation times `counted`.
    """

    objects: Floats
    counted: Floats
    weighted: Floats

    def of(self, classes: slice) -> Deviations:
        """Return the deviations within a slice of the classes."""
        return Deviations(*(each[:, classes] for each in self))


def deviations(sums: Integers) -> Deviations:
    """Return the deviations of a figure within classes, from its sums of shape (classes, GROUPS, 3)."""
    totals = sums.sum(axis=1, keepdims=True)
    objects, total, squares = np.append(totals, totals - sums, axis=1).T.astype(np.float64, "C")
    counted = np.where(objects > 1, objects, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.maximum(squares - total * total / counted, 0) / (counted - 1)
        return Deviations(objects, counted, np.where(counted > 0, counted * np.sqrt(variance), 0))


def spread(figures: Sequence[Deviations], images: int) -> Estimate:
    """Return the square root of the summed within-class variances of some figures.

    Classes are weighted by their objects. The interval is a jackknife over groups of images.

    Args:
        figures: Deviations of each figure within the same classes.
        images: Number of images that contribute.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [each.weighted.sum(axis=1) / each.counted.sum(axis=1) / _UNIT for each in figures]
    objects = figures[0].objects.sum(axis=1)
    found = np.sqrt(sum(each**2 for each in means))[np.append(True, objects[1:] < objects[0])]
    return jackknife_of(found, images, int(objects[0]), np.inf)
