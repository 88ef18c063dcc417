"""Text for people at a terminal, laid out by rich; readable without colour, and in 40 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.style import Style
from rich.table import Table
from rich.text import Text

from annostrat.errors import printable
from annostrat.recommendation.comparison import rows
from annostrat.recommendation.expectation import abridged, summarise
from annostrat.render.renderer import Renderer
from annostrat.render.sections.models import catalogue
from annostrat.render.terminal.agreement import agreement
from annostrat.render.terminal.layout import draw, indented, item, shown
from annostrat.render.terminal.recommendation import recommendations
from annostrat.render.terminal.tree import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.contract import Comparison
    from annostrat.recommendation.expectation import Status, Verdict
    from annostrat.recommendation.models.architectures import Catalogue
    from annostrat.render.renderer import Page


_MARKS: dict[Status, tuple[str, str]] = {
    "as_expected": ("ok", "green"),
    "differs": ("differs", "bold red"),
    "contradicted": ("contradicted", "bold red"),
    "undecided": ("undecided", "yellow"),
    "provisional": ("provisional", "yellow"),
    "no_expectation": ("no expectation", "dim"),
    "unreadable": ("unreadable", "bold red"),
}
_MARK_WIDTH = max(len(word) for word, _ in _MARKS.values())

SIDE_BY_SIDE = 26
"""Columns that one strategy of a comparison needs to stand beside others."""


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:
    """Yield a line for each use case as it is judged, and a summary; a quiet page shows only what is amiss."""
    seen: list[Verdict] = []
    for verdict in abridged(results, seen):
        if page.quiet and verdict.status == "as_expected":
            continue
        word, style = _MARKS[verdict.status]
        style = "bold red" if verdict.fails else style
        word = f"{word:{_MARK_WIDTH}}"
        mark = Style.parse(style).render(word) if page.colour else word
        yield from (f"{mark} {line}\n" for line in _lines(verdict))
    summary = summarise(seen)
    if not page.quiet or summary.as_expected < len(seen):
        yield f"{summary}\n"


def _lines(verdict: Verdict) -> list[str]:
    if verdict.problems:
        return [str(problem) for problem in verdict.problems]
    return [printable(f"{verdict.location}: {verdict.name}: {verdict.message}")]


def problems(found: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one line for each problem, and a summary."""
    for problem in found:
        yield f"{problem}\n"
    if found:
        yield f"{len(found)} problem{'' if len(found) == 1 else 's'}\n"
    else:
        yield f"{', '.join(names)}: no problems\n"


def architectures(found: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield a table of variants for each tier of each strategy."""
    for section in catalogue(found, rules, whole=False):
        lines = [shown(part, page) for part in section.parts]
        yield draw(Group(Text(section.title, "bold"), *lines, Text()), page)
    count = len(found.architectures)
    yield f"{count} architecture{'' if count == 1 else 's'}"
    yield (
        f" and {len(found.assistants)} assistant{'' if len(found.assistants) == 1 else 's'}\n"
        if found.assistants
        else "\n"
    )


def comparison(found: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield strategies side by side where the page is wide enough, else one below the other."""
    columns = found["strategies"]
    titles = [c["strategy"]["title"] + (" (recommended)" if c["recommended"] else "") for c in columns]
    if found["name"]:
        yield draw(Text(f"{printable(found['name'])}\n", "bold"), page)
    if len(columns) * SIDE_BY_SIDE > page.width:
        for index, title in enumerate(titles):
            parts: list[RenderableType] = [Text(title, "bold")]
            for heading, cells in rows(found, rules).items():
                parts += [indented(f"{heading}:", "dim"), *map(item, cells[index])]
            yield draw(Group(*parts, Text()), page)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), header_style="bold", expand=True)
    for title in titles:
        table.add_column(title, ratio=1, overflow="fold")
    for heading, cells in rows(found, rules).items():
        table.add_row(*(Group(Text(f"{heading}:", "dim"), *map(_line, lines)) for lines in cells))
    yield draw(table, page)


def _line(line: str) -> Text:
    return Text(printable(line))


def measurements(found: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page of what was measured."""
    from annostrat.render.terminal.measurement import page_of

    yield page_of(found, rules, page)


PLUGIN = Renderer(recommendations, verdicts, problems, architectures, tree, comparison, agreement, measurements)
