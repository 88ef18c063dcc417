"""Measure the agreement of rules with expert choices, for the answers of two raters, with confidence intervals.

A change to the rules is evaluated fold by fold: the projects are split by a hash of their names, so that a project
always falls into the same fold, and each fold lists the projects that the change gains and loses. A change that gains
in a single fold is overfitted to it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.errors import InputError, Problem
from annostrat.knowledge.tree import UNKNOWN
from annostrat.recommendation.experts.precedents import field_of, same_way, wilson
from annostrat.recommendation.paths import assuming, path, standing
from annostrat.use_cases.use_case import UseCase, check_answers, read_use_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.yaml_source import Document
    from annostrat.recommendation.contract import Agreement, Disagreement, Fold, Folds, Following, OfRater, Share, Step

UNDECIDED = "undecided"


class Case(NamedTuple):
    """A use case with a known expert choice.

    Attributes:
        use_case: The answers, and the choice in `expect`.
        also_published: Other labels that were published or accepted, which count for lenient agreement.
        second_rater: The second rater's differing answers; None if there was no second rating.
    """

    use_case: UseCase
    also_published: tuple[str, ...] = ()
    second_rater: dict[str, str] | None = None

    def answers(self, rater: int) -> dict[str, str]:
        """Return the answers of the first or the second rater."""
        return self.use_case.answers | (self.second_rater or {} if rater == 2 else {})  # noqa: PLR2004

    @property
    def name(self) -> str:
        """The project's name."""
        return self.use_case.name


def _is_words(value: Any) -> bool:
    return type(value) is list and all(type(word) is str for word in value)


def _is_text(value: Any) -> bool:
    return type(value) is str


_EXTRA: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "title": ("text", _is_text),
    "year": ("a year", lambda value: type(value) is int),
    "kind": ("text", _is_text),
    "domain": ("text", _is_text),
    "aim": ("text", _is_text),
    "second_rater": ("a mapping of question to answer", lambda value: type(value) is dict),
    "second_purpose": ("text", _is_text),
    "also_published": ("a list of words", _is_words),
    "source": ("text", _is_text),
    "evidence": ("text", _is_text),
    "found_by": ("text", _is_text),
    "twin_group": ("text", _is_text),
}
"""Additional keys of a case, each with a description and a validator; all values are optional."""


def read_case(document: Document, rules: RuleSet, default_name: str) -> Case:
    """Read a case from a document.

    Raises:
        InputError: The document has problems, all of which are included; a case requires `expect`.
    """
    data = document.data if type(document.data) is dict else {}
    extra = {
        key: value for key, value in data.items() if key in _EXTRA and not (key == "evidence" and type(value) is dict)
    }
    problems = [
        Problem(document.locate(key), f"{key} is {_EXTRA[key][0]}", code="case")
        for key, value in extra.items()
        if value is not None and not _EXTRA[key][1](value)
    ]
    second = extra.get("second_rater")
    try:
        if type(second) is dict:
            second = check_answers(second, rules, str(document.locate("second_rater")))
    except InputError as error:
        where = document.locate("second_rater")
        problems += [problem._replace(location=where) for problem in error.problems]
    try:
        use_case = read_use_case(document.without(extra), rules, default_name)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    if not use_case.expect:
        hint = f"add the strategy that was chosen, for example expect: {rules.offered[0]}"
        problems.append(Problem(document.locate(), f"the case '{use_case.name}' has no `expect`", hint, "case"))
    if problems:
        raise InputError(problems)
    field = rules.domain(extra["domain"]) if extra.get("domain") else None
    return Case(use_case._replace(domain=field), tuple(extra.get("also_published") or ()), second)


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
        accepted = (*self.case.use_case.expect, *self.case.also_published)
        return len(self.recommended) == 1 and self.recommended[0] in accepted


def measure(cases: list[Case], rules: RuleSet) -> Agreement:
    """Measure the agreement of a rule set with the choices of the cases."""
    first = [_result(case, rules, 1) for case in cases]
    twice = [case for case in cases if case.second_rater is not None]
    raters = [_of_rater(first, rules, 1)]
    if twice:
        raters.append(_of_rater([_result(case, rules, 2) for case in twice], rules, 2))
    confusion: dict[str, Counter[str]] = {}
    for result in first:
        got = result.recommended[0] if len(result.recommended) == 1 else UNDECIDED
        confusion.setdefault(result.expected, Counter())[got] += 1
    chosen = [strategy for strategy in rules.strategies if strategy in confusion]
    return {
        "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "cases": len(cases),
        "raters": raters,
        "confusion": {strategy: dict(confusion[strategy].most_common()) for strategy in chosen},
        "following": _following(first, rules),
        "disagreements": [_disagreement(result) for result in first if not result.strict],
    }


def _result(case: Case, rules: RuleSet, rater: int) -> _Result:
    answers = case.answers(rater)
    found = standing(rules, answers)
    return _Result(case, found.candidates, path(rules, assuming(rules, answers), found.chosen))


def _of_rater(results: list[_Result], rules: RuleSet, rater: int) -> OfRater:
    """Return the agreement for one rater's answers."""
    purposes = [question for question in rules.order if rules.questions[question]["several"]]
    by_purpose: dict[str, list[_Result]] = {}
    for result in results if purposes else ():
        purpose = result.case.answers(rater).get(purposes[0], UNKNOWN)
        by_purpose.setdefault(purpose, []).append(result)
    return {
        "rater": rater,
        "undecided": sum(len(result.recommended) != 1 for result in results),
        "strict": share(result.strict for result in results),
        "lenient": share(result.lenient for result in results),
        "by_purpose": {
            purpose: {
                "strict": share(result.strict for result in group),
                "lenient": share(result.lenient for result in group),
            }
            for purpose, group in sorted(by_purpose.items())
        },
        "recommended": {
            strategy: share(result.strict for result in group)
            for strategy in rules.strategies
            if (group := [result for result in results if result.recommended == [strategy]])
        },
        "chosen": {
            strategy: share(result.strict for result in group)
            for strategy in rules.strategies
            if (group := [result for result in results if result.expected == strategy])
        },
    }


def _following(results: list[_Result], rules: RuleSet) -> Following:
    """Return the effect of following a field's precedents when they lean to a different label than the tree.

    Each project is excluded from its own precedents.
    """
    gained, lost, followed = [], [], 0
    for result in results:
        field = result.case.use_case.domain
        if field is None or len(result.recommended) != 1:
            continue
        others = [one for one in same_way(rules, result.case.answers(1)) if one["name"] != result.case.name]
        found = field_of(others, field, result.recommended[0])
        if found is None or found["leans_to"] is None:
            continue
        followed += 1
        right = found["leans_to"] in result.case.use_case.expect
        if right and not result.strict:
            gained.append(result.case.name)
        elif result.strict and not right:
            lost.append(result.case.name)
    return {"leaning": followed, "gained": gained, "lost": lost}


def _disagreement(result: _Result) -> Disagreement:
    return {
        "name": result.case.name,
        "location": str(result.case.use_case.locate("expect")),
        "expected": list(result.case.use_case.expect),
        "recommended": result.recommended,
        "lenient": result.lenient,
        "path": result.steps,
    }


def share(hits: Iterable[bool]) -> Share:
    """Return the share of hits with its 95 % Wilson interval."""
    outcomes = list(hits)
    agree, of = sum(outcomes), len(outcomes)
    low, high = wilson(agree, of) if of else (None, None)
    return {"agree": agree, "of": of, "share": agree / of if of else None, "low": low, "high": high}


def percentage(part: Share) -> str:
    """Format a share as a percentage with its interval, or as a dash if there are no cases."""
    return f"{part['share']:.0%} ({part['low']:.0%} to {part['high']:.0%})" if part["of"] else "-"


def cross_validate(cases: list[Case], before: RuleSet, after: RuleSet, parts: int) -> Folds:
    """Return the gains and losses of a change from one rule set to another, fold by fold.

    Args:
        cases: Projects with a known choice; each rater's answers count separately.
        before: The rule set without the change.
        after: The rule set with the change.
        parts: The number of folds.
    """
    folds: list[Fold] = []
    for number in range(parts):
        group = [case for case in cases if _part(case.name, parts) == number]
        rated = [(case, rater) for case in group for rater in ((1, 2) if case.second_rater is not None else (1,))]
        judged = [
            (f"{case.name} (rater {rater})", _result(case, before, rater).strict, _result(case, after, rater).strict)
            for case, rater in rated
        ]
        folds.append(
            {
                "part": number + 1,
                "ratings": len(judged),
                "before": sum(was for _, was, _ in judged),
                "after": sum(now for _, _, now in judged),
                "gained": [name for name, was, now in judged if now and not was],
                "lost": [name for name, was, now in judged if was and not now],
            }
        )
    changes = [fold["after"] - fold["before"] for fold in folds]
    return {
        "before": before.id,
        "after": after.id,
        "parts": folds,
        "net": sum(changes),
        "gaining": sum(change > 0 for change in changes),
        "losing": sum(change < 0 for change in changes),
    }


def _part(name: str, parts: int) -> int:
    """Return the fold of a project, which depends only on its name."""
    return int.from_bytes(hashlib.sha256(name.encode(errors="surrogatepass")).digest()[:8]) % parts
