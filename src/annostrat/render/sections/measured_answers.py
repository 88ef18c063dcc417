"""The answers measured from labels, with their interval among the levels, and the findings to look at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.measure.evidence import bounded
from annostrat.recommendation.effort.estimate import seconds_in_words
from annostrat.render.charts.levels import LevelChart
from annostrat.render.charts.photo import sheet
from annostrat.render.sections.sections import (
    MANY,
    Column,
    More,
    Paragraph,
    Part,
    Picture,
    Point,
    Section,
    Table,
    amount,
    capital,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.measure.photos.contact_sheet import Photo
    from annostrat.recommendation.contract import EvidenceAnswer, Finding, MeasuredAnswer, MeasuredPace


def answer_parts(title: str, answer: MeasuredAnswer, meaning: str = "") -> Iterator[Part]:
    """Yield the answer with its figure, the number of further images that would settle it, and the chart."""
    text = " ".join(filter(None, [f"{answer['because']}.", meaning, missing(answer)]))
    yield Point(text, lead=f"{title}: {bounded(answer)}.")
    yield from level_chart(answer)


def missing(answer: MeasuredAnswer | EvidenceAnswer) -> str:
    """Return what would settle an open answer; empty if it is not open."""
    if answer["answer"] != UNKNOWN or answer["figure"] is None:
        return ""
    if answer["more_images"] is None:
        return "That is so near a border that no reasonable number of images would settle it."
    images = amount(answer["more_images"], "more labelled image")
    return f"{images} would give an interval." if answer["low"] is None else f"About {images} would settle it."


def level_chart(answer: MeasuredAnswer | EvidenceAnswer) -> Iterator[Picture]:
    """Yield a chart of the figure and its interval among the levels; the accompanying text says the same."""
    if answer["value"] is None or not answer["levels"]:
        return
    chart = LevelChart(answer["levels"], answer["value"], answer["low"], answer["high"])
    yield Picture(partial(chart.svg, answer["answer"]), characters=chart.characters)


def cautions(answers: Iterable[MeasuredAnswer | EvidenceAnswer]) -> Iterator[Point]:
    """Yield the limitations of the figures, without duplicates."""
    notes = {answer["note"]: answer["sources"] for answer in answers if answer["note"]}
    for note, sources in notes.items():
        yield Point(note, sources, "!")


def pace(measured: MeasuredPace | None) -> Iterator[Point]:
    """Yield the labelling time, if known."""
    if measured is not None:
        low, high = measured["low"], measured["high"]
        ends = "" if low is None or high is None else f" ({seconds_in_words(low)} to {seconds_in_words(high)})"
        kind = "box" if measured["strategy"] == "object_detection" else "outline"
        basis = f"{amount(measured['labels'], 'label')} in {amount(measured['images'], 'image')}"
        clock = "by the clock of the labelling tool, breaks included"
        value = seconds_in_words(measured["seconds_per_label"])
        yield Point(f"{value} seconds{ends} for each {kind}, {clock}; {basis}.", lead="Pace:")


def enough(measured: Measurement, rules: RuleSet) -> Section:
    """Return how many more images would settle the answers and give each class the recommended number of labels."""
    found = measured["enough"]
    if found is None:
        return Section(_ENOUGH, [])
    parts: list[Part] = [Point(_settling(measured, found["answers_more_images"], rules), lead="For the answers:")]
    lacking = [one for one in found["classes"] if one["more_images"] != 0]
    have = len(found["classes"]) - len(lacking)
    said = f"{have:,} of {amount(len(found['classes']), 'class', 'classes')} have {found['labels']:,} objects."
    parts.append(Point(f"{said} {found['text']}", found["sources"], lead="For training:"))
    rows = [[one["name"], f"{one['objects']:,}", _more(one["more_images"])] for one in lacking]
    columns = [Column("Class"), Column("Objects", number=True), Column("More images", number=True)]
    parts += [Table(columns, rows[:MANY])] if rows else []
    if rest := rows[MANY:]:
        parts.append(More(f"And {amount(len(rest), 'class', 'classes')} with more objects", [Table(columns, rest)]))
    return Section(_ENOUGH, parts)


_ENOUGH = "Is it enough?"


def _more(images: int | None) -> str:
    return "too few objects to tell" if images is None else f"about {images:,}"


def _settling(measured: Measurement, more: int | None, rules: RuleSet) -> str:
    """Return how many images would settle the open answers, and which answers no number of such labels can settle."""
    unknown = {question: one for question, one in measured["answers"].items() if one["answer"] == UNKNOWN}
    untold = [rules.questions[question]["title"].lower() for question, one in unknown.items() if one["figure"] is None]
    never = f"such labels do not tell {' and '.join(untold)}, however many there are."
    if untold and len(untold) == len(measured["answers"]):
        return never
    if more is None:
        text = "a figure is so near a border that no reasonable number of images would settle all."
    elif more:
        text = f"about {amount(more, 'more image')} would settle {'the others' if untold else 'all of them'}."
    else:
        text = f"yes, {'the others' if untold else 'they'} are settled."
    return f"{text} {capital(never)}" if untold else text


def findings(worst_first: Sequence[Finding], examples: int = 3) -> Section:
    """Return the findings with the share of labels affected, what to do, and a few places."""
    return Section("Findings", [finding(one, examples) for one in worst_first] or [Point("Nothing wrong was found.")])


def on_photos(photos: Sequence[Photo], found: Sequence[Finding]) -> Section:
    """Return the labels with findings, and the most covered objects, on photos."""
    titles = {one["kind"]: f"{capital(one['text'])}." for one in found} | {"covered": "Most covered objects."}
    parts: list[Part] = []
    for kind, title in titles.items():
        if own := [photo for photo in photos if photo.kind == kind]:
            images = ", ".join(dict.fromkeys(photo.image for photo in own))
            parts += [Paragraph(title), Picture(partial(sheet, own), f"{title} In {images}")]
    return Section("On photos", parts)


def finding(one: Finding, examples: int = 0) -> Point:
    """Return one finding."""
    places = f" For example {'; '.join(one['examples'][:examples])}." if one["examples"][:examples] else ""
    mark = "-" if one["severity"] == "note" else "!"
    return Point(f"{in_short(one)} {one['advice']}{places}", mark=mark, lead=f"{one['severity'].title()}:")


def in_short(one: Finding) -> str:
    """Return a finding and the share of labels it affects, with enough digits to distinguish that from zero."""
    share, of = one["share"], one["of"]
    if share is None or not of:
        return f"{one['text']}."
    digits = 0 if share >= 0.1 or not share else 1 if share >= 0.001 else 2  # noqa: PLR2004 - tenths, thousandths
    part = f"{share:.{digits}%}" if share >= 0.0001 or not share else "less than 0.01%"  # noqa: PLR2004
    return f"{one['text']} ({part} of {of:,})."
