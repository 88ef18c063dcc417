"""Compute the agreement figures from units, with intervals clustered by image."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.measure.agreement.likeness import box_iou
from annostrat.measure.agreement.units import NONE
from annostrat.measure.tables.intervals import Cells, Estimate, Sums, jackknife, mean, sums_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.measure.agreement.units import Matcher, Units

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

GROUPS = 50
"""Groups of images for the jackknife; with fewer images, each image is a group."""


class Pairs(NamedTuple):
    """Pairs of labels of one object, one for each two annotators who both labelled it.

    Attributes:
        unit: Index of the object, of shape (n,).
        image: Its image.
        sets: The two annotators, of shape (n, 2).
        classes: Their classes, of shape (n, 2).
        box_iou: IoU of the boxes.
        outline_iou: IoU of outlines or masks; nan where one has none.
    """

    unit: Integers
    image: Integers
    sets: Integers
    classes: Integers
    box_iou: Floats
    outline_iou: Floats

    @property
    def same(self) -> NDArray[np.bool_]:
        """Whether both gave the same class."""
        return self.classes[:, 0] == self.classes[:, 1]

    @property
    def iou(self) -> Floats:
        """IoU of the outlines, or of the boxes where there are none."""
        return np.where(np.isnan(self.outline_iou), self.box_iou, self.outline_iou)


def pairs_of(units: Units, matcher: Matcher) -> Pairs:
    """Return all pairs of labels of one object."""
    parts = []
    for one, other in combinations(range(units.members.shape[1]), 2):
        both = np.flatnonzero((units.members[:, [one, other]] != NONE).all(axis=1))
        image = units.image[both]
        drawn = matcher.shape_iou((one, units.members[both, one]), (other, units.members[both, other]), image)
        overlap = box_iou(units.boxes[both, one], units.boxes[both, other])
        sets = np.tile([one, other], (len(both), 1))
        parts.append(Pairs(both, image, sets, units.classes[both][:, [one, other]], overlap, drawn))
    return Pairs._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def ratio(image: Integers, values: Floats, of_image: Integers, of: Floats, *, share: bool) -> Estimate:
    """Return the ratio of two sums, with images as clusters.

    Args:
        image: The image of each value of the numerator.
        values: The values of the numerator.
        of_image: The image of each value of the denominator.
        of: The values of the denominator.
        share: Whether an image's ratio is exactly 0 or 1 where everything is alike.
    """
    count = int(max(image.max(initial=-1), of_image.max(initial=-1))) + 1
    y, c = (np.bincount(*each, count).astype(np.float64) for each in ((image, values), (of_image, of)))
    shown = c > 0
    (sums,) = sums_by(Cells(c[shown], y[shown]), np.zeros(int(shown.sum()), np.int64), 1) if shown.any() else [Sums()]
    found = mean(sums, share=share)
    if found.low is None or found.high is None:
        return found
    return found._replace(low=max(found.low, 0.0), high=min(found.high, 1.0))


def estimates(units: Units, pairs: Pairs, of_class: int | None = None) -> dict[str, Estimate]:
    """Return the figures over all objects, or over the objects of one class."""
    there = units.classes != NONE if of_class is None else units.classes == of_class
    of_image = np.repeat(units.image, there.sum(axis=1))
    of = np.full(len(of_image), units.members.shape[1] - 1.0)
    same = pairs.same & (True if of_class is None else pairs.classes[:, 0] == of_class)
    kept = same if of_class is not None else np.ones(len(same), bool)
    drawn = kept & ~np.isnan(pairs.outline_iou)
    found = {
        "agreement": ratio(pairs.image[same], np.full(same.sum(), 2.0), of_image, of, share=True),
        "box_iou": _average(pairs.image[kept], pairs.box_iou[kept]),
        "outline_iou": _average(pairs.image[drawn], pairs.outline_iou[drawn]),
    }
    if of_class is None:
        every = np.ones(len(pairs.image))
        found["located"] = ratio(pairs.image, 2 * every, of_image, of, share=True)
        found["class_agreement"] = ratio(pairs.image[same], every[same], pairs.image, every, share=True)
        found["alpha"] = alpha(units)
    return found


def _average(image: Integers, values: Floats) -> Estimate:
    return ratio(image, values, image, np.ones(len(image)), share=False)


def alpha(units: Units) -> Estimate:
    """Return Krippendorff's alpha of the classes of objects that two or more annotators labelled.

    In a unit with m values, each ordered pair has weight 1 / (m - 1). With d the weight of all pairs of different
    values, n values, and n_c of class c, alpha is 1 - (n - 1) d / (n² - the sum of n_c²). Two annotators, four units:

        car/car, car/car, van/van, car/van:   d = 2, n = 8, n_car = 5, n_van = 3;   1 - 7 * 2 / (64 - 34) = 0.533
    """
    values = units.classes != NONE
    several = np.flatnonzero(values.sum(axis=1) > 1)
    classes, values, image = units.classes[several], values[several], units.image[several]
    members = values.sum(axis=1)
    equal = ((classes[:, :, None] == classes[:, None]) & values[:, :, None] & values[:, None]).sum(axis=(1, 2))
    different = (members**2 - equal) / (members - 1)
    shown, position = np.unique(image, return_inverse=True)
    groups = min(len(shown), GROUPS)
    group = position % max(groups, 1)
    names = len(units.names)
    by_class = np.bincount((group[:, None] * names + classes)[values], minlength=groups * names).reshape(groups, names)
    apart = np.bincount(group, different, groups)
    whole = _alpha(apart.sum(), by_class.sum(axis=0))
    without = [_alpha(apart.sum() - apart[g], by_class.sum(axis=0) - by_class[g]) for g in range(groups)]
    return jackknife(whole, without, len(shown), int(values.sum()), 1.0, least=-1.0)


def _alpha(different: float, by_class: Integers) -> float | None:
    """Return alpha; None if only one class occurs, so that agreement by chance is perfect."""
    count = int(by_class.sum())
    expected = count**2 - int((by_class.astype(np.int64) ** 2).sum())
    return 1 - (count - 1) * float(different) / expected if expected else None
