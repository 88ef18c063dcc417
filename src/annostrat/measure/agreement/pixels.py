"""Pixel-wise agreement of class maps: the share of pixels labelled by both annotators that have the same class."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.agreement.figures import ratio
from annostrat.measure.agreement.likeness import shared_pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask
    from annostrat.measure.agreement.labelled_set import LabelledSet
    from annostrat.measure.agreement.units import Shared
    from annostrat.measure.tables.intervals import Estimate

    Regions = list[tuple[str, Mask]]


def pixel_agreement(sets: Sequence[LabelledSet], shared: Shared) -> Estimate:
    """Return the share of pixels with the same class among those that both annotators of a pair labelled."""
    both, alike, images = [], [], []
    regions = [_regions(one, shared.positions[number]) for number, one in enumerate(sets)]
    for image, of_image in enumerate(zip(*regions, strict=True)):
        for one, other in combinations(of_image, 2):
            found = [(name == another, shared_pixels(mask, own)) for name, mask in one for another, own in other]
            both.append(sum(count for _, count in found))
            alike.append(sum(count for same, count in found if same))
            images.append(image)
    where = np.array(images, np.int64)
    return ratio(where, np.array(alike, float), where, np.array(both, float), share=True)


def _regions(one: LabelledSet, positions: NDArray[np.int64]) -> list[Regions]:
    """Return the masks of regions in each shared image, with their classes."""
    place = {own: number for number, own in enumerate(positions.tolist())}
    found: list[Regions] = [[] for _ in place]
    for label in np.flatnonzero(one.is_region).tolist():
        number, mask = place.get(int(one.rows.image[label])), one.mask_of(label)
        if number is not None and mask is not None:
            found[number].append((one.classes[int(one.rows.category[label])], mask))
    return found
