"""What is wrong with labels, or looks so: found from the labels alone, without looking at an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import BOX_DERIVED, CROWD, MAX_PLACE, ORIENTED, STUFF
from annostrat.measure.profile.profile import EXAMPLES
from annostrat.measure.tables.image_table import lowest, mixed
from annostrat.measure.tables.label_table import (
    BOX_DIFFERS,
    FOUR_VERTICES,
    MIN_SIDE,
    RECTANGLE,
    WITH_MASK,
    WITH_OUTLINE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from annostrat.measure.profile.profile import Profile
    from annostrat.measure.tables.image_table import ImageTable
    from annostrat.measure.tables.label_table import LabelTable

    Bits = NDArray[np.bool_]

BEYOND_PX, BEYOND_SHARE = 0.5, 0.001
"""How far a box may reach over the border: rounding does that."""
OVERFULL = 1.02
"""Share of its box that an outline may fill at most: more is a mistake of either."""


ONLY_COUNTED = {"corners_fit", "sized"}
"""What is no finding, and only weighed against others: nearly all labels have it."""


def check_labels(
    profile: Profile,
    rows: LabelTable,
    images: ImageTable,
    categories: Sequence[str],
    objects: NDArray[np.int64],
    duplicate: Bits,
) -> None:
    """Note what is wrong with labels.

    Args:
        profile: Where it is noted.
        rows: All labels.
        images: The images that they refer to.
        categories: Names of the classes.
        objects: Index of those labels that are measured.
        duplicate: Which of these repeat an earlier one.
    """
    repeated = np.zeros(len(rows.ids), bool)
    repeated[objects[duplicate]] = True
    for kind, mask in [*_faults(rows, images), ("duplicate", repeated)]:
        if mask.any():
            examples = () if kind in ONLY_COUNTED else _examples(rows, images, categories, np.flatnonzero(mask))
            profile.note(kind, int(mask.sum()), examples)
    labelled = np.zeros(len(images.key), bool)
    labelled[rows.image] = True
    empty = np.flatnonzero(~labelled)
    if len(empty):
        hashes = mixed(images.name[empty])
        places = [(int(hashes[i]), str(images.names[empty[i]])) for i in lowest(hashes, EXAMPLES).tolist()]
        profile.note("image_without_labels", len(empty), places)


def _faults(rows: LabelTable, images: ImageTable) -> Iterator[tuple[str, Any]]:
    """Yield kinds of faults with the labels that have them."""
    x1, y1, x2, y2 = rows.boxes.T
    width, height = images.width[rows.image], images.height[rows.image]
    stated, upright = rows.flags & BOX_DERIVED == 0, rows.flags & ORIENTED == 0
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        finite = np.isfinite(rows.boxes).all(axis=1)
        huge = finite & (np.abs(rows.boxes) >= MAX_PLACE).any(axis=1)
        yield "not_finite", stated & ~finite
        yield "box_missing", ~stated & ~finite
        yield "huge", huge
        yield "degenerate", finite & ((x2 - x1 <= MIN_SIDE) | (y2 - y1 <= MIN_SIDE))
        margin_x, margin_y = (np.where(side > 1, BEYOND_PX, BEYOND_SHARE) for side in (width, height))
        beyond = (x1 < -margin_x) | (y1 < -margin_y) | (x2 > width + margin_x) | (y2 > height + margin_y)
        sized = (width > 0) & (height > 0) & finite & upright  # the box around a turned one may reach beyond
        yield "out_of_bounds", sized & beyond & ~huge
        far_x, far_y = x2 - x1, y2 - y1  # what a file that means x1, y1, x2, y2 has in the places of width and height
        reread = (far_x > x1) & (far_y > y1) & (far_x <= width + margin_x) & (far_y <= height + margin_y)
        yield "corners_fit", sized & stated & reread
        yield "sized", sized & stated
        shaped = rows.traits & (WITH_OUTLINE | WITH_MASK) != 0
        fill = rows.area / ((x2 - x1) * (y2 - y1))
        single = rows.flags & (CROWD | STUFF | ORIENTED) == 0
        yield "box_differs", shaped & stated & (rows.traits & BOX_DIFFERS != 0)
        yield "overfull", shaped & (fill > OVERFULL)
        rectangle = rows.traits & RECTANGLE != 0
        four = single & (rows.traits & FOUR_VERTICES != 0)
        yield "rectangular_outline", rectangle
        yield "four_vertices", four & ~rectangle
        yield "flat_outline", shaped & ~rectangle & ~(rows.area > 0)
    yield "image_without_size", ~((width > 0) & (height > 0))


def _examples(
    rows: LabelTable, images: ImageTable, categories: Sequence[str], found: NDArray[np.int64]
) -> Iterator[tuple[int, str]]:
    """Yield a few of the labels found, with the hash that picked them."""
    image, ids = rows.image[found], rows.ids[found]
    hashes = mixed(images.key[image] ^ mixed(ids.astype(np.uint64)))
    for index in lowest(hashes, EXAMPLES).tolist():
        number = found[index]
        file, name = images.files[images.file[image[index]]], categories[rows.category[number]]
        yield int(hashes[index]), f"{file}#{ids[index]} ({name})"
