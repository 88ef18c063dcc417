"""The silhouettes of many batches, summed in one array before they become part of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure import masks, outlines
from annostrat.measure.images import GROUPS
from annostrat.measure.outlines import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Batch
    from annostrat.measure.profile import Profile
    from annostrat.measure.rows import Drawn

    Integers = NDArray[np.int64]


class SilhouetteSums:
    """Adds silhouettes by class and group of images, and hands them to a profile at the end."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._categories: list[str] = []
        self._counts = np.zeros(0, np.int64)
        self._crossings = np.zeros((0, GRID, GRID + 1), np.int32)

    def add(self, batch: Batch, shown: Drawn, group: Integers) -> None:
        """Add the silhouettes of a batch, whose images belong to some groups."""
        if self._categories != batch.categories:
            self._begin(batch.categories)
        for with_shape, counts in ((shown.with_outline, ~shown.rectangle), (shown.with_mask, shown.with_mask >= 0)):
            key = batch.category[with_shape] * GROUPS + group[batch.image[with_shape]]
            used, cell = np.unique(key[counts], return_inverse=True)
            if not len(used):
                continue
            cells = np.full(len(key), len(used))  # the last one is for what does not count
            cells[counts] = cell
            if with_shape is shown.with_outline:
                found = outlines.crossings(shown.traced, cells, len(used) + 1)
            else:
                found = masks.crossings(shown.masks, cells, len(used) + 1)
            self._crossings[used] += found[:-1].astype(np.int32)
            self._counts[used] += np.bincount(cell)

    def _begin(self, categories: Sequence[str]) -> None:
        """Begin anew with other classes; memory is taken only for those that are met."""
        self.flush()
        self._categories = list(categories)
        self._counts = np.zeros(len(categories) * GROUPS, np.int64)
        self._crossings = np.zeros((len(categories) * GROUPS, GRID, GRID + 1), np.int32)

    def flush(self) -> None:
        """Hand over what was added."""
        for number in np.unique(np.flatnonzero(self._counts) // GROUPS).tolist():
            own = slice(number * GROUPS, (number + 1) * GROUPS)
            silhouettes = self._profile.silhouettes_of(self._categories[number])
            silhouettes.counts += self._counts[own]
            silhouettes.crossings += self._crossings[own]
        self._categories = []
