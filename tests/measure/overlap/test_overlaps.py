"""How boxes overlap and what lies in them: the sweep over all images at once against looking at every pair."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_masks

from annostrat.measure.overlap import neighbours, overlaps
from annostrat.measure.shape.outlines import Outlines

SIDE = st.integers(1, 25)
PLACE = st.integers(-5, 60)
BOX = st.tuples(PLACE, PLACE, SIDE, SIDE).map(lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3]))
LABEL = st.tuples(st.integers(0, 3), st.integers(0, 2), BOX)
LABELS = st.lists(LABEL, max_size=40).map(lambda labels: sorted(labels, key=lambda label: label[0]))


def arrays(labels):
    image, category, boxes = zip(*labels, strict=True) if labels else ((), (), ())
    return np.array(image, np.int64), np.array(category, np.int64), np.array(boxes, float).reshape(-1, 4)


def ious(boxes):
    """Return the IoU of all pairs by pycocotools, which wants x, y, width, height."""
    wide = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])
    return coco_masks.iou(wide, wide, np.zeros(len(wide), np.uint8)) if len(wide) else np.zeros((0, 0))


@given(LABELS)
def test_overlaps_are_those_of_all_pairs(labels):
    """The highest IoU, pairs above a half and duplicates are what comparing each with each finds."""
    image, category, boxes = arrays(labels)
    found = overlaps.overlaps(image, category, boxes, 3)
    iou = ious(boxes) * (image[:, None] == image[None])
    np.fill_diagonal(iou, 0)
    same = iou * (category[:, None] == category[None])
    assert found.max_iou.tolist() == pytest.approx(iou.max(axis=1, initial=0).tolist())
    assert found.max_iou_same.tolist() == pytest.approx(same.max(axis=1, initial=0).tolist())
    assert found.pairs.tolist() == np.triu(iou > 0.5).sum(axis=1).tolist()
    assert found.duplicate.tolist() == (np.triu(same > 0.95).any(axis=0)).tolist()


@given(LABELS)
def test_covers_are_those_of_all_pairs(labels):
    """Which class covers whom, and how far, is what comparing each with each finds."""
    image, category, boxes = arrays(labels)
    found = {(int(one), int(by)): int(level) for one, by, level in overlaps.overlaps(image, category, boxes, 3).covers}
    wanted = {}
    for one, other in np.ndindex(len(image), len(image)):
        if one == other or image[one] != image[other]:
            continue
        a, b = shapely.box(*boxes[one]), shapely.box(*boxes[other])
        share = round(a.intersection(b).area) / round(a.area)
        level = (share > 0.2) + (share > 0.5) + (share >= 0.9)
        if level:
            key = (one, int(category[other]))
            wanted[key] = max(level, wanted.get(key, 0))
    assert found == wanted


@given(LABELS, st.integers(1, 7))
def test_overlaps_do_not_depend_on_how_boxes_are_compared(labels, block):
    """In blocks of a few pairs, or each box with all others as in very crowded images, the result is the same."""
    with pytest.MonkeyPatch.context() as patch:
        whole = overlaps.overlaps(*arrays(labels), 3)
        patch.setattr(overlaps, "BLOCK", block)
        in_blocks = overlaps.overlaps(*arrays(labels), 3)
        patch.setattr(overlaps, "FEW_BOXES", 1)
        patch.setattr(overlaps, "FULL", 1_000)
        with_all = overlaps.overlaps(*arrays(labels), 3)
    for other in (in_blocks, with_all):
        assert [column.tolist() for column in other] == [column.tolist() for column in whole]


def boxes_met(images):
    """Return the share of each image's covered area that lies under several boxes."""
    boxes = np.array([box for each in images for box in each], float).reshape(-1, 4)
    ends = np.cumsum([0, *map(len, images)])
    image = np.repeat(np.arange(len(images)), np.diff(ends))
    meets = overlaps.overlaps(image, np.zeros(len(boxes), np.int64), boxes, 1).max_iou > 0
    return neighbours.boxes_met(boxes, meets, [ends[:-1], ends[1:]])


@given(st.lists(st.lists(BOX, max_size=12), max_size=6))
def test_area_under_several_boxes_is_that_of_a_raster(images):
    """On whole pixels, counting how many boxes cover each gives the same as the exact sweep."""
    wanted = []
    for boxes in images:
        counts = np.zeros((100, 100), int)
        for x1, y1, x2, y2 in boxes:
            counts[y1 + 5 : y2 + 5, x1 + 5 : x2 + 5] += 1
        wanted.append((counts > 1).sum() / (counts > 0).sum() if boxes else np.nan)
    assert boxes_met(images).tolist() == pytest.approx(wanted, nan_ok=True)


@given(st.lists(BOX, min_size=1, max_size=12), st.floats(0.01, 100), st.floats(-1000, 1000))
def test_overlap_does_not_depend_on_place_and_size(boxes, scale, shift):
    """All boxes moved and scaled together overlap as before."""
    image, category = np.zeros(len(boxes), np.int64), np.zeros(len(boxes), np.int64)
    one, other = np.array(boxes, float), np.array(boxes, float) * scale + shift
    before, after = (overlaps.overlaps(image, category, each, 1) for each in (one, other))
    assert before.max_iou.tolist() == pytest.approx(after.max_iou.tolist(), abs=1e-6)
    met = [boxes_met([each])[0] for each in (one, other)]
    assert met[0] == pytest.approx(met[1], abs=1e-6)


@st.composite
def convex(draw):
    x, y, width, height = draw(PLACE), draw(PLACE), draw(SIDE), draw(SIDE)
    cuts = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    cuts.pop(draw(st.integers(0, 3)))
    return cuts


@given(st.lists(convex(), min_size=1, max_size=8))
def test_foreign_is_what_a_fine_raster_counts(measured, label, triangles):
    """What other outlines fill of a box is what counting points in it finds, summed over the others, at most all."""
    figures = measured([label(outline=[triangle]) for triangle in triangles])
    shares = []
    for number, triangle in enumerate(triangles):
        own = shapely.Polygon(triangle)
        x1, y1, x2, y2 = own.bounds
        x, y = np.meshgrid(x1 + (np.arange(100) + 0.5) / 100 * (x2 - x1), y1 + (np.arange(100) + 0.5) / 100 * (y2 - y1))
        others = [shapely.contains_xy(shapely.Polygon(t), x, y) for t in triangles[:number] + triangles[number + 1 :]]
        shares.append(min(sum(inside.mean() for inside in others), 1))
    assert figures.estimate("foreign").value == pytest.approx(np.mean(shares), abs=0.02)


@st.composite
def rings(draw):
    """Return a simple outline of a few vertices around a middle, clockwise or not."""
    x, y = draw(PLACE), draw(PLACE)
    reach = draw(st.lists(st.integers(1, 30), min_size=3, max_size=9))
    angles = np.arange(len(reach)) * 2 * np.pi / len(reach)
    ring = np.stack([x + reach * np.cos(angles), y + reach * np.sin(angles)], axis=1)
    return ring[:: draw(st.sampled_from([1, -1]))]


@given(st.lists(st.tuples(rings(), BOX), min_size=1, max_size=6), st.integers(1, 20))
def test_the_area_of_an_outline_within_a_box_is_that_of_shapely(pairs, block):
    """Upright and level edges, vertices on the border, boxes inside or beside: what is cut out has the same area."""
    outlines = [np.concatenate([ring, BESIDE]) for ring, _ in pairs]
    boxes = np.array([box for _, box in pairs], float)
    starts = np.cumsum([0, *(length for ring, _ in pairs for length in (len(ring), len(BESIDE)))])
    drawn = Outlines(np.concatenate(outlines), starts, 2 * np.arange(len(pairs) + 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "EDGES", block)
        found = neighbours.areas_within(drawn, np.arange(len(pairs)), boxes)
    parts = [(shapely.Polygon(ring), shapely.Polygon(BESIDE), shapely.box(*box)) for ring, box in pairs]
    wanted = [sum(part.intersection(box).area for part in own) for *own, box in parts]
    assert found.tolist() == pytest.approx(wanted, abs=1e-6)


BESIDE = np.array([(20, 0), (30, 0), (30, 20), (20, 20)])
"""A second part, with upright and level edges."""


def test_an_image_of_twenty_thousand_boxes_is_measured(measured):
    """A crowd in one image is looked at in blocks; what grows with the square of the boxes is left out there."""
    boxes = [(i % 200, i // 200, i % 200 + 0.6, i // 200 + 0.6) for i in range(20_000)]
    figures = measured(boxes, width=300, height=300)
    assert figures.estimate("objects_per_image").value == 20_000
    assert figures.estimate("covered_share").value == 0
    assert figures.estimate("mbor").value is None
