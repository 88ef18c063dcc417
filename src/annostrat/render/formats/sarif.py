"""SARIF 2.1.0, which code-scanning services show beside the code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annostrat.errors import Location, printable
from annostrat.knowledge.version import __version__
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Problem
    from annostrat.recommendation.expectation import Verdict

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    "differs": ("error", "The recommendation is not the one that the use case expects."),
    "contradicted": ("error", "The labels that the use case names contradict an answer."),
    "undecided": ("warning", "The answers leave more than one strategy possible."),
    "provisional": ("warning", "A question that could change the strategy is not answered."),
    "unreadable": ("error", "The file cannot be read, or does not say what a use case should."),
}


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one run whose results are the use cases that are not as expected."""
    found = []
    for verdict in results:
        found += [_problem("unreadable", problem) for problem in verdict.problems]
        if not verdict.problems and verdict.status in _RULES:
            level = "error" if verdict.fails else _RULES[verdict.status][0]
            found.append(_result(verdict.status, level, verdict.location, f"{verdict.name}: {verdict.message}"))
    yield _log(found, {rule: text for rule, (_, text) in _RULES.items()})


def problems(found: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one run whose results are the problems."""
    results = [_problem(problem.code, problem) for problem in found]
    yield _log(results, {problem.code: problem.code.replace("-", " ") for problem in found})


def _log(results: list[dict[str, Any]], rules: dict[str, str]) -> str:
    driver = {
        "name": "annostrat",
        "version": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": text}} for rule, text in rules.items()],
    }
    run = {"tool": {"driver": driver}, "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _problem(rule: str, problem: Problem) -> dict[str, Any]:
    return _result(rule, "error", problem.location, problem.text())


def _result(rule: str, level: str, location: Location, text: str) -> dict[str, Any]:
    from urllib.parse import quote

    region = {"startLine": location.line or 1, "startColumn": location.column or 1}
    artifact = {"uri": quote(location.path.replace("\\", "/"), errors="surrogatepass")}
    place = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    return {"ruleId": rule, "level": level, "message": {"text": printable(text)}, "locations": [place]}


PLUGIN = Renderer(verdicts=verdicts, problems=problems)
