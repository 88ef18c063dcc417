"""The evidence from labels on the answers of a use case: confirmed, contradicted, open, or given by the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.measure.evidence import bounded, rests_on
from annostrat.render.sections.measured_answers import cautions, finding, level_chart, missing, pace
from annostrat.render.sections.sections import Paragraph, Part, Point, Section, amount, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Evidence, EvidenceAnswer, ReachedAgreement

_SEVERAL = 3
"""Number of findings that a recommendation shows; `measure` lists all of them."""


def evidence_section(document: Evidence, rules: RuleSet) -> Section:
    """Return the section on evidence."""
    images, objects = amount(document["images"], "image"), amount(document["objects"], "object")
    sample = f", a sample of {amount(document['sampled'], 'image')}" if document["sampled"] is not None else ""
    formats = " and ".join(document["formats"]) or "nothing"
    parts: list[Part] = [
        Paragraph(f"Measured: {images} and {objects} in {document['annotations']} ({formats}{sample}).")
    ]
    for question, answer in document["answers"].items():
        few = rests_on(answer, document["objects"])
        text = " ".join(filter(None, [f"{answer['because']}.", few and f"That {few}.", missing(answer)]))
        parts += [Point(text, lead=f"{rules.questions[question]['title']}: {_beside(answer)}."), *level_chart(answer)]
    parts += [*cautions(document["answers"].values()), *pace(document["pace"])]
    if reached := document["agreement"]:
        parts.append(_agreement(reached))
    parts += folded([*_classes(document, rules)], "answer of a class", "answers of classes")
    parts += [finding(each) for each in document["findings"][:_SEVERAL]]
    if more := document["findings"][_SEVERAL:]:
        parts.append(Point(f"And {amount(len(more), 'more finding')}, which annostrat measure lists."))
    return Section("Evidence", parts)


def _agreement(reached: ReachedAgreement) -> Point:
    """Return the agreement of the labels with another annotator's."""
    share = "nothing can be compared" if reached["value"] is None else f"{reached['value']:.0%} of the labels agree"
    between = f" ({reached['low']:.0%} to {reached['high']:.0%})" if reached["low"] is not None else ""
    wanted = f"{amount(reached['images'], 'image')} in common; wanted are {reached['at_least']:.0%}."
    mark = "-" if reached["reached"] else "!"
    return Point(f"{share}{between}, {wanted}", mark=mark, lead=f"Beside {reached['annotations']}:")


def _beside(answer: EvidenceAnswer) -> str:
    """Return the answer in use, and whether the labels confirm it."""
    given, measured = answer["given"], bounded(answer)
    if answer["answer"] == UNKNOWN:
        return f"{given}, which the labels do not settle" if given else "unknown, and the labels do not settle it"
    if given is None:
        return f"{measured}, from the labels"
    if answer["agrees"] is None:
        return f"{given}, of which the labels show {measured}"
    if measured == given:
        return f"{given}, as the labels say"
    return f"{given}, {'and' if answer['agrees'] else 'but'} the labels say {measured}"


def _classes(document: Evidence, rules: RuleSet) -> Iterator[Point]:
    """Yield the evidence on the answers of classes that differ from the whole or are refuted."""
    for name, answers in document["classes"].items():
        for question, answer in answers.items():
            remark = _of_class(rules.questions[question]["title"].lower(), answer, document["answers"][question])
            if remark:
                yield Point(f"{remark}. {answer['because']}.", lead=f"{name}:")


def _of_class(title: str, answer: EvidenceAnswer, whole: EvidenceAnswer) -> str:
    """Return the evidence on one answer of a class; empty if it matches the whole and is not refuted."""
    taken = whole["given"] or whole["answer"]
    if answer["given"] is not None:
        return f"{title} {_beside(answer)}" if answer["given"] != taken or answer["agrees"] is False else ""
    differs = answer["answer"] not in (UNKNOWN, taken)
    return f"by its labels {title} is {bounded(answer)}, unlike the whole" if differs else ""
