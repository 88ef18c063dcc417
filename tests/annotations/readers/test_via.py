"""VIA: regions of images as JSON, in a project or alone, and as CSV."""

import csv
import json

import pytest
from PIL import Image

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED
from annostrat.annotations.readers.tools.via import PLUGIN

RECT = {"name": "rect", "x": 299, "y": 237, "width": 126, "height": 56}
CIRCLE = {"name": "circle", "cx": 148, "cy": 268, "r": 43}
ELLIPSE = {"name": "ellipse", "cx": 252, "cy": 190, "rx": 40, "ry": 20, "theta": 1.5707963}
POLYGON = {"name": "polygon", "all_points_x": [10, 60, 60], "all_points_y": [5, 5, 45]}
POINT = {"name": "point", "cx": 51, "cy": 37}
LINE = {"name": "polyline", "all_points_x": [1, 2], "all_points_y": [3, 4]}


def region(shape, **attributes):
    return {"shape_attributes": shape, "region_attributes": attributes or {"name": "boat"}}


def image(*regions, name="a.jpg", **about):
    return {"filename": name, "size": 1002682, "regions": list(regions), "file_attributes": about}


def write(tmp_path, *images, name="via.json"):
    text = json.dumps({f"{each['filename']}{number}": each for number, each in enumerate(images)})
    (tmp_path / name).write_text(text)
    return tmp_path


def write_csv(tmp_path, *images, mark=""):
    with (tmp_path / "via.csv").open("w", newline="") as file:
        names = "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes"
        file.write(f"{mark}{names}\n")
        for each in images:
            rows = each["regions"] or [{"shape_attributes": {}, "region_attributes": {}}]
            for number, (shape, attributes) in enumerate(map(dict.values, rows)):
                cells = [each["filename"], each["size"], each["file_attributes"], len(each["regions"]), number]
                cells += [shape, attributes]
                csv.writer(file).writerow([json.dumps(cell) if isinstance(cell, dict) else cell for cell in cells])
    return tmp_path


@pytest.mark.parametrize("writer", [write, write_csv])
def test_shapes_are_read(read, tmp_path, writer):
    """Rectangles, circles, ellipses and polygons have an area; points and lines are counted."""
    regions = map(region, (RECT, CIRCLE, ELLIPSE, POLYGON, POINT, LINE))
    found = read("via", writer(tmp_path, image(*regions, width="640", height="480"), image(name="b.jpg")))
    assert [each[:3] for each in found.images] == [("a.jpg", 640, 480), ("b.jpg", 0, 0)]
    assert [label[0] for label in found.labels] == ["boat"] * 4
    assert found.labels[0][1] == (299, 237, 425, 293)
    circle, ellipse, polygon = (parts[0] for parts in found.outlines)
    assert (min(x for x, _ in circle), max(y for _, y in circle)) == (105, 311)
    assert (max(x for x, _ in ellipse), max(y for _, y in ellipse)) == pytest.approx((272, 230), abs=0.001)
    assert polygon == [[10, 5], [60, 5], [60, 45]]
    assert found.remarks == {"shape_not_measured": 2, "image_size_unknown": 1}
    assert found.details["shape_not_measured"] == ("via.json#a.jpg" if writer is write else "via.csv#a.jpg", "point")


def test_an_old_header_and_scattered_rows_are_read(read, tmp_path):
    """Version 1 marks the line of names with #, and the rows of an image need not stand together."""
    images = image(region(RECT)), image(region(CIRCLE), name="b.jpg"), image(region(POLYGON))
    found = read("via", write_csv(tmp_path, *images, mark="#"))
    assert [(each[0]) for each in found.images] == ["a.jpg", "b.jpg"]
    assert found.batches[0].image.tolist() == [0, 0, 1]


def test_version_1_counts_regions_in_an_object(read, tmp_path):
    """In the place of a list there may be regions by their number, as training examples of many repositories have."""
    old = {"fileref": "", "size": 1, "filename": "a.jpg", "base64_img_data": "", "file_attributes": {}}
    (tmp_path / "via.json").write_text(json.dumps({"a.jpg1": {**old, "regions": {"0": region(RECT)}}}))
    assert len(read("via", tmp_path).labels) == 1


def test_images_near_the_labels_tell_their_size(read, tmp_path):
    """VIA writes how many bytes an image has, but not how many pixels."""
    write(tmp_path, image(region(RECT)), image(name="b.jpg"))
    (tmp_path / "images").mkdir()
    Image.new("L", (40, 30)).save(tmp_path / "images" / "a.jpg")
    found = read("via", tmp_path)
    assert [each[1:3] for each in found.images] == [(40, 30), (0, 0)]
    assert found.details["image_size_unknown"][0] == "via.json#b.jpg"


@pytest.mark.parametrize(
    ("attributes", "name", "remarks"),
    [
        ({"colour": "red", "Class": "boat"}, "boat", {}),
        ({"type": "boat", "label": "ship"}, "ship", {}),
        ({"confirmed": "", "kind": "boat"}, "boat", {}),
        ({"class": {"boat": True, "car": False}}, "boat", {}),
        ({"class": {"boat": True, "car": True}}, "boat", {"several_classes": 1}),
        ({"class": 3}, "3", {}),
        ({"class": [1]}, "object", {"without_class": 1}),
        ({"class": ""}, "object", {"without_class": 1}),
        ({"occluded": "yes"}, "object", {"without_class": 1}),
    ],
)
def test_an_attribute_is_the_class(read, tmp_path, attributes, name, remarks):
    """The attribute that is called like a class counts, else the first with a value."""
    found = read("via", write(tmp_path, image(region(RECT, **attributes), width=9, height=9)))
    assert found.labels[0][0] == name
    assert found.remarks == remarks


def test_occlusion_that_people_noted_is_kept(read, tmp_path):
    """An attribute called occluded says whether the object is."""
    regions = [region(RECT, name="boat", occluded=word) for word in ("yes", "no", "perhaps")]
    regions.append(region(RECT, name="boat", occluded="yes", Occluded="yes"))
    found = read("via", write(tmp_path, image(*regions)))
    occluded = OCCLUDED | OCCLUSION_STATED
    assert [label[2] for label in found.labels] == [occluded, OCCLUSION_STATED, 0, occluded]


@pytest.mark.parametrize(
    ("broken", "detail"),
    [
        ({"name": "polygon", "all_points_x": [1, 2, 3], "all_points_y": [1, 2]}, "a polygon without as many x as y"),
        ({"name": "polygon"}, "a polygon without as many x as y"),
        ({"name": "circle", "cx": None, "cy": 2, "r": 3}, "an outline that cannot be measured"),
        ([1], "a region without shape_attributes"),
    ],
)
def test_regions_that_are_none_are_told(read, tmp_path, broken, detail):
    """A region that cannot be used is counted with its image, and the others are read."""
    found = read("via", write(tmp_path, image(region(broken), region(RECT), width=9, height=9)))
    assert found.remarks == {"bad_value": 1}
    assert found.details["bad_value"][1] == detail
    assert found.labels[-1][1] == (299, 237, 425, 293)


def test_other_files_are_passed_over_and_broken_ones_are_problems(read, tmp_path):
    """Only what is named must be of the format."""
    write(tmp_path, image(region(RECT)))
    (tmp_path / "other.json").write_text('{"a": 1}')
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "torn.json").write_text('{"_via_img_metadata": {')
    found = read("via", tmp_path)
    assert len(found.labels) == 1
    assert found.remarks["file_passed_over"] == 2
    assert [each.partition(":")[0] for each in found.problems] == ["torn.json"]
    (problem,) = read("via", tmp_path / "other.csv").problems
    assert "lacks the columns filename, file_attributes, region_shape_attributes, region_attributes" in problem


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("a.json", '{"_via_settings": {}, "_via_img_metadata": {}}', True),
        ("a.json", json.dumps({"a.jpg1": image()}), True),
        ("a.json", json.dumps({"a.jpg1": {"filename": "a.jpg", "regions": []}}), False),
        ("a.csv", "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes\n", False),
        ("a.csv", "\ufeff#filename,file_attributes,region_shape_attributes,region_attributes\r\n", True),
    ],
)
def test_look_tells_via_from_others(name, text, fits):
    """Keys, or the names of columns, make the format."""
    assert PLUGIN.look(name, text.encode()).fits is fits


def test_version_3_is_named():
    """Projects of version 3 are another format."""
    head = b'{"project": {"pid": "1", "vid_list": ["1"]}, "config": {}, "metadata": {}, "view": {}}'
    assert PLUGIN.look("a.json", head).missing == "_via_img_metadata: projects of VIA 3, for videos, are not read"


def test_a_list_of_images_is_read(read, tmp_path):
    """Scripts write the images as a list, without their keys."""
    (tmp_path / "a.json").write_text(json.dumps([image(region(RECT, label="cat"))]))
    found = read("via", tmp_path)
    assert [label[:2] for label in found.labels] == [("cat", (299, 237, 425, 293))]


def test_a_table_that_is_not_utf_8_is_told_with_its_place(read, tmp_path):
    """Its rows are read, and a strange class does not go unnoticed."""
    write_csv(tmp_path, image(region(RECT, label="cat")), image(region(RECT, label="CAT"), name="b.jpg"))
    path = tmp_path / "via.csv"
    path.write_bytes(path.read_bytes().replace(b"CAT", "猫狗测".encode("gbk")))
    found = read("via", tmp_path)
    assert len(found.labels) == 2
    assert found.problems == ["via.csv:3: byte 0xb9 is not UTF-8; save it as UTF-8"]
    path.write_bytes("filename".encode("utf-16"))
    assert read("via", path).problems == [f"{path}: the text is UTF-16; save it as UTF-8"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_is_named(separator):
    """Spreadsheets of some countries write semicolons."""
    head = separator.join(["filename", "file_attributes", "region_shape_attributes", "region_attributes"])
    look = PLUGIN.look("a.csv", head.encode())
    assert (look.found, look.missing) == ("the columns of VIA", "commas (line 1)")
