import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, ORIENTED, TRUNCATED, TRUNCATION_STATED
from annostrat.annotations.readers.datasets.pascal_voc import PLUGIN

SIZE = "<size><width>640</width><height>480</height><depth>3</depth></size>"


def file_of(*objects, size=SIZE, name="<filename>a.jpg</filename>"):
    return f"<annotation>{name}{size}{''.join(objects)}</annotation>"


def object_of(inner="", box=(10, 20, 110, 140), name="cat"):
    edges = "".join(f"<{tag}>{edge}</{tag}>" for tag, edge in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True))
    return f"<object><name>{name}</name>{inner}<bndbox>{edges}</bndbox></object>"


def write(folder, text, name="a.xml"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def look(text):
    return PLUGIN.look("a.xml", text if isinstance(text, bytes) else text.encode())


def test_boxes_are_taken_as_they_stand(read, tmp_path):
    """No pixel is added or taken away, and the image is called as the file says."""
    found = read("pascal_voc", write(tmp_path, file_of(object_of(), object_of(box=("5.5", "6", "7.5", "8")))))
    assert found.labels == [("cat", (10.0, 20.0, 110.0, 140.0), 0, 1), ("cat", (5.5, 6.0, 7.5, 8.0), 0, 2)]
    assert found.images == [("a.jpg", 640.0, 480.0, "", "a.xml")]
    assert not found.remarks
    assert not found.problems


@pytest.mark.parametrize(
    ("inner", "flags"),
    [
        ("<occluded>1</occluded><truncated>0</truncated>", OCCLUDED | OCCLUSION_STATED | TRUNCATION_STATED),
        ("<truncated>1</truncated><difficult>1</difficult>", TRUNCATED | TRUNCATION_STATED),
        ("<truncated>Unspecified</truncated>", 0),
        ("<occluded/>", 0),
        ("", 0),
    ],
)
def test_flags_are_stated_only_where_the_file_says_yes_or_no(read, tmp_path, inner, flags):
    """Not saying is not the same as no."""
    assert read("pascal_voc", write(tmp_path, file_of(object_of(inner)))).labels[0][2] == flags


def test_parts_are_counted_and_do_not_change_the_object(read, tmp_path):
    """A head in a person has a box of its own, which is not measured."""
    part = object_of(name="head", box=(1, 2, 3, 4)).replace("object", "part")
    found = read("pascal_voc", write(tmp_path, file_of(object_of(part + part))))
    assert [label[:2] for label in found.labels] == [("cat", (10.0, 20.0, 110.0, 140.0))]
    assert found.remarks == {"shape_not_measured": 2}


def test_outlines_of_roboflow_are_read_beside_the_box(read, tmp_path):
    """Where <polygon> lists x1, y1, x2 and so on, it is the outline."""
    corners = "".join(f"<{axis}{at}>{at}</{axis}{at}>" for at in (1, 2, 3) for axis in "xy")
    found = read("pascal_voc", write(tmp_path, file_of(object_of(f"<polygon>{corners}</polygon>"))))
    assert found.outlines == [[[[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]]]
    assert found.labels[0][1] == (10.0, 20.0, 110.0, 140.0)


def test_turned_boxes_give_the_upright_box_around_them(read, tmp_path):
    """A box of roLabelImg has a centre, sides and an angle in radians."""
    sides = {"cx": 50, "cy": 40, "w": 20, "h": 10, "angle": math.pi / 2}
    turned = "".join(f"<{side}>{value}</{side}>" for side, value in sides.items())
    text = file_of(f"<object><name>ship</name><robndbox>{turned}</robndbox></object>")
    found = read("pascal_voc", write(tmp_path, text))
    assert found.labels == [("ship", (45.0, 30.0, 55.0, 50.0), ORIENTED, 1)]
    assert found.remarks == {"oriented_boxes": 1}


def test_splits_come_from_the_lists_of_images(read, tmp_path):
    """ImageSets/Main says which image is for training; what is listed and has no XML file is said."""
    for name in ("a", "b", "c"):
        write(tmp_path, file_of(name=f"<filename>{name}.jpg</filename>"), f"Annotations/{name}.xml")
    write(tmp_path, "a\nd\n", "ImageSets/Main/train.txt")
    write(tmp_path, "b  1\n\n", "ImageSets/Main/val.txt")
    write(tmp_path, "a\nb\nd\n", "ImageSets/Main/trainval.txt")
    found = read("pascal_voc", tmp_path)
    splits = {image[0]: image[3] for image in found.images}
    assert splits == {"a.jpg": "train", "b.jpg": "val", "c.jpg": "", "d": "train"}
    assert found.remarks == {"missing_labels_file": 1}
    assert read("pascal_voc", tmp_path / "Annotations" / "a.xml").images[0][3] == "train"


def test_splits_come_from_folders_where_there_are_no_lists(read, tmp_path):
    """The folders of a Roboflow export are its splits."""
    write(tmp_path, file_of(), "valid/a.xml")
    assert read("pascal_voc", tmp_path).images == [("a.jpg", 640.0, 480.0, "valid", "valid/a.xml")]


@pytest.mark.parametrize(
    "size", ["", "<size><width>0</width><height>0</height></size>", "<size><width>x</width></size>"]
)
def test_sizes_are_read_from_the_image_where_the_file_has_none(read, tmp_path, size):
    """An image in JPEGImages beside the XML files knows its size."""
    write(tmp_path, file_of(size=size), "Annotations/a.xml")
    assert read("pascal_voc", tmp_path).remarks["image_size_unknown"] == 1
    (tmp_path / "JPEGImages").mkdir()
    Image.new("L", (30, 20)).save(tmp_path / "JPEGImages" / "a.jpg")
    found = read("pascal_voc", tmp_path)
    assert found.images[0][1:3] == (30, 20)
    assert found.remarks["image_size_unknown"] == 0


def test_missing_names_are_said(read, tmp_path):
    """An image without a name is called like its file; an object without a name is called one."""
    found = read("pascal_voc", write(tmp_path, file_of(object_of(name=" "), name="")))
    assert found.images[0][0] == "a"
    assert found.labels[0][0] == "object"
    assert found.remarks == {"image_without_name": 1, "without_class": 1}


@pytest.mark.parametrize("box", [("", 2, 3, 4), ("x", 2, 3, 4), ("1,5", 2, 3, 4)])
def test_boxes_that_are_no_numbers_are_left_out_and_counted(read, tmp_path, box):
    """One broken box loses itself alone."""
    found = read("pascal_voc", write(tmp_path, file_of(object_of(box=box), object_of())))
    assert [label[3] for label in found.labels] == [2]
    there = f"xmin {box[0] or 'of nothing'}, ymin 2, xmax 3, ymax 4"
    detail = f"an object without a box that can be read: wanted xmin, ymin, xmax, ymax, and there is {there}"
    assert found.details == {"bad_value": ("a.xml#1", detail)}


def test_wrong_boxes_pass_through(read, tmp_path):
    """Negative extents, no extents, infinities and what is out of bounds are the file's."""
    boxes = [(9, 9, 1, 1), (5, 5, 5, 5), ("inf", 0, "NaN", 1), (-10, -10, 9999, 9999)]
    found = read("pascal_voc", write(tmp_path, file_of(*(object_of(box=box) for box in boxes))))
    assert [label[1] for label in found.labels][:2] == [(9.0, 9.0, 1.0, 1.0), (5.0, 5.0, 5.0, 5.0)]
    assert str(found.labels[2][1]) == "(inf, 0.0, nan, 1.0)"
    assert found.labels[3][1] == (-10.0, -10.0, 9999.0, 9999.0)


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
REFUSED = "declares a document type, which could blow up in memory; remove the <!DOCTYPE ...>"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ((BOMB + file_of(object_of(name="&c;"))).encode(), f"a.xml: {REFUSED}"),
        ((EXTERNAL + file_of(object_of(name="&b;"))).encode(), f"a.xml: {REFUSED}"),
        ((BOMB + file_of()).encode("utf-16"), f"a.xml: {REFUSED}"),
        ((BOMB + file_of()).encode("utf-16-le"), f"a.xml: {REFUSED}"),
        (
            b'<?xml version="1.0" encoding="cp037"?>' + (BOMB + file_of()).encode("cp037"),
            f"a.xml: {REFUSED}",
        ),
        (file_of(object_of())[:-30].encode(), "a.xml:1:200: is not valid XML: unclosed token"),
        (f"<a>\n{file_of()}".encode(), "a.xml:2:"),
        (file_of().encode() + file_of().encode(), "a.xml:1:119: is not valid XML: junk after document element"),
        (b"", "a.xml:1:1: is not valid XML: no element found"),
        (
            file_of(object_of(name="caf\xe9")).encode("latin-1"),
            "a.xml:1: byte 0xe9 is not UTF-8; save it as UTF-8",
        ),
        (
            b'<?xml version="1.0" encoding="no-such"?><annotation/>',
            "a.xml: is not in the encoding that it states: unknown",
        ),
        (
            b'<?xml version="1.0" encoding="hex"?><annotation/>',
            "a.xml: is not in the encoding that it states: 'hex' is",
        ),
        (b"\x89PNG\r\n\x1a\n", "a.xml:1: byte 0x89 is not UTF-8"),
    ],
)
def test_broken_files_are_problems_and_the_others_are_read(read, tmp_path, data, problem):
    """A file that is no XML, or an attack, is refused with its place; the next one is read."""
    write(tmp_path, data)
    write(tmp_path, file_of(object_of()), "b.xml")
    found = read("pascal_voc", tmp_path)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(problem)
    assert [image[4] for image in found.images] == ["b.xml"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "gbk", "shift_jis"])
def test_encodings_that_are_stated_are_read(read, tmp_path, encoding):
    """What the XML declaration or a byte-order mark says is believed."""
    name = {"gbk": "猫", "shift_jis": "ねこ"}.get(encoding, "café")
    stated = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{stated}"?>\n' + file_of(object_of(name=name))
    found = read("pascal_voc", write(tmp_path, text.encode(encoding)))
    assert [label[0] for label in found.labels] == [name]


def test_files_of_other_kinds_are_left_alone(read, tmp_path):
    """XML that is no annotation is no problem."""
    write(tmp_path, "<annotations><image/></annotations>", "cvat.xml")
    write(tmp_path, file_of(object_of()))
    found = read("pascal_voc", tmp_path)
    assert [image[4] for image in found.images] == ["a.xml"]
    assert not found.problems


def test_deep_nesting_is_survived(read, tmp_path):
    """A hundred thousand levels are no stack overflow."""
    deep = "<part>" * 100_000 + "</part>" * 100_000
    found = read("pascal_voc", write(tmp_path, file_of(object_of(deep))))
    assert found.labels[0][1] == (10.0, 20.0, 110.0, 140.0)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("<annotations><version>1.1</version></annotations>", "an <annotation> element"),
        (
            "<annotation><object><polygon/></object><imagesize/></annotation>",
            "<bndbox> elements",
        ),
        (
            "<annotation><object><polygon><pt/></polygon></object></annotation>",
            "<bndbox> elements",
        ),
        ("<annotation><note/></annotation>", "a <size>, and <object> elements with a <bndbox>"),
        ("<html><annotation><bndbox></html>", "an <annotation> element"),
        ("", "an <annotation> element"),
    ],
)
def test_look_refuses_other_xml_and_says_why(text, missing):
    """CVAT's XML, LabelMe's and the like are something else."""
    found = look(text)
    assert not found.fits
    assert found.missing.startswith(missing)


@pytest.mark.parametrize(
    "text",
    [
        file_of(object_of()),
        file_of(),
        f'<?xml version="1.0"?>\n<!-- by hand -->\n<annotation verified="yes">{object_of()}</annotation>',
        file_of(object_of()).encode("utf-16"),
        file_of(object_of()).encode("utf-8-sig"),
        file_of(object_of())[:-50],
    ],
)
def test_look_knows_its_own(text):
    """With a declaration, comments, attributes, in other encodings and cut off, it is still Pascal VOC."""
    assert look(text).fits


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["cat", "dog & co", "<x>", "猫"]), *[st.integers(-9, 999)] * 4)))
def test_what_was_written_is_read(read, tmp_path_factory, written):
    """Names and boxes come back as they were written."""
    folder = tmp_path_factory.mktemp("voc")
    names = {"dog & co": "dog &amp; co", "<x>": "<![CDATA[<x>]]>"}
    write(folder, file_of(*(object_of(name=names.get(name, name), box=box) for name, *box in written)))
    found = read("pascal_voc", folder)
    assert [(label[0], *label[1]) for label in found.labels] == written
