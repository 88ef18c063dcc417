"""Strategies side by side, in general and for a use case."""

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.comparison import compare, in_short, rate_in_words, rows
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.use_case import UseCase

RULES, PURPOSE_FIRST = load_rules("infographic"), load_rules("purpose_first")
BOXES = {"count_matters": "yes", "occlusion": "low", "shape_variance": "low"}


def ids(found):
    """Return the strategies of a comparison, in order."""
    return [column["strategy"]["id"] for column in found["strategies"]]


def result(answers, **more):
    """Return what the infographic's rules recommend."""
    return Recommender(RULES).recommend(UseCase("Wheat", answers, **more))


def test_compare_without_anything_takes_all_of_the_rule_set():
    """Alone it compares what the rule set offers, in its order, recommending nothing."""
    found = compare(RULES, [])
    assert ids(found) == ["object_detection", "semantic_segmentation", "instance_segmentation"]
    assert ids(compare(PURPOSE_FIRST, [])) == [*PURPOSE_FIRST.offered]
    assert found["name"] is None
    assert [column["recommended"] for column in found["strategies"]] == [False, False, False]
    assert [column["estimate"] for column in found["strategies"]] == [None, None, None]


def test_compare_keeps_the_order_that_was_asked_for_and_each_strategy_once():
    """Strategies stand as they were named; naming one twice does not show it twice."""
    assert ids(compare(RULES, ["points", "object_detection", "points"])) == ["points", "object_detection"]


def test_compare_of_a_use_case_takes_the_recommended_and_the_alternatives():
    """For a use case the recommended strategy stands first and is marked."""
    found = compare(RULES, [], result(BOXES))
    assert found["name"] == "Wheat"
    assert ids(found)[0] == "object_detection"
    assert set(ids(found)) == {"object_detection", "semantic_segmentation", "instance_segmentation"}
    assert [column["recommended"] for column in found["strategies"]] == [True, False, False]


def test_compare_of_an_undecided_use_case_recommends_nothing():
    """While several strategies are possible, all stand there and none is marked."""
    found = compare(RULES, [], result({"count_matters": "yes"}))
    assert sorted(ids(found)) == ["instance_segmentation", "object_detection"]
    assert [column["recommended"] for column in found["strategies"]] == [False, False]


def test_compare_estimates_each_strategy_for_the_use_case():
    """With counts, every column says what labelling the whole project takes: 50 hours for boxes, 319 for masks."""
    found = compare(
        RULES, ["object_detection", "instance_segmentation"], result(BOXES, images=1000, objects_per_image=10)
    )
    hours = [column["estimate"]["hours"]["typical"] for column in found["strategies"]]
    assert hours == [50.35, 319.0]
    table = rows(found, RULES)
    assert "in all, 50 hours (23 to 163), with 45% for checking" in table["effort"][0]
    boxes, masks = in_short(found, RULES)["a label takes"]
    assert boxes == "12.5 s per object; 50 hours (23 to 163), with 45% for checking"
    assert masks == "79.2 s per object; 319 hours (178 to 374 or more), with 45% for checking"


def test_compare_says_what_each_strategy_costs_and_the_checking_of_your_own():
    """The project's own share of checking replaces the published one; at 10 an hour, 38.2 hours cost 382."""
    settings = {"qa_share": 0.1, "hourly_rate": 10, "currency": "EUR"}
    found = compare(RULES, [], result(BOXES, images=1000, objects_per_image=10, effort=settings))
    assert in_short(found, RULES)["a label takes"][0] == (
        "12.5 s per object; 38 hours (21 to 105) and EUR 382 (214 to 1,054), with 10% for checking"
    )


def test_compare_keeps_a_unit_price_to_the_recommended_label():
    """The price of a box is not taken for the price of a mask, even where the mask is named first."""
    project = result(BOXES, images=10, objects_per_image=1, effort={"unit_price": 2, "currency": "EUR"})
    found = compare(RULES, ["instance_segmentation", "object_detection"], project)
    masks, boxes = (column["estimate"]["money"] for column in found["strategies"])
    assert masks is None
    assert boxes == {"low": 20, "typical": 20, "high": 20, "open_end": False}
    (alone,) = compare(RULES, ["instance_segmentation"], project)["strategies"]
    assert alone["estimate"]["money"] is None


def test_compare_names_every_source():
    """Whatever a column states can be looked up."""
    found = compare(PURPOSE_FIRST, [])
    claims = [
        claim
        for column in found["strategies"]
        for claim in (*column["strategy"]["benefits"], *column["strategy"]["drawbacks"])
    ]
    assert {source for claim in claims for source in claim["sources"]} <= found["references"].keys()
    assert "snapper-2024" in found["references"]


def test_rows_say_everything_that_a_choice_needs():
    """Label, use, gain, loss, a wrong choice, effort and conversions are there for every strategy."""
    table = rows(compare(PURPOSE_FIRST, []), PURPOSE_FIRST)
    assert list(table) == ["label", "use", "benefits", "drawbacks", "wrong choice", "effort", "converts to"]
    assert all(len(cells) == len(PURPOSE_FIRST.offered) and all(cells) for cells in table.values())


def test_rows_say_what_a_conversion_loses():
    """Masks become boxes and lose their outlines; tags become nothing."""
    table = rows(compare(PURPOSE_FIRST, ["instance_segmentation", "image_classification"]), PURPOSE_FIRST)
    masks, tags = table["converts to"]
    assert masks[0].startswith("Object detection: ")
    assert " Lost: " in masks[0]
    assert tags == ["nothing"]


def test_compare_says_what_a_map_is_reckoned_from():
    """Beside the hours of a map stands whether they are a full scene's, or those of outlines."""
    table = rows(compare(RULES, ["semantic_segmentation"], result(BOXES, images=100, objects_per_image=1)), RULES)
    outlines = "in all, 3.2 hours (1.8 to 3.7 or more), with 45% for checking; outlines of what is named"
    assert table["effort"][0][1] == outlines
    table = rows(compare(RULES, ["semantic_segmentation"], result(BOXES, images=100)), RULES)
    assert table["effort"][0][1] == "in all, 46 hours (7.9 to 150), with 45% for checking; full scene, every pixel"


def test_rate_in_words_says_what_is_known_and_what_is_not():
    """Seconds below two minutes, minutes above, both ways of labelling, an open end, or that nothing was published."""
    rates = RULES.effort["rates"]
    assert rate_in_words(rates["object_detection"]) == (
        "12.5 s (7 s to 34.5 s) per object; 8.4 s (2 s to 23.1 s) per object when correcting what a model draws"
    )
    assert rate_in_words(rates["panoptic_segmentation"]).startswith("19 min (4 min to 90 min) per image; ")
    assert "6 min (47.9 s to 38 min) per image when correcting" in rate_in_words(rates["semantic_segmentation"])
    assert rate_in_words(rates["instance_segmentation"]).startswith("79.2 s (54 s to 79.2 s or more) per object; ")
    assert "5.1 s (1 s to 27.4 s or more) per image at least" in rate_in_words(rates["image_classification"])
    assert rate_in_words(rates["oriented_boxes"]) == "no time published"
    assert rate_in_words(None) == "not known"
    assert in_short(compare(RULES, ["oriented_boxes"]), RULES)["a label takes"] == ["an unknown time"]
