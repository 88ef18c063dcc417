"""`annostrat recommend`: use cases in, recommendations out."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.cli import _boundary
from annostrat.cli._output import page, pick_renderer, write
from annostrat.engine import Recommender, missing_questions
from annostrat.errors import InputError, UsageError
from annostrat.knowledge.loader import DEFAULT, load_rules
from annostrat.use_case import UseCase, check_answers, check_effort
from annostrat.use_case_files import as_yaml, read_use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation import Recommendation


class Request(NamedTuple):
    """What the command line asked for."""

    files: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    effort: tuple[str, ...] = ()
    rules: str = DEFAULT
    format: str = "text"
    output: str | None = None
    write: str | None = None
    strict: bool = False
    no_input: bool = False
    quiet: bool = False


def run(request: Request) -> int:
    """Recommend for every use case; return the exit code."""
    renderer = pick_renderer(request.format, "recommendations")
    rules = load_rules(request.rules)
    given = check_answers(split_pairs(request.answers, "--answer", "count_matters=no"), rules, "--answer")
    counts = check_effort(split_pairs(request.effort, "--effort", "images=1000"), rules)
    cases = _Run(request, rules, given, counts)
    if renderer.recommendations is not None:
        write(renderer.recommendations(cases.recommend(), rules, page(request.output)), request.output)
    return cases.exit_code()


def split_pairs(words: tuple[str, ...], option: str, example: str) -> dict[str, str]:
    """Return an option's `key=value` words as a mapping.

    Raises:
        UsageError: A word has no `=`, or a key is given twice.
    """
    pairs: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"{option} takes key=value, not '{word}'", f"for example {option} {example}")
        if key in pairs:
            raise UsageError(f"{option} gives {key} twice", "keep one of the two")
        pairs[key] = value
    return pairs


def interactive(*, no_input: bool) -> bool:
    """Return whether a person can be asked: both ends are a terminal, and this is no CI job."""
    return not no_input and not os.environ.get("CI") and sys.stdin.isatty() and sys.stderr.isatty()


class _Run:
    """One pass over the use cases, remembering what went wrong."""

    def __init__(self, request: Request, rules: RuleSet, given: dict[str, str], counts: dict[str, Any]) -> None:
        self._request, self._rules, self._given, self._counts = request, rules, given, counts
        self._recommender = Recommender(rules)
        self._asks = interactive(no_input=request.no_input) and "-" not in request.files
        self._unreadable = self._undecided = self._saved = False

    def recommend(self) -> Iterator[Recommendation]:
        for case in self._cases():
            if isinstance(case, InputError):
                self._unreadable = True
                _boundary.report(case)
                continue
            if self._given:
                case = case._replace(answers=case.answers | self._given)  # noqa: PLW2901
            if self._request.effort:
                case = case._replace(**{**self._counts, "effort": case.effort | self._counts["effort"]})  # noqa: PLW2901
            if self._asks:
                case = self._completed(case)  # noqa: PLW2901
            if self._request.write:
                self._save(case, self._request.write)
            result = self._recommender.recommend(case)
            self._undecided |= not result.decided
            yield result

    def exit_code(self) -> int:
        if self._unreadable:
            return _boundary.BAD_INPUT
        return _boundary.FAILED if self._undecided and self._request.strict else _boundary.OK

    def _cases(self) -> Iterator[UseCase | InputError]:
        if self._request.files:
            return read_use_cases(self._request.files, self._rules)
        if not self._given and not self._asks:
            missing = ", ".join(missing_questions(self._rules, {}))
            hint = "give a FILE, or --answer question=answer for as many as you know"
            raise UsageError(f"there is nothing to recommend for: no answers to {missing}", hint)
        return iter([UseCase("Your project", {})])

    def _completed(self, case: UseCase) -> UseCase:
        if not missing_questions(self._rules, case.answers):
            return case
        from annostrat.cli.prompts import ask, ask_classes, recap

        request = self._request
        asked_for = case.name if request.files else None
        answers = ask(self._rules, case.answers, asked_for, selector=request.rules, quiet=request.quiet)
        classes = case.classes if request.files or self._given else ask_classes(self._rules, answers)
        found = case._replace(answers=answers, classes=classes)
        if not request.quiet:
            recap(found, request.rules)
        return found

    def _save(self, case: UseCase, path: str) -> None:
        if self._saved:
            raise UsageError("--write takes one use case, and there are several", "name one FILE, or none")
        write([as_yaml(case)], path)
        self._saved = True
