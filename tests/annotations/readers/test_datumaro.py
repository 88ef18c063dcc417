"""Datumaro: items with annotations of many kinds."""

import json

import pytest
from PIL import Image

from annostrat.annotations import CROWD, OCCLUDED, OCCLUSION_STATED
from annostrat.annotations.readers.tools.datumaro import PLUGIN

LABELS = {"label": {"labels": [{"name": name, "parent": "", "attributes": []} for name in ("car", "bicycle")]}}
TRIANGLE = {"type": "polygon", "points": [0.0, 0.0, 8.0, 0.0, 8.0, 6.0]}
BOX = {"type": "bbox", "bbox": [1.0, 2.0, 3.0, 4.0]}
MASK = {"type": "mask", "rle": {"counts": [60, 2, 4738], "size": [60, 80]}}
REAL = {
    "infos": {"author": "anonymous"},
    "categories": LABELS,
    "items": [
        {
            "id": "a",
            "annotations": [{"id": 0, "type": "label", "attributes": {"score": 1.0}, "group": 0, "label_id": 0}],
            "image": {"path": "train/a.jpg"},
            "media": {"path": "train/a.jpg"},
        },
        {"id": "b", "annotations": [], "media": {"path": "train/b.jpg"}},
    ],
}
"""Shaped like the legacy example among Datumaro's test assets."""


def shape(kind, label=0, group=0, **more):
    return {"id": 5, "attributes": {}, "group": group, "label_id": label, "z_order": 0, **kind, **more}


def write(tmp_path, *annotations, name="default.json", size=(60, 80), **more):
    item = {"id": "a", "annotations": list(annotations), "image": {"path": "a.jpg", "size": size and list(size)}}
    file = {"dm_format_version": "1.0", "media_type": 2, "categories": LABELS, "items": [item], **more}
    path = tmp_path / "annotations" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(file))
    return tmp_path


def test_a_real_file_is_read(read, tmp_path):
    """Tags of whole images are no shapes; images without a size are named."""
    (tmp_path / "train.json").write_text(json.dumps(REAL))
    found = read("datumaro", tmp_path)
    assert [image[:4] for image in found.images] == [("train/a.jpg", 0, 0, "train"), ("train/b.jpg", 0, 0, "train")]
    assert found.labels == []
    assert found.remarks == {"shape_not_measured": 1, "image_size_unknown": 2}
    assert found.details["shape_not_measured"] == ("train.json#a", "label")


def test_shapes_are_read(read, tmp_path):
    """Boxes are x, y, width and height, ellipses two corners, masks the runs of COCO; sizes begin with height."""
    ellipse = {"type": "ellipse", "points": [10.0, 20.0, 30.0, 60.0]}
    found = read("datumaro", write(tmp_path, shape(BOX), shape(TRIANGLE, 1), shape(ellipse), shape(MASK, 1)))
    assert found.images[0][:4] == ("a.jpg", 80, 60, "")
    assert [label[:2] for label in found.labels] == [
        ("car", (1, 2, 4, 6)),
        ("bicycle", None),
        ("car", None),
        ("bicycle", None),
    ]
    triangle, turned = (parts[0] for parts in found.outlines)
    assert triangle == [[0, 0], [8, 0], [8, 6]]
    assert (max(x for x, _ in turned), max(y for _, y in turned)) == (30, 60)
    (mask,) = found.masks
    assert (mask.left, mask.top, mask.pixels.tolist()) == (1, 0, [[True], [True]])
    assert not found.remarks


def test_what_is_grouped_is_one_object(read, tmp_path):
    """Polygons of a group and a class are parts, and the only box of the group is theirs; other classes are apart."""
    parts = [shape(TRIANGLE, 0, 7), shape(TRIANGLE, 0, 7), shape(BOX, 0, 7), shape(BOX, 1, 7)]
    found = read("datumaro", write(tmp_path, *parts))
    assert [label[:2] for label in found.labels] == [("car", (1, 2, 4, 6)), ("bicycle", (1, 2, 4, 6))]
    assert [len(outline) for outline in found.outlines] == [2]


def test_boxes_of_a_group_are_objects_each(read, tmp_path):
    """People group objects that belong together; without group, everything is apart."""
    found = read("datumaro", write(tmp_path, *[shape(BOX, 0, 7)] * 2, *[shape(TRIANGLE)] * 2, *[shape(MASK, 1, 8)] * 3))
    assert [label[0] for label in found.labels] == ["car", "car", "car", "car", "bicycle", "bicycle", "bicycle"]


def test_a_class_that_is_listed_twice_is_told(read, tmp_path):
    """Two ids of one name are one class, and that is said once a file."""
    labels = {"label": {"labels": [{"name": name, "parent": ""} for name in ("car", "bicycle", "car")]}}
    found = read("datumaro", write(tmp_path, shape(BOX), shape(BOX, 2), categories=labels))
    assert [label[0] for label in found.labels] == ["car", "car"]
    assert found.details == {"duplicate_class": ("annotations/default.json", "2 ids are called car")}


def test_flags_of_people_are_kept(read, tmp_path):
    """Crowds and occlusion are attributes."""
    attributes = [{"is_crowd": True}, {"occluded": True, "is_crowd": False}, {"occluded": False}, None]
    found = read("datumaro", write(tmp_path, *[shape(BOX, attributes=each) for each in attributes]))
    assert [label[2] for label in found.labels] == [CROWD, OCCLUDED | OCCLUSION_STATED, OCCLUSION_STATED, 0]


def test_the_number_of_a_class_may_be_text(read, tmp_path):
    """Some writers put all numbers in quotes."""
    found = read("datumaro", write(tmp_path, shape(BOX, "1")))
    assert (found.labels, found.remarks) == (read("datumaro", write(tmp_path, shape(BOX, 1))).labels, {})


def test_the_subset_and_the_image_come_from_the_folders(read, tmp_path):
    """The file is called like the subset, whose images are in a folder of its name."""
    write(tmp_path, shape(BOX), name="val.json", size=None)
    (tmp_path / "images" / "val").mkdir(parents=True)
    Image.new("L", (40, 30)).save(tmp_path / "images" / "val" / "a.jpg")
    found = read("datumaro", tmp_path)
    assert found.images == [("a.jpg", 40, 30, "val", "annotations/val.json")]


@pytest.mark.parametrize(
    ("annotation", "kind", "detail"),
    [
        (shape(BOX, None), "without_class", "an annotation without a class"),
        (shape(BOX, 2), "class_beyond_list", "label_id 2, and 2 are named"),
        (shape({"type": "polyline", "points": [1, 2, 3, 4]}), "shape_not_measured", "polyline"),
        (shape({"type": "polygon", "points": [1, 2, 3, 4]}), "empty_outline", "a polygon of 2 points"),
        (shape({"type": "polygon", "points": [1, 2, 3]}), "bad_value", "a polygon without its numbers"),
        (shape({"type": "bbox", "bbox": [1, 2, 3]}), "bad_value", "a bbox without its numbers"),
        (shape({"type": "bbox", "bbox": [1, 2, 3, None]}), "bad_value", "a bbox without its numbers"),
        (shape({"type": "mask", "rle": "x"}), "bad_value", "a mask without its runs and its size"),
        (
            shape({"type": "mask", "rle": {"counts": [5], "size": [60, 80]}}),
            "mask_overruns",
            "the runs fill 5 pixels, the image has 80 x 60 = 4800",
        ),
        (
            shape({"type": "mask", "rle": {"counts": [4800], "size": [60, 80]}}),
            "empty_outline",
            "a mask without a pixel",
        ),
        (
            shape({"type": "mask", "rle": {"counts": [6], "size": [2, 3]}}),
            "mask_overruns",
            "size is 2, 3; the image is 80 wide and 60 high",
        ),
        (
            shape({"type": "mask", "rle": {"counts": [4800], "size": [80, 60]}}),
            "mask_exchanged",
            "size is 80, 60; the image is 80 wide and 60 high",
        ),
        (None, "bad_value", "an annotation without a type"),
    ],
)
def test_what_is_unusual_is_told(read, tmp_path, annotation, kind, detail):
    """What cannot be used is counted with its item, and the others are read."""
    found = read("datumaro", write(tmp_path, annotation, shape(BOX)))
    assert found.remarks == {kind: 1}
    assert found.details[kind] == ("annotations/default.json#a", detail)
    assert found.labels[-1][:2] == ("car", (1, 2, 4, 6))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"categories": {}, "items": [{"id": "a", "annotations": []}', "the file ends in the middle of a value"),
        ('{"dm_format_version": "1.0", "items": 3}', "expected 'array', got 'int'"),
    ],
)
def test_broken_files_are_problems(read, tmp_path, text, problem):
    """A file that is torn off is named."""
    (tmp_path / "a.json").write_text(text)
    (found,) = read("datumaro", tmp_path).problems
    assert problem in found


@pytest.mark.parametrize(
    ("document", "fits"),
    [
        (REAL, True),
        ({"dm_format_version": "1.0", "items": []}, True),
        ({"categories": [], "images": [], "annotations": []}, False),
        ({"items": [{"annotations": []}]}, False),
    ],
)
def test_look_tells_datumaro_from_other_json(document, fits):
    """Items with annotations, and categories or the version, make the format."""
    assert PLUGIN.look("a.json", json.dumps(document).encode()).fits is fits
