"""Derive answers from figures: an answer is given only if the interval is within one of the levels in the rules."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.measure.tables.intervals import FEW_IMAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.contract import CompiledMeasure, FigureKindText
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.figures import Figures
    from annostrat.measure.tables.intervals import Estimate
    from annostrat.recommendation.contract import MeasuredAnswer

MOST_IMAGES = 1_000_000
"""If an answer would need more additional images than this, no number of images is reported for it."""

SURELY = 1.65
"""Distance of the value from a border, in half widths, at which the whole interval of a new sample is on the same side
nine times out of ten: (1.96 + 1.28) / 1.96."""


def measured_questions(rules: RuleSet) -> list[str]:
    """Return the questions that can be answered from labels."""
    return [id_ for id_, question in rules.questions.items() if question["measured"]]


def answer_all(
    rules: RuleSet, figures: Figures, name: str | None = None, *, broken: str = ""
) -> dict[str, MeasuredAnswer]:
    """Answer each question that labels can answer, for one class or the whole dataset.

    Args:
        rules: The rule set that defines the levels.
        figures: The measured figures.
        name: The class; None for all classes.
        broken: Why the labels cannot be trusted; empty if they can.
    """
    return {
        question: {**_EMPTY, "because": broken}
        if broken
        else answer(rules.questions[question]["measured"], figures, rules.figures, name)
        for question in measured_questions(rules)
    }


def answer(
    measures: list[CompiledMeasure], figures: Figures, texts: Mapping[str, FigureKindText], name: str | None = None
) -> MeasuredAnswer:
    """Answer a question by the first conclusive one of its measures, or explain why none is conclusive.

    Annotators' flags take precedence over overlapping boxes that contradict them, even if the flags are inconclusive.
    """
    open_: MeasuredAnswer | None = None
    recorded: MeasuredAnswer | None = None
    reasons = []
    for measure in measures:
        estimate = figures.estimate(measure["figure"], name)
        if estimate.value is None or (measure["needs_event"] and not estimate.value):
            reasons.append(texts[measure["figure"]]["title"].lower())
            continue
        found = _judged(measure, texts[measure["figure"]]["title"], estimate, figures)
        if recorded is not None and _are_apart(recorded, found):
            return recorded
        if found["answer"] != UNKNOWN:
            return found
        recorded = found if measure["needs_event"] else recorded
        if set(measure["levels"]) and (open_ is None or measure["complete"]):
            open_ = found
    if open_ is not None:
        return open_
    return {**_EMPTY, "because": f"The labels cannot say: {' and '.join(reasons)} cannot be measured from them"}


def _are_apart(one: MeasuredAnswer, other: MeasuredAnswer) -> bool:
    """Return whether two intervals are disjoint."""
    if one["low"] is None or one["high"] is None or other["low"] is None or other["high"] is None:
        return False
    return one["high"] < other["low"] or other["high"] < one["low"]


def _judged(measure: CompiledMeasure, title: str, estimate: Estimate, figures: Figures) -> MeasuredAnswer:
    level = _level(measure, estimate.low, estimate.high)
    reason = f"{title} {_with_interval(estimate)}"
    more = None
    is_least = "oriented_boxes" not in figures.profile.found  # upright boxes overlap more than the rotated ones
    if level == UNKNOWN:
        reason += _why_open(measure, estimate)
        more = images_needed(measure, estimate)
    return {
        "answer": level,
        "figure": measure["figure"],
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "images": estimate.images,
        "objects": estimate.objects,
        "because": reason,
        "more_images": more,
        "lower_bound": measure["lower_bound"] and is_least,
        "note": measure["note"] if is_least or not measure["lower_bound"] else None,
        "levels": {answer: list(ends) for answer, ends in measure["levels"].items()},
        "calibrated": measure["calibrated"],
        "sources": measure["sources"],
    }


def _level(measure: CompiledMeasure, low: float | None, high: float | None) -> str:
    """Return the answer whose level contains the whole interval."""
    if low is None or high is None:
        return UNKNOWN
    inside = (answer for answer, (start, end) in measure["levels"].items() if start <= low and high <= end)
    return next(inside, UNKNOWN)


def _with_interval(estimate: Estimate) -> str:
    value = f"{estimate.value:.3f}"
    return f"{value} ({estimate.low:.3f} to {estimate.high:.3f})" if estimate.low is not None else value


def _why_open(measure: CompiledMeasure, estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        images = "1 image, which is" if estimate.images == 1 else f"{estimate.images:,} images, which are"
        return f", in {images} too few for an interval"
    crossed = [border for border in _borders(measure) if estimate.low < border < estimate.high]
    return f", which crosses the border at {' and '.join(f'{border:g}' for border in crossed)}" if crossed else ""


def _borders(measure: CompiledMeasure) -> list[float]:
    return sorted({end for ends in measure["levels"].values() for end in ends if 0 < end < math.inf})


def images_needed(measure: CompiledMeasure, estimate: Estimate) -> int | None:
    """Return how many more labelled images would narrow the interval to one level, nine times out of ten.

    Both the width of the interval and the spread of the value shrink with the square root of the number of images.
    None if the value is so close to a border that no reasonable number of images would be enough.
    """
    if estimate.value is None:
        return None
    if estimate.low is None or estimate.high is None:
        return max(FEW_IMAGES - estimate.images, 1)
    needed = 1.0
    for border in _borders(measure):
        away = abs(estimate.value - border)
        reach = estimate.high - estimate.value if border > estimate.value else estimate.value - estimate.low
        if SURELY * reach > away:
            needed = max(needed, (SURELY * reach / away) ** 2 if away else math.inf)
    more = estimate.images * (needed - 1)
    return max(1, rounded_up(more)) if more <= MOST_IMAGES else None


def rounded_up(value: float) -> int:
    """Round a number up to two digits; more would imply false precision."""
    if value < 10:  # noqa: PLR2004 - one digit
        return math.ceil(value)
    unit = 10 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit) * unit


_EMPTY: MeasuredAnswer = {
    "answer": UNKNOWN,
    "figure": None,
    "value": None,
    "low": None,
    "high": None,
    "images": 0,
    "objects": 0,
    "because": "",
    "more_images": None,
    "lower_bound": False,
    "note": None,
    "levels": {},
    "calibrated": None,
    "sources": [],
}
