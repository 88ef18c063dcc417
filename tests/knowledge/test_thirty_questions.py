"""A tree of thirty questions with more paths than anybody could list is proved and recommends at once."""

import json
import time

import pytest

from annostrat.knowledge.integrity import all_problems
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import decide
from annostrat.recommendation.paths import differences, merged_paths, most_questions
from annostrat.render.drawing.outline import outline

QUESTIONS, WIDTH = 30, 4
QUESTION = """\
title: Question {number}
ask: "Question {number}?"
why: Why.
help: Help.
answers:
  low: {{title: Low, meaning: Low.}}
  moderate: {{title: Moderate, meaning: Moderate.}}
  high: {{title: High, meaning: High.}}
"""
STRATEGIES = ("object_detection", "instance_segmentation", "semantic_segmentation", "points")


def wide_tree():
    """Return a tree whose questions are each asked at four nodes, reached from three nodes of the one before."""
    nodes = []
    for number in range(QUESTIONS):
        for column in range(min(WIDTH, 2 * number + 1)):
            branches = []
            for turn, answer in enumerate(("low", "moderate", "high")):
                target = (column + turn) % WIDTH
                last = number == QUESTIONS - 1
                end = {"strategy": STRATEGIES[target]} if last else {"go": f"n{number + 1}_{target}"}
                branches.append({"when": answer, "because": f"It is {answer}.", **end})
            nodes.append({"id": f"n{number}_{column}", "ask": f"q{number}", "branches": branches})
    head = {"title": "Wide", "version": "1.0.0", "licence": "MIT", "summary": "Wide.", "sources": []}
    return {**head, "strategies": [*STRATEGIES], "nodes": nodes}


@pytest.fixture
def rules(world):
    """The wide tree with its questions, loaded as any other."""
    for number in range(QUESTIONS):
        world.write(f"questions/q{number}.yaml", QUESTION.format(number=number))
    world.write("trees/wide.yaml", json.dumps(wide_tree()))
    return load_rules(str(world.folder / "trees" / "wide.yaml"))


def test_thirty_questions_are_proved_and_answered_without_listing_paths(rules, world):
    """3 to the power of 30 paths: proving takes about a second, all decisions another one."""
    begun = time.process_time()
    problems = all_problems(world.parsed(str(world.folder / "trees" / "wide.yaml")))
    assert problems == []
    proved = time.process_time()

    nothing = decide(rules, {}).document
    assert nothing["status"] == "undecided"
    assert nothing["ask_next"] == {"question": "q0", "settles": [0, 3], "settled_by": []}
    assert [entry["strategy"] for entry in nothing["candidates"]] == [*STRATEGIES]
    assert len(nothing["candidates"][0]["when"]) == QUESTIONS
    assert most_questions(rules, {}) == QUESTIONS

    answers = {f"q{number}": "low" for number in range(QUESTIONS - 1)}
    almost = decide(rules, answers).document
    assert [(entry["strategy"], entry["when"]) for entry in almost["candidates"]] == [
        ("object_detection", {"q29": ["low"]}),
        ("instance_segmentation", {"q29": ["moderate"]}),
        ("semantic_segmentation", {"q29": ["high"]}),
    ]
    assert almost["ask_next"] == {"question": "q29", "settles": [3, 3], "settled_by": ["low", "moderate", "high"]}
    whole = decide(rules, {**answers, "q29": "low"}).document
    assert whole["strategy"]["id"] == "object_detection"
    assert len(whole["alternatives"]) == 2 * QUESTIONS
    again = load_rules(str(world.folder / "trees" / "wide.yaml"))
    assert next(differences(rules, again), None) is None
    assert next(merged_paths(rules))[1] == "object_detection"
    assert max(node.layer for node in outline(rules, [answers]).nodes) == QUESTIONS - 1
    assert proved - begun < 30
    assert time.process_time() - proved < 30


def test_a_node_far_below_that_changes_nothing_is_found_in_thirty_questions(rules, world):
    """The proof that no answer has an effect looks at pairs of nodes, however many paths lead there."""
    tree = wide_tree()
    tree["nodes"][-1]["branches"] = [
        {"when": ["low", "moderate"], "because": "One.", "strategy": "points"},
        {"when": "high", "because": "Other.", "strategy": "points"},
    ]
    world.write("trees/wide.yaml", json.dumps(tree))
    problems = all_problems(world.parsed(str(world.folder / "trees" / "wide.yaml")))
    (problem,) = [problem for problem in problems if problem.code == "question-without-effect"]
    assert problem.message == "no answer to q29 changes the strategy at node 'n29_3'"
    assert problem.witness == "every answer leads to points"
