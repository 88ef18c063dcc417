"""What a `data.yaml` and lists of names say of the label files near them."""

import os

import pytest

from annostrat.annotations.yolo.data import data_set_near, swapped


def near(folder):
    return data_set_near(str(folder / "labels"), str(folder))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "labels").mkdir()
    return tmp_path


def test_last_folder_of_images_becomes_that_of_labels():
    """A folder further up may have the same name, and keeps it."""
    assert swapped("/images/pets/images/train", "images", "labels") == os.path.abspath("/images/pets/labels/train")
    assert swapped("/photos/train", "images", "labels") == os.path.abspath("/photos/train")


def test_yaml_of_any_name_may_hold_the_names(folder):
    """Ultralytics' own are called coco8.yaml and so on; `data.yaml` comes first where both are there."""
    (folder / "notes.yaml").write_text("title: pets\n")
    (folder / "pets.YAML").write_text("names: [cat]\ntrain: images\n")
    assert (near(folder).names, near(folder).named_in) == ({0: "cat"}, "pets.YAML")
    (folder / "data.yaml").write_text("names: [dog]\ntrain: images\n")
    assert near(folder).names == {0: "dog"}


def test_yaml_of_any_name_is_not_looked_for_above_the_folder_that_was_named(tmp_path):
    """What lies beside the data set may belong to another one; its `data.yaml` is the one exception."""
    (tmp_path / "set" / "labels").mkdir(parents=True)
    (tmp_path / "pets.yaml").write_text("names: [cat]\ntrain: images\n")
    assert near(tmp_path / "set").names == {}
    (tmp_path / "data.yaml").write_text("names: [dog]\ntrain: images\n")
    assert near(tmp_path / "set").names == {0: "dog"}


@pytest.mark.parametrize(
    ("shape", "keypoints"),
    [
        ("[17, 3]", (17, 3)),
        ("[1, 2]", (1, 2)),
        ("[0, 3]", (0, 0)),
        ("[-1, 3]", (0, 0)),
        ("[17, 4]", (0, 0)),
        ("[17, 1]", (0, 0)),
        ("[17]", (0, 0)),
        ("[17, 3, 3]", (0, 0)),
        ("[x, 3]", (0, 0)),
        ("17", (0, 0)),
    ],
)
def test_shape_of_keypoints_is_a_number_and_two_or_three_columns(folder, shape, keypoints):
    """Anything else says nothing of keypoints."""
    (folder / "data.yaml").write_text(f"names: [cat]\nkpt_shape: {shape}\n")
    assert near(folder).keypoints == keypoints


def test_names_of_keypoints_are_lists_by_class(folder):
    """A key that is no number of a class and a value that is no list are left out."""
    (folder / "data.yaml").write_text("names: [cat]\nkpt_names: {0: [nose, tail], x: [ear], 1: eye}\n")
    assert near(folder).keypoint_names == {0: ["nose", "tail"]}


@pytest.mark.parametrize(("count", "kinds"), [("2", []), ("3", ["class_count_differs"]), ("two", [])])
def test_count_of_classes_is_held_against_the_names(folder, count, kinds):
    """A number that differs is a finding at its line."""
    (folder / "data.yaml").write_text(f"names: [cat, dog]\nnc: {count}\n")
    found = near(folder).remarks
    assert [remark.kind for remark in found] == kinds
    assert [remark.where for remark in found] == ["data.yaml:2"] * len(kinds)


@pytest.mark.parametrize(
    ("names", "detail"),
    [("nc: 2", "it has no names"), ("names: cat", "its names are neither a list nor numbered"), ("names: [cat]", None)],
)
def test_names_that_are_none_are_told(folder, names, detail):
    """Classes are called by their numbers then, which nobody should have to guess."""
    (folder / "data.yaml").write_text(f"{names}\ntrain: images\n")
    found = [remark.detail for remark in near(folder).remarks if remark.kind == "class_unnamed"]
    assert found == ([detail] if detail else [])


def test_largest_class_that_can_have_a_name(folder):
    """Seven digits are enough for a million classes; longer keys are no classes."""
    (folder / "data.yaml").write_text("names: {0: cat, 9999999: dog, 10000000: cow, -1: pig}\n")
    assert near(folder).names == {0: "cat", 9999999: "dog"}
