"""The page of a measurement: answers, then questions that labels leave open, figures, classes, findings, next steps."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.knowledge.tree import UNKNOWN
from annostrat.measure.evidence import bounded, rests_on, spoils
from annostrat.render.sections.measured_answers import (
    answer_parts,
    cautions,
    enough,
    findings,
    in_short,
    on_photos,
    pace,
)
from annostrat.render.sections.measured_figures import (
    classes,
    figures,
    keypoints,
    parts_of_others,
    silhouettes_of,
    spreads,
)
from annostrat.render.sections.recommendation import bibliography
from annostrat.render.sections.sections import (
    Paragraph,
    Part,
    Picture,
    Point,
    Report,
    Section,
    amount,
    capital,
    grouped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import MeasuredSource, Measurement
    from annostrat.measure.photos.contact_sheet import Photo

_BOXES_ONLY = (
    "Boxes, also those drawn as outlines, say neither how much of a box its object fills nor how much outlines differ."
    " Outline some fifty images, and measure again."
)
_NO_OBJECTS = ("Objects:", "No label is a single object, so neither overlap nor outlines can be measured.")
_MANY = 0.1
"""Share of affected images from which a problem that distorts the figures is mentioned under the headline."""
_MOST = 3
"""Number of findings and classes that a screen shows, and of classes that the headline names."""
_UNTOLD = {
    "fill": ("Shapes:", _BOXES_ONLY),
    "flag_occluded": ("Occlusion as people see it:", "The files do not say which objects are occluded."),
}
"""For each figure, what remains unknown without it."""


def headline(measured: Measurement, rules: RuleSet) -> str:
    """Return the worst error, if any, and the answers, with the classes whose answer differs."""
    answers = [] if spoilt(measured) else [*_answers_in_words(measured, rules)]
    worst = [f"error: {each['text']}" for each in measured["findings"][:1] if each["severity"] == "error"]
    return capital("; ".join([*worst, *answers])) or "These rules ask nothing that labels tell"


def _answers_in_words(measured: Measurement, rules: RuleSet) -> Iterator[str]:
    for question, answer in measured["answers"].items():
        known = ((each["name"], each["answers"][question]["answer"]) for each in measured["classes"])
        others = [f"{name}: {word}" for name, word in known if word not in (UNKNOWN, answer["answer"])]
        more = f" and {amount(len(others) - _MOST, 'more class', 'more classes')}" if len(others) > _MOST else ""
        otherwise = f" ({', '.join(others[:_MOST])}{more})" if others and answer["answer"] != UNKNOWN else ""
        yield f"{rules.questions[question]['title'].lower()} {bounded(answer)}{otherwise}"


def spoilt(measured: Measurement) -> bool:
    """Return whether an error affects so many labels that the figures are meaningless."""
    return any(map(spoils, measured["findings"]))


def is_decided(measured: Measurement) -> bool:
    """Return whether the labels answer every question that they can answer."""
    return all(answer["answer"] != UNKNOWN for answer in measured["answers"].values())


def opening(measured: Measurement, rules: RuleSet) -> Iterator[str]:
    """Yield the reservations about the headline, then the amount of data read."""
    yield from _reservations(measured, rules)
    counts, source = measured["counts"], measured["source"]
    unlabelled = counts["images"] - counts["images_labelled"] if counts["labels"] else 0
    images = amount(counts["images"], "image") + (f" ({unlabelled:,} without labels)" if unlabelled else "")
    more = [
        amount(count, word) for count, word in ((counts["crowds"], "crowd"), (counts["regions"], "region")) if count
    ]
    besides = f" Besides, {' and '.join(more)}." if more else ""
    yield f"{images}, {_objects(measured)}.{besides}"
    sample = f", a sample of {amount(source['sampled'], 'image')}" if source["sampled"] is not None else ""
    yield f"Read from {source['path']} ({' and '.join(source['formats']) or 'nothing'}{sample})."


def _reservations(measured: Measurement, rules: RuleSet) -> Iterator[str]:
    """Yield which answers rest on little data, and what distorts the figures."""
    for question, answer in measured["answers"].items():
        few = rests_on(answer, measured["counts"]["objects"])
        if few:
            yield f"But: {rules.questions[question]['title'].lower()} {few}."
    outlined = measured["counts"]["outlines"] + measured["counts"]["masks"]
    for each in measured["findings"]:
        if each["kind"] == "image_taken_as_square" and outlined and (each["share"] or 0) >= _MANY:
            yield f"But: {each['text']}, which distorts shapes."


def _objects(measured: Measurement) -> str:
    """Return the number of objects, and how many of them have more than a box."""
    counts = measured["counts"]
    if not counts["objects"]:
        return "no single object" if counts["labels"] else "no label"
    objects = f"{amount(counts['objects'], 'object')} of {amount(len(measured['classes']), 'class', 'classes')}"
    outlined = counts["outlines"] + counts["masks"]
    if not outlined:
        return f"{objects}, as boxes only"
    kind = "a mask" if counts["masks"] > counts["outlines"] else "an outline"
    return f"{objects}, {'all' if outlined >= counts['objects'] else f'{outlined:,}'} with {kind}"


def report(
    measured: Measurement,
    rules: RuleSet,
    *,
    most_classes: int,
    most_drawn: int,
    meanings: bool = True,
    photos: Sequence[Photo] = (),
) -> Report:
    """Return the page.

    Args:
        measured: The measurement.
        rules: The rule set whose questions were answered.
        most_classes: Maximum number of classes in the table.
        most_drawn: Maximum number of classes whose average silhouette is drawn.
        meanings: Whether the table of figures explains each figure.
        photos: Photos of the findings, if the images are available.
    """
    problems = [findings(measured["findings"]), on_photos(photos, measured["findings"])]
    how_to_go_on = Section("How to go on", _onward(measured))
    if spoilt(measured):
        return _report(measured, rules, [*problems, how_to_go_on])
    sections = [
        _answers(measured, rules),
        Section("What they cannot say", _untold(measured, rules)),
        *problems,
        enough(measured, rules),
        spreads(measured),
        silhouettes_of(measured, most_drawn),
        parts_of_others(measured),
        classes(measured, rules, most_classes),
        figures(measured, meanings=meanings),
        keypoints(measured),
        Section("How the levels were set", _levels(measured, rules)),
        Section("Sources", [*bibliography(measured["references"], rules)]),
        how_to_go_on,
    ]
    return _report(measured, rules, sections)


def screen(measured: Measurement, rules: RuleSet, *, charts: bool) -> Report:
    """Return a report that fits a screen: the worst findings, the answers, the largest classes, the next steps."""
    few = [*findings(measured["findings"][:_MOST], examples=1).parts]
    rest = len(measured["findings"]) - _MOST
    few += [Paragraph(f"And {amount(rest, 'more finding')}.", aside=True)] if rest > 0 else []
    answers = [
        part
        for question, answer in measured["answers"].items()
        for part in answer_parts(_title(question, rules), answer)
        if charts or not isinstance(part, Picture)
    ]
    answers += pace(measured["pace"])
    figures = [Section("What the labels say", answers), classes(measured, rules, _MOST)]
    more = Point("--full for all figures and what they mean; --format html for a report")
    onward = Section("How to go on", [*_onward(measured), more])
    return _report(measured, rules, [Section("Findings", few), *([] if spoilt(measured) else figures), onward])


def _report(measured: Measurement, rules: RuleSet, sections: list[Section]) -> Report:
    worst = measured["findings"][0] if measured["findings"] else None
    lines = [*opening(measured, rules)]
    status = "decided" if is_decided(measured) else "open"
    return Report(
        measured["name"],
        headline(measured, rules),
        "error" if worst and worst["severity"] == "error" else status,
        lines,
        sections,
        in_short(worst) if worst else lines[0],
    )


def _title(question: str, rules: RuleSet) -> str:
    return rules.questions[question]["title"]


def _answers(measured: Measurement, rules: RuleSet) -> Section:
    meanings = {figure["id"]: figure["meaning"] for figure in measured["figures"]}
    parts = [
        part
        for question, answer in measured["answers"].items()
        for part in answer_parts(_title(question, rules), answer, meanings.get(answer["figure"] or "", ""))
    ]
    return Section("What the labels say", [*parts, *cautions(measured["answers"].values()), *pace(measured["pace"])])


def _untold(measured: Measurement, rules: RuleSet) -> list[Part]:
    """Return the questions that no labels can answer, and those that these labels do not."""
    by_reason = grouped(
        (reason, _title(question, rules).lower()) for question, reason in measured["not_measured"].items()
    )
    missing = [text for figure, text in _UNTOLD.items() if figure in measured["unknown_figures"]]
    if not measured["counts"]["objects"]:
        missing = [_NO_OBJECTS]
    return [
        *(Point(reason, lead=f"{capital(', '.join(titles))}:") for reason, titles in by_reason.items()),
        *(Point(text, lead=lead) for lead, text in missing),
    ]


def _levels(measured: Measurement, rules: RuleSet) -> list[Part]:
    return [
        Point(answer["calibrated"], answer["sources"], lead=f"{rules.questions[question]['title']}:")
        for question, answer in measured["answers"].items()
        if answer["calibrated"]
    ]


def _onward(measured: Measurement) -> list[Part]:
    """Return how to use the measurement, or what to do first if there is none yet."""
    if spoilt(measured) or (measured["findings"] and not measured["counts"]["labels"]):
        return [Point("Repair what the findings name, and measure again.")]
    parts: list[Part] = [Point("`--write case.yaml` keeps these answers as a use case")]
    if measured["source"]["profiles"] is None:
        command = f"annostrat recommend --evidence {_as_typed(measured['source'])}"
        parts.append(Point(f"{command} asks only what labels cannot say"))
    return parts


def _as_typed(source: MeasuredSource) -> str:
    """Return the path and options that repeat the measurement."""
    words = [source["path"]]
    words += ["--from", source["format"]] if source["format"] else []
    words += ["--sample", str(source["sampled"])] if source["sampled"] is not None else []
    words += ["--seed", str(source["seed"])] if source["seed"] else []
    words += ["--crowds"] if source["crowds"] else []
    return " ".join(shlex.quote(printable(word)) for word in words)
