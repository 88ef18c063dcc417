"""Classes that answer differently: each gets its label, and the whole gets what covers them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.comparison import compare
from annostrat.recommendation.engine import Recommender, questions_to_ask
from annostrat.render.formats import terminal
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import UseCase

RULES, PURPOSE_FIRST = load_rules("infographic"), load_rules("purpose_first")
BOXES = {"count_matters": "yes", "occlusion": "low", "shape_variance": "low", "compute_budget": "limited"}
MASKS = {"occlusion": "high"}
MAP = {"count_matters": "no"}
BOXES_AND_LINES = ["object_detection", "polyline"]
PURPOSE = {"purpose": "measure_objects", "count_matters": "yes"}


def recommend(classes, answers=BOXES, rules=RULES, **more):
    """Return the recommendation for a project with classes."""
    return Recommender(rules).recommend(UseCase("A project", answers, classes=classes, **more))


def test_classes_that_need_the_same_label_get_it():
    """Two classes with the answers of the whole get its label."""
    found = recommend({"car": {}, "bus": {"compute_budget": "ample"}})
    assert [entry["strategies"] for entry in found.own["classes"]] == [["object_detection"], ["object_detection"]]
    assert found.own["covering"] == {"strategies": ["object_detection"], "because": "All classes need the same label."}
    assert (found.decided, found.strategy["id"]) == (True, "object_detection")


def test_classes_can_change_the_label_of_the_whole():
    """If every class needs a class map, the whole does, whatever its own answers say."""
    found = recommend({"soil": MAP, "sky": MAP})
    assert (found.strategy["id"], found.candidates) == ("semantic_segmentation", ["semantic_segmentation"])


def test_a_class_without_answers_of_its_own_answers_as_the_whole():
    """Only what differs need be said."""
    soil, head = recommend({"soil": MAP, "head": {}}).own["classes"]
    assert (soil["answers"], soil["strategies"]) == ({"count_matters": "no"}, ["semantic_segmentation"])
    assert (head["answers"], head["strategies"]) == ({}, ["object_detection"])


def test_surfaces_and_objects_are_covered_by_a_panoptic_label():
    """Under the default rules one label holds regions and single objects."""
    found = recommend({"road": MAP, "car": {}}, PURPOSE, PURPOSE_FIRST)
    assert [entry["strategies"] for entry in found.own["classes"]] == [
        ["semantic_segmentation"],
        ["instance_segmentation"],
    ]
    assert found.own["covering"]["strategies"] == ["panoptic_segmentation"]
    assert "one label holds them together" in found.own["covering"]["because"]
    assert found.strategy["id"] == "panoptic_segmentation"


def test_surfaces_boxes_and_outlines_are_covered_by_a_panoptic_label():
    """Boxes follow from masks, so a panoptic label holds all three."""
    found = recommend(
        {"road": MAP, "car": {}, "sign": {"purpose": "find_objects", "orientation_matters": "no"}},
        PURPOSE,
        PURPOSE_FIRST,
    )
    assert found.own["covering"]["strategies"] == ["panoptic_segmentation"]
    assert "; instance segmentation can be turned into object detection;" in found.own["covering"]["because"]


def test_surfaces_and_objects_are_drawn_side_by_side_where_no_label_holds_both():
    """The infographic's rules have no panoptic label: masks and regions are drawn, each for its classes."""
    found = recommend({"road": MAP, "car": MASKS})
    covering = found.own["covering"]
    assert covering["strategies"] == ["semantic_segmentation", "instance_segmentation"]
    assert covering["because"] == (
        "Classes need semantic segmentation and instance segmentation; no single label holds them together, so they "
        "are drawn side by side, each for its classes."
    )
    assert found.candidates == ["semantic_segmentation", "instance_segmentation"]
    assert {variant["strategy"] for variant in found.outcome.document["architectures"]} == set(found.candidates)


def test_boxes_are_covered_by_masks():
    """Where one class needs masks, boxes for the other follow from masks."""
    found = recommend({"leaf": MASKS, "pot": {}})
    assert found.own["covering"] == {
        "strategies": ["instance_segmentation"],
        "because": "Classes need object detection and instance segmentation; instance segmentation can be turned into "
        "object detection.",
    }


def test_boxes_are_not_covered_by_a_map_of_classes():
    """A map of classes gives no boxes, so both are drawn."""
    covering = recommend({"soil": MAP, "head": {}}).own["covering"]
    assert covering["strategies"] == ["object_detection", "semantic_segmentation"]


def test_a_class_that_is_undecided_leaves_the_whole_undecided():
    """As long as a class may need another label than all the others, nothing is recommended for the whole."""
    found = recommend({"car": {}, "bus": {"occlusion": "unknown"}})
    bus = found.own["classes"][1]
    assert (bus["status"], bus["strategies"]) == ("undecided", [])
    assert bus["candidates"] == ["object_detection", "instance_segmentation"]
    assert found.own["covering"] is None
    assert (found.decided, found.strategy) == (False, None)


def test_a_class_that_is_undecided_need_not_matter():
    """Leaves need masks, from which boxes follow: whichever of the two the bus needs, masks are drawn."""
    found = recommend({"leaf": MASKS, "bus": {"occlusion": "unknown"}})
    assert found.own["classes"][1]["status"] == "undecided"
    assert (found.status, found.candidates) == ("decided", ["instance_segmentation"])
    assert found.outcome.document["ask_next"] is None


@pytest.mark.parametrize(
    ("purposes", "answers", "drawn", "settles", "assumed"),
    [
        ("find_objects+trace_lines", {}, BOXES_AND_LINES, [0, 2], ["orientation_matters", "count_matters"]),
        ("find_objects+trace_lines", {"count_matters": "yes"}, BOXES_AND_LINES, [2, 2], ["orientation_matters"]),
        ("find_objects+measure_objects", {}, ["instance_segmentation"], [1, 2], ["count_matters"]),
        ("find_objects+measure_objects", {"count_matters": "yes"}, ["instance_segmentation"], None, []),
        ("count_objects+read_pose", {}, ["keypoints"], None, []),
        ("count_objects+measure_objects", {}, ["instance_segmentation"], None, []),
        ("count_objects+measure_objects", {"count_matters": "unknown"}, ["instance_segmentation"], None, []),
    ],
)
def test_purposes_are_as_sure_as_the_label_that_covers_them(purposes, answers, drawn, settles, assumed):
    """What one purpose leaves open counts only if it changes what is drawn for all; so do answers that settle it."""
    document = Recommender(PURPOSE_FIRST).recommend(UseCase("A", {"purpose": purposes, **answers})).document()
    assert (document["covering"]["strategies"], document["assumed"]) == (drawn, assumed)
    assert document["status"] == ("provisional" if settles else "decided")
    assert (document["ask_next"] and document["ask_next"]["settles"]) == settles
    assert bool(questions_to_ask(PURPOSE_FIRST, {"purpose": purposes, **answers})) == bool(settles)


def test_an_answer_that_is_given_outweighs_what_a_purpose_implies():
    """Who counts tells things apart, unless the use case says no, which is then warned of."""
    answers = {"purpose": "count_objects+measure_objects", "count_matters": "no", "extent_visible": "yes"}
    document = Recommender(PURPOSE_FIRST).recommend(UseCase("A", answers)).document()
    assert document["covering"]["strategies"] == ["object_detection", "semantic_segmentation"]
    assert [one["text"].partition(":")[0] for one in document["warnings"]] == ["Two answers do not fit together"]


def test_change_of_an_answer_names_all_that_would_be_drawn():
    """Who finds and maps, and then uses the angle, draws oriented boxes plus the map; who only finds, boxes alone."""
    case = UseCase("A", {"purpose": "find_objects+map_surfaces", "orientation_matters": "no"})
    found = Recommender(PURPOSE_FIRST).recommend(case).outcome.document["alternatives"]
    assert [(one["strategy"], one["beside"]) for one in found if "orientation_matters" in one["change"]] == [
        ("oriented_boxes", ["semantic_segmentation"])
    ]
    assert [one["beside"] for one in found if one["change"] == {"purpose": "find_objects"}] == [[]]


def test_change_of_a_class_leaves_the_labels_of_the_others():
    """If cars hid one another, they would need masks, and the soil would still be mapped."""

    def changes(found):
        return {(one["strategy"], *one["beside"]): one["change"] for one in found.outcome.document["alternatives"]}

    assert changes(recommend({"car": {}, "soil": MAP})) == {
        ("instance_segmentation", "semantic_segmentation"): {"occlusion": "high"},
        ("semantic_segmentation",): {"count_matters": "no"},
    }
    of_soil = recommend({"soil": MAP, "leaf": MASKS})
    assert of_soil.own["led_by"] == "soil"
    assert changes(of_soil) == {("instance_segmentation",): {"count_matters": "yes"}}


@pytest.mark.parametrize("purposes", ["find_objects+measure_objects", "find_objects+map_surfaces"])
@pytest.mark.parametrize("count_matters", ["yes", "no"])
def test_a_label_takes_the_same_wherever_it_is_shown(purposes, count_matters):
    """A map of three polyps in each of 1,000 images takes 95.7 hours, recommended, as an alternative, and compared."""
    answers = {"purpose": purposes, "count_matters": count_matters, "orientation_matters": "no"}
    found = Recommender(PURPOSE_FIRST).recommend(UseCase("Polyps", answers, images=1000, objects_per_image=3))
    compared = compare(PURPOSE_FIRST, [], found)["strategies"]
    columns = {column["strategy"]["id"]: column["estimate"] for column in compared}
    assert columns["semantic_segmentation"]["hours"]["typical"] == 95.7
    for line in found.effort["strategies"]:
        assert line == columns[line["strategy"]]


def test_labels_of_which_one_has_no_published_time_have_no_sum():
    """Nobody published what a polyline takes, so keypoints alone are not what both take."""
    case = UseCase("A", {"purpose": "read_pose+trace_lines", "count_matters": "yes"}, images=1000, objects_per_image=3)
    effort = Recommender(PURPOSE_FIRST).recommend(case).effort
    assert [line["hours"] is None for line in effort["strategies"][:2]] == [False, True]
    assert (effort["hours"], effort["total"]) == (None, None)


def test_classes_can_decide_a_whole_that_is_undecided():
    """What the whole leaves open need not matter once every class is settled."""
    found = recommend({"soil": MAP}, {"count_matters": "yes"})
    assert (found.decided, found.strategy["id"]) == (True, "semantic_segmentation")
    assert found.outcome.document["candidates"] == []


def test_the_label_that_covers_is_no_reason_against_itself():
    """What covers the classes is not listed among the strategies that were not chosen."""
    document = recommend({"road": MAP, "car": {}}, PURPOSE, PURPOSE_FIRST).document()
    assert "panoptic_segmentation" not in {entry["strategy"] for entry in document["why_not"]}
    assert {source for part in document["architectures"] for source in part["sources"]} <= document["references"].keys()


def test_labels_drawn_side_by_side_add_up():
    """100 maps of surfaces, 0.47 of a scene each, and 1,000 boxes: the hours of the whole are their sum."""
    found = recommend({"soil": MAP, "head": {}}, images=100, objects_per_image=10)
    effort = found.effort
    boxes, maps = effort["strategies"][:2]
    assert (boxes["strategy"], maps["strategy"]) == ("object_detection", "semantic_segmentation")
    assert effort["total"]["typical"] == pytest.approx(5.03 + 21.58, abs=0.01)


def test_map_beside_another_label_shows_only_surfaces():
    """Heads have boxes of their own, so the map takes one outline of the soil in each image, not eleven."""
    settings = {"surfaces": 1}
    found = recommend({"soil": MAP, "head": {}}, images=100, objects_per_image=10, effort=settings).effort
    assert found["strategies"][1]["basis"] == "outlines"
    assert found["total"]["typical"] == pytest.approx(5.03 + 3.19, abs=0.01)
    assert found["total"]["open_end"] is True


def test_map_of_a_class_that_has_boxes_too_shows_its_objects():
    """A polyp is found and mapped: the map takes an outline of each, though it has a box as well."""
    answers = {"purpose": "find_objects+map_surfaces", "orientation_matters": "no"}
    found = recommend({"polyp": {}}, answers, PURPOSE_FIRST, images=1000, objects_per_image=3).effort
    assert found["strategies"][1]["hours"]["typical"] == 95.7


def test_one_label_has_no_sum():
    """Where one label covers all classes, its own line is the total."""
    assert recommend({"leaf": MASKS, "pot": {}}, images=100, objects_per_image=10).effort["total"] is None


def test_parts_of_a_label_that_covers_are_shown_beside_it():
    """Who maps surfaces and measures objects sees both ways, with their hours and why it is panoptic."""
    case = UseCase("Street", {"purpose": "map_surfaces+measure_objects"}, images=1000, objects_per_image=10)
    found = Recommender(PURPOSE_FIRST).recommend(case)
    screen, page = (
        " ".join("".join(terminal.PLUGIN.recommendations([found], PURPOSE_FIRST, Page(full=full))).split())
        for full in (False, True)
    )
    assert "Why Purposes need instance segmentation and semantic segmentation; one label holds them together." in screen
    assert "or instance segmentation plus semantic segmentation: 535 hours" in screen
    assert "Instance segmentation plus semantic segmentation: with the same answers, each drawn by itself." in page
    assert "Instance segmentation plus semantic 535 13 segmentation 208 to 1,169+ 5.2 to 29+ each drawn" in page


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question: st.sampled_from([*PURPOSE_FIRST.questions[question]["answers"], "unknown"])
        for question in PURPOSE_FIRST.order
    },
)


@settings(max_examples=100, deadline=None)
@given(ANSWERS, st.dictionaries(st.sampled_from("abcd"), ANSWERS, min_size=1))
def test_what_covers_gives_every_class_its_label(answers, classes):
    """Whatever the classes answer: each label is drawn, held by one that is drawn, or can be made from such a one."""
    found = recommend(classes, answers, PURPOSE_FIRST)
    needed = {strategy for entry in found.own["classes"] for strategy in entry["strategies"]}
    if found.own["covering"] is None:
        assert (found.strategy, found.status) == (None, "undecided")
        return
    drawn = set(found.own["covering"]["strategies"])
    assert drawn
    assert found.strategy["id"] in drawn
    for strategy in needed - drawn:
        texts = [PURPOSE_FIRST.strategies[one] for one in drawn]
        reached = {conversion["strategy"] for text in texts for conversion in text["converts_to"]}
        assert strategy in {one for text in texts for one in text["combines"]} | reached


def test_a_path_that_is_of_one_class_says_of_which():
    """The way is that of the class which needs most, or of the first undecided one; else that of the whole."""
    led = recommend({"pot": {}, "leaf": MASKS})
    assert led.own["led_by"] == "leaf"
    assert {step["question"]: step["answer"] for step in led.outcome.document["path"]}.items() >= MASKS.items()
    assert recommend({"car": {}, "bus": {"occlusion": "unknown"}}).own["led_by"] == "bus"
    assert recommend({"car": {}, "soil": MAP}).own["led_by"] is None
    assert recommend({"car": {}, "bus": {}}).own["led_by"] is None


def shown(classes):
    return "".join(terminal.PLUGIN.recommendations([recommend(classes)], RULES, Page()))


def test_page_says_whose_reasons_it_gives():
    """Where classes need different labels, the reasons are headed by the class, or the whole, that they are of."""
    page = shown({"pot": {}, "leaf": MASKS})
    assert all(f"\n{title}, for the class leaf\n" in page for title in ("Why", "Why not"))
    assert "\nWhy, for the whole\n" in shown({"car": {}, "soil": MAP})
    assert "\nWhy\n" in shown({"car": {}, "bus": {}})


def test_page_lists_what_is_possible_for_the_class_that_is_open():
    """What the whole answers is not open, though a class leaves it so."""
    page = shown({"car": {}, "bus": {"occlusion": "unknown"}})
    open_ = page.partition("What is still possible, for the class bus\n")[2].partition("\n\n")[0]
    assert "Instance segmentation if occlusion=high" in open_


def test_three_labels_are_listed_as_a_sentence():
    """Commas stand between all but the last two."""
    because = recommend({"car": {}, "soil": MAP, "leaf": MASKS}).own["covering"]["because"]
    assert because.startswith("Classes need object detection, semantic segmentation and instance segmentation; ")


def test_a_whole_is_explained_by_the_part_that_asks_the_most():
    """Whoever counts and measures is told of measuring, and of no experts who chose another label."""
    answers = {"purpose": "count_objects+measure_objects", "extent_visible": "yes", "count_matters": "yes"}
    case = UseCase("Forest", answers, classes={"crown": {}, "ground": {"purpose": "map_surfaces"}})
    found = Recommender(PURPOSE_FIRST).recommend(case)
    document = found.outcome.document
    assert found.candidates == ["panoptic_segmentation"]
    assert document["path"][0]["answer"] == "measure_objects"
    assert document["precedents"] is None
    assert "instance_segmentation" not in {entry["strategy"] for entry in document["why_not"]}
    ground = found.own["classes"][1]
    assert ground["precedents"]["agree"] > 0
    assert ground["precedents"]["chosen"][0]["strategy"] == "semantic_segmentation"


def test_a_whole_that_needs_the_label_of_one_part_has_its_precedents():
    """Where one purpose's label covers the others, its experts are counted."""
    answers = {"purpose": "count_objects+measure_objects", "extent_visible": "yes", "count_matters": "yes"}
    document = Recommender(PURPOSE_FIRST).recommend(UseCase("Crowns", answers)).outcome.document
    assert document["strategy"]["id"] == "instance_segmentation"
    assert document["precedents"]["chosen"][0]["strategy"] == "instance_segmentation"
