"""Tips and warnings: those that the answers call for, none that an answer refutes, and figures that can be counted."""

import re
from collections import Counter
from pathlib import Path

import pytest

from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.paths import standing
from annostrat.recommendation.recommendation import Outcome, applies
from annostrat.use_cases.use_case import UseCase

RULES = load_rules()
ARTICLE = {"label_yourself", "prototype_first", "check_quality"}
MASKS = {"count_matters": "yes", "occlusion": "high"}
WHEN = {"strategies": ["points"], "answers": {"occlusion": ["low", "unknown"]}, "domains": ["marine"]}
UNLESS = {"answers": {"purpose": ["find_objects"]}, "domains": ["food"]}
NOTHING = {"answers": {}, "domains": []}


def advised(answers, domain=None):
    """Return the ids of the tips and warnings for some answers."""
    document = Outcome(RULES, answers, UseCase("A project", answers, domain=domain)).document
    return {tip["id"] for tip in (*document["tips"], *document["warnings"])}


@pytest.mark.parametrize(
    ("strategy", "answers", "domain", "expected"),
    [
        ("points", {}, "marine", True),
        ("points", {"occlusion": "low"}, "marine", True),
        ("points", {"occlusion": "high"}, "marine", False),
        ("keypoints", {}, "marine", False),
        ("points", {}, None, False),
        ("points", {"purpose": "find_objects"}, "marine", False),
        ("points", {"purpose": "count_objects+find_objects"}, "marine", False),
        ("points", {"purpose": "count_objects"}, "marine", True),
    ],
)
def test_advice_applies_if_all_holds_and_nothing_refutes_it(strategy, answers, domain, expected):
    """Strategy, answers and field must all fit, a missing answer is `unknown`, and one refuting answer is enough."""
    assert applies(WHEN, UNLESS, strategy, answers, domain) is expected


def test_advice_without_conditions_always_applies():
    """What waits for nothing and is refuted by nothing is said to everybody."""
    assert applies({"strategies": [], **NOTHING}, NOTHING, None, {})


def test_nobody_is_asked_for_an_outline_that_they_use():
    """The doubt whether somebody uses the outline is gone once that is the purpose; so is the one about occlusion."""
    assert {"outline_used", "occlusion_alone"} <= advised(MASKS)
    measured = advised({**MASKS, "purpose": "measure_objects"})
    assert not {"outline_used", "occlusion_alone"} & measured


def test_nobody_who_needs_single_things_is_told_that_a_map_is_enough():
    """The warning for panoptic labels waits for an answer, and goes with it."""
    both = {"purpose": "map_surfaces_and_objects"}
    assert "map_enough" in advised(both)
    assert "map_enough" not in advised({**both, "count_matters": "yes"})


def test_nobody_who_only_finds_things_is_sent_to_outlines():
    """Changing shapes speak against boxes only while nobody has said that a rectangle is enough."""
    look = {"count_matters": "yes", "occlusion": "low", "shape_variance": "moderate", "compute_budget": "limited"}
    assert "loose_boxes" in advised(look)
    assert "loose_boxes" not in advised({**look, "purpose": "find_objects", "orientation_matters": "no"})


def test_boxes_first_is_said_until_there_is_money_for_everything():
    """The plan for a tight budget is seen before anybody is asked for the budget."""
    measure = {"purpose": "measure_objects", "count_matters": "yes"}
    assert "boxes_first" in advised(measure)
    assert "boxes_first" in advised({**measure, "label_budget": "tight"})
    assert "boxes_first" not in advised({**measure, "label_budget": "ample"})


def test_inspection_without_bad_examples_needs_no_label_at_first():
    """In a factory, anomaly detection is mentioned before any label; elsewhere it is not."""
    find = {"purpose": "find_objects", "orientation_matters": "no"}
    assert "good_examples_only" in advised(find, "industry")
    assert "good_examples_only" not in advised(find, "wildlife")
    assert "good_examples_only" not in advised(find)


def test_thin_and_faint_shapes_come_with_a_warning_about_promptable_models():
    """Where assistants fail is said where it matters, once."""
    thin = advised({"purpose": "trace_lines", "count_matters": "no"})
    assert "thin_shapes" in thin
    assert "hardest_first" not in thin
    assert "faint_shapes" in advised({"purpose": "map_surfaces", "extent_visible": "no"})


def test_a_full_heading_is_not_an_oriented_box():
    """Whoever draws oriented boxes learns that they have no front."""
    assert "full_heading" in advised({"purpose": "find_objects", "orientation_matters": "yes"})


def test_the_tips_of_the_article_stay_dated_and_after_those_of_today():
    """The three tips of 2021 say so, and what changed since comes before them."""
    document = Outcome(RULES, {"purpose": "find_objects"}).document
    order = [tip["id"] for tip in document["tips"]]
    assert set(order[-3:]) == ARTICLE
    assert order[0] == "verify_boxes"
    for tip in document["tips"][-3:]:
        assert tip["text"].startswith("The article of 2021 advises: ")


def test_figures_of_our_comparison_are_those_of_the_shipped_projects():
    """What tips say of published choices can be counted in the projects that ship."""
    path = Path(__file__).parents[2] / "examples" / "expert_decisions" / "benchmark.yaml"
    cases = [document.data for document in yaml_source.read_file(str(path))]
    article = load_rules("infographic")

    def chosen(wanted):
        return Counter(case["expect"] for case in cases if wanted(case["answers"]))

    text = {entry["tip"]["id"]: entry["tip"]["text"] for entry in RULES.tips}
    hidden = chosen(lambda given: given.get("occlusion") == "high" and given.get("count_matters") == "yes")
    assert (hidden.total(), hidden["object_detection"], hidden["instance_segmentation"]) == (13, 6, 5)
    assert re.search("Of 13 projects .* six were labelled with boxes and five with masks", text["occlusion_alone"])
    masks = chosen(lambda given: standing(article, given).chosen == "instance_segmentation")
    assert (masks.total(), masks["instance_segmentation"], masks["object_detection"]) == (61, 18, 23)
    assert re.search("of 61 projects .* 18 drew masks and 23 boxes", text["outline_used"])
    both = chosen(lambda given: given["purpose"] == "map_surfaces_and_objects")
    assert (both.total(), both["semantic_segmentation"]) == (8, 3)
    assert re.search("Of eight projects .* three made do with a map", text["map_enough"])
    lines = chosen(lambda given: given["purpose"] == "trace_lines")
    assert (lines.total(), lines["polyline"], lines["semantic_segmentation"]) == (7, 3, 3)
    assert re.search("Of seven projects .* three drew lines and three thin regions", text["lines_stay_lines"])
