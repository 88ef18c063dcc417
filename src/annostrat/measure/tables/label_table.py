"""Labels with the shape figures of outlines and masks, but not the shapes themselves: some 70 bytes per label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.annotations import BOX_DERIVED, CROWD, MAX_PLACE, ORIENTED, STUFF
from annostrat.measure.shape import masks as of_masks
from annostrat.measure.shape import outlines as of_outlines
from annostrat.measure.shape.outlines import Outlines, Shapes, Traced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.annotations import Batch
    from annostrat.annotations.masks.runs import Mask

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Bits = NDArray[np.bool_]
    Halves = NDArray[np.float32]

(
    WITH_OUTLINE,
    WITH_MASK,
    SEVERAL_PARTS,
    FOUR_VERTICES,
    BOX_DIFFERS,
    RECTANGLE,
    CENTRED,
    MOVED_DOWN,
    OUTLINE_IN_SHARES,
    EXCHANGED,
    CORNERED,
) = (1 << bit for bit in range(11))
"""Bits of `LabelTable.traits`; RECTANGLE is a box drawn as a polygon, which says nothing about shape."""
IN_SHARES = 1.5
"""Pixels up to which all values of a box or an outline look like shares of an image."""
RECTANGULAR = 0.999
"""Share of its extents that such a rectangle fills, allowing for rounding."""


class LabelTable(NamedTuple):
    """n labels.

    Attributes:
        image: Index of the image.
        category: Index of the class.
        flags: Bits of `annotations`.
        traits: Bits such as `WITH_OUTLINE`.
        ids: Id or line of the label.
        boxes: x1, y1, x2, y2 in pixels, of shape (n, 4); derived if the file has none, NaN if nothing is known.
        area: Area of the outline or mask in square pixels; NaN if there is none, as for the next three.
        elongation: 0 for a disc, 1 for a line.
        circularity: 1 for a disc.
        solidity: 1 for a convex shape.
        labelled: Bits of the keypoints that are labelled.
        hidden: Bits of the labelled keypoints that are hidden; both are of type uint8 if no label has keypoints.
    """

    image: NDArray[Any]
    category: NDArray[Any]
    flags: NDArray[np.uint16]
    traits: NDArray[np.uint16]
    ids: Integers
    boxes: Floats
    area: Halves
    elongation: Halves
    circularity: Halves
    solidity: Halves
    labelled: NDArray[np.uint64 | np.uint8]
    hidden: NDArray[np.uint64 | np.uint8]

    def pick(self, kept: NDArray[np.generic] | slice) -> LabelTable:
        """Return some of the labels, by index or by mask."""
        return LabelTable._make(column[kept] for column in self)

    def widened(self) -> LabelTable:
        """Return the table with indices wide enough to be multiplied."""
        return self._replace(image=self.image.astype(np.int64), category=self.category.astype(np.int64))

    @property
    def is_object(self) -> Bits:
        """Whether a label is a single object with a box that can be measured."""
        with np.errstate(invalid="ignore"):
            sizes = self.boxes[:, 2:] - self.boxes[:, :2]
            sound = (
                np.isfinite(self.boxes).all(axis=1)
                & (sizes > MIN_SIDE).all(axis=1)
                & (np.abs(self.boxes) < MAX_PLACE).all(axis=1)
            )
        return sound & (self.flags & (CROWD | STUFF) == 0)


MIN_SIDE = 1e-6
"""Shortest side of a box, in pixels, that can be measured."""


def joined(tables: list[LabelTable]) -> LabelTable:
    """Concatenate tables; empties the list, so that at most one column is in memory twice."""
    columns = [list(column) for column in zip(*tables, strict=True)][::-1]
    tables.clear()
    return LabelTable._make(np.concatenate(columns.pop()) for _ in LabelTable._fields)


class Drawn(NamedTuple):
    """The outlines and masks of some labels.

    Attributes:
        traced: The outlines.
        with_outline: Index of the label of each outline.
        masks: The masks.
        with_mask: Index of the label of each mask.
        outline_shapes: The shape figures of the outlines.
        rectangle: Whether an outline is an upright rectangle, and so says nothing about shape.
        mask_shapes: The shape figures of the masks.
    """

    traced: Traced
    with_outline: Integers
    masks: list[Mask]
    with_mask: Integers
    outline_shapes: Shapes
    rectangle: Bits
    mask_shapes: Shapes

    @property
    def outlines(self) -> Outlines:
        """The outlines as in the file."""
        return self.traced.outlines


def drawn(batch: Batch) -> Drawn:
    """Return the outlines and masks of a batch's objects with their shape figures; crowds are left out."""
    single = batch.flags & (CROWD | STUFF | ORIENTED) == 0
    outlines, with_outline = _outlines(batch, single)
    masks = {number: mask for number, mask in sorted(batch.masks.items()) if single[number]}
    traced = of_outlines.trace(outlines)
    found = of_outlines.shapes(traced)
    four = np.diff(outlines.first_point) == 4  # noqa: PLR2004 - as many as a rectangle has
    rectangle = four & (found.area >= RECTANGULAR * (found.extents[:, 2:] - found.extents[:, :2]).prod(axis=1))
    of_pixels = of_masks.shapes(list(masks.values()))
    return Drawn(
        traced, with_outline, list(masks.values()), np.array(list(masks), np.int64), found, rectangle, of_pixels
    )


def _outlines(batch: Batch, wanted: Bits) -> tuple[Outlines, Integers]:
    kept = wanted[batch.part_object]
    lengths = np.diff(batch.part_starts)
    points = batch.points if kept.all() else batch.points[np.repeat(kept, lengths)]
    owner = batch.part_object[kept]
    first_part = np.flatnonzero(np.diff(owner, prepend=-1))
    starts = np.concatenate([[0], np.cumsum(lengths[kept])])
    return Outlines(points, starts, np.append(first_part, len(owner))), owner[first_part]


def described(batch: Batch, shown: Drawn) -> LabelTable:
    """Return the labels of a batch as a table."""
    count = len(batch.ids)
    boxes = np.array(batch.boxes, np.float64).reshape(count, 4)
    traits = np.zeros(count, np.uint16)
    columns = np.full((4, count), np.nan)
    derived = batch.flags & BOX_DERIVED != 0
    for where, shapes, trait in (
        (shown.with_mask, shown.mask_shapes, WITH_MASK),
        (shown.with_outline, shown.outline_shapes, WITH_OUTLINE),
    ):
        traits[where] |= trait
        columns[:, where] = shapes[1:]
        open_ = derived[where]
        boxes[where[open_]] = shapes.extents[open_]
        _compare(traits, where, boxes[where], shapes.extents)
    columns[:, shown.with_outline[shown.rectangle]] = np.nan
    traits[shown.with_outline[shown.rectangle]] |= RECTANGLE
    _fill_regions(batch, boxes, derived)
    parts = np.diff(shown.outlines.first_part)
    vertices = np.diff(shown.outlines.first_point)
    traits[shown.with_outline[parts > 1]] |= SEVERAL_PARTS
    traits[shown.with_outline[vertices == 4]] |= FOUR_VERTICES  # noqa: PLR2004 - a rectangle has as many
    traits[shown.with_mask[[of_masks.has_parts(mask) for mask in shown.masks]] if shown.masks else []] |= SEVERAL_PARTS
    return LabelTable(
        batch.image.astype(np.int32),
        batch.category.astype(np.int32),
        batch.flags.astype(np.uint16),
        traits,
        batch.ids,
        boxes,
        *columns.astype(np.float32),
        *(np.zeros((2, count), np.uint8) if batch.visibility is None else batch.visibility.T),
    )


def _compare(traits: NDArray[np.uint16], where: Integers, boxes: Floats, extents: Floats) -> None:
    """Note which boxes differ from their outlines' extents by more than drawing and rounding explain.

    Such a box may start at the centre of its outline, have the same size but be higher or lower, have y before x, or a
    size that is the second corner.
    """
    size = extents[:, 2:] - extents[:, :2]
    tolerance = np.maximum(TOLERANCE_PX, TOLERANCE_SHARE * np.hstack([size, size]))
    with np.errstate(invalid="ignore"):
        apart = np.abs(boxes - extents) > tolerance
        centred = np.abs(boxes - (extents + np.hstack([size, size]) / 2)) <= tolerance
        exchanged = np.abs(boxes - extents[:, [1, 0, 3, 2]]) <= tolerance[:, [1, 0, 3, 2]]
        cornered = np.abs(boxes - np.hstack([extents[:, :2], extents[:, :2] + extents[:, 2:]])) <= 2 * tolerance
        as_large = (np.abs(boxes[:, 2:] - boxes[:, :2] - size) <= tolerance[:, :2]).all(axis=1)
    differs = apart.any(axis=1)
    traits[where[differs]] |= BOX_DIFFERS
    traits[where[differs & centred.all(axis=1)]] |= CENTRED
    traits[where[differs & exchanged.all(axis=1)]] |= EXCHANGED
    traits[where[differs & cornered.all(axis=1)]] |= CORNERED
    traits[where[differs & as_large & ~apart[:, 0] & ~apart[:, 2]]] |= MOVED_DOWN
    traits[where[(np.abs(extents) <= IN_SHARES).all(axis=1)]] |= OUTLINE_IN_SHARES


TOLERANCE_PX, TOLERANCE_SHARE = 2.0, 0.05


def _fill_regions(batch: Batch, boxes: Floats, derived: Bits) -> None:
    """Fill in the boxes of crowds, regions and rotated rectangles that come without one."""
    open_ = derived & np.isnan(boxes[:, 0])
    for number in np.flatnonzero(open_):
        parts = np.flatnonzero(batch.part_object == number)
        if len(parts):
            points = batch.points[batch.part_starts[parts[0]] : batch.part_starts[parts[-1] + 1]]
            boxes[number] = [*points.min(axis=0), *points.max(axis=0)]
        elif mask := batch.masks.get(int(number)):
            boxes[number] = mask.extents
