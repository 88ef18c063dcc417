"""How often rules choose what others chose: cases with a known choice, counted, with Wilson intervals."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.errors import InputError, Problem
from annostrat.use_case import UseCase, read_use_case
from annostrat.walks import path, possible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.contract import Agreement, Disagreement, Share, Step, Wins
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.yaml_source import Document

UNDECIDED = "undecided"
CORE = ("object_detection", "semantic_segmentation", "instance_segmentation")
"""The strategies of the article, counted by themselves as well."""

_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution


class Case(NamedTuple):
    """A use case of which it is known what was chosen.

    Attributes:
        use_case: Its answers, and in `expect` the choice.
        also_published: Further label layers that its authors publish; lenient agreement accepts them.
        twin_group: What it shares with other cases that were labelled differently, if anything.
    """

    use_case: UseCase
    also_published: tuple[str, ...] = ()
    twin_group: str | None = None


def _is_words(value: Any) -> bool:
    return type(value) is list and all(type(word) is str for word in value)


_EXTRA: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "title": ("text", lambda value: type(value) is str),
    "year": ("a year", lambda value: type(value) is int),
    "domain": ("text", lambda value: type(value) is str),
    "also_published": ("a list of words", _is_words),
    "source": ("text", lambda value: type(value) is str),
    "evidence": ("text", lambda value: type(value) is str),
    "twin_group": ("text", lambda value: type(value) is str),
}
"""Keys that a case may have beside those of a use case, what each is, and the test for it."""


def read_case(document: Document, rules: RuleSet, default_name: str) -> Case:
    """Return the case that a document describes.

    Raises:
        InputError: With every problem of the document; a case must say what was chosen.
    """
    data = document.data if type(document.data) is dict else {}
    extra = {
        key: value for key, value in data.items() if key in _EXTRA and not (key == "evidence" and type(value) is dict)
    }
    problems = [
        Problem(document.locate(key), f"{key} is {_EXTRA[key][0]}", code="case")
        for key, value in extra.items()
        if not _EXTRA[key][1](value)
    ]
    try:
        use_case = read_use_case(document.without(extra), rules, default_name)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    if not use_case.expect:
        hint = f"add the strategy that was chosen, for example expect: {rules.offered[0]}"
        problems.append(Problem(document.locate(), f"the case '{use_case.name}' has no `expect`", hint, "case"))
    if problems:
        raise InputError(problems)
    return Case(use_case, tuple(extra.get("also_published", ())), extra.get("twin_group"))


class _Result(NamedTuple):
    case: Case
    recommended: list[str]
    steps: list[Step]

    @property
    def expected(self) -> str:
        return self.case.use_case.expect[0]

    @property
    def strict(self) -> bool:
        return len(self.recommended) == 1 and self.recommended[0] in self.case.use_case.expect

    @property
    def lenient(self) -> bool:
        return len(self.recommended) == 1 and self.recommended[0] in (
            *self.case.use_case.expect,
            *self.case.also_published,
        )


def measure(cases: list[Case], rules: RuleSet) -> Agreement:
    """Count how often a rule set chooses what was chosen."""
    results = [_result(case, rules) for case in cases]
    contradicting = _contradicting(cases)
    core = [result for result in results if result.expected in CORE]
    confusion: dict[str, Counter[str]] = {}
    for result in results:
        got = result.recommended[0] if len(result.recommended) == 1 else UNDECIDED
        confusion.setdefault(result.expected, Counter())[got] += 1
    chosen = [strategy for strategy in rules.strategies if strategy in confusion]
    return {
        "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "undecided": sum(len(result.recommended) != 1 for result in results),
        "strict": _share(result.strict for result in results),
        "lenient": _share(result.lenient for result in results),
        "core": _share(result.strict for result in core),
        "core_lenient": _share(result.lenient for result in core),
        "recall": {
            strategy: _share(result.strict for result in results if result.expected == strategy) for strategy in chosen
        },
        "confusion": {strategy: dict(confusion[strategy].most_common()) for strategy in chosen},
        "twins": {
            "groups": contradicting,
            "strict": _share(result.strict for result in results if result.case.twin_group in contradicting),
            "others": _share(result.strict for result in results if result.case.twin_group not in contradicting),
        },
        "agreeing": [result.case.use_case.name for result in results if result.strict],
        "disagreements": [_disagreement(result, contradicting) for result in results if not result.strict],
    }


def _result(case: Case, rules: RuleSet) -> _Result:
    answers = case.use_case.answers
    remaining = possible(rules, answers)
    return _Result(case, remaining, path(rules, answers, remaining[0] if len(remaining) == 1 else None))


def _contradicting(cases: list[Case]) -> list[str]:
    """Return the twin groups whose members were labelled differently."""
    groups: dict[str, set[tuple[str, ...]]] = {}
    for case in cases:
        if case.twin_group is not None:
            groups.setdefault(case.twin_group, set()).add(case.use_case.expect)
    return sorted(group for group, choices in groups.items() if len(choices) > 1)


def _disagreement(result: _Result, contradicting: list[str]) -> Disagreement:
    group = result.case.twin_group
    return {
        "name": result.case.use_case.name,
        "location": str(result.case.use_case.locate("expect")),
        "expected": list(result.case.use_case.expect),
        "recommended": result.recommended,
        "lenient": result.lenient,
        "twin_group": group if group in contradicting else None,
        "path": result.steps,
    }


def _share(hits: Iterable[bool]) -> Share:
    found = list(hits)
    low, high = wilson(sum(found), len(found)) if found else (None, None)
    return {
        "agree": sum(found),
        "of": len(found),
        "share": sum(found) / len(found) if found else None,
        "low": low,
        "high": high,
    }


def percentage(share: Share) -> str:
    """Return a share as per cent with its interval, or a dash where there are no cases."""
    if share["share"] is None or share["low"] is None or share["high"] is None:
        return "-"
    return f"{share['share']:.0%} ({share['low']:.0%} to {share['high']:.0%})"


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion (Wilson 1927)."""
    proportion, square = hits / trials, _Z * _Z
    middle = (proportion + square / (2 * trials)) / (1 + square / trials)
    half = _Z * sqrt(proportion * (1 - proportion) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def wins(first: Agreement, second: Agreement) -> Wins:
    """Return which cases each of two rule sets wins."""
    one, other = first["agreeing"], second["agreeing"]
    lost = [entry["name"] for entry in first["disagreements"]]
    return {
        "both": [name for name in one if name in other],
        "first_only": [name for name in one if name not in other],
        "second_only": [name for name in other if name not in one],
        "neither": [name for name in lost if name not in other],
    }
