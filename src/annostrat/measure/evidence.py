"""What labels say to the answers of a use case: which they bear out, which they contradict, which they add."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import shortened
from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.contract import Evidence, EvidenceAnswer, MeasuredAnswer
    from annostrat.use_cases.use_case import UseCase


class Supported(NamedTuple):
    """A use case with the evidence for it.

    Attributes:
        case: The use case, with measured answers where it gave none.
        evidence: The comparison.
        refuted: What the labels say where they are sure that its answers are wrong.
    """

    case: UseCase
    evidence: Evidence
    refuted: dict[str, str]


def supported(case: UseCase, measurement: Measurement, rules: RuleSet) -> Supported:
    """Return a use case beside what was measured for it."""
    found, source = measurement["answers"], measurement["source"]
    whole = completed(case, measurement)
    answers = {question: _beside(said, case.answers.get(question), rules, question) for question, said in found.items()}
    by_name = {entry["name"]: entry["answers"] for entry in measurement["classes"]}
    classes = {
        name: {
            question: _beside(said, _given(case, taken, name, question), rules, question)
            for question, said in by_name[name].items()
        }
        for name, taken in whole.classes.items()
        if name in by_name
    }
    contradictions = [*_sentences(answers, "", agrees=False)]
    for name, of_class in classes.items():
        contradictions += _sentences(of_class, f"{name}: ", agrees=False)
    evidence: Evidence = {
        "annotations": source["path"],
        "formats": source["formats"],
        "sampled": source["sampled"],
        "images": measurement["counts"]["images"],
        "objects": measurement["counts"]["objects"],
        "pace": measurement["pace"],
        "answers": answers,
        "classes": classes,
        "contradictions": contradictions,
        "undecided": [*_sentences(answers, "", agrees=None), *_unseen(case, by_name)],
        "findings": [finding for finding in measurement["findings"] if finding["severity"] != "note"],
    }
    refuted = {question: entry["answer"] for question, entry in answers.items() if entry["agrees"] is False}
    return Supported(whole, evidence, refuted)


def completed(case: UseCase, measurement: Measurement) -> UseCase:
    """Return a use case with measured answers where it gives none, for the whole and for its classes.

    What no file describes is what its labels say: it has their name and classes, and shows as many objects.
    """
    found = as_use_case(measurement, case)
    sure = {question: answer for question, answer in found.answers.items() if answer != UNKNOWN}
    answers = case.answers | {q: answer for q, answer in sure.items() if _is_open(q, case.answers)}
    if case.document is None and not case.classes:
        return found._replace(name=measurement["name"], answers=answers)
    by_name = {entry["name"]: entry["answers"] for entry in measurement["classes"]}
    classes = {
        name: own
        | {
            question: said["answer"]
            for question, said in by_name.get(name, {}).items()
            if _is_open(question, case.answers)
            and _is_open(question, own)
            and said["answer"] not in (UNKNOWN, (answers | own).get(question))
        }
        for name, own in case.classes.items()
    }
    return case._replace(answers=answers, classes=classes)


def _is_open(question: str, answers: Mapping[str, str]) -> bool:
    return answers.get(question, UNKNOWN) == UNKNOWN


def _given(case: UseCase, taken: Mapping[str, str], name: str, question: str) -> str | None:
    """Return the answer that a use case gives for a class; None where that of its labels was taken."""
    own = case.classes.get(name, {})
    return None if question in taken and _is_open(question, own) else (case.answers | own).get(question)


def _unseen(case: UseCase, known: Collection[str]) -> list[str]:
    """Return a sentence for each class of the use case that no label has."""
    return [f"no label is of the class '{shortened(name)}'" for name in case.classes if name not in known]


def _beside(said: MeasuredAnswer, given: str | None, rules: RuleSet, question: str) -> EvidenceAnswer:
    known = None if given in (None, UNKNOWN) else given
    return {**said, "given": known, "agrees": _agrees(said, known, [*rules.questions[question]["answers"]])}


def _agrees(said: MeasuredAnswer, given: str | None, order: list[str]) -> bool | None:
    """Return whether a given answer is the measured one; of a lower bound only a smaller answer is refuted."""
    if given is None:
        return None
    if said["answer"] == UNKNOWN:
        return False if _is_ruled_out(said, given) else None
    if said["answer"] == given:
        return True
    if said["lower_bound"] and order.index(given) > order.index(said["answer"]):
        return None
    return False


def _is_ruled_out(said: MeasuredAnswer, given: str) -> bool:
    """Return whether no part of an interval lies in the level of an answer, though it lies in no other one whole."""
    if said["low"] is None or said["high"] is None or given not in said["levels"]:
        return False
    start, end = said["levels"][given]
    return end <= said["low"] or (start >= said["high"] and not said["lower_bound"])


def _sentences(answers: Mapping[str, EvidenceAnswer], prefix: str, *, agrees: bool | None) -> list[str]:
    """Return a sentence for each given answer that the labels refute, or neither refute nor bear out."""
    return [
        prefix + (_refuted(question, entry) if agrees is False else _open(question, entry))
        for question, entry in answers.items()
        if entry["given"] is not None and entry["agrees"] is agrees
    ]


def _refuted(question: str, entry: EvidenceAnswer) -> str:
    if entry["answer"] == UNKNOWN:
        return f"{question} is {entry['given']}, which the labels rule out: {_lower(entry['because'])}"
    return f"{question} is {entry['given']}, but the labels say {bounded(entry)}: {_lower(entry['because'])}"


def bounded(answer: MeasuredAnswer) -> str:
    """Return a measured answer in words; of a lower bound, that it may be more."""
    order = [*answer["levels"]]
    if not answer["lower_bound"] or answer["answer"] not in order[:-1]:
        return answer["answer"]
    return f"at least {answer['answer']}" if answer["answer"] != order[0] else f"{answer['answer']}, as far as seen"


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
    if case.objects_per_image is None and shown is not None:
        case = case._replace(objects_per_image=round(shown, 1))
    return case._replace(answers=answers, classes=classes)


def rests_on(answer: MeasuredAnswer | EvidenceAnswer, objects: int) -> str:
    """Return on how few of all objects an answer rests; nothing, where it is most of them."""
    if answer["answer"] == UNKNOWN or answer["objects"] * 2 >= objects:
        return ""
    return f"rests on {answer['objects']:,} of {objects:,} objects; the others do not tell"


def remarks(answers: Mapping[str, MeasuredAnswer], objects: int) -> dict[str, str]:
    """Return what to remark behind measured answers that are written down: how far they go, and why."""
    return {question: _remark(said, objects) for question, said in answers.items()}


def _remark(answer: MeasuredAnswer, objects: int) -> str:
    if answer["value"] is None:
        return _lower(answer["because"])
    bound = bounded(answer) if bounded(answer) != answer["answer"] else "measured"
    why = f"{'not settled' if answer['answer'] == UNKNOWN else bound}: {_lower(answer['because'])}"
    few = rests_on(answer, objects)
    return f"{why}; {few}" if few else why
