"""A fault of annostrat is told with its file, ends none of the others, and is not the 1 of a check that fails."""

import json

import pytest

from annostrat.recommendation.engine import Recommender
from annostrat.use_cases import files

GOOD = "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n"
UNLUCKY = "name: unlucky\nanswers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n"
FAULT = "annostrat failed at this file: ZeroDivisionError in test_faults.py:"


@pytest.fixture
def cases(save):
    """Three files, of which the second one is the unlucky one."""
    save("1.yaml", GOOD)
    save("2.yaml", UNLUCKY)
    save("3.yaml", GOOD)
    return ["1.yaml", "2.yaml", "3.yaml"]


@pytest.fixture(params=["reading", "recommending", "memory"])
def failing(request, monkeypatch):
    """Let annostrat fail at the unlucky use case; returns what is told of it."""
    read, recommend = files.read_use_case, Recommender.recommend
    error = MemoryError() if request.param == "memory" else ZeroDivisionError("by zero")

    def failing_read(document, rules, name):
        if document.data.get("name") == "unlucky":
            raise error
        return read(document, rules, name)

    def failing_recommend(self, case):
        if case.name == "unlucky":
            raise error
        return recommend(self, case)

    if request.param == "reading":
        monkeypatch.setattr(files, "read_use_case", failing_read)
    else:
        monkeypatch.setattr(Recommender, "recommend", failing_recommend)
    return "there is too little memory for it" if request.param == "memory" else FAULT


def test_a_fault_at_one_use_case_leaves_the_others(annostrat, cases, failing):
    """The others are recommended for, the unlucky file is named, and the exit code is 2."""
    found = annostrat("recommend", *cases, "-f", "jsonl")
    names = [json.loads(line).get("name") for line in found.out.splitlines()]
    assert (found.code, names) == (2, ["1", None, "3"])
    assert found.err.startswith(f"2.yaml: {failing}")


def test_a_fault_is_no_verdict(annostrat, cases, failing):
    """`check` calls the unlucky use case unreadable, not different, judges the others, and exits with 2."""
    found = annostrat("check", *cases, "-f", "json")
    document = json.loads(found.out)
    assert (found.code, [case["status"] for case in document["cases"]]) == (
        2,
        ["as_expected", "unreadable", "as_expected"],
    )
    assert failing in found.out


def test_a_fault_of_a_command_is_a_traceback_and_exit_code_2(annostrat, monkeypatch):
    """What fails as a whole shows where, asks for a report, and is not mistaken for a check that does not hold."""
    from annostrat.cli.commands import compare

    monkeypatch.setattr(compare, "compare", lambda *_: 1 / 0)
    found = annostrat("compare", "points")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("Traceback (most recent call last):\n")
    assert found.err.endswith(
        "annostrat: this is a bug in annostrat: please report it with the command and its files\n"
    )
