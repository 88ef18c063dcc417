"""DOTA: rows of four corners, a class and a difficulty."""

import pytest
from PIL import Image

from annostrat.annotations import ORIENTED
from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.readers.datasets.dota import PLUGIN

REAL = """imagesource:GoogleEarth
gsd:0.146343590398
2753 2408 2861 2385 2888 2468 2805 2502 plane 0
3445.0 3391.0 3484.0 3409.0 3478.0 3422.0 3437.0 3402.0 large-vehicle 1
"""
"""Shaped like the labels of version 1.0."""


def write(tmp_path, text, name="train/labelTxt/P0000.txt"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


def test_real_rows_are_read(read, tmp_path):
    """Each object is the upright box around its corners, and known to be turned; what is difficult counts too."""
    found = read("dota", write(tmp_path, REAL))
    assert found.labels == [
        ("plane", (2753, 2385, 2888, 2502), ORIENTED, 3),
        ("large-vehicle", (3437, 3391, 3484, 3422), ORIENTED, 4),
    ]
    assert found.remarks == {"oriented_boxes": 2, "image_size_unknown": 1}
    assert found.details["oriented_boxes"][0] == "train/labelTxt/P0000.txt:3"


@pytest.mark.parametrize("folder", ["train/images", "train/labelTxt", "images"])
def test_the_image_is_near(read, tmp_path, folder):
    """Images are beside the labels, in a folder beside theirs, or one further up."""
    write(tmp_path, REAL)
    (tmp_path / folder).mkdir(exist_ok=True)
    Image.new("L", (40, 30)).save(tmp_path / folder / "P0000.png")
    found = read("dota", tmp_path)
    assert found.images == [("train/labelTxt/P0000", 40, 30, "train", "train/labelTxt/P0000.txt")]
    assert found.remarks == {"oriented_boxes": 2}


def test_files_without_header_or_difficulty_are_read(read, tmp_path):
    """Tiles that were cut from larger images have no header, and some writers no last column."""
    found = read("dota", write(tmp_path, "0 0 4 0 4 2 0 2 ship\n"))
    assert [label[:2] for label in found.labels] == [("ship", (0, 0, 4, 2))]


def test_a_file_of_a_header_alone_is_an_image_without_objects(read, tmp_path):
    """Nothing was seen in the image."""
    found = read("dota", write(tmp_path, "imagesource:GoogleEarth\ngsd:null\n"))
    assert (len(found.images), found.labels, found.problems) == (1, [], [])


def test_a_class_may_have_several_words_and_a_row_a_score(read, tmp_path):
    """What is no level of difficulty in the last column is the confidence of a prediction."""
    found = read("dota", write(tmp_path, "0 0 4 0 4 2 0 2 storage tank 1\n0 0 4 0 4 2 0 2 old ship 0.87\n"))
    assert [label[0] for label in found.labels] == ["storage tank", "old ship"]
    assert found.details["confidence_ignored"] == ("train/labelTxt/P0000.txt:2", "a last column of 0.87")


def test_rows_whose_corners_are_no_numbers_are_told(read, tmp_path):
    """One corner that cannot be read leaves no box that could be told from a right one."""
    found = read("dota", write(tmp_path, "0 0 4 0 x 2 0 2 ship 0\n9 9 9\n0 0 4 0 4 2 0 2 ship 0\n"))
    assert [label[1] for label in found.labels] == [(0, 0, 4, 2)]
    (problem,) = found.problems
    wrong = "P0000.txt:1: a row of 10 words, 0 0 4 0 x 2 0 2 ship 0 (in all, 2 lines are wrong); wanted: rows of x1"
    assert problem.startswith(f"train/labelTxt/{wrong}")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (REAL, True),
        ("'imagesource':GoogleEarth\n'gsd':0.1\n", True),
        ("1 2 3 4 5 6 7 8 plane 0\n", True),
        ("0 0.1 0.1 0.4 0.1 0.4 0.2 0.1 0.2\n", False),
        ("10,20,30,40,50,60,70,80,word\n", False),
        ("", False),
    ],
)
def test_look_tells_dota_from_other_text(text, fits):
    """Eight numbers before a word make the format, and so does its header."""
    assert PLUGIN.look("a.txt", text.encode()).fits is fits


def test_a_class_in_the_first_column_is_told():
    """Some converters write it there."""
    look = PLUGIN.look("a.txt", b"plane 1 1 9 1 9 9 1 9\nship 1 1 9 1 9 9 1 9\n")
    assert (look.fits, look.found) == (False, "DOTA")
    assert look.missing.endswith("; here the class is first")


def test_settings_of_yolo_beside_the_labels_are_no_other_format(tmp_path):
    """Roboflow exports rotated boxes as DOTA, with a data.yaml."""
    write(tmp_path, REAL)
    (tmp_path / "data.yaml").write_text("train: ../train/images\nval: ../valid/images\nnc: 1\nnames: ['plane']\n")
    assert open_annotations(str(tmp_path)).reader.name == "dota"
