"""A measurement at a terminal: one screen; in full; or two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.measurement import report, screen
from annostrat.render.terminal.layout import NARROW, dropping, full_text, quiet_text, screen_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.render.renderer import Page

_CLASSES, _DRAWN, LINES = 10, 4, 30


def measurements(measured: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page of a measurement."""
    if page.full and not page.quiet:
        whole = report(measured, rules, most_classes=_CLASSES, most_drawn=_DRAWN, meanings=False)
        yield full_text(whole, rules, page)
        return
    short = screen(measured, rules, charts=page.width >= NARROW)
    versions = dropping(short.sections, ("Classes",))
    yield quiet_text(short, page) if page.quiet else screen_text(short, page, LINES, versions)
