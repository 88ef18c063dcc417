"""Labelling effort as a table: the recommendation first, then the alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from annostrat.errors import printable
from annostrat.renderers._layout import NARROW, item, section

if TYPE_CHECKING:
    from rich.console import RenderableType

    from annostrat.contract import EffortDocument, Range
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation import Recommendation
    from annostrat.renderers._base import Page


def effort_lines(result: Recommendation, rules: RuleSet, page: Page) -> list[RenderableType]:
    """Return the section on effort; empty where the use case does not say how many images there are."""
    effort = result.own["effort"]
    if effort is None:
        return []
    objects = f", {effort['objects_per_image']:g} objects each" if effort["objects_per_image"] is not None else ""
    lines: list[RenderableType] = [_effort_table(effort, rules, page)]
    for line in effort["strategies"]:
        if line["hours"] is None:
            why = line["note"] if line["units"] is not None else "Say how many objects an image shows for an estimate."
            lines.append(item(f"{rules.strategies[line['strategy']]['title']}: {why}"))
    first = effort["strategies"][0]["hours_saved"] if effort["strategies"] else None
    if first and first["high"] > 0 and not effort["assistance"]:
        lines.append(item(f"Correcting what a model draws would save about {amount(first)} hours (assistance=yes)."))
    if effort["plan"] and effort["plan"]["hours"]:
        plan = effort["plan"]
        lines.append(item(f"On a smaller budget, {amount(plan['hours'])} hours: {plan['text']}", plan["sources"]))
    return section(f"What it takes ({effort['images']:,} images{objects}; quality assurance included)", lines)


def _effort_table(effort: EffortDocument, rules: RuleSet, page: Page) -> RenderableType:
    people = "1 annotator" if effort["annotators"] == 1 else f"{effort['annotators']:,} annotators"
    money = {"list_price": "USD, list price", "hourly_rate": "Wages", "unit_price": "Price"}[effort["money_from"] or ""]
    currency = f" in {effort['currency']}" if effort["currency"] and effort["money_from"] != "list_price" else ""
    headers = ("Hours", f"Weeks, {people}", f"{money}{currency}")
    rows = [
        (rules.strategies[line["strategy"]]["title"], *(amount(line[key]) for key in ("hours", "weeks", "money")))
        for line in effort["strategies"]
    ]
    if page.width < NARROW:
        said = (
            f"{row[0]}: " + ", ".join(f"{h.lower()} {cell}" for h, cell in zip(headers, row[1:], strict=True))
            for row in rows
        )
        return Group(*map(item, said))
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("Label")
    for header in headers:
        table.add_column(printable(header), justify="right")
    for title, *cells in rows:
        table.add_row(Text(title), *(Text(cell.replace(" (", "\n").rstrip(")")) for cell in cells))
    return Padding(table, (0, 0, 0, 2))


def amount(found: Range | None) -> str:
    """Return the typical value with the interval, to the precision that published figures bear."""
    if found is None:
        return "unknown"
    if found["low"] == found["high"]:
        return _number(found["typical"])
    return f"{_number(found['typical'])} ({_number(found['low'])} to {_number(found['high'])})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004 - below ten a digit more is worth showing
