"""JSON: one object for one use case, a list for several; plain ASCII, so that no terminal obeys what a name says.

A list is written piece by piece, since a million use cases do not fit in memory; the first object waits until a second
one shows that there is a list. Nor is everything encoded for each: an object is put together from texts,

    {"schema_version":1 ,"name":"Wheat" ,"answers":{...},"status":"decided",... ,"effort":{...} }

of which the third, by far the longest, follows from the answers alone, and is kept for the next use case with the same.
"""

from __future__ import annotations

import json
from functools import lru_cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from annostrat.errors import UsageError, nearest, suggest
from annostrat.recommendation.expectation import summarise
from annostrat.recommendation.recommendation import NOTHING_OWN, PARTS, SCHEMA_VERSION
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.contract import Agreement, Comparison, Folds
    from annostrat.recommendation.effort.estimate import EffortEstimate
    from annostrat.recommendation.expectation import Verdict
    from annostrat.recommendation.models import Catalogue
    from annostrat.recommendation.recommendation import Outcome, Recommendation

Keys = dict[str, Any]
"""Keys, each with the keys of its value; without any, all of the value is written."""


def recommendations(
    results: Iterable[Recommendation],
    rules: RuleSet,  # noqa: ARG001
    page: Page,
) -> Iterator[str]:
    """Yield one object, or a list where several use cases were seen, each as soon as that is known."""
    objects = map(Record(page.fields).of, results)
    first, second = next(objects, None), next(objects, None)
    if first is None:
        return
    if second is None:
        yield f"[\n{first}\n]\n" if page.several() else _pretty(json.loads(first))
        return
    yield f"[\n{first},\n{second}"
    yield from (f",\n{further}" for further in objects)
    yield "\n]\n"


class Record:
    """Writes recommendations as JSON without line breaks; what the same answers decide is encoded once.

    Args:
        fields: Dotted names of the keys that are wanted; all, if none are given.
        distinct: A wanted key whose list leaves out what it has already.
    """

    def __init__(self, fields: tuple[str, ...] = (), *, distinct: str = "") -> None:
        self._keys: Keys = keys_of(fields) if fields else {}
        self._distinct = distinct
        self._encoded = lru_cache(maxsize=1024)(self._shared)
        self._version = self._members({"schema_version": SCHEMA_VERSION})
        self._named = not fields or "name" in self._keys
        self._effort_keys: Keys | None = self._keys.get("effort") if fields else {}
        self._no_effort = "" if self._effort_keys is None else ',"effort":null'
        self._nothing_own = self._members(NOTHING_OWN)

    def of(self, result: Recommendation) -> str:
        """Return the object of a recommendation."""
        name = f',"name":{line(result.use_case.name)}' if self._named else ""
        own = self._nothing_own if result.own is NOTHING_OWN else self._members(result.own)
        effort = self._no_effort if result.estimate is None else self._effort(result.estimate, result)
        members = f"{self._version}{name}{self._encoded(result.outcome)}{effort}{own}"
        return f"{{{members[1:]}}}"

    def _effort(self, estimate: EffortEstimate, result: Recommendation) -> str:
        """Return the wanted part of the effort; where that is its hours, nothing else is computed."""
        if self._effort_keys is None:
            return ""
        if self._effort_keys.keys() == {"hours"}:
            hours = estimate.hours()
            wanted = line(pick(hours, self._effort_keys["hours"])) if hours else "null"
            return f',"effort":{{"hours":{wanted}}}'
        return f',"effort":{line(pick(result.effort, self._effort_keys))}'

    def _shared(self, outcome: Outcome) -> str:
        """Return the wanted members that follow from the answers; no others are computed."""
        wanted = [part for part in PARTS if part in self._keys] if self._keys else PARTS
        of_experts = self._keys.get("precedents")
        quick = {"precedents": "tally"} if of_experts and of_experts.keys().isdisjoint({"similar", "field"}) else {}
        return self._members({part: getattr(outcome, quick.get(part, part)) for part in wanted})

    def _members(self, document: Any) -> str:
        """Return the wanted members of a part of the object, each after a comma."""
        keys = {key: inside for key, inside in self._keys.items() if key in document}
        if self._keys and not keys:
            return ""
        wanted = pick(document, keys)
        if self._distinct in wanted:
            listed = wanted[self._distinct]
            wanted[self._distinct] = [one for place, one in enumerate(listed) if one not in listed[:place]]
        return f",{line(wanted)[1:-1]}"


def keys_of(fields: Iterable[str]) -> Keys:
    """Return the keys of some dotted names; the keys of a list are the keys of each of its items."""
    keys: Keys = {}
    for field in fields:
        inside = keys
        for part in field.split("."):
            inside = inside.setdefault(part, {})
    return keys


def check_fields(fields: Iterable[str]) -> None:
    """Compare dotted names with the types of the output, whose import takes longer than a use case.

    Raises:
        UsageError: The output has no such key.
    """
    from annostrat.recommendation.contract import RecommendationDocument

    for field in fields:
        shape, parts = RecommendationDocument, field.split(".")
        for depth, part in enumerate(parts):
            shape = _type_of(shape, part, "".join(f"{before}." for before in parts[:depth]))


def _type_of(shape: Any, key: str, before: str) -> Any:
    """Return the type of what a key of some type holds; `before` are the keys that lead there, each with a dot."""
    shape = _one(shape)
    if get_origin(shape) is dict:
        return get_args(shape)[1]
    known = _keys_in(shape)
    if key not in known:
        inside = (f"{name}.{key}" for name, part in known.items() if key in _keys_in(_one(part)))
        close = nearest(key, known) or next(inside, None)
        hint = f"did you mean '{before}{close}'?" if close else suggest(key, known)
        raise UsageError(f"--fields: there is no key '{before}{key}'", hint)
    return known[key]


def _one(shape: Any) -> Any:
    """Return the type of one item of a list, and of what may be null; of what may be either of two, the first."""
    while get_origin(shape) in (list, Union, UnionType):
        shape = next(one for one in get_args(shape) if one is not NoneType)
    return shape


def _keys_in(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape) if hasattr(shape, "__total__") else {}


def pick(value: Any, keys: Keys) -> Any:
    """Return a value with some keys only; all of it, without any."""
    if not keys or value is None:
        return value
    if isinstance(value, list):
        return [pick(one, keys) for one in value]
    return {key: pick(value.get(key), inside) for key, inside in keys.items()}


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with the summary and every verdict."""
    judged = list(results)
    yield _pretty(
        {
            "schema_version": SCHEMA_VERSION,
            "summary": summarise(judged)._asdict(),
            "cases": [_verdict(verdict) for verdict in judged],
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


def problems(errors: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a list of problems."""
    yield _pretty([_problem(problem) for problem in errors])


def _problem(problem: Problem) -> dict[str, Any]:
    return {**problem._asdict(), "location": problem.location._asdict()}


def architectures(catalogue: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the variants and the assistants."""
    yield _pretty(catalogue._asdict())


def comparison(document: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with the strategies side by side."""
    yield _pretty(document)


def agreement(documents: list[Agreement], folds: Folds | None, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield what was measured for one rule set; for two, both, and the change part by part where that was asked."""
    yield _pretty(documents[0] if len(documents) == 1 else {"rule_sets": documents, "folds": folds})


def measurements(measured: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with what was measured."""
    yield _pretty(measured)


def label_agreement(found: LabelAgreement, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with how far annotators agree."""
    yield _pretty(found)


def line(value: object) -> str:
    """Return JSON without spaces and line breaks."""
    return _COMPACT.encode(value).replace("\x7f", "\\u007f")


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


_COMPACT = json.JSONEncoder(separators=(",", ":"), check_circular=False)
PLUGIN = Renderer(
    recommendations,
    verdicts,
    problems,
    architectures,
    comparison=comparison,
    agreement=agreement,
    measurements=measurements,
    label_agreement=label_agreement,
)
