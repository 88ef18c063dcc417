"""Figures between annotators, by hand: F-measure, alpha, IoU, and their intervals."""

import numpy as np
import pytest

from annostrat.measure.agreement.figures import alpha
from annostrat.measure.agreement.units import Units


def units(*values):
    """Return units with the classes that annotators gave, by letter; a dot is nothing."""
    names = sorted({letter for value in values for letter in value} - {"."})
    classes = np.array([[names.index(letter) if letter in names else -1 for letter in value] for value in values])
    nothing = np.full((*classes.shape, 4), np.nan)
    return Units(np.arange(len(values)), classes, nothing, classes, names)


def figure(found, id_):
    return next(one for one in found["figures"] if one["id"] == id_)


def test_alpha_is_that_of_krippendorff():
    """His example of four observers and twelve units, some of them missing: 0.743 for names."""
    observers = ("123321412...", "123322412 5.3".replace(" ", ""), ".33323422 51.".replace(" ", ""))
    observers = (*observers, "12332441251.")
    values = ["".join(given) for given in zip(*observers, strict=True)]
    assert alpha(units(*values)).value == pytest.approx(0.743, abs=0.0005)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["cc", "cc", "vv", "cv"], 1 - 7 * 2 / (64 - 25 - 9)),
        (["cc", "vv"], 1),
        (["cv", "vc"], 1 - 3 * 4 / (16 - 8)),
        (["cc", "vv", "c.", ".v", "v."], 1),
        (["cc", "cc"], None),
        (["c.", ".v"], None),
    ],
)
def test_alpha_by_hand(values, expected):
    """What somebody left out is a missing value; with one class alone there is nothing beyond chance."""
    found = alpha(units(*values)).value
    assert found == (None if expected is None else pytest.approx(expected))


def test_alpha_has_an_interval_from_twenty_images_on():
    """Equal images: the interval is narrow, and holds the figure; nineteen are too few."""
    many = alpha(units(*["cc", "vv", "cc", "cv"] * 10))
    assert -1 < many.low < many.value < many.high < 1
    assert alpha(units(*["cc"] * 18, "cv")).low is None


def test_agreement_is_the_f_measure(compared, label):
    """Of five labels two are of one object and class; a pair of different classes counts for the place alone."""
    anna = [[label((0, 0, 10, 10), "car"), label((50, 50, 60, 60), "car"), label((80, 80, 90, 90), "van")]]
    ben = [[label((0, 0, 10, 8), "car"), label((50, 50, 60, 60), "van")]]
    found = compared(anna, ben)
    assert (found["images"], found["objects"], found["agreed"]) == (1, 3, 1)
    assert figure(found, "agreement")["value"] == pytest.approx(2 * 1 / 5)
    assert figure(found, "located")["value"] == pytest.approx(2 * 2 / 5)
    assert figure(found, "class_agreement")["value"] == pytest.approx(1 / 2)
    assert figure(found, "box_iou")["value"] == pytest.approx((0.8 + 1) / 2)
    assert figure(found, "agreement")["low"] is None
    assert [(one["objects"], one["left_out"], one["alone"]) for one in found["sets"]] == [(3, 0, 1), (2, 1, 0)]
    by_class = {one["name"]: (one["labels"], one["shared"], one["figures"][0]["value"]) for one in found["classes"]}
    assert by_class == {"car": ([2, 1], 1, pytest.approx(2 / 3)), "van": ([1, 1], 0, 0.0)}
    assert found["confusions"] == [{"classes": ["car", "van"], "count": 1, "examples": ["0.jpg"]}]


def test_of_three_annotators_every_pair_counts(compared, label):
    """One object that all three found, one that two found: 3 + 1 pairs of 5 labels, each in two pairs of people."""
    both = [label((0, 0, 10, 10), "car"), label((50, 50, 60, 60), "car")]
    found = compared([both], [both], [both[:1]])
    assert figure(found, "agreement")["value"] == pytest.approx(2 * 4 / (2 * 5))
    assert [one["left_out"] for one in found["sets"]] == [0, 0, 1]


def test_crossing_objects_are_told_apart_by_their_outlines(compared, label):
    """Two diagonals with one box: the outlines say which is which, whatever the order."""
    rising = label(outline=([(0, 90), (10, 100), (100, 10), (90, 0)],), name="rising")
    falling = label(outline=([(0, 10), (10, 0), (100, 90), (90, 100)],), name="falling")
    found = compared([[rising, falling]], [[falling, rising]])
    assert found["agreed"] == 2
    assert figure(found, "outline_iou")["value"] == pytest.approx(1)
    assert figure(found, "box_iou")["value"] == pytest.approx(1)


def test_equal_boxes_are_told_apart_by_their_classes(compared, label):
    """A rider on one horse: equal boxes of two classes are no confusion."""
    horse, rider = label((10, 10, 30, 30), "horse"), label((10, 10, 30, 30), "rider")
    assert compared([[horse, rider]], [[rider, horse]])["agreed"] == 2


def test_a_mask_is_compared_with_an_outline(compared, label):
    """A square of pixels and the same square as a polygon are equal; with half of it they share a half."""
    pixels = np.zeros((100, 100), bool)
    pixels[20:40, 20:40] = True
    whole = [[label(outline=([(20, 20), (40, 20), (40, 40), (20, 40)],))]]
    half = [[label(outline=([(20, 20), (40, 20), (40, 30), (20, 30)],))]]
    masked = [[label(mask=pixels)]]
    assert figure(compared(masked, whole), "outline_iou")["value"] == pytest.approx(1)
    assert figure(compared(half, masked), "outline_iou")["value"] == pytest.approx(0.5)


def test_maps_of_classes_are_compared_by_pixels(compared, label):
    """Of the 100 pixels that both labelled, 70 have the same class."""
    from annostrat.annotations import STUFF

    def region(name, rows):
        pixels = np.zeros((20, 10), bool)
        pixels[rows] = True
        return label(mask=pixels, name=name, flags=STUFF)

    anna = [[region("road", slice(0, 5)), region("sky", slice(5, 10))]]
    ben = [[region("road", slice(0, 4)), region("sky", slice(5, 8)), region("tree", [4, *range(8, 10)])]]
    found = compared(anna, ben)
    assert figure(found, "pixel_agreement")["value"] == pytest.approx(70 / 100)
    assert [one["not_compared"] for one in found["sets"]] == [0, 0]
    assert found["published"][0]["verdict"] == "below"


def test_intervals_take_images_as_clusters(compared, label):
    """Thirty images, in ten of which one object of two is left out: the interval is around 0.9, and within 0 and 1."""
    two = [label((0, 0, 10, 10)), label((50, 50, 60, 60))]
    found = compared([two] * 30, [two] * 20 + [two[:1]] * 10)
    one = figure(found, "agreement")
    assert one["value"] == pytest.approx(2 * 50 / 110)
    assert 0.8 < one["low"] < one["value"] < one["high"] < 1
    assert (one["images"], one["count"]) == (30, 110)
