"""Agreement of maps of classes, pixel by pixel: of the pixels that both annotators labelled, how many alike."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.agreement.figures import ratio
from annostrat.measure.agreement.likeness import shared_pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations.masks.runs import Mask
    from annostrat.measure.agreement.labelled_set import LabelledSet
    from annostrat.measure.agreement.units import Shared
    from annostrat.measure.tables.intervals import Estimate

    Regions = list[tuple[str, Mask]]


def pixel_agreement(sets: Sequence[LabelledSet], shared: Shared) -> Estimate:
    """Return the share of pixels with the same class, of those that both annotators of a pair labelled."""
    both, alike, images = [], [], []
    for image, of_image in enumerate(zip(*(_regions(one, shared.index[n]) for n, one in enumerate(sets)), strict=True)):
        for one, other in combinations(of_image, 2):
            found = [(name == another, shared_pixels(mask, against)) for name, mask in one for another, against in other]
            both.append(sum(count for _, count in found))
            alike.append(sum(count for same, count in found if same))
            images.append(image)
    where = np.array(images, np.int64)
    # Thousands of pixels keep the squares of the sums exact.
    return ratio(where, np.array(alike) / 1_000, where, np.array(both) / 1_000, share=True)


def _regions(one: LabelledSet, index: Sequence[int]) -> list[Regions]:
    """Return the masks of regions in each shared image, with their classes."""
    place = {int(own): number for number, own in enumerate(index)}
    found: list[Regions] = [[] for _ in place]
    for label in np.flatnonzero(one.is_region).tolist():
        number, mask = place.get(int(one.rows.image[label])), one.mask_of(label)
        if number is not None and mask is not None:
            found[number].append((one.classes[int(one.rows.category[label])], mask))
    return found
