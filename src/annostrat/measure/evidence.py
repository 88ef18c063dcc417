"""Compare the answers of a use case with its labels, which may confirm, contradict or add answers."""

from __future__ import annotations

import math
import shlex
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import shortened
from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.contract import Evidence, EvidenceAnswer, Finding, MeasuredAnswer, ReachedAgreement
    from annostrat.use_cases.use_case import UseCase


class Supported(NamedTuple):
    """A use case with the evidence for it.

    Attributes:
        case: The use case, with measured answers filled in where it gives none.
        evidence: The comparison.
        refuted: The measured answers that refute answers of the use case.
    """

    case: UseCase
    evidence: Evidence
    refuted: dict[str, str]


MOSTLY = 0.5
"""Share of labels from which an error invalidates all figures."""


def spoils(finding: Finding) -> bool:
    """Return whether an error affects so many labels that no figure is meaningful."""
    return finding["severity"] == "error" and (finding["share"] or 0) >= MOSTLY


def supported(
    case: UseCase, measurement: Measurement, rules: RuleSet, reached: ReachedAgreement | None = None
) -> Supported:
    """Compare a use case with the measurement of its labels and, if known, their agreement with another annotator's."""
    found, source = measurement["answers"], measurement["source"]
    whole = completed(case, measurement)
    answers = {
        question: _beside(measured, case.answers.get(question), rules, question) for question, measured in found.items()
    }
    by_name = {entry["name"]: entry["answers"] for entry in measurement["classes"]}
    classes = {
        name: {
            question: _beside(measured, _given(case, taken, name, question), rules, question)
            for question, measured in by_name[name].items()
        }
        for name, taken in whole.classes.items()
        if name in by_name
    }
    contradictions = [_disagreement(reached, source["path"])] if reached and not reached["reached"] else []
    contradictions += _sentences(answers, "", agrees=False)
    for name, of_class in classes.items():
        contradictions += _sentences(of_class, f"{name}: ", agrees=False)
    unlabelled = [f"no label has the class '{shortened(name)}'" for name in case.classes if name not in by_name]
    spoilt = [f"the labels are no evidence: {each['text']}" for each in measurement["findings"] if spoils(each)]
    evidence: Evidence = {
        "annotations": source["path"],
        "formats": source["formats"],
        "sampled": source["sampled"],
        "images": measurement["counts"]["images"],
        "objects": measurement["counts"]["objects"],
        "pace": measurement["pace"],
        "agreement": reached,
        "answers": answers,
        "classes": classes,
        "contradictions": contradictions,
        "undecided": [*spoilt, *_sentences(answers, "", agrees=None), *unlabelled],
        "findings": [finding for finding in measurement["findings"] if finding["severity"] != "note"],
        "faulty": bool(spoilt),
    }
    refuted = {question: entry["answer"] for question, entry in answers.items() if entry["agrees"] is False}
    return Supported(whole, evidence, refuted)


def _disagreement(found: ReachedAgreement, path: str) -> str:
    value, low, high, other = found["value"], found["low"], found["high"], found["annotations"]
    wanted = f"at least {found['at_least']:g} is required"
    if value is None:
        because = f" ({found['withheld']})" if found["withheld"] else ""
        return f"no label can be compared with {other}{because}, and {wanted}"
    between = f" ({_floored(low)} to {_floored(high)})" if low is not None and high is not None else ""
    shown = f"{shlex.join(['annostrat', 'agreement', path, other])} shows where they differ"
    return f"{_floored(value)}{between} of the labels agree with {other}, and {wanted}: {shown}"


def _floored(share: float) -> str:
    """Return a share rounded down to three digits, so that it does not appear to reach a limit that it misses."""
    return f"{math.floor(share * 1000) / 1000:.3f}"


def completed(case: UseCase, measurement: Measurement) -> UseCase:
    """Fill in measured answers where a use case gives none, for the whole dataset and for its classes.

    A use case without a file takes its name, classes and number of objects from the labels.
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
            question: measured["answer"]
            for question, measured in by_name.get(name, {}).items()
            if _is_open(question, case.answers)
            and _is_open(question, own)
            and measured["answer"] not in (UNKNOWN, (answers | own).get(question))
        }
        for name, own in case.classes.items()
    }
    return case._replace(answers=answers, classes=classes)


def _is_open(question: str, answers: Mapping[str, str]) -> bool:
    return answers.get(question, UNKNOWN) == UNKNOWN


def _given(case: UseCase, taken: Mapping[str, str], name: str, question: str) -> str | None:
    """Return the use case's own answer for a class; None if the measured one was filled in."""
    own = case.classes.get(name, {})
    return None if question in taken and _is_open(question, own) else (case.answers | own).get(question)


def _beside(measured: MeasuredAnswer, given: str | None, rules: RuleSet, question: str) -> EvidenceAnswer:
    known = None if given in (None, UNKNOWN) else given
    return {**measured, "given": known, "agrees": _agrees(measured, known, [*rules.questions[question]["answers"]])}


def _agrees(measured: MeasuredAnswer, given: str | None, order: list[str]) -> bool | None:
    """Return whether a given answer matches the measured one; a lower bound refutes only smaller answers."""
    if given is None:
        return None
    if measured["answer"] == UNKNOWN:
        return False if _is_ruled_out(measured, given) else None
    if measured["answer"] == given:
        return True
    if measured["lower_bound"] and order.index(given) > order.index(measured["answer"]):
        return None
    return False


def _is_ruled_out(measured: MeasuredAnswer, given: str) -> bool:
    """Return whether an interval is entirely outside the level of an answer, even if no other level contains it."""
    if measured["low"] is None or measured["high"] is None or given not in measured["levels"]:
        return False
    start, end = measured["levels"][given]
    return end <= measured["low"] or (start >= measured["high"] and not measured["lower_bound"])


def _sentences(answers: Mapping[str, EvidenceAnswer], prefix: str, *, agrees: bool | None) -> list[str]:
    """Return a sentence for each given answer that the labels refute (`agrees=False`) or leave open (None)."""
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
    """Return a measured answer in words, with lower bounds marked as such."""
    order = [*answer["levels"]]
    if not answer["lower_bound"] or answer["answer"] not in order[:-1]:
        return answer["answer"]
    return (
        f"at least {answer['answer']}" if answer["answer"] != order[0] else f"{answer['answer']}, from what is visible"
    )


def _open(question: str, entry: EvidenceAnswer) -> str:
    if entry["answer"] != UNKNOWN:
        message = (
            f"{question} is {entry['given']}, and the labels alone show {entry['answer']}: {_lower(entry['because'])}"
        )
        return f"{message}; overlap of labels is a lower bound"
    because = entry["because"].removeprefix("The labels cannot say: ")
    message = f"{question} is {entry['given']}, which the labels do not settle: {_lower(because)}"
    if not entry["more_images"]:
        return message
    images = f"{entry['more_images']:,} more labelled image{'' if entry['more_images'] == 1 else 's'}"
    return f"{message}: that takes {images}" if entry["low"] is None else f"{message}; {images} would settle it"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def as_use_case(measurement: Measurement, case: UseCase) -> UseCase:
    """Return a use case with the measured answers, and with each class's known answers that differ from them.

    Classes without a name are left out, as a use case cannot refer to them.
    """
    answers = {question: measured["answer"] for question, measured in measurement["answers"].items()}
    classes = {}
    for entry in filter(itemgetter("name"), measurement["classes"]):
        measured = {question: of["answer"] for question, of in entry["answers"].items()}
        classes[entry["name"]] = {
            question: answer for question, answer in measured.items() if answer not in (UNKNOWN, answers[question])
        }
    shown = next((figure["value"] for figure in measurement["figures"] if figure["id"] == "objects_per_image"), None)
    if case.objects_per_image is None and shown is not None:
        case = case._replace(objects_per_image=round(shown, 1))
    return case._replace(answers=answers, classes=classes)


def rests_on(answer: MeasuredAnswer | EvidenceAnswer, objects: int) -> str:
    """Return a note on how few objects an answer is based on; empty if it is based on at least half of them."""
    if answer["answer"] == UNKNOWN or answer["objects"] * 2 >= objects:
        return ""
    return f"rests on {answer['objects']:,} of {objects:,} objects; the rest say nothing of it"


def remarks(answers: Mapping[str, MeasuredAnswer], objects: int) -> dict[str, str]:
    """Return the comments to write after measured answers: how certain each answer is, and why."""
    return {question: _remark(measured, objects) for question, measured in answers.items()}


def _remark(answer: MeasuredAnswer, objects: int) -> str:
    if answer["value"] is None:
        return _lower(answer["because"])
    bound = bounded(answer) if bounded(answer) != answer["answer"] else "measured"
    why = f"{'not settled' if answer['answer'] == UNKNOWN else bound}: {_lower(answer['because'])}"
    few = rests_on(answer, objects)
    return f"{why}; {few}" if few else why
