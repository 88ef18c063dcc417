"""The results of a check and of `rules check` at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.recommendation.expectation import UNSURE, abridged, summarise
from annostrat.render.sections.sections import amount
from annostrat.render.terminal.layout import BOLD_RED, DIM, GREEN, YELLOW, hang, indent, paint, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Problem
    from annostrat.recommendation.expectation import Status, Verdict
    from annostrat.render.renderer import Page

_MARKS: dict[Status, tuple[str, str]] = {
    "as_expected": ("ok", GREEN),
    "differs": ("differs", BOLD_RED),
    "contradicted": ("contradicted", BOLD_RED),
    "disagreed": ("disagreed", BOLD_RED),
    "faulty_labels": ("faulty labels", YELLOW),
    "undecided": ("undecided", YELLOW),
    "provisional": ("provisional", YELLOW),
    "no_expectation": ("no expectation", DIM),
    "unreadable": ("unreadable", BOLD_RED),
}
_MARK_WIDTH = max(len(word) for word, _ in _MARKS.values())


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:
    """Yield the verdict on each use case, and a summary; expected results are shown only in full.

    If the page is quiet, only what fails is shown.
    """
    seen: list[Verdict] = []
    for verdict in abridged(results, seen):
        if verdict.fails if page.quiet else page.full or verdict.status != "as_expected":
            yield text_of(_verdict(verdict, page))
    summary, unsure = summarise(seen), sum(map(_fails_when_strict, seen))
    strict = f"; {unsure} {'fails' if unsure == 1 else 'fail'} under --strict" if unsure else ""
    if not page.quiet or summary.as_expected < len(seen):
        yield text_of(hang("", f"{summary}{strict}", page))


def _fails_when_strict(verdict: Verdict) -> bool:
    """Return whether a verdict fails only because of `--strict`."""
    return verdict.fails and verdict.status in UNSURE


def _verdict(verdict: Verdict, page: Page) -> Iterator[str]:
    """Yield the status with the place, on a line that is never broken so that it stays searchable, and the message."""
    word, style = _MARKS[verdict.status]
    mark = paint(f"{word:{_MARK_WIDTH}} ", BOLD_RED if verdict.fails else style, page)
    problems = [(problem.location, problem.text()) for problem in verdict.problems]
    strict = "; fails under --strict" if _fails_when_strict(verdict) else ""
    for location, message in problems or [(verdict.location, f"{verdict.name}: {verdict.message}{strict}")]:
        yield mark + printable(str(location))
        yield from indent(message, page)


def problems(errors: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one line per problem, and a summary."""
    for problem in errors:
        yield f"{problem}\n"
    yield f"{amount(len(errors), 'problem')}\n" if errors else f"{', '.join(names)}: no problems\n"
