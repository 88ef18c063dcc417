"""What `check` says of a use case, and how it counts."""

import pytest

from annostrat.errors import InputError, Location, Problem
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.expectation import Summary, judge, summarise
from annostrat.use_cases.use_case import UseCase

RULES, DEFAULT = load_rules("infographic"), load_rules()


def judged(answers, *expect):
    """Return the verdict on answers and an expectation."""
    return judge(Recommender(RULES).recommend(UseCase("A name", answers, expect=expect)))


@pytest.mark.parametrize(
    ("answers", "expect", "status"),
    [
        ({"count_matters": "no"}, ["semantic_segmentation"], "as_expected"),
        ({"count_matters": "no"}, ["object_detection", "semantic_segmentation"], "as_expected"),
        ({"count_matters": "no"}, ["object_detection"], "differs"),
        ({"count_matters": "no"}, [], "no_expectation"),
        ({"count_matters": "yes"}, [], "undecided"),
        ({"count_matters": "yes"}, ["object_detection"], "undecided"),
        ({"count_matters": "yes"}, ["semantic_segmentation"], "differs"),
    ],
)
def test_verdict_compares_recommendation_and_expectation(answers, expect, status):
    """A case differs as soon as what it expects is impossible, even while it is undecided."""
    assert judged(answers, *expect).status == status


@pytest.mark.parametrize(
    ("answers", "expect", "status", "fails"),
    [
        ({"purpose": "map_surfaces"}, ["semantic_segmentation"], "as_expected", False),
        ({"count_matters": "no"}, ["semantic_segmentation"], "provisional", True),
        ({"count_matters": "no"}, [], "provisional", True),
        ({"count_matters": "no"}, ["points"], "differs", True),
        ({}, [], "undecided", True),
    ],
)
def test_what_is_not_decided_fails_only_when_strict(answers, expect, status, fails):
    """An expected strategy that an unanswered question could still change is provisional, and fails under --strict."""
    result = Recommender(DEFAULT).recommend(UseCase("A name", answers, expect=tuple(expect)))
    assert (judge(result).status, judge(result, strict=True).status) == (status, status)
    assert judge(result, strict=True).fails is fails
    assert judge(result).fails is (status == "differs")


def test_verdict_says_why_it_differs():
    """The message names what was expected, what is recommended, and the answers that led there."""
    message = "expected object_detection, but the rules recommend semantic_segmentation (count_matters=no)"
    assert judged({"count_matters": "no"}, "object_detection").message == message
    message = (
        "expected semantic_segmentation, but the rules leave instance_segmentation or object_detection "
        "(count_matters=yes, occlusion=unknown, shape_variance=unknown, compute_budget=unknown)"
    )
    assert judged({"count_matters": "yes"}, "semantic_segmentation").message == message


def test_verdict_on_an_unreadable_file_keeps_every_problem():
    """A file that cannot be read is a verdict of its own, with all its problems."""
    problems = [Problem(Location("a.yaml", line, 1), f"wrong {line}") for line in (1, 2)]
    verdict = judge(InputError(problems))
    assert (verdict.status, verdict.name, verdict.location) == ("unreadable", "a.yaml", Location("a.yaml", 1, 1))
    assert verdict.problems == tuple(problems)


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        (Summary(), "0 use cases"),
        (Summary(as_expected=1), "1 use case: 1 as expected"),
        (Summary(as_expected=11, differs=1), "12 use cases: 11 as expected, 1 differs"),
        (Summary(differs=2, undecided=1), "3 use cases: 2 differ, 1 undecided"),
        (Summary(provisional=2), "2 use cases: 2 provisional"),
        (Summary(no_expectation=3), "3 use cases: 3 without expectation"),
        (Summary(as_expected=1, unreadable=2), "1 use case: 1 as expected; 2 could not be read"),
    ],
)
def test_summary_reads_as_a_sentence(summary, text):
    """The summary counts use cases by verdict, and says nothing of kinds that do not occur."""
    assert str(summary) == text


@pytest.mark.parametrize(
    ("summary", "code", "strict"),
    [
        (Summary(as_expected=1), 0, 0),
        (Summary(no_expectation=1), 0, 0),
        (Summary(undecided=1), 0, 1),
        (Summary(provisional=1), 0, 1),
        (Summary(differs=1), 1, 1),
        (Summary(unreadable=1), 2, 2),
        (Summary(differs=1, unreadable=1), 2, 2),
    ],
)
def test_summary_decides_the_exit_code(summary, code, strict):
    """Unreadable is 2 before all else, then 1 where something differs, or is undecided and that is forbidden."""
    assert (summary.exit_code(strict=False), summary.exit_code(strict=True)) == (code, strict)


def test_summary_counts_verdicts():
    """Every verdict is counted once, by its status."""
    verdicts = [judged({"count_matters": "no"}), judged({"count_matters": "yes"}), judged({"count_matters": "yes"})]
    assert summarise(verdicts) == Summary(undecided=2, no_expectation=1)
