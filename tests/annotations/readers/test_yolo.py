import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from annostrat.annotations import ORIENTED
from annostrat.annotations.readers.datasets.yolo import PLUGIN


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, tuple):
            Image.new("L", text).save(path)
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def look(text, path="labels/a.txt"):
    return PLUGIN.look(path, text.encode())


def test_boxes_are_shares_of_the_image(read, tmp_path):
    """A row is centre, width and height as shares; the image beside the labels says of what."""
    write(tmp_path, {"labels/a.txt": "1 0.5 0.5 0.25 0.5\n", "images/a.png": (400, 200), "classes.txt": "cat\ndog\n"})
    found = read("yolo", tmp_path)
    assert found.labels == [("dog", (150.0, 50.0, 250.0, 150.0), 0, 1)]
    assert found.images == [("labels/a", 400, 200, "", "labels/a.txt")]
    assert not found.remarks
    assert not found.problems


def test_shares_stay_where_no_image_is_found(read, tmp_path):
    """Without an image the size is 1 x 1, and that is said once a file."""
    write(tmp_path, {"a.txt": "0 0.5 0.5 0.25 0.5", "classes.txt": "cat"})
    found = read("yolo", tmp_path)
    assert found.labels == [("cat", (0.375, 0.25, 0.625, 0.75), 0, 1)]
    assert found.images == [("a", 1, 1, "", "a.txt")]
    assert found.remarks == {"image_taken_as_square": 1}


def test_a_picture_that_the_camera_turned_is_measured_as_it_is_shown(read, tmp_path):
    """Labels are drawn on what the viewer shows, so EXIF's quarter turns swap the sides."""
    write(tmp_path, {"a.txt": "0 0.5 0.5 1 1", "classes.txt": "cat"})
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (40, 20)).save(tmp_path / "a.jpg", exif=exif)
    assert read("yolo", tmp_path).images[0][1:3] == (20, 40)


def test_outlines_and_boxes_are_read_for_what_each_is(read, tmp_path):
    """Where boxes stand among outlines, both are kept, and the mix is a remark with the rarer rows counted."""
    rows = "0 0.1 0.1 0.3 0.1 0.2 0.4\n0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4 0.05 0.2\n0 0.5 0.5 0.25 0.5\n"
    write(tmp_path, {"a.txt": rows, "classes.txt": "cat"})
    found = read("yolo", tmp_path)
    assert [label[1] for label in found.labels] == [None, None, (0.375, 0.25, 0.625, 0.75)]
    assert found.outlines[0] == [[[0.1, 0.1], [0.3, 0.1], [0.2, 0.4]]]
    assert found.remarks["mixed_rows"] == 1
    assert found.details["mixed_rows"] == ("a.txt:3", "box rows in a data set of outline rows")


def test_four_corners_are_an_oriented_box_where_all_rows_have_four(read, tmp_path):
    """OBB rows give the upright box around the corners, and no outline."""
    rows = "0 0.5 0.1 0.9 0.5 0.5 0.9 0.1 0.5\n1 0.2 0.1 0.4 0.3 0.3 0.4 0.1 0.2\n"
    write(tmp_path, {"a.txt": rows, "classes.txt": "ship\nboat"})
    found = read("yolo", tmp_path)
    assert found.labels == [("ship", (0.1, 0.1, 0.9, 0.9), ORIENTED, 1), ("boat", (0.1, 0.1, 0.4, 0.4), ORIENTED, 2)]
    assert not found.outlines
    assert found.remarks["oriented_boxes"] == 2


def test_four_corners_are_an_outline_among_other_outlines(read, tmp_path):
    """A row of four vertices is an outline where others have more."""
    rows = "0 0.5 0.1 0.9 0.5 0.5 0.9 0.1 0.5\n0 0.2 0.1 0.4 0.3 0.3 0.4\n"
    write(tmp_path, {"a.txt": rows, "classes.txt": "ship"})
    assert [len(outline[0]) for outline in read("yolo", tmp_path).outlines] == [4, 3]


POSE = "0 0.5 0.5 0.4 0.4 0.4 0.4 2 0.6 0.6 1\n0 0.3 0.3 0.2 0.2 0.3 0.3 2 0 0 0\n"
POSE_WITHOUT_VISIBILITY = "0 0.5 0.5 0.4 0.4 0.4 0.4 0.6 0.6 0.5 0.5 0.5 0.6\n"


@pytest.mark.parametrize(
    ("rows", "shape", "unseen"),
    [(POSE, "", 0), (POSE, "kpt_shape: [2, 3]", 0), (POSE_WITHOUT_VISIBILITY, "kpt_shape: [4, 2]", 1)],
)
def test_poses_keep_their_boxes_and_what_is_known_of_their_keypoints(read, tmp_path, rows, shape, unseen):
    """Rows with keypoints give their boxes; keypoints of which nobody knows whether they are in sight are counted."""
    write(tmp_path, {"a.txt": rows, "data.yaml": f"names: [person]\ntrain: .\n{shape}\n"})
    found = read("yolo", tmp_path)
    assert found.labels[0] == ("person", (0.3, 0.3, 0.7, 0.7), 0, 1)
    assert not found.outlines
    assert found.remarks["shape_not_measured"] == unseen


def test_keypoints_in_sight_and_hidden_ones_are_told_apart(read, tmp_path):
    """The third number of a keypoint is its visibility, and data.yaml names it; both are bits of a label."""
    names = "names: [person]\ntrain: .\nkpt_names:\n  0: [nose, tail]\n"
    write(tmp_path, {"a.txt": POSE, "data.yaml": names})
    (batch,) = read("yolo", tmp_path).batches
    assert batch.visibility.tolist() == [[0b11, 0b10], [0b01, 0]]
    assert batch.keypoints == {"person": ["nose", "tail"]}


def test_keypoints_without_visibility_are_told_by_lying_in_their_boxes(read, tmp_path):
    """Without kpt_shape, rows that are all as long are poses if all their points lie in their boxes."""
    write(tmp_path, {"a.txt": POSE_WITHOUT_VISIBILITY * 3, "classes.txt": "person"})
    assert read("yolo", tmp_path).remarks["shape_not_measured"] == 3


def test_predictions_keep_their_boxes(read, tmp_path):
    """A sixth column is a confidence, and no reason to lose the box."""
    write(tmp_path, {"a.txt": "0 0.5 0.5 0.25 0.5 0.87\n", "classes.txt": "cat"})
    found = read("yolo", tmp_path)
    assert found.labels == [("cat", (0.375, 0.25, 0.625, 0.75), 0, 1)]
    assert found.remarks["confidence_ignored"] == 1


@pytest.mark.parametrize(
    "names", ["[cat, dog]", "\n  0: cat\n  1: dog\n", "\n- cat\n- dog\n", "{0: cat, 1: dog}", '{"1": dog, "0": cat}']
)
def test_names_of_data_yaml_may_be_a_list_or_a_mapping(read, tmp_path, names):
    """Both ways to write the names of classes are read."""
    write(tmp_path, {"labels/a.txt": "1 0.5 0.5 0.2 0.2", "data.yaml": f"train: images\nnc: 2\nnames: {names}"})
    assert [label[0] for label in read("yolo", tmp_path).labels] == ["dog"]


def test_classes_beyond_the_list_are_counted_and_kept(read, tmp_path):
    """A class without a name is called by its number, negative ones too."""
    rows = "0 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n-1 0.5 0.5 0.2 0.2\n7 0.4 0.4 0.2 0.2\n"
    write(tmp_path, {"a.txt": rows, "data.yaml": "nc: 1\nnames: [ship]\ntrain: ."})
    found = read("yolo", tmp_path)
    assert [label[0] for label in found.labels] == ["ship", "class_7", "class_-1", "class_7"]
    assert found.remarks["class_beyond_list"] == 3
    assert found.details["class_beyond_list"] == ("a.txt:2", "class 7, and data.yaml names 1")


def test_a_count_of_classes_that_differs_from_the_names_is_said(read, tmp_path):
    """The nc and the names of a data.yaml must agree."""
    write(tmp_path, {"a.txt": "0 0.5 0.5 0.2 0.2", "data.yaml": "train: .\nnc: 3\nnames: [ship]\n"})
    assert read("yolo", tmp_path).details["class_count_differs"] == ("data.yaml:2", "nc is 3, and names has 1")


@pytest.mark.parametrize(("name", "text"), [("data.yaml", "names: [a, a]\ntrain: .\n"), ("classes.txt", "a\na")])
def test_a_class_that_is_listed_twice_is_said(read, tmp_path, name, text):
    """Two numbers of one name are one class."""
    write(tmp_path, {"a.txt": "0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2", name: text})
    found = read("yolo", tmp_path)
    assert [label[0] for label in found.labels] == ["a", "a"]
    assert found.details["duplicate_class"][1] == "2 ids are called a"


def test_no_list_of_names_is_said_once(read, tmp_path):
    """Without any list, classes are numbers, and that is one remark."""
    write(tmp_path, {"labels/a.txt": "3 0.5 0.5 0.2 0.2", "labels/b.txt": "3 0.5 0.5 0.2 0.2"})
    found = read("yolo", tmp_path)
    assert [label[0] for label in found.labels] == ["class_3", "class_3"]
    assert found.remarks["class_unnamed"] == 1


def test_splits_follow_data_yaml_as_roboflow_writes_it(read, tmp_path):
    """`../train/images` means the folder beside the data.yaml; what is nowhere is said with its line."""
    config = "train: ../train/images\nval: ../valid/images\ntest: ../test/images\nnc: 1\nnames: ['Ship']\n"
    row = "0 0.5 0.5 0.2 0.2"
    write(tmp_path, {"data.yaml": config, "train/labels/a.txt": row, "valid/labels/b.txt": row})
    found = read("yolo", tmp_path)
    assert [(image[0], image[3]) for image in found.images] == [("train/labels/a", "train"), ("valid/labels/b", "val")]
    assert found.details["missing_list"] == ("data.yaml:3", "test: ../test/images")
    assert read("yolo", tmp_path / "data.yaml").labels == found.labels


def test_splits_follow_path_and_lists_of_images(read, tmp_path):
    """`path`, folders and lists of images in data.yaml are all followed."""
    row = "0 0.5 0.5 0.2 0.2"
    files = {f"set/labels/{name}.txt": row for name in "abc"}
    config = "path: set\ntrain: train_list.txt\nval:\n- lists/val.txt\nnames: [ship]\n"
    lists = {"set/train_list.txt": "./images/a.jpg\nimages/b.jpg\n", "set/lists/val.txt": "C:\\set\\images\\c.jpg\n"}
    write(tmp_path, {**files, **lists, "data.yaml": config})
    splits = {image[0]: image[3] for image in read("yolo", tmp_path).images}
    assert splits == {"set/labels/a": "train", "set/labels/b": "train", "set/labels/c": "val"}


def test_other_text_is_told_unless_it_lists_images(read, tmp_path):
    """Notes are passed over with a word; darknet's list of images is no stranger."""
    rows = "0 0.5 0.5 0.2 0.2\n"
    write(tmp_path, {"a.txt": rows, "classes.txt": "cat", "notes.txt": "see below\n", "train.txt": "data/a.JPG\n"})
    found = read("yolo", tmp_path)
    assert found.details["file_passed_over"] == ("notes.txt", "no rows of numbers")
    assert found.remarks["file_passed_over"] == 1


def test_darknet_folders_have_names_and_lists(read, tmp_path):
    """obj.names and train.txt beside obj_train_data are those of its files."""
    files = {"obj.names": "person\ncat\n", "obj.data": "classes = 2", "train.txt": "data/obj_train_data/a.jpg\n"}
    write(tmp_path, {**files, "obj_train_data/a.txt": "1 0.5 0.5 0.2 0.2"})
    found = read("yolo", tmp_path)
    assert found.labels[0][0] == "cat"
    assert [image[3] for image in found.images] == ["train"]
    assert not found.problems


def test_names_are_found_above_the_folder_that_was_named(read, tmp_path):
    """Who names only the folder of labels still gets the names of classes."""
    write(tmp_path, {"data.yaml": "train: images\nnames: [ship]", "train/labels/a.txt": "0 0.5 0.5 0.2 0.2"})
    found = read("yolo", tmp_path / "train" / "labels")
    assert found.labels[0][0] == "ship"
    assert found.images[0][0] == "a"


def test_data_sets_side_by_side_keep_their_own_names(read, tmp_path):
    """The nearest list of names counts."""
    row = "0 0.5 0.5 0.2 0.2"
    lists = {"one/classes.txt": "cat", "two/classes.txt": "dog"}
    write(tmp_path, {**lists, "one/labels/a.txt": row, "two/labels/b.txt": row})
    assert [label[0] for label in read("yolo", tmp_path).labels] == ["cat", "dog"]


def test_images_without_labels_are_images_without_objects(read, tmp_path):
    """An empty text file and a missing one both mean no object; the missing one is said."""
    files = {"labels/a.txt": "", "labels/b.txt": "0 0.5 0.5 0.2 0.2", "classes.txt": "cat"}
    write(tmp_path, {**files, **{f"images/{name}.png": (8, 8) for name in "abc"}})
    found = read("yolo", tmp_path)
    assert [image[:3] for image in found.images] == [("labels/a", 8, 8), ("labels/b", 8, 8), ("labels/c", 8, 8)]
    assert found.remarks == {"missing_labels_file": 1}
    assert found.details["missing_labels_file"][0] == "images/c.png"


def test_wrong_numbers_pass_through(read, tmp_path):
    """What is out of bounds, negative or no number is the file's, and for others to judge."""
    rows = "0 nan 0.5 0.2 0.2\n0 inf 0.5 0.2 0.2\n0 0.5 0.5 -0.2 0.2\n0 1.2 0.5 0.2 0.2\n"
    write(tmp_path, {"a.txt": rows, "classes.txt": "cat"})
    found = read("yolo", tmp_path)
    assert str(found.labels[0][1]) == "(nan, 0.4, nan, 0.6)"
    assert found.labels[1][1] == (float("inf"), 0.4, float("inf"), 0.6)
    assert found.labels[2][1] == (0.6, 0.4, 0.4, 0.6)
    assert found.labels[3][1] == (1.1, 0.4, 1.3, 0.6)
    assert not found.problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0 0.5 0.5 0.2 0.2\n0 0.5\n", "a.txt:2: has 2 columns, a box has 5: class, x, y, width, height; "),
        (
            "0 0.5 0.5 0.2 0.2\ncat 0.5 0.5 0.2 0.2\nx\n",
            "a.txt:2: begins with cat, which is no number of a class (in all, 2 lines are wrong); ",
        ),
        ("1.5 0.5 0.5 0.2 0.2\n", "a.txt:1: begins with 1.5, which is no number of a class; "),
        ("nan 0.5 0.5 0.2 0.2\n", "a.txt:1: begins with nan, which is no number of a class; "),
        ("99999999999999999999999 0.5 0.5 0.2 0.2\n", "a.txt:1: begins with 1e+23, which is no number of a class; "),
        (
            "1 1 5 1 5 5 1 5 ship 0\n",
            "a.txt:1: has eight numbers before its class, so DOTA and not YOLO; ",
        ),
        ("cat 0.5 0.5 0.2 0.2\n", "a.txt:1: begins with cat, which is no number of a class; "),
        ("10 20 300 400 1\n", "a.txt:1: values beyond 1, so not YOLO; looks like x1 y1 x2 y2 class; "),
        ("0 320 240 100 50\n", "a.txt:1: values beyond 1, so not YOLO; looks like pixels; "),
    ],
)
def test_rows_that_are_none_are_problems_and_the_others_are_kept(read, tmp_path, text, problem):
    """A broken row is reported with its line; the other rows and files are still read."""
    write(tmp_path, {"a.txt": text, "b.txt": "0 0.5 0.5 0.2 0.2", "classes.txt": "cat"})
    found = read("yolo", tmp_path)
    assert [each.partition("wanted")[0] for each in found.problems] == [problem]
    assert len(found.labels) == 1 + text.startswith("0 0.5")
    assert len(found.images) == len(found.labels)  # a file of broken rows alone is no image without objects


def test_columns_that_mean_nothing_are_counted(read, tmp_path):
    """A row of eight columns is neither box nor outline."""
    rows = "0 0.5 0.5 0.2 0.2\n0 0.1 0.1 0.2 0.2 0.3 0.3 0.4\n"
    write(tmp_path, {"a.txt": rows, "classes.txt": "cat"})
    found = read("yolo", tmp_path)
    assert len(found.labels) == 1
    assert found.remarks["bad_value"] == 1
    assert found.details["bad_value"][0] == "a.txt:2"


@pytest.mark.parametrize(
    ("data", "labels", "problems"),
    [
        (b"\xef\xbb\xbf0 0.5 0.5 0.2 0.2\r\n1 0.5 0.5 0.2 0.2", 2, []),
        (b"0\t0.5\t0.5\t0.2\t0.2\r0 0.5 0.5 0.2 0.2\r", 2, []),
        ("0 0.5 0.5 0.2 0.2".encode("utf-16"), 0, ["a.txt: the text is UTF-16; save it as UTF-8"]),
        (b"\x89PNG\r\n\x1a\n\0\0\0", 0, []),
        (
            b"0 0.5 0.5 0.2 0.2\n\xe9t\xe9 0.5 0.5 0.2 0.2\n",
            1,
            ["a.txt:2: begins with \ufffdt\ufffd, which is no number of a class"],
        ),
    ],
)
def test_encodings_and_line_ends(read, tmp_path, data, labels, problems):
    """Marks and line ends of all systems are read; UTF-16 is said, and what is no text is no labels."""
    write(tmp_path, {"a.txt": data, "classes.txt": "cat\ndog"})
    found = read("yolo", tmp_path)
    assert len(found.labels) == labels
    assert [each.partition("; wanted")[0] for each in found.problems] == problems


def test_a_broken_data_yaml_is_a_problem_and_the_labels_are_read(read, tmp_path):
    """Names are lost with it, the boxes are not."""
    write(tmp_path, {"labels/a.txt": "1 0.5 0.5 0.2 0.2", "data.yaml": "names: [cat\ntrain: x"})
    found = read("yolo", tmp_path)
    assert [label[0] for label in found.labels] == ["class_1"]
    assert len(found.problems) == 1
    assert found.problems[0].startswith("data.yaml:2:")


@pytest.mark.parametrize("names", ["5", "{a: b}", "[[1, 2], {3: 4}, null]", '"\\0"', "{99999999999999999999: x}"])
def test_strange_names_break_nothing(read, tmp_path, names):
    """Whatever stands where the names should, boxes are read."""
    write(tmp_path, {"a.txt": "5 0.5 0.5 0.2 0.2", "data.yaml": f"train: ['', 3, \"\\0\"]\nnc: x\nnames: {names}"})
    assert [label[0] for label in read("yolo", tmp_path).labels] == ["class_5"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (
            "199 166 257 207 1\n380 266 419 304 1\n",
            "line 1: values beyond 1, so not YOLO; looks like x1 y1 x2 y2 class",
        ),
        (
            "Car 0.00 0 -1.57 599.41 156.40 629.75 189.25 2.85 2.63 12.34 0.47 1.49 69.44 -1.56\n",
            "line 1: begins with Car, which is no number of a class",
        ),
        ("2007_000001 -1\n2007_000002 1\n", "line 1: has 2 columns"),
        ("a.jpg 0\n", "line 1: is not a row of numbers"),
        ("684,8,273,116,0,0,0,0\n", "line 1: has commas or semicolons between its numbers"),
        ("1 2 0.5 0.4 0.3 0.2 0.1 0.5 1 1\n", "line 1: 10 columns"),
        ("", "no rows"),
        ("\n\n", "no rows"),
    ],
)
def test_look_refuses_other_text_and_says_why(text, missing):
    """Boxes in pixels, words and lists are not YOLO."""
    found = look(text)
    assert not found.fits
    assert found.missing.startswith(f"rows of a class and shares of the image ({missing}")


def test_look_knows_data_yaml():
    """A data.yaml stands for its data set; another YAML file does not."""
    assert look("train: a\nnames: [b]\n", "data.yaml").fits
    assert look("name: b\n", "settings.yml").missing == "names, and a train or val folder"


def test_look_leaves_out_the_row_that_the_head_cuts_off():
    """The last line of a head may be half a row."""
    text = "0 0.5 0.5 0.2 0.2\n" * 4000
    assert PLUGIN.look("a.txt", text.encode()[:65_536]).fits


boxes = st.tuples(st.integers(0, 9), *(st.floats(0, 1).map(lambda number: round(number, 6)) for _ in range(4)))
inner = st.floats(0.001, 0.999)  # a whole number may be a keypoint's visibility
points = st.lists(st.tuples(inner, inner), min_size=5, max_size=9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(boxes, min_size=1), st.lists(st.tuples(st.integers(0, 9), points)))
def test_what_was_written_is_read(read, tmp_path_factory, written, outlined):
    """Boxes and outlines come back as they were written; those of one length could be poses."""
    assume(len({len(outline) for _, outline in outlined}) != 1)
    folder = tmp_path_factory.mktemp("yolo")
    rows = ["{} {:.6f} {:.6f} {:.6f} {:.6f}".format(*row) for row in written]
    rows += [f"{number} " + " ".join(f"{x:.6f} {y:.6f}" for x, y in outline) for number, outline in outlined]
    names = "\n".join(f"kind {number}" for number in range(10))
    write(folder, {"labels/a.txt": "\n".join(rows), "images/a.png": (100, 50), "classes.txt": names})
    found = read("yolo", folder)
    assert [label[0] for label in found.labels] == [f"kind {row[0]}" for row in [*written, *outlined]]
    corners = [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for _, x, y, w, h in written]
    read_boxes = np.array([label[1] for label in found.labels if label[1]])
    assert np.allclose(read_boxes, np.array(corners) * [100, 50, 100, 50], atol=1e-3)
    for outline, (_, vertices) in zip(found.outlines, outlined, strict=True):
        assert np.allclose(outline[0], np.array(vertices) * [100, 50], atol=1e-3)


@pytest.mark.parametrize(
    ("row", "beyond"),
    [
        ("0 1.005 0.5 0.2 0.2", 1),
        ("0 0.5 0.5 0.2 1.01", 1),
        ("0 1 1 1 1", 0),
        ("0 0.5 0.5 0.2 1.0101", 0),
        ("0 0.5 0.5 0.2 0.2 1.005", 0),
    ],
)
def test_share_just_beyond_one_is_said(read, tmp_path, row, beyond):
    """Up to a hundredth above 1 is rounding that trainers refuse; only the numbers of the box are shares."""
    write(tmp_path, {"a.txt": row, "classes.txt": "cat"})
    assert read("yolo", tmp_path).remarks["just_beyond_one"] == beyond
