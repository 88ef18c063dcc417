"""The catalogue of architectures and assistants at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.catalogue import catalogue, catalogue_in_short
from annostrat.render.sections.sections import amount
from annostrat.render.terminal.layout import BOLD, hanging, shown, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.models.architectures import Catalogue
    from annostrat.render.renderer import Page


def architectures(found: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield a table of variants for each tier of each strategy; of several strategies, in short, one for all."""
    for section in catalogue(found, rules, whole=False) if page.full else catalogue_in_short(found, rules):
        lines = (line for part in section.parts for line in shown(part, page))
        yield text_of([*hanging("", section.title, page, BOLD), *lines, ""])
    assistants = f" and {amount(len(found.assistants), 'assistant')}" if found.assistants else ""
    yield f"{amount(len(found.architectures), 'architecture')}{assistants}\n"
