"""What labels say to a question, with the interval among the levels; and what should be looked at in the labels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.measure.evidence import bounded
from annostrat.recommendation.effort.words import seconds_in_words
from annostrat.render.charts.levels import LevelChart
from annostrat.render.sections.sections import Part, Picture, Point, Section, amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annostrat.recommendation.contract import EvidenceAnswer, Finding, MeasuredAnswer, MeasuredPace


def answer_parts(title: str, answer: MeasuredAnswer, meaning: str = "") -> Iterator[Part]:
    """Yield the answer with its figure, how many more images would settle it, and the chart."""
    told = " ".join(filter(None, [f"{answer['because']}.", meaning, missing(answer)]))
    yield Point(told, lead=f"{title}: {bounded(answer)}.")
    yield from level_chart(answer)


def missing(answer: MeasuredAnswer | EvidenceAnswer) -> str:
    """Return what would settle an answer that is open; nothing, where it is not."""
    if answer["answer"] != UNKNOWN or answer["figure"] is None:
        return ""
    if answer["more_images"] is None:
        return "That is so near a border that no reasonable number of images would settle it."
    images = amount(answer["more_images"], "more labelled image")
    return f"{images} would give an interval." if answer["low"] is None else f"About {images} would settle it."


def level_chart(answer: MeasuredAnswer | EvidenceAnswer) -> Iterator[Picture]:
    """Yield the figure and its interval among the levels; the words beside it say the same."""
    if answer["value"] is None or not answer["levels"]:
        return
    chart = LevelChart(answer["levels"], answer["value"], answer["low"], answer["high"])
    yield Picture(partial(chart.svg, answer["answer"]), characters=chart.characters)


def cautions(answers: Iterable[MeasuredAnswer | EvidenceAnswer]) -> Iterator[Point]:
    """Yield what the figures cannot see, once each."""
    notes = {answer["note"]: answer["sources"] for answer in answers if answer["note"]}
    for note, sources in notes.items():
        yield Point(note, sources, "!")


def pace(found: MeasuredPace | None) -> Iterator[Point]:
    """Yield how long labelling took, if it is known."""
    if found is not None:
        low, high = found["low"], found["high"]
        ends = "" if low is None or high is None else f" ({seconds_in_words(low)} to {seconds_in_words(high)})"
        kind = "box" if found["strategy"] == "object_detection" else "outline"
        basis = f"{amount(found['labels'], 'label')} in {amount(found['images'], 'image')}"
        clock = "by the clock of the labelling tool, breaks included"
        value = seconds_in_words(found["seconds_per_label"])
        yield Point(f"{value} seconds{ends} for each {kind}, {clock}; {basis}.", lead="Pace:")


_MANY_EXAMPLES = 3


def findings(found: Sequence[Finding], examples: int = _MANY_EXAMPLES) -> Section:
    """Return the findings with how much they concern, what to do, and a few places."""
    return Section("Findings", [finding(each, examples) for each in found] or [Point("Nothing was found amiss.")])


def finding(found: Finding, examples: int = 0) -> Point:
    """Return one finding."""
    places = f" For example {'; '.join(found['examples'][:examples])}." if found["examples"][:examples] else ""
    mark = "-" if found["severity"] == "note" else "!"
    return Point(f"{in_short(found)} {found['advice']}{places}", mark=mark, lead=f"{found['severity'].title()}:")


def in_short(found: Finding) -> str:
    """Return what was found, and how much of the labels it concerns."""
    share = f" ({_per_cent(found['share'])} of {found['of']:,})" if found["share"] is not None and found["of"] else ""
    return f"{found['text']}{share}."


def _per_cent(share: float) -> str:
    """Return a share with as many digits as tell it from nothing, and never more than there is."""
    digits = 0 if share >= 0.1 or not share else 1 if share >= 0.001 else 2  # noqa: PLR2004 - tenths, thousandths
    return f"{share:.{digits}%}" if share >= 0.0001 or not share else "less than 0.01%"  # noqa: PLR2004
