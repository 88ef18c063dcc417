"""How well the outlines of a class agree once they are stretched to the same box.

Each outline becomes a silhouette of GRID x GRID cells. Only the number of silhouettes that cover each cell is kept,
which is enough: with c silhouettes covering a cell, c * (c - 1) ordered pairs have it in common, and in
2 * (n - 1) * c - c * (c - 1) of them at least one of the two covers it. Two silhouettes, a full square and its left
half: c is 2 on the left and 1 on the right, which gives 2 of 4 per pair of cells, an IoU of one half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.shape.outlines import covered
from annostrat.measure.tables.image_table import GROUPS
from annostrat.measure.tables.intervals import jackknife

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.measure.profile.profile import Silhouettes
    from annostrat.measure.tables.intervals import Estimate


def agreement(covers: NDArray[np.int64], count: int) -> float | None:
    """Return the soft IoU of silhouettes: intersection over union, both summed over all pairs.

    Args:
        covers: How many silhouettes cover each cell.
        count: How many silhouettes there are.
    """
    if count < 2:  # noqa: PLR2004 - a pair
        return None
    covers = np.clip(covers, 0, count).astype(np.float64)  # overlapping parts of one silhouette count twice
    total, common = covers.sum(), (covers * covers - covers).sum()
    return float(common / (2 * (count - 1) * total - common)) if total else None


def pooled(classes: Sequence[Silhouettes], images: int) -> Estimate:
    """Return the agreement within classes, each weighted by its objects.

    The interval is a jackknife over groups of images, with all classes of a group left out together.
    """
    counts = np.array([silhouettes.counts for silhouettes in classes]).reshape(-1, GROUPS)
    covers = [covered(silhouettes.crossings.astype(np.int64)) for silhouettes in classes]
    value = _weighted([part.sum(axis=0) for part in covers], counts.sum(axis=1))
    without = [
        _weighted([part.sum(axis=0) - part[group] for part in covers], counts.sum(axis=1) - counts[:, group])
        for group in np.flatnonzero(counts.sum(axis=0))
    ]
    return jackknife(value, without, images, int(counts.sum()), 1.0)


def _weighted(covers: Sequence[NDArray[np.int64]], counts: NDArray[np.int64]) -> float | None:
    """Return the classes' mean agreement, weighted by objects; classes with a single object do not count."""
    found = [(agreement(part, int(count)), int(count)) for part, count in zip(covers, counts, strict=True)]
    known = [(value, count) for value, count in found if value is not None]
    return sum(value * count for value, count in known) / sum(count for _, count in known) if known else None


def digits(silhouettes: Silhouettes) -> list[str]:
    """Return the mean shape as rows of digits: the tenths of all objects that cover each cell, at most 9."""
    covers = covered(silhouettes.crossings.astype(np.int64)).sum(axis=0)
    tenths = np.clip(10 * covers // max(int(silhouettes.counts.sum()), 1), 0, 9)
    return ["".join(map(str, row)) for row in tenths.tolist()]
