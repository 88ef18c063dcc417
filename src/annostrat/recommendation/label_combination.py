"""What covers a project that needs different labels: one that holds them all, or several side by side."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Covering


def cover(rules: RuleSet, wanted: Sequence[Collection[str]], who: str) -> Covering | None:
    """Return the label that holds what all parts need, or the labels to draw side by side; None while that is open.

    Args:
        rules: The rule set.
        wanted: What each part needs; several, any one of which it may turn out to be, while that is undecided.
        who: What the parts are called: classes or purposes.
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
        giving = [one for one in least if rules.strategies[one]["tells_apart"]]
        because += f"; {_listed(rules, giving)} can be turned into {_listed(rules, spared)}"
    if len(drawn) > 1:
        because += f"; no single label holds them together, so they are drawn side by side, each for its {who}"
    elif len(least) > 1:
        because += "; one label holds them together"
    return {"strategies": [*drawn], "because": f"{because}."}


def coverings(rules: RuleSet, remaining: Iterable[Collection[str]]) -> list[tuple[str, ...]]:
    """Return all that may have to be drawn for parts of which each may still need one of several labels.

    For example, one part that needs boxes and another that needs boxes or masks come to boxes, or to masks.
    """
    needed = {frozenset[str](): None}
    for strategies in remaining:
        needed = {one | {strategy}: None for one in needed for strategy in strategies}
    return list(dict.fromkeys(_labels(rules, one) for one in needed))


def drawn_apart(rules: RuleSet, drawn: Iterable[str]) -> list[str]:
    """Return what to draw side by side instead of labels that combine others; none where a rule set lacks a part.

    For example, instance masks of the objects and a map of the surfaces, instead of a panoptic label.
    """
    combined = {one: rules.strategies[one]["combines"] for one in drawn}
    parts = dict.fromkeys(part for one, of_one in combined.items() for part in of_one or [one])
    return [*parts] if any(combined.values()) and parts.keys() <= {*rules.offered} else []


@lru_cache(maxsize=1024)
def _labels(rules: RuleSet, needed: frozenset[str]) -> tuple[str, ...]:
    """Return the label that holds all that are needed, or those to draw side by side, in the rule set's order."""
    least, texts = _least(rules, needed), rules.strategies
    holds = (one for one in rules.offered if {one, *texts[one]["combines"]}.issuperset(least))
    return tuple(least) if len(least) == 1 else next(((one,) for one in holds), tuple(least))


def _least(rules: RuleSet, needed: Collection[str]) -> list[str]:
    """Return the needed labels that no other needed one can be turned into."""
    return [
        strategy for strategy in rules.offered if strategy in needed and not _given_by_another(rules, strategy, needed)
    ]


def _given_by_another(rules: RuleSet, strategy: str, needed: Collection[str]) -> bool:
    """Return whether another needed label of single objects can be turned into this one."""
    texts = rules.strategies
    return any(
        texts[other]["tells_apart"]
        and texts[strategy]["tells_apart"]
        and any(conversion["strategy"] == strategy for conversion in texts[other]["converts_to"])
        for other in needed
        if other != strategy
    )


def _listed(rules: RuleSet, strategies: list[str]) -> str:
    *most, last = (rules.strategies[strategy]["title"].lower() for strategy in strategies)
    return f"{', '.join(most)} and {last}" if most else last
