"""Find labels for a project with different needs: one label that covers them all, or several side by side."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Covering


def cover(rules: RuleSet, wanted: Sequence[Collection[str]], who: str) -> Covering | None:
    """Return the label that covers all parts, or the labels to draw side by side, or None while undecided.

    Args:
        rules: The rule set.
        wanted: The strategies that each part may need; several while the part is undecided.
        who: The name of the parts in messages: classes or purposes.
    """
    drawn, *others = coverings(rules, wanted)
    if others:
        return None
    needed = [strategy for strategy in rules.offered if any(strategy in of_part for of_part in wanted)]
    if len(needed) == 1:
        return {"strategies": needed, "because": f"All {who} need the same label."}
    least = _least(rules, needed)
    because = f"{who.capitalize()} need {_listed(rules, needed)}"
    if len(least) < len(needed):
        spared = [strategy for strategy in needed if strategy not in least]
        givers = [strategy for strategy in least if any(_gives(rules, strategy, other) for other in spared)]
        because += f"; {_listed(rules, givers)} can be turned into {_listed(rules, spared)}"
    if len(drawn) > 1:
        because += f"; no single label holds them together, so they are drawn side by side, each for its {who}"
    elif len(least) > 1:
        because += "; one label holds them together"
    return {"strategies": [*drawn], "because": f"{because}."}


def coverings(rules: RuleSet, remaining: Iterable[Collection[str]]) -> list[tuple[str, ...]]:
    """Return every set of labels that may have to be drawn, given the labels that each part may need.

    For example, a part that needs boxes and another that needs boxes or masks give either boxes or masks.
    """
    return [*_coverings(rules, tuple(map(tuple, remaining)))]


@lru_cache(maxsize=1024)
def _coverings(rules: RuleSet, remaining: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    needed = {frozenset[str](): None}
    for strategies in remaining:
        needed = {one | {strategy}: None for one in needed for strategy in strategies}
    return tuple(dict.fromkeys(_labels(rules, one) for one in needed))


def drawn_apart(rules: RuleSet, drawn: Iterable[str]) -> list[str]:
    """Split combined labels into labels to draw side by side; empty if none is combined or a part is not offered.

    For example, instance masks of the objects and a map of the surfaces, instead of a panoptic label.
    """
    combined = {one: rules.strategies[one]["combines"] for one in drawn}
    parts = dict.fromkeys(part for one, of_one in combined.items() for part in of_one or [one])
    return [*parts] if any(combined.values()) and parts.keys() <= {*rules.offered} else []


def _labels(rules: RuleSet, needed: frozenset[str]) -> tuple[str, ...]:
    """Return a single label that covers all needed ones, or those to draw side by side, in rule-set order."""
    least, texts = _least(rules, needed), rules.strategies
    holds = (one for one in rules.offered if {one, *texts[one]["combines"]}.issuperset(least))
    return tuple(least) if len(least) == 1 else next(((one,) for one in holds), tuple(least))


def _least(rules: RuleSet, needed: Collection[str]) -> list[str]:
    """Return the needed labels that cannot be derived from another needed label."""
    return [
        strategy
        for strategy in rules.offered
        if strategy in needed and not any(_gives(rules, other, strategy) for other in needed)
    ]


def _gives(rules: RuleSet, other: str, strategy: str) -> bool:
    """Return whether a label includes another or, if both tell objects apart, can be converted to it."""
    texts = rules.strategies
    of_objects = texts[other]["tells_apart"] and texts[strategy]["tells_apart"]
    turned = of_objects and any(conversion["strategy"] == strategy for conversion in texts[other]["converts_to"])
    return other != strategy and (turned or strategy in texts[other]["combines"])


def _listed(rules: RuleSet, strategies: list[str]) -> str:
    *most, last = (rules.strategies[strategy]["title"].lower() for strategy in strategies)
    return f"{', '.join(most)} and {last}" if most else last
