"""The extended rule set: purpose comes first, not knowing falls through, and the label budget changes only the plan."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.engine import Recommender
from annostrat.knowledge.loader import load_rules
from annostrat.use_case import UseCase

EXTENDED, INFOGRAPHIC = load_rules("extended"), load_rules("infographic")
CORE = ("count_matters", "occlusion", "shape_variance", "compute_budget")


def recommended(rules=EXTENDED, **answers):
    """Return the strategy for some answers, or None while undecided."""
    strategy = Recommender(rules).recommend(UseCase("A", answers)).strategy
    return strategy and strategy["id"]


@pytest.mark.parametrize(
    ("answers", "strategy"),
    [
        ({"needs_location": "no"}, "image_classification"),
        ({"landmarks_needed": "yes"}, "keypoints"),
        ({"thin_structures": "yes"}, "polyline"),
        ({"surfaces_and_objects": "yes", "count_matters": "yes"}, "panoptic_segmentation"),
        ({"outline_needed": "no", "orientation_matters": "yes"}, "oriented_boxes"),
        (
            {"outline_needed": "no", "orientation_matters": "no", "number_is_enough": "yes", "many_objects": "yes"},
            "points",
        ),
        ({"outline_needed": "no"}, "object_detection"),
        ({"outline_needed": "yes", "count_matters": "yes"}, "instance_segmentation"),
        ({"outline_needed": "yes", "count_matters": "no"}, "semantic_segmentation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_strategy_is_reached_by_its_purpose(answers, strategy):
    """The purpose alone settles the label, whatever the images look like, and whether or not the rest was asked."""
    assert recommended(**answers) == strategy
    no = dict.fromkeys(("landmarks_needed", "thin_structures", "surfaces_and_objects"), "no")
    assert recommended(**{"needs_location": "yes", **no, **answers}) == strategy
    for occlusion, variance in product(("low", "high"), repeat=2):
        assert recommended(**answers, occlusion=occlusion, shape_variance=variance, boundary_clear="yes") == strategy


def test_nine_strategies_are_offered():
    """The three of the article and six more, each of which some answers lead to."""
    assert set(EXTENDED.offered) == {
        "object_detection",
        "semantic_segmentation",
        "instance_segmentation",
        "image_classification",
        "oriented_boxes",
        "keypoints",
        "polyline",
        "points",
        "panoptic_segmentation",
    }


def test_purpose_is_asked_before_imagery():
    """Nobody is asked for overlap or shapes before it is known what the result is for."""
    order = list(EXTENDED.order)
    purpose = ("needs_location", "landmarks_needed", "thin_structures", "surfaces_and_objects", "outline_needed")
    assert max(order.index(question) for question in purpose) < min(
        order.index(question) for question in ("occlusion", "shape_variance", "compute_budget")
    )


@pytest.mark.parametrize("count", ["yes", "no"])
def test_unknown_purpose_falls_through_to_the_infographic(count):
    """Whoever knows nothing of the purpose gets what the article's tree says, for every look of the images."""
    for words in product(("low", "moderate", "high"), ("low", "moderate", "high"), ("limited", "moderate", "ample")):
        answers = dict(zip(CORE, (count, *words), strict=True))
        assert recommended(**answers) == recommended(INFOGRAPHIC, **answers)
        unknown = dict.fromkeys((question for question in EXTENDED.order if question not in CORE), "unknown")
        assert recommended(**answers, **unknown) == recommended(**answers)


def test_many_objects_get_points_only_where_a_number_is_enough():
    """Many objects alone are no reason for points: their place and extent may be wanted."""
    assert recommended(outline_needed="no", many_objects="yes") == "object_detection"
    assert recommended(outline_needed="no", many_objects="no", number_is_enough="yes") == "object_detection"


def test_soft_borders_get_the_cheaper_label_with_a_warning():
    """Where two people would draw different outlines, a box is enough unless shapes differ much; the reason is said."""
    soft = {"outline_needed": "yes", "count_matters": "yes", "boundary_clear": "no"}
    assert recommended(**soft, shape_variance="low") == "object_detection"
    assert recommended(**soft, shape_variance="high") == "instance_segmentation"
    for variance, warned in (("low", "soft_border_boxes"), ("high", "unclear_borders")):
        found = Recommender(EXTENDED).recommend(UseCase("A", {**soft, "shape_variance": variance}))
        assert warned in {warning["id"] for warning in found.outcome.document["warnings"]}


def test_label_budget_is_not_asked_by_the_tree():
    """How much can be paid is no reason for a label, so the walk never asks it."""
    assert "label_budget" not in EXTENDED.order
    assert "label_budget" in EXTENDED.questions


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question: st.sampled_from([*EXTENDED.questions[question]["answers"], "unknown"]) for question in EXTENDED.order
    },
)


@given(ANSWERS)
def test_label_budget_never_changes_the_strategy(answers):
    """Tight, moderate or ample: the strategy, the way to it and its alternatives stay the same."""
    recommender = Recommender(EXTENDED)
    without = recommender.recommend(UseCase("A", answers)).outcome.document
    for budget in ("tight", "moderate", "ample", "unknown"):
        found = recommender.recommend(UseCase("A", {**answers, "label_budget": budget})).outcome.document
        for key in ("strategy", "decided", "path", "candidates", "alternatives", "why_not", "architectures"):
            assert found[key] == without[key]


@given(ANSWERS)
def test_every_step_has_a_reason(answers):
    """No recommendation comes without a sentence for each question walked."""
    for step in Recommender(EXTENDED).recommend(UseCase("A", answers)).outcome.document["path"]:
        assert step["because"].endswith(".")
