"""`annostrat check`: does every use case still lead to what it expects? For CI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from annostrat.cli import _boundary
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli.commands._evidence import Labels
from annostrat.cli.options import Command, Files, Full, Option, Output, Quiet, Rules, Strict, shows
from annostrat.errors import InputError, UsageError
from annostrat.knowledge.loader import DEFAULT, load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.expectation import Verdict, judge, summarise
from annostrat.use_cases.files import read_use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase


class Request(NamedTuple):
    """Compare recommendations with what is expected; for CI.

    A use case says under `expect` which strategies will do.
    """

    files: Files = ()
    rules: Rules = DEFAULT
    format: Annotated[str, shows("verdicts")] = "text"
    output: Output = None
    reports: Annotated[
        tuple[str, ...],
        Option("Write this format to a file too; may be repeated.", "FORMAT=FILE", name="--report"),
    ] = ()
    strict: Strict = False
    quiet: Quiet = False
    full: Full = False


def run(request: Request) -> int:
    """Check every use case and write the reports; return the exit code."""
    if not request.files:
        raise UsageError("there is nothing to check", "give a FILE, a folder, or - for standard input")
    targets = [(request.format, request.output), *map(_target, request.reports)]
    renderers = [(pick_renderer(name, "verdicts"), path) for name, path in targets]
    rules = load_rules(request.rules)
    labels = Labels(rules, required=True, quiet=request.quiet)
    verdicts = list(_judge(request, rules, labels))
    for renderer, path in renderers:
        if renderer.verdicts is not None:
            _write(
                renderer.verdicts(verdicts, page(path, quiet=request.quiet, strict=request.strict, full=request.full)),
                path,
            )
    code = summarise(verdicts).exit_code(strict=request.strict)
    return _boundary.BAD_INPUT if labels.failed else code


def _write(pieces: Iterator[str], path: str | None) -> None:
    """Write a report; a reader who stops listening changes neither the other reports nor the exit code."""
    try:
        write(pieces, path)
    except BrokenPipeError:
        _boundary.close_quietly()


def _target(report: str) -> tuple[str, str]:
    name, equals, path = report.partition("=")
    if not equals or not path:
        raise UsageError(f"--report takes FORMAT=FILE, not '{report}'", "for example --report junit=annostrat.xml")
    return name, path


def _judge(request: Request, rules: RuleSet, labels: Labels) -> Iterator[Verdict]:
    recommender = Recommender(rules)
    for case in read_use_cases(request.files, rules):
        if isinstance(case, InputError):
            yield judge(case)
        else:
            yield _judged(case, recommender, labels, strict=request.strict)


def _judged(case: UseCase, recommender: Recommender, labels: Labels, *, strict: bool) -> Verdict:
    """Return the verdict of a use case; without labels that it names and that cannot be read, there is none."""
    try:
        evident = labels.beside(case)
    except InputError as error:
        return judge(error)
    return judge(evident.recommend(recommender, evident.case), strict=strict)


COMMANDS = {"check": Command(Request, run)}
