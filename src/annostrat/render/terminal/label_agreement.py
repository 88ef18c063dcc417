"""The agreement of annotators at a terminal: one screen; in full; or two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.label_agreement import report, screen
from annostrat.render.terminal.layout import dropping, full_text, quiet_text, screen_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.render.renderer import Page

_CLASSES, LINES = 10, 30


def label_agreement(found: LabelAgreement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page."""
    if page.full and not page.quiet:
        yield full_text(report(found, rules, most_classes=_CLASSES), rules, page)
        return
    short = screen(found, rules)
    versions = dropping(short.sections, ("Images to look at first", "Figures"))
    yield quiet_text(short, page) if page.quiet else screen_text(short, page, LINES, versions)
