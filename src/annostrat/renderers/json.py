"""JSON: one object for one use case, a list for several; plain ASCII, so that no terminal obeys what a name says."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from annostrat.agreement import wins
from annostrat.recommendation import NOTHING_OWN, SCHEMA_VERSION
from annostrat.renderers._base import Page, Renderer
from annostrat.verdict import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.contract import Agreement, Comparison
    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Architecture
    from annostrat.recommendation import Outcome, Recommendation
    from annostrat.verdict import Verdict


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object, or a list of them; each as soon as it is known whether it is the only one."""
    first: str | None = None
    several = False
    for result in results:
        if first is None:
            first = encode(result)
            continue
        if not several:
            several = True
            yield f"[\n{first}"
        yield f",\n{encode(result)}"
    if several:
        yield "\n]\n"
    elif first is not None:
        yield _pretty(json.loads(first))


def encode(result: Recommendation, end: str = "") -> str:
    """Return a recommendation as one line of JSON; the part that its answers decide is encoded once."""
    return f'{{"schema_version":{SCHEMA_VERSION},"name":{_line(result.name)},{_rest(result)}{end}'


def _rest(result: Recommendation) -> str:
    """Return what follows the name: for most use cases the same text as for all with the same answers."""
    if result.own is NOTHING_OWN:
        return _shared(result.outcome)
    if result.own["classes"]:  # they change the outcome, which is then no other use case's
        return _line({**result.outcome.document, **result.own})[1:]
    return f"{_outcome(result.outcome)},{_line(result.own)[1:]}"


@lru_cache(maxsize=4096)
def _shared(outcome: Outcome) -> str:
    return f"{_outcome(outcome)},{_line(NOTHING_OWN)[1:]}"


@lru_cache(maxsize=4096)
def _outcome(outcome: Outcome) -> str:
    return _line(outcome.document)[1:-1]


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with the summary and every verdict."""
    found = list(results)
    yield _pretty(
        {
            "schema_version": SCHEMA_VERSION,
            "summary": summarise(found)._asdict(),
            "cases": [_verdict(verdict) for verdict in found],
        }
    )


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.name,
        "status": verdict.status,
        "recommended": list(verdict.recommended),
        "expected": list(verdict.expected),
        "message": verdict.message,
        "location": verdict.location._asdict(),
        "problems": [_problem(problem) for problem in verdict.problems],
    }


def problems(found: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a list of problems."""
    yield _pretty([_problem(problem) for problem in found])


def _problem(problem: Problem) -> dict[str, Any]:
    return {**problem._asdict(), "location": problem.location._asdict()}


def architectures(found: list[Architecture], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a list of variants."""
    yield _pretty(found)


def comparison(found: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with the strategies side by side."""
    yield _pretty(found)


def agreement(found: list[Agreement], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield what was measured for one rule set; for two, both, and which cases each wins."""
    yield _pretty(found[0] if len(found) == 1 else {"rule_sets": found, "wins": wins(*found)})


def _line(value: object) -> str:
    return _COMPACT.encode(value).replace("\x7f", "\\u007f")


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


_COMPACT = json.JSONEncoder(separators=(",", ":"), check_circular=False)
PLUGIN = Renderer(recommendations, verdicts, problems, architectures, comparison=comparison, agreement=agreement)
