"""Whether there are enough labels, for the answers and for training."""

import pytest

from annostrat.measure.measurement import measurement
from annostrat.render.sections.measured_answers import enough


def document(figures, rules):
    return measurement(figures.profile, rules, "labels", "labels")


def apples(label, images, count, name="apple"):
    return [[label((10 * n, 10, 10 * n + 8, 18), name) for n in range(count)]] * images


def test_more_images_follow_from_the_rate_so_far(measured, label, rules):
    """Four apples an image in 50 images: for 1,000 of them, 200 images more."""
    one = document(measured(*apples(label, 50, 4)), rules)["enough"]
    assert one["labels"] == 1_000
    assert one["classes"] == [{"name": "apple", "objects": 200, "more_images": 200}]
    assert one["sources"] == ["google-automl-data"]


def test_numbers_of_images_are_round(measured, label, rules):
    """970 objects are missing at 30 in 10 images: 323.3 images are 330."""
    one = document(measured(*apples(label, 10, 3)), rules)["enough"]
    assert one["classes"] == [{"name": "apple", "objects": 30, "more_images": 330}]


def test_a_rare_class_has_no_rate(measured, label, rules):
    """Nine pears say nothing of how often images show one; a class with enough needs no more."""
    images = apples(label, 200, 6) + apples(label, 9, 1, "pear")
    one = document(measured(*images), rules)
    amounts = [(each["name"], each["more_images"]) for each in one["enough"]["classes"]]
    assert amounts == [("pear", None), ("apple", 0)]
    told = enough(one, rules).parts
    assert told[1].text.startswith("1 of 2 classes have 1,000 objects. Google recommends")
    assert told[2].rows == [["pear", "9", "too few objects to tell"]]


@pytest.mark.parametrize(
    ("images", "text"), [(60, "yes, the others are settled."), (19, "about 1 more image would settle the others.")]
)
def test_answers_need_more_images_while_they_are_open(measured, label, rules, images, text):
    """Boxes apart in sixty images: occlusion is low for sure, nineteen give no interval; none tell shapes."""
    never = "Such labels do not tell shape variance, however many there are."
    parts = enough(document(measured(*apples(label, images, 4)), rules), rules).parts
    assert parts[0].text == f"{text} {never}"


def test_answers_that_no_label_tells_ask_for_no_more_images(measured, label, rules):
    """Where labels of this kind answer nothing, more of them are not asked for, nor called settled."""
    one = document(measured(*apples(label, 60, 4)), rules)
    one["answers"] = {"shape_variance": one["answers"]["shape_variance"]}
    text = "such labels do not tell shape variance, however many there are."
    assert enough(one, rules).parts[0].text == text
    one["answers"]["shape_variance"] |= {"answer": "low", "figure": "iou"}
    assert enough(one, rules).parts[0].text == "yes, they are settled."


def test_maps_of_classes_have_no_objects_to_count(measured, rules):
    """Without a single object nothing is said."""
    one = document(measured([]), rules)
    assert one["enough"] is None
    assert enough(one, rules).parts == []
