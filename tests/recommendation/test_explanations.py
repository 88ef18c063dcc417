"""The whole explanation of each kind of case, as a text that a person can read and review.

The trees are copies that stay as they are when the shipped ones change. After a change that is meant,
`python tests/recommendation/test_explanations.py` writes the files again.
"""

import json
from pathlib import Path

import pytest

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.fields import JOINT
from annostrat.use_cases.use_case import UseCase

FILES = Path(__file__).parent / "explanations"
PARTS = ("path", "candidates", "assumed", "ask_next", "start_with", "alternatives", "why_not", "second_opinion")
CASES = {
    "decided": ("infographic", UseCase("a", {"count_matters": "no"})),
    "provisional": ("purpose_first", UseCase("a", {"purpose": "find_objects"})),
    "undecided": ("infographic", UseCase("a", {"count_matters": "yes"})),
    "nothing_answered": ("purpose_first", UseCase("a", {})),
    "unknown_answers": ("infographic", UseCase("a", {"count_matters": "unknown", "occlusion": "high"})),
    "second_opinion_answered": ("purpose_first", UseCase("a", {"purpose": "find_objects", "count_matters": "no"})),
    "several_purposes": ("purpose_first", UseCase("a", {"purpose": JOINT.join(["find_objects", "map_surfaces"])})),
    "second_opinion_differs": (
        "infographic",
        UseCase("a", {"count_matters": "yes", "occlusion": "high", "purpose": "map_surfaces"}),
    ),
    "second_opinion_agrees": (
        "infographic",
        UseCase("a", {"count_matters": "no", "purpose": "map_surfaces"}),
    ),
    "classes_covered_by_one": (
        "purpose_first",
        UseCase("a", {}, classes={"car": {"purpose": "find_objects"}, "road": {"purpose": "map_surfaces"}}),
    ),
    "classes_partly_undecided": (
        "infographic",
        UseCase("a", {"count_matters": "yes"}, classes={"car": {"occlusion": "high"}, "tree": {}}),
    ),
    "classes_alike": (
        "purpose_first",
        UseCase("a", {"purpose": "find_objects"}, classes={"car": {}, "bus": {}}),
    ),
}


def explanation(name):
    """Return what the rules say of a case and why, as indented text."""
    tree, case = CASES[name]
    found = Recommender(load_rules(str(FILES / "trees" / f"{tree}.yaml"))).recommend(case)
    document, own = found.outcome.document, found.own
    shown = {
        "status": document["status"],
        "strategies": found.candidates,
        **{key: document[key] for key in PARTS},
        "covering": own["covering"],
        "led_by": own["led_by"],
        "classes": [{**one, "precedents": None} for one in own["classes"]],
        "purposes": [{**one, "precedents": None} for one in own["purposes"]],
    }
    return json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_explanation_is_the_one_that_was_reviewed(name):
    """Every sentence and every order of the explanation is as the file says."""
    assert explanation(name) == (FILES / f"{name}.txt").read_text("utf-8")


if __name__ == "__main__":
    for case_name in CASES:
        (FILES / f"{case_name}.txt").write_text(explanation(case_name), "utf-8")
