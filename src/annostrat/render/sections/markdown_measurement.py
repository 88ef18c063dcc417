"""The report of a measurement, as Markdown that fits a pull-request comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import shortened
from annostrat.render.sections.markdown_blocks import COMMENT, escape, sectioned, size, words
from annostrat.render.sections.measurement import headline, opening, sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement


def report(found: Measurement, rules: RuleSet) -> str:
    """Return a report with as many classes as fit a comment."""
    reports = ["\n\n".join(_parts(found, rules, most)) + "\n" for most in _CLASSES]
    return next((text for text in reports if size(text) <= COMMENT), reports[-1])


_CLASSES = (20, 10, 4, 1)
"""How many classes a report shows; fewer, where the more do not fit."""


def _parts(found: Measurement, rules: RuleSet, most: int) -> Iterator[str]:
    yield f"## {escape(shortened(found['name']))}"
    yield f"**{escape(headline(found, rules))}**"
    yield from map(words, opening(found, rules))
    shown = sections(found, rules, most_classes=most, most_drawn=min(most, 6))
    yield from sectioned(shown, rules)
    yield f"Rules: {escape(rules.id)} {rules.version}, `{rules.digest}`"
