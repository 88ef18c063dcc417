"""JSON: one object for one use case, a list for several; plain ASCII, so that no name can send control codes.

A list is written piece by piece, since a million use cases do not fit in memory; the first object is held back until a
second one shows that there is a list. To avoid encoding everything each time, an object is assembled from texts,

    {"schema_version":1 ,"name":"Wheat" ,"answers":{...},"status":"decided",... ,"effort":{...} }

of which the third, by far the longest, depends on the answers alone, and is cached for use cases with the same answers.
"""

from __future__ import annotations

import json
from functools import lru_cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from annostrat.errors import UsageError, nearest, suggest
from annostrat.recommendation.expectation import summarise
from annostrat.recommendation.recommendation import MAX_REMEMBERED, NOTHING_OWN, PARTS, SCHEMA_VERSION
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Agreement, Folds
    from annostrat.recommendation.effort.estimate import EffortEstimate
    from annostrat.recommendation.expectation import Verdict
    from annostrat.recommendation.models import Catalogue
    from annostrat.recommendation.recommendation import Outcome, Recommendation

Keys = dict[str, Any]
"""Nested keys to write; an empty mapping selects the whole value."""


def recommendations(
    results: Iterable[Recommendation],
    rules: RuleSet,  # noqa: ARG001
    page: Page,
) -> Iterator[str]:
    """Yield one object, or a list if there are several use cases, each as soon as possible."""
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
    """Encodes the selected keys of recommendations as JSON on one line; parts that depend on answers are encoded once.

    Without fields, every key is selected. The list under the key `distinct` contains each entry once.
    """

    def __init__(self, fields: tuple[str, ...] = (), *, distinct: str = "") -> None:
        self._keys: Keys = keys_of(fields) if fields else {}
        self._distinct = distinct
        # Whole objects are so long that the same number of them would need ten times the memory.
        self._encoded = lru_cache(maxsize=MAX_REMEMBERED if fields else MAX_REMEMBERED // 10)(self._shared)
        self._version = self._members({"schema_version": SCHEMA_VERSION})
        self._named = not fields or "name" in self._keys
        self._effort_keys: Keys | None = self._keys.get("effort") if fields else {}
        self._no_effort = "" if self._effort_keys is None else ',"effort":null'
        self._nothing_own = self._members(NOTHING_OWN)

    def of(self, result: Recommendation) -> str:
        """Return the JSON object of a recommendation."""
        name = f',"name":{line(result.use_case.name)}' if self._named else ""
        own = self._nothing_own if result.own is NOTHING_OWN else self._members(result.own)
        effort = self._no_effort if result.estimate is None else self._effort(result.estimate, result)
        members = f"{self._version}{name}{self._encoded(result.outcome)}{effort}{own}"
        return f"{{{members[1:]}}}"

    def _effort(self, estimate: EffortEstimate, result: Recommendation) -> str:
        """Return the selected part of the effort; if that is just the hours, nothing else is computed."""
        if self._effort_keys is None:
            return ""
        if self._effort_keys.keys() == {"hours"}:
            hours = estimate.hours()
            wanted = _figures(pick(hours, self._effort_keys["hours"])) if hours else "null"
            return f',"effort":{{"hours":{wanted}}}'
        return f',"effort":{line(pick(result.effort, self._effort_keys))}'

    def _shared(self, outcome: Outcome) -> str:
        """Return the selected members that depend only on the answers, without computing others."""
        wanted = [part for part in PARTS if part in self._keys] if self._keys else PARTS
        of_experts = self._keys.get("precedents")
        quick = {"precedents": "tally"} if of_experts and of_experts.keys().isdisjoint({"similar", "field"}) else {}
        return self._members({part: getattr(outcome, quick.get(part, part)) for part in wanted})

    def _members(self, document: Any) -> str:
        """Return the selected members of a part of the object, each after a comma."""
        keys = {key: inside for key, inside in self._keys.items() if key in document}
        if self._keys and not keys:
            return ""
        wanted = pick(document, keys)
        if self._distinct in wanted:
            listed = wanted[self._distinct]
            wanted[self._distinct] = [one for place, one in enumerate(listed) if one not in listed[:place]]
        return f",{line(wanted)[1:-1]}"


def keys_of(fields: Iterable[str]) -> Keys:
    """Return the nested keys for dotted names; the keys of a list apply to each of its items."""
    keys: Keys = {}
    for field in fields:
        inside = keys
        for part in field.split("."):
            inside = inside.setdefault(part, {})
    return keys


def check_fields(fields: Iterable[str]) -> None:
    """Check dotted names against the types of the output, imported here since that takes longer than a use case.

    Raises:
        UsageError: The output has no such key.
    """
    from annostrat.recommendation.contract import RecommendationDocument

    for field in fields:
        shape, parts = RecommendationDocument, field.split(".")
        for depth, part in enumerate(parts):
            shape = _type_of(shape, part, "".join(f"{before}." for before in parts[:depth]))


def _type_of(shape: Any, key: str, before: str) -> Any:
    """Return the type of the value of a key; `before` is the path of its parents, each followed by a dot."""
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
    """Return the item type of a list, the non-null part of an optional type, or the first type of another union."""
    while get_origin(shape) in (list, Union, UnionType):
        shape = next(one for one in get_args(shape) if one is not NoneType)
    return shape


def _keys_in(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape) if hasattr(shape, "__total__") else {}


def pick(value: Any, keys: Keys) -> Any:
    """Return a value reduced to some keys; the whole value if there are none."""
    if not keys or value is None:
        return value
    if isinstance(value, list):
        return [pick(one, keys) for one in value]
    return {key: pick(value.get(key), inside) if inside else value.get(key) for key, inside in keys.items()}


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one object with the summary and every verdict."""
    judged = list(results)
    cases = [
        {
            "name": verdict.name,
            "status": verdict.status,
            "recommended": verdict.recommended,
            "expected": verdict.expected,
            "fails": verdict.fails,
            "message": verdict.message,
            "location": verdict.location._asdict(),
            "problems": [_problem(problem) for problem in verdict.problems],
            "labels": verdict.labels,
        }
        for verdict in judged
    ]
    yield _pretty({"schema_version": SCHEMA_VERSION, "summary": summarise(judged)._asdict(), "cases": cases})


def problems(errors: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a list of problems."""
    yield _pretty([_problem(problem) for problem in errors])


def _problem(problem: Problem) -> dict[str, Any]:
    return {**problem._asdict(), "location": problem.location._asdict()}


def architectures(catalogue: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the variants and the assistants."""
    yield _pretty(catalogue._asdict())


def agreement(documents: list[Agreement], folds: Folds | None, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the agreement of one rule set, or of two with the change part by part, if requested."""
    yield _pretty(documents[0] if len(documents) == 1 else {"rule_sets": documents, "folds": folds})


def whole(document: object, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a result that is already a document: a comparison, a measurement, the agreement of annotators."""
    yield _pretty(document)


def line(value: object) -> str:
    """Return JSON on one line, without spaces between tokens."""
    return _COMPACT.encode(value).replace("\x7f", "\\u007f")


def _figures(amount: dict[str, float | bool]) -> str:
    """Return an object of finite numbers and booleans on one line, in less time than an encoder takes to get ready."""
    words = [f'"{key}":{_BOOLEANS[value] if type(value) is bool else repr(value)}' for key, value in amount.items()]
    return f"{{{','.join(words)}}}"


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


_BOOLEANS = {True: "true", False: "false"}
_COMPACT = json.JSONEncoder(separators=(",", ":"), check_circular=False)
PLUGIN = Renderer(
    recommendations,
    verdicts,
    problems,
    architectures,
    comparison=whole,
    agreement=agreement,
    measurements=whole,
    label_agreement=whole,
)
