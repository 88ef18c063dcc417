import base64
import io
import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from annostrat.annotations import BACKWARDS, OCCLUDED, OCCLUSION_STATED, ORIENTED, TRUNCATION_STATED
from annostrat.annotations.readers.tools.labelme import PLUGIN

TRIANGLE = [[1, 2], [5, 2], [3, 8]]


def shape_of(kind="polygon", points=TRIANGLE, label="cat", **rest):
    return {"label": label, "points": points, "shape_type": kind, "group_id": None, "flags": {}, **rest}


def file_of(*shapes, **rest):
    size = {"imagePath": "a.jpg", "imageData": None, "imageHeight": 480, "imageWidth": 640}
    return {"version": "5.5.0", "flags": {}, "shapes": list(shapes), **size, **rest}


def write(folder, data, name="a.json"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return folder


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(np.array(pixels, np.uint8) * 255).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def look(text):
    return PLUGIN.look("a.json", text.encode())


def test_polygons_are_outlines(read, tmp_path):
    """A polygon keeps its vertices, and its box is that around them."""
    found = read("labelme", write(tmp_path, file_of(shape_of())))
    assert found.labels == [("cat", None, 0, 0)]
    assert found.outlines == [[[[1.0, 2.0], [5.0, 2.0], [3.0, 8.0]]]]
    assert found.images == [("a.jpg", 640.0, 480.0, "", "a.json")]
    assert not found.remarks


def test_a_shape_without_a_type_is_a_polygon(read, tmp_path):
    """Old files have no shape_type."""
    shape = {"label": "cat", "points": TRIANGLE}
    assert len(read("labelme", write(tmp_path, file_of(shape))).outlines) == 1


@pytest.mark.parametrize("points", [[[9, 8], [1, 2]], [[1, 8], [9, 2]], [[1, 2], [9, 2], [9, 8], [1, 8]]])
def test_rectangles_are_boxes_whichever_corner_came_first(read, tmp_path, points):
    """A rectangle is drawn from any corner to the other one, or stored with all four."""
    found = read("labelme", write(tmp_path, file_of(shape_of("rectangle", points))))
    assert found.labels == [("cat", (1.0, 2.0, 9.0, 8.0), 0 if len(points) == 4 else BACKWARDS, 0)]
    assert not found.outlines


def test_turned_rectangles_give_the_upright_box_around_them(read, tmp_path):
    """AnyLabeling's rotation has four corners."""
    points = [[5, 0], [10, 5], [5, 10], [0, 5]]
    found = read("labelme", write(tmp_path, file_of(shape_of("rotation", points))))
    assert found.labels == [("cat", (0.0, 0.0, 10.0, 10.0), ORIENTED, 0)]
    assert found.remarks == {"oriented_boxes": 1}


def test_circles_are_outlines_of_their_size(read, tmp_path):
    """A circle is its centre and a point on it; its outline has nearly its area."""
    found = read("labelme", write(tmp_path, file_of(shape_of("circle", [[50, 60], [53, 64]]))))
    ((outline,),) = found.outlines
    x, y = np.array(outline).T
    area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    assert area == pytest.approx(math.pi * 25, rel=0.003)
    assert (x.min(), x.max(), y.min(), y.max()) == (45, 55, 55, 65)


def test_masks_are_pixels_from_the_upper_left_corner_on(read, tmp_path):
    """A mask is a PNG of its box; empty rows and columns at its border are cut off."""
    mask = png([[0, 0, 0], [0, 1, 0], [0, 1, 1]])
    found = read("labelme", write(tmp_path, file_of(shape_of("mask", [[10, 20], [12, 22]], mask=mask))))
    (pixels,) = found.masks
    assert (pixels.left, pixels.top) == (11, 21)
    assert pixels.pixels.tolist() == [[True, False], [True, True]]
    assert found.labels == [("cat", None, 0, 0)]


def test_shapes_of_one_group_are_one_object(read, tmp_path):
    """An object that something hides in part is drawn in pieces, which a group holds together."""
    shapes = [shape_of(group_id=1), shape_of(label="dog", group_id=1), shape_of(group_id=1), shape_of(), shape_of()]
    found = read("labelme", write(tmp_path, file_of(*shapes)))
    assert [(label[0], label[3]) for label in found.labels] == [("cat", 0), ("dog", 1), ("cat", 3), ("cat", 4)]
    assert [len(outline) for outline in found.outlines] == [2, 1, 1, 1]


def test_flags_are_those_that_people_called_so(read, tmp_path):
    """Flags have any name; occluded and truncated are understood."""
    flags = {"Occluded": True, "truncated": False, "blurred": True}
    shapes = [shape_of(flags=flags), shape_of(flags=None), shape_of("rectangle", [[1, 2], [3, 4]], flags=flags)]
    found = read("labelme", write(tmp_path, file_of(*shapes)))
    stated = OCCLUDED | OCCLUSION_STATED | TRUNCATION_STATED
    assert sorted((label[3], label[2]) for label in found.labels) == [(0, stated), (1, 0), (2, stated)]


@pytest.mark.parametrize("kind", ["line", "linestrip", "point", "points"])
def test_lines_and_points_are_counted(read, tmp_path, kind):
    """What has no area is not measured, and not lost silently."""
    found = read("labelme", write(tmp_path, file_of(shape_of(kind), shape_of(), shape_of(kind))))
    assert len(found.labels) == 1
    assert found.remarks == {"shape_not_measured": 2}
    assert found.details["shape_not_measured"] == ("a.json#0", kind)


@pytest.mark.parametrize("kind", ["cuboid", "\x1b[31m", 7])
def test_kinds_that_nobody_knows_are_told_apart(read, tmp_path, kind):
    """They may have an area, so that nobody is told that there is nothing to do."""
    found = read("labelme", write(tmp_path, file_of(shape_of(kind), shape_of(), shape_of(kind))))
    assert len(found.labels) == 1
    assert found.details["shape_unknown"] == ("a.json#0", str(kind))


def test_kinds_may_be_in_upper_case(read, tmp_path):
    """Some writers call a polygon Polygon."""
    found = read("labelme", write(tmp_path, file_of(shape_of("Polygon"), shape_of("Rectangle"))))
    assert len(found.labels) == 2
    assert len(found.outlines) == 1
    assert not found.remarks


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (shape_of(points=[[1, 2], [3, 4]]), "empty_outline"),
        (shape_of(points=[]), "empty_outline"),
        (shape_of("circle", [[1, 2]]), "empty_outline"),
        (shape_of("mask", [[1, 2]], mask=png([[0, 0], [0, 0]])), "empty_outline"),
        (shape_of("mask", [[1, 2]], mask="not base64!"), "bad_value"),
        (shape_of("mask", [[1, 2]], mask=base64.b64encode(b"no png").decode()), "bad_value"),
        (shape_of("mask", [[1, 2]], mask=png([[1, 1], [1, 1]])[:60]), "bad_value"),
        (shape_of("mask", [[1, 2]]), "bad_value"),
        (shape_of(points=[[1], [2], [3]]), "bad_value"),
        (shape_of(points=[[1, 2], 3, [4, 5]]), "bad_value"),
        (shape_of(points="here"), "bad_value"),
        (None, "bad_value"),
        ([1, 2], "bad_value"),
    ],
)
def test_shapes_that_cannot_be_used_are_left_out_and_counted(read, tmp_path, shape, kind):
    """One broken shape loses itself alone."""
    found = read("labelme", write(tmp_path, file_of(shape, shape_of())))
    assert [label[3] for label in found.labels] == [1]
    assert found.remarks == {kind: 1}
    assert found.details[kind][0] == "a.json#0"


@pytest.mark.parametrize("label", [None, "", ["cat"]])
def test_a_shape_without_a_label_is_kept(read, tmp_path, label):
    """Its outline is measured, and that it has no class is told."""
    found = read("labelme", write(tmp_path, file_of(shape_of(label=label), shape_of())))
    assert [each[0] for each in found.labels] == ["object", "cat"]
    assert found.details == {"without_class": ("a.json#0", "a shape without a label")}


def test_outlines_with_numbers_that_are_none_are_counted(read, tmp_path):
    """NaN, Infinity and words stand for no number: a label that has nothing else is left out with one remark."""
    text = json.dumps(file_of(shape_of(points=[[1, 2], [math.nan, 4], [math.inf, "x"]]), shape_of()))
    found = read("labelme", write(tmp_path, text.encode()))
    assert len(found.outlines) == 1
    assert found.remarks == {"bad_value": 1}
    assert len(found.labels) == 1
    assert not found.problems


def test_the_image_in_the_file_is_not_looked_at(read, tmp_path):
    """Damaged image data is nobody's business here."""
    found = read("labelme", write(tmp_path, file_of(shape_of(), imageData="%%% no base64 %%%" * 1000)))
    assert len(found.labels) == 1


def test_sizes_are_read_from_the_image_where_the_file_has_none(read, tmp_path):
    """An image beside the labels knows its size; else it is said that nobody does."""
    write(tmp_path, file_of(imagePath="..\\pictures\\a.png", imageHeight=None, imageWidth=0), "labels/a.json")
    assert read("labelme", tmp_path).remarks == {"image_size_unknown": 1}
    (tmp_path / "pictures").mkdir()
    Image.new("L", (30, 20)).save(tmp_path / "pictures" / "a.png")
    assert read("labelme", tmp_path).images == [("../pictures/a.png", 30, 20, "", "labels/a.json")]


def test_an_image_without_a_name_is_called_like_its_file(read, tmp_path):
    """The name is missing in files that other programs wrote."""
    found = read("labelme", write(tmp_path, file_of(imagePath=None), "train/b.json"))
    assert found.images == [("train/b", 640.0, 480.0, "train", "train/b.json")]
    assert found.remarks == {"image_without_name": 1}


GOOD = json.dumps(file_of(shape_of())).encode()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "a.json: the file is empty"),
        (GOOD[:60], "a.json:1:"),
        (GOOD + GOOD, "a.json:1:236: a second document begins here; keep one document a file"),
        (GOOD.decode().encode("utf-16"), "a.json: the text is UTF-16; save it as UTF-8"),
        (GOOD.replace(b"cat", b"caf\xe9"), "a.json:1: byte 0xe9 is not UTF-8; save it as UTF-8"),
        (b'{"shapes": 3, "imagePath": "a"}', "a.json: there is no list of shapes; wanted: shapes, imagePath,"),
        (b'["shapes"]', "a.json: expected 'object', got 'array'"),
        (b'{"shapes": ' + b"[" * 100_000, "a.json"),
    ],
)
def test_broken_files_are_problems_and_the_others_are_read(read, tmp_path, data, problem):
    """A file that is torn off, doubled or nested without end is a problem with its place."""
    write(tmp_path, data)
    write(tmp_path, file_of(shape_of()), "b.json")
    found = read("labelme", tmp_path)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(problem)
    assert [image[4] for image in found.images] == ["b.json"]


@pytest.mark.slow
def test_large_outlines_are_read(read, tmp_path):
    """A hundred thousand vertices are one outline."""
    points = [[number % 317, number / 1000] for number in range(100_000)]
    assert len(read("labelme", write(tmp_path, file_of(shape_of(points=points)))).outlines[0][0]) == 100_000


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (json.dumps(file_of(shape_of())), True),
        (json.dumps(file_of()), True),
        ('{"imagePath": "a.jpg", "imageData": "/9j/4AAQSk', True),
        ('{"version": "5.5.0", "shapes": [{"label": "a", "points": [[1, 2], [', True),
        ('{"images": [], "annotations": [], "categories": []}', False),
        ('{"shapes": []}', False),
        ('{"a": "\\"shapes\\": [{\\"points\\": 1, \\"label\\": 2"}', False),
        ("[]", False),
    ],
)
def test_look_tells_labelme_from_other_json(text, fits):
    """Shapes with labels and points make the format, however far the head reaches."""
    found = look(text)
    assert found.fits is fits
    assert found.missing == ("" if fits else "the keys shapes and imagePath")


corner = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).map(list)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(min_size=1), st.lists(corner, min_size=3))))
def test_what_was_written_is_read(read, tmp_path_factory, written):
    """Labels and vertices come back as they were written."""
    folder = tmp_path_factory.mktemp("labelme")
    write(folder, file_of(*(shape_of(label=label, points=points) for label, points in written)))
    found = read("labelme", folder)
    assert [label[0] for label in found.labels] == [label for label, _ in written]
    for outline, (_, points) in zip(found.outlines, written, strict=True):
        assert np.allclose(outline[0], points, atol=1e-3)


def test_what_is_to_be_ignored_is_no_object(read, tmp_path):
    """LabelMe's converters leave out the label __ignore__."""
    found = read("labelme", write(tmp_path, file_of(shape_of(label="__ignore__"), shape_of())))
    assert len(found.labels) == 1
    assert found.details == {"void_region": ("a.json#0", "__ignore__")}
