"""Label findings: one tiny data set for each kind, through its reader; what is said of it, and where."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, readers
from annostrat.knowledge.loader import load_rules
from annostrat.measure.answers import answer_all
from annostrat.measure.figures import Figures
from annostrat.measure.findings.findings import all_findings
from annostrat.measure.measurement import measurement
from annostrat.measure.profile.profile import Profile
from annostrat.measure.reading import measure_path

KINDS = load_rules().findings

BOX = [10, 10, 20, 20]
TRIANGLE = [[10, 10, 30, 10, 10, 30]]


@pytest.fixture
def found(tmp_path):
    """Write files, measure the folder, and return the findings by kind."""

    def find(files, **options):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, np.ndarray):
                Image.fromarray(content).save(path)
            else:
                path.write_text(content)
        return findings_of(measure_path(str(tmp_path), **options).profile)

    return find


def findings_of(profile):
    return {finding["kind"]: finding for finding in all_findings(Figures(profile), KINDS)}


def place(finding):
    return finding["severity"], finding["text"], finding["examples"]


BOX_OF_ONE = {"image_id": 1, "category_id": 1, "bbox": BOX}
FAULTS_OF_COCO = {
    "not_finite": ({"bbox": [float("inf"), 1, 2, 2]}, "1 box is not finite", "a.json#1 (apple)"),
    "not_json_number": (
        {"bbox": [float("nan"), 1, 2, 2]},
        "1 label holds Infinity or NaN, which JSON does not have",
        "a.json#1: Infinity or NaN, which JSON does not have",
    ),
    "box_missing": ({}, "1 label has neither box nor outline", "a.json#1 (apple)"),
    "huge": ({"bbox": [1e9, 1, 5, 5]}, "1 box is millions of pixels away", "a.json#1 (apple)"),
    "degenerate": ({"bbox": [5, 5, 0, 7]}, "1 box has no width or no height", "a.json#1 (apple)"),
    "out_of_bounds": ({"bbox": [90, 5, 20, 7]}, "1 box extends beyond its image", "a.json#1 (apple)"),
    "box_differs": (
        {"bbox": [10, 10, 50, 50], "segmentation": TRIANGLE},
        "1 box does not fit its outline",
        "a.json#1 (apple)",
    ),
    "overfull": (
        {"bbox": [10, 10, 9, 9], "segmentation": TRIANGLE},
        "1 outline is larger than its box",
        "a.json#1 (apple)",
    ),
    "flat_outline": ({"segmentation": [[1, 1, 9, 9, 5, 5]]}, "1 outline encloses nothing", "a.json#1 (apple)"),
    "empty_outline": (
        {"bbox": BOX, "segmentation": [[1, 1, 9, 9]]},
        "1 outline has fewer than three vertices, or no pixel",
        "a.json#1: fewer than three pairs of x and y, or a number without a partner",
    ),
    "rectangular_outline": (
        {"segmentation": [[10, 10, 30, 10, 30, 30, 10, 30]]},
        "1 outline is an upright rectangle",
        "a.json#1 (apple)",
    ),
    "four_vertices": (
        {"segmentation": [[10, 10, 30, 10, 30, 30, 20, 30]]},
        "1 outline has four vertices",
        "a.json#1 (apple)",
    ),
    "class_beyond_list": (
        {"bbox": BOX, "category_id": 9},
        "1 label has a class that the list does not name",
        "a.json#1: category 9",
    ),
    "unknown_image": (
        {"bbox": BOX, "image_id": -7},
        "1 label belongs to an image that is not listed",
        "a.json#1: image_id -7",
    ),
    "bad_value": ({"bbox": [1, 2, 3]}, "1 value could not be used", "a.json#1: the bbox is not four numbers"),
}


NAMES = ["apple", "Apple ", "stop sign", "stop_sign", "leaf"]


def test_spellings_of_one_class_are_told(found, coco):
    """Capitals, spaces and underscores make two classes of one."""
    kinds = found({"a.json": coco([1], [{**BOX_OF_ONE, "category_id": 2}], NAMES)})
    assert kinds["similar_class"]["examples"] == ["'Apple ' (1), 'apple' (0)", "'stop sign' (0), 'stop_sign' (0)"]


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"category_id": "leaf"}, "class_beyond_list: a.json#1: category leaf: a name in the place of an id"),
        ({"category_id": [1]}, "class_beyond_list: a.json#1: category that is no id"),
        ({"image_id": "a.jpg"}, "unknown_image: a.json#1: image_id a.jpg"),
        ({"segmentation": {"size": [100, 100], "counts": [10_000]}}, "empty_outline: a.json#1: a mask without a pixel"),
    ],
)
def test_what_stands_in_the_wrong_place_is_seen_in_the_message(found, coco, value, where):
    """So are names in the place of ids; a mask without a pixel is one of the empty outlines."""
    told = found({"a.json": coco([1], [BOX_OF_ONE | value], ["apple", "leaf"])})
    assert where in [f"{kind}: {place}" for kind, each in told.items() for place in each["examples"]]


@pytest.mark.parametrize("kind", FAULTS_OF_COCO)
def test_one_fault_is_one_finding_with_its_place(found, coco, kind):
    """A single label that is wrong is counted once, in the singular, with its file and id, among sound ones."""
    wrong, text, where = FAULTS_OF_COCO[kind]
    sound = [{"image_id": 2, "category_id": 1, "bbox": [5 + 20 * i, 5, 9, 7]} for i in range(4)]
    findings = found({"a.json": coco([1, 2], [{"image_id": 1, "category_id": 1, **wrong}, *sound], ["apple"])})
    assert place(findings[kind])[1:] == (text, [where])
    assert findings[kind]["count"] == 1
    assert findings[kind]["advice"] == KINDS[kind]["advice"]


@pytest.mark.parametrize("kind", FAULTS_OF_COCO)
def test_several_faults_are_one_finding_in_the_plural(found, coco, kind):
    """Seven of a kind are one finding, which names five places at most."""
    wrong, _, _ = FAULTS_OF_COCO[kind]
    sound = [{"image_id": 8, "category_id": 1, "bbox": [2 + 3 * i, 5, 2, 3]} for i in range(30)]
    many = [{"image_id": i, "category_id": 1, **wrong} for i in range(1, 8)]
    findings = found({"a.json": coco(range(1, 9), [*many, *sound], ["apple"])})
    assert findings[kind]["text"] == f"7 {KINDS[kind]['many']}"
    assert len(findings[kind]["examples"]) == 5


def test_a_sound_data_set_has_no_finding(found, coco):
    """Nothing is found where nothing is wrong."""
    labels = [{"image_id": i, "category_id": 1, "bbox": [5, 5, 20, 30]} for i in range(1, 13)]
    assert found({"a.json": coco(range(1, 13), labels, ["apple"])}) == {}


def test_corners_in_the_place_of_sizes_are_one_finding(found, coco):
    """A file that holds x1, y1, x2, y2 is diagnosed once, not as thousands of boxes over the border."""
    labels = [{"image_id": i % 5 + 1, "category_id": 1, "bbox": [10 + i, 20 + i, 60 + i, 70 + i]} for i in range(25)]
    findings = found({"a.json": coco(range(1, 6), labels, ["apple"])})
    assert findings["swapped_format"]["text"] == (
        "25 boxes hold x1, y1, x2, y2 where the format wants x, y, width, height"
    )
    assert findings["swapped_format"]["severity"] == "error"
    assert len(findings) == 1


def test_a_few_boxes_over_the_border_are_no_other_format(found, coco):
    """Boxes that extend beyond the image among sound ones are just that."""
    labels = [{"image_id": 1, "category_id": 1, "bbox": [3 * i, 50, 2, 9]} for i in range(20)]
    over = [{"image_id": 1, "category_id": 1, "bbox": [95, 10 * i, 20, 5]} for i in range(5)]
    findings = found({"a.json": coco([1], labels + over, ["apple"])})
    assert findings["out_of_bounds"]["count"] == 5
    assert findings["out_of_bounds"]["share"] == 0.2
    assert "swapped_format" not in findings


def test_duplicates_are_those_of_one_class(found, coco):
    """The second of two equal boxes of a class is a duplicate; one of another class is not."""
    labels = [{"image_id": 1, "category_id": category, "bbox": BOX} for category in (1, 1, 2)]
    findings = found({"a.json": coco([1], labels, ["apple", "pear"])})
    assert place(findings["duplicate"]) == (
        "warning",
        "1 object repeats another one of its class (IoU above 0.95)",
        ["a.json#2 (apple)"],
    )


def test_all_crowds_is_an_error(found, coco):
    """A file in which all is a crowd has no object for any reader."""
    crowd = {**BOX_OF_ONE, "iscrowd": 1}
    findings = found({"a.json": coco([1], [crowd, crowd], ["apple"])})
    assert findings["all_crowds"]["text"] == "2 labels, all of them, are marked as crowds (iscrowd)"
    assert findings["all_crowds"]["share"] == 1
    mixed = found({"a.json": coco([1], [crowd, BOX_OF_ONE], ["apple"])})
    assert "all_crowds" not in mixed


@pytest.mark.parametrize(("second", "kind"), [("a", "duplicate_image"), ("b", "merged_images")])
def test_ids_that_are_used_twice(found, second, kind):
    """An image that is listed again is one image; two images of one id are files that were joined without new ids."""
    images = [{"id": 1, "file_name": f"{name}.jpg", "width": 100, "height": 100} for name in ("a", second)]
    labels = [{"id": 5, **BOX_OF_ONE}, {"id": 5, **BOX_OF_ONE, "bbox": [60, 60, 20, 20]}]
    document = {"images": images, "annotations": labels, "categories": [{"id": 1, "name": "apple"}]}
    findings = found({"a.json": json.dumps(document)})
    assert findings[kind]["count"] == 1
    assert findings[kind]["examples"][0].startswith("a.json#1")
    assert ("duplicate_id" in findings) == (kind == "duplicate_image")


PLACES = [(20 * i % 80 + 1, 15 * i % 50 + 3, 18 + i % 5, 14 + i % 7) for i in range(24)]
"""Boxes x, y, width, height that lie in an image of 100 by 80 pixels, and reach beyond y = 80 nowhere."""


def coco_with(boxes, outlines=None, width=100, height=80):
    labels = [
        {"id": n, "image_id": n % 4, "category_id": 1, "bbox": box, "segmentation": outlines[n] if outlines else []}
        for n, box in enumerate(boxes)
    ]
    images = [{"id": n, "file_name": f"{n}.jpg", "width": width, "height": height} for n in range(4)]
    return json.dumps({"images": images, "annotations": labels, "categories": [{"id": 1, "name": "apple"}]})


def octagon(x, y, w, h):
    ring = [(x + w / 3, y), (x + w, y + h / 4), (x + w, y + h), (x + w / 2, y + h), (x, y + h / 2)]
    return [[side for corner in ring for side in corner]]


MISTAKES = {
    "shares_for_pixels": coco_with([(x / 100, y / 80, w / 100, h / 80) for x, y, w, h in PLACES]),
    "pixels_for_shares": coco_with([(x * 9 + 300, y * 9, w * 9, h * 9) for x, y, w, h in PLACES]),
    "size_exchanged": coco_with(PLACES, width=80, height=100),
    "reversed_corners": coco_with([(x + w, y + h, -w, -h) for x, y, w, h in PLACES]),
    "centre_for_corner": coco_with(
        [(x + w / 2, y + h / 2, w, h) for x, y, w, h in PLACES], [octagon(*box) for box in PLACES]
    ),
    "top_from_below": coco_with([(x, 80 - y, w, h) for x, y, w, h in PLACES]),
    "upside_down": coco_with([(x, 80 - y - h, w, h) for x, y, w, h in PLACES], [octagon(*box) for box in PLACES]),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_one_mistake_is_one_finding(found, kind):
    """A data set whose boxes mean something else than the format says has one finding, which says what to write."""
    findings = found({"a.json": MISTAKES[kind]})
    assert [each for each, about in findings.items() if about["severity"] != "note"] == [kind]
    assert findings[kind]["count"] == 24
    assert findings[kind]["examples"]


def test_boxes_that_begin_at_the_centre_of_their_outline_are_told_without_a_size(found):
    """Outlines tell that a box begins at their centre where no border does; each such box counts."""
    boxes = [(x + w / 2, y + h / 2, w, h) for x, y, w, h in PLACES]
    outlines = [octagon(*box) for box in PLACES]
    findings = found({"a.json": coco_with(boxes, outlines, width=0, height=0)})
    assert [(kind, each["count"]) for kind, each in findings.items() if each["severity"] == "error"] == [
        ("centre_for_corner", 24)
    ]


def test_one_box_beside_its_outline_is_no_mistake_of_all_in_images_of_unknown_size(found):
    """A box that begins at the centre of its outline stays a fault of its own among two dozen that fit."""
    (x, y, w, h), *others = PLACES
    boxes = [(x + w / 2, y + h / 2, w, h), *others]
    findings = found({"a.json": coco_with(boxes, [octagon(*box) for box in PLACES], width=0, height=0)})
    assert (findings["box_differs"]["count"], "centre_for_corner" in findings) == (1, False)


@pytest.mark.parametrize(("kind", "is_withheld"), [("shares_for_pixels", True), ("size_exchanged", False)])
def test_figures_that_a_mistake_makes_meaningless_are_withheld(tmp_path, kind, is_withheld):
    """Where boxes are not what they seem, no answer and no figure is given but the number of objects."""
    (tmp_path / "a.json").write_text(MISTAKES[kind])
    measured = measurement(measure_path(str(tmp_path)).profile, load_rules(), "a", "a")
    assert ([figure["id"] for figure in measured["figures"]] == ["objects_per_image"]) == is_withheld
    assert ("means anything" in measured["answers"]["occlusion"]["because"]) == is_withheld


def test_sizes_in_the_place_of_corners(found):
    """A VOC file that holds x, y, width, height has boxes that end before they begin."""
    box = "<object><name>cat</name><bndbox>{}</bndbox></object>"
    edges = ("xmin", "ymin", "xmax", "ymax")
    boxes = [
        box.format("".join(f"<{edge}>{side}</{edge}>" for edge, side in zip(edges, place, strict=True)))
        for place in PLACES
    ]
    size = "<filename>a.jpg</filename><size><width>100</width><height>80</height></size>"
    findings = found({"a.xml": f"<annotation>{size}{''.join(boxes)}</annotation>"})
    assert [kind for kind, about in findings.items() if about["severity"] == "error"] == ["sizes_for_corners"]


def test_classes_that_count_from_one(found):
    """Labels that use 1 and 2 where the list names 0 and 1 all have the wrong name."""
    rows = "\n".join(f"{1 + n % 2} 0.5 0.5 0.2 0.{n + 1}" for n in range(6))
    findings = found({"data.yaml": "names: [cat, dog]\ntrain: images\n", "labels/a.txt": rows})
    assert place(findings["classes_from_one"])[0] == "error"
    assert findings["classes_from_one"]["count"] == 3
    assert "class_beyond_list" not in findings


def test_classes_that_count_from_zero(found, coco):
    """Labels that use 0 and 1 where the list names 1 and 2 all have the wrong name."""
    labels = [{"image_id": 1, "category_id": n % 2, "bbox": [5 * n, 5, 4, 3]} for n in range(6)]
    findings = found({"a.json": coco([1], labels, ["cat", "dog"])})
    assert findings["classes_from_zero"]["count"] == 3
    assert "class_beyond_list" not in findings


def test_lines_of_two_tables_are_no_ids(found):
    """Where an image has rows in two tables, rows on the same line are two labels, and share nothing."""
    header = "ImageID,LabelName,XMin,XMax,YMin,YMax"
    tables = {f"{name}.csv": f"{header}\na,{name},0.1,0.5,0.1,0.5\n" for name in ("cat", "dog")}
    assert "duplicate_id" not in found(tables)


def test_images_that_lack_something(found):
    """Images without name, without size, without labels: each is said with its place."""
    images = [{"id": 1, "width": 50, "height": 50}, {"id": 2, "file_name": "b.jpg"}, {"id": 3, "file_name": "c.jpg"}]
    labels = [{"id": i, "image_id": i, "category_id": 1, "bbox": BOX} for i in (1, 2)]
    document = {"images": images, "annotations": labels, "categories": [{"id": 1, "name": "apple"}]}
    findings = found({"a.json": json.dumps(document)})
    assert place(findings["image_without_name"]) == ("warning", "1 image has no file name", ["a.json#1"])
    assert place(findings["image_without_size"])[1:] == (
        "1 label is in an image whose size is not stated",
        ["a.json#2 (apple)"],
    )
    assert place(findings["image_without_labels"]) == ("note", "1 image has no label", ["c.jpg"])


@pytest.mark.parametrize("images", [1, 2])
def test_a_data_set_without_a_label_is_said_to_be_one(found, coco, images):
    """Images none of which has a label are one finding, and none that lists them one by one."""
    findings = found({"a.json": coco(range(images), [], [])})
    assert findings.keys() == {"no_label"}
    said = f"{images} image{'' if images == 1 else 's'}, and not one label"
    assert place(findings["no_label"]) == ("warning", said, [])


def test_a_data_set_without_an_image_is_a_problem(tmp_path, coco):
    """A run that ends with nothing to measure says so, and what the format needs."""
    (tmp_path / "a.json").write_text(coco([], [], []))
    (problem,) = measure_path(str(tmp_path)).problems
    assert problem.message == "holds no image that could be read"
    assert problem.hint.startswith("COCO instances needs a JSON object")


def test_splits_that_share_images(found, coco):
    """The same image in train and val is an error, with both splits named."""
    label = {"category_id": 1, "bbox": BOX}
    findings = found(
        {
            "train.json": coco([1, 2], [{"image_id": 1, **label}, {"image_id": 2, **label}], ["apple"]),
            "val.json": coco([2, 3], [{"image_id": 2, **label}, {"image_id": 3, **label}], ["apple"]),
        }
    )
    assert place(findings["shared_images"]) == (
        "warning",
        "1 image is in several splits (same name and size)",
        ["2.jpg (train, val)"],
    )


def test_splits_of_folders_share_images_too(found):
    """Where the split is a folder, images are compared without it."""
    rows = {
        f"{folder}/{name}.txt": "0 0.5 0.5 0.1 0.1\n" for folder, name in [("train", "a"), ("val", "a"), ("val", "b")]
    }
    findings = found({"classes.txt": "apple\n", **rows})
    assert findings["shared_images"]["count"] == 1


def test_images_that_are_there_twice(found, coco):
    """An image in two files of one split, and profiles that were joined twice, are noticed."""
    label = {"image_id": 1, "category_id": 1, "bbox": BOX}
    files = {"a.json": coco([1], [label], ["apple"]), "b.json": coco([1, 2], [label], ["apple"])}
    assert place(found(files)["repeated_image"]) == (
        "warning",
        "1 image is there several times (same name, size and split)",
        ["1.jpg"],
    )


def test_names_that_are_long_are_told_apart_and_shown_short(found):
    """Signed URLs that differ far behind their beginning are different images; only what is shown is cut."""
    urls = [f"https://example.org/{'x' * 5_000}/{number}.jpg" for number in (1, 2, 2)]
    tasks = [{"id": i, "data": {"image": url}, "annotations": [{"result": []}]} for i, url in enumerate(urls)]
    finding = found({"a.json": json.dumps(tasks)})["repeated_image"]
    assert finding["count"] == 1
    assert finding["examples"] == [f"https://example.org/{'x' * 177}..."]


def test_profiles_that_were_joined_twice_are_noticed(measured):
    """Who joins a profile with itself by mistake is told."""
    profile = measured([(1, 1, 9, 9)], [(1, 1, 9, 9)]).profile
    twice = Profile()
    twice.add(profile)
    twice.add(profile)
    assert findings_of(twice)["repeated_image"]["count"] == 2


def test_classes_that_are_rare_empty_or_in_imbalance(found, coco):
    """Three hundred of one class, two of another and none of a third."""
    boxes = [[i % 20 * 5, i // 20 * 5, 4, 3] for i in range(302)]
    labels = [{"image_id": 1, "category_id": 1 + (i >= 300), "bbox": box} for i, box in enumerate(boxes)]
    findings = found({"a.json": coco([1], labels, ["apple", "pear", "plum"])})
    assert place(findings["imbalance"]) == (
        "warning",
        "150 times as many labels in the most frequent class as in the rarest",
        ["apple (300)", "pear (2)"],
    )
    assert place(findings["rare_class"]) == ("note", "1 class has fewer than ten labels", ["pear (2)"])
    assert place(findings["empty_class"]) == ("note", "1 listed class has no label", ["plum"])


def test_part_of_classes_are_a_note(measured, label):
    """Windows in facades are named with their share."""
    facade = label((0, 0, 90, 90), "facade")
    windows = [label((10 * i, 10, 10 * i + 5, 20), "window") for i in range(1, 5)]
    findings = findings_of(measured(*[[facade, *windows]] * 3).profile)
    said = "1 class looks like a part of another, whose boxes contain its objects"
    assert place(findings["part_of"]) == ("note", said, ["window in facade (100%)"])


def test_classes_without_a_list(found):
    """A COCO file without categories, and YOLO files without names, say so."""
    document = {"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"id": 1, **BOX_OF_ONE}]}
    for categories, places in (
        ({}, ["a.json: the file has no categories"]),
        ({"categories": []}, ["a.json: categories has none with an id"]),
        ({"categories": [{"id": 1}, {"id": 2, "name": "leaf"}]}, ["a.json#1: a category without a name"]),
    ):
        unnamed = found({"a.json": json.dumps(document | categories)})["class_unnamed"]
        assert place(unnamed) == ("note", "1 place lacks names of classes", places)


def test_rows_of_yolo(found):
    """Mixed rows, a class beyond the list, a confidence, an odd row, a missing image, a number that is wrong."""
    outline = "0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.5 0.05 0.2\n"
    findings = found(
        {
            "data.yaml": "names: [apple, pear]\nnc: 3\ntrain: images/train\nval: images/nowhere\n",
            "images/train/a.png": np.zeros((50, 50), np.uint8),
            "images/train/b.png": np.zeros((50, 50), np.uint8),
            "labels/train/a.txt": outline * 3 + "0 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n1 0.3 0.3 0.1 0.1 0.9\n",
            "labels/train/c.txt": outline,
        }
    )
    assert findings["mixed_rows"]["severity"] == "error"
    assert findings["mixed_rows"]["count"] == 3
    assert findings["mixed_rows"]["examples"] == ["labels/train/a.txt:4: box rows in a data set of outline rows"]
    assert findings["class_beyond_list"]["examples"] == ["labels/train/a.txt:5: class 7, and data.yaml names 2"]
    assert findings["confidence_ignored"]["text"] == "1 box has a confidence, like a prediction"
    assert findings["class_count_differs"]["text"] == "1 list of classes does not have as many names as it says"
    assert findings["missing_labels_file"]["text"] == "1 image has no label file"
    square = findings["image_taken_as_square"]
    assert square["severity"] == "warning"
    assert square["text"] == "1 image has no known size, and is measured as if square"
    assert findings["missing_list"]["text"] == "1 list or folder that is named is missing"


def test_rotated_boxes_are_a_note(found):
    """Rows of nine columns that are boxes on a corner are measured as upright boxes, and that is said."""
    rows = "0 0.5 0.2 0.8 0.5 0.5 0.8 0.2 0.5\n"
    findings = found({"classes.txt": "apple\n", "a.txt": rows * 2, "b.txt": rows})
    assert findings["oriented_boxes"]["text"] == "3 boxes are rotated"


def test_tasks_of_label_studio(found):
    """A task without annotation, one with two, and a region with two classes."""
    size = {"original_width": 100, "original_height": 100, "from_name": "l", "to_name": "i", "id": "r"}
    region = {"type": "rectanglelabels", "value": {"x": 1, "y": 1, "width": 9, "height": 9, "rotation": 0}, **size}

    def result(*labels):
        return [{**region, "value": {**region["value"], "rectanglelabels": list(labels)}}]

    tasks = [
        {"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"result": result("apple")}] * 2},
        {"id": 2, "data": {"image": "b.jpg"}, "annotations": [{"result": result("apple", "pear")}]},
        {"id": 3, "data": {"image": "c.jpg"}, "annotations": []},
    ]
    findings = found({"a.json": json.dumps(tasks)})
    assert findings["several_annotations"]["text"] == "1 task was annotated several times"
    assert findings["several_classes"]["examples"] == ["a.json#2: apple, pear"]
    assert findings["not_annotated"]["examples"] == ["a.json#3: no annotation"]


def test_regions_of_cityscapes(found):
    """What is deleted, and what is not to be judged, is left out and said."""
    points = [[1, 1], [30, 1], [1, 30]]
    objects = [
        {"label": "car", "polygon": points},
        {"label": "car", "polygon": points, "deleted": 1},
        {"label": "out of roi", "polygon": points},
        {"label": "ego vehicle", "polygon": points},
    ]
    document = {"imgHeight": 50, "imgWidth": 50, "objects": objects}
    findings = found({"a_gtFine_polygons.json": json.dumps(document)})
    assert findings["deleted_label"]["text"] == "1 label is marked as deleted"
    assert findings["void_region"]["text"] == "2 regions belong to classes that are not to be judged"


def test_masks_that_do_not_fit(found, coco):
    """A run-length mask that is longer than its image, and one that is no mask at all."""
    long = {"image_id": 1, "category_id": 1, "segmentation": {"size": [10, 10], "counts": [5, 500]}}
    none = {"image_id": 1, "category_id": 1, "segmentation": {"size": "x"}, "bbox": BOX}
    findings = found({"a.json": coco([1], [long, none], ["apple"])})
    assert findings["mask_overruns"]["text"] == "1 mask does not have the size of its image"
    assert findings["bad_value"]["examples"] == ["a.json#2: the segmentation is no run-length mask"]


def test_segments_and_pixels_that_disagree(found):
    """A listed segment without a pixel, pixels of a segment that is not listed, and a mask that is not there."""
    pixels = np.zeros((20, 20, 3), np.uint8)
    pixels[2:8, 2:8, 0] = 7
    pixels[10:15, 10:15, 0] = 9
    segments = [{"id": i, "category_id": 1, "bbox": [2, 2, 6, 6], "area": 36, "iscrowd": 0} for i in (7, 8)]
    document = {
        "images": [{"id": i, "file_name": f"{i}.jpg", "width": 20, "height": 20} for i in (1, 2)],
        "annotations": [
            {"image_id": 1, "file_name": "1.png", "segments_info": segments},
            {"image_id": 2, "file_name": "2.png", "segments_info": segments[:1]},
        ],
        "categories": [{"id": 1, "name": "apple", "isthing": 1}],
    }
    findings = found({"panoptic.json": json.dumps(document), "panoptic/1.png": pixels}, format="coco_panoptic")
    assert findings["segment_without_pixels"]["text"] == "1 listed segment has no pixel in its mask"
    assert findings["pixels_without_segment"]["text"] == "1 id in a mask is not listed as a segment"
    assert findings["missing_mask"]["text"] == "1 image has no mask file"


def test_a_photograph_is_no_mask(found):
    """A picture whose pixels all differ from their neighbours is not taken for thousands of classes."""
    noise = np.random.default_rng(1).integers(0, 255, (96, 96), np.uint8)
    flat = np.zeros((64, 64), np.uint8)
    flat[10:20, 10:30] = 1
    findings = found({"masks/a.png": flat, "masks/b.png": noise}, format="class_masks")
    assert findings["not_a_mask"]["text"] == "1 picture is not a mask"
    assert findings["not_a_mask"]["examples"][0].startswith("masks/b.png")


def test_shapes_that_are_not_measured(found):
    """Points and lines of LabelMe are counted, and have no area."""
    shapes = [
        {"label": "apple", "shape_type": "rectangle", "points": [[1, 1], [9, 9]]},
        {"label": "apple", "shape_type": "point", "points": [[1, 1]]},
        {"label": "apple", "shape_type": "line", "points": [[1, 1], [9, 9]]},
    ]
    text = json.dumps({"version": "5", "shapes": shapes, "imagePath": "a.jpg", "imageHeight": 20, "imageWidth": 20})
    findings = found({"a.json": text})
    assert findings["shape_not_measured"]["text"] == "2 shapes are neither box nor outline, and are not measured"


def test_labels_that_are_left_out_are_not_missing(found):
    """Where all are of a kind that is not read, nobody is told to label a pilot first."""
    shapes = [{"label": "apple", "shape_type": "cuboid", "points": [[1, 1], [9, 9]]}]
    text = json.dumps({"version": "5", "shapes": shapes, "imagePath": "a.jpg", "imageHeight": 20, "imageWidth": 20})
    findings = found({"a.json": text})
    assert findings["shape_unknown"]["text"] == "1 shape is of a kind that is not read, and is left out"
    assert "no_label" not in findings


def test_the_worst_comes_first(found, coco):
    """Errors stand before warnings, and these before notes; within them, the greater share first."""
    labels = [
        {**BOX_OF_ONE, "bbox": [90, 10, 20, 20]},
        {**BOX_OF_ONE, "bbox": [5, 5, 0, 5]},
        {**BOX_OF_ONE, "category_id": 9},
        BOX_OF_ONE,
    ]
    findings = found({"a.json": coco([1, 2], labels, ["apple", "pear"])})
    severities = [finding["severity"] for finding in findings.values()]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert {"error", "warning", "note"} == set(severities)


def kinds_in(path):
    """Yield the kinds that a module's calls name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in {"remark", "Remark", "_remarks", "note"}:
            yield from (each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant))


def test_every_kind_that_a_reader_remarks_is_explained():
    """Whoever adds a remark to a reader also says what it means, and what to do."""
    (folder,) = readers.__path__
    kinds = {kind for path in Path(folder).parent.rglob("*.py") for kind in kinds_in(path)}
    assert len(kinds) > 20
    assert kinds <= KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_findings_are_sentences_of_a_kind(kind):
    """One and many are told apart where English does, no text says what it is for, and advice is a sentence."""
    about = KINDS[kind]
    assert about["one"] != about["many"] or " " not in about["one"] or about["one"].startswith("times as many")
    assert not about["one"].endswith(".")
    assert about["advice"].endswith(".")
    assert about["severity"] in {"error", "warning", "note"}


def test_a_finding_of_a_later_version_is_kept(measured):
    """A profile that a newer annostrat wrote may hold what this one does not know; it is shown all the same."""
    profile = measured([(1, 1, 9, 9)]).profile
    profile.note("back_to_front", 3, [(1, "a.jpg")])
    finding = findings_of(profile)["back_to_front"]
    assert (finding["text"], finding["examples"]) == ("3 back to front", ["a.jpg"])


def test_turned_boxes_that_reach_beyond_the_image_are_no_swapped_format(found):
    """The upright box around a turned one is ours; that it leaves the image says nothing of how boxes are written."""
    value = {"x": 80, "y": 10, "width": 30, "height": 10, "rotation": 60, "rectanglelabels": ["car"]}
    size = {"original_width": 100, "original_height": 100}
    result = {"from_name": "a", "to_name": "b", "type": "rectanglelabels", **size, "value": value}
    tasks = [{"data": {"image": f"{n}.jpg"}, "annotations": [{"result": [result]}]} for n in range(9)]
    assert {"swapped_format", "out_of_bounds"} & found({"tasks.json": json.dumps(tasks)}).keys() == set()


def scenes(label, flags=0, road="road"):
    """Return thirty images of a road with two cars that stand apart on it."""
    cars = [label((10, 55, 30, 75), "car", flags=flags), label((60, 55, 80, 75), "car", flags=flags)]
    return [[label((0, 50, 100, 100), road), *cars] for _ in range(30)]


def test_a_road_does_not_cover_the_cars_on_it(measured, label):
    """A class whose boxes take half of the image is what others stand in; cars that overlap still cover one another."""
    figures = measured(*scenes(label))
    assert figures.coverage.surroundings == ["road"]
    assert figures.estimate("covered_share", "car").value == 0
    assert findings_of(figures.profile)["surroundings"]["examples"] == ["road"]
    crowd = measured(*([label((0, 0, 60, 60), "car"), label((10, 10, 70, 70), "car")] for _ in range(30)))
    assert crowd.coverage.surroundings == []
    assert crowd.estimate("covered_share").value == 1


def test_flags_of_people_outrank_boxes_that_contradict_them(measured, label):
    """Where people flagged half of the objects, that no box covers another is not the answer."""
    flagged = OCCLUSION_STATED | OCCLUDED
    images = [[label((10, 10, 30, 30), flags=flagged if n % 2 else OCCLUSION_STATED)] for n in range(40)]
    answer = answer_all(load_rules(), measured(*images))["occlusion"]
    assert (answer["figure"], answer["value"], answer["lower_bound"]) == ("flag_occluded", 0.5, False)


def test_labels_behind_an_image_are_found_by_their_structure(found):
    """A picture of a hundred kilobytes in front of the first label hides no format."""
    shape = {"label": "cat", "points": [[1, 1], [9, 1], [9, 9], [5, 12]], "shape_type": "polygon"}
    file = {"imageData": "A" * 100_000, "imageHeight": 50, "imagePath": "a.jpg", "imageWidth": 50, "shapes": [shape]}
    assert "rare_class" in found({"a.json": json.dumps(file)})


def test_soft_edges_of_masks_are_no_classes(found):
    """Values between 0 and 200 along the edge of a square come from resizing, and are left out."""
    mask = np.zeros((60, 60), np.uint8)
    mask[20:40, 20:40] = 200
    mask[19, 20:40], mask[40, 20:40], mask[20:40, 19], mask[20:40, 40] = 40, 80, 120, 160
    findings = found({"a.png": mask, "b.png": mask}, format="class_masks")
    assert findings["soft_edges"]["count"] == 2
    assert min(findings["soft_edges"]["examples"]) == "a.png: value 40, 80, 120, 160"


def test_files_of_another_format_are_counted(found, coco):
    """A COCO file among those of LabelMe is not read, and that is said with its name."""
    shape = {"label": "cat", "points": [[1, 1], [9, 1], [9, 9]], "shape_type": "polygon"}
    files = {f"{n}.json": json.dumps({"imagePath": f"{n}.jpg", "shapes": [shape]}) for n in range(25)}
    findings = found({**files, "zz.json": coco([1], [BOX_OF_ONE], ["apple"])}, format="labelme")
    assert place(findings["file_passed_over"]) == (
        "warning",
        "1 file is of another format, and was not read",
        ["zz.json: no shapes"],
    )
