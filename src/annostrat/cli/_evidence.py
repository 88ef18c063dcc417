"""The evidence of use cases: labels that are measured, and compared with the answers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from annostrat.cli import _boundary
from annostrat.errors import AnnostratError, InputError

if TYPE_CHECKING:
    from annostrat.contract import Evidence
    from annostrat.engine import Recommender
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation import Recommendation
    from annostrat.use_case import UseCase


class Evident(NamedTuple):
    """A use case with what labels say of it, if it names any.

    Attributes:
        case: The use case, with measured answers where it gave none.
        evidence: The comparison.
        measured: Its answers, put right by the labels.
    """

    case: UseCase
    evidence: Evidence | None = None
    measured: dict[str, str] = {}  # noqa: RUF012 - never changed

    def recommend(self, recommender: Recommender, case: UseCase) -> Recommendation:
        """Return the recommendation, with the evidence, and with what it would be if the labels are right."""
        result = recommender.recommend(case)
        if self.evidence is None:
            return result
        answers = case.answers | self.measured
        instead = recommender.recommend(case._replace(answers=answers))
        return result.with_evidence(self.evidence, instead)


class Labels:
    """Measures the labels that use cases name, each path once; `failed` tells whether anything could not be read."""

    def __init__(self, rules: RuleSet, path: str | None = None, *, quiet: bool = False) -> None:
        self._rules, self._path, self._quiet = rules, path, quiet
        self._known: dict[str, Measurement | None] = {}
        self.failed = False

    def beside(self, case: UseCase) -> Evident:
        """Return a use case with what was measured for it, if it names labels and they can be read."""
        path = self._path
        if path is None and case.evidence is not None:
            own = case.document.path if case.document else ""
            path = os.path.join(os.path.dirname(own), case.evidence)
        if path is None:
            return Evident(case)
        if path not in self._known:
            self._known[path] = self._measured(path)
        found = self._known[path]
        if found is None:
            return Evident(case)
        from annostrat.measure.evidence import supported

        return Evident(*supported(case, found, self._rules))

    def _measured(self, path: str) -> Measurement | None:
        from annostrat.cli.measure import Request, read
        from annostrat.measure.requirements import check_installed

        try:
            check_installed()
            from annostrat.measure.measurement import measurement

            reading = read(path, Request(quiet=self._quiet))
            found = measurement(reading.profile, self._rules, path, path)
        except AnnostratError as error:
            if self._path is not None:  # asked for by hand: without it, there is nothing to go by
                raise
            self.failed = True
            _boundary.report(error)
            return None
        if reading.problems:
            self.failed = True
            _boundary.report(InputError(reading.problems))
        return found
