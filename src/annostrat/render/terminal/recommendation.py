"""The page of a recommendation at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from annostrat.errors import printable
from annostrat.render.sections.recommendation import headline, opening, sections
from annostrat.render.terminal.layout import draw, indented, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.render.renderer import Page


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page of each recommendation, with a line between two."""
    for number, result in enumerate(results):
        if number:
            yield "\n" + "-" * min(page.width, 80) + "\n\n"
        yield draw(_recommendation(result, rules, page), page)


def _recommendation(result: Recommendation, rules: RuleSet, page: Page) -> Group:
    style = "bold green" if result.decided else "bold yellow"
    parts: list[RenderableType] = [Text(printable(result.name), "bold")]
    parts += [Text(), Text(f"=> {headline(result, rules)}", style)]
    parts += map(indented, opening(result, rules, quiet=page.quiet))
    for section in sections(result, rules, quiet=page.quiet):
        parts += laid_out(section, page)
    if not page.quiet:
        parts.append(Text(f"\nRules: {rules.id} {rules.version}, {rules.digest[:19]}", "dim"))
    return Group(*parts)
