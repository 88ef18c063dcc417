"""Agreement of the outlines of a class after stretching them to the same box.

Each outline becomes a silhouette of GRID x GRID cells. Only the number of silhouettes that cover each cell is kept,
which is enough: with c silhouettes covering a cell, c * (c - 1) ordered pairs have it in common, and in
2 * (n - 1) * c - c * (c - 1) of them at least one of the two covers it. For example, with a full square and its left
half, c is 2 on the left and 1 on the right, which gives 2 of 4 per pair of cells, an IoU of one half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.measure.shape.outlines import covered
from annostrat.measure.tables.intervals import jackknife_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.measure.profile.profile import Silhouettes
    from annostrat.measure.tables.intervals import Estimate


class Agreements(NamedTuple):
    """The agreement of a class's silhouettes: of all, and without each group of images in turn.

    Attributes:
        values: Of shape (1 + GROUPS,); nan if there are fewer than two silhouettes.
        counts: Number of silhouettes, of shape (1 + GROUPS,).
    """

    values: NDArray[np.float64]
    counts: NDArray[np.int64]


def agreements(silhouettes: Silhouettes) -> Agreements:
    """Return the agreement of a class's silhouettes, of all and without each group."""
    by_group = (silhouettes.counts, covered(silhouettes.crossings.astype(np.int64)))
    counts, covers = (np.append([of.sum(axis=0)], of.sum(axis=0) - of, axis=0) for of in by_group)
    return Agreements(agreement(covers, counts), counts)


def agreement(covers: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the soft IoU of sets of silhouettes: intersection over union, both summed over all pairs; nan without any.

    Args:
        covers: How many silhouettes of each set cover each cell, of shape (sets, GRID, GRID).
        counts: Number of silhouettes in each set.
    """
    # Overlapping parts of one silhouette count twice.
    covers = np.clip(covers.reshape(len(counts), -1), 0, counts[:, None]).astype(np.float64)
    total, common = covers.sum(axis=1), (covers * covers - covers).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((counts > 1) & (total > 0), common / (2 * (counts - 1) * total - common), np.nan)


def pooled(classes: Sequence[Agreements], images: int) -> Estimate:
    """Return the agreement within classes, each weighted by its objects; those with a single object do not count.

    The interval is a jackknife over groups of images, with all classes of a group left out together.
    """
    values, counts = (np.array(column) for column in zip(*classes, strict=True))
    weights = np.where(np.isnan(values), 0, counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (np.nan_to_num(values) * weights).sum(axis=0) / weights.sum(axis=0)
    objects = counts.sum(axis=0)
    return jackknife_of(found[np.append(True, objects[1:] < objects[0])], images, int(objects[0]), 1.0)


def digits(silhouettes: Silhouettes) -> list[str]:
    """Return the mean shape as rows of digits: the share of objects that cover each cell, in tenths, at most 9."""
    covers = covered(silhouettes.crossings.astype(np.int64)).sum(axis=0)
    tenths = np.clip(10 * covers // max(int(silhouettes.counts.sum()), 1), 0, 9)
    return [row.tobytes().decode() for row in (tenths + ord("0")).astype(np.uint8)]
