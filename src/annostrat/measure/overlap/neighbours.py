"""Exact shares of boxes that other objects fill, in a sample of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.measure.shape.outlines import Outlines, following

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask
    from annostrat.measure.tables.label_table import Drawn, LabelTable

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Bits = NDArray[np.bool_]

MAX_BOXES = 2_000
"""Boxes of one image above which it is left out: the work grows with their square."""


class Outlined(NamedTuple):
    """Outlines and masks of some labels, by index.

    Attributes:
        outlines: The outlines.
        with_outline: Index of the label of each outline, ascending.
        masks: The masks, by index of their label.
    """

    outlines: Outlines
    with_outline: Integers
    masks: dict[int, Mask]


def outlined(shown: Drawn, wanted: Bits, offset: int = 0) -> Outlined:
    """Return the outlines and masks of the wanted labels, their indices increased by the offset."""
    kept = np.flatnonzero(wanted[shown.with_outline])
    masks = {int(number): mask for number, mask in zip(shown.with_mask, shown.masks, strict=True) if wanted[number]}
    return shifted(Outlined(_picked(shown.outlines, kept), shown.with_outline[kept], masks), offset)


def shifted(part: Outlined, offset: int) -> Outlined:
    """Return outlines and masks with their labels' indices increased by an offset."""
    masks = {number + offset: mask for number, mask in part.masks.items()}
    return Outlined(part.outlines, part.with_outline + offset, masks)


def all_outlined(several: Sequence[Outlined]) -> Outlined:
    """Return the outlines and masks of several parts together; each part's labels come after those before it."""
    several = several or [Outlined(Outlines(np.empty((0, 2)), *np.zeros((2, 1), np.int64)), np.empty(0, np.int64), {})]
    lengths = [np.concatenate([np.diff(part.outlines[column]) for part in several]) for column in (1, 2)]
    outlines = Outlines(
        np.concatenate([part.outlines.points for part in several]),
        *(np.concatenate([[0], np.cumsum(each)]) for each in lengths),
    )
    masks = {number: mask for part in several for number, mask in part.masks.items()}
    return Outlined(outlines, np.concatenate([part.with_outline for part in several]), masks)


def by_image(image: NDArray[Any]) -> tuple[Integers, Integers]:
    """Return a stable order of labels by image, and the place of each label in it."""
    halves = (image & 0xFFFF).astype(np.uint16), (image >> 16).astype(np.uint16)  # so few bits are sorted by radix
    order = np.lexsort(halves)
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    return order, number


def renumbered(part: Outlined, number: Integers) -> Outlined:
    """Return outlines and masks with their labels' new indices, in the order of these."""
    new = number[part.with_outline]
    order = np.argsort(new, kind="stable")
    masks = {int(number[old]): mask for old, mask in part.masks.items()}
    return Outlined(_picked(part.outlines, order), new[order], masks)


def _picked(outlines: Outlines, order: Integers) -> Outlines:
    """Return the outlines of some objects, in some order."""
    return Outlines(
        outlines.points[_runs(outlines.first_point, order)],
        np.concatenate([[0], np.cumsum(np.diff(outlines.starts)[_runs(outlines.first_part, order)])]),
        np.concatenate([[0], np.cumsum(np.diff(outlines.first_part)[order])]),
    )


def _runs(first: Integers, order: Integers) -> Integers:
    """Return the indices of the members of runs, the runs put in some order."""
    lengths = np.diff(first)[order]
    ends = np.cumsum(lengths)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return within + np.repeat(first[:-1][order], lengths)


def between(part: Outlined, start: int, stop: int) -> Outlined:
    """Return the outlines and masks of a range of labels, renumbered from 0."""
    first, last = np.searchsorted(part.with_outline, [start, stop])
    masks = {number - start: mask for number, mask in part.masks.items() if start <= number < stop}
    return Outlined(_picked(part.outlines, np.arange(first, last)), part.with_outline[first:last] - start, masks)


def boxes_met(boxes: Floats, meets: Bits, bounds: Sequence[Integers]) -> Floats:
    """Return, for each image, the share of the covered area that several boxes cover; nan without boxes.

    Args:
        boxes: x1, y1, x2, y2 of all objects.
        meets: Whether a box shares area with another one of its image.
        bounds: First object of each image, and the one after its last.
    """
    areas = np.append(np.where(meets, 0, (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)), 0)
    alone = np.add.reduceat(areas, np.stack(bounds, axis=1).ravel())[::2] if len(bounds[0]) else areas[:0]
    several, any_ = np.zeros(len(alone)), np.where(bounds[0] < bounds[1], alone, 0)
    meeting = np.flatnonzero(meets)
    first, stop = np.searchsorted(meeting, bounds)
    counts = stop - first
    sizes = SIZES[np.searchsorted(SIZES, np.minimum(counts, MAX_BOXES))]
    known = bounds[1] - bounds[0] <= MAX_BOXES
    wanted = known & (counts > 0)
    for size in np.unique(sizes[wanted]).tolist():
        images = np.flatnonzero(wanted & (sizes == size))
        number, block = np.arange(size), max(1, GRID_CELLS // (2 * size) ** 2)
        for some in np.split(images, range(block, len(images), block)):
            there = number < counts[some][:, None]
            each = boxes[meeting[np.where(there, first[some][:, None] + number, first[some][:, None])]]
            each[~there, 2:] = each[~there, :2]  # filled up with points, which cover nothing
            several[some], together = _met(each)
            any_[some] += together
    with np.errstate(invalid="ignore"):
        return np.where(known, several / any_, np.nan)


SIZES = np.array([2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, MAX_BOXES])
"""Numbers of boxes that images are padded to, so that many can be processed together."""
GRID_CELLS = 4_000_000
"""Cells of grids that are processed together."""


def _met(boxes: Floats) -> tuple[Floats, Floats]:
    """Return the areas that several and any boxes cover, of images with equally many boxes: (images, boxes, 4).

    The edges of an image's boxes cut it into a grid. A box adds 1 at its upper left corner and takes it away at each of
    its other ends, so that running sums along both axes count the boxes over each cell. Images are the last axis: what
    is done to a row of cells is done to all images at once.
    """
    images, count = len(boxes), boxes.shape[1]
    (left, right, x), (top, bottom, y) = (_ranked(boxes[:, :, low].T, boxes[:, :, low + 2].T) for low in (0, 1))
    cells = np.zeros((2 * count, 2 * count, images), np.int16)  # of at most `MAX_BOXES` boxes
    image = np.arange(images)
    for across, down, sign in ((left, top, 1), (right, bottom, 1), (left, bottom, -1), (right, top, -1)):
        np.add.at(cells.reshape(-1), ((across * 2 * count + down) * images + image).ravel(), np.int16(sign))
    for rows in (cells, cells.swapaxes(0, 1)):
        for number in range(1, len(rows)):
            rows[number] += rows[number - 1]
    covered, width, height = cells[:-1, :-1], np.diff(x, axis=0), np.diff(y, axis=0)
    several, any_ = ((np.where(covered >= least, height, 0).sum(axis=1) * width).sum(axis=0) for least in (2, 1))
    return several, any_


def _ranked(low: Floats, high: Floats) -> tuple[Integers, Integers, Floats]:
    """Return the ranks of low and high ends among all ends of their image (the last axis), and these in order."""
    ends = np.concatenate([low, high])
    order = np.argsort(ends, axis=0)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(ends))[:, None], axis=0)
    return rank[: len(low)], rank[len(low) :], np.take_along_axis(ends, order, axis=0)


def foreign(rows: LabelTable, meets: Bits, bounds: Sequence[Integers], shown: Outlined, objects: Integers) -> Floats:
    """Return the share of each object's box that other objects fill; nan outside the sample and without an outline.

    Args:
        rows: Objects, by image.
        meets: Whether the box of an object shares area with another one of its image.
        bounds: First object of each image of the sample, and the one after its last.
        shown: Outlines and masks, by index of the label.
        objects: Index of the label of each object, ascending.
    """
    share = np.full(len(rows.ids), np.nan)
    if not len(shown.with_outline) and not shown.masks:
        return share
    known = set(objects.tolist()) & shown.masks.keys()
    with_mask = {int(np.searchsorted(objects, number)): shown.masks[number] for number in known}
    there = np.zeros(len(rows.ids), bool)
    for start, stop in zip(*bounds, strict=True):
        there[start:stop] = stop - start <= MAX_BOXES
    position = np.full(len(rows.ids), -1)
    kept = np.isin(shown.with_outline, objects)
    position[np.searchsorted(objects, shown.with_outline[kept])] = np.flatnonzero(kept)
    drawn = there & ((position >= 0) | np.isin(np.arange(len(rows.ids)), list(with_mask)))
    share[drawn] = 0
    met = drawn & meets
    one, other = _pairs(rows.boxes, bounds, met, position >= 0)
    areas = (rows.boxes[:, 2:] - rows.boxes[:, :2]).prod(axis=1)
    np.add.at(share, one, areas_within(shown.outlines, position[other], rows.boxes[one]) / areas[one])
    for start, stop in zip(*bounds, strict=True):
        here = start + np.flatnonzero(met[start:stop])
        masks = {number: with_mask[number] for number in here.tolist() if number in with_mask}
        if masks and len(here) > 1:
            share[here] += _of_other_masks(masks, here, rows.boxes[here]) / areas[here]
    return share


def _of_other_masks(masks: dict[int, Mask], objects: Integers, boxes: Floats) -> Floats:
    """Return the number of pixels of other objects' masks in the box of each object: of all masks, less its own."""
    found = pixels_within(list(masks.values()), boxes)
    for index, number in enumerate(objects.tolist()):
        own = masks.get(number)
        if own is not None:
            is_inside = (boxes[index, :2] <= own.extents[:2]).all() and (boxes[index, 2:] >= own.extents[2:]).all()
            found[index] -= own.area if is_inside else pixels_within([own], boxes[index : index + 1])[0]
    return found


def pixels_within(masks: Sequence[Mask], boxes: Floats) -> Floats:
    """Return the number of pixels of all masks whose centre is in each box.

    In a row, the pixels left of x are the sum of x - start over the runs that start left of x, less the sum of x - stop
    over those that stop there. With all starts and all stops sorted by row and column, and their running sums, that
    takes two searches for each row and side of a box, and no pixel is unpacked.
    """
    left, top = min(mask.left for mask in masks), min(mask.top for mask in masks)
    right, bottom = (max(mask.extents[side] for mask in masks) for side in (2, 3))
    x1, y1, x2, y2 = np.ceil(boxes.T - 0.5).clip([[left], [top]] * 2, [[right], [bottom]] * 2).astype(np.int64)
    stride = int(right) - left + 1
    row = np.concatenate([mask.rows + np.int64(mask.top - top) for mask in masks]) * stride
    edges = []
    for column in ("starts", "stops"):
        x = np.concatenate([getattr(mask, column) + np.int64(mask.left - left) for mask in masks])
        places = np.sort(row + x)
        edges.append((places, np.concatenate([[0], np.cumsum(places % stride)])))
    found = np.empty(len(boxes))
    for number, (low, first, high, last) in enumerate(np.stack([x1 - left, y1 - top, x2 - left, y2 - top], 1).tolist()):
        rows = np.arange(first, max(last, first)) * stride
        found[number] = _pixels_before(edges, rows, high) - _pixels_before(edges, rows, max(low, 0))
    return found


def _pixels_before(edges: Sequence[tuple[Integers, Integers]], rows: Integers, x: int) -> int:
    """Return the number of set pixels of some rows left of x, plus a constant."""
    (starts, sum_of_starts), (stops, sum_of_stops) = edges
    started, stopped = (np.searchsorted(places, rows + x, "right") for places in (starts, stops))
    return int((x * (started - stopped) - sum_of_starts[started] + sum_of_stops[stopped]).sum())


def _pairs(boxes: Floats, bounds: Sequence[Integers], met: Bits, wanted: Bits) -> tuple[Integers, Integers]:
    """Return pairs of objects of one image whose boxes overlap, the second of which is wanted."""
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start, stop in zip(*bounds, strict=True):
        number = start + np.flatnonzero(met[start:stop])
        second = number[wanted[number]]
        if not len(second):
            continue
        own, other = boxes[number][:, None], boxes[second]
        width = np.minimum(own[..., 2], other[:, 2]) - np.maximum(own[..., 0], other[:, 0])
        height = np.minimum(own[..., 3], other[:, 3]) - np.maximum(own[..., 1], other[:, 1])
        a, b = np.nonzero((width > 0) & (height > 0) & (number[:, None] != second))
        ones.append(number[a])
        others.append(second[b])
    return np.concatenate(ones), np.concatenate(others)


def areas_within(outlines: Outlines, which: Integers, boxes: Floats) -> Floats:
    """Return the area of each outline within its box; overlapping parts of an outline count twice.

    Along a line at height y, the part of an outline within a box from x1 to x2 is a sum over the edges that cross the
    line: the crossing's x, limited to x1 and x2, less x1, with the sign of the edge's direction. An outline that the
    line enters at 3 and leaves at 9 has 6 - 3 of its length in a box from 2 to 6. So each edge, cut to the height of
    the box, adds the integral of a limited linear function, which `_up_to` gives, and no outline is cut by another.
    """
    x, y = outlines.points.T
    x_next, y_next = following(x, outlines.starts), following(y, outlines.starts)
    sign = np.sign(np.add.reduceat(x * y_next - x_next * y, outlines.starts[:-1])) if len(x) else x
    edges = np.stack([x, y, x_next, y_next, np.repeat(sign, np.diff(outlines.starts))])
    counts = np.diff(outlines.first_point)[which]
    areas, ends = np.zeros(len(which)), np.cumsum(counts)
    start = 0
    while start < len(which):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] - counts[start] + EDGES, side="right")))
        x, y, x_next, y_next, sign = edges[:, _runs(outlines.first_point, which[start:stop])]
        x1, y1, x2, y2 = np.repeat(boxes[start:stop], counts[start:stop], axis=0).T
        low, high = np.clip(y, y1, y2), np.clip(y_next, y1, y2)
        with np.errstate(divide="ignore", invalid="ignore"):  # a level edge adds nothing
            slope = (x_next - x) / (y_next - y)
            begin, end = x + (low - y) * slope - x1, x + (high - y) * slope - x1
            steep = np.abs(end - begin) < UPRIGHT
            mean = np.where(
                steep, np.clip(begin, 0, x2 - x1), (_up_to(end, x2 - x1) - _up_to(begin, x2 - x1)) / (end - begin)
            )
        within = np.where(high != low, sign * mean * (high - low), 0)
        areas[start:stop] = np.add.reduceat(within, ends[start:stop] - counts[start:stop] - ends[start] + counts[start])
        start = stop
    return np.clip(areas, 0, None)


EDGES = 200_000
"""Edges processed together, so that memory stays bounded."""
UPRIGHT = 1e-6
"""Pixels across below which an edge is upright: dividing by them would add nothing but noise."""


def _up_to(x: Floats, most: Floats) -> Floats:
    """Return the integral of the number limited to 0 and `most`, from 0 to x."""
    limited = np.clip(x, 0, most)
    return limited * (x - limited / 2)
