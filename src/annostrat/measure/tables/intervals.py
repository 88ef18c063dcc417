"""Exact sums, and the confidence intervals that follow from them, with images as clusters.

Objects of one image resemble each other, so images are the independent observations. For each image that shows c
objects whose values sum to y, the sums of c, y, c², cy and y² are kept: they give the mean over objects and its
cluster-robust interval, and adding them merges datasets.

Floats would make the result depend on the order of adding. So an object's value is rounded to a multiple of 2^-16 and a
product to a multiple of 2^-24, and everything after that is integer arithmetic: the sums of the parts of a dataset add
up to exactly the sums of the whole, in any order.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_VALUE, PRODUCT = 2.0**16, 2.0**24
_HALF, EXACT = 2.0**28, 2.0**52
FEW_IMAGES, FEW_EVENTS, FEW_GROUPS = 20, 10, 8
"""Fewest images for an interval; fewest images with an event for the cluster-robust interval (Wilson's below that);
fewest groups of images with an object for a jackknife."""


PACE = "seconds_per_label"
"""The figure whose values are seconds, summed over all labels of an image."""


class Sums(NamedTuple):
    """Sums over the images that show an object with a value: c counts objects, y sums their values.

    y and the products are in units of 2^-24. `events` counts images with a value other than 0, `full` images whose
    values are all 1.
    """

    images: int = 0
    c: int = 0
    y: int = 0
    cc: int = 0
    cy: int = 0
    yy: int = 0
    events: int = 0
    full: int = 0

    def plus(self, other: Sums) -> Sums:
        """Return the sums of both."""
        return Sums(*(a + b for a, b in zip(self, other, strict=True)))


class Estimate(NamedTuple):
    """A figure with its 95 % interval.

    Attributes:
        value: The figure; None if nothing was measured.
        low: Lower end; None if there are too few images.
        high: Upper end.
        images: Images that contribute.
        objects: Objects that contribute.
    """

    value: float | None
    low: float | None
    high: float | None
    images: int
    objects: int


class Cells(NamedTuple):
    """Sums of one figure over the objects of one class in one image, for k such cells.

    Attributes:
        c: How many objects have the figure, of shape (k,).
        y: The sum of its values.
    """

    c: Floats
    y: Floats

    def gathered(self, starts: Integers) -> Cells:
        """Return the sums of runs of cells."""
        if not len(starts):
            return self
        return Cells(*(np.add.reduceat(column, starts) for column in self))


def cells_of(values: Floats, starts: Integers) -> Cells:
    """Return the sums over runs of objects; NaN means no value."""
    if not len(starts):
        return Cells(*np.zeros((2, 0)))
    there = ~np.isnan(values)
    whole = np.rint(np.where(there, values, 0) * _VALUE)
    return Cells(np.add.reduceat(there.astype(np.float64), starts), np.add.reduceat(whole, starts) / _VALUE)


def sums_by(cells: Cells, group: Integers, groups: int) -> list[Sums]:
    """Return the sums of cells by group."""
    c, y = cells
    wholes = (c > 0, c, *(np.rint(part * PRODUCT) for part in (y, c * c, c * y, y * y)), y != 0, (y == c) & (c > 0))
    return [Sums(*row) for row in zip(*(_added(whole, group, groups) for whole in wholes), strict=True)]


def _added(whole: NDArray[Any], group: Integers, groups: int) -> list[int]:
    """Sum integers by group, exactly: in two halves if a float could not hold the sum."""
    if np.abs(whole).sum(dtype=np.float64) < EXACT:
        sums = [whole.sum(dtype=np.float64)] if groups == 1 else np.bincount(group, whole, groups)
        return [int(value) for value in sums]
    high = np.floor(whole / _HALF)
    low = whole - high * _HALF
    halves = (np.bincount(group, half, groups).tolist() for half in (high, low))
    return [(int(a) << 28) + int(b) for a, b in zip(*halves, strict=True)]


def mean(sums: Sums, *, share: bool = False) -> Estimate:
    """Return the mean over objects, with the interval of a ratio estimator whose clusters are images.

    Linearised, with n - 1 degrees of freedom. A share that is 0 (or 1) in all but `FEW_EVENTS` images gets Wilson's
    interval, with images as observations.
    """
    n, c = sums.images, sums.c
    if not c:
        return Estimate(None, None, None, n, 0)
    y, yy, cy, cc = (part / PRODUCT for part in (sums.y, sums.yy, sums.cy, sums.cc))
    value = y / c
    if n < FEW_IMAGES:
        return Estimate(value, None, None, n, c)
    if share and min(sums.events, n - sums.full) < FEW_EVENTS:
        low, high = wilson(value, n)
        return Estimate(value, low, high, n, c)
    spread = max(yy - 2 * value * cy + value * value * cc, 0.0)
    half = student_t(n - 1) * (spread * n / (n - 1)) ** 0.5 / c
    low, high = value - half, value + half
    return Estimate(value, max(low, 0.0) if share else low, min(high, 1.0) if share else high, n, c)


def per_image(sums: Sums, images: int) -> Estimate:
    """Return the mean over all images of the sum over each image's objects."""
    return mean(sums._replace(images=images, c=images, cc=round(images * PRODUCT), cy=sums.y))


def jackknife(
    whole: float | None, without: list[float | None], images: int, objects: int, most: float, least: float = 0.0
) -> Estimate:
    """Return a figure with its jackknife interval.

    Args:
        whole: The figure.
        without: The figure with one group of images left out, for each group that has an object.
        images: Images that contribute.
        objects: Objects that contribute.
        most: The highest possible value of the figure.
        least: The lowest possible value.
    """
    left = np.array([value for value in without if value is not None])
    if whole is None or images < FEW_IMAGES or len(left) < FEW_GROUPS:
        return Estimate(whole, None, None, images, objects)
    spread = (len(left) - 1) / len(left) * float(((left - left.mean()) ** 2).sum())
    half = student_t(len(left) - 1) * spread**0.5
    return Estimate(whole, max(whole - half, least), min(whole + half, most), images, objects)


def jackknife_of(values: Floats, images: int, objects: int, most: float) -> Estimate:
    """Return the same from an array: the figure, then the figure without each group; NaN means no value."""
    whole, *without = (None if math.isnan(value) else value for value in values.tolist())
    return jackknife(whole, without, images, objects, most)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of `count` observations."""
    z, share = 1.959964, min(share, 1.0)  # a value read from a file may be anything
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


@lru_cache(maxsize=256)
def student_t(degrees: int) -> float:
    """Return the 97.5 % quantile of Student's t, expanded around the normal quantile (Abramowitz & Stegun 26.7.5).

    The error is below 0.0001 for 8 or more degrees of freedom.
    """
    z = 1.959963985
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / degrees**power for power, term in enumerate(terms, start=1))
