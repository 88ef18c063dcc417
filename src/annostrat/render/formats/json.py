"""JSON: one object for one use case, a list for several; plain ASCII, so that no terminal obeys what a name says."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from annostrat.recommendation.expectation import summarise
from annostrat.recommendation.recommendation import NOTHING_OWN, SCHEMA_VERSION
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.contract import Agreement, Comparison, Folds, OutcomeDocument
    from annostrat.recommendation.expectation import Verdict
    from annostrat.recommendation.models.architectures import Catalogue
    from annostrat.recommendation.recommendation import Outcome, Recommendation


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object, or a list where several use cases were seen, each as soon as that is known."""
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
        yield f"[\n{first}\n]\n" if page.several() else _pretty(json.loads(first))


def encode(result: Recommendation, end: str = "") -> str:
    """Return a recommendation as JSON without line breaks; what its answers decide is encoded once."""
    plain = result.own is NOTHING_OWN
    rest = _shared(result.outcome, end) if plain else f"{_body(result.outcome)},{_own(result)}{end}"
    return f"{_HEAD}{_line(result.name)},{rest}"


@lru_cache(maxsize=1024)
def _shared(outcome: Outcome, end: str) -> str:
    """Return what follows the name for every use case that has nothing of its own."""
    return f"{_encoded(outcome.document)},{_line(NOTHING_OWN)[1:]}{end}"


@lru_cache(maxsize=256)
def _body(outcome: Outcome) -> str:
    return _encoded(outcome.document)


def _own(result: Recommendation) -> str:
    """Return the members that are the use case's own, with the references of its effort encoded once."""
    effort = result.own["effort"]
    if effort is None:
        return _line(result.own)[1:]
    identity = (result.outcome.document["rules"]["digest"], "effort", tuple(effort["references"]))
    references = _recurring(identity, effort["references"])
    figures = {key: value for key, value in effort.items() if key != "references"}
    rest = {key: value for key, value in result.own.items() if key != "effort"}
    return f'"effort":{_line(figures)[:-1]},"references":{references}}},{_line(rest)[1:]}'


def _encoded(document: OutcomeDocument) -> str:
    """Return the members of an outcome's object; long parts that recur are encoded once for each rule set."""
    digest, strategy = document["rules"]["digest"], document["strategy"]
    known = {
        "strategy": strategy["id"] if strategy else None,
        "architectures": tuple((one["id"], one["role"], one["why"]) for one in document["architectures"]),
        "assistants": tuple((one["id"], one["strategy"]) for one in document["assistants"]),
        "tips": tuple(tip["id"] for tip in document["tips"]),
        "references": tuple(document["references"]),
    }
    parts = []
    for key, value in document.items():
        text = _recurring((digest, key, known[key]), value) if key in known else _line(value)
        parts.append(f'"{key}":{text}')
    return ",".join(parts)


def _recurring(identity: tuple[object, ...], value: object) -> str:
    """Return the JSON of a value, remembered by what identifies it."""
    text = _RECURRING.get(identity)
    if text is None:
        if len(_RECURRING) >= MAX_RECURRING:
            _RECURRING.clear()
        text = _RECURRING[identity] = _line(value)
    return text


MAX_RECURRING = 256
_RECURRING: dict[tuple[object, ...], str] = {}


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
        "fails": verdict.fails,
        "message": verdict.message,
        "location": verdict.location._asdict(),
        "problems": [_problem(problem) for problem in verdict.problems],
        "labels": list(verdict.labels),
    }


def problems(found: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a list of problems."""
    yield _pretty([_problem(problem) for problem in found])


def _problem(problem: Problem) -> dict[str, Any]:
    return {**problem._asdict(), "location": problem.location._asdict()}


def architectures(found: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the variants and the assistants."""
    yield _pretty(found._asdict())


def comparison(found: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with the strategies side by side."""
    yield _pretty(found)


def agreement(found: list[Agreement], folds: Folds | None, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield what was measured for one rule set; for two, both, and the change part by part where that was asked."""
    yield _pretty(found[0] if len(found) == 1 else {"rule_sets": found, "folds": folds})


def measurements(found: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with what was measured."""
    yield _pretty(found)


def _line(value: object) -> str:
    return _COMPACT.encode(value).replace("\x7f", "\\u007f")


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


_HEAD = f'{{"schema_version":{SCHEMA_VERSION},"name":'
_COMPACT = json.JSONEncoder(separators=(",", ":"), check_circular=False)
PLUGIN = Renderer(
    recommendations,
    verdicts,
    problems,
    architectures,
    comparison=comparison,
    agreement=agreement,
    measurements=measurements,
)
