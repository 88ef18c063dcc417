"""A measurement at a terminal: one screen; in full; or two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from annostrat.errors import printable
from annostrat.render.sections.measured_findings import in_short
from annostrat.render.sections.measurement import headline, is_decided, opening, screen, sections
from annostrat.render.terminal.layout import NARROW, draw, fitting, indented, laid_out

if TYPE_CHECKING:
    from rich.console import RenderableType

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.render.renderer import Page

_CLASSES, _DRAWN, LINES = 10, 4, 30


def page_of(found: Measurement, rules: RuleSet, page: Page) -> str:
    """Return the page."""
    worst = found["findings"][0] if found["findings"] else None
    bad = worst is not None and worst["severity"] == "error"
    style = "bold red" if bad else "bold green" if is_decided(found) else "bold yellow"
    name, answer = printable(found["name"]), printable(headline(found, rules))
    if page.quiet:
        beside = in_short(worst) if worst else next(opening(found, rules))
        return draw(Group(Text(f"{name}: {answer}", style), indented(beside)), page)
    head: list[RenderableType] = [
        Text(name, "bold"),
        Text(f"=> {answer}", style),
        *map(indented, opening(found, rules)),
    ]
    if not page.full:
        shown = screen(found, rules, charts=page.width >= NARROW)
        return fitting(head, shown, laid_out, page, LINES, ("Classes",))
    head += laid_out(sections(found, rules, most_classes=_CLASSES, most_drawn=_DRAWN, meanings=False), page)
    return draw(Group(*head, Text(f"\nRules: {rules.id} {rules.version}, {rules.digest[:19]}", "dim")), page)
