"""Counts and published rates become hours, money and weeks, always as an interval; nothing is made up.

hours = units x seconds x (1 + quality assurance) / 3600, where a unit is an object, an image, or a class in an image.
The low end takes the lowest published seconds and the lowest share of quality assurance, the high end the highest.
Where no time or price was published the result is None, and the note says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.contract import EffortDocument, PlanEffort, Range, StrategyEffort
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import EffortPlan, EffortRate
    from annostrat.use_case import UseCase


def estimate(
    rules: RuleSet, use_case: UseCase, strategies: list[str], together: Sequence[str] = (), *, decided: bool = True
) -> EffortDocument | None:
    """Return what each strategy takes for a use case, the first one being the recommended one.

    Args:
        rules: Where the published rates are.
        use_case: The counts and settings.
        strategies: The strategies to estimate.
        together: Those of them that are drawn side by side, so that their hours add up.
        decided: Whether the first one is recommended; if not, the user's price and plans are nobody's.

    Returns:
        The estimate; None where the use case does not say how many images there are.
    """
    if not use_case.images:
        return None
    chosen = strategies[0] if strategies and decided else None
    project = _Project(rules, use_case, chosen)
    lines = [project.line(strategy) for strategy in strategies if strategy in rules.effort["rates"]]
    plan = project.plan(chosen) if chosen else None
    named = [source for part in (*lines, *([plan] if plan else [])) for source in part["sources"]]
    common = [*rules.effort["quality_share"]["sources"], *rules.effort["week_sources"]]
    return {
        "images": use_case.images,
        "objects_per_image": use_case.objects_per_image,
        "classes": project.classes,
        "assistance": project.assistance,
        "qa_share": project.quality,
        "annotators": project.annotators,
        "week_hours": rules.effort["week_hours"],
        "currency": project.currency,
        "money_from": project.money_from,
        "strategies": lines,
        "total": _total([line for line in lines if line["strategy"] in together]),
        "plan": plan,
        "references": {source: rules.references[source] for source in dict.fromkeys([*named, *common])},
    }


class _Project:
    """A use case's counts and settings, with what is published put in for what is not given."""

    def __init__(self, rules: RuleSet, use_case: UseCase, chosen: str | None) -> None:
        settings = use_case.effort
        self._rules, self._use_case, self._chosen = rules, use_case, chosen
        self._hourly, self._unit_price = settings.get("hourly_rate"), settings.get("unit_price")
        self.classes: int = settings.get("classes") or len(use_case.classes) or 1
        self.assistance: bool = settings.get("assistance", False)
        self.annotators: int = settings.get("annotators", 1)
        given = settings.get("qa_share")
        published = rules.effort["quality_share"]
        self.quality: Range = _range(published) if given is None else {"low": given, "typical": given, "high": given}
        own = self._hourly is not None or self._unit_price is not None
        self.currency: str | None = settings.get("currency") if own else "USD"
        self.money_from = "list_price"
        if self._hourly is not None:
            self.money_from = "hourly_rate"
        elif self._unit_price is not None:
            self.money_from = "unit_price"

    def line(self, strategy: str) -> StrategyEffort:
        rate = self._rules.effort["rates"][strategy]
        units = self._units(rate["unit"])
        assisted = self.assistance and rate["assisted"] is not None
        seconds = rate["assisted"] if assisted else rate["seconds"]
        hours = self._hours(rate, units, assisted=assisted)
        parts = (seconds, rate["price"] if self.money_from != "hourly_rate" else None)
        return {
            "strategy": strategy,
            "unit": rate["unit"],
            "units": units,
            "seconds": _range(seconds) if seconds else None,
            "hours": _rounded(hours),
            "hours_saved": _rounded(self._saved(rate, units)),
            "weeks": _rounded(_scaled(hours, 1 / (self.annotators * self._rules.effort["week_hours"]))),
            "money": _rounded(self._money(strategy, rate, hours)),
            "note": rate["note"],
            "sources": list(dict.fromkeys(source for part in parts if part for source in part["sources"])),
        }

    def plan(self, chosen: str) -> PlanEffort | None:
        """Return the plan for the recommended strategy that the answers call for, if there is one."""
        answers = self._use_case.answers
        for plan in self._rules.effort["plans"]:
            if plan["for_"] == chosen and all(
                answers.get(question) in words for question, words in plan["when"].items()
            ):
                return self._plan(plan, chosen)
        return None

    def _plan(self, plan: EffortPlan, chosen: str) -> PlanEffort:
        share: Range = {**plan["share"]}
        return {
            "text": plan["text"],
            "share": share,
            "share_assumed": plan["assumed_share"],
            "hours": _rounded(_sum(self._base(plan), _product(self.line(chosen)["hours"], share))),
            "sources": plan["sources"],
        }

    def _base(self, plan: EffortPlan) -> Range | None:
        """Return the hours of the cheap label for all images."""
        if plan["all"]:
            return self.line(plan["all"])["hours"]
        coarse = plan["coarse_seconds"] or 0.0
        return self._with_quality({"low": coarse, "typical": coarse, "high": coarse}, self._units("image"))

    def _units(self, unit: str) -> float | None:
        images = self._use_case.images or 0
        if unit == "object":
            objects = self._use_case.objects_per_image
            return None if objects is None else images * objects
        return images * self.classes if unit == "class" else images

    def _hours(self, rate: EffortRate, units: float | None, *, assisted: bool) -> Range | None:
        seconds = rate["assisted"] if assisted else rate["seconds"]
        if seconds is None:
            return None
        included = rate["high_includes_quality"] and not assisted
        return self._with_quality(_range(seconds), units, high_included=included)

    def _with_quality(self, seconds: Range, units: float | None, *, high_included: bool = False) -> Range | None:
        if units is None:
            return None
        share = {**self.quality, "high": 0.0} if high_included else self.quality
        low, typical, high = (units * seconds[end] * (1 + share[end]) / 3600 for end in ("low", "typical", "high"))
        return {"low": low, "typical": typical, "high": max(typical, high)}  # more checking than the figure includes

    def _saved(self, rate: EffortRate, units: float | None) -> Range | None:
        """Return the hours between drawing and correcting; the interval is that of the typical drawing time."""
        by_hand = self._hours(rate, units, assisted=False)
        corrected = self._hours(rate, units, assisted=True) if rate["assisted"] else None
        if by_hand is None or corrected is None:
            return None
        typical = by_hand["typical"]
        ends = [max(0.0, typical - corrected[end]) for end in ("high", "typical", "low")]
        return {"low": ends[0], "typical": ends[1], "high": ends[2]}

    def _money(self, strategy: str, rate: EffortRate, hours: Range | None) -> Range | None:
        if self._hourly is not None:
            return _scaled(hours, self._hourly)
        price = rate["price"]
        if self._unit_price is not None:
            return self._at_unit_price(strategy, rate)
        units = self._units(price["per"]) if price else None
        if price is None or units is None:
            return None
        middle = (price["low"] + price["high"]) / 2
        return {"low": units * price["low"], "typical": units * middle, "high": units * price["high"]}

    def _at_unit_price(self, strategy: str, rate: EffortRate) -> Range | None:
        """Return the money at the user's price for one unit of the recommended label; another label's is not known."""
        units = self._units(rate["unit"])
        if strategy != self._chosen or units is None or self._unit_price is None:
            return None
        amount = units * self._unit_price
        return {"low": amount, "typical": amount, "high": amount}


def _range(interval: Any) -> Range:
    return {"low": interval["low"], "typical": interval["typical"], "high": interval["high"]}


def _rounded(amount: Range | None) -> Range | None:
    """Return an amount to two decimals: published figures carry no more."""
    if amount is None:
        return None
    return {"low": round(amount["low"], 2), "typical": round(amount["typical"], 2), "high": round(amount["high"], 2)}


def _total(lines: list[StrategyEffort]) -> Range | None:
    """Return the hours of labels that are drawn side by side; None for one label, or where an estimate is missing."""
    hours = [line["hours"] for line in lines]
    total: Range | None = None
    for index, one in enumerate(hours):
        total = one if index == 0 else _sum(total, one)
    return _rounded(total) if len(hours) > 1 else None


def _scaled(amount: Range | None, factor: float) -> Range | None:
    if amount is None:
        return None
    return {"low": amount["low"] * factor, "typical": amount["typical"] * factor, "high": amount["high"] * factor}


def _product(amount: Range | None, factor: Range) -> Range | None:
    if amount is None:
        return None
    return {
        "low": amount["low"] * factor["low"],
        "typical": amount["typical"] * factor["typical"],
        "high": amount["high"] * factor["high"],
    }


def _sum(one: Range | None, other: Range | None) -> Range | None:
    if one is None or other is None:
        return None
    return {
        "low": one["low"] + other["low"],
        "typical": one["typical"] + other["typical"],
        "high": one["high"] + other["high"],
    }
