"""The evidence of use cases: labels that are measured, and compared with the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.cli import _output
from annostrat.errors import AnnostratError, InputError, UsageError, fault
from annostrat.recommendation.recommendation import Recommendation

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.contract import Evidence, MeasuredPace
    from annostrat.recommendation.engine import Recommender
    from annostrat.use_cases.use_case import LabelFiles, UseCase


class Evident(NamedTuple):
    """A use case with what labels say of it, if it names any.

    Attributes:
        case: The use case, with measured answers where it gave none.
        evidence: The comparison.
        refuted: What the labels say instead of its answers, where they are sure that these are wrong.
    """

    case: UseCase
    evidence: Evidence | None = None
    refuted: dict[str, str] = {}  # noqa: RUF012 - never changed

    def recommend(self, recommender: Recommender, case: UseCase) -> Recommendation:
        """Return the recommendation, with the evidence, and with what it would be if the labels are right."""
        result = recommender.recommend(case)
        if self.evidence is None:
            return result
        if timed := _at_measured_pace(case, result, self.evidence["pace"]):
            result = Recommendation(case, result.outcome, result.own, recommender.recommend(timed).estimate)
        instead = recommender.recommend(case._replace(answers=case.answers | self.refuted))
        return result.with_evidence(self.evidence, instead)


def remarks_on(case: UseCase, evidence: Evidence) -> dict[str, str]:
    """Return the comments for the answers of a use case that were measured."""
    from annostrat.measure.evidence import remarks

    taken = {
        question: one
        for question, one in evidence["answers"].items()
        if one["given"] is None and one["answer"] == case.answers.get(question)
    }
    return remarks(taken, evidence["objects"])


def _at_measured_pace(case: UseCase, result: Recommendation, pace: MeasuredPace | None) -> UseCase | None:
    """Return a use case at the measured pace, if that is of the recommended label and no other pace is given."""
    if pace is None or not result.decided or result.candidates[0] != pace["strategy"]:
        return None
    return case._replace(effort={"seconds_per_label": pace["seconds_per_label"], **case.effort})


class Labels:
    """Measures the labels that use cases name, each once; `failed` tells whether anything could not be read.

    Where they are `required`, there is nothing to go by without them, and what cannot be measured is an error.
    """

    def __init__(self, rules: RuleSet, *, required: bool = False, quiet: bool = False) -> None:
        self._rules, self._required, self._quiet = rules, required, quiet
        self._known: dict[LabelFiles, Measurement | AnnostratError] = {}
        self.failed = False

    def beside(self, case: UseCase) -> Evident:
        """Return a use case with what was measured for it, if it names labels and they can be read.

        Raises:
            AnnostratError: They are required, and cannot.
        """
        if case.evidence is None:
            return Evident(case)
        if case.evidence not in self._known:
            self._known[case.evidence] = self._measured(case.evidence)
        measured = self._known[case.evidence]
        if isinstance(measured, AnnostratError):
            misread = isinstance(measured, UsageError) and case.evidence.format
            return self._without(_placed(measured, case, "format" if misread else "annotations"), case)
        from annostrat.measure.agreement.api import reached
        from annostrat.measure.evidence import supported

        try:
            compared, problems = reached(case.evidence, self._rules)
        except AnnostratError as error:  # the labels themselves were read, so it is about those beside them
            return self._without(_placed(error, case, "agreement", "with"), case)
        if _output.report_unread(problems):
            self.failed = True
        return Evident(*supported(case, measured, self._rules, compared))

    def _without(self, error: AnnostratError, case: UseCase) -> Evident:
        """Return a use case as it is, after a report of what cannot be read of its labels.

        Raises:
            AnnostratError: They are required.
        """
        if self._required:
            raise error
        self.failed = True
        _output.report(error)
        return Evident(case)

    def _measured(self, files: LabelFiles) -> Measurement | AnnostratError:
        from annostrat.cli.commands.measure import measure_files
        from annostrat.measure.requirements import check_installed

        try:
            check_installed()
            measurement, _, problems = measure_files(files, self._rules, quiet=self._quiet)
        except AnnostratError as error:
            return error
        if _output.report_unread(problems):
            self.failed = True
        return measurement


def failed_at(case: UseCase, error: Exception) -> InputError:
    """Return what ended a recommendation as the error of its use case.

    Raises:
        AnnostratError: It was no fault of this program.
    """
    if isinstance(error, AnnostratError):
        raise error
    return InputError([fault(case.document.path if case.document else case.name, error)])


def _placed(error: AnnostratError, case: UseCase, *keys: str) -> AnnostratError:
    """Return the error of labels with the place under `evidence` that is to blame, if the use case is from a file."""
    if case.document is None:
        return error
    where = case.locate("evidence", *keys)
    usage = isinstance(error, UsageError)
    return InputError(
        problem._replace(location=where, message=problem.message if usage else f"{problem.location}: {problem.message}")
        for problem in error.problems
    )
