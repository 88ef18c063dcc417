import json
import math

import pytest

BOX = {"name": "cat", "bounding_box": {"x": 10, "y": 20, "w": 30, "h": 40}}
CORNERS = [{"x": 1, "y": 1}, {"x": 9, "y": 1}, {"x": 9, "y": 9}]


def layer(*runs, **ids):
    return {"name": "__raster_layer__", "raster_layer": {"dense_rle": list(runs), "mask_annotation_ids_mapping": ids}}


@pytest.fixture
def read_items(read, tmp_path):
    """Read an item with some annotations and the slots that are given, one of 100 x 50 pixels without."""

    def reading(*annotations, slots=({"type": "image", "slot_name": "0", "width": 100, "height": 50},), name="a.json"):
        item = {"name": "a.jpg", "path": "/day 1", "slots": list(slots)}
        (tmp_path / name).write_text(json.dumps({"version": "2.0", "item": item, "annotations": annotations}))
        return read("darwin", tmp_path)

    return reading


def test_box_is_its_corner_and_size(read_items):
    """The name of the image has its folder in V7."""
    found = read_items(BOX)
    assert found.labels == [("cat", (10, 20, 40, 60), 0, 0)]
    assert found.images == [("day 1/a.jpg", 100, 50, "", "a.json")]
    assert not found.remarks


def test_polygon_of_two_paths_is_one_object(read_items):
    """Paths are parts of an object, and the box that is stated with them is kept."""
    found = read_items({**BOX, "polygon": {"paths": [CORNERS, CORNERS]}}, {"name": "dog", "polygon": {"path": CORNERS}})
    assert [label[:2] for label in found.labels] == [("cat", (10, 20, 40, 60)), ("dog", None)]
    assert [len(outline) for outline in found.outlines] == [2, 1]


def square(left, size):
    return [
        {"x": x, "y": y}
        for x, y in ((left, left), (left + size, left), (left + size, left + size), (left, left + size))
    ]


def test_a_path_within_another_is_a_hole(read_items):
    """What lies within the hole belongs to the object again; an area is that of V7's own masks."""
    found = read_items(
        {"name": "ring", "polygon": {"paths": [square(0, 9), square(4, 1), square(2, 5), square(20, 2)]}}
    )
    ((ring, island, other),) = found.outlines
    areas = [
        abs(sum(x * v - u * y for (x, y), (u, v) in zip(part, part[1:] + part[:1], strict=True))) / 2
        for part in (ring, island, other)
    ]
    assert areas == [81 - 25, 1, 4]


def test_version_1_is_read(read, tmp_path):
    """Its image is what a slot is today, and further paths are in a list of their own."""
    image = {"width": 100, "height": 50, "filename": "a.jpg", "path": "/day 1"}
    polygon = {"name": "dog", "polygon": {"path": CORNERS, "additional_paths": [CORNERS]}}
    (tmp_path / "a.json").write_text(json.dumps({"image": image, "annotations": [BOX, polygon]}))
    (tmp_path / "b.json").write_text(json.dumps({"image": image | {"frame_count": 9}, "annotations": [BOX]}))
    found = read("darwin", tmp_path)
    assert found.images == [("day 1/a.jpg", 100, 50, "", "a.json")]
    assert [label[:2] for label in found.labels] == [("cat", (10, 20, 40, 60)), ("dog", None)]
    assert [len(outline) for outline in found.outlines] == [2]
    assert found.details["video_passed_over"][0] == "b.json"


def test_ellipse_is_turned_clockwise_by_radians(read_items):
    """An ellipse that is turned by a quarter is as high as it was wide."""
    shape = {"center": {"x": 50, "y": 25}, "radius": {"x": 20, "y": 10}, "angle": math.pi / 2}
    ((outline,),) = read_items({"name": "cat", "ellipse": shape}).outlines
    xs, ys = zip(*outline, strict=True)
    assert (min(xs), max(xs), min(ys), max(ys)) == (40, 60, 5, 45)


def test_masks_are_numbers_in_a_layer_of_runs(read_items):
    """Runs go along the rows, each with the number of a mask; 0 is nothing."""
    masks = [{"id": name, "name": name, "mask": {}} for name in ("a", "b", "c")]
    found = read_items(*masks, layer(0, 110, 1, 5, 2, 95, 0, 4790, a=1, b=2, c=3))
    assert [label[0] for label in found.labels] == ["a", "b"]
    assert [(mask.extents, mask.area) for mask in found.masks] == [((10, 1, 15, 2), 5), ((0, 1, 100, 3), 95)]
    assert found.details == {"empty_outline": ("a.json#2", "a mask without a pixel")}


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        ({"id": "a", "name": "a", "mask": {}}, "mask_damaged"),
        ({"id": "b", "name": "b", "mask": {}}, "mask_overruns"),
        ({"name": "a", "tag": {}}, "shape_not_measured"),
        ({"name": "a", "keypoint": {"x": 1, "y": 1}}, "shape_not_measured"),
        ({"name": "a"}, "bad_value"),
        (7, "bad_value"),
        ({**BOX, "slot_names": ["9"]}, "unknown_image"),
    ],
)
def test_annotation_that_cannot_be_used_is_told(read_items, annotation, kind):
    """What has no area, no name or no pixels is counted with its place, and the rest is read."""
    found = read_items(annotation, BOX, layer(0, 1, b=1))
    assert [label[0] for label in found.labels] == ["cat"]
    assert found.remarks == {kind: 1}
    assert found.details[kind][0] == "a.json#0"


def test_an_annotation_without_a_name_is_kept(read_items):
    """Its box is measured, and that it has no class is told."""
    found = read_items(BOX | {"name": None}, BOX)
    assert [label[0] for label in found.labels] == ["object", "cat"]
    assert found.details == {"without_class": ("a.json#0", "an annotation without a name")}


def test_several_slots_are_several_images(read_items):
    """An annotation says which of the views of an item it is in."""
    slots = [{"type": "image", "slot_name": name, "width": 9, "height": 9} for name in ("left", "right")]
    found = read_items({**BOX, "slot_names": ["right"]}, slots=slots)
    assert [image[0] for image in found.images] == ["day 1/a.jpg[left]", "day 1/a.jpg[right]"]
    assert found.batches[0].image.tolist() == [1]


def test_video_is_passed_over_with_its_labels_counted(read_items):
    """Labels of frames are not read, and nothing of a video is an image."""
    found = read_items(BOX, BOX, slots=[{"type": "video", "slot_name": "0", "width": 9, "height": 9}])
    assert (found.labels, found.images, found.remarks) == ([], [], {"video_passed_over": 2})


def test_item_without_slots_is_a_problem(read_items):
    """A file of the format from which nothing can be read is named."""
    assert read_items(BOX, slots=[]).problems == [
        "a.json: there is no list of slots; wanted: item with name and slots, and annotations"
    ]
