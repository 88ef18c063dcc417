"""Checks for faulty or suspicious labels, without reading images."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import BACKWARDS, BOX_DERIVED, CROWD, MAX_PLACE, ORIENTED, STUFF
from annostrat.measure.profile.profile import EXAMPLES
from annostrat.measure.tables.image_table import lowest, mixed
from annostrat.measure.tables.label_table import (
    BOX_DIFFERS,
    CENTRED,
    CORNERED,
    EXCHANGED,
    FOUR_VERTICES,
    IN_SHARES,
    MIN_SIDE,
    MOVED_DOWN,
    OUTLINE_IN_SHARES,
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
"""How far a box may extend beyond the border because of rounding, in pixels and as a share of the side."""
OVERFULL = 1.02
"""Maximum share of its box that an outline may fill; with more, one of the two is wrong."""


FAR_BEYOND, FAR_ORIENTED = 3.0, 0.1
"""Image sides beyond which a box cannot belong to the image, and beyond which a rotated rectangle is outside."""
FAR_OUT, MUCH = 0.05, 0.25
"""Shares of the image's and the box's side; an overhang above the smaller of the two is not just careless drawing."""
SMALLEST = 16
"""Pixels per side from which an image is too large for one-pixel boxes."""
IN_CORNER = 0.015
"""Share of the sides up to which all values look like shares where per cent are expected."""
PERCENT, LARGE = 100.5, 250
"""Pixels up to which all values look like per cent, and the minimum image side in pixels for this check."""
SEVERAL, BARELY = 3, 1.25
"""Boxes per image from which not all can be this large, and the ratio up to which a size barely exceeds its corner."""

ONLY_COUNTED = {
    *("sized", "placed", "unplaced", "beside_outline", "exchanged_fit", "exchanged_far"),
    *("centred", "moved_down", "cornered", "rows_first", "half_reversed", "far_larger"),
    *("far_out", "far_left", "far_above", "far_right", "far_below", "centre_below", "centre_early"),
    *("in_per_cent", "early_per_cent", "late_per_cent"),
    *("corners_fit", "centre_fit", "sizes_fit", "centre_sizes_fit", "any_order"),
    *("stated", "several", "barely_corners", "few", "barely_few"),
    *("corners_of_centre_fit", "corner_of_centre_fit", "from_below_fit"),
}
"""Kinds that are not findings and are only used by `diagnoses`: nearly all labels may have them."""


def check_labels(
    profile: Profile,
    rows: LabelTable,
    images: ImageTable,
    categories: Sequence[str],
    objects: NDArray[np.int64],
    duplicate: Bits,
) -> None:
    """Add faults in labels to a profile.

    Args:
        profile: The profile to which faults are added.
        rows: All labels.
        images: The images that they refer to.
        categories: Names of the classes.
        objects: Indices of the measured labels.
        duplicate: Which of them duplicate an earlier label.
    """
    repeated = np.zeros(len(rows.ids), bool)
    repeated[objects[duplicate]] = True
    size = images.width[rows.image], images.height[rows.image]
    rows = rows._replace(boxes=np.asfortranarray(rows.boxes))  # columns are compared one at a time
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for kind, mask in chain(_faults(rows, *size), _signs(rows, *size), [("duplicate", repeated)]):
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


def _faults(rows: LabelTable, width: Any, height: Any) -> Iterator[tuple[str, Any]]:
    """Yield each kind of fault with a mask of the affected labels."""
    x1, y1, x2, y2 = rows.boxes.T
    stated, upright = rows.flags & BOX_DERIVED == 0, rows.flags & ORIENTED == 0
    finite = np.isfinite(rows.boxes).all(axis=1)
    huge = finite & (np.abs(rows.boxes) >= MAX_PLACE).any(axis=1)
    yield "not_finite", stated & ~finite
    yield "box_missing", ~stated & ~finite
    yield "huge", huge
    reversed_ = finite & stated & ((x2 - x1 < -MIN_SIDE) | (y2 - y1 < -MIN_SIDE))
    yield "reversed_corners", reversed_
    yield "degenerate", finite & ~huge & ~reversed_ & ((x2 - x1 <= MIN_SIDE) | (y2 - y1 <= MIN_SIDE))
    known = (width > 0) & (height > 0)
    beyond = _leaves(rows.boxes, width, height)
    outside = _leaves(rows.boxes, width, height, FAR_ORIENTED * width, FAR_ORIENTED * height)
    yield "out_of_bounds", known & finite & np.where(upright, beyond, outside) & ~huge  # if rotated: its bounding box
    yield "image_without_size", ~known
    shaped = rows.traits & (WITH_OUTLINE | WITH_MASK) != 0
    fill = rows.area / ((x2 - x1) * (y2 - y1))
    comparable = _is_box(rows.boxes) & shaped
    yield "box_differs", comparable & stated & (rows.traits & BOX_DIFFERS != 0)
    yield "overfull", comparable & (fill > OVERFULL)
    rectangle = rows.traits & RECTANGLE != 0
    four = (rows.flags & (CROWD | STUFF | ORIENTED) == 0) & (rows.traits & FOUR_VERTICES != 0)
    yield "rectangular_outline", rectangle
    yield "four_vertices", four & ~rectangle
    yield "flat_outline", shaped & ~rectangle & ~(rows.area > 0)


def _is_box(boxes: Any) -> Any:
    """Return whether boxes are finite, near enough and not empty, though perhaps with their corners in any order."""
    return (np.abs(boxes) < MAX_PLACE).all(axis=1) & (np.abs(boxes[:, 2:] - boxes[:, :2]) > MIN_SIDE).all(axis=1)


def _leaves(boxes: Any, width: Any, height: Any, margin_x: Any = None, margin_y: Any = None) -> Any:
    """Return whether boxes extend beyond their image by more than a margin, by default the one for rounding."""
    x1, y1, x2, y2 = boxes.T
    margin_x = _rounding(width) if margin_x is None else margin_x
    margin_y = _rounding(height) if margin_y is None else margin_y
    return (x1 < -margin_x) | (y1 < -margin_y) | (x2 > width + margin_x) | (y2 > height + margin_y)


def _rounding(side: Any) -> Any:
    return np.where(side > 1, BEYOND_PX, BEYOND_SHARE)


def _signs(rows: LabelTable, width: Any, height: Any) -> Iterator[tuple[str, Any]]:
    """Yield each sign of a dataset-wide mistake with a mask of the affected labels."""
    x1, y1, x2, y2 = rows.boxes.T
    upright, stated = rows.flags & ORIENTED == 0, rows.flags & BOX_DERIVED == 0
    sound, known = _is_box(rows.boxes), (width > 0) & (height > 0)
    placed = sound & known
    yield "placed", placed
    yield "unplaced", sound & ~known
    for kind, mask in _other_units(rows, width, height):
        yield kind, placed & mask
    yield "shares_without_size", sound & ~known & _in_shares(rows.boxes)
    for kind, mask in (*_corners_without_size(rows), *_sizes_without_size(rows.boxes)):
        yield kind, sound & ~known & stated & upright & mask
    far_x = np.maximum(np.minimum(FAR_OUT * width, MUCH * (x2 - x1)), _rounding(width))
    far_y = np.maximum(np.minimum(FAR_OUT * height, MUCH * (y2 - y1)), _rounding(height))
    far_x, far_y = np.where(upright, far_x, FAR_ORIENTED * width), np.where(upright, far_y, FAR_ORIENTED * height)
    far = placed & _leaves(rows.boxes, width, height, far_x, far_y)
    margin_x = np.where(upright, _rounding(height), FAR_ORIENTED * height)
    margin_y = np.where(upright, _rounding(width), FAR_ORIENTED * width)
    exchanged = placed & ~_leaves(rows.boxes, height, width, margin_x, margin_y)
    yield "far_out", far
    yield "exchanged_fit", exchanged
    yield "exchanged_far", exchanged & far
    yield "stated", sound & upright & stated
    sized = placed & upright & stated
    yield "sized", sized
    yield "far_left", sized & (x1 < -far_x)
    yield "far_above", sized & (y1 < -far_y)
    yield "far_right", sized & (x2 > width + far_x)
    yield "far_below", sized & (y2 > height + far_y)
    yield "centre_early", sized & ((x1 + x2 < width / 2) | (y1 + y2 < height / 2))
    yield "centre_below", sized & (y1 + y2 > 2 * height)
    any_order = sized & (rows.flags & BACKWARDS != 0)
    yield "any_order", any_order
    yield "late_corners", any_order & ((x2 > width / 2) | (y2 > height / 2))
    yield "upper_below_lower", sized & (x2 - x1 > MIN_SIDE) & (y2 - y1 < -MIN_SIDE)
    for kind, box in _other_readings(rows.boxes, height):
        yield kind, sized & (box[:, 2] > box[:, 0]) & (box[:, 3] > box[:, 1]) & ~_leaves(box, width, height)
    yield "centred", rows.traits & CENTRED != 0
    yield "moved_down", rows.traits & MOVED_DOWN != 0
    yield "cornered", rows.traits & CORNERED != 0
    yield "rows_first", rows.traits & EXCHANGED != 0


def _other_units(rows: LabelTable, width: Any, height: Any) -> Iterator[tuple[str, Any]]:
    """Yield masks of the labels that would fit their image if the file used a unit other than its format's."""
    x1, y1, x2, y2 = rows.boxes.T
    values = np.abs(rows.boxes)
    smaller = np.minimum(width, height)
    in_shares = (smaller >= SMALLEST) & _in_shares(rows.boxes)
    yield "shares_for_pixels", in_shares
    beside = (rows.flags & BOX_DERIVED == 0) & (rows.traits & (WITH_OUTLINE | WITH_MASK) != 0) & (smaller >= SMALLEST)
    yield "beside_outline", beside
    yield "outline_shares_for_pixels", beside & ~in_shares & (rows.traits & OUTLINE_IN_SHARES != 0)
    sides = np.stack([width, height] * 2).T
    yield "shares_for_per_cent", (smaller >= SMALLEST) & (values <= IN_CORNER * sides).all(axis=1)
    yield "pixels_for_shares", (values > FAR_BEYOND * sides).any(axis=1)
    in_per_cent = (smaller >= LARGE) & (values <= PERCENT).all(axis=1)
    yield "in_per_cent", in_per_cent
    yield "early_per_cent", in_per_cent & (x2 < PERCENT / 2) & (y2 < PERCENT / 2)
    yield "late_per_cent", in_per_cent & (x1 > PERCENT / 2) & (y1 > PERCENT / 2)


def _in_shares(boxes: Any) -> Any:
    return (np.abs(boxes) <= IN_SHARES).all(axis=1) & (boxes[:, 2:] != boxes[:, :2]).all(axis=1)


def _corners_without_size(rows: LabelTable) -> Iterator[tuple[str, Any]]:
    """Yield signs that sizes are corners in images of unknown size: sizes larger than the first corner's coordinates.

    A box from 300 to 320 is then read as starting at 300 with a width of 320, whereas a box that really is 10 pixels
    wide exceeds its corner only if it starts before 10. If an image has only one or two boxes, all may be this large,
    as in close-ups of faces, but most then exceed it by a wide margin.
    """
    corner, size = rows.boxes[:, :2], rows.boxes[:, 2:] - rows.boxes[:, :2]
    several = np.bincount(rows.image)[rows.image] >= SEVERAL if len(rows.image) else np.zeros(0, bool)
    larger = (size > corner).all(axis=1) & (corner >= 0).all(axis=1)
    barely = larger & (size < BARELY * corner).any(axis=1)
    yield "like_corners", larger
    for among, barely_among, are in (("several", "barely_corners", several), ("few", "barely_few", ~several)):
        yield among, are
        yield barely_among, are & barely


def _sizes_without_size(boxes: Any) -> Iterator[tuple[str, Any]]:
    """Yield signs that second corners are sizes in images of unknown size.

    Corners in the wrong order are so in the same directions everywhere, or at random. Sizes are far smaller than the
    places of many objects, and larger than those of a few, near the border, in one direction or both.
    """
    x1, y1, x2, y2 = boxes.T
    yield "far_smaller", (x2 > 0) & (2 * x2 < x1) & (y2 > 0) & (2 * y2 < y1)
    yield "far_larger", (x1 > 0) & (2 * x1 < x2) & (y1 > 0) & (2 * y1 < y2)
    yield "half_reversed", (x2 < x1 - MIN_SIDE) != (y2 < y1 - MIN_SIDE)


def _other_readings(boxes: Any, height: Any) -> Iterator[tuple[str, Any]]:
    """Yield the boxes under other readings of the numbers in the file.

    A format uses two corners, a corner and a size, or a centre and a size; a converter may write one of the others.
    """
    x1, y1, x2, y2 = boxes.T
    wide, high, x, y = x2 - x1, y2 - y1, (x1 + x2) / 2, (y1 + y2) / 2
    for kind, sides in (
        ("corners_fit", (x1, y1, wide, high)),
        ("centre_fit", (x1 - wide / 2, y1 - high / 2, x, y)),
        ("sizes_fit", (x1, y1, x1 + x2, y1 + y2)),
        ("centre_sizes_fit", (x1 - x2 / 2, y1 - y2 / 2, x1 + x2 / 2, y1 + y2 / 2)),
        ("corners_of_centre_fit", (x, y, wide, high)),
        ("corner_of_centre_fit", (x, y, x + wide, y + high)),
        ("from_below_fit", (x1, height - y1, x2, height - y1 + high)),
    ):
        yield kind, np.stack(sides).T


def _examples(
    rows: LabelTable, images: ImageTable, categories: Sequence[str], found: NDArray[np.int64]
) -> Iterator[tuple[int, str]]:
    """Yield a few of the affected labels, each with the hash by which it was picked."""
    image, ids = rows.image[found], rows.ids[found]
    hashes = mixed(images.key[image] ^ mixed(ids.astype(np.uint64)))
    for index in lowest(hashes, EXAMPLES).tolist():
        number = found[index]
        file, name = images.files[images.file[image[index]]], categories[rows.category[number]]
        yield int(hashes[index]), f"{file}#{ids[index]} ({name})"
