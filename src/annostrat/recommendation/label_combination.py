"""What covers a project that needs different labels: one that holds them all, or several side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Covering


def cover(rules: RuleSet, wanted: list[str | None], who: str) -> Covering | None:
    """Return the label that holds what all parts need, or the labels to draw side by side; None while one is undecided.

    Args:
        rules: The rule set.
        wanted: What each part needs; None while it is undecided.
        who: What the parts are called: classes or purposes.
    """
    if None in wanted:
        return None
    needed = [strategy for strategy in rules.offered if strategy in wanted]
    if len(needed) == 1:
        return {"strategies": needed, "because": f"All {who} need the same label."}
    least = [strategy for strategy in needed if not _given_by_another(rules, strategy, needed)]
    because = f"{who.capitalize()} need {_listed(rules, needed)}"
    if len(least) < len(needed):
        spared = [strategy for strategy in needed if strategy not in least]
        because += f"; {_listed(rules, least)} can be turned into {_listed(rules, spared)}"
    if len(least) == 1:
        return {"strategies": least, "because": f"{because}."}
    one = _holding(rules, least)
    if one is not None:
        return {"strategies": [one], "because": f"{because}; one label holds them together."}
    because += f"; no one label holds them together, so they are drawn side by side, each for its {who}"
    return {"strategies": least, "because": f"{because}."}


def _holding(rules: RuleSet, strategies: list[str]) -> str | None:
    """Return the offered strategy whose label holds the labels of several at once, if there is one."""
    texts = rules.strategies
    return next((one for one in rules.offered if {one, *texts[one]["combines"]}.issuperset(strategies)), None)


def _given_by_another(rules: RuleSet, strategy: str, needed: list[str]) -> bool:
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
