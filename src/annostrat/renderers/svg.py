"""SVG: the decision tree as a poster that stands alone, readable on paper and on a phone, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.renderers._base import Page, Renderer
from annostrat.renderers._outline import outline
from annostrat.renderers._svg_poster import poster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the poster; the way that answers take is marked."""
    yield poster(outline(rules, walked))


PLUGIN = Renderer(tree=tree)
