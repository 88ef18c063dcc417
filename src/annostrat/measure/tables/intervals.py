"""Sums that add exactly, and the intervals that follow from them, with images as clusters.

A figure of the objects of an image is rounded to a multiple of 2^-16 first, products of such sums to 2^-24; from then
on all is whole numbers, so that the sums of a whole are those of its parts to the last bit, in whatever order.
"""

from __future__ import annotations

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
"""Images below which no interval is given; images with an event below which that of Wilson is taken; groups of images
with any object that a jackknife needs."""


PACE = "seconds_per_label"
"""The figure of which the values are seconds, those of all labels of an image together."""


class Sums(NamedTuple):
    """Sums over the images that show an object with a value: c objects, y the sum of their values.

    y and the products are in units of 2^-24; `events` are images with a value that is not 0, `full` those whose values
    are all 1.
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
        value: The figure; None where nothing was measured.
        low: Lower end; None where there are too few images.
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
    """Objects of one class in one image, as sums of one figure; k cells.

    Attributes:
        c: Objects that have the figure, of shape (k,).
        y: Sum of its values.
    """

    c: Floats
    y: Floats

    def gathered(self, starts: Integers) -> Cells:
        """Return the sums of runs of cells."""
        if not len(starts):
            return self
        return Cells(*(np.add.reduceat(column, starts) for column in self))


def cells_of(values: Floats, starts: Integers) -> Cells:
    """Return the sums of runs of objects; nan is no value."""
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
    """Return the sums of whole numbers by group, exactly: in two halves where a float could not hold their sum."""
    if np.abs(whole).sum(dtype=np.float64) < EXACT:
        sums = [whole.sum(dtype=np.float64)] if groups == 1 else np.bincount(group, whole, groups)
        return [int(value) for value in sums]
    high = np.floor(whole / _HALF)
    low = whole - high * _HALF
    halves = (np.bincount(group, half, groups).tolist() for half in (high, low))
    return [(int(a) << 28) + int(b) for a, b in zip(*halves, strict=True)]


def mean(sums: Sums, *, share: bool = False) -> Estimate:
    """Return the mean over objects, with the interval of a ratio whose clusters are images.

    The linearised estimator with n - 1 degrees of freedom; for a share of which fewer than `FEW_EVENTS` images show
    anything, or the contrary, Wilson's interval with the images as observations.
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
    """Return the mean over all images of the sum over the objects of each, with the interval of a mean."""
    return mean(sums._replace(images=images, c=images, cc=round(images * PRODUCT), cy=sums.y))


def jackknife(whole: float | None, without: list[float | None], images: int, objects: int, most: float) -> Estimate:
    """Return a figure with the interval of its values without one group of images at a time.

    Args:
        whole: The figure.
        without: The figure without each group that has any object.
        images: Images that contribute.
        objects: Objects that contribute.
        most: What the figure cannot exceed.
    """
    left = np.array([value for value in without if value is not None])
    if whole is None or images < FEW_IMAGES or len(left) < FEW_GROUPS:
        return Estimate(whole, None, None, images, objects)
    spread = (len(left) - 1) / len(left) * float(((left - left.mean()) ** 2).sum())
    half = student_t(len(left) - 1) * spread**0.5
    return Estimate(whole, max(whole - half, 0.0), min(whole + half, most), images, objects)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of some observations."""
    z, share = 1.959964, min(share, 1.0)  # what is read from a file may be anything
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


@lru_cache(maxsize=256)
def student_t(degrees: int) -> float:
    """Return the 97.5 % quantile of Student's t, by its expansion around the normal one (Abramowitz & Stegun 26.7.5).

    The error is below 0.0001 from 8 degrees of freedom on.
    """
    z = 1.959963985
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / degrees**power for power, term in enumerate(terms, start=1))
