"""Estimate hours, money and weeks from counts and published rates, always as an interval.

Formatted figures have no more precision than the published ones.

hours = units x seconds x (1 + quality assurance) / 3600, where a unit is an object, an image, or a class in an image.
The low end uses the lowest published seconds and the lowest share of quality assurance, the high end the highest.
If no time was published, the result is None and the note says so.

The time for a map of an image depends on its content: one outline per object and per named surface. Uncounted surfaces
take a fraction of the time for a full scene labelled to the last pixel, which is the upper limit for a map; a map that
tells objects apart always includes every outline. For example, 19 minutes for a photo are 7.6 outlines and 9 minutes
for surfaces, so 20 objects take 26 minutes, and the surfaces beside them 9.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from annostrat.recommendation.label_combination import drawn_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annostrat.knowledge.contract import ImageShareText, IntervalText, PlanText, RateText
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import (
        Amount,
        EffortDocument,
        Enough,
        Pace,
        PlanEffort,
        Range,
        SideBySideEffort,
        StrategyEffort,
    )
    from annostrat.use_cases.use_case import UseCase

    _Ends = tuple[float, float, float]
    _Seconds = tuple[float, float]
    _Basis = Literal["full_scene", "outlines", "surfaces"] | None


BY_HAND = " No time for correcting what a model draws was published, so this is by hand."
PRICES: tuple[Literal["hourly_rate", "unit_price"], ...] = ("hourly_rate", "unit_price")
LEAST_SECONDS = 0.001
"""Published seconds per label below which a pace is not compared with it, because there is almost nothing to draw."""


MOST_IMAGES = 1e12
"""Number of images beyond which a rule of thumb is not applied."""
DAY_HOURS = 8
"""Hours in a working day."""
LITTLE = "under an hour"
_BASES = {
    "full_scene": "full scene, every pixel",
    "outlines": "outlines of what is named",
    "surfaces": "objects, and all surfaces",
}
_HUNDRED, _TEN, _TENTH = 99.95, 9.95, 0.1


class _Work(NamedTuple):
    """Seconds per unit at the low, typical and high end, as (paid, hands-on); paid includes quality assurance."""

    low: _Seconds
    typical: _Seconds
    high: _Seconds
    open_end: bool

    def times(self, factor: float) -> _Work:
        """Return the work for `factor` units."""
        return self.part((factor, factor, factor), open_end=self.open_end and factor > 0)

    def part(self, shares: _Ends, *, open_end: bool) -> _Work:
        """Return a part of the work, with a separate share for each end."""
        (low, low_hands), (typical, typical_hands), (high, high_hands), _ = self
        at_low, at_typical, at_high = shares
        return _Work(
            (low * at_low, low_hands * at_low),
            (typical * at_typical, typical_hands * at_typical),
            (high * at_high, high_hands * at_high),
            open_end,
        )

    def plus(self, other: _Work) -> _Work:
        """Return the sum of two works."""
        (low, low_hands), (typical, typical_hands), (high, high_hands), open_end = self
        (low_2, low_hands_2), (typical_2, typical_hands_2), (high_2, high_hands_2), open_end_2 = other
        return _Work(
            (low + low_2, low_hands + low_hands_2),
            (typical + typical_2, typical_hands + typical_hands_2),
            (high + high_2, high_hands + high_hands_2),
            open_end or open_end_2,
        )

    def at_most(self, other: _Work) -> _Work:
        """Return the smaller work at each end."""
        open_end = (self if self.high <= other.high else other).open_end
        return _Work(min(self.low, other.low), min(self.typical, other.typical), min(self.high, other.high), open_end)

    def at_least(self, other: _Work) -> _Work:
        """Return the larger work at each end, open-ended if either is."""
        open_end = self.open_end or other.open_end
        return _Work(max(self.low, other.low), max(self.typical, other.typical), max(self.high, other.high), open_end)


class _Published(NamedTuple):
    """The published work per unit of a label; parts that were not published are None.

    Attributes:
        by_hand: Drawing the label.
        corrected: Correcting what a model draws.
        look: The minimum for an image.
    """

    by_hand: _Work | None
    corrected: _Work | None
    look: _Work | None


def _published(rules: RuleSet, quality: Range) -> dict[str, _Published]:
    """Return the published work of every label, including a share of quality assurance."""

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
    """Add quality assurance to hands-on seconds; `included` means that the high end already contains it."""
    low, typical, high = hands_on
    paid = typical * (1 + quality["typical"])
    most = high if included else high * (1 + quality["high"])
    # A project's own share may exceed what the published figure includes.
    return _Work((low * (1 + quality["low"]), low), (paid, typical), (max(paid, most), high), open_end)


@lru_cache(maxsize=8)
def _usual(rules: RuleSet) -> tuple[Range, dict[str, _Published]]:
    """Return the published share of quality assurance, and the work of every label including it."""
    low, typical, high = _ends(rules.effort["quality_share"])
    quality: Range = {"low": low, "typical": typical, "high": high}
    return quality, _published(rules, quality)


class EffortEstimate:
    """The labelling effort, computed on demand; published figures are the default for missing settings.

    Args:
        rules: The rule set with the published rates.
        use_case: The counts and settings.
        strategies: The strategies to estimate, with the recommended one first.
        together: The strategies that are drawn side by side, whose hours add up.
        needs: The labels that each class needs. If each needs one, a map shows only classes without another label.
        decided: Whether the first strategy is recommended; if not, the user's pace, price and plans are ignored.

    Attributes:
        pace: The project's own pace, if given and a label is recommended.
    """

    def __init__(
        self,
        rules: RuleSet,
        use_case: UseCase,
        strategies: Sequence[str],
        together: Sequence[str] = (),
        *,
        needs: Sequence[Sequence[str]] = (),
        decided: bool = True,
    ) -> None:
        settings = use_case.effort
        self._rules, self._use_case, self._together, self._needs = rules, use_case, together, needs
        self._rates, self._images = rules.effort["rates"], use_case.images or 0
        self._chosen, self._strategies = strategies[0] if strategies and decided else None, strategies
        self._drawn = [*together] or ([self._chosen] if self._chosen else [])
        self._assistance: bool = settings.get("assistance", False)
        self._quality, self._works = _usual(rules)
        if (share := settings.get("qa_share")) is not None:
            self._quality = {"low": share, "typical": share, "high": share}
            self._works = _published(rules, self._quality)
        self.pace = self._own_pace(settings.get("seconds_per_label"))

    def hours(self, strategies: Sequence[str] = ()) -> Amount | None:
        """Return the total hours of labels drawn side by side, by default the recommended ones."""
        chosen = strategies or self._drawn
        return added([self._hours(strategy) for strategy in chosen if strategies or strategy in self._rates])

    def lines(self, strategies: Sequence[str]) -> list[StrategyEffort]:
        """Return the effort of each label that has a rate."""
        return [self._line(strategy) for strategy in strategies if strategy in self._rates]

    def document(self, more: Sequence[str] = ()) -> EffortDocument:
        """Return the estimates of all strategies, including `more`, with their inputs and references."""
        rules, use_case, settings = self._rules, self._use_case, self._use_case.effort
        lines = self.lines(list(dict.fromkeys([*self._strategies, *more])))
        hours = {line["strategy"]: line["hours"] for line in lines}
        plan, enough = self._plan(hours), self._enough()
        whole = added([hours[strategy] for strategy in self._drawn if strategy in hours])
        parts = [*lines, *(part for part in (plan, enough) if part), rules.effort["quality_share"]]
        named = [source for part in parts for source in part["sources"]] + rules.effort["week_sources"]
        priced = [way for way in PRICES if settings.get(way) is not None]
        return {
            "hours": whole,
            "images": self._images,
            "objects_per_image": use_case.objects_per_image,
            "classes": self._classes(),
            "surfaces": settings.get("surfaces"),
            "full_scene": settings.get("full_scene", False),
            "assistance": self._assistance,
            "pace": self.pace,
            "qa_share": self._quality,
            "annotators": settings.get("annotators", 1),
            "week_hours": rules.effort["week_hours"],
            "currency": settings.get("currency"),
            "money_from": priced[0] if priced else None,
            "strategies": lines,
            "total": whole if len(self._drawn) > 1 else None,
            "side_by_side": self.side_by_side(),
            "enough": enough,
            "plan": plan,
            "references": {source: rules.references[source] for source in dict.fromkeys(named)},
        }

    def _hours(self, strategy: str) -> Amount | None:
        if strategy not in self._rates:
            return None
        assisted = self._assistance and self._can_be_corrected(strategy)
        return _times(self._work(strategy, assisted=assisted)[0], self._units(strategy))

    def _line(self, strategy: str) -> StrategyEffort:
        """Return the effort of one strategy."""
        rate, units, settings = self._rates[strategy], self._units(strategy), self._use_case.effort
        own_pace, correctable = self._has_own_pace(strategy), self._can_be_corrected(strategy)
        assisted = self._assistance and correctable
        work, basis = self._work(strategy, assisted=assisted)
        other = self._work(strategy, assisted=not assisted)[0] if correctable else None
        unassisted = self._assistance and not assisted and not own_pace and rate["seconds"] is not None
        return {
            "strategy": strategy,
            "unit": rate["unit"],
            "units": units,
            "seconds": _amount((work.low[1], work.typical[1], work.high[1]), open_end=work.open_end) if work else None,
            "basis": basis,
            "assisted": assisted,
            "own_pace": own_pace,
            "hours": _times(work, units),
            "hours_saved": _saved(other, work, units) if assisted else _saved(work, other, units),
            "weeks": _times(work, units, 1 / (settings.get("annotators", 1) * self._rules.effort["week_hours"])),
            "money": self._money(strategy, work, units),
            "note": rate["note"] + (BY_HAND if unassisted else ""),
            "sources": [] if own_pace else self._sources(rate, assisted=assisted),
        }

    def _money(self, strategy: str, work: _Work | None, units: float | None) -> Amount | None:
        """Return the cost from the hourly rate or, for the recommended label only, from the unit price."""
        hourly, price = map(self._use_case.effort.get, PRICES)
        if hourly is not None:
            return _times(work, units, hourly)
        if price is None or strategy != self._chosen or units is None:
            return None
        return _rounded((units, units, units), price)

    def _sources(self, rate: RateText, *, assisted: bool) -> list[str]:
        whole = [rate, self._rates[rate["outlines"]]] if rate["outlines"] else [rate]
        parts = [(one["assisted"] if assisted else None) or one["seconds"] for one in whole]
        named = (
            source for part in (*parts, rate["each_image"], rate["surfaces"]) if part for source in part["sources"]
        )
        return list(dict.fromkeys(named))

    def _plan(self, hours: Mapping[str, Amount | None]) -> PlanEffort | None:
        """Return the plan for the recommended strategy, if it saves time and the answers do not rule it out."""
        answers, whole = self._use_case.answers, hours.get(self._chosen or "")
        for plan in self._rules.effort["plans"]:
            refused = any(answers.get(question) in words for question, words in plan["unless"].items())
            if plan["for_"] == self._chosen and not refused:
                return self._plan_of(plan, whole) if whole else None
        return None

    def _plan_of(self, plan: PlanText, whole: Amount) -> PlanEffort | None:
        if plan["all"]:
            base = self._hours(plan["all"])
        else:
            coarse = plan["coarse_seconds"] or 0.0
            paid = _paid((coarse, coarse, coarse), self._quality)
            each = self._images / 3600
            base = _amount((paid.low[0] * each, paid.typical[0] * each, paid.high[0] * each))
        if base is None:
            return None
        low, typical, high = (
            min(of_all + of_whole * share, of_whole)  # nobody draws both if the full label alone takes less
            for of_all, of_whole, share in zip(_ends(base), _ends(whole), _ends(plan["share"]), strict=True)
        )
        if typical >= whole["typical"]:
            return None
        return {
            "text": plan["text"],
            "share": {**plan["share"]},
            "share_assumed": plan["assumed_share"],
            "hours": _rounded((low, typical, high), open_end=base["open_end"] or whole["open_end"]),
            "instead_of": whole,
            "sources": plan["sources"],
        }

    def _enough(self) -> Enough | None:
        """Return the number of images with enough labels of each class, by a published rule of thumb."""
        rules, drawn = self._rules.effort["rules_of_thumb"], self._together or filter(None, [self._chosen])
        found = ((label, rule) for label in drawn for rule in rules if label in rule["strategies"])
        chosen, rule = next(found, (None, None))
        if rule is None or chosen is None:
            return None
        of_image = self._rates[chosen]["unit"] != "object"
        per_image = 1 if of_image else self._use_case.objects_per_image
        classes = self._classes(chosen)
        if not per_image or rule["labels"] * classes / per_image > MOST_IMAGES:
            return None
        return {
            "labels": rule["labels"],
            "classes": classes,
            "images": math.ceil(rule["labels"] * classes / per_image),
            "text": rule["text"],
            "sources": rule["sources"],
        }

    def _units(self, strategy: str) -> float | None:
        unit, objects = self._rates[strategy]["unit"], self._use_case.objects_per_image
        if unit == "object":
            return None if objects is None else self._images * objects
        return self._images * self._classes(strategy) if unit == "class" else self._images

    def _classes(self, strategy: str | None = None) -> int:
        """Return the number of classes, or of those that get the given label if several are drawn side by side."""
        others = {*self._together} - {strategy}
        own = sum(not others.issuperset(labels) for labels in self._needs) if strategy in self._together else 0
        return self._use_case.effort.get("classes") or own or len(self._use_case.classes) or 1

    def _own_pace(self, seconds: float | None) -> Pace | None:
        """Return the project's own pace, and its ratio to the published figures for this project."""
        if seconds is None or self._chosen is None or self._chosen not in self._rates:
            return None
        rate = self._rates[self._chosen]
        work, _ = self._published(self._chosen, assisted=self._assistance and _is_assisted(rate, self._rates))
        ratio = seconds / work.typical[1] if work and work.typical[1] >= LEAST_SECONDS else None
        return {"strategy": self._chosen, "seconds": seconds, "ratio": ratio}

    def _has_own_pace(self, strategy: str) -> bool:
        return self.pace is not None and strategy == self._chosen

    def _can_be_corrected(self, strategy: str) -> bool:
        return not self._has_own_pace(strategy) and _is_assisted(self._rates[strategy], self._rates)

    def _work(self, strategy: str, *, assisted: bool) -> tuple[_Work | None, _Basis]:
        """Return the work of one label, and for maps the basis of the computation.

        A project's own pace is the work of the recommended label; the published work of the others is scaled by the
        same factor.
        """
        if self.pace is None:
            return self._published(strategy, assisted=assisted)
        if strategy == self._chosen:
            seconds = self.pace["seconds"]
            return _paid((seconds, seconds, seconds), self._quality), None
        work, basis = self._published(strategy, assisted=assisted)
        return work.times(self.pace["ratio"]) if work and self.pace["ratio"] else work, basis

    def _published(self, strategy: str, *, assisted: bool) -> tuple[_Work | None, _Basis]:
        """Return the published work of one label, and for maps the basis of the computation."""
        rate, published = self._rates[strategy], self._works[strategy]
        work = (published.corrected if assisted else None) or published.by_hand
        if work and published.look:
            return work.at_least(published.look.times(1 / self._classes(strategy))), None
        if work is None or rate["outlines"] is None:
            return work, None
        outlines = self._works[rate["outlines"]]
        outline = (outlines.corrected if assisted else None) or outlines.by_hand
        return self._map(strategy, work, outline) if outline else (work, None)

    def _map(self, strategy: str, scene: _Work, outline: _Work) -> tuple[_Work, _Basis]:
        """Return the work for the map of one image, and the basis of the computation."""
        rate, settings = self._rates[strategy], self._use_case.effort
        objects, surfaces = self._use_case.objects_per_image, settings.get("surfaces")
        if rate["most_objects"] is not None and (objects or 0) > rate["most_objects"]:
            scene = scene._replace(open_end=True)
        elsewhere = self._shows_no_objects(strategy)
        told_apart, whole = self._rules.strategies[strategy]["tells_apart"], scene
        if rate["surfaces"] and (elsewhere or objects is not None):
            beside = scene.part(_ends(rate["surfaces"]), open_end=scene.open_end)
            whole = beside if elsewhere else beside.plus(outline.times(objects or 0))
        most = whole.at_least(scene) if told_apart else whole.at_most(scene)
        counts = [count for count in (None if elsewhere else objects, surfaces) if count is not None]
        both = (told_apart or self._has_surfaces()) and not elsewhere  # there are objects, and surfaces beside them
        work = whole if told_apart else most
        if len(counts) > both and not settings.get("full_scene"):
            work = outline.times(sum(counts)).at_most(most)
            if work.typical[0] < most.typical[0]:
                return work, "outlines"
        return work, "full_scene" if work.typical[0] == scene.typical[0] else "surfaces"

    def _shows_no_objects(self, strategy: str) -> bool:
        """Return whether all objects belong to classes that get another label than this map."""
        if strategy not in self._together or not self._needs or any(len(labels) > 1 for labels in self._needs):
            return False
        others = (self._rates.get(other) for other in self._together if other != strategy)
        return any(rate["unit"] == "object" for rate in others if rate)

    def _has_surfaces(self) -> bool:
        """Return whether a recommended label combines objects with surfaces, so that there are some."""
        return any(self._rules.strategies[one]["combines"] for one in self._drawn)

    def side_by_side(self) -> SideBySideEffort | None:
        """Return the effort of drawing the parts of a recommended combined label separately, at the same pace."""
        parts, case = drawn_apart(self._rules, self._drawn), self._use_case
        if not parts:
            return None
        effort = {key: value for key, value in case.effort.items() if key not in ("seconds_per_label", "unit_price")}
        needs = [[part] for part in parts]
        sides = EffortEstimate(self._rules, case._replace(effort=effort), parts, parts, needs=needs).lines(parts)
        factor = 1.0 if self.pace is None else self.pace["ratio"]
        sums = (added([line[what] for line in sides]) for what in ("hours", "weeks", "money"))
        hours, weeks, money = (
            _rounded(_ends(one), factor, open_end=one["open_end"]) if one and factor else None for one in sums
        )
        return {"strategies": parts, "hours": hours, "weeks": weeks, "money": money}


def _is_assisted(rate: RateText, rates: dict[str, RateText]) -> bool:
    """Return whether a time for correcting what a model draws was published."""
    return rate["assisted"] is not None and (rate["outlines"] is None or _is_assisted(rates[rate["outlines"]], rates))


def _saved(by_hand: _Work | None, corrected: _Work | None, units: float | None) -> Amount | None:
    """Return the hours saved by correcting, compared with the typical drawing time."""
    if by_hand is None or corrected is None or units is None:
        return None
    drawn, factor = by_hand.typical[0], units / 3600
    low, typical, high = (max(0.0, drawn - end[0]) for end in (corrected.high, corrected.typical, corrected.low))
    return _rounded((low, typical, high), factor)


def _times(work: _Work | None, units: float | None, factor: float = 1) -> Amount | None:
    """Return the hours for a number of units, times a factor, or None if work or units are unknown."""
    if work is None or units is None:
        return None
    each = units / 3600
    hours = (work.low[0] * each, work.typical[0] * each, work.high[0] * each)
    return _rounded(hours, factor, open_end=work.open_end and units > 0)


def _ends(interval: IntervalText | ImageShareText | Amount) -> _Ends:
    return interval["low"], interval["typical"], interval["high"]


def _amount(ends: _Ends, *, open_end: bool = False) -> Amount:
    return {"low": ends[0], "typical": ends[1], "high": ends[2], "open_end": open_end}


def _rounded(ends: _Ends, factor: float = 1, *, open_end: bool = False) -> Amount:
    """Return an amount times a factor, rounded to two decimals."""
    low, typical, high = ends
    return {
        "low": round(low * factor, 2),
        "typical": round(typical * factor, 2),
        "high": round(high * factor, 2),
        "open_end": open_end and factor > 0,
    }


def added(amounts: Sequence[Amount | None]) -> Amount | None:
    """Return the sum of amounts, or None if any is unknown or there are none."""
    known = [amount for amount in amounts if amount]
    if not known or len(known) < len(amounts):
        return None
    if len(known) == 1:
        return known[0]
    low, typical, high = (sum(ends) for ends in zip(*map(_ends, known), strict=True))
    return _rounded((low, typical, high), open_end=any(amount["open_end"] for amount in known))


def reckoned_from(line: StrategyEffort) -> str:
    """Return the basis of a label's figures in words; empty if it is a single published rate."""
    if line["own_pace"]:
        return "at your own pace"
    return _BASES.get(line["basis"] or "", "")


def amount_in_words(amount: Amount | None, more: str = "+") -> str:
    """Return the typical value and its interval on two lines, with `more` after an open end."""
    if amount is None:
        return "unknown"
    more = more if amount["open_end"] else ""
    if amount["low"] == amount["high"]:
        return f"{_number(amount['typical'])}{more}"
    return f"{_number(amount['typical'])}\n{_number(amount['low'])} to {_number(amount['high'])}{more}"


def hours_in_words(amount: Amount | None, more: str = "+") -> str:
    """Format hours as an amount, or as words if under one hour."""
    return LITTLE if _is_below(amount, 1) else amount_in_words(amount, more)


def weeks_in_words(amount: Amount | None, week_hours: float) -> str:
    """Format weeks as an amount, or as words if less than a day."""
    return "less than a day" if _is_below(amount, DAY_HOURS / week_hours) else amount_in_words(amount)


def hours_in_a_sentence(amount: Amount, *, interval: bool = True) -> str:
    """Format hours on one line, with or without their interval."""
    typical, _, ends = hours_in_words(amount, " or more").partition("\n")
    if typical == LITTLE:
        return typical
    return f"{typical} hours ({ends})" if ends and interval else f"{typical} hours"


def money_in_words(amount: Amount, currency: str | None) -> str:
    """Format money as an amount, preceded by its currency, or as words if less than one."""
    if _is_below(amount, 1):
        return " ".join(filter(None, ["under", currency, "1"]))
    return " ".join(filter(None, [currency, amount_in_words(amount)]))


def money_in_a_sentence(amount: Amount, currency: str | None) -> str:
    """Format money on one line, with its interval."""
    typical, _, ends = money_in_words(amount, currency).partition("\n")
    return f"{typical} ({ends})" if ends else typical


def seconds_in_words(value: float) -> str:
    """Format seconds with three significant digits, or as a whole number from 100 on."""
    return f"{value:,.0f}" if value >= _HUNDRED else f"{value:.3g}"


def _is_below(amount: Amount | None, limit: float) -> bool:
    """Return whether an amount is below a limit, with its high end doubled if it is open."""
    return amount is not None and amount["high"] * (2 if amount["open_end"] else 1) < limit


def _number(value: float) -> str:
    """Format a number: whole from 10, with one decimal from 0.1, and with one significant digit below."""
    if value >= _TEN:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= _TENTH else f"{value:.1g}"
