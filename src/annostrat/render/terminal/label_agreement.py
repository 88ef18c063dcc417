"""The agreement of annotators at a terminal: one screen; in full; or two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from annostrat.errors import printable
from annostrat.render.sections.label_agreement import headline, is_fine, opening, screen, sections, title
from annostrat.render.sections.measured_findings import in_short
from annostrat.render.terminal.layout import draw, fitting, indented, laid_out

if TYPE_CHECKING:
    from rich.console import RenderableType

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.render.renderer import Page

_CLASSES, LINES = 10, 30


def page_of(found: LabelAgreement, rules: RuleSet, page: Page) -> str:
    """Return the page."""
    style = "bold green" if is_fine(found) else "bold yellow"
    name, answer = printable(title(found)), printable(headline(found))
    if page.quiet:
        beside = in_short(found["findings"][0]) if found["findings"] else next(opening(found))
        return draw(Group(Text(f"{name}: {answer}", style), indented(beside)), page)
    head: list[RenderableType] = [Text(name, "bold"), Text(f"=> {answer}", style), *map(indented, opening(found))]
    if not page.full:
        return fitting(head, screen(found, rules), laid_out, page, LINES, ("Images to look at first", "Figures"))
    return draw(Group(*head, *laid_out(sections(found, rules, most_classes=_CLASSES), page)), page)
