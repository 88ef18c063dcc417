"""IoU of boxes, outlines and masks, and who belongs to whom; against hand-computed cases and pycocotools."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from annostrat.annotations.masks.runs import mask_of_pixels
from annostrat.measure.agreement import likeness
from annostrat.measure.agreement.assignment import Likeness, assigned
from annostrat.measure.agreement.likeness import (
    CrowdedError,
    as_polygon,
    box_iou,
    close_pairs,
    mask_iou,
    outline_iou,
    shared_pixels,
)
from annostrat.measure.agreement.units import SAME

SQUARE = np.array([0.0, 0, 10, 10])


@pytest.mark.parametrize(
    ("other", "iou"),
    [((0, 0, 10, 10), 1), ((5, 0, 15, 10), 1 / 3), ((0, 0, 5, 10), 0.5), ((10, 0, 20, 10), 0), ((20, 20, 30, 30), 0)],
)
def test_boxes_share_what_lies_in_both(other, iou):
    """Half of a square is half of it; boxes that only touch, and boxes apart in both directions, share nothing."""
    assert box_iou(SQUARE, np.array(other, float)) == pytest.approx(iou)


def test_masks_share_pixels_wherever_their_crops_lie():
    """Two strips that cross share the four pixels of the crossing, of 16 and 12."""
    across = mask_of_pixels(np.ones((2, 8), bool), left=0, top=3)
    down = mask_of_pixels(np.ones((6, 2), bool), left=3, top=1)
    assert shared_pixels(across, down) == shared_pixels(down, across) == 4
    assert mask_iou(across, down) == pytest.approx(4 / 24)


bits = st.lists(st.booleans(), min_size=48, max_size=48).map(lambda cells: np.array(cells).reshape(6, 8))


@given(bits, bits)
def test_masks_are_as_alike_as_for_pycocotools(one, other):
    """The IoU of any two masks is that of COCO's own code, and that of their polygons."""
    if not one.any() or not other.any():
        return
    masks = [mask_of_pixels(pixels) for pixels in (one, other)]
    packed = [coco_mask.encode(np.asfortranarray(pixels, np.uint8)) for pixels in (one, other)]
    expected = coco_mask.iou(packed[:1], packed[1:], [0])[0, 0]
    assert mask_iou(*masks) == pytest.approx(expected)
    first, second = (np.array([as_polygon(mask)], object) for mask in masks)
    assert outline_iou(first, second)[0] == pytest.approx(expected)


def pairs_in(table):
    """Return the pairs of a table that are above 0."""
    table = np.asarray(table)
    rows, columns = np.nonzero(table)
    return Likeness(rows, columns, table[rows, columns])


sides = st.integers(1, 9)
places = st.lists(st.tuples(st.integers(0, 2), st.integers(-9, 9), st.integers(0, 9), sides, sides), max_size=25)


def as_boxes(table):
    table = np.array(table, np.int64).reshape(-1, 5)
    return table[:, 0], np.hstack([table[:, 1:3], table[:, 1:3] + table[:, 3:]]).astype(float)


@given(places, places, st.sampled_from([0.5, 0.3, 0.9, 1.0]))
def test_close_pairs_are_those_of_the_whole_table(one, other, least):
    """What is found from left to right is what comparing all with all finds, image by image."""
    (image, boxes), (of_other, others) = as_boxes(one), as_boxes(other)
    close = (box_iou(boxes[:, None], others) >= least) & (image[:, None] == of_other)
    pairs = np.transpose(close_pairs((image, boxes), (of_other, others), least))
    assert sorted(pairs.tolist()) == np.argwhere(close).tolist()


def test_an_image_with_too_many_boxes_at_one_place_is_named(monkeypatch):
    """Three copies of a box are nine pairs."""
    monkeypatch.setattr(likeness, "MOST_PAIRS", 8)
    copies = np.ones(3, np.int64), np.tile(SQUARE, (3, 1))
    with pytest.raises(CrowdedError) as raised:
        close_pairs(copies, copies, SAME)
    assert raised.value.images == [1]


def test_the_greatest_sum_decides_who_belongs_to_whom():
    """A greedy choice would give x its favourite and leave y alone; together both find a partner."""
    rows, columns = assigned(pairs_in([[0.6, 0.5], [0.55, 0.0]]))
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [1, 0])


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0)])
def test_without_labels_nobody_belongs_to_anybody(shape):
    """No rows or no columns: no pairs."""
    assert [len(side) for side in assigned(pairs_in(np.zeros(shape)))] == [0, 0]


matrices = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.sampled_from([0.0, 0.0, 0.5, 0.625, 0.75, 1.0]), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
    ).map(lambda cells: np.array(cells).reshape(shape))
)


@given(matrices)
def test_no_other_assignment_has_a_greater_sum(table):
    """Of all ways to pair rows with columns, none is better; nobody is paired twice, and never at 0."""
    rows, columns = assigned(pairs_in(table))
    assert len({*rows.tolist()}) == len({*columns.tolist()}) == len(rows)
    assert (table[rows, columns] > 0).all()
    wide = table if table.shape[0] <= table.shape[1] else table.T
    best = max(sum(wide[range(len(wide)), some]) for some in permutations(range(wide.shape[1]), len(wide)))
    assert table[rows, columns].sum() == pytest.approx(best)


def test_matches_are_those_of_coco_where_these_do_not_depend_on_the_order(labelled, capsys):
    """Objects that overlap nobody else: exactly the pairs that pycocotools finds without regard to classes."""
    random = np.random.default_rng(3)
    corners = np.array([(x, y) for x in range(5, 500, 40) for y in range(5, 500, 40)], float)
    truth = np.hstack([corners, corners + 20])
    found = truth + random.uniform(-6, 6, truth.shape)
    boxes = {"labels": truth, "results": found}
    listed = {
        name: [
            {
                "id": i,
                "image_id": 1,
                "category_id": 1,
                "bbox": [x, y, x2 - x, y2 - y],
                "area": 1,
                "iscrowd": 0,
                "score": 1,
            }
            for i, (x, y, x2, y2) in enumerate(of.tolist(), 1)
        ]
        for name, of in boxes.items()
    }
    truth_file = COCO()
    truth_file.dataset = {"images": [{"id": 1}], "annotations": listed["labels"], "categories": [{"id": 1}]}
    truth_file.createIndex()
    judge = COCOeval(truth_file, truth_file.loadRes(listed["results"]), "bbox")
    judge.params.iouThrs, judge.params.useCats, judge.params.areaRng = np.array([SAME]), 0, [[0, 1e10]]
    judge.params.maxDets = [1_000]
    judge.evaluate()
    capsys.readouterr()
    by_coco = judge.evalImgs[0]["dtMatches"][0].astype(int).tolist()
    one_image = np.zeros(len(truth), np.int64)
    rows, columns = close_pairs((one_image, truth), (one_image, found), SAME)
    rows, columns = assigned(Likeness(rows, columns, box_iou(truth[rows], found[columns])))
    ours = dict(zip(columns.tolist(), rows.tolist(), strict=True))
    assert 50 < len(ours) < len(truth)
    assert [ours.get(place, -1) + 1 for place in range(len(found))] == by_coco
