"""How much figures differ within a class: standard deviations, pooled over classes, with a jackknife over images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.tables.image_table import GROUPS
from annostrat.measure.tables.intervals import jackknife

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
    """Return number, sum and sum of squares of values, by class and group of images; of shape (classes, GROUPS, 3)."""
    there = np.flatnonzero(~np.isnan(values))
    whole = np.rint(values[there] * _UNIT)
    key = category[there] * GROUPS + group[there]
    columns = [np.bincount(key, weights, classes * GROUPS) for weights in (np.ones(len(whole)), whole, whole * whole)]
    return np.stack(columns, axis=1).astype(np.int64).reshape(classes, GROUPS, 3)


def spread(figures: Sequence[Integers], images: int) -> Estimate:
    """Return the square root of the summed within-class variances of some figures.

    Classes are weighted by their objects, and classes with a single object do not count. The interval is a jackknife
    over groups of images.

    Args:
        figures: For each figure the sums of all classes, of shape (classes, GROUPS, 3).
        images: Images that contribute.
    """
    groups = np.flatnonzero(figures[0][:, :, 0].sum(axis=0))
    spreads = np.sqrt(sum(_deviations(sums, groups) ** 2 for sums in figures))
    whole, *without = [None if np.isnan(value) else float(value) for value in spreads]
    return jackknife(whole, without, images, int(figures[0][:, :, 0].sum()), np.inf)


def _deviations(sums: Integers, groups: Integers) -> Floats:
    """Return the mean of the classes' standard deviations, weighted by their objects; nan without any.

    Args:
        sums: Of all classes, of shape (classes, GROUPS, 3).
        groups: The groups to leave out, one at a time.

    Returns:
        Of the whole, then without each group, of shape (1 + groups,).
    """
    totals = sums.sum(axis=1, keepdims=True)
    count, total, squares = np.moveaxis(np.append(totals, totals - sums[:, groups], axis=1), 2, 0).astype(np.float64)
    count = np.where(count > 1, count, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.maximum(squares - total * total / count, 0) / (count - 1)
        deviations = np.where(count > 0, count * np.sqrt(variance), 0).sum(axis=0)
        return np.asarray(deviations / count.sum(axis=0)) / _UNIT
