"""SVG: the decision tree as a self-contained poster, readable on paper and on a phone, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.drawing.outline import outline
from annostrat.render.drawing.poster import poster
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the poster; the way that answers take is marked."""
    yield poster(outline(rules, walked))


PLUGIN = Renderer(tree=tree)
