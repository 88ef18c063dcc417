"""How often keypoints are hidden, from COCO's files to the figures."""

import json

import numpy as np
import pytest

from annostrat.annotations.keypoints import visibility_of
from annostrat.measure.figures import Figures
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path


def person(image, *visibility, **changed):
    keypoints = [number for each in visibility for number in (5, 6, each)]
    return {"image_id": image, "category_id": 1, "bbox": [10, 10, 50, 50], "keypoints": keypoints, **changed}


@pytest.fixture
def figures(tmp_path):
    """Measure COCO labels of people with a nose, and of more keypoints without a name."""

    def measure(*labels):
        images = [{"id": number, "file_name": f"{number}.jpg", "width": 100, "height": 100} for number in range(40)]
        classes = [{"id": 1, "name": "person", "keypoints": ["nose"]}, {"id": 2, "name": "dog"}]
        annotations = [{"id": number, **label} for number, label in enumerate(labels, 1)]
        path = tmp_path / "a.json"
        path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": classes}))
        return Figures(measure_path(str(path), jobs=1).profile)

    return measure


def hidden(figures, name=""):
    found = figures.estimate(f"hidden_keypoints{name}", "person")
    return found.value, found.objects


def test_bits_say_which_keypoints_are_labelled_and_which_hidden():
    """0 is not labelled, 1 hidden and 2 in sight; anything else is nothing, and from the 65th on none counts."""
    assert visibility_of([2, 0, 1]) == (0b101, 0b100)
    assert visibility_of([3, float("nan"), -1, 0.5]) == (0, 0)
    assert visibility_of([1] * 70) == (2**64 - 1, 2**64 - 1)


def test_share_of_hidden_keypoints_is_that_of_the_labelled_ones(figures):
    """What is not labelled counts nowhere; an object counts as much as another one, however many points it has."""
    found = figures(person(0, 1, 2), person(1, 2, 0), person(2, 0, 0), {**person(3), "category_id": 2})
    assert hidden(found) == (0.25, 2)
    assert hidden(found, ":nose") == (0.5, 2)
    assert hidden(found, ":keypoint 2") == (0, 1)
    assert found.estimate("hidden_keypoints", "dog").value is None


def test_unusual_label_among_others_changes_nothing(figures):
    """A file that must be read label by label gives the same figures, and keypoints that are none are told."""
    unusual = person(4, 1, area="x", bbox=["1", "2", "30", "40"])
    found = figures(person(0, 1, 2), person(1, 2, 0), unusual, person(5, keypoints=[1, 2]), person(6, keypoints="x"))
    assert hidden(found, ":nose") == (pytest.approx(2 / 3, abs=1e-4), 3)
    assert found.profile.found["bad_value"].count == 2


def test_labels_without_keypoints_have_no_such_figure(figures):
    """Where a file has none, nothing is said of them."""
    found = figures({"image_id": 0, "category_id": 2, "bbox": [1, 1, 5, 5]})
    assert not [figure for figure, _ in found.profile.sums if figure.startswith("hidden")]


def test_report_lists_the_keypoints_of_a_class_by_how_often_they_are_hidden(figures, rules):
    """With twenty images or more, each has its interval."""
    some = np.arange(40) % 4
    found = figures(*(person(number, 1 + (each > 0), 2, int(each == 0)) for number, each in enumerate(some.tolist())))
    shown = measurement(found.profile, rules, "people", "a.json")["keypoints"]
    assert [(each["of_class"], each["name"], each["value"], each["objects"]) for each in shown] == [
        ("person", "keypoint 3", 1, 10),
        ("person", "nose", 0.25, 40),
        ("person", "keypoint 2", 0, 40),
    ]
    assert [each["low"] is not None for each in shown] == [False, True, True]
