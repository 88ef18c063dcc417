"""Strategies side by side at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.recommendation.comparison import in_short, rows
from annostrat.render.sections.sections import Column, Table
from annostrat.render.terminal.layout import BOLD, DIM, grid, hang, indent, item, part_lines, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Comparison
    from annostrat.render.renderer import Page

SIDE_BY_SIDE, ASPECT = 22, 14
"""Columns needed by each strategy beside others, and by the names of the aspects compared."""
MAIN = ("a label takes", "gives")
"""Aspects compared if there are too many strategies to show side by side."""


def comparison(compared: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield strategies side by side if the page is wide enough, else in rows; in full, one below the other."""
    titles = [c["strategy"]["title"] + (" (recommended)" if c["recommended"] else "") for c in compared["strategies"]]
    if compared["name"]:
        yield text_of([*hang("", compared["name"], page, BOLD), ""])
    if page.full:
        aspects = rows(compared, rules)
        for index, title in enumerate(titles):
            lines = hang("", title, page, BOLD)
            for aspect, cells in aspects.items():
                lines += indent(f"{aspect}:", page, DIM)
                lines += [line for cell in cells[index] for line in item(cell, page)]
            yield text_of([*lines, ""])
        return
    short = in_short(compared, rules)
    if len(titles) * SIDE_BY_SIDE + ASPECT <= page.width:
        table = Table([Column(""), *map(Column, titles)], [[aspect, *cells] for aspect, cells in short.items()])
        yield text_of(grid(table, page))
    else:
        cells = [[title, *(short[aspect][index] for aspect in MAIN)] for index, title in enumerate(titles)]
        yield text_of(part_lines(Table([Column("strategy"), *map(Column, MAIN)], cells), page))
    yield text_of(["", *hang("", "--full for benefits and drawbacks with their sources", page, DIM)])
