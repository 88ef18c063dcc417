"""Which assistants help to draw a label: those made for the field first, then those for any.

An assistant is offered for the labels that it draws, and for those that its labels become without guessing, such as
points that are the middles of boxes. One that needs a point or a box for each object spares nothing where a point or a
box is all that is wanted, so it is offered only for what it draws itself; and one that finds things gives no verdict on
a whole picture, so none is offered for tags unless it gives them itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annostrat.contract import SuitedAssistant
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Assistant

_FOR_ALL_OBJECTS = {"text", "example", "none"}
"""What is said once for all objects of a kind."""


def assistants_for(
    rules: RuleSet, strategy: str, domain: str | None = None, *, free: bool = False
) -> list[SuitedAssistant]:
    """Return the assistants for a strategy's label, those to try first before the others.

    First come those that were made for the field, then those that draw the label itself, then those with permissive
    licences, then by rank.

    Args:
        rules: The rule set with the assistants.
        strategy: The strategy whose label is wanted.
        domain: The field; assistants that were made for others, or are known to fail in it, are not offered.
        free: Offer those alone whose licences and data let anyone ship a closed product.
    """
    suited: list[SuitedAssistant] = []
    for assistant in rules.assistants:
        drawn = _drawn_for(rules, assistant, strategy)
        made_for_it = not assistant["domains"] or domain in assistant["domains"]
        if (
            drawn
            and made_for_it
            and domain not in assistant["not_for"]
            and (not free or assistant["permissive"] == "yes")
        ):
            suited.append({**assistant, "strategy": strategy, "via": None if drawn == strategy else drawn})
    return sorted(suited, key=lambda one: (not one["domains"], one["via"] is not None, one["permissive"] == "no"))


def assistants_for_all(
    rules: RuleSet, strategies: Iterable[str], domain: str | None = None, *, free: bool = False
) -> list[SuitedAssistant]:
    """Return the assistants for several labels, one label after the other."""
    return [one for strategy in strategies for one in assistants_for(rules, strategy, domain, free=free)]


def _drawn_for(rules: RuleSet, assistant: Assistant, strategy: str) -> str | None:
    """Return the label to let an assistant draw for a strategy: that one, or one that can be turned into it."""
    if strategy in assistant["draws"]:
        return strategy
    places = bool(rules.strategies[strategy]["converts_to"])  # only tags, which say no place, become nothing else
    if not places or _FOR_ALL_OBJECTS.isdisjoint(assistant["prompts"]):
        return None
    for drawn in assistant["draws"]:
        if any(one["strategy"] == strategy and one["exact"] for one in rules.strategies[drawn]["converts_to"]):
            return drawn
    return None
