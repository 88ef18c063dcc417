"""The catalogue of architectures and assistants at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.catalogue import catalogue_in_short, catalogue_sections
from annostrat.render.sections.sections import amount
from annostrat.render.terminal.layout import BOLD, hang, part_lines, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.models import Catalogue
    from annostrat.render.renderer import Page


def architectures(catalogue: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield a table of variants per tier and strategy; in short, a single table if there are several strategies."""
    whole, short = catalogue_sections(catalogue, rules, whole=False), catalogue_in_short(catalogue, rules)
    for section in whole if page.full else short:
        lines = (line for part in section.parts for line in part_lines(part, page))
        yield text_of([*hang("", section.title, page, BOLD), *lines, ""])
    assistants = f" and {amount(len(catalogue.assistants), 'assistant')}" if catalogue.assistants else ""
    yield f"{amount(len(catalogue.architectures), 'architecture')}{assistants}\n"
