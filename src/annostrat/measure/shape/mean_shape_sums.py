"""Sums the silhouettes of many batches in one array before they go into a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.shape import masks, outlines
from annostrat.measure.shape.outlines import GRID
from annostrat.measure.tables.image_table import GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Batch
    from annostrat.measure.profile.profile import Profile
    from annostrat.measure.tables.label_table import Drawn

    Integers = NDArray[np.int64]
    Bits = NDArray[np.bool_]


class SilhouetteSums:
    """Adds silhouettes by class and group of images, and hands them to a profile at the end.

    A class and group gets a cell at its first occurrence, so others take no memory. Cell 0 collects uncounted objects.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._begin([])

    def _begin(self, categories: Sequence[str]) -> None:
        self._categories = list(categories)
        self._counts = np.zeros(len(categories) * GROUPS, np.int64)
        self._cell = np.zeros(len(categories) * GROUPS, np.int64)
        self._met = 1
        self._sums: NDArray[np.int32] = np.zeros((1, GRID, GRID + 1), np.int32)

    def add(self, batch: Batch, shown: Drawn, group: Integers) -> None:
        """Add the silhouettes of a batch, given the groups of its images."""
        if self._categories != batch.categories:
            self.flush()
            self._begin(batch.categories)
        key = batch.category * GROUPS + group[batch.image]
        cells = self._cells(key[shown.with_outline], ~shown.rectangle)
        outlines.add_crossings(self._sums, cells, shown.traced)
        cells = self._cells(key[shown.with_mask], np.ones(len(shown.masks), bool))
        masks.add_crossings(self._sums, cells, shown.masks)

    def _cells(self, key: Integers, counts: Bits) -> Integers:
        """Count the objects that count, and return every object's cell."""
        times = np.bincount(key[counts], minlength=len(self._counts))
        self._counts += times
        new = np.flatnonzero((times > 0) & (self._cell == 0))
        self._cell[new] = self._met + np.arange(len(new))
        self._met += len(new)
        if self._met > len(self._sums):
            more = np.zeros((self._met, GRID, GRID + 1), np.int32)
            self._sums = np.concatenate([self._sums, more])
        return np.where(counts, self._cell[key], 0)

    def flush(self) -> None:
        """Hand the sums over to the profile."""
        met = self._cell > 0
        for number in np.unique(np.flatnonzero(met) // GROUPS).tolist():
            own = slice(number * GROUPS, (number + 1) * GROUPS)
            silhouettes = self._profile.silhouettes_of(self._categories[number])
            silhouettes.counts += self._counts[own]
            silhouettes.crossings[met[own]] += self._sums[self._cell[own][met[own]]]
        self._begin([])
