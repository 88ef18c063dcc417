"""What is wrong with labels, or looks wrong, without looking at an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import BOX_DERIVED, CROWD, MAX_PLACE, ORIENTED, STUFF
from annostrat.measure.profile.profile import EXAMPLES
from annostrat.measure.tables.image_table import lowest, mixed
from annostrat.measure.tables.label_table import (
    BOX_DIFFERS,
    CENTRED,
    FOUR_VERTICES,
    MIN_SIDE,
    MOVED_DOWN,
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


FAR_BEYOND, FAR_ORIENTED = 3.0, 0.1
"""Sides of an image beyond which a box cannot be meant for it, and beyond which a rotated rectangle is outside."""
IN_SHARES, SMALLEST = 1.5, 16
"""Pixels up to which all values of a box look like shares, in an image of at least so many pixels a side."""

ONLY_COUNTED = {
    "sized", "corners_fit", "exchanged_fit", "sizes_fit", "centre_fit", "from_below_fit", "centred", "moved_down"
}  # fmt: skip
"""Kinds that are not findings, and that only `diagnoses` compares: nearly all labels may have them."""


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
        reversed_ = finite & stated & ((x2 - x1 < -MIN_SIDE) | (y2 - y1 < -MIN_SIDE))
        yield "reversed_corners", reversed_
        yield "degenerate", finite & ~reversed_ & ((x2 - x1 <= MIN_SIDE) | (y2 - y1 <= MIN_SIDE))
        margin_x, margin_y = (np.where(side > 1, BEYOND_PX, BEYOND_SHARE) for side in (width, height))
        beyond = _leaves(rows.boxes, width, height, margin_x, margin_y)
        known = (width > 0) & (height > 0) & finite
        outside = _leaves(rows.boxes, width, height, FAR_ORIENTED * width, FAR_ORIENTED * height)
        yield "out_of_bounds", known & np.where(upright, beyond, outside) & ~huge  # the box around it may reach beyond
        sized = known & upright & stated
        yield "sized", sized
        for kind, mask in _other_readings(rows.boxes, width, height, margin_x, margin_y):
            yield kind, sized & mask
        yield "centred", rows.traits & CENTRED != 0
        yield "moved_down", rows.traits & MOVED_DOWN != 0
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


def _leaves(boxes: Any, width: Any, height: Any, margin_x: Any, margin_y: Any) -> Any:
    """Return whether boxes reach further beyond their image than a margin."""
    x1, y1, x2, y2 = boxes.T
    return (x1 < -margin_x) | (y1 < -margin_y) | (x2 > width + margin_x) | (y2 > height + margin_y)


def _other_readings(boxes: Any, width: Any, height: Any, margin_x: Any, margin_y: Any) -> Iterator[tuple[str, Any]]:
    """Yield which boxes would fit their image if the file meant something else by its numbers."""
    x1, y1, x2, y2 = boxes.T
    wide, high = x2 - x1, y2 - y1
    fit_corners = ~_leaves(np.stack([x1, y1, wide, high], axis=1), width, height, margin_x, margin_y)
    yield "corners_fit", (wide > x1) & (high > y1) & fit_corners
    yield "exchanged_fit", ~_leaves(boxes, height, width, margin_x, margin_y)
    sizes = np.stack([x1, y1, x1 + x2, y1 + y2], axis=1)
    yield "sizes_fit", (x2 > 0) & (y2 > 0) & ~_leaves(sizes, width, height, margin_x, margin_y)
    centred = np.stack([x1 - wide / 2, y1 - high / 2, x1 + wide / 2, y1 + high / 2], axis=1)
    yield "centre_fit", (wide > 0) & (high > 0) & ~_leaves(centred, width, height, margin_x, margin_y)
    from_below = np.stack([x1, height - y1, x2, height - y1 + high], axis=1)
    yield "from_below_fit", (wide > 0) & (high > 0) & ~_leaves(from_below, width, height, margin_x, margin_y)
    large = np.minimum(width, height) >= SMALLEST
    yield "shares_for_pixels", large & (np.abs(boxes) <= IN_SHARES).all(axis=1) & (wide > 0) & (high > 0)
    yield "pixels_for_shares", (np.abs(boxes) > FAR_BEYOND * np.stack([width, height] * 2, axis=1)).any(axis=1)


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
