"""What labels say to the answers of a use case: which they bear out, which they contradict, which they add."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import shortened
from annostrat.knowledge.rule_set import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from annostrat.contract import Evidence, EvidenceAnswer, MeasuredAnswer
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.use_case import UseCase


class Supported(NamedTuple):
    """A use case with the evidence for it.

    Attributes:
        case: The use case, with measured answers where it gave none.
        evidence: The comparison.
        measured: The answers as the labels say where they are sure, else as given.
    """

    case: UseCase
    evidence: Evidence
    measured: dict[str, str]


def supported(case: UseCase, measurement: Measurement, rules: RuleSet) -> Supported:
    """Return a use case beside what was measured for it."""
    found = measurement["answers"]
    answers = {question: _beside(said, case.answers.get(question), rules, question) for question, said in found.items()}
    by_name = {entry["name"]: entry["answers"] for entry in measurement["classes"]}
    classes = {
        name: {
            question: _beside(said, (case.answers | own).get(question), rules, question)
            for question, said in by_name[name].items()
        }
        for name, own in case.classes.items()
        if name in by_name
    }
    contradictions = [*_sentences(answers, "", agrees=False)]
    for name, of_class in classes.items():
        contradictions += _sentences(of_class, f"{name}: ", agrees=False)
    evidence: Evidence = {
        "annotations": measurement["source"]["path"],
        "formats": measurement["source"]["formats"],
        "images": measurement["counts"]["images"],
        "objects": measurement["counts"]["objects"],
        "answers": answers,
        "classes": classes,
        "contradictions": contradictions,
        "undecided": [*_sentences(answers, "", agrees=None), *_unseen(case, by_name)],
        "findings": [finding for finding in measurement["findings"] if finding["severity"] != "note"],
    }
    sure = {question: said["answer"] for question, said in found.items() if said["answer"] != UNKNOWN}
    added = {question: answer for question, answer in sure.items() if case.answers.get(question, UNKNOWN) == UNKNOWN}
    refuted = {question: sure[question] for question, entry in answers.items() if entry["agrees"] is False}
    return Supported(case._replace(answers=case.answers | added), evidence, case.answers | added | refuted)


def _unseen(case: UseCase, known: Collection[str]) -> list[str]:
    """Return a sentence for each class of the use case that no label has."""
    return [f"no label is of the class '{shortened(name)}'" for name in case.classes if name not in known]


def _beside(said: MeasuredAnswer, given: str | None, rules: RuleSet, question: str) -> EvidenceAnswer:
    known = None if given in (None, UNKNOWN) else given
    return {**said, "given": known, "agrees": _agrees(said, known, [*rules.questions[question]["answers"]])}


def _agrees(said: MeasuredAnswer, given: str | None, order: list[str]) -> bool | None:
    """Return whether a given answer is the measured one; of a lower bound only a smaller answer is refuted."""
    if given is None or said["answer"] == UNKNOWN:
        return None
    if said["answer"] == given:
        return True
    if said["lower_bound"] and order.index(given) > order.index(said["answer"]):
        return None
    return False


def _sentences(answers: Mapping[str, EvidenceAnswer], prefix: str, *, agrees: bool | None) -> list[str]:
    """Return a sentence for each given answer that the labels refute, or neither refute nor bear out."""
    return [
        prefix + (_refuted(question, entry) if agrees is False else _open(question, entry))
        for question, entry in answers.items()
        if entry["given"] is not None and entry["agrees"] is agrees
    ]


def _refuted(question: str, entry: EvidenceAnswer) -> str:
    least = "at least " if entry["lower_bound"] else ""
    return f"{question} is {entry['given']}, but the labels say {least}{entry['answer']}: {_lower(entry['because'])}"


def _open(question: str, entry: EvidenceAnswer) -> str:
    if entry["answer"] != UNKNOWN:
        said = (
            f"{question} is {entry['given']}, and the labels alone show {entry['answer']}: {_lower(entry['because'])}"
        )
        return f"{said}; overlap of labels is a lower bound"
    said = f"{question} is {entry['given']}, which the labels do not settle: {_lower(entry['because'])}"
    if not entry["more_images"]:
        return said
    images = f"{entry['more_images']:,} more labelled image{'' if entry['more_images'] == 1 else 's'}"
    return f"{said}: that takes {images}" if entry["low"] is None else f"{said}; {images} would settle it"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def as_use_case(measurement: Measurement, case: UseCase) -> UseCase:
    """Return a use case with the measured answers, and those of classes that are sure to answer otherwise.

    A class without a name, which no use case has, is left out.
    """
    answers = {question: said["answer"] for question, said in measurement["answers"].items()}
    classes = {}
    for entry in filter(itemgetter("name"), measurement["classes"]):
        said = {question: of["answer"] for question, of in entry["answers"].items()}
        classes[entry["name"]] = {
            question: answer for question, answer in said.items() if answer not in (UNKNOWN, answers[question])
        }
    shown = next((figure["value"] for figure in measurement["figures"] if figure["id"] == "objects_per_image"), None)
    return case._replace(answers=answers, classes=classes, objects_per_image=None if shown is None else round(shown, 1))
