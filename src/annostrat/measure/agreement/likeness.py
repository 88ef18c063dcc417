"""Intersection over union of boxes, outlines, and masks, which are not unpacked to pixels."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask
    from annostrat.measure.shape.outlines import Outlines

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


def shared_areas(one: Floats, other: Floats) -> Floats:
    """Return the area shared by boxes x1, y1, x2, y2; arrays are broadcast, so `one[:, None]` gives all pairs."""
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    return np.asarray(sides.clip(0).prod(axis=-1))


def box_iou(one: Floats, other: Floats) -> Floats:
    """Return the IoU of boxes, broadcast as in `shared_areas`."""
    shared = shared_areas(one, other)
    areas = ((box[..., 2:] - box[..., :2]).prod(axis=-1) for box in (one, other))
    return np.asarray(shared / (sum(areas) - shared))


class CrowdedError(Exception):
    """Images have too many overlapping boxes in two sets.

    Attributes:
        images: Indices of the images.
    """

    def __init__(self, images: list[int]) -> None:
        super().__init__(images)
        self.images = images


MOST_PAIRS = 2_000_000
"""Most pairs of overlapping boxes that are allowed in an image."""
_BLOCK = 1_000_000
"""Pairs processed together, so that memory stays bounded."""


def close_pairs(
    one: tuple[Integers, Floats], other: tuple[Integers, Floats], least: float
) -> tuple[Integers, Integers]:
    """Return the pairs of boxes in the same image with an IoU of at least `least`, as indices into both.

    The left edges of two such boxes are at most (1 / least - 1) times the width of the first apart. Sorted by image and
    left edge, these candidates are contiguous.

    Args:
        one: Image, and x1, y1, x2, y2, of each box.
        other: Likewise.
        least: Minimum IoU, above 0.

    Raises:
        CrowdedError: Images have too many such pairs.
    """
    (image, boxes), (of_other, others) = one, other
    low = min(boxes[:, 0].min(initial=0), others[:, 0].min(initial=0))
    stride = 2 * (max(boxes[:, 2].max(initial=1), others[:, 2].max(initial=1)) - low)
    place, of_places = image * stride + boxes[:, 0] - low, of_other * stride + others[:, 0] - low
    order = np.argsort(of_places, kind="stable")
    reach, reach_down = ((boxes[:, 2:] - boxes[:, :2]) * (1 / least - 1) + 1e-12 * max(place.max(initial=0), 1)).T
    first = np.searchsorted(of_places[order], place - reach)
    counts = np.searchsorted(of_places[order], place + reach, side="right") - first
    tops, of_tops = boxes[:, 1].copy(), others[:, 1].copy()
    ends = np.cumsum(counts)
    found, start = [np.empty((2, 0), np.int64)], 0
    of_image = np.zeros(image.max(initial=-1) + 1, np.int64)
    while start < len(image):
        done = ends[start] - counts[start]
        stop = max(start + 1, int(np.searchsorted(ends, done + _BLOCK, side="right")))
        row = np.repeat(np.arange(start, stop), counts[start:stop])
        step = np.arange(len(row)) - np.repeat((ends - counts)[start:stop] - done, counts[start:stop])
        column = order[first[row] + step]
        near = np.abs(of_tops[column] - tops[row]) <= reach_down[row]  # a cheap check before the IoU
        row, column = row[near], column[near]
        kept = (image[row] == of_other[column]) & (box_iou(boxes[row], others[column]) >= least)
        of_image += np.bincount(image[row[kept]], minlength=len(of_image))
        kept &= of_image[image[row]] <= MOST_PAIRS
        found.append(np.stack([row[kept], column[kept]]))
        start = stop
    if crowded := np.flatnonzero(of_image > MOST_PAIRS).tolist():
        raise CrowdedError(crowded)
    rows, columns = np.concatenate(found, axis=1)
    return rows, columns


def shared_pixels(one: Mask, other: Mask) -> int:
    """Return the number of pixels that two masks share.

    With the rows of both masks' common frame laid end to end, runs are intervals. The count of one mask's pixels before
    a place grows along its runs only; over a run of the other mask, it grows by the number of shared pixels:

        one    ..####..##       before a place: 0 0 0 1 2 3 4 4 4 5 6
        other  ...###....       from place 3 to 6: from 1 to 4, so that 3 pixels are shared
    """
    left, top = min(one.left, other.left), min(one.top, other.top)
    stride = int(max(one.extents[2], other.extents[2])) - left + 1
    (starts, stops), (begins, ends) = (_stretches(mask, left, top, stride) for mask in (one, other))
    places = np.stack([starts, stops], axis=1).ravel()
    lengths = np.cumsum(stops - starts)
    before = np.stack([np.append(0, lengths[:-1]), lengths], axis=1).ravel()
    return round(float((np.interp(ends, places, before) - np.interp(begins, places, before)).sum()))


def _stretches(mask: Mask, left: int, top: int, stride: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row = (mask.rows.astype(np.int64) + (mask.top - top)) * stride + (mask.left - left)
    return row + mask.starts, row + mask.stops


def mask_iou(one: Mask, other: Mask) -> float:
    """Return the IoU of two masks."""
    shared = shared_pixels(one, other)
    return shared / (one.area + other.area - shared)


def outline_iou(one: NDArray[np.object_], other: NDArray[np.object_]) -> Floats:
    """Return the IoU of polygons, pair by pair; nan where both are empty."""
    shapely = import_module("shapely")
    shared = shapely.area(shapely.intersection(one, other))
    with np.errstate(invalid="ignore"):
        return np.asarray(shared / (shapely.area(one) + shapely.area(other) - shared))


def polygon_of(outlines: Outlines, number: int) -> Any:
    """Return one of several outlines as a polygon: the union of its parts."""
    shapely = import_module("shapely")
    first, last = outlines.first_part[number : number + 2]
    rings = (outlines.points[start:stop] for start, stop in pairwise(outlines.starts[first : last + 1].tolist()))
    parts = [part if part.is_valid else part.buffer(0) for part in map(shapely.polygons, rings)]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def as_polygon(mask: Mask) -> Any:
    """Return a mask as a polygon along the edges of its pixels."""
    shapely = import_module("shapely")
    (top, left), (x1, x2) = (mask.top, mask.left), (mask.starts, mask.stops)
    rows = mask.rows.astype(np.float64) + top
    return shapely.union_all(shapely.box(x1 + left, rows, x2 + left, rows + 1))
