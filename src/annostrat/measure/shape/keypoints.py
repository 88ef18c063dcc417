"""How often keypoints are hidden, per object and per keypoint name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.annotations.keypoints import MOST_KEYPOINTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from annostrat.measure.tables.label_table import LabelTable

    Floats = NDArray[np.float64]

HIDDEN_KEYPOINTS = "hidden_keypoints"
"""The figure: the share of an object's labelled keypoints that are hidden."""
OF_ONE = f"{HIDDEN_KEYPOINTS}:"
"""Prefix of a keypoint's name, for the figure of whether it is hidden."""


def keypoint_figures(
    rows: LabelTable, categories: Sequence[str], keypoints: Mapping[str, Sequence[str]]
) -> dict[str, Floats]:
    """Return the figures of every object, nan if it lacks the keypoint; an empty dict if nothing has keypoints.

    Args:
        rows: The objects.
        categories: Names of the classes.
        keypoints: Names of the keypoints of a class; if it has none, they are numbered from 1.
    """
    if not rows.labelled.any():
        return {}
    with np.errstate(invalid="ignore"):
        shares = np.bitwise_count(rows.hidden) / np.bitwise_count(rows.labelled)
    figures = {HIDDEN_KEYPOINTS: shares.astype(np.float64)}
    for number, category in enumerate(categories):
        own, names = rows.category == number, keypoints.get(category, ())
        for place in range(MOST_KEYPOINTS):
            bit = np.uint64(1 << place)
            there = own & (rows.labelled & bit != 0)
            if there.any():
                name = names[place] if place < len(names) else f"keypoint {place + 1}"
                values = figures.setdefault(f"{OF_ONE}{name}", np.full(len(own), np.nan))
                values[there] = rows.hidden[there] & bit != 0
    return figures
