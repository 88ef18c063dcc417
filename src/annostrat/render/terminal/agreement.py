"""Agreement with known choices, in numbers with intervals and as a list of disagreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from annostrat.recommendation.experts.agreement import percentage
from annostrat.render.sections.sections import amount
from annostrat.render.terminal.layout import draw, indented, item, titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from annostrat.recommendation.contract import Agreement, Disagreement, Folds, OfRater
    from annostrat.render.renderer import Page

WORTH_KEEPING = 2
"""Ratings that a change must gain net, and more parts must gain than lose."""


def agreement(found: list[Agreement], folds: Folds | None, page: Page) -> Iterator[str]:
    """Yield what was measured for each rule set, then a change between two of them part by part."""
    for measured in found:
        yield draw(Group(*_agreement(measured, full=page.full)), page)
    if folds:
        yield draw(Group(*_folds(folds)), page)


def _agreement(measured: Agreement, *, full: bool) -> list[RenderableType]:
    rules = measured["rules"]
    parts: list[RenderableType] = [
        Text(f"{rules['id']} {rules['version']}, {amount(measured['cases'], 'case')}", "bold")
    ]
    for rater in measured["raters"]:
        parts += _rater(rater, full=full)
    disagreeing = len(measured["disagreements"])
    if not full:
        them = "it" if disagreeing == 1 else "them"
        more = f"{amount(disagreeing, 'disagreement')}; --full lists {them}, with what was recommended instead"
        return [*parts, indented(more, "dim")] if disagreeing else parts
    confusion = [
        f"{expected}: " + ", ".join(f"{count} {got}" for got, count in row.items())
        for expected, row in measured["confusion"].items()
    ]
    parts += _list("Chosen by experts, and what is recommended", confusion)
    following = measured["following"]
    if following["leaning"]:
        gained, lost = len(following["gained"]), len(following["lost"])
        said = (
            f"of {amount(following['leaning'], 'case')} whose field leans to another label, following it gains {gained}"
        )
        parts += _list("Precedents of a field", [f"{said} and loses {lost}, each judged without itself"])
    return parts + _list("Disagreements", [_disagreement(entry) for entry in measured["disagreements"]])


def _rater(rater: OfRater, *, full: bool) -> list[RenderableType]:
    """Return the figures on one rater's answers: in all, by purpose, and in full by what is recommended."""
    table = Table.grid(padding=(0, 2))
    table.add_row(f"  rater {rater['rater']}", "what was chosen", "or published too")
    table.add_row("  all", percentage(rater["strict"]), percentage(rater["lenient"]))
    for purpose, shares in rater["by_purpose"].items():
        of = f"{shares['strict']['agree']} of {shares['strict']['of']}, "
        table.add_row(f"  {purpose}", of + percentage(shares["strict"]), percentage(shares["lenient"]))
    for strategy, share in rater["recommended"].items() if full else ():
        table.add_row(f"  -> {strategy}", f"{share['agree']} of {share['of']}, {percentage(share)}", "")
    undecided = [indented(f"{rater['undecided']} undecided")] if full or rater["undecided"] else []
    return [table, *undecided]


def _folds(folds: Folds) -> list[RenderableType]:
    table = Table.grid(padding=(0, 2))
    table.add_row("  part", "ratings", folds["before"], folds["after"], "gained", "lost")
    for part in folds["parts"]:
        counts = (part["part"], part["ratings"], part["before"], part["after"], len(part["gained"]), len(part["lost"]))
        table.add_row(f"  {counts[0]}", *map(str, counts[1:]))
    keep = folds["net"] >= WORTH_KEEPING and folds["gaining"] > folds["losing"]
    said = f"{folds['gaining']} parts gain, {folds['losing']} lose; {folds['net']:+d} ratings net. " + (
        "The change holds up."
        if keep
        else "A change that holds up gains two ratings net, and in more parts than it loses."
    )
    return [Text(f"\nFrom {folds['before']} to {folds['after']}, part by part", "bold"), table, indented(said)]


def _list(title: str, lines: list[str]) -> list[RenderableType]:
    return titled(title, list(map(item, lines)))


def _disagreement(entry: Disagreement) -> str:
    marked = " (also published)" if entry["lenient"] else ""
    walked = ", ".join(f"{step['question']}={step['answer']}" for step in entry["path"])
    said = f"{entry['name']}: {' or '.join(entry['expected'])} was chosen, not {' or '.join(entry['recommended'])}"
    return f"{said}{marked}: {walked}"
