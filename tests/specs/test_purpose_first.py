"""The default rule set: the purpose first, then at most one question; and an assumption is never a decision."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender, most_to_ask, questions_to_ask
from annostrat.use_cases.use_case import UseCase

RULES, INFOGRAPHIC = load_rules(), load_rules("infographic")
ARTICLE = ("count_matters", "occlusion", "shape_variance", "compute_budget")
COMBINATIONS = list(product(("yes", "no"), *[("low", "moderate", "high")] * 2, ("limited", "moderate", "ample")))


def recommended(rules=RULES, **answers):
    """Return the recommendation for some answers."""
    return Recommender(rules).recommend(UseCase("A", answers))


def outcome(rules=RULES, **answers):
    """Return the status and the strategy, or None while undecided."""
    found = recommended(rules, **answers)
    return found.status, found.strategy and found.strategy["id"]


@pytest.mark.parametrize(
    ("answers", "strategy"),
    [
        ({"purpose": "tag_images"}, "image_classification"),
        ({"purpose": "find_objects", "orientation_matters": "yes"}, "oriented_boxes"),
        ({"purpose": "find_objects", "orientation_matters": "no"}, "object_detection"),
        ({"purpose": "count_objects", "extent_visible": "no"}, "points"),
        ({"purpose": "count_objects", "extent_visible": "yes"}, "object_detection"),
        ({"purpose": "measure_objects", "count_matters": "yes"}, "instance_segmentation"),
        ({"purpose": "measure_objects", "count_matters": "no"}, "semantic_segmentation"),
        ({"purpose": "map_surfaces"}, "semantic_segmentation"),
        ({"purpose": "map_surfaces_and_objects", "count_matters": "yes"}, "panoptic_segmentation"),
        ({"purpose": "map_surfaces_and_objects", "count_matters": "no"}, "semantic_segmentation"),
        ({"purpose": "read_pose"}, "keypoints"),
        ({"purpose": "trace_lines", "count_matters": "yes"}, "polyline"),
        ({"purpose": "trace_lines", "count_matters": "no"}, "semantic_segmentation"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value.values()),
)
def test_purpose_and_one_question_decide(answers, strategy):
    """The purpose and at most one question more settle the label, whatever the images look like."""
    assert outcome(**answers) == ("decided", strategy)
    for look in COMBINATIONS[::5]:
        imagery = dict(zip(ARTICLE[1:], look[1:], strict=True))
        assert outcome(**answers, **imagery) == ("decided", strategy)


def test_article_alone_gives_the_strategy_of_the_article_provisionally():
    """In all 54 combinations the four answers lead where the article's picture leads, and the purpose is asked for."""
    assert len(COMBINATIONS) == 54
    for words in COMBINATIONS:
        answers = dict(zip(ARTICLE, words, strict=True))
        found = recommended(**answers)
        assert found.strategy["id"] == outcome(INFOGRAPHIC, **answers)[1]
        assert found.status == "provisional"
        assert found.outcome.document["assumed"] == ["purpose"]
        assert found.outcome.document["ask_next"]["question"] == "purpose"
        assert outcome(**answers, purpose="unknown") == ("provisional", found.strategy["id"])
        assert outcome(INFOGRAPHIC, **answers)[0] == "decided"


def test_nothing_known_recommends_nothing():
    """With no answers at all no label is recommended, and the question that settles most is the purpose."""
    found = recommended()
    assert outcome() == ("undecided", None)
    assert {entry["strategy"] for entry in found.outcome.document["candidates"]} == set(RULES.offered)
    assert found.outcome.document["ask_next"] == {
        "question": "purpose",
        "settles": [3, 8],
        "settled_by": ["tag_images", "map_surfaces", "read_pose"],
    }


@pytest.mark.parametrize(
    ("purpose", "question", "usual"),
    [
        ("find_objects", "orientation_matters", "object_detection"),
        ("count_objects", "extent_visible", "object_detection"),
        ("measure_objects", "count_matters", "instance_segmentation"),
        ("map_surfaces_and_objects", "count_matters", "panoptic_segmentation"),
        ("trace_lines", "count_matters", "polyline"),
    ],
)
@pytest.mark.parametrize("said", [{}, {"unknown": True}], ids=["missing", "unknown"])
def test_open_question_makes_the_usual_answer_provisional(purpose, question, usual, said):
    """Where the one question that follows is open, the usual answer is assumed, and it is named."""
    answers = {"purpose": purpose, **({question: "unknown"} if said else {})}
    found = recommended(**answers)
    assert (found.status, found.strategy["id"]) == ("provisional", usual)
    assert found.outcome.document["assumed"] == [question]
    assert found.outcome.document["ask_next"] == {
        "question": question,
        "settles": [2, 2],
        "settled_by": ["yes", "no"],
    }


def test_nine_strategies_are_offered():
    """The three of the article and six more, each of which some answers lead to."""
    assert set(RULES.offered) == set(RULES.strategies)
    assert len(RULES.offered) == 9


def test_purpose_is_asked_before_imagery():
    """Nobody is asked for overlap or shapes before it is known what the result is for."""
    assert RULES.order[0] == "purpose"
    assert questions_to_ask(RULES, {})[0] == "purpose"
    for purpose in RULES.questions["purpose"]["answers"]:
        assert len(questions_to_ask(RULES, {"purpose": purpose})) <= 1


def test_label_budget_is_not_asked_by_the_tree():
    """How much can be paid is no reason for a label, so the walk never asks it."""
    assert "label_budget" not in RULES.order
    assert "label_budget" in RULES.questions


def answered(question):
    """Return a strategy of the answers to a question."""
    return st.sampled_from([*RULES.questions[question]["answers"], "unknown"])


ANSWERS = st.fixed_dictionaries({}, optional={question: answered(question) for question in RULES.order})


@given(ANSWERS)
@pytest.mark.slow
def test_label_budget_never_changes_the_strategy(answers):
    """Tight, moderate or ample: the strategy, the way to it and its alternatives stay the same."""
    recommender = Recommender(RULES)
    without = recommender.recommend(UseCase("A", answers)).outcome.document
    for budget in ("tight", "moderate", "ample", "unknown"):
        found = recommender.recommend(UseCase("A", {**answers, "label_budget": budget})).outcome.document
        for key in ("strategy", "status", "path", "candidates", "alternatives", "why_not", "architectures"):
            assert found[key] == without[key]


@given(ANSWERS)
def test_every_step_has_a_reason(answers):
    """No recommendation comes without a sentence for each question walked."""
    for step in recommended(**answers).outcome.document["path"]:
        assert step["because"].endswith(".")


@given(ANSWERS, st.data())
def test_bound_of_questions_is_true(answers, data):
    """Whatever is answered, unknown too, no more questions come than were announced."""
    announced = most_to_ask(RULES, answers)
    asked = 0
    answers = dict(answers)
    while missing := questions_to_ask(RULES, answers):
        assert asked + most_to_ask(RULES, answers) <= announced
        answers[missing[0]] = data.draw(answered(missing[0]))
        asked += 1
    assert asked <= announced


def test_questions_until_decided_are_few():
    """Once the purpose is known at most one question more is asked; whoever does not know it is asked the article's."""
    assert most_to_ask(RULES, {}) == 5
    assert max(most_to_ask(RULES, {"purpose": purpose}) for purpose in RULES.questions["purpose"]["answers"]) == 1
    assert most_to_ask(RULES, {"purpose": "find_objects+count_objects+measure_objects"}) == 2
