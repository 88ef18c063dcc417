"""Hours, money and weeks, checked against sums done by hand from the published figures in rules/effort.yaml."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.effort.estimate import EffortEstimate
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.recommendation import Outcome
from annostrat.render.formats import terminal
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import UseCase

RULES = load_rules("purpose_first")


def whole(strategies, images=1000, objects=10, answers=None, **settings_):
    """Return the estimate of a project of 1,000 images with ten objects each, if nothing else is said."""
    case = UseCase("A project", answers or {}, images=images, objects_per_image=objects, effort=settings_)
    return EffortEstimate(RULES, case, strategies).document()


def line(strategy, *others, **counts):
    """Return what one strategy takes, as the recommended one."""
    return whole([strategy, *others], **counts)["strategies"][0]


def interval(low, typical, high, *, open_end=False):
    """Return an interval, each end within half a cent or a hundredth of an hour."""
    return pytest.approx({"low": low, "typical": typical, "high": high, "open_end": open_end}, abs=0.0051)


def test_effort_counts_objects_where_each_object_gets_a_label():
    """10,000 boxes at 7, 12.5 and 34.5 seconds, with 19, 45 and 70 per cent of checking on top."""
    found = line("object_detection")
    assert (found["unit"], found["units"]) == ("object", 10_000)
    assert found["seconds"] == interval(7, 12.5, 34.5)
    assert found["hours"] == interval(23.14, 50.35, 162.92)


def test_effort_takes_a_full_scene_where_the_objects_are_not_known():
    """100 class maps at 239.7 and 1,140 seconds and checking, or at 5,400 seconds, which include it; and says so."""
    found = line("semantic_segmentation", images=100, objects=None)
    assert (found["unit"], found["units"], found["basis"]) == ("image", 100, "full_scene")
    assert found["hours"] == interval(7.92, 45.92, 150)


def test_effort_of_a_map_is_no_more_than_outlining_every_object():
    """One polyp in each of 1,500 images: the class map takes the 48 hours of the outlines, not 689."""
    maps, masks = whole(["semantic_segmentation", "instance_segmentation"], images=1500, objects=1)["strategies"]
    assert (maps["basis"], masks["basis"]) == ("outlines", None)
    assert maps["hours"] == masks["hours"] == interval(26.775, 47.85, 56.1, open_end=True)
    assert maps["seconds"] == interval(54, 79.2, 79.2, open_end=True)


def test_effort_of_a_map_is_no_more_than_a_full_scene():
    """With 120 cells in an image, 19 minutes for the whole scene are less than 120 outlines; crowded scenes, more."""
    found = line("semantic_segmentation", images=400, objects=120)
    assert found["basis"] == "full_scene"
    assert found["hours"] == interval(31.69, 183.67, 600, open_end=True)


def test_effort_of_surfaces_is_an_outline_for_each():
    """Sky and road are two outlines an image; where every pixel is wanted, it is the scene all the same."""
    found = line("semantic_segmentation", images=3000, objects=None, surfaces=2)
    assert found["basis"] == "outlines"
    assert found["hours"]["typical"] == pytest.approx(3000 * 2 * 79.2 * 1.45 / 3600, abs=0.01)
    every = line("semantic_segmentation", images=3000, objects=None, surfaces=2, full_scene=True)
    assert (every["basis"], every["hours"]["typical"]) == ("full_scene", 1377.5)


def test_effort_of_a_panoptic_map_has_surfaces_and_every_object():
    """Uncounted surfaces take 0.47 of the 1,140 seconds of a scene, as much as 6.8 outlines; counted ones, theirs."""
    few, many = (line("panoptic_segmentation", images=100, objects=count) for count in (5, 100))
    assert (few["basis"], few["seconds"]["typical"]) == ("surfaces", pytest.approx(5 * 79.2 + 0.47 * 1140))
    assert (few["hours"]["typical"], many["hours"]["typical"]) == (37.53, 340.58)
    named = line("panoptic_segmentation", images=100, objects=5, surfaces=2)
    assert (named["basis"], named["hours"]["typical"]) == ("outlines", pytest.approx(22.33))
    crowd, surfaces = (line("panoptic_segmentation", images=100, objects=20, surfaces=count) for count in (0, 3))
    assert surfaces["hours"]["typical"] - crowd["hours"]["typical"] == pytest.approx(3 * 79.2 * 1.45 / 36, abs=0.01)


def test_effort_of_a_full_scene_is_its_objects_and_its_surfaces():
    """The part for surfaces is what a published scene took beyond its objects: 7.6 of them in an image of COCO."""
    scene = line("panoptic_segmentation", objects=None)
    assert scene["basis"] == "full_scene"
    assert line("panoptic_segmentation", objects=7.63)["hours"]["typical"] == pytest.approx(
        scene["hours"]["typical"], rel=0.001
    )
    assert line("panoptic_segmentation", objects=18.8, qa_share=0.7)["hours"]["high"] == pytest.approx(1500, rel=0.002)


def test_effort_of_a_class_map_beside_a_panoptic_one_has_the_same_surfaces():
    """Where both are recommended in one there are surfaces, so that a map of classes takes them too, up to a scene."""
    panoptic, maps = whole(["panoptic_segmentation", "semantic_segmentation"], objects=2)["strategies"]
    assert maps["hours"] == panoptic["hours"] == interval(65.02, 279.61, 869.80, open_end=True)
    alone = line("semantic_segmentation", objects=2)
    assert (alone["basis"], alone["hours"]["typical"]) == ("outlines", 63.8)


@pytest.mark.parametrize(
    ("settings_", "hours"),
    [
        ({}, interval(207.82, 534.81, 1169.0, open_end=True)),
        ({"surfaces": 3}, interval(207.82, 414.7, 486.2, open_end=True)),
        ({"seconds_per_label": 2 * (10 * 79.2 + 0.47 * 1140)}, interval(415.64, 1069.62, 2338.0, open_end=True)),
    ],
)
def test_effort_of_what_a_panoptic_map_combines_is_beside_it(settings_, hours):
    """Masks of ten objects and a map of the surfaces alone take as long, at the same pace."""
    found = whole(["panoptic_segmentation"], **settings_)["side_by_side"]
    assert found["strategies"] == ["instance_segmentation", "semantic_segmentation"]
    assert found["hours"] == hours
    assert whole(["instance_segmentation"], **settings_)["side_by_side"] is None


def test_effort_of_parts_that_are_not_offered_is_not_shown():
    """Without a number of objects the masks are unknown; the infographic's rules offer no panoptic label at all."""
    assert whole(["panoptic_segmentation"], objects=None)["side_by_side"]["hours"] is None
    case = UseCase("A", {}, images=10, objects_per_image=1)
    infographic = load_rules("infographic")
    assert EffortEstimate(infographic, case, ["semantic_segmentation"]).document()["side_by_side"] is None


def test_effort_counts_classes_where_each_class_is_a_question():
    """1,000 images with thirty classes are 30,000 questions at 0.3, 1 and 1.6 seconds."""
    found = line("image_classification", classes=30)
    assert (found["unit"], found["units"]) == ("class", 30_000)
    assert found["hours"] == interval(2.98, 12.08, 22.67, open_end=True)


def test_effort_of_tags_is_at_least_a_look_at_each_image():
    """10,000 X-rays with one question each take 21 hours, not 4; more where a specialist must judge."""
    found = line("image_classification", images=10_000, objects=1)
    assert found["hours"] == interval(3.31, 20.54, 129.39, open_end=True)
    assert "specialist" in found["note"]


def test_effort_takes_the_classes_that_the_use_case_names():
    """Three named classes are three questions for each image."""
    case = UseCase("A", {}, images=10, classes={"a": {}, "b": {}, "c": {}})
    assert EffortEstimate(RULES, case, ["image_classification"]).document()["strategies"][0]["units"] == 30


@pytest.mark.parametrize(
    ("answers", "counts", "images"),
    [
        ({"purpose": "find_objects", "orientation_matters": "no"}, {"objects_per_image": 35}, 29),
        ({"purpose": "find_objects", "orientation_matters": "no"}, {"objects_per_image": 0.5}, 2_000),
        ({"purpose": "tag_images"}, {"effort": {"classes": 4}}, 6_000),
        ({"purpose": "find_objects", "orientation_matters": "no"}, {"objects_per_image": 0}, None),
        ({"purpose": "find_objects", "orientation_matters": "no"}, {"objects_per_image": 1e-300}, None),
        ({"purpose": "find_objects", "orientation_matters": "no"}, {}, None),
        ({"purpose": "read_pose"}, {"objects_per_image": 3}, None),
    ],
)
def test_effort_says_in_how_many_images_a_rule_of_thumb_is_met(answers, counts, images):
    """So many labels of each class as somebody recommends, in images that show so many objects; else nothing."""
    case = UseCase("A", answers, images=100, **counts)
    enough = Recommender(RULES).recommend(case).effort["enough"]
    assert (enough and enough["images"]) == images
    if enough:
        assert enough["sources"]
        assert "cites no study" in enough["text"]


def test_effort_without_images_is_none():
    """Nothing is estimated where the use case does not say how many images there are."""
    assert Recommender(RULES).recommend(UseCase("A project", {"purpose": "map_surfaces"})).effort is None


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
    assert line("semantic_segmentation", images=100, objects=None, qa_share=0)["hours"]["high"] == 150
    assert line("semantic_segmentation", images=100, objects=None, qa_share=1)["hours"]["high"] == 150
    assert line("panoptic_segmentation", images=100, objects=None)["hours"] == interval(7.92, 45.92, 150)


def test_effort_with_very_much_checking_is_still_an_interval():
    """Checking ten times as long as labelling makes the typical time exceed the published high one, which follows."""
    assert line("semantic_segmentation", images=100, objects=None, qa_share=10)["hours"] == interval(
        73.24, 348.33, 348.33
    )


def test_effort_says_what_assistance_would_save():
    """10,000 masks: 319 hours by hand less 160.56, 104.72 or 6.61 hours when correcting what a model draws."""
    found = line("instance_segmentation")
    assert found["hours"] == interval(178.5, 319, 374, open_end=True)
    assert found["hours_saved"] == interval(158.44, 214.28, 312.39)


def test_effort_with_assistance_takes_the_assisted_time():
    """Correcting masks takes 2, 26 and 34 seconds; what is saved stays the same."""
    found = line("instance_segmentation", assistance=True)
    assert found["assisted"] is True
    assert found["seconds"] == interval(2, 26, 34)
    assert found["hours"] == interval(6.61, 104.72, 160.56)
    assert found["hours_saved"] == interval(158.44, 214.28, 312.39)


def test_effort_with_assistance_takes_a_part_of_a_full_scene():
    """A fifth, a third and five twelfths remain of each end, so that none is above that by hand."""
    found = line("semantic_segmentation", images=100, objects=None, assistance=True)
    assert found["hours"] == interval(1.58, 15.29, 62.55)


def test_effort_of_assisted_boxes_is_less_than_by_hand():
    """Boxes have a published time too: 8.4 seconds instead of 12.5."""
    found = line("object_detection", assistance=True)
    assert found["hours"] == interval(6.61, 33.83, 109.08)
    assert found["hours_saved"]["typical"] == pytest.approx(50.35 - 33.83, abs=0.011)


def test_effort_without_published_assistance_is_by_hand_and_says_so():
    """No time for assisted points was published, so assistance changes nothing, and the note says so."""
    found = line("points", assistance=True)
    assert found["hours"] == line("points")["hours"]
    assert (found["assisted"], found["hours_saved"]) == (False, None)
    assert found["note"].endswith("No time for correcting what a model draws was published, so this is by hand.")
    assert not line("oriented_boxes", assistance=True)["note"].endswith("by hand.")


def test_effort_is_never_saved_below_nothing():
    """Where correcting takes longer than the typical drawing, nothing is saved, rather than less than nothing."""
    assert line("panoptic_segmentation", assistance=True)["hours_saved"]["low"] >= 0


def test_effort_costs_hours_at_the_hourly_rate():
    """At 20 euros an hour, 50.35 hours cost 1,006.94 euros; every alternative is priced alike."""
    found = whole(["object_detection", "instance_segmentation"], hourly_rate=20, currency="EUR")
    assert (found["money_from"], found["currency"]) == ("hourly_rate", "EUR")
    boxes, masks = (entry["money"] for entry in found["strategies"])
    assert boxes == interval(462.78, 1006.94, 3258.33)
    assert masks == interval(3570, 6380, 7480, open_end=True)


def test_effort_of_volunteers_costs_nothing():
    """An hourly rate of nothing is a rate: the money is zero, and not unknown."""
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
    assert [entry["money"] for entry in found.effort["strategies"]] == [None, None]


def test_effort_without_a_rate_or_price_has_no_money():
    """Nobody's prices are taken for the user's."""
    found = whole(["object_detection", "instance_segmentation"], currency="EUR")
    assert found["money_from"] is None
    assert [entry["money"] for entry in found["strategies"]] == [None, None]


def test_effort_takes_your_own_pace_for_the_recommended_label():
    """At nine seconds a box, 10,000 boxes take 29.75, 36.25 and 42.5 hours: just the checking is still an interval."""
    found = whole(["object_detection", "instance_segmentation"], seconds_per_label=9)
    boxes, masks = found["strategies"]
    assert found["pace"] == {"strategy": "object_detection", "seconds": 9, "ratio": pytest.approx(0.72)}
    assert (boxes["own_pace"], masks["own_pace"]) == (True, False)
    assert boxes["hours"] == interval(29.75, 36.25, 42.5)
    assert (boxes["hours_saved"], boxes["sources"]) == (None, [])


def test_effort_scales_the_other_labels_with_your_own_pace():
    """Nobody timed masks: whoever draws boxes in 0.72 of the published time is taken to draw masks so too."""
    masks = whole(["object_detection", "instance_segmentation"], seconds_per_label=9)["strategies"][1]
    assert masks["hours"] == interval(178.5 * 0.72, 319 * 0.72, 374 * 0.72, open_end=True)


def test_effort_at_your_own_pace_of_a_map_is_by_the_image():
    """The label of a class map is an image's map; what it is reckoned from no longer matters."""
    found = line("semantic_segmentation", images=100, seconds_per_label=60)
    assert found["hours"]["typical"] == pytest.approx(100 * 60 * 1.45 / 3600, abs=0.01)
    assert found["basis"] is None


def test_effort_takes_your_own_pace_where_no_time_was_published():
    """Oriented boxes have no published time, but can be timed; the other labels then stay as published."""
    found = whole(["oriented_boxes", "object_detection"], seconds_per_label=15)
    assert found["pace"]["ratio"] is None
    turned, upright = found["strategies"]
    assert turned["hours"]["typical"] == pytest.approx(60.42)
    assert upright["hours"] == interval(23.14, 50.35, 162.92)


def test_effort_takes_no_pace_while_undecided():
    """While boxes and masks are both possible, nobody knows of which label it is the pace."""
    case = UseCase("A", {"count_matters": "yes"}, images=10, objects_per_image=1, effort={"seconds_per_label": 9})
    result = Recommender(load_rules("infographic")).recommend(case)
    assert result.effort["pace"] is None
    shown = "".join(terminal.PLUGIN.recommendations([result], RULES, Page()))
    assert "Your own pace counts as soon as one label is recommended" in shown


def test_effort_shares_weeks_among_annotators():
    """Five people who work 40 hours a week share 50.35 hours."""
    found = whole(["object_detection"], annotators=5)
    assert (found["annotators"], found["week_hours"]) == (5, 40)
    assert found["strategies"][0]["weeks"] == interval(0.12, 0.25, 0.81)
    assert line("object_detection")["weeks"] == interval(0.58, 1.26, 4.07)


@pytest.mark.parametrize("strategy", ["oriented_boxes", "polyline"])
def test_effort_says_that_no_time_was_published(strategy):
    """For turned boxes and lines there is no time, and the note says so."""
    found = line(strategy, hourly_rate=20)
    assert (found["seconds"], found["hours"], found["hours_saved"], found["weeks"]) == (None, None, None, None)
    assert found["money"] is None
    assert "No published time was found" in found["note"]


@pytest.mark.parametrize("answers", [{}, {"label_budget": "unknown"}, {"label_budget": "tight"}])
def test_effort_plans_boxes_for_all_and_masks_for_a_part(answers):
    """Whenever masks are recommended: boxes for all images, masks for 1, 5 or 10 per cent, and what that replaces."""
    plan = whole(["instance_segmentation"], answers=answers)["plan"]
    assert plan["share"] == {"low": 0.01, "typical": 0.05, "high": 0.1}
    assert plan["share_assumed"] is False
    assert plan["hours"] == interval(24.925, 66.30, 200.32, open_end=True)
    assert plan["instead_of"] == interval(178.5, 319, 374, open_end=True)
    assert plan["sources"] == ["agnew-2024"]


def test_a_plan_takes_at_no_end_more_than_what_it_replaces():
    """Corrected boxes and masks are both quickest at two seconds: a plan with both is capped at the masks alone."""
    plan = whole(["instance_segmentation"], assistance=True)["plan"]
    assert plan["instead_of"] == interval(6.61, 104.72, 160.56)
    assert plan["hours"] == interval(6.61, 39.07, 125.14)


def test_effort_plans_coarse_maps_for_all_and_fine_ones_for_a_part():
    """Seven minutes for each image, and a part done finely, whose size is our suggestion."""
    plan = whole(["semantic_segmentation"], images=100, objects=None)["plan"]
    assert plan["share_assumed"] is True
    assert plan["hours"] == interval(7.92, 21.51, 49.83)  # not 14.28: fine maps alone may take as little
    assert plan["sources"] == ["zlateski-2018", "cityscapes-2016"]


@pytest.mark.parametrize(
    ("strategy", "counts"),
    [
        ("instance_segmentation", {"answers": {"label_budget": "ample"}}),
        ("instance_segmentation", {"objects": None}),
        ("instance_segmentation", {"objects": 0}),
        ("semantic_segmentation", {"objects": 1}),
        ("object_detection", {"answers": {"label_budget": "tight"}}),
    ],
)
def test_effort_has_no_plan_where_none_helps(strategy, counts):
    """An ample budget, hours that are not known or already fewer than those of coarse maps, and boxes need no plan."""
    assert whole([strategy], **counts)["plan"] is None


def test_effort_names_every_source_of_its_figures():
    """Each source that a line or a plan names can be looked up in the same document."""
    found = whole(RULES.offered)
    named = {source for entry in found["strategies"] for source in entry["sources"]}
    assert named
    assert named <= found["references"].keys()


def test_effort_is_given_for_what_serves_the_same_purpose():
    """Masks instead of boxes serve whoever counts objects; a class map, after another first answer, does not."""
    answers = {"count_matters": "yes", "occlusion": "low", "shape_variance": "low"}
    case = UseCase("A", answers, images=10, objects_per_image=1)
    found = Recommender(load_rules("infographic")).recommend(case)
    shown = [entry["strategy"] for entry in found.effort["strategies"]]
    assert shown == ["object_detection", "instance_segmentation"]
    assert "semantic_segmentation" in {entry["strategy"] for entry in found.outcome.document["alternatives"]}


def test_comparable_labels_are_certain():
    """A change after which another answer must still be known gives no label to compare with."""
    alternatives = [
        {"strategy": "points", "change": {"many_objects": "yes"}, "certain": False, "tradeoff": ""},
        {"strategy": "keypoints", "change": {RULES.start.question: "no"}, "certain": True, "tradeoff": ""},
        {"strategy": "instance_segmentation", "change": {"occlusion": "high"}, "certain": True, "tradeoff": ""},
    ]
    outcome = Outcome(RULES, {})
    outcome.alternatives = [{**one, "beside": []} for one in alternatives]
    assert outcome.comparable == [["instance_segmentation"]]


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "assistance": st.booleans(),
        "qa_share": st.floats(0, 10),
        "surfaces": st.floats(0, 1000),
        "full_scene": st.booleans(),
        "classes": st.integers(1, 100_000),
        "annotators": st.integers(1, 100_000),
    },
) | st.fixed_dictionaries({"hourly_rate": st.floats(0, 1_000_000), "qa_share": st.floats(0, 10)})
COUNTS = (st.integers(1, 1_000_000), st.none() | st.floats(0, 100_000), SETTINGS)
PACE = st.none() | st.floats(0.01, 1_000_000)
CONTAINED = [
    ("points", "object_detection"),
    ("object_detection", "instance_segmentation"),
    ("semantic_segmentation", "panoptic_segmentation"),
    ("instance_segmentation", "panoptic_segmentation"),
]
ENDS = ("low", "typical", "high")


def intervals(document):
    """Yield every interval of an estimate, plan included."""
    yield document["qa_share"]
    for entry in [*document["strategies"], *([document["plan"]] if document["plan"] else [])]:
        yield from (value for value in entry.values() if isinstance(value, dict) and "typical" in value)


@settings(max_examples=60, deadline=None)
@given(*COUNTS, PACE, st.permutations(RULES.offered))
def test_every_estimate_is_an_interval(images, objects, chosen, pace, strategies):
    """Whatever the counts and settings: nothing is negative or infinite, and low, typical and high come in order."""
    own = {} if pace is None else {"seconds_per_label": pace}
    document = whole(strategies, images, objects, **chosen, **own)
    assert len(document["strategies"]) == len(strategies)
    for found in intervals(document):
        assert 0 <= found["low"] <= found["typical"] <= found["high"] < float("inf")
    json.dumps(document, allow_nan=False)


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
            scaled = {end: one[key][end] * factor for end in ENDS} | {"open_end": one[key]["open_end"]}
            assert many[key] == pytest.approx(scaled, abs=0.005 * factor + 0.01, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(*COUNTS, st.floats(0, 1000), st.sampled_from(RULES.offered))
def test_every_estimate_grows_with_the_objects(images, objects, chosen, more, strategy):
    """More objects in an image never take less, at any end."""
    few = line(strategy, images=images, objects=objects or 0, **chosen)
    many = line(strategy, images=images, objects=(objects or 0) + more, **chosen)
    for end in ENDS if few["hours"] else ():
        assert few["hours"][end] <= many["hours"][end] * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(*COUNTS, st.sampled_from(RULES.offered))
def test_assistance_never_raises_a_bound(images, objects, chosen, strategy):
    """Correcting what a model draws takes no longer than drawing: at the low, the typical and the high end."""
    by_hand, corrected = (
        line(strategy, images=images, objects=objects, **{**chosen, "assistance": assistance})["hours"]
        for assistance in (False, True)
    )
    assert (by_hand is None) == (corrected is None)
    for end in ENDS if by_hand else ():
        assert corrected[end] <= by_hand[end]


@settings(max_examples=60, deadline=None)
@given(*COUNTS, st.sampled_from(CONTAINED))
def test_what_contains_a_label_takes_no_less(images, objects, chosen, labels):
    """A box holds a point, a mask a box, a panoptic map masks and a class map: none is cheaper than what it holds."""
    part, holder = (line(one, images=images, objects=objects, **chosen)["hours"] for one in labels)
    if part and holder:
        assert all(part[end] <= holder[end] for end in ENDS)
        assert holder["open_end"] or not part["open_end"] or labels[0] != "instance_segmentation"


@settings(max_examples=60, deadline=None)
@given(*COUNTS)
def test_no_map_takes_more_than_a_scene_or_than_its_outlines(images, objects, chosen):
    """A class map is the least of a full scene and an outline around each object and surface, and says which."""
    settings_ = {**chosen, "full_scene": False}
    found = line("semantic_segmentation", images=images, objects=objects, **settings_)
    scene = line("semantic_segmentation", images=images, objects=objects, **{**chosen, "full_scene": True})["hours"]
    assert all(found["hours"][end] <= scene[end] for end in ENDS)
    regions = (objects or 0) + settings_.get("surfaces", 0)
    outlined = line("instance_segmentation", images=images, objects=regions, **settings_)["hours"]
    if objects is not None or "surfaces" in settings_:
        assert all(found["hours"][end] <= outlined[end] * (1 + 1e-9) + 0.01 for end in ENDS)
    assert found["basis"] == "outlines" or found["hours"]["typical"] == scene["typical"]


def test_small_numbers_are_said_in_words():
    """Nobody is told of 0.0 weeks: little is under an hour, or less than a day."""
    shown = shown_for({"count_matters": "yes", "occlusion": "low", "shape_variance": "low"}, images=10, objects=1)
    row = next(text for text in shown.splitlines() if "Object detection  " in text)
    assert row.split("  ")[-1].strip() == "less than a day"
    assert "under an hour" in row
    assert "0.0 " not in shown.partition("What it takes")[2].partition("Tips")[0]


def test_a_map_says_what_it_is_reckoned_from():
    """Where nothing is known of an image's content, the class map is said to be a full scene."""
    assert "full scene, every pixel" in shown_for({"count_matters": "no"}, images=100, objects=None)
    assert "outlines of what is named" in shown_for({"count_matters": "no"}, images=100, objects=1)


def test_a_map_of_objects_says_that_surfaces_are_not_counted():
    """Three polyps are three outlines; whether the map has surfaces too, the use case must say."""
    answers = {"count_matters": "no"}
    text = " ".join(shown_for(answers, images=100, objects=3).split())
    assert "Semantic segmentation: surfaces such as sky or road are not in these hours;" in text
    assert "are not in these hours" not in shown_for(answers, images=100, objects=3, surfaces=0)
    assert "are not in these hours" not in shown_for(answers, images=100, objects=None)


def test_an_open_end_is_said():
    """The figures of masks end at the typical one, so that the interval is open, and a line says why."""
    shown = shown_for({"count_matters": "yes", "occlusion": "high"}, images=1000, objects=10)
    assert "178 to 374+" in shown
    assert "A + means at least: the published figures end there" in " ".join(shown.split())


def test_money_is_shown_only_at_your_own_price():
    """Without an hourly rate or a price there is no column of money."""
    answers = {"count_matters": "yes", "occlusion": "high"}
    assert "USD" not in shown_for(answers, images=1000, objects=10)
    assert "Wages, EUR" in shown_for(answers, images=1000, objects=10, hourly_rate=12, currency="EUR")


def test_labels_without_help_say_so():
    """With assistance, a label without a published time for it is named as one by hand."""
    rules = load_rules()
    case = UseCase("A", {"purpose": "tag_images"}, images=100, objects_per_image=1, effort={"assistance": True})
    shown = "".join(terminal.PLUGIN.recommendations([Recommender(rules).recommend(case)], rules, Page()))
    wanted = "was published for image classification, so the hours given are for drawing by hand."
    assert wanted in " ".join(shown.split())


def shown_for(answers, images, objects, **settings_):
    """Return the recommendation as text."""
    case = UseCase("A", answers, images=images, objects_per_image=objects, effort=settings_)
    rules = load_rules("infographic")
    return "".join(terminal.PLUGIN.recommendations([Recommender(rules).recommend(case)], rules, Page()))


def test_title_counts_one_image_and_one_object_in_the_singular():
    """One image with one object is not called images or objects."""
    case = UseCase("One", {"count_matters": "no"}, images=1, objects_per_image=1)
    shown = "".join(terminal.PLUGIN.recommendations([Recommender(RULES).recommend(case)], RULES, Page()))
    assert "What it takes (1 image, 1 object each; quality assurance included)" in shown
