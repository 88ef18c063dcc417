"""The page of a measurement at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from annostrat.errors import printable
from annostrat.render.sections.measurement import headline, is_decided, opening, quiet_sections, sections
from annostrat.render.terminal.layout import draw, indented, laid_out

if TYPE_CHECKING:
    from rich.console import RenderableType

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.render.renderer import Page

_CLASSES, _DRAWN = 10, 4


def page_of(found: Measurement, rules: RuleSet, page: Page) -> str:
    """Return the page."""
    style = "bold green" if is_decided(found) else "bold yellow"
    parts: list[RenderableType] = [Text(printable(found["name"]), "bold"), Text()]
    parts += [Text(f"=> {headline(found, rules)}", style), *map(indented, opening(found, rules))]
    whole = sections(found, rules, most_classes=_CLASSES, most_drawn=_DRAWN, scrolls=True)
    for section in quiet_sections(found, rules) if page.quiet else whole:
        parts += laid_out(section, page)
    if not page.quiet:
        parts.append(Text(f"\nRules: {rules.id} {rules.version}, {rules.digest[:19]}", "dim"))
    return draw(Group(*parts), page)
