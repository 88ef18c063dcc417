import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from annostrat.annotations import CROWD, OCCLUDED, OCCLUSION_STATED, TRUNCATED, TRUNCATION_STATED
from annostrat.annotations.readers.datasets.open_images import PLUGIN
from annostrat.annotations.text import csv_parts as _csv_parts

HEADER = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside"
ROW = "a,xclick,/m/0,1,0.25,0.5,0.125,0.75,0,0,0,0,0"
NAMES = "/m/0,Apple\n/m/1,Leaf\n"


def write(folder, *rows, header=HEADER, name="boxes.csv", end="\n", names=NAMES):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(end.join([header, *rows, ""]).encode())
    if names:
        (path.parent / "class-descriptions-boxable.csv").write_text(names)
    return folder


def look(text):
    return PLUGIN.look("a.csv", text.encode())


def test_boxes_are_shares_of_the_image(read, tmp_path):
    """Edges are shares; images that lie near give the size, and the descriptions the name of the class."""
    (tmp_path / "images").mkdir()
    Image.new("L", (400, 200)).save(tmp_path / "images" / "a.png")
    found = read("open_images", write(tmp_path, ROW))
    flags = OCCLUSION_STATED | TRUNCATION_STATED
    assert found.labels == [("Apple", (100.0, 25.0, 200.0, 150.0), flags, 2)]
    assert found.images == [("a", 400, 200, "", "boxes.csv")]
    assert not found.remarks
    assert not found.problems


def test_names_of_classes_that_are_no_utf_8_are_a_problem(read, tmp_path):
    """Their letters are lost, which is told with the file and line."""
    write(tmp_path, ROW, names="").joinpath("class-descriptions.csv").write_bytes(b"/m/1,Leaf\n/m/0,B\xe4r\n")
    (problem,) = read("open_images", tmp_path).problems
    assert problem.endswith("class-descriptions.csv:2: byte 0xe4 is not UTF-8; save it as UTF-8")


def test_shares_stay_where_no_image_is_found(read, tmp_path):
    """Without images the size is 1 x 1, and that is said with the number of images."""
    found = read("open_images", write(tmp_path, ROW, ROW, "b" + ROW[1:]))
    assert [label[1] for label in found.labels] == [(0.25, 0.125, 0.5, 0.75)] * 3
    assert [image[:3] for image in found.images] == [("a", 1, 1), ("b", 1, 1)]
    assert found.remarks == {"image_taken_as_square": 2}


@pytest.mark.parametrize(
    ("said", "flags"),
    [
        ("1,0,0", OCCLUSION_STATED | OCCLUDED | TRUNCATION_STATED),
        ("0,1,1", OCCLUSION_STATED | TRUNCATION_STATED | TRUNCATED | CROWD),
        ("-1,-1,-1", 0),
        ("1.0,0.0,0.0", OCCLUSION_STATED | OCCLUDED | TRUNCATION_STATED),
        (",,", 0),
    ],
)
def test_flags_are_stated_only_where_the_file_says_yes_or_no(read, tmp_path, said, flags):
    """-1 and nothing are not the same as no; a group is a crowd."""
    row = ROW.replace("0,0,0,0,0", f"{said},0,0")
    assert read("open_images", write(tmp_path, row)).labels[0][2] == flags


@pytest.mark.parametrize(
    "header",
    [
        "ImageID,LabelName,XMin,XMax,YMin,YMax",
        "XMin,ImageID,YMax,LabelName,Note,YMin,XMax",
        "\ufeffImageID,LabelName,XMin,YMin,XMax,YMax",
        '"ImageID","LabelName","XMin","XMax","YMin","YMax"',
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_may_stand_in_any_order(read, tmp_path, header, end):
    """The first line says where the columns are."""
    value = {"ImageID": "a", "LabelName": "/m/1", "XMin": "0.25", "XMax": "0.5", "YMin": "0.125", "YMax": "0.75"}
    row = ",".join(value.get(name, "?") for name in header.strip("\ufeff").replace('"', "").split(","))
    found = read("open_images", write(tmp_path, row, row, header=header, end=end))
    assert found.labels == [("Leaf", (0.25, 0.125, 0.5, 0.75), 0, id_) for id_ in (2, 3)]
    assert found.images[0][0] == "a"


@pytest.mark.parametrize("last", ["LabelName", "ImageID"])
def test_words_in_the_last_column_end_with_the_line(read, tmp_path, last):
    """The carriage return of Windows is no part of a word."""
    names = [name for name in ("ImageID", "LabelName", "XMin", "XMax", "YMin", "YMax") if name != last] + [last]
    value = {"ImageID": "a", "LabelName": "/m/1", "XMin": "0.25", "XMax": "0.5", "YMin": "0.125", "YMax": "0.75"}
    row = ",".join(value[name] for name in names)
    found = read("open_images", write(tmp_path, row, header=",".join(names), end="\r\n"))
    assert found.labels[0][0] == "Leaf"
    assert found.images[0][0] == "a"


def test_quoted_fields_and_decimal_commas_are_read(read, tmp_path):
    """Spreadsheets quote fields, and write commas in numbers in some countries."""
    row = '"a, b",,"red ""apple""",,"0,25","0,5","0,125","0,75",,,,,'
    found = read("open_images", write(tmp_path, row, ROW))
    assert [label[:2] for label in found.labels] == [
        ('red "apple"', (0.25, 0.125, 0.5, 0.75)),
        ("Apple", (0.25, 0.125, 0.5, 0.75)),
    ]
    assert [image[0] for image in found.images] == ["a, b", "a"]


def test_names_of_classes_are_found_beside_or_above(read, tmp_path):
    """Without them, codes are kept, and that is said."""
    write(tmp_path, ROW, name="train/train-annotations-bbox.csv", names="")
    found = read("open_images", tmp_path)
    assert found.labels[0][0] == "/m/0"
    assert found.remarks["class_unnamed"] == 1
    (tmp_path / "oidv6-class-descriptions.csv").write_text(f"LabelName,DisplayName\n{NAMES}")
    assert read("open_images", tmp_path).labels[0][0] == "Apple"
    assert read("open_images", tmp_path / "train" / "train-annotations-bbox.csv").labels[0][0] == "Apple"


@pytest.mark.parametrize(
    ("name", "split"),
    [("oidv6-train-annotations-bbox.csv", "train"), ("validation-annotations-bbox.csv", "validation"), ("a.csv", "")],
)
def test_splits_are_in_the_names_of_files(read, tmp_path, name, split):
    """The files of Open Images are called after their split."""
    assert read("open_images", write(tmp_path, ROW, name=name)).images[0][3] == split


def rows_of(images, seed=0):
    """Return rows of boxes, those of an image together, and what they say."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    rows, boxes = [], []
    for image in images:
        for _ in range(dice.randint(1, 9)):
            box = [round(dice.random(), 6) for _ in range(4)]
            flags = dice.choices("01", k=3)
            label = dice.choice(["/m/0", "/m/1"])
            rows.append(f"{image},x,{label},1,{box[0]},{box[2]},{box[1]},{box[3]},{','.join(flags)},0,0")
            boxes.append((image, {"/m/0": "Apple", "/m/1": "Leaf"}[label], *box))
    return rows, boxes


def boxes_in(found):
    """Return image, class and box of every label, in the order of the lines."""
    known = found.source.images
    return [
        (images[image].name, batch.categories[category], *box)
        for batch in found.batches
        for images in [batch.images if known is None else known]
        for image, category, box in zip(batch.image, batch.category, batch.boxes.tolist(), strict=True)
    ]


def test_large_files_are_cut_where_another_image_begins(read, tmp_path, monkeypatch):
    """Each piece has all labels of its images, and all rows are read once, with their lines."""
    monkeypatch.setattr(_csv_parts, "PART_BYTES", 3000)
    rows, boxes = rows_of([f"{number:x}" * dice for number, dice in zip(range(400), [1, 2, 5, 9] * 100, strict=True)])
    found = read("open_images", write(tmp_path, *rows))
    assert len(found.source.pieces) > 10
    assert found.source.whole
    assert boxes_in(found) == boxes
    assert [label[3] for label in found.labels] == list(range(2, len(rows) + 2))
    names = [image[0] for image in found.images]
    assert len(names) == len(set(names)) == 400


def test_an_image_larger_than_a_part_is_one_piece(read, tmp_path, monkeypatch):
    """Thousands of boxes in one image are not torn apart."""
    monkeypatch.setattr(_csv_parts, "PART_BYTES", 500)
    found = read("open_images", write(tmp_path, *["b" + ROW[1:]] * 3, *[ROW] * 200, *["c" + ROW[1:]] * 3))
    assert [len(batch.images) for batch in found.batches if "a" in [image.name for image in batch.images]] == [2]
    assert len(found.labels) == 206


def test_rows_that_are_not_sorted_by_image_give_the_same_labels(read, tmp_path, monkeypatch):
    """Images are then known before, and all batches share them."""
    monkeypatch.setattr(_csv_parts, "PART_BYTES", 3000)
    rows, boxes = rows_of([f"image {number}" for number in range(99)])
    order = list(range(len(rows)))
    random.Random(1).shuffle(order)  # noqa: S311 - no secret
    found = read("open_images", write(tmp_path, *[rows[number] for number in order]))
    assert not found.source.whole
    assert len(found.source.images) == 99
    assert boxes_in(found) == [boxes[number] for number in order]
    assert found.remarks["image_taken_as_square"] == 99


def test_an_image_in_two_files_is_one(read, tmp_path):
    """Boxes of an image may come from two files."""
    write(tmp_path, ROW, name="one.csv")
    found = read("open_images", write(tmp_path, "b" + ROW[1:], ROW, name="two.csv"))
    assert [image[0] for image in found.images] == ["a", "b"]
    assert [each[0] for each in boxes_in(found)] == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a,x,/m/0,1,0.25,x,0.125,0.75,0,0,0,0,0", "boxes.csv:3: could not convert string to float: 'x'"),
        ("a,x,/m/0,1,0.25,,0.125,0.75,0,0,0,0,0", "boxes.csv:3: could not convert string to float: ''"),
        ("a,x,/m/0", "boxes.csv:3: a row of 3 fields"),
        ("x" * 1000 + ROW, "boxes.csv:3: a word of more than 300 bytes"),
    ],
)
def test_rows_that_are_none_are_problems_and_the_others_are_kept(read, tmp_path, row, problem):
    """A broken row is reported with its line; the other rows are still read."""
    found = read("open_images", write(tmp_path, ROW, row, ROW, "", row))
    assert [label[3] for label in found.labels] == [2, 4]
    assert found.problems == [f"{problem} (in all, 2 lines are wrong); a row has numbers from XMin to YMax"]


def test_a_file_that_is_torn_off_keeps_its_whole_rows(read, tmp_path):
    """The last row may end anywhere."""
    write(tmp_path, ROW, ROW[:20])
    path = tmp_path / "boxes.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    found = read("open_images", tmp_path)
    assert [label[3] for label in found.labels] == [2]
    assert found.problems == ["boxes.csv:3: a row of 5 fields; a row has numbers from XMin to YMax"]


def test_wrong_numbers_pass_through(read, tmp_path):
    """Out of bounds, reversed, infinite or none: the boxes are the file's."""
    row = "a,x,/m/0,1,{},{},0.5,0.25,0,0,0,0,0"
    found = read(
        "open_images", write(tmp_path, row.format("-1.5", "1e3"), row.format("nan", "inf"), row.format("1e999", ".5"))
    )
    assert found.labels[0][1] == (-1.5, 0.5, 1000.0, 0.25)
    assert str(found.labels[1][1]) == "(nan, 0.5, inf, 0.25)"
    assert found.labels[2][1] == (float("inf"), 0.5, 0.5, 0.25)
    assert not found.problems


def test_lines_without_end_are_refused(read, tmp_path):
    """Megabytes without a line break are no table."""
    path = write(tmp_path, ROW) / "boxes.csv"
    path.write_bytes(path.read_bytes() + b"x" * 5_000_000)
    assert read("open_images", tmp_path).problems == ["boxes.csv:3: a line of more than 1000000 bytes"]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", HEADER.encode("utf-16"), b"ImageID,LabelName\na,/m/0\n"])
def test_other_tables_are_left_alone_unless_named(read, tmp_path, data):
    """Lists of images and of labels of whole images lie beside the boxes."""
    (tmp_path / "other.csv").write_bytes(data)
    assert not read("open_images", tmp_path).problems
    assert read("open_images", tmp_path / "other.csv").problems[0].startswith(str(tmp_path / "other.csv:1: lacks "))


def test_bytes_that_are_no_utf_8_are_shown_as_such(read, tmp_path):
    """Names in another encoding lose a letter, not a box, and the file says so."""
    path = write(tmp_path, ROW, names="") / "boxes.csv"
    path.write_bytes(path.read_bytes().replace(b"/m/0", b"caf\xe9").replace(b"\na,", b"\n\xe9,"))
    found = read("open_images", tmp_path)
    assert found.labels[0][0] == "caf\ufffd"
    assert found.images[0][0] == "\ufffd"
    assert found.problems == ["boxes.csv:2: a class is not UTF-8; save it as UTF-8"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_is_named(separator):
    """Spreadsheets of some countries write semicolons."""
    seen = look(HEADER.replace(",", separator))
    assert (seen.found, seen.missing) == ("Open Images", "commas (line 1)")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (f"{HEADER}\n{ROW}\n", ""),
        (HEADER, ""),
        ("ImageID,LabelName,Confidence\n", "the columns XMin, YMin, XMax, YMax (line 1)"),
        ("image,width,height,class,xmin,ymin,xmax,ymax\n", "the columns ImageID, LabelName, XMin, YMin"),
        ("", "the columns ImageID, LabelName, XMin, YMin, XMax, YMax (line 1)"),
    ],
)
def test_look_reads_the_first_line(text, missing):
    """The names of the columns make the format, and what is missing is named."""
    found = look(text)
    assert found.fits is not bool(missing)
    assert found.missing.startswith(missing)


word = st.text(st.characters(exclude_characters=' \r\n\0"', codec="utf-8"), min_size=1, max_size=12)
share = st.floats(0, 1).map(lambda number: round(number, 6))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(word, word, share, share, share, share), min_size=1))
def test_what_was_written_is_read(read, tmp_path_factory, written):
    """Names and boxes come back as they were written, whether fields are quoted or not."""
    folder = tmp_path_factory.mktemp("open_images")
    rows = [[f'"{each}"' if "," in str(each) else str(each) for each in row] for row in written]
    write(folder, *(",".join(row) for row in rows), header="ImageID,LabelName,XMin,YMin,XMax,YMax", names="")
    found = read("open_images", folder)
    assert [each[:2] for each in boxes_in(found)] == [row[:2] for row in written]
    assert np.array([each[2:] for each in boxes_in(found)]).tolist() == [list(row[2:]) for row in written]


def test_two_identifiers_of_one_name_are_one_class(read, tmp_path):
    """Their labels are counted together, and that is told."""
    found = read("open_images", write(tmp_path, ROW, ROW.replace("/m/0", "/m/1"), names="/m/0,Apple\n/m/1,Apple\n"))
    assert [batch.categories for batch in found.batches] == [["Apple"]]
    assert [label[0] for label in found.labels] == ["Apple", "Apple"]
    assert found.details["duplicate_class"] == ("boxes.csv", "2 ids are called Apple")


def test_tables_without_boxes_are_told(read, tmp_path):
    """They may be labels of another format; lists of classes are known."""
    write(tmp_path, ROW)
    (tmp_path / "other.csv").write_text("img/a.jpg,1,2,3,4,cow\n")
    found = read("open_images", tmp_path)
    assert (found.remarks["file_passed_over"], found.details["file_passed_over"][0]) == (1, "other.csv")
