import math
import tracemalloc
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, ORIENTED
from annostrat.annotations.readers.tools.cvat import PLUGIN

BOX = '<box label="cat" occluded="0" xtl="10" ytl="20" xbr="50.5" ybr="70"/>'


def image_of(*shapes, name="a.jpg", rest='width="640" height="480"'):
    return f'<image id="0" name="{name}" {rest}>{"".join(shapes)}</image>'


def file_of(*images):
    meta = "<meta><task><labels><label><name>cat</name></label></labels></task></meta>"
    head = '<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>'
    return f"{head}{meta}{''.join(images)}</annotations>"


def write(folder, text, name="annotations.xml"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def look(text):
    return PLUGIN.look("a.xml", text.encode())


def test_boxes_images_and_flags(read, tmp_path):
    """A box is its corners in pixels; occluded is said of each object; an image may have none."""
    shapes = BOX, BOX.replace('occluded="0"', 'occluded="1"'), BOX.replace('occluded="0"', "")
    text = file_of(image_of(*shapes), image_of(name="b.jpg"))
    found = read("cvat", write(tmp_path, text))
    flags = [OCCLUSION_STATED, OCCLUSION_STATED | OCCLUDED, 0]
    assert found.labels == [("cat", (10.0, 20.0, 50.5, 70.0), flag, id_) for id_, flag in enumerate(flags, 1)]
    assert [image[:3] for image in found.images] == [("a.jpg", 640.0, 480.0), ("b.jpg", 640.0, 480.0)]
    assert not found.remarks
    assert not found.problems


def test_turned_boxes_give_the_upright_box_around_them(read, tmp_path):
    """The rotation is in degrees about the centre."""
    box = '<box label="ship" xtl="40" ytl="35" xbr="60" ybr="45" rotation="90"/>'
    found = read("cvat", write(tmp_path, file_of(image_of(box))))
    assert found.labels == [("ship", (45.0, 30.0, 55.0, 50.0), ORIENTED, 1)]
    assert found.remarks == {"oriented_boxes": 1}


def test_polygons_are_outlines(read, tmp_path):
    """Vertices are pairs, and semicolons stand between them."""
    polygon = '<polygon label="cat" points="1.5,2;3,4;0,6.25" z_order="0"/>'
    found = read("cvat", write(tmp_path, file_of(image_of(polygon))))
    assert found.outlines == [[[[1.5, 2.0], [3.0, 4.0], [0.0, 6.25]]]]
    assert found.labels == [("cat", None, 0, 1)]


def test_ellipses_are_outlines_of_their_size(read, tmp_path):
    """An ellipse has a centre, two radii, and may be turned."""
    ellipse = '<ellipse label="cat" cx="50" cy="40" rx="20" ry="10" rotation="90"/>'
    ((outline,),) = read("cvat", write(tmp_path, file_of(image_of(ellipse)))).outlines
    x, y = np.array(outline).T
    assert (x.min(), x.max(), y.min(), y.max()) == (40, 60, 20, 60)
    assert abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2 == pytest.approx(math.pi * 200, rel=0.003)


def mask_of(rle, left=7, top=9, width=3, height=2):
    return f'<mask label="cat" rle="{rle}" left="{left}" top="{top}" width="{width}" height="{height}"/>'


def test_masks_run_along_the_rows_of_their_own_rectangle(read, tmp_path):
    """Runs begin with pixels that are not set; the mask is cut to those that are."""
    found = read("cvat", write(tmp_path, file_of(image_of(mask_of("1, 2, 2, 1")))))
    (mask,) = found.masks
    assert (mask.left, mask.top) == (8, 9)
    assert mask.pixels.tolist() == [[True, True], [False, True]]
    assert found.labels == [("cat", None, 0, 1)]


@pytest.mark.parametrize("rle", ["1, 2", "1, 2, 2, 100", "1, 99999999999999", "-1, 7"])
def test_runs_that_do_not_fill_their_rectangle_leave_the_rectangle(read, tmp_path, rle):
    """The object is not lost with its pixels."""
    found = read("cvat", write(tmp_path, file_of(image_of(mask_of(rle)))))
    assert found.labels == [("cat", (7.0, 9.0, 10.0, 11.0), 0, 1)]
    assert not found.masks
    assert found.remarks.total() == 1
    assert found.remarks.keys() <= {"mask_overruns", "mask_damaged"}


def test_subsets_are_splits(read, tmp_path):
    """A project says the subset of each image; without one, the name of the file may be a split."""
    images = (
        image_of(rest='subset="Train" width="1" height="1"'),
        image_of(rest='subset="default" width="1" height="1"'),
    )
    found = read("cvat", write(tmp_path, file_of(*images), "val.xml"))
    assert [image[3] for image in found.images] == ["Train", "val"]


@pytest.mark.parametrize(
    "shape",
    [
        '<polyline label="cat" points="1,2;3,4"/>',
        '<points label="cat" points="1,2"/>',
        '<skeleton label="cat"><points label="nose" points="1,2"/></skeleton>',
        '<tag label="cat"/>',
    ],
)
def test_shapes_without_area_are_counted(read, tmp_path, shape):
    """Lines, points, skeletons and tags are not measured, and not lost silently."""
    found = read("cvat", write(tmp_path, file_of(image_of(shape, BOX, shape))))
    assert [label[3] for label in found.labels] == [2]
    assert found.remarks == {"shape_not_measured": 2}
    assert found.details["shape_not_measured"] == ("annotations.xml#a.jpg", shape[1:].partition(" ")[0])


def test_shapes_that_may_have_an_area_are_told_apart(read, tmp_path):
    """Nobody is told that there is nothing to do about a cuboid."""
    found = read("cvat", write(tmp_path, file_of(image_of('<cuboid label="cat" xtl1="1"/>', BOX))))
    assert found.details == {"shape_unknown": ("annotations.xml#a.jpg", "cuboid")}


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (BOX.replace('xtl="10"', ""), "bad_value"),
        (BOX.replace('xtl="10"', 'xtl="x"'), "bad_value"),
        ('<polygon label="cat" points="1,2;3,4"/>', "empty_outline"),
        ('<polygon label="cat" points=""/>', "bad_value"),
        ('<polygon label="cat" points="1,2;3,4;5"/>', "bad_value"),
        ('<polygon label="cat"/>', "bad_value"),
        ('<ellipse label="cat" cx="1"/>', "bad_value"),
        (mask_of("6"), "empty_outline"),
        (mask_of("1, x"), "bad_value"),
        (mask_of("1", width="inf"), "bad_value"),
        (mask_of("1", width="nan"), "bad_value"),
    ],
)
def test_shapes_that_cannot_be_used_are_left_out_and_counted(read, tmp_path, shape, kind):
    """One broken shape loses itself alone."""
    found = read("cvat", write(tmp_path, file_of(image_of(shape, BOX))))
    assert [label[3] for label in found.labels] == [2]
    assert found.remarks == {kind: 1}


def test_masks_larger_than_any_image_keep_their_rectangle(read, tmp_path):
    """A billion pixels are not unpacked."""
    found = read("cvat", write(tmp_path, file_of(image_of(mask_of("0, 1000000000", width=100_000, height=10_000)))))
    assert found.labels == [("cat", (7.0, 9.0, 100_007.0, 10_009.0), 0, 1)]
    assert found.remarks == {"mask_too_large": 1}


def test_wrong_boxes_pass_through(read, tmp_path):
    """Negative extents and no numbers are the file's."""
    box = '<box label="cat" xtl="9" ytl="nan" xbr="1" ybr="inf"/>'
    assert str(read("cvat", write(tmp_path, file_of(image_of(box)))).labels[0][1]) == "(9.0, nan, 1.0, inf)"


def test_missing_names_labels_and_sizes_are_said(read, tmp_path):
    """An image without name or size, and an object without label, are kept."""
    text = file_of('<image id="4" width="x">' + BOX.replace('label="cat"', "") + "</image>")
    found = read("cvat", write(tmp_path, text))
    assert found.images == [("4", 0, 0, "", "annotations.xml")]
    assert found.labels[0][0] == "object"
    assert found.remarks == {"image_without_name": 1, "image_size_unknown": 1, "without_class": 1}


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
DOCTYPE = "a.xml: declares a document type, which could blow up in memory; remove the <!DOCTYPE ...>"


@pytest.mark.parametrize(
    ("data", "problem", "images"),
    [
        (BOMB + file_of(image_of(BOX)).partition("\n")[2], DOCTYPE, 0),
        ("<!--" + "x" * 65_530 + "-->" + BOMB + "<annotations/>", DOCTYPE, 0),
        ((BOMB + "<annotations/>").encode("utf-16"), DOCTYPE, 0),
        (file_of(image_of(BOX), image_of(BOX))[:-60], "a.xml:2:", 1),
        (file_of(image_of(BOX)) + file_of(image_of(BOX)), "a.xml:2:", 1),
        (file_of(image_of(BOX), image_of(name="caf\xe9")).encode("latin-1"), "a.xml:2:", 1),
        ("", "a.xml:1:1: is not valid XML: no element found", 0),
        ('<?xml version="1.0" encoding="hex"?><annotations/>', "a.xml: is not in the encoding that it states", 0),
    ],
)
def test_broken_files_are_problems_and_what_comes_before_is_kept(read, tmp_path, data, problem, images):
    """What was read before the file broke off is kept, and other files are read."""
    write(tmp_path, data, "a.xml")
    write(tmp_path, file_of(image_of(BOX, name="b.jpg")), "b.xml")
    found = read("cvat", tmp_path)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(problem)
    assert [image[0] for image in found.images] == ["a.jpg"] * images + ["b.jpg"]


def test_files_in_utf_16_are_read(read, tmp_path):
    """The byte-order mark says how the text is written."""
    text = file_of(image_of(BOX, name="猫.jpg")).replace("utf-8", "utf-16")
    assert read("cvat", write(tmp_path, text.encode("utf-16"))).images[0][0] == "猫.jpg"


def test_tracks_of_a_video_are_counted(read, tmp_path):
    """CVAT for video is another format; look says so, and no box of a track is lost silently."""
    text = '<annotations><meta/><track id="0" label="cat"><box frame="0"/><box frame="1"/></track></annotations>'
    assert read("cvat", write(tmp_path, text)).remarks == {"video_passed_over": 2}
    assert look(text).missing == "<image> elements; tracks are those of CVAT for video"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (file_of(image_of(BOX)), True),
        (file_of()[:150], True),
        ("<annotations><image id='0'", True),
        ("<annotation><object/></annotation>", False),
        ("<annotations><settings/></annotations>", False),
        ("<data><annotations><image /></annotations></data>", False),
        ("", False),
    ],
)
def test_look_tells_cvat_from_other_xml(text, fits):
    """The root and its images make the format."""
    assert look(text).fits is fits


@pytest.mark.slow
def test_memory_stays_bounded(read, tmp_path):
    """A file of many images is read as it streams."""
    write(tmp_path, file_of(*[image_of(*[BOX] * 50)] * 1000))
    source = PLUGIN.open([str(tmp_path / "annotations.xml")], str(tmp_path))
    tracemalloc.start()
    labels = sum(len(batch.ids) for batch in source.read(source.pieces[0]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert labels == 50_000
    assert peak < 12_000_000


def runs_of(pixels):
    """Return the runs of a mask as CVAT writes them."""
    flat = np.concatenate([[False], pixels.ravel()])
    changes = np.flatnonzero(np.diff(flat.astype(np.int8)))
    return np.diff(np.concatenate([[0], changes, [pixels.size]])).tolist()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("ab<&\"'猫 ", min_size=1), arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12)))
def test_what_was_written_is_read(read, tmp_path_factory, label, pixels):
    """Labels and masks come back as they were written."""
    folder = tmp_path_factory.mktemp("cvat")
    height, width = pixels.shape
    mask = mask_of(", ".join(map(str, runs_of(pixels))), width=width, height=height)
    write(folder, file_of(image_of(mask.replace('"cat"', quoteattr(label)))))
    found = read("cvat", folder)
    assert len(found.masks) == pixels.any()
    for mask in found.masks:
        whole = np.zeros((40, 40), bool)
        whole[mask.top : mask.top + mask.pixels.shape[0], mask.left : mask.left + mask.pixels.shape[1]] = mask.pixels
        assert whole[9 : 9 + height, 7 : 7 + width].tolist() == pixels.tolist()
        assert whole.sum() == pixels.sum()
        assert found.labels[0][0] == label


def test_bytes_that_are_not_utf_8_are_named(read, tmp_path):
    """A label in GBK, as editors in China write it, is told with its line, as in other formats."""
    text = file_of(image_of(BOX.replace("cat", "猫狗测"))).replace("<image", "\n<image")
    found = read("cvat", write(tmp_path, text.encode("gbk")))
    assert found.problems == ["annotations.xml:3: byte 0xb9 is not UTF-8; save it as UTF-8"]
    found = read("cvat", write(tmp_path, text.replace('"utf-8"', '"gbk"').encode("gbk")))
    assert [label[0] for label in found.labels] == ["猫狗测"]
