"""From figures to answers: the levels are the rules', and an answer is given only where an interval lies in one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from annostrat.errors import InputError, Location, Problem, shortened, suggest
from annostrat.knowledge.rule_set import UNKNOWN
from annostrat.measure.figures import BY_ID
from annostrat.measure.tables.intervals import FEW_IMAGES

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Measure
    from annostrat.measure.figures import Figures
    from annostrat.measure.tables.intervals import Estimate
    from annostrat.recommendation.contract import MeasuredAnswer

MOST_IMAGES = 1_000_000
"""Further images above which it is said that no number would surely settle an answer."""

SURELY = 1.65
"""Half widths that the value should lie away from a border, for the next sample to lie on the same side with its whole
interval in nine cases of ten: (1.96 + 1.28) / 1.96."""


def check_figures(rules: RuleSet) -> None:
    """Check that the rules' measures name figures that there are.

    Raises:
        InputError: One does not.
    """
    problems = [
        Problem(
            Location(f"questions/{question}.yaml"),
            f"no figure is called '{shortened(measure['figure'])}'",
            suggest(measure["figure"], BY_ID),
            "unknown-figure",
        )
        for question in measured_questions(rules)
        for measure in rules.questions[question]["measured"]
        if measure["figure"] not in BY_ID
    ]
    if problems:
        raise InputError(problems)


def measured_questions(rules: RuleSet) -> list[str]:
    """Return the questions that can be answered from labels."""
    return [id_ for id_, question in rules.questions.items() if question["measured"]]


def answer_all(
    rules: RuleSet, figures: Figures, name: str | None = None, *, broken: str = ""
) -> dict[str, MeasuredAnswer]:
    """Return what labels say to each question that they can answer, for a class or for the whole.

    Args:
        rules: Where the levels come from.
        figures: What was measured.
        name: A class; all, if None.
        broken: Why the labels cannot be trusted; empty where they can.
    """
    return {
        question: _broken(broken) if broken else answer(rules.questions[question]["measured"], figures, name)
        for question in measured_questions(rules)
    }


def answer(measures: list[Measure], figures: Figures, name: str | None = None) -> MeasuredAnswer:
    """Return what labels say to a question: the first of its measures that is sure, else why none is.

    What people recorded outranks what contradicts it, even where it is not sure: flags count more than how boxes lie.
    """
    open_: MeasuredAnswer | None = None
    recorded: MeasuredAnswer | None = None
    reasons = []
    for measure in measures:
        estimate = figures.estimate(measure["figure"], name)
        if estimate.value is None or (measure["needs_event"] and not estimate.value):
            reasons.append(BY_ID[measure["figure"]].title.lower())
            continue
        found = _judged(measure, estimate, figures)
        if recorded is not None and _are_apart(recorded, found):
            return recorded
        if found["answer"] != UNKNOWN:
            return found
        recorded = found if measure["needs_event"] else recorded
        if set(measure["levels"]) and (open_ is None or measure["complete"]):
            open_ = found
    if open_ is not None:
        return open_
    return _unmeasurable(reasons)


def _are_apart(one: MeasuredAnswer, other: MeasuredAnswer) -> bool:
    """Return whether two intervals do not meet."""
    if one["low"] is None or one["high"] is None or other["low"] is None or other["high"] is None:
        return False
    return one["high"] < other["low"] or other["high"] < one["low"]


def _judged(measure: Measure, estimate: Estimate, figures: Figures) -> MeasuredAnswer:
    level = _level(measure, estimate.low, estimate.high)
    reason = f"{BY_ID[measure['figure']].title} {_said(estimate)}"
    more = None
    is_least = "oriented_boxes" not in figures.profile.found  # the upright boxes around them overlap more than they do
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


def _level(measure: Measure, low: float | None, high: float | None) -> str:
    """Return the answer whose level holds a whole interval."""
    if low is None or high is None:
        return UNKNOWN
    inside = (answer for answer, (start, end) in measure["levels"].items() if start <= low and high <= end)
    return next(inside, UNKNOWN)


def _said(estimate: Estimate) -> str:
    value = f"{estimate.value:.3f}"
    return f"{value} ({estimate.low:.3f} to {estimate.high:.3f})" if estimate.low is not None else value


def _why_open(measure: Measure, estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        images = "1 image, which is" if estimate.images == 1 else f"{estimate.images:,} images, which are"
        return f", in {images} too few for an interval"
    crossed = [border for border in _borders(measure) if estimate.low < border < estimate.high]
    return f", which reaches over the border at {' and '.join(f'{border:g}' for border in crossed)}" if crossed else ""


def _borders(measure: Measure) -> list[float]:
    return sorted({end for ends in measure["levels"].values() for end in ends if 0 < end < math.inf})


def images_needed(measure: Measure, estimate: Estimate) -> int | None:
    """Return how many further labelled images would narrow the interval into one level, nine times out of ten.

    The width goes with one over the root of the number of images, and so does how far the value itself may move. None
    where a value is so near a border that no reasonable number would do.
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
    """Return a number rounded up to two digits: more would feign precision."""
    if value < 10:  # noqa: PLR2004 - one digit
        return math.ceil(value)
    unit = 10 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit) * unit


def _unmeasurable(missing: list[str]) -> MeasuredAnswer:
    return {**_EMPTY, "because": f"The labels do not tell: {' and '.join(missing)} cannot be measured from them"}


def _broken(reason: str) -> MeasuredAnswer:
    return {**_EMPTY, "because": reason}


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
