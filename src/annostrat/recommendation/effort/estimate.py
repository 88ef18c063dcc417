"""Counts and published rates become hours, money and weeks, always as an interval; nothing is made up.

hours = units x seconds x (1 + quality assurance) / 3600, where a unit is an object, an image, or a class in an image.
The low end takes the lowest published seconds and the lowest share of quality assurance, the high end the highest.
Where no time was published the result is None, and the note says so.

A map of an image takes what it shows: an outline around every object and every surface named, but no more than a full
scene labelled to the last pixel. A map that tells objects apart too has every object's outline, so it never takes less.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    _Basis = Literal["full_scene", "outlines"] | None


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
    plan, enough = project.plan(), _enough(rules, use_case, chosen, project.classes)
    parts = [*lines, *(part for part in (plan, enough) if part)]
    named = [source for part in parts for source in part["sources"]]
    common = [*rules.effort["quality_share"]["sources"], *rules.effort["week_sources"]]
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
        "references": {source: rules.references[source] for source in dict.fromkeys([*named, *common])},
    }


MOST_IMAGES = 1e12
"""Images beyond which a rule of thumb says nothing."""


def _enough(rules: RuleSet, use_case: UseCase, chosen: str | None, classes: int) -> Enough | None:
    """Return in how many images there are as many labels of each class as somebody recommends."""
    rule = next((one for one in rules.effort["rules_of_thumb"] if chosen in one["strategies"]), None)
    if rule is None or chosen is None:
        return None
    of_image = rules.effort["rates"][chosen]["unit"] != "object"
    shown = 1 if of_image else use_case.objects_per_image
    if not shown or rule["labels"] * classes / shown > MOST_IMAGES:
        return None
    images = math.ceil(rule["labels"] * classes / shown)
    return {"labels": rule["labels"], "images": images, "text": rule["text"], "sources": rule["sources"]}


class _Work(NamedTuple):
    """Seconds for one unit at the low, typical and high end: hands-on, and paid, which is with quality assurance."""

    hands_on: _Ends
    paid: _Ends
    open_end: bool = False

    def times(self, factor: float) -> _Work:
        """Return the work of so many units."""
        return _Work(_scaled(self.hands_on, factor), _scaled(self.paid, factor), self.open_end and factor > 0)

    def plus(self, other: _Work) -> _Work:
        """Return the work of both."""
        sums = (_sum(self.hands_on, other.hands_on), _sum(self.paid, other.paid))
        return _Work(*sums, self.open_end or other.open_end)

    def at_most(self, other: _Work) -> _Work:
        """Return at each end the lesser work."""
        return self._picked(other, [mine <= its for mine, its in zip(self.paid, other.paid, strict=True)])

    def at_least(self, other: _Work) -> _Work:
        """Return at each end the greater work, which is open where either is."""
        greater = self._picked(other, [mine >= its for mine, its in zip(self.paid, other.paid, strict=True)])
        return greater._replace(open_end=self.open_end or other.open_end)

    def _picked(self, other: _Work, mine: list[bool]) -> _Work:
        ends = [(self if own else other, index) for index, own in enumerate(mine)]
        low, typical, high = ((work.hands_on[index], work.paid[index]) for work, index in ends)
        return _Work((low[0], typical[0], high[0]), (low[1], typical[1], high[1]), ends[-1][0].open_end)


class _Project:
    """A use case's counts and settings, with what is published put in for what is not given."""

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
        given = settings.get("qa_share")
        low, typical, high = _ends(rules.effort["quality_share"]) if given is None else (given, given, given)
        self.quality: Range = {"low": low, "typical": typical, "high": high}
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
        assisted = self.assistance and _is_assisted(rate, self._rates)
        own = self.pace is not None and strategy == self._chosen
        work, basis = self._work(strategy, assisted=assisted)
        saved = None if own else self._saved(strategy)
        work = self._at_own_pace(work, own=own)
        units = self._units(rate["unit"])
        hours = _amount(work.paid, (units or 0) / 3600, open_end=work.open_end) if work and units is not None else None
        by_hand = " No time for correcting what a model draws was published, so this is by hand."
        unassisted = self.assistance and not assisted and not own and rate["seconds"] is not None
        return {
            "strategy": strategy,
            "unit": rate["unit"],
            "units": units,
            "seconds": _amount(work.hands_on, 1, open_end=work.open_end) if work else None,
            "basis": None if own else basis,
            "assisted": assisted and not own,
            "own_pace": own,
            "hours": _rounded(hours),
            "hours_saved": _rounded(saved),
            "weeks": _rounded(_times(hours, 1 / (self.annotators * self._rules.effort["week_hours"]))),
            "money": _rounded(self._money(strategy, units, hours)),
            "note": rate["note"] + (by_hand if unassisted else ""),
            "sources": [] if own else self._sources(rate, assisted=assisted),
        }

    def plan(self) -> PlanEffort | None:
        """Return the plan for the recommended strategy, if it saves time and the answers do not refuse it."""
        answers = self._use_case.answers
        for plan in self._rules.effort["plans"]:
            refused = any(answers.get(question) in words for question, words in plan["unless"].items())
            if plan["for_"] == self._chosen and not refused:
                return self._plan(plan, self.line(plan["for_"])["hours"])
        return None

    def _plan(self, plan: PlanText, whole: Amount | None) -> PlanEffort | None:
        base = self._base(plan)
        if base is None or whole is None:
            return None
        share = (plan["share"]["low"], plan["share"]["typical"], plan["share"]["high"])
        part = (whole["low"] * share[0], whole["typical"] * share[1], whole["high"] * share[2])
        hours = _amount(_sum(_ends(base), part), 1, open_end=base["open_end"] or whole["open_end"])
        if hours["typical"] >= whole["typical"]:
            return None
        return {
            "text": plan["text"],
            "share": {"low": share[0], "typical": share[1], "high": share[2]},
            "share_assumed": plan["assumed_share"],
            "hours": _round(hours),
            "instead_of": whole,
            "sources": plan["sources"],
        }

    def _base(self, plan: PlanText) -> Amount | None:
        """Return the hours of the cheap label for all images."""
        if plan["all"]:
            return self.line(plan["all"])["hours"]
        coarse = plan["coarse_seconds"] or 0.0
        return _amount(self._with_quality((coarse, coarse, coarse)), self._images / 3600)

    def _units(self, unit: str) -> float | None:
        if unit == "object":
            objects = self._use_case.objects_per_image
            return None if objects is None else self._images * objects
        return self._images * self.classes if unit == "class" else self._images

    def _work(self, strategy: str, *, assisted: bool) -> tuple[_Work | None, _Basis]:
        """Return the work of one label as published, and for maps what it is reckoned from."""
        rate = self._rates[strategy]
        work = self._published(rate, assisted=assisted)
        if work is not None and rate["each_image"]:
            floor = _ends(rate["each_image"])
            look = _Work(floor, self._with_quality(floor), rate["each_image"]["open_end"])
            return work.at_least(look.times(1 / self.classes)), None
        outline = self._published(self._rates[rate["outlines"]], assisted=assisted) if rate["outlines"] else None
        if work is None or outline is None:
            return work, None
        return self._map(strategy, work, outline)

    def _map(self, strategy: str, scene: _Work, outline: _Work) -> tuple[_Work, _Basis]:
        """Return the work of an image's map, and whether it is that of a full scene or of outlines."""
        objects, surfaces = self._objects_on(strategy), self.surfaces
        apart, most = self._rules.strategies[strategy]["tells_apart"], self._rates[strategy]["most_objects"]
        scene = scene._replace(open_end=scene.open_end or (most is not None and (objects or 0) > most))
        work = scene.at_least(outline.times(objects or 0)) if apart else scene
        given = [count for count in (objects, surfaces) if count is not None]
        if len(given) > apart and not self.full_scene:  # what tells objects apart has surfaces beside them
            work = outline.times(sum(given)).at_most(work)
        return work, "full_scene" if work.paid[1] == scene.paid[1] else "outlines"

    def _objects_on(self, strategy: str) -> float | None:
        """Return the objects that a map shows: those of an image, unless another label is drawn around them."""
        others = [other for other in self._together if other != strategy and other in self._rates]
        elsewhere = strategy in self._together and any(self._rates[other]["unit"] == "object" for other in others)
        return None if elsewhere else self._use_case.objects_per_image

    def _published(self, rate: RateText, *, assisted: bool) -> _Work | None:
        """Return the published work of one unit; by hand, where none was published for correcting."""
        found = (rate["assisted"] if assisted else None) or rate["seconds"]
        if found is None:
            return None
        ends = _ends(found)
        return _Work(ends, self._with_quality(ends, included=rate["high_includes_quality"]), found["open_end"])

    def _with_quality(self, seconds: _Ends, *, included: bool = False) -> _Ends:
        low, typical = seconds[0] * (1 + self.quality["low"]), seconds[1] * (1 + self.quality["typical"])
        high = seconds[2] * (1 if included else 1 + self.quality["high"])
        return low, typical, max(typical, high)  # the share given may be more than what the figure includes

    def _pace(self, seconds: float | None) -> Pace | None:
        """Return the project's own pace; the published figures that it is set against are those of this project."""
        if seconds is None or self._chosen is None or self._chosen not in self._rates:
            return None
        rate = self._rates[self._chosen]
        work, _ = self._work(self._chosen, assisted=self.assistance and _is_assisted(rate, self._rates))
        ratio = seconds / work.hands_on[1] if work and work.hands_on[1] >= LEAST_SECONDS else None
        return {"strategy": self._chosen, "seconds": seconds, "ratio": ratio}

    def _at_own_pace(self, work: _Work | None, *, own: bool) -> _Work | None:
        """Return the work at the project's own pace: as timed, or as published times the ratio of the two."""
        if self.pace is None:
            return work
        if own:
            seconds = (self.pace["seconds"],) * 3
            return _Work(seconds, self._with_quality(seconds))
        return work.times(self.pace["ratio"]) if work and self.pace["ratio"] else work

    def _saved(self, strategy: str) -> Amount | None:
        """Return the hours between drawing and correcting; the interval is that of the typical drawing time."""
        rate = self._rates[strategy]
        units = self._units(rate["unit"])
        if units is None or not _is_assisted(rate, self._rates):
            return None
        by_hand, corrected = (self._work(strategy, assisted=assisted)[0] for assisted in (False, True))
        by_hand, corrected = (self._at_own_pace(work, own=False) for work in (by_hand, corrected))
        if by_hand is None or corrected is None:
            return None
        low, typical, high = (max(0.0, by_hand.paid[1] - corrected.paid[end]) for end in (2, 1, 0))
        return _amount((low, typical, high), units / 3600)

    def _sources(self, rate: RateText, *, assisted: bool) -> list[str]:
        whole = [rate, self._rates[rate["outlines"]]] if rate["outlines"] else [rate]
        parts = [(one["assisted"] if assisted else None) or one["seconds"] for one in whole]
        return list(
            dict.fromkeys(source for part in (*parts, rate["each_image"]) if part for source in part["sources"])
        )

    def _money(self, strategy: str, units: float | None, hours: Amount | None) -> Amount | None:
        """Return the money for the hours; or at the price for one recommended label, as another's is not known."""
        if self._hourly is not None:
            return _times(hours, self._hourly)
        if self._unit_price is None or strategy != self._chosen or units is None:
            return None
        return _amount((units, units, units), self._unit_price)


def _is_assisted(rate: RateText, rates: dict[str, RateText]) -> bool:
    """Return whether a time for correcting what a model draws was published."""
    return rate["assisted"] is not None and (rate["outlines"] is None or _is_assisted(rates[rate["outlines"]], rates))


def _ends(interval: IntervalText | Amount) -> _Ends:
    return interval["low"], interval["typical"], interval["high"]


def _scaled(ends: _Ends, factor: float) -> _Ends:
    return ends[0] * factor, ends[1] * factor, ends[2] * factor


def _sum(one: _Ends, other: _Ends) -> _Ends:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _amount(ends: _Ends, factor: float, *, open_end: bool = False) -> Amount:
    low, typical, high = _scaled(ends, factor)
    return {"low": low, "typical": typical, "high": high, "open_end": open_end and factor > 0}


def _times(amount: Amount | None, factor: float) -> Amount | None:
    return _amount(_ends(amount), factor, open_end=amount["open_end"]) if amount else None


def _rounded(amount: Amount | None) -> Amount | None:
    return _round(amount) if amount else None


def _round(amount: Amount) -> Amount:
    """Return an amount to two decimals: published figures carry no more."""
    low, typical, high = (round(end, 2) for end in _ends(amount))
    return {"low": low, "typical": typical, "high": high, "open_end": amount["open_end"]}


def _total(lines: list[StrategyEffort]) -> Amount | None:
    """Return the hours of labels that are drawn side by side; None for one label, or where an estimate is missing."""
    hours = [line["hours"] for line in lines if line["hours"]]
    if len(lines) < 2 or len(hours) < len(lines):  # noqa: PLR2004 - one label is its own total
        return None
    low, typical, high = (sum(ends) for ends in zip(*map(_ends, hours), strict=True))
    return _round(_amount((low, typical, high), 1, open_end=any(one["open_end"] for one in hours)))
