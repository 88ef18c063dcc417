"""The example stories are promises: each leads to the strategy that it expects, and together they visit everything."""

from pathlib import Path

import pytest

from annostrat.errors import InputError
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender, one_by_one
from annostrat.use_cases.files import read_use_cases

FOLDER = Path(__file__).parents[2] / "examples" / "use_cases"
RULES = load_rules()
CASES = list(read_use_cases([str(FOLDER)], RULES))


@pytest.mark.parametrize("case", CASES, ids=lambda case: getattr(case, "name", "unreadable"))
def test_story_leads_to_what_it_expects(case):
    """A story is readable, says why, names its field and objects, and gets a strategy that it accepts."""
    assert not isinstance(case, InputError)
    assert case.description
    assert case.domain
    assert case.objects
    result = Recommender(RULES).recommend(case)
    if case.expect:
        assert set(result.candidates) <= set(case.expect)
    else:
        assert result.status == "undecided"


def test_stories_come_from_many_fields():
    """There are at least fifteen, each with a name of its own, from at least ten fields."""
    assert len({case.name for case in CASES}) == len(CASES) >= 15
    assert len({case.domain for case in CASES}) >= 10


def test_stories_cover_every_purpose_strategy_and_status():
    """Every purpose and strategy has a story; so have several purposes, classes of their own, and an open case."""
    results = [Recommender(RULES).recommend(case) for case in CASES]
    own = [answers for case in CASES for answers in (case.answers, *case.classes.values())]
    given = {way.get("purpose") for answers in own for way in one_by_one(RULES, answers)}
    assert set(RULES.questions["purpose"]["answers"]) <= given
    assert set(RULES.strategies) == {strategy for result in results for strategy in result.candidates}
    assert {result.status for result in results} == {"decided", "provisional", "undecided"}
    assert any(result.own["purposes"] for result in results)
    assert any("purpose" in answers for case in CASES for answers in case.classes.values())
    assert any(case.effort.get("assistance") for case in CASES)
