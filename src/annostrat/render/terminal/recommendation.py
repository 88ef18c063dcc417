"""A recommendation at a terminal: one screen; in full; a block among several; or two lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from annostrat.errors import printable
from annostrat.render.sections.effort import hours
from annostrat.render.sections.recommendation import headline, opening, sections
from annostrat.render.sections.sections import amount
from annostrat.render.sections.summary import essence, summary
from annostrat.render.terminal.layout import beside, draw, fitting, indented, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.render.renderer import Page


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield each recommendation, and behind several blocks how many of them are decided."""
    statuses: Counter[str] = Counter()
    for result in results:
        form = _quiet if page.quiet else _full if page.full else _block if page.several() else _screen
        if statuses and form is _full:
            yield "\n" + "-" * min(page.width, 80) + "\n\n"
        statuses[result.status] += 1
        yield form(result, rules, page)
    if statuses and page.several() and not page.full:
        counts = ", ".join(f"{statuses[status]} {status}" for status in _STYLES if statuses[status])
        yield draw(Text(f"{amount(statuses.total(), 'use case')}: {counts}"), page)


_STYLES = {"decided": "bold green", "provisional": "bold yellow", "undecided": "bold yellow"}


def _head(result: Recommendation, rules: RuleSet) -> list[RenderableType]:
    name, answer = Text(printable(result.name), "bold"), f"=> {headline(result, rules)}"
    return [name, Text(answer, _STYLES[result.status])]


def _quiet(result: Recommendation, rules: RuleSet, page: Page) -> str:
    """Return the answer with its status, and what must be said beside it."""
    answer = Text(f"{printable(result.name)}: {headline(result, rules)}", _STYLES[result.status])
    return draw(Group(answer, indented(essence(result, rules))), page)


def _block(result: Recommendation, rules: RuleSet, page: Page) -> str:
    effort = [*hours(result, rules)][:1] if result.effort and result.strategy else []
    return draw(Group(*_head(result, rules), *map(indented, [essence(result, rules), *effort]), Text()), page)


def _screen(result: Recommendation, rules: RuleSet, page: Page) -> str:
    head = [*_head(result, rules), *map(indented, opening(result, rules, full=False))]
    most = LINES if page.width >= WIDE else LINES_OF_NARROW
    return fitting(head, summary(result, rules), beside, page, most, ("Nearest", "Assist", "Changes", "Models"))


LINES, LINES_OF_NARROW, WIDE = 22, 26, 80
"""Lines of a screen, those of one of fewer columns, and from how many columns on a screen is wide."""


def _full(result: Recommendation, rules: RuleSet, page: Page) -> str:
    parts = [*_head(result, rules), *map(indented, opening(result, rules)), *laid_out(sections(result, rules), page)]
    return draw(Group(*parts, Text(f"\nRules: {rules.id} {rules.version}, {rules.digest[:19]}", "dim")), page)
