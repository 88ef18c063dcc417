"""Whether there are enough labels, for the answers and for training."""

import pytest

from annostrat.measure.measurement import measurement
from annostrat.render.sections.measured_answers import enough


def found(figures, rules):
    return measurement(figures.profile, rules, "labels", "labels")["enough"]


def apples(label, images, count, name="apple"):
    return [[label((10 * n, 10, 10 * n + 8, 18), name) for n in range(count)]] * images


def test_more_images_follow_from_the_rate_so_far(measured, label, rules):
    """Four apples an image in 50 images: for 1,000 of them, 200 images more."""
    one = found(measured(*apples(label, 50, 4)), rules)
    assert one["labels"] == 1_000
    assert one["classes"] == [{"name": "apple", "objects": 200, "more_images": 200}]
    assert one["sources"] == ["google-automl-data"]


def test_numbers_of_images_are_round(measured, label, rules):
    """970 objects are missing at 30 in 10 images: 323.3 images are 330."""
    one = found(measured(*apples(label, 10, 3)), rules)
    assert one["classes"] == [{"name": "apple", "objects": 30, "more_images": 330}]


def test_a_rare_class_has_no_rate(measured, label, rules):
    """Nine pears say nothing of how often images show one; a class with enough needs no more."""
    images = apples(label, 200, 6) + apples(label, 9, 1, "pear")
    one = found(measured(*images), rules)
    assert [(each["name"], each["more_images"]) for each in one["classes"]] == [("pear", None), ("apple", 0)]
    told = enough(one).parts
    assert told[1].text.startswith("1 of 2 classes have 1,000 objects. Google recommends")
    assert told[2].rows == [["pear", "9", "too few objects to tell"]]


@pytest.mark.parametrize(("images", "said"), [(60, "yes, they are settled."), (19, "would settle all of them.")])
def test_answers_need_more_images_while_they_are_open(measured, label, rules, images, said):
    """Apart from one another in sixty images: occlusion is low for sure; nineteen give no interval."""
    parts = enough(found(measured(*apples(label, images, 4)), rules)).parts
    assert parts[0].text.endswith(said)


def test_maps_of_classes_have_no_objects_to_count(measured, rules):
    """Without a single object nothing is said."""
    assert found(measured([]), rules) is None
    assert enough(None).parts == []
