"""Hours, money and weeks, checked against sums done by hand from the published figures in rules/effort.yaml."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.effort import estimate
from annostrat.engine import Recommender
from annostrat.knowledge.loader import load_rules
from annostrat.renderers import terminal
from annostrat.renderers._base import Page
from annostrat.use_case import UseCase

RULES = load_rules("extended")


def whole(strategies, images=1000, objects=10, answers=None, **settings_):
    """Return the estimate of a project of 1,000 images with ten objects each, if nothing else is said."""
    case = UseCase("A project", answers or {}, images=images, objects_per_image=objects, effort=settings_)
    return estimate(RULES, case, list(strategies))


def line(strategy, *others, **counts):
    """Return what one strategy takes, as the recommended one."""
    return whole([strategy, *others], **counts)["strategies"][0]


def interval(low, typical, high):
    """Return an interval, each end within half a cent or a hundredth of an hour."""
    return pytest.approx({"low": low, "typical": typical, "high": high}, abs=0.0051)


def test_effort_counts_objects_where_each_object_gets_a_label():
    """10,000 boxes at 7, 12.5 and 34.5 seconds, with 19, 45 and 70 per cent of checking on top."""
    found = line("object_detection")
    assert (found["unit"], found["units"]) == ("object", 10_000)
    assert found["seconds"] == {"low": 7, "typical": 12.5, "high": 34.5}
    assert found["hours"] == interval(23.14, 50.35, 162.92)


def test_effort_counts_images_where_the_whole_image_gets_a_label():
    """100 class maps at 239.7 and 1,140 seconds and checking, or at 5,400 seconds, which include it."""
    found = line("semantic_segmentation", images=100)
    assert (found["unit"], found["units"]) == ("image", 100)
    assert found["hours"] == interval(7.92, 45.92, 150)


def test_effort_counts_classes_where_each_class_is_a_question():
    """1,000 images with four classes are 4,000 questions at 0.3, 1 and 1.6 seconds."""
    found = line("image_classification", classes=4)
    assert (found["unit"], found["units"]) == ("class", 4000)
    assert found["hours"] == interval(0.40, 1.61, 3.02)


def test_effort_takes_the_classes_that_the_use_case_names():
    """Three named classes are three questions for each image."""
    case = UseCase("A", {}, images=10, classes={"a": {}, "b": {}, "c": {}})
    assert estimate(RULES, case, ["image_classification"])["strategies"][0]["units"] == 30


def test_effort_without_images_is_none():
    """Nothing is estimated where the use case does not say how many images there are."""
    assert whole(["object_detection"], images=None) is None


def test_effort_without_objects_is_known_only_where_images_count():
    """Class maps need no object count; boxes do, and say so by an empty estimate."""
    maps, boxes = whole(["semantic_segmentation", "object_detection"], objects=None)["strategies"]
    assert maps["hours"]["typical"] == pytest.approx(459.17, abs=0.01)
    assert (boxes["units"], boxes["hours"], boxes["weeks"], boxes["money"]) == (None, None, None, None)


def test_effort_with_no_objects_at_all_costs_nothing():
    """Images without objects need no boxes."""
    assert line("object_detection", objects=0)["hours"] == interval(0, 0, 0)


def test_effort_takes_the_share_of_checking_that_is_given():
    """With half of the labelling time for checking, all three ends get half on top."""
    found = whole(["object_detection"], qa_share=0.5)
    assert found["qa_share"] == {"low": 0.5, "typical": 0.5, "high": 0.5}
    assert found["strategies"][0]["hours"] == interval(29.17, 52.08, 143.75)


def test_effort_takes_the_published_share_of_checking_otherwise():
    """Published shares of checking are 19, 45 and 70 per cent, with their source."""
    found = whole(["object_detection"])
    assert found["qa_share"] == {"low": 0.19, "typical": 0.45, "high": 0.7}
    assert {"su-2012", "vistas-2017", "open-images-v4"} <= found["references"].keys()


def test_effort_without_checking_is_the_labelling_alone():
    """A share of nothing leaves the hands-on time."""
    assert line("object_detection", qa_share=0)["hours"] == interval(19.44, 34.72, 95.83)


def test_effort_does_not_count_checking_twice():
    """The 90 minutes of a dense street scene include its checking, whatever share is given."""
    assert line("semantic_segmentation", images=100, qa_share=0)["hours"]["high"] == 150
    assert line("semantic_segmentation", images=100, qa_share=1)["hours"]["high"] == 150
    assert line("panoptic_segmentation", images=100)["hours"] == interval(37.68, 45.92, 150)


def test_effort_with_very_much_checking_is_still_an_interval():
    """Checking ten times as long as labelling makes the typical time exceed the published high one, which follows."""
    assert line("semantic_segmentation", images=100, qa_share=10)["hours"] == interval(73.24, 348.33, 348.33)


def test_effort_says_what_assistance_would_save():
    """10,000 masks: 319 hours by hand less 160.56, 104.72 or 46.28 hours when correcting what a model draws."""
    found = line("instance_segmentation")
    assert found["hours"] == interval(178.5, 319, 374)
    assert found["hours_saved"] == interval(158.44, 214.28, 272.72)


def test_effort_with_assistance_takes_the_assisted_time():
    """Correcting masks takes 14, 26 and 34 seconds; what is saved stays the same."""
    found = line("instance_segmentation", assistance=True)
    assert found["seconds"] == {"low": 14, "typical": 26, "high": 34}
    assert found["hours"] == interval(46.28, 104.72, 160.56)
    assert found["hours_saved"] == interval(158.44, 214.28, 272.72)


def test_effort_adds_checking_to_assisted_class_maps():
    """The published assisted time of 380 seconds does not include checking, unlike the high one by hand."""
    assert line("semantic_segmentation", images=100, assistance=True)["hours"] == interval(12.56, 15.31, 17.94)


def test_effort_without_published_assistance_is_by_hand():
    """No time for assisted boxes was published, so assistance changes nothing and saves nothing known."""
    found = line("object_detection", assistance=True)
    assert found["hours"] == interval(23.14, 50.35, 162.92)
    assert found["hours_saved"] is None


def test_effort_is_never_saved_below_nothing():
    """Where correcting takes longer than the typical drawing, nothing is saved, rather than less than nothing."""
    assert line("panoptic_segmentation", assistance=True)["hours_saved"]["low"] >= 0


def test_effort_costs_hours_at_the_hourly_rate():
    """At 20 euros an hour, 50.35 hours cost 1,006.94 euros; every alternative is priced alike."""
    found = whole(["object_detection", "instance_segmentation"], hourly_rate=20, currency="EUR")
    assert (found["money_from"], found["currency"]) == ("hourly_rate", "EUR")
    boxes, masks = (entry["money"] for entry in found["strategies"])
    assert boxes == interval(462.78, 1006.94, 3258.33)
    assert masks == interval(3570, 6380, 7480)


def test_effort_of_volunteers_costs_nothing():
    """An hourly rate of nothing is a rate: the money is zero, and does not come from a price list."""
    found = whole(["object_detection"], hourly_rate=0)
    assert found["money_from"] == "hourly_rate"
    assert found["strategies"][0]["money"] == interval(0, 0, 0)


def test_effort_prices_only_the_recommended_label_by_the_unit():
    """A price for a box says nothing of the price of a mask."""
    found = whole(["object_detection", "instance_segmentation"], unit_price=0.05, currency="EUR")
    assert (found["money_from"], found["currency"]) == ("unit_price", "EUR")
    boxes, masks = found["strategies"]
    assert boxes["money"] == interval(500, 500, 500)
    assert masks["money"] is None
    assert masks["hours"] is not None


def test_effort_prices_no_label_by_the_unit_while_undecided():
    """While boxes and masks are both possible, nobody knows what a unit price is the price of."""
    case = UseCase("A", {"count_matters": "yes"}, images=10, objects_per_image=1, effort={"unit_price": 1})
    found = Recommender(load_rules("infographic")).recommend(case)
    assert found.candidates == ["instance_segmentation", "object_detection"]
    assert [entry["money"] for entry in found.own["effort"]["strategies"]] == [None, None]


def test_effort_takes_list_prices_otherwise():
    """10,000 boxes at 4.9 to 6.3 US cents; the middle of a price list is typical."""
    found = whole(["object_detection"])
    assert (found["money_from"], found["currency"]) == ("list_price", "USD")
    assert found["strategies"][0]["money"] == interval(490, 560, 630)
    assert "google-labelling-prices" in found["references"]


def test_effort_takes_list_prices_by_their_own_unit():
    """Image tags are timed by class but sold by image: four classes cost as much as one."""
    assert line("image_classification", classes=4)["money"] == interval(25, 30, 35)


def test_effort_shares_weeks_among_annotators():
    """Five people who work 40 hours a week share 50.35 hours."""
    found = whole(["object_detection"], annotators=5)
    assert (found["annotators"], found["week_hours"]) == (5, 40)
    assert found["strategies"][0]["weeks"] == interval(0.12, 0.25, 0.81)
    assert line("object_detection")["weeks"] == interval(0.58, 1.26, 4.07)


@pytest.mark.parametrize("strategy", ["oriented_boxes", "polyline"])
def test_effort_says_that_no_time_was_published(strategy):
    """For turned boxes and lines there is a price but no time, and the note says so."""
    found = line(strategy)
    assert (found["seconds"], found["hours"], found["hours_saved"], found["weeks"]) == (None, None, None, None)
    assert "No published time was found" in found["note"]
    assert found["money"] is not None
    assert line(strategy, hourly_rate=20)["money"] is None


@pytest.mark.parametrize("strategy", ["keypoints", "points"])
def test_effort_says_that_no_price_was_published(strategy):
    """For keypoints and points there is a time but no price, and the note says so."""
    found = line(strategy)
    assert found["hours"] is not None
    assert found["money"] is None
    assert "no public price was found" in found["note"].lower()
    assert line(strategy, hourly_rate=20)["money"] is not None


@pytest.mark.parametrize("budget", ["tight", "moderate"])
def test_effort_plans_boxes_for_all_and_masks_for_a_part(budget):
    """On a small budget: boxes for all images, masks for 1, 5 or 10 per cent, with the study behind it."""
    plan = whole(["instance_segmentation"], answers={"label_budget": budget})["plan"]
    assert plan["share"] == {"low": 0.01, "typical": 0.05, "high": 0.1}
    assert plan["share_assumed"] is False
    assert plan["hours"] == interval(24.925, 66.30, 200.32)
    assert plan["sources"] == ["agnew-2024"]
    assert plan["hours"]["high"] < 374


def test_effort_plans_coarse_maps_for_all_and_fine_ones_for_a_part():
    """On a small budget: seven minutes for each image, and a part done finely, whose size is our suggestion."""
    plan = whole(["semantic_segmentation"], images=100, answers={"label_budget": "tight"})["plan"]
    assert plan["share_assumed"] is True
    assert plan["hours"] == interval(14.28, 21.51, 49.83)
    assert plan["sources"] == ["zlateski-2018", "cityscapes-2016"]


@pytest.mark.parametrize(
    ("strategy", "answers"),
    [
        ("instance_segmentation", {"label_budget": "ample"}),
        ("instance_segmentation", {"label_budget": "unknown"}),
        ("instance_segmentation", {}),
        ("object_detection", {"label_budget": "tight"}),
    ],
)
def test_effort_has_no_plan_where_none_is_needed(strategy, answers):
    """An ample or unknown budget, and labels that are cheap already, need no plan."""
    assert whole([strategy], answers=answers)["plan"] is None


def test_effort_names_every_source_of_its_figures():
    """Each source that a line or a plan names can be looked up in the same document."""
    found = whole(RULES.offered, answers={"label_budget": "tight"})
    named = {source for entry in found["strategies"] for source in entry["sources"]}
    assert named
    assert named <= found["references"].keys()


def test_effort_is_given_for_the_recommendation_and_every_alternative():
    """The recommended label comes first, then each label that a changed answer would give."""
    answers = {"count_matters": "yes", "occlusion": "low", "shape_variance": "low"}
    case = UseCase("A", answers, images=10, objects_per_image=1)
    found = Recommender(load_rules("infographic")).recommend(case)
    shown = [entry["strategy"] for entry in found.own["effort"]["strategies"]]
    assert shown[0] == "object_detection"
    assert set(shown) == {"object_detection", "semantic_segmentation", "instance_segmentation"}


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "assistance": st.booleans(),
        "qa_share": st.floats(0, 10),
        "classes": st.integers(1, 100_000),
        "annotators": st.integers(1, 100_000),
    },
) | st.fixed_dictionaries({"hourly_rate": st.floats(0, 1_000_000), "qa_share": st.floats(0, 10)})
COUNTS = (st.integers(1, 1_000_000), st.none() | st.floats(0, 100_000), SETTINGS)
BUDGET = st.sampled_from(["tight", "moderate", "ample"])


def intervals(document):
    """Yield every interval of an estimate, plan included."""
    yield document["qa_share"]
    for entry in [*document["strategies"], *([document["plan"]] if document["plan"] else [])]:
        yield from (value for value in entry.values() if isinstance(value, dict) and "typical" in value)


@settings(max_examples=60, deadline=None)
@given(*COUNTS, BUDGET, st.permutations(RULES.offered))
def test_every_estimate_is_an_interval(images, objects, chosen, budget, strategies):
    """Whatever the counts and settings: nothing is negative, and low, typical and high come in that order."""
    document = whole(strategies, images, objects, {"label_budget": budget}, **chosen)
    assert len(document["strategies"]) == 9
    for found in intervals(document):
        assert 0 <= found["low"] <= found["typical"] <= found["high"]


@settings(max_examples=60, deadline=None)
@given(*COUNTS, st.integers(2, 1000), st.sampled_from(RULES.offered))
def test_every_estimate_grows_with_the_images(images, objects, chosen, factor, strategy):
    """So many times the images are so many times the hours and the money, up to rounding."""
    one = line(strategy, images=images, objects=objects, **chosen)
    many = line(strategy, images=images * factor, objects=objects, **chosen)
    for key in ("hours", "hours_saved", "weeks", "money"):
        if one[key] is None:
            assert many[key] is None
        else:
            scaled = {end: value * factor for end, value in one[key].items()}
            assert many[key] == pytest.approx(scaled, abs=0.005 * factor + 0.01, rel=1e-9)


def test_title_counts_one_image_and_one_object_in_the_singular():
    """One image with one object is not called images or objects."""
    case = UseCase("One", {"count_matters": "no"}, images=1, objects_per_image=1)
    shown = "".join(terminal.PLUGIN.recommendations([Recommender(RULES).recommend(case)], RULES, Page()))
    assert "What it takes (1 image, 1 object each; quality assurance included)" in shown
