"""Label Studio, CVAT, COCO and LabelMe take what `scaffold` writes: each is asked through its own library."""

import json

import pytest
from tests.export.projects import ANSWERS, AWKWARD, PIG, STREET, of, project

from annostrat.export import coco, cvat, label_studio, labelme
from annostrat.use_cases.use_case import UseCase

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]
EVERY = [*ANSWERS, "mixed"]
BRUSH = {"format": "rle", "rle": [0, 1, 2], "brushlabels": ["head"]}
BOX = {"x": 10, "y": 10, "width": 20, "height": 5, "rotation": 30}
REGIONS = {
    "image_classification": ("choices", {"choices": ["head"]}),
    "object_detection": ("rectanglelabels", {**BOX, "rotation": 0, "rectanglelabels": ["head"]}),
    "oriented_boxes": ("rectanglelabels", {**BOX, "rectanglelabels": ["head"]}),
    "keypoints": ("keypointlabels", {"x": 10, "y": 10, "width": 1, "keypointlabels": ["point_1"]}),
    "points": ("keypointlabels", {"x": 10, "y": 10, "width": 1, "keypointlabels": ["head"]}),
    "instance_segmentation": ("polygonlabels", {"points": [[1, 1], [9, 1], [9, 9]], "polygonlabels": ["head"]}),
    "semantic_segmentation": ("brushlabels", BRUSH),
    "panoptic_segmentation": ("brushlabels", BRUSH),
}


def made(name, names=AWKWARD):
    """Return the project of a strategy, or one of a street whose classes need different labels."""
    if name == "mixed":
        return of(UseCase("Street", ANSWERS["instance_segmentation"], classes=STREET), "panoptic_segmentation")
    return project(name, names, keypoints=PIG if "pig" in names else {})


@pytest.mark.parametrize("name", EVERY)
def test_label_studio_takes_the_configuration(tool, name):
    """Label Studio's library parses and validates the configuration, and finds each class in it as it is named."""
    interface = tool("label_studio_sdk.label_interface").LabelInterface(label_studio.export(made(name)))
    interface.validate()
    labels = [label for control in interface.controls for label in control.labels]
    assert [label.name for label in made(name).labels if label.name not in labels] == []


@pytest.mark.parametrize("name", EVERY)
def test_label_studio_takes_a_task_and_an_annotation(tool, name):
    """A task with an image, and an annotation that Label Studio makes up for the configuration, are valid."""
    interface = tool("label_studio_sdk.label_interface").LabelInterface(label_studio.export(made(name)))
    assert interface.validate_task({"data": {"image": "https://example.org/1.jpg"}})
    assert interface.validate_annotation(interface.generate_sample_annotation())


@pytest.mark.parametrize("name", REGIONS)
def test_label_studio_takes_the_label_of_the_strategy(tool, name):
    """A region of the strategy's kind, with our class, is valid; one with a class that there is not is none."""
    interface = tool("label_studio_sdk.label_interface").LabelInterface(label_studio.export(made(name, ["head"])))
    kind, value = REGIONS[name]
    control = "named_points" if name == "keypoints" else name
    region = {"id": "a", "from_name": control, "to_name": "image", "type": kind, "value": value}
    assert interface.validate_annotation({"result": [region]})
    wrong = {**region, "value": {**value, kind: ["nobody"]}}
    assert not interface.validate_annotation({"result": [wrong]})


@pytest.mark.parametrize("name", EVERY)
def test_cvat_takes_the_labels(tool, name):
    """CVAT's models accept the labels of a new project, with their types and the attributes' inputs."""
    models = tool("cvat_sdk.models")
    entries = json.loads(cvat.export(made(name)))
    labels = [models.PatchedLabelRequest._from_openapi_data(**one, _spec_property_naming=True) for one in entries]  # noqa: SLF001 - how the client itself reads JSON
    wanted = models.ProjectWriteRequest(name="A project", labels=labels)
    assert [label.name for label in wanted.labels] == [one["name"] for one in entries]
    assert {str(models.LabelType(one["type"])) for one in entries} == {one["type"] for one in entries}


def test_cvat_takes_a_skeleton(tool):
    """A skeleton's points arrive as its sublabels."""
    models = tool("cvat_sdk.models")
    (entry,) = json.loads(cvat.export(made("keypoints", ["pig"])))
    label = models.PatchedLabelRequest._from_openapi_data(**entry, _spec_property_naming=True)  # noqa: SLF001 - as above
    assert [one.name for one in label.sublabels] == PIG["pig"]["points"]


def test_cvat_refuses_what_we_refuse(tool):
    """A name of 64 characters is the longest that CVAT takes, as we say."""
    models = tool("cvat_sdk.models")
    models.PatchedLabelRequest(name="h" * cvat.PLUGIN.longest_name)
    with pytest.raises(Exception, match="length must be less than or equal to `64`"):
        models.PatchedLabelRequest(name="h" * (cvat.PLUGIN.longest_name + 1))


@pytest.mark.parametrize("name", sorted(coco.PLUGIN.expresses))
def test_pycocotools_loads_the_data_set(tool, name, tmp_path):
    """Pycocotools loads the file and finds every category by its name."""
    path = tmp_path / "categories.json"
    path.write_text(coco.export(made(name)), "utf-8")
    found = tool("pycocotools.coco").COCO(str(path))
    assert [one["name"] for one in found.loadCats(found.getCatIds())] == AWKWARD
    assert found.getCatIds(catNms=["car & <van>"]) == [AWKWARD.index("car & <van>") + 1]


def test_pycocotools_evaluates_points_of_the_skeleton(tool, tmp_path):
    """With an image and a pose the file is a data set on which pycocotools measures keypoints."""
    data = json.loads(coco.export(project("keypoints", ["person"])))
    joints = len(data["categories"][0]["keypoints"])
    assert max(point for line in data["categories"][0]["skeleton"] for point in line) == joints == 17
    pose = {
        "id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 100, "bbox": [0, 0, 10, 10],
        "keypoints": [5, 5, 2] * joints, "num_keypoints": joints,
    }  # fmt: skip
    data |= {"images": [{"id": 1, "width": 20, "height": 20, "file_name": "1.jpg"}], "annotations": [pose]}
    path = tmp_path / "poses.json"
    path.write_text(json.dumps(data), "utf-8")
    truth = tool("pycocotools.coco").COCO(str(path))
    evaluation = tool("pycocotools.cocoeval").COCOeval(truth, truth.loadRes([pose | {"score": 1.0}]), "keypoints")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1)


@pytest.mark.parametrize("name", EVERY)
def test_labelme_loads_the_configuration(tool, name, tmp_path):
    """LabelMe's own reader accepts the file: every key is one of its settings, and labels are closed."""
    path = tmp_path / "labelme.yaml"
    path.write_text(labelme.export(made(name)), "utf-8")
    config = tool("labelme.config").load_config(path, {})
    listed = config["flags"] if name == "image_classification" else config["labels"]
    assert [label.name for label in made(name).labels if label.name not in listed] == []


def test_labelme_applies_flags_to_the_class_alone(tool, tmp_path):
    """LabelMe takes the keys of `label_flags` for regular expressions; ours fit their own class and no other."""
    import re

    path = tmp_path / "labelme.yaml"
    path.write_text(labelme.export(made("object_detection")), "utf-8")
    flags = tool("labelme.config").load_config(path, {})["label_flags"]
    assert [[name for name in AWKWARD if re.match(key, name)] for key in flags] == [[name] for name in AWKWARD]
