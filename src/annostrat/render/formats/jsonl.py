"""JSON Lines: one object a line, each written as soon as its use case is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.formats.json import encode
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one line for each result."""
    for result in results:
        yield encode(result, "\n")


PLUGIN = Renderer(recommendations)
