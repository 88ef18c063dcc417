"""KITTI: rows of a class, what people said of it, and a box."""

import pytest
from PIL import Image

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, TRUNCATED, TRUNCATION_STATED
from annostrat.annotations.readers.datasets.kitti import PLUGIN

REAL = """Truck 0.00 0 -1.57 599.41 156.40 629.75 189.25 2.85 2.63 12.34 0.47 1.49 69.44 -1.56
Car 0.33 1 1.85 0.00 181.63 423.81 203.12 1.67 1.87 3.69 -16.53 2.39 58.49 1.57
Cyclist 0.00 3 -1.65 676.60 163.95 688.98 193.93 1.86 0.60 2.02 4.59 1.32 45.84 -1.55
Person_sitting 0.00 2 1.20 10.00 20.00 30.00 40.00 1.10 0.50 0.80 4.59 1.32 45.84 -1.55
DontCare -1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10
DontCare -1 -1 -10 511.35 174.96 527.81 187.45 -1 -1 -1 -1000 -1000 -1000 -10
"""
"""Shaped like the labels of the object detection benchmark."""
BEHIND = " -1 -1 -1 -1000 -1000 -1000 -10"


def write(tmp_path, text, name="training/label_2/000001.txt"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


def test_real_rows_are_read(read, tmp_path):
    """Levels of occlusion and truncation are what people said; the regions that nobody labelled are no objects."""
    found = read("kitti", write(tmp_path, REAL))
    visible, occluded = OCCLUSION_STATED, OCCLUSION_STATED | OCCLUDED
    assert found.labels == [
        ("Truck", (599.41, 156.40, 629.75, 189.25), visible | TRUNCATION_STATED, 1),
        ("Car", (0, 181.63, 423.81, 203.12), occluded | TRUNCATION_STATED | TRUNCATED, 2),
        ("Cyclist", (676.60, 163.95, 688.98, 193.93), TRUNCATION_STATED, 3),
        ("Person_sitting", (10, 20, 30, 40), occluded | TRUNCATION_STATED, 4),
    ]
    assert found.remarks == {"void_region": 2, "image_size_unknown": 1}
    assert found.details["void_region"] == ("training/label_2/000001.txt:5", "DontCare")


def test_the_image_is_near(read, tmp_path):
    """Images are in the folder image_2 beside the labels, of the same stem."""
    write(tmp_path, REAL)
    (tmp_path / "training/image_2").mkdir()
    Image.new("L", (1242, 375)).save(tmp_path / "training/image_2/000001.png")
    found = read("kitti", tmp_path)
    assert found.images == [("training/label_2/000001", 1242, 375, "", "training/label_2/000001.txt")]
    assert found.remarks == {"void_region": 2}


def test_an_empty_file_is_an_image_without_objects(read, tmp_path):
    """Whoever labels an image and sees nothing leaves an empty file."""
    found = read("kitti", write(tmp_path, ""))
    assert (len(found.images), found.labels, found.problems) == (1, [], [])


def test_truncation_and_occlusion_may_be_unknown(read, tmp_path):
    """Converters write -1 for what they do not know: then nothing is stated."""
    found = read("kitti", write(tmp_path, f"Car -1 -1 -10 1 2 3 4{BEHIND}\n"))
    assert found.labels == [("Car", (1, 2, 3, 4), 0, 1)]


def test_scores_are_told(read, tmp_path):
    """A sixteenth column is a detector's score."""
    found = read("kitti", write(tmp_path, f"Car 0 0 -10 1 2 3 4{BEHIND} 0.93\n"))
    assert [label[1] for label in found.labels] == [(1, 2, 3, 4)]
    assert found.remarks["confidence_ignored"] == 1


def test_broken_rows_are_told_and_the_others_are_kept(read, tmp_path):
    """A row with too few columns, or with a word in the place of a number, is a problem with its line."""
    rows = f"Car 0 0 -10 1 2 3 4{BEHIND}\nCar 0 0\nVan 0 0 -10 1 2 3 four{BEHIND}\nVan\n"
    found = read("kitti", write(tmp_path, rows))
    assert [label[0] for label in found.labels] == ["Car"]
    (problem,) = found.problems
    wrong = "training/label_2/000001.txt:2: a row of 3 words, Car 0 0 (in all, 3 lines are wrong); wanted: "
    assert problem.startswith(wrong)


def test_a_class_of_several_words_is_one(read, tmp_path):
    """The numbers after it are not taken for others."""
    found = read("kitti", write(tmp_path, f"traffic light 0 1 -10 1 2 3 4{BEHIND}\nCar 0 0 -10 5 6 7 8{BEHIND} 0.9\n"))
    assert [label[:2] for label in found.labels] == [("traffic light", (1, 2, 3, 4)), ("Car", (5, 6, 7, 8))]
    assert found.details["confidence_ignored"][0] == "training/label_2/000001.txt:2"


@pytest.mark.parametrize("name", ["kitti", "dota"])
def test_text_that_is_not_utf_8_is_told_with_its_place(read, tmp_path, name):
    """Classes in GBK, as editors in China write it, have strange names, and the file says so."""
    row = f"猫狗测 0 0 -10 1 2 3 4{BEHIND}" if name == "kitti" else "0 0 4 0 4 2 0 2 猫狗测 0"
    found = read(name, write(tmp_path, f"\n{row}\n".encode("gbk"), "a.txt"))
    assert len(found.labels) == 1
    assert found.problems == ["a.txt:2: byte 0xb9 is not UTF-8; save it as UTF-8"]


def test_calibration_is_no_label_and_other_text_is_told(read, tmp_path):
    """The files that say where the cameras are stand beside the labels; notes are passed over."""
    write(tmp_path, REAL)
    write(tmp_path, "P0: 7.215377e+02 0.000000e+00\n", "training/calib/000001.txt")
    write(tmp_path, "P0: 7.215377e+02 0.000000e+00\n", "calib/val/000001.txt")
    write(tmp_path, "Thank you\n", "training/readme.txt")
    found = read("kitti", tmp_path)
    assert len(found.images) == 1
    assert found.details["file_passed_over"] == ("training/readme.txt", "no rows of objects")


@pytest.mark.parametrize(
    ("text", "problem"),
    [("one two\n", "a row of 2 words"), ("Car\n".encode("utf-16"), "is UTF-16; save it as UTF-8")],
)
def test_a_file_that_is_named_must_be_labels(read, tmp_path, text, problem):
    """What the user names is not passed over."""
    write(tmp_path, text, "a.txt")
    found = read("kitti", tmp_path / "a.txt")
    assert problem in found.problems[0]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (REAL, True),
        (REAL.replace("\n", "\r\n"), True),
        (REAL * 200, True),
        ("0 0.5 0.5 0.1 0.1\n", False),
        ("Car 0.00 0 -1.57 599.41\n", False),
        (REAL + "one two\n", False),
        ('{"images": [], "annotations": []}' + " a" * 40, False),
        ("", False),
    ],
)
def test_look_tells_kitti_from_other_text(text, fits):
    """Fifteen columns of which the first alone is a word make the format."""
    assert PLUGIN.look("a.txt", text.encode()).fits is fits


def test_rows_that_are_nearly_kitti_are_told_what_they_lack():
    """A column less, or a word in the place of a number, is told with the line; eight numbers are another format's."""
    for words, there in ((14, "line 1 has 14, or some that are no numbers"), (8, "line 1 has 8")):
        look = PLUGIN.look("a.txt", (" ".join(REAL.split()[:words]) + "\n").encode())
        assert look.found == "KITTI"
        assert there in look.missing
    assert not PLUGIN.look("a.txt", b"plane 1 1 9 1 9 9 1 9\n").found


def test_tracks_are_named():
    """The tracking benchmark has the frame and the track before the class."""
    look = PLUGIN.look("0000.txt", b"0 1 Car 0 0 -1.79 296.7 161.7 455.2 292.3 2.0 1.8 4.4 -4.5 1.8 13.4 -2.1\n")
    assert look.missing == "rows that begin with a class: these are tracks, a frame each"
