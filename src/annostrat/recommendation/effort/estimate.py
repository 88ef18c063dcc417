"""Counts and published rates become hours, money and weeks, always as an interval; nothing is made up.

hours = units x seconds x (1 + quality assurance) / 3600, where a unit is an object, an image, or a class in an image.
The low end takes the lowest published seconds and the lowest share of quality assurance, the high end the highest.
Where no time was published the result is None, and the note says so.

A map of an image takes what it shows: an outline around every object and every surface named, but no more than a full
scene labelled to the last pixel. A map that tells objects apart too has every object's outline, so it never takes less.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annostrat.knowledge.contract import IntervalText, PlanText, RateText
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import (
        Alternative,
        Amount,
        EffortDocument,
        Enough,
        Pace,
        PlanEffort,
        Range,
        StrategyEffort,
    )
    from annostrat.use_cases.use_case import UseCase

    _Ends = tuple[float, float, float]
    _Seconds = tuple[float, float]
    _Basis = Literal["full_scene", "outlines"] | None


BY_HAND = " No time for correcting what a model draws was published, so this is by hand."
LEAST_SECONDS = 0.001
"""Published work of a label below which a pace is not set against it: there is next to nothing to draw."""


def comparable(rules: RuleSet, alternatives: Sequence[Alternative]) -> list[str]:
    """Return the alternatives that serve the same purpose, so that their effort can be set beside it.

    They are certain, and do not change the first question of the tree, which is what the result is used for.
    """
    purpose = rules.start.question
    return [entry["strategy"] for entry in alternatives if entry["certain"] and purpose not in entry["change"]]


def estimate(
    rules: RuleSet, use_case: UseCase, strategies: list[str], together: Sequence[str] = (), *, decided: bool = True
) -> EffortDocument | None:
    """Return what each strategy takes for a use case, the first one being the recommended one.

    Args:
        rules: Where the published rates are.
        use_case: The counts and settings.
        strategies: The strategies to estimate.
        together: Those of them that are drawn side by side, so that their hours add up.
        decided: Whether the first one is recommended; if not, the user's pace, price and plans are nobody's.

    Returns:
        The estimate; None where the use case does not say how many images there are.
    """
    if not use_case.images:
        return None
    chosen = strategies[0] if strategies and decided else None
    project = _Project(rules, use_case, chosen, together)
    lines = [project.line(strategy) for strategy in strategies if strategy in rules.effort["rates"]]
    plan = project.plan({line["strategy"]: line["hours"] for line in lines})
    enough = _enough(rules, use_case, chosen, project.classes)
    parts = [*lines, *(part for part in (plan, enough) if part), rules.effort["quality_share"]]
    named = [source for part in parts for source in part["sources"]] + rules.effort["week_sources"]
    total = _total([line for line in lines if line["strategy"] in together])
    of_chosen = lines[0]["hours"] if lines and lines[0]["strategy"] == chosen else None
    return {
        "hours": total or of_chosen,
        "images": use_case.images,
        "objects_per_image": use_case.objects_per_image,
        "classes": project.classes,
        "surfaces": project.surfaces,
        "full_scene": project.full_scene,
        "assistance": project.assistance,
        "pace": project.pace,
        "qa_share": project.quality,
        "annotators": project.annotators,
        "week_hours": rules.effort["week_hours"],
        "currency": project.currency,
        "money_from": project.money_from,
        "strategies": lines,
        "total": total,
        "enough": enough,
        "plan": plan,
        "references": {source: rules.references[source] for source in dict.fromkeys(named)},
    }


MOST_IMAGES = 1e12
"""Images beyond which a rule of thumb says nothing."""


def _enough(rules: RuleSet, use_case: UseCase, chosen: str | None, classes: int) -> Enough | None:
    """Return in how many images there are as many labels of each class as somebody recommends."""
    rule = next((one for one in rules.effort["rules_of_thumb"] if chosen in one["strategies"]), None)
    if rule is None or chosen is None:
        return None
    of_image = rules.effort["rates"][chosen]["unit"] != "object"
    per_image = 1 if of_image else use_case.objects_per_image
    if not per_image or rule["labels"] * classes / per_image > MOST_IMAGES:
        return None
    images = math.ceil(rule["labels"] * classes / per_image)
    return {"labels": rule["labels"], "images": images, "text": rule["text"], "sources": rule["sources"]}


class _Work(NamedTuple):
    """Seconds for one unit at the low, typical and high end: paid, which is with quality assurance, and hands-on."""

    low: _Seconds
    typical: _Seconds
    high: _Seconds
    open_end: bool = False

    def times(self, factor: float) -> _Work:
        """Return the work of so many units."""
        low, typical, high, open_end = self
        return _Work(
            (low[0] * factor, low[1] * factor),
            (typical[0] * factor, typical[1] * factor),
            (high[0] * factor, high[1] * factor),
            open_end and factor > 0,
        )

    def at_most(self, other: _Work) -> _Work:
        """Return at each end the lesser work."""
        open_end = (self if self.high <= other.high else other).open_end
        return _Work(min(self.low, other.low), min(self.typical, other.typical), min(self.high, other.high), open_end)

    def at_least(self, other: _Work) -> _Work:
        """Return at each end the greater work, which is open where either is."""
        open_end = self.open_end or other.open_end
        return _Work(max(self.low, other.low), max(self.typical, other.typical), max(self.high, other.high), open_end)


class _Published(NamedTuple):
    """The published work of one unit of a label, each part None where nobody published it.

    Attributes:
        by_hand: Drawing the label.
        corrected: Correcting what a model draws.
        look: The least that an image takes.
    """

    by_hand: _Work | None
    corrected: _Work | None
    look: _Work | None


def _published(rules: RuleSet, quality: Range) -> dict[str, _Published]:
    """Return the published work of every label with a share of quality assurance."""

    def work(interval: IntervalText | None, *, included: bool = False) -> _Work | None:
        return interval and _paid(_ends(interval), quality, included=included, open_end=interval["open_end"])

    return {
        strategy: _Published(
            work(rate["seconds"], included=rate["high_includes_quality"]),
            work(rate["assisted"], included=rate["high_includes_quality"]),
            work(rate["each_image"]),
        )
        for strategy, rate in rules.effort["rates"].items()
    }


def _paid(hands_on: _Ends, quality: Range, *, included: bool = False, open_end: bool = False) -> _Work:
    """Return work with quality assurance, which may be `included` in the hands-on seconds of the high end."""
    low, typical, high = hands_on
    paid = typical * (1 + quality["typical"])
    most = high if included else high * (1 + quality["high"])
    # A project's own share may exceed what the published figure includes.
    return _Work((low * (1 + quality["low"]), low), (paid, typical), (max(paid, most), high), open_end)


@lru_cache(maxsize=8)
def _usual(rules: RuleSet) -> tuple[Range, dict[str, _Published]]:
    """Return the published share of quality assurance, and the work of every label with it."""
    low, typical, high = _ends(rules.effort["quality_share"])
    quality: Range = {"low": low, "typical": typical, "high": high}
    return quality, _published(rules, quality)


class _Project:
    """A use case's counts and settings, with published figures where it states none."""

    def __init__(self, rules: RuleSet, use_case: UseCase, chosen: str | None, together: Sequence[str] = ()) -> None:
        settings = use_case.effort
        self._rules, self._use_case, self._chosen, self._together = rules, use_case, chosen, together
        self._rates = rules.effort["rates"]
        self._images = use_case.images or 0
        self._hourly, self._unit_price = settings.get("hourly_rate"), settings.get("unit_price")
        self.classes: int = settings.get("classes") or len(use_case.classes) or 1
        self.surfaces: float | None = settings.get("surfaces")
        self.full_scene: bool = settings.get("full_scene", False)
        self.assistance: bool = settings.get("assistance", False)
        self.annotators: int = settings.get("annotators", 1)
        self.quality, self._works = _usual(rules)
        if (share := settings.get("qa_share")) is not None:
            self.quality = {"low": share, "typical": share, "high": share}
            self._works = _published(rules, self.quality)
        self.currency: str | None = settings.get("currency")
        self.money_from: Literal["hourly_rate", "unit_price"] | None = None
        if self._hourly is not None:
            self.money_from = "hourly_rate"
        elif self._unit_price is not None:
            self.money_from = "unit_price"
        self.pace = self._pace(settings.get("seconds_per_label"))

    def line(self, strategy: str) -> StrategyEffort:
        """Return what one strategy takes."""
        rate = self._rates[strategy]
        by_hand, corrected, basis = self._work_of(strategy)
        assisted = self.assistance and corrected is not None
        work = corrected if assisted else by_hand
        own_pace = self._has_own_pace(strategy)
        units = self._units(rate["unit"])
        hours = _hours(work, units) if work and units is not None else None
        open_end = work is not None and work.open_end and units != 0
        unassisted = self.assistance and not assisted and not own_pace and rate["seconds"] is not None
        weeks = 1 / (self.annotators * self._rules.effort["week_hours"])
        return {
            "strategy": strategy,
            "unit": rate["unit"],
            "units": units,
            "seconds": _amount((work.low[1], work.typical[1], work.high[1]), open_end=work.open_end) if work else None,
            "basis": basis,
            "assisted": assisted,
            "own_pace": own_pace,
            "hours": hours and _rounded(hours, open_end=open_end),
            "hours_saved": _saved(by_hand, corrected, units),
            "weeks": hours and _rounded(hours, weeks, open_end=open_end),
            "money": self._money(strategy, units, hours, open_end=open_end),
            "note": rate["note"] + (BY_HAND if unassisted else ""),
            "sources": [] if own_pace else self._sources(rate, assisted=assisted),
        }

    def plan(self, hours: Mapping[str, Amount | None]) -> PlanEffort | None:
        """Return the plan for the recommended strategy, if it saves time and the answers do not refuse it.

        Args:
            hours: What the strategies of the estimate take.
        """
        answers = self._use_case.answers
        for plan in self._rules.effort["plans"]:
            refused = any(answers.get(question) in words for question, words in plan["unless"].items())
            if plan["for_"] == self._chosen and not refused:
                return self._plan(plan, hours)
        return None

    def _plan(self, plan: PlanText, hours: Mapping[str, Amount | None]) -> PlanEffort | None:
        cheap, whole = plan["all"], hours.get(plan["for_"])
        if cheap:
            base = hours[cheap] if cheap in hours else self.line(cheap)["hours"]
        else:
            coarse = plan["coarse_seconds"] or 0.0
            base = _amount(_hours(_paid((coarse, coarse, coarse), self.quality), self._images))
        if base is None or whole is None:
            return None
        share = plan["share"]
        typical = base["typical"] + whole["typical"] * share["typical"]
        hours_of_plan = (
            base["low"] + whole["low"] * share["low"],
            typical,
            base["high"] + whole["high"] * share["high"],
        )
        if typical >= whole["typical"]:
            return None
        return {
            "text": plan["text"],
            "share": {"low": share["low"], "typical": share["typical"], "high": share["high"]},
            "share_assumed": plan["assumed_share"],
            "hours": _rounded(hours_of_plan, open_end=base["open_end"] or whole["open_end"]),
            "instead_of": whole,
            "sources": plan["sources"],
        }

    def _units(self, unit: str) -> float | None:
        if unit == "object":
            objects = self._use_case.objects_per_image
            return None if objects is None else self._images * objects
        return self._images * self.classes if unit == "class" else self._images

    def _has_own_pace(self, strategy: str) -> bool:
        return self.pace is not None and strategy == self._chosen

    def _work_of(self, strategy: str) -> tuple[_Work | None, _Work | None, _Basis]:
        """Return the work of a label by hand, that of correcting a model's, and what that of a map is reckoned from.

        With a project's own pace that is the work of the recommended label, and that of the others is as many times
        the published one.
        """
        if self.pace and self._has_own_pace(strategy):
            seconds = self.pace["seconds"]
            return _paid((seconds, seconds, seconds), self.quality), None, None
        corrected: _Work | None = None
        by_hand, basis = self._published(strategy)
        if _is_assisted(self._rates[strategy], self._rates):
            corrected, basis_of_corrected = self._published(strategy, assisted=True)
            basis = basis_of_corrected if self.assistance else basis
        if ratio := self.pace and self.pace["ratio"]:
            by_hand, corrected = by_hand and by_hand.times(ratio), corrected and corrected.times(ratio)
        return by_hand, corrected, basis

    def _published(self, strategy: str, *, assisted: bool = False) -> tuple[_Work | None, _Basis]:
        """Return the published work of one label, and for maps what it is reckoned from."""
        rate, published = self._rates[strategy], self._works[strategy]
        work = (published.corrected if assisted else None) or published.by_hand
        if work and published.look:
            return work.at_least(published.look.times(1 / self.classes)), None
        if work is None or rate["outlines"] is None:
            return work, None
        outlines = self._works[rate["outlines"]]
        outline = (outlines.corrected if assisted else None) or outlines.by_hand
        return self._map(strategy, work, outline) if outline else (work, None)

    def _map(self, strategy: str, scene: _Work, outline: _Work) -> tuple[_Work, _Basis]:
        """Return the work of an image's map, and whether it is that of a full scene or of outlines."""
        objects, surfaces = self._objects_on(strategy), self.surfaces
        apart, most = self._rules.strategies[strategy]["tells_apart"], self._rates[strategy]["most_objects"]
        if most is not None and (objects or 0) > most:
            scene = scene._replace(open_end=True)
        work = scene.at_least(outline.times(objects or 0)) if apart else scene
        counts = [count for count in (objects, surfaces) if count is not None]
        if len(counts) > apart and not self.full_scene:  # what tells objects apart has surfaces beside them
            work = outline.times(sum(counts)).at_most(work)
        return work, "full_scene" if work.typical[0] == scene.typical[0] else "outlines"

    def _objects_on(self, strategy: str) -> float | None:
        """Return the objects that a map shows: those of an image, unless another label is drawn around them."""
        others = [other for other in self._together if other != strategy and other in self._rates]
        elsewhere = strategy in self._together and any(self._rates[other]["unit"] == "object" for other in others)
        return None if elsewhere else self._use_case.objects_per_image

    def _pace(self, seconds: float | None) -> Pace | None:
        """Return the project's own pace; the published figures that it is set against are those of this project."""
        if seconds is None or self._chosen is None or self._chosen not in self._rates:
            return None
        rate = self._rates[self._chosen]
        work, _ = self._published(self._chosen, assisted=self.assistance and _is_assisted(rate, self._rates))
        ratio = seconds / work.typical[1] if work and work.typical[1] >= LEAST_SECONDS else None
        return {"strategy": self._chosen, "seconds": seconds, "ratio": ratio}

    def _sources(self, rate: RateText, *, assisted: bool) -> list[str]:
        whole = [rate, self._rates[rate["outlines"]]] if rate["outlines"] else [rate]
        parts = [(one["assisted"] if assisted else None) or one["seconds"] for one in whole]
        return list(
            dict.fromkeys(source for part in (*parts, rate["each_image"]) if part for source in part["sources"])
        )

    def _money(self, strategy: str, units: float | None, hours: _Ends | None, *, open_end: bool) -> Amount | None:
        """Return the money for the hours; or at the price for one recommended label, as another's is not known."""
        if self._hourly is not None:
            return hours and _rounded(hours, self._hourly, open_end=open_end)
        if self._unit_price is None or strategy != self._chosen or units is None:
            return None
        return _rounded((units, units, units), self._unit_price)


def _is_assisted(rate: RateText, rates: dict[str, RateText]) -> bool:
    """Return whether a time for correcting what a model draws was published."""
    return rate["assisted"] is not None and (rate["outlines"] is None or _is_assisted(rates[rate["outlines"]], rates))


def _saved(by_hand: _Work | None, corrected: _Work | None, units: float | None) -> Amount | None:
    """Return the hours between drawing and correcting; the interval is that of the typical drawing time."""
    if by_hand is None or corrected is None or units is None:
        return None
    drawn, factor = by_hand.typical[0], units / 3600
    low, typical, high = (max(0.0, drawn - end[0]) for end in (corrected.high, corrected.typical, corrected.low))
    return _rounded((low, typical, high), factor)


def _hours(work: _Work, units: float) -> _Ends:
    factor = units / 3600
    return work.low[0] * factor, work.typical[0] * factor, work.high[0] * factor


def _ends(interval: IntervalText | Amount) -> _Ends:
    return interval["low"], interval["typical"], interval["high"]


def _amount(ends: _Ends, *, open_end: bool = False) -> Amount:
    return {"low": ends[0], "typical": ends[1], "high": ends[2], "open_end": open_end}


def _rounded(ends: _Ends, factor: float = 1, *, open_end: bool = False) -> Amount:
    """Return so many times an amount to two decimals: published figures carry no more."""
    low, typical, high = ends
    return {
        "low": round(low * factor, 2),
        "typical": round(typical * factor, 2),
        "high": round(high * factor, 2),
        "open_end": open_end and factor > 0,
    }


def _total(lines: list[StrategyEffort]) -> Amount | None:
    """Return the hours of labels that are drawn side by side; None for one label, or where an estimate is missing."""
    hours = [line["hours"] for line in lines if line["hours"]]
    if len(lines) < 2 or len(hours) < len(lines):  # noqa: PLR2004 - one label is its own total
        return None
    low, typical, high = (sum(ends) for ends in zip(*map(_ends, hours), strict=True))
    return _rounded((low, typical, high), open_end=any(one["open_end"] for one in hours))
