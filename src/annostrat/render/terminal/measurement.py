"""A measurement at a terminal: one screen; in full; or two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.measured_findings import in_short
from annostrat.render.sections.measurement import headline, is_decided, opening, screen, sections
from annostrat.render.terminal.layout import (
    BOLD,
    BOLD_GREEN,
    BOLD_RED,
    BOLD_YELLOW,
    DIM,
    NARROW,
    fitting,
    hanging,
    indented,
    laid_out,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.render.renderer import Page

_CLASSES, _DRAWN, LINES = 10, 4, 30


def measurements(measured: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page of what was measured."""
    worst = measured["findings"][0] if measured["findings"] else None
    bad = worst is not None and worst["severity"] == "error"
    style = BOLD_RED if bad else BOLD_GREEN if is_decided(measured) else BOLD_YELLOW
    name, answer = measured["name"], headline(measured, rules)
    if page.quiet:
        remark = in_short(worst) if worst else next(opening(measured, rules))
        yield text_of([*hanging("", f"{name}: {answer}", page, style), *indented(remark, page)])
        return
    head = [*hanging("", name, page, BOLD), *hanging("", f"=> {answer}", page, style)]
    head += [line for text in opening(measured, rules) for line in indented(text, page)]
    if not page.full:
        yield fitting(head, screen(measured, rules, charts=page.width >= NARROW), laid_out, page, LINES, ("Classes",))
        return
    head += laid_out(sections(measured, rules, most_classes=_CLASSES, most_drawn=_DRAWN, meanings=False), page)
    yield text_of([*head, "", *hanging("", f"Rules: {rules.id} {rules.version}, {rules.digest[:19]}", page, DIM)])
