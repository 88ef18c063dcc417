"""SVG: the decision tree as a self-contained poster, readable on paper and on a phone, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.recommendation.engine import ways_of
from annostrat.render.drawing.outline import outline
from annostrat.render.drawing.poster import poster
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase


def tree(rules: RuleSet, case: UseCase, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the poster; the ways that a use case takes are marked."""
    yield poster(outline(rules, ways_of(rules, case)))


PLUGIN = Renderer(tree=tree)
