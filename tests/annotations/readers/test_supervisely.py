"""Supervisely: objects of an image as rectangles, polygons and bitmaps."""

import base64
import io
import json
import zlib

import numpy as np
import pytest
from PIL import Image
from shapely import Polygon

from annostrat.annotations import BACKWARDS, OCCLUDED, OCCLUSION_STATED
from annostrat.annotations.readers.tools import supervisely
from annostrat.annotations.readers.tools.supervisely import PLUGIN
from annostrat.measure.tables.label_table import described, drawn

RECTANGLE = {"geometryType": "rectangle", "points": {"exterior": [[582, 236], [0, 872]], "interior": []}}
TRIANGLE = {"geometryType": "polygon", "points": {"exterior": [[0, 0], [8, 0], [8, 6]], "interior": []}}
PIXELS = np.array([[0, 1, 1], [0, 1, 0]], np.uint8)


def packed(pixels, **more):
    buffer = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(buffer, "PNG", **more)
    return base64.b64encode(zlib.compress(buffer.getvalue())).decode()


def bitmap(data, origin=(535, 66)):
    return {"geometryType": "bitmap", "bitmap": {"data": data, "origin": origin and list(origin)}}


def thing(shape, name="person", tags=()):
    more = {"id": 497521359, "classId": 1661571, "description": "", "labelerLogin": "alexxx"}
    return {**more, "createdAt": "2020-08-07T11:09:51.054Z", "tags": list(tags), "classTitle": name, **shape}


def write(tmp_path, *objects, size=(952, 1200), name="ds/ann/a.jpg.json"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = size or (None, None)
    file = {"description": "", "tags": [], "size": {"height": height, "width": width}, "objects": list(objects)}
    path.write_text(json.dumps(file))
    return tmp_path


def test_shapes_are_read(read, tmp_path):
    """The corners of a rectangle may be in any order; the project's settings beside are no labels."""
    (tmp_path / "meta.json").write_text('{"classes": [], "tags": [], "projectType": "images"}')
    objects = thing(RECTANGLE), thing(TRIANGLE, "kite"), thing(bitmap(packed(PIXELS)))
    found = read("supervisely", write(tmp_path, *objects))
    assert found.images == [("ds/ann/a.jpg", 1200, 952, "", "ds/ann/a.jpg.json")]
    assert [label[:2] for label in found.labels] == [("person", (0, 236, 582, 872)), ("kite", None), ("person", None)]
    assert found.outlines == [[[[0, 0], [8, 0], [8, 6]]]]
    (mask,) = found.masks
    assert (mask.left, mask.top, mask.pixels.tolist()) == (536, 66, [[True, True], [True, False]])
    assert not found.remarks


def palette():
    image = Image.fromarray(PIXELS)
    image.putpalette([0, 0, 0, 255, 255, 255])
    return packed(image, transparency=0)


@pytest.mark.parametrize(
    "data",
    [
        packed(PIXELS * 255),
        packed(PIXELS.astype(bool)),
        palette(),
        packed(np.dstack([np.zeros((2, 3, 3), np.uint8), PIXELS * 255])),
    ],
)
@pytest.mark.parametrize("kind", ["bitmap", "alpha_mask"])
def test_bitmaps_may_be_written_in_any_mode(read, tmp_path, data, kind):
    """Old exports have an alpha channel, new ones one bit or a palette; of soft masks, all above 0 counts."""
    (mask,) = read("supervisely", write(tmp_path, thing(bitmap(data) | {"geometryType": kind}))).masks
    assert mask.pixels.tolist() == [[True, True], [True, False]]


SQUARE = [[0, 0], [8, 0], [8, 6], [0, 6]]
HOLES = [[[1, 1], [2, 1], [2, 2]], [[3, 1], [3, 3], [5, 3], [5, 1]]]


@pytest.mark.parametrize("outside", [SQUARE, SQUARE[::-1]])
@pytest.mark.parametrize("holes", [HOLES, [hole[::-1] for hole in HOLES], [*HOLES, [[6, 1], [7, 1]], 7]])
def test_holes_are_subtracted(read, tmp_path, outside, holes):
    """Of 48 square pixels, holes of 0.5 and 4 leave 43.5, whichever way each ring was drawn; a line is no hole."""
    shape = {"geometryType": "polygon", "points": {"exterior": outside, "interior": holes}}
    found = read("supervisely", write(tmp_path, thing(shape)))
    ((ring,),) = found.outlines
    (batch,) = found.batches
    table = described(batch, drawn(batch))
    assert (table.area.tolist(), table.boxes.tolist()) == ([43.5], [[0, 0, 8, 6]])
    assert Polygon(ring).buffer(0).area == 43.5
    assert not found.remarks


def test_points_may_be_in_a_geometry(read, tmp_path):
    """So the interface of Supervisely gives figures, and some converters files."""
    nested = {"geometryType": "polygon", "geometry": {"points": TRIANGLE["points"]}}
    assert read("supervisely", write(tmp_path, thing(nested))).outlines == [[[[0, 0], [8, 0], [8, 6]]]]


def test_tags_of_people_are_kept(read, tmp_path):
    """A tag that is called occluded says so, by its value or by being there."""
    tags = [[{"name": "occluded", "value": value}] for value in ("yes", "no", None, "a bit")]
    found = read("supervisely", write(tmp_path, *[thing(RECTANGLE, tags=each) for each in tags]))
    occluded = OCCLUDED | OCCLUSION_STATED
    assert [label[2] & ~BACKWARDS for label in found.labels] == [occluded, OCCLUSION_STATED, occluded, 0]


def test_images_near_the_labels_tell_their_size(read, tmp_path):
    """Without a size, the image of the same name in the folder img beside is looked at."""
    write(tmp_path, thing(RECTANGLE), size=None)
    write(tmp_path, thing(RECTANGLE), size=None, name="ds/ann/b.jpg.json")
    (tmp_path / "ds" / "img").mkdir()
    Image.new("L", (40, 30)).save(tmp_path / "ds" / "img" / "a.jpg")
    found = read("supervisely", tmp_path)
    assert [image[1:3] for image in found.images] == [(40, 30), (0, 0)]
    assert found.details["image_size_unknown"][0] == "ds/ann/b.jpg.json"


@pytest.mark.parametrize(
    ("shape", "kind", "detail"),
    [
        ({"geometryType": "line", "points": {"exterior": [[1, 2], [3, 4]]}}, "shape_not_measured", "line"),
        ({"geometryType": "point", "points": {"exterior": [[1, 2]]}}, "shape_not_measured", "point"),
        ({"geometryType": "graph", "nodes": {}}, "shape_not_measured", "graph"),
        ({"geometryType": "rectangle", "points": {"exterior": [[1, 2]]}}, "empty_outline", "a rectangle of 1 points"),
        ({"geometryType": "polygon", "points": [1]}, "empty_outline", "a polygon of 0 points"),
        (bitmap("x"), "bad_value", "a bitmap whose PNG cannot be read"),
        (bitmap("eJwBgQd"), "bad_value", "a bitmap whose PNG cannot be read"),
        (bitmap(packed(PIXELS), None), "bad_value", "a bitmap without a place or without pixels"),
        (bitmap(packed(PIXELS), (1e300, 0)), "bad_value", "a bitmap without a place or without pixels"),
        (bitmap(None), "bad_value", "a bitmap without a place or without pixels"),
        (bitmap(packed(PIXELS * 0)), "empty_outline", "a bitmap without a pixel"),
    ],
)
def test_what_is_unusual_is_told(read, tmp_path, shape, kind, detail):
    """What cannot be used is counted with its place, and the others are read."""
    found = read("supervisely", write(tmp_path, thing(shape), thing(TRIANGLE)))
    assert found.remarks == {kind: 1}
    assert found.details[kind] == ("ds/ann/a.jpg.json#0", detail)
    assert [label[0] for label in found.labels] == ["person"]


def test_an_object_without_a_class_is_kept(read, tmp_path):
    """Its outline is measured, and that it has no class is told."""
    found = read("supervisely", write(tmp_path, thing(TRIANGLE, ""), thing(TRIANGLE)))
    assert [label[0] for label in found.labels] == ["object", "person"]
    assert found.details == {"without_class": ("ds/ann/a.jpg.json#0", "an object without a classTitle")}


def test_what_a_bitmap_unpacks_to_is_bounded(read, tmp_path, monkeypatch):
    """A few bytes that stand for gigabytes are not unpacked, neither by zlib nor as PNG."""
    monkeypatch.setattr(supervisely, "MAX_PNG_BYTES", 1000)
    bomb = base64.b64encode(zlib.compress(bytes(2000))).decode()
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (100_000).to_bytes(4) * 2 + b"\x08\0\0\0\0"
    large = base64.b64encode(zlib.compress(header)).decode()
    found = read("supervisely", write(tmp_path, thing(bitmap(bomb)), thing(bitmap(large))))
    assert found.remarks == {"mask_too_large": 1, "bad_value": 1}
    assert found.details["mask_too_large"][1] == "a bitmap of more than 1,000 bytes"


def test_other_files_are_passed_over_and_broken_ones_are_problems(read, tmp_path):
    """Only what is named must be of the format."""
    write(tmp_path, thing(TRIANGLE))
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "torn.json").write_text('{"size": {"height": 1')
    (tmp_path / "none.json").write_text('{"size": {"height": 1}, "objects": {}}')
    found = read("supervisely", tmp_path)
    assert len(found.labels) == 1
    assert found.remarks == {"file_passed_over": 1}
    assert found.problems[0].startswith("none.json: there is no list of objects")
    assert found.problems[1].startswith("torn.json:1:")
    assert read("supervisely", tmp_path / "list.json").problems


@pytest.mark.parametrize(
    ("document", "fits"),
    [
        ({"description": "", "tags": [], "size": {"height": 1, "width": 1}, "objects": []}, True),
        ({"size": {"height": 1, "width": 1}, "objects": [{"classTitle": "a"}]}, True),
        ({"size": {"height": 1, "width": 1}, "objects": []}, False),
        ({"imgHeight": 1, "imgWidth": 1, "objects": [], "tags": []}, False),
    ],
)
def test_look_tells_supervisely_from_other_json(document, fits):
    """Size, objects and tags make the format."""
    assert PLUGIN.look("a.jpg.json", json.dumps(document).encode()).fits is fits


def test_videos_are_named():
    """Objects of videos are in other keys."""
    head = b'{"size": {"height": 1, "width": 1}, "framesCount": 2, "tags": [], "objects": [], "frames": []}'
    assert PLUGIN.look("a.mp4.json", head).missing == "objects of images: those of videos are not read"
