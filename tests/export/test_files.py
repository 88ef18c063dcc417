"""What stands in the file of each tool, for a small project that can be checked by eye."""

import json
from xml.etree import ElementTree as ET

import pytest
import yaml
from tests.export.projects import ANSWERS, PIG, STREET, of, project

from annostrat.export import coco, cvat, label_studio, labelme, yolo
from annostrat.use_cases.use_case import UseCase

MIXED = UseCase("Street", ANSWERS["instance_segmentation"], classes=STREET)


def controls(made):
    """Return the controls of a Label Studio configuration that have labels, with their options."""
    root = ET.fromstring(label_studio.export(made))  # noqa: S314 - we wrote it
    return [(one.tag, dict(one.attrib), [dict(item.attrib) for item in one]) for one in root if len(one)]


@pytest.mark.parametrize(
    ("strategy", "tag", "options"),
    [
        ("image_classification", "Choices", {"choice": "multiple"}),
        ("object_detection", "RectangleLabels", {"canRotate": "false"}),
        ("oriented_boxes", "RectangleLabels", {"canRotate": "true"}),
        ("points", "KeyPointLabels", {}),
        ("polyline", "VectorLabels", {"closable": "false", "minPoints": "2"}),
        ("instance_segmentation", "PolygonLabels", {}),
        ("semantic_segmentation", "BrushLabels", {}),
        ("panoptic_segmentation", "BrushLabels", {}),
    ],
)
def test_label_studio_offers_what_the_strategy_draws(strategy, tag, options):
    """Boxes are drawn with rectangles, turned ones with rectangles that turn, outlines with polygons, and so on."""
    found, given, labels = controls(project(strategy, ["head", "soil"]))[0]
    assert found == tag
    assert options.items() <= given.items()
    assert given["toName"] == "image"
    assert [(label["value"], label["hotkey"]) for label in labels] == [("head", "1"), ("soil", "2")]


def test_label_studio_sets_points_inside_a_box():
    """For keypoints there is a box for each object, and a label for each named point."""
    (box, _, objects), (dots, _, points) = controls(project("keypoints", ["pig"], keypoints=PIG))[:2]
    assert (box, dots) == ("RectangleLabels", "KeyPointLabels")
    assert [one["value"] for one in objects] == ["pig"]
    assert [one["value"] for one in points] == ["snout", "left_ear", "right_ear", "tail"]


def test_label_studio_names_the_class_of_a_point_where_several_have_points():
    """Two classes with points of the same name keep them apart."""
    both = project("keypoints", ["pig", "cow"], keypoints=dict.fromkeys(("pig", "cow"), PIG["pig"]))
    values = [one["value"] for one in controls(both)[1][2]]
    assert values[0] == "pig: snout"
    assert values[4] == "cow: snout"


def test_label_studio_gives_each_class_its_own_control():
    """A surface is painted and an object boxed; what is noted of objects is asked for them alone."""
    case = UseCase("Tray", ANSWERS["object_detection"], classes={"moss": {"purpose": "map_surfaces"}, "seedling": {}})
    found = controls(of(case, "object_detection", "semantic_segmentation"))
    assert [(tag, options["name"]) for tag, options, _ in found] == [
        ("RectangleLabels", "object_detection"),
        ("Choices", "occluded"),
        ("Choices", "truncated"),
        ("Choices", "crowd"),
        ("BrushLabels", "semantic_segmentation"),
    ]
    asked = found[1][1]
    assert (asked["perRegion"], asked["whenTagName"]) == ("true", "object_detection")


def test_label_studio_draws_surfaces_and_objects_with_the_label_that_combines_them():
    """Road and car are painted with one control, as `recommend` says; only the car is asked what hides it."""
    painted, hidden, *_ = controls(of(MIXED, "panoptic_segmentation"))
    assert (painted[0], [one["value"] for one in painted[2]]) == ("BrushLabels", ["road", "car"])
    assert (hidden[1]["whenTagName"], hidden[1]["whenLabelValue"]) == ("panoptic_segmentation", "car")


def test_label_studio_has_no_key_for_the_thirty_fourth_class():
    """Keys run out after digits and letters; the rest is clicked."""
    labels = controls(project("object_detection", [f"c{number}" for number in range(40)]))[0][2]
    keys = [label.get("hotkey") for label in labels]
    assert keys[:11] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "q"]
    assert keys[33:] == [None] * 7
    assert len(set(keys[:33])) == 33


def test_cvat_has_types_and_attributes():
    """Where one label combines them, a surface is a mask, and an object a mask with what is noted of it."""
    road, car = json.loads(cvat.export(of(MIXED, "panoptic_segmentation")))
    assert (road["type"], road["attributes"]) == ("mask", [])
    assert car["type"] == "mask"
    assert [(one["name"], one["input_type"], one["values"]) for one in car["attributes"]] == [
        ("occluded", "select", ["no", "partly", "mostly"]),
        ("truncated", "checkbox", ["false"]),
        ("crowd", "checkbox", ["false"]),
    ]


def test_cvat_draws_a_skeleton():
    """A skeleton has a sublabel for each point, and a drawing in which points and lines name each other."""
    (pig,) = json.loads(cvat.export(project("keypoints", ["pig"], keypoints=PIG)))
    assert [one["name"] for one in pig["sublabels"]] == PIG["pig"]["points"]
    drawing = ET.fromstring(f"<svg>{pig['svg']}</svg>")  # noqa: S314 - we wrote it
    assert [one.get("data-label-name") for one in drawing.iter("circle")] == PIG["pig"]["points"]
    assert [(one.get("data-node-from"), one.get("data-node-to")) for one in drawing.iter("line")] == [("1", "2")]


def test_coco_numbers_categories_from_one_and_skeletons_too():
    """COCO counts from 1, both categories and the points that a line joins."""
    found = json.loads(coco.export(project("keypoints", ["pig"], keypoints=PIG)))
    assert found["categories"] == [
        {
            "id": 1,
            "name": "pig",
            "supercategory": "object",
            "keypoints": ["snout", "left_ear", "right_ear", "tail"],
            "skeleton": [[1, 2]],
        }
    ]
    assert (found["images"], found["annotations"]) == ([], [])


def test_coco_says_which_category_is_a_thing():
    """In a panoptic data set a road is a surface and a car a thing, each with its colour."""
    road, car = json.loads(coco.export(of(MIXED, "panoptic_segmentation")))["categories"]
    assert (road["isthing"], road["supercategory"]) == (0, "surface")
    assert (car["isthing"], car["supercategory"]) == (1, "object")
    assert len(car["color"]) == 3


def test_yolo_is_the_task_of_the_strategy():
    """The file says how to train, and lists the classes from 0."""
    written = yolo.export(project("oriented_boxes", ["ship", "harbour"]))
    assert "# Train with: yolo obb train data=data.yaml\n" in written
    assert yaml.safe_load(written) == {
        "train": "images/train",
        "val": "images/val",
        "names": {0: "ship", 1: "harbour"},
    }


def test_yolo_knows_left_from_right_in_a_mirror():
    """A mirror changes left and right points over, and leaves the others."""
    found = yaml.safe_load(yolo.export(project("keypoints", ["pig"], keypoints=PIG)))
    assert found["kpt_shape"] == [4, 3]
    assert found["flip_idx"] == [0, 2, 1, 3]
    assert found["kpt_names"] == {0: ["snout", "left_ear", "right_ear", "tail"]}


def test_yolo_shares_the_number_of_points():
    """Classes of one data set have as many points as the one with most; without common names there is no mirror."""
    found = yaml.safe_load(yolo.export(project("keypoints", ["pig", "person"], keypoints=PIG)))
    assert found["kpt_shape"] == [17, 3]
    assert "flip_idx" not in found


@pytest.mark.parametrize(
    ("points", "mirror"),
    [
        (["nose", "left_eye", "right_eye"], [0, 2, 1]),
        (["left", "right"], [1, 0]),
        (["eye.left", "eye.right"], [1, 0]),
        (["left_eye", "tail"], [0, 1]),
        (["leftover", "rightover"], [0, 1]),
    ],
)
def test_mirror_changes_only_pairs(points, mirror):
    """A point without a partner stays; a word that merely begins with left is no side."""
    assert yolo.mirrored(tuple(points)) == mirror


def test_yolo_semantic_names_the_folder_of_masks():
    """Maps of classes are masks in a folder beside the images."""
    assert yaml.safe_load(yolo.export(project("semantic_segmentation", ["road"])))["masks_dir"] == "masks"


def test_labelme_offers_labels_and_flags():
    """Labels are closed and coloured, and what is noted of an object is a flag of its label, taken literally."""
    found = yaml.safe_load(labelme.export(project("object_detection", ["c++ (old)"])))
    assert found["labels"] == ["c++ (old)"]
    assert found["validate_label"] == "exact"
    assert found["label_flags"] == {r"^c\+\+\ \(old\)$": ["occluded_partly", "occluded_mostly", "truncated", "crowd"]}


def test_labelme_tags_images_with_flags():
    """Tags of whole images are flags, and nothing is drawn."""
    found = yaml.safe_load(labelme.export(project("image_classification", ["ripe", "green"])))
    assert found == {"flags": ["ripe", "green"]}


@pytest.mark.parametrize("module", [yolo, labelme])
def test_yaml_files_name_their_schema(module):
    """An editor finds the schema of the file in its first line."""
    first = module.export(project("object_detection")).splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=file:///")
    assert first.endswith(("/rules/schemas/yolo_data.json", "/rules/schemas/labelme_config.json"))


def test_points_come_beside_outlines_where_both_are_wanted():
    """Where outlines and named points are wanted, a class has both, in every tool that holds them."""
    answers = {**ANSWERS["instance_segmentation"], "purpose": "measure_objects+read_pose"}
    case = UseCase("Pigs", answers, classes={"pig": {}}, keypoints=PIG)
    made = of(case, "instance_segmentation", "keypoints")
    assert [tag for tag, _, _ in controls(made)][:2] == ["PolygonLabels", "KeyPointLabels"]
    assert [(one["name"], one["type"]) for one in json.loads(cvat.export(made))] == [
        ("pig", "polygon"),
        ("pig points", "skeleton"),
    ]
    assert yaml.safe_load(labelme.export(made))["labels"] == ["pig", "snout", "left_ear", "right_ear", "tail"]
    assert json.loads(coco.export(made))["categories"][0]["keypoints"] == PIG["pig"]["points"]


@pytest.mark.parametrize(
    ("other", "tool", "drawn", "found"),
    [
        ("trace_lines", cvat, ("object_detection", "polyline"), [("crack", "any"), ("pothole", "rectangle")]),
        ("map_surfaces", coco, ("object_detection", "semantic_segmentation"), [("crack", 1), ("pothole", 1)]),
    ],
)
def test_a_class_with_several_labels_stands_once(other, tool, drawn, found):
    """Tools know a class by its name: CVAT lets such a class take any shape, COCO has one category of it."""
    boxes = {"purpose": "find_objects", "orientation_matters": "no", "count_matters": "yes"}
    classes = {"crack": {"purpose": f"find_objects+{other}"}, "pothole": {}}
    made = json.loads(tool.export(of(UseCase("Cracks", boxes, classes=classes), *drawn)))
    entries = made if tool is cvat else made["categories"]
    assert [(one["name"], one["type" if tool is cvat else "isthing"]) for one in entries] == found
