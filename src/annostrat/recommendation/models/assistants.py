"""Which assistants help to draw a label: those made for the field first, then those for any.

An assistant is offered for the labels that it draws, and for those that its labels become without guessing, such as
points that are the middles of boxes. One that needs a point or a box for each object spares nothing where a point or a
box is all that is wanted, so it is offered only for what it draws itself; and one that finds things gives no verdict on
a whole picture, so none is offered for tags unless it gives them itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annostrat.recommendation.models.architectures import is_free_enough
from annostrat.recommendation.models.objects import suits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.contract import Assistant
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import SuitedAssistant

_FOR_ALL_OBJECTS = {"text", "example", "none"}
"""What is said once for all objects of a kind."""


def assistants_for(
    rules: RuleSet,
    strategy: str,
    domain: str | None = None,
    wishes: Mapping[str, Any] | None = None,
    objects: str | None = None,
) -> list[SuitedAssistant]:
    """Return the assistants for a strategy's label, those to try first before the others.

    First come those that were made for the field, then those that draw the label itself, then those with permissive
    licences, then by rank.

    Args:
        rules: The rule set with the assistants.
        strategy: The strategy whose label is wanted.
        domain: The field.
        wishes: What a model must satisfy; of an assistant, only licences are asked.
        objects: The things to label.
    """
    wanted = (wishes or {}).get("licence")
    suited: list[SuitedAssistant] = []
    for assistant in rules.assistants:
        drawn = _drawn_for(rules, assistant, strategy)
        if (
            drawn
            and suits(assistant["domains"], assistant["made_for"], domain, objects)
            and domain not in assistant["not_for"]
            and (wanted is None or is_free_enough(assistant, wanted))
        ):
            suited.append({**assistant, "strategy": strategy, "via": None if drawn == strategy else drawn})
    return sorted(suited, key=lambda one: (not one["domains"], one["via"] is not None, one["permissive"] == "no"))


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
