"""The example stories are promises: each leads to the strategy that it expects, and together they visit everything."""

from pathlib import Path

import pytest

from annostrat.engine import Recommender
from annostrat.errors import InputError
from annostrat.knowledge.loader import load_rules
from annostrat.use_case_files import read_use_cases
from annostrat.walks import walk

FOLDER = Path(__file__).parents[2] / "examples" / "use_cases"
RULES = load_rules()
CASES = list(read_use_cases([str(FOLDER)], RULES))


@pytest.mark.parametrize("case", CASES, ids=lambda case: getattr(case, "name", "unreadable"))
def test_story_leads_to_what_it_expects(case):
    """A story is readable, says why, is decided, and gets a strategy that it accepts."""
    assert not isinstance(case, InputError)
    assert case.description
    result = Recommender(RULES).recommend(case)
    assert result.decided
    assert result.strategy["id"] in case.expect


def test_stories_come_from_many_fields():
    """There are at least fifteen, each with a name of its own."""
    assert len({case.name for case in CASES}) == len(CASES) >= 15


def test_stories_take_every_branch_and_give_every_answer():
    """No branch of the tree and no answer of its questions is without a story."""
    taken = {(step[0], step[1], step[2]) for case in CASES for step in walk(RULES, case.answers)[1]}
    branches = {branch for node in RULES.nodes.values() for branch in node.branches.values()}
    assert {branch for _, _, branch in taken} == branches
    given = {(question, answer) for case in CASES for question, answer in case.answers.items()}
    offered = {(question, answer) for question in RULES.order for answer in RULES.questions[question]["answers"]}
    assert offered <= given
