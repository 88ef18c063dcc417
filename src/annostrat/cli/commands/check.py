"""`annostrat check`: does every use case still lead to what it expects? For CI."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Annotated, NamedTuple

from annostrat.cli import _output
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli.commands._evidence import Labels, failed_at
from annostrat.cli.options import Command, Files, Full, Option, Output, Quiet, Rules, Strict, chosen_rules, shows
from annostrat.errors import InputError, UsageError
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.expectation import Verdict, judge, summarise
from annostrat.recommendation.recommendation import Recommendation
from annostrat.use_cases.expecting import place, updated
from annostrat.use_cases.files import STDIN, count_skipped, read_use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.render.renderer import Renderer
    from annostrat.use_cases.expecting import Change


class CheckRequest(NamedTuple):
    """Compare recommendations with what is expected; for CI.

    A use case says under `expect` which strategies will do.
    """

    files: Files = ()
    rules: Rules = None
    format: Annotated[str, shows("verdicts")] = "text"
    output: Output = None
    reports: Annotated[
        tuple[str, ...],
        Option("Write this format to a file too; may be repeated.", "FORMAT=FILE", name="--report"),
    ] = ()
    strict: Strict = False
    update: Annotated[bool, Option("Write what is recommended under `expect` in the files, where it is decided.")] = (
        False
    )
    skip_others: Annotated[bool, Option("Skip files that are clearly not use cases, even if named; for hooks.")] = False
    quiet: Quiet = False
    full: Full = False


def run(request: CheckRequest) -> int:
    """Check every use case and write the reports; return the exit code."""
    if not request.files:
        raise UsageError("there is nothing to check", "give a FILE, a folder, or - for standard input")
    renderers: list[tuple[Renderer, str | None]] = [
        (pick_renderer(request.format, "verdicts", request.output), request.output)
    ]
    renderers += map(_report, request.reports)
    rules = load_rules(chosen_rules(request.rules))
    labels = Labels(rules, required=True, quiet=request.quiet)
    updates = _Updates(request.files, quiet=request.quiet) if request.update else None
    skipped: list[str] = []
    verdicts = list(_judge(request, rules, labels, updates, skipped))
    if updates:
        updates.write(verdicts)
    for renderer, path in renderers:
        layout = page(path, quiet=request.quiet, strict=request.strict, full=request.full)
        if renderer.verdicts is not None:
            _write(renderer.verdicts(verdicts, layout), path)
    if skipped and not request.quiet:
        _output.note(count_skipped(skipped))
    code = summarise(verdicts).exit_code(strict=request.strict)
    return _output.BAD_INPUT if labels.failed else code


def _write(pieces: Iterator[str], path: str | None) -> None:
    """Write a report; a closed pipe affects neither the other reports nor the exit code."""
    try:
        write(pieces, path)
    except BrokenPipeError:
        _output.close_quietly()


def _report(report: str) -> tuple[Renderer, str]:
    name, _, path = report.partition("=")
    if not path:
        raise UsageError(f"--report takes FORMAT=FILE, not '{report}'", "for example --report junit=annostrat.xml")
    return pick_renderer(name, "verdicts"), path


class _Updates:
    """The changes that `--update` writes to files once every use case is judged."""

    def __init__(self, files: tuple[str, ...], *, quiet: bool) -> None:
        if STDIN in files:
            raise UsageError("--update writes to files, and standard input is not one", "name a FILE or a folder")
        self._changes: dict[str, dict[tuple[int, int], Change]] = {}
        self._kept: Counter[str] = Counter()
        self._quiet = quiet

    def take(self, result: Recommendation, verdict: Verdict) -> Verdict:
        """Return the verdict that the use case would get with an updated `expect`, if that would be as expected."""
        case, possible = result.use_case, tuple(result.candidates)
        if case.document is None or verdict.status == "as_expected":
            return verdict
        accepted = judge(Recommendation(case._replace(expect=possible), result.outcome, result.own))
        if accepted.status != "as_expected":
            self._kept[_KEPT[accepted.status]] += 1
            return verdict
        of_file = self._changes.setdefault(os.path.realpath(case.document.path), {})
        of_file[place(case.document)] = case.document, possible
        return accepted

    def write(self, verdicts: list[Verdict]) -> None:
        """Write the files, except unreadable ones, and report what was written and what was not."""
        for path in {os.path.realpath(one.location.path) for one in verdicts if one.status == "unreadable"}:
            if self._changes.pop(path, None):
                _output.note(f"nothing is written to {os.path.relpath(path)}, because part of it cannot be read")
        texts = {os.path.relpath(path): updated(path, [*of_file.values()]) for path, of_file in self._changes.items()}
        for path, text in texts.items():
            write([text], path)
        if not self._quiet:
            for path in texts:
                _output.note(f"`expect` written to {path}")
            kept = ", ".join(f"{number} {why}" for why, number in self._kept.items())
            counts = f"`expect` written: {sum(map(len, self._changes.values()))}"
            _output.note(f"{counts}; kept: {kept}" if kept else counts)


_KEPT = {
    "undecided": "not decided",
    "provisional": "not decided",
    "contradicted": "contradicted by labels",
    "disagreed": "with annotators who disagree",
    "faulty_labels": "with errors in labels",
}
"""Why `expect` of a use case is kept, by the verdict that the recommended strategies would get."""


def _judge(
    request: CheckRequest, rules: RuleSet, labels: Labels, updates: _Updates | None, skipped: list[str]
) -> Iterator[Verdict]:
    recommender = Recommender(rules)
    for case in read_use_cases(request.files, rules, skipped, skip_others=request.skip_others):
        if isinstance(case, InputError):
            yield judge(case)
            continue
        try:
            evident = labels.beside(case)
            result = evident.recommend(recommender, evident.case)
        except InputError as error:  # without labels that a use case names, there is no verdict
            yield judge(error)
            continue
        except Exception as error:  # noqa: BLE001 - a bug gives no verdict, and must not stop the others
            yield judge(failed_at(case, error))
            continue
        verdict = judge(result, strict=request.strict)
        yield updates.take(result, verdict) if updates else verdict


COMMANDS = {"check": Command(CheckRequest, run)}
