"""Text for people at a terminal, laid out by rich; readable without colour, and in 40 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from annostrat.errors import printable
from annostrat.recommendation.comparison import in_short, rows
from annostrat.recommendation.expectation import abridged, summarise
from annostrat.render.renderer import Renderer
from annostrat.render.sections.models import catalogue, catalogue_in_short
from annostrat.render.sections.sections import Column, Table, amount
from annostrat.render.terminal.agreement import agreement
from annostrat.render.terminal.layout import draw, grid, indented, item, shown
from annostrat.render.terminal.recommendation import recommendations
from annostrat.render.terminal.tree import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
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

SIDE_BY_SIDE, ASPECT = 22, 14
"""Columns that a strategy of a comparison needs to stand beside others, and what is compared to stand before them."""
MAIN = ("a label takes", "gives")
"""What is compared of strategies that are too many to stand side by side."""


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:
    """Yield each use case as it is judged, and a summary; only in full those too that are as expected."""
    seen: list[Verdict] = []
    for verdict in abridged(results, seen):
        if page.full or verdict.status != "as_expected":
            yield draw(Group(*_judged(verdict)), page)
    summary = summarise(seen)
    if not page.quiet or summary.as_expected < len(seen):
        yield f"{summary}\n"


def _judged(verdict: Verdict) -> Iterator[RenderableType]:
    """Yield how it is and where, on a line that no width breaks for whoever searches it, and under it what is said."""
    word, style = _MARKS[verdict.status]
    named = f"{verdict.name}: {verdict.message}"
    for location, said in [(one.location, one.text()) for one in verdict.problems] or [(verdict.location, named)]:
        mark = Text(f"{word:{_MARK_WIDTH}} ", "bold red" if verdict.fails else style)
        yield mark.append(printable(str(location)), "not bold")
        yield indented(said)


def problems(found: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one line for each problem, and a summary."""
    for problem in found:
        yield f"{problem}\n"
    if found:
        yield f"{len(found)} problem{'' if len(found) == 1 else 's'}\n"
    else:
        yield f"{', '.join(names)}: no problems\n"


def architectures(found: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield a table of variants for each tier of each strategy; of several strategies, in short, one for all."""
    for section in catalogue(found, rules, whole=False) if page.full else catalogue_in_short(found, rules):
        lines = [shown(part, page) for part in section.parts]
        yield draw(Group(Text(section.title, "bold"), *lines, Text()), page)
    assistants = f" and {amount(len(found.assistants), 'assistant')}" if found.assistants else ""
    yield f"{amount(len(found.architectures), 'architecture')}{assistants}\n"


def comparison(found: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield strategies side by side where the page is wide enough, else in rows; in full one below the other."""
    columns = found["strategies"]
    titles = [c["strategy"]["title"] + (" (recommended)" if c["recommended"] else "") for c in columns]
    if found["name"]:
        yield draw(Text(f"{printable(found['name'])}\n", "bold"), page)
    if page.full:
        for index, title in enumerate(titles):
            parts: list[RenderableType] = [Text(title, "bold")]
            for heading, cells in rows(found, rules).items():
                parts += [indented(f"{heading}:", "dim"), *map(item, cells[index])]
            yield draw(Group(*parts, Text()), page)
        return
    said = in_short(found, rules)
    if len(columns) * SIDE_BY_SIDE + ASPECT <= page.width:
        table = [[heading, *cells] for heading, cells in said.items()]
        yield draw(grid(Table([Column(""), *map(Column, titles)], table), page), page)
    else:
        heads = [Column(heading) for heading in ("strategy", *MAIN)]
        table = [[title, *(said[heading][index] for heading in MAIN)] for index, title in enumerate(titles)]
        yield draw(shown(Table(heads, table), page), page)
    yield draw(Text("\n--full for benefits and drawbacks with their sources", "dim"), page)


def measurements(found: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page of what was measured."""
    from annostrat.render.terminal.measurement import page_of

    yield page_of(found, rules, page)


def label_agreement(found: LabelAgreement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page on the agreement of annotators."""
    from annostrat.render.terminal.label_agreement import page_of

    yield page_of(found, rules, page)


PLUGIN = Renderer(
    recommendations,
    verdicts,
    problems,
    architectures,
    tree,
    comparison,
    agreement,
    measurements,
    label_agreement,
)
