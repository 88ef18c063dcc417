"""The result: what JSON output is, and what every renderer is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annostrat.knowledge.contract import Strategy
    from annostrat.recommendation.contract import (
        EffortDocument,
        Evidence,
        OutcomeDocument,
        Own,
        RecommendationDocument,
        Status,
    )
    from annostrat.recommendation.effort.estimate import EffortEstimate
    from annostrat.use_cases.use_case import UseCase

SCHEMA_VERSION = 1
"""Raised only if a key of the JSON output is renamed, removed or changes its meaning; keys may be added."""


class Outcome:
    """What the rules say for one set of answers; one object is shared by all use cases with those answers."""

    __slots__ = ("document",)

    def __init__(self, document: OutcomeDocument) -> None:
        self.document = document

    @property
    def chosen(self) -> str | None:
        """The id of the recommended strategy, or None while undecided."""
        strategy = self.document["strategy"]
        return strategy["id"] if strategy else None

    @property
    def candidates(self) -> list[str]:
        """Ids of the strategies still possible, each once: the recommended one, if there is one."""
        chosen = self.chosen
        return [chosen] if chosen else list(dict.fromkeys(one["strategy"] for one in self.document["candidates"]))


NOTHING_OWN: Own = {"classes": [], "purposes": [], "covering": None, "led_by": None, "evidence": None}
"""What a use case without classes, several purposes and evidence has of its own."""


class Recommendation:
    """One use case with what the rules say of it.

    Attributes:
        use_case: The use case.
        outcome: What it shares with all use cases that answer alike.
        own: What it does not.
        estimate: Its effort, reckoned when somebody asks; None where it does not say how many images there are.
    """

    __slots__ = ("_effort", "estimate", "outcome", "own", "use_case")

    def __init__(
        self, use_case: UseCase, outcome: Outcome, own: Own = NOTHING_OWN, estimate: EffortEstimate | None = None
    ) -> None:
        self.use_case, self.outcome, self.own, self.estimate = use_case, outcome, own, estimate
        self._effort: EffortDocument | None = None

    @property
    def effort(self) -> EffortDocument | None:
        """Labelling time and money, where the use case says how many images there are."""
        if self._effort is None and self.estimate is not None:
            self._effort = self.estimate.document()
        return self._effort

    def with_evidence(self, evidence: Evidence, instead: Recommendation) -> Recommendation:
        """Return the recommendation with what labels say of it.

        Args:
            evidence: The answers beside the measured ones.
            instead: What would be recommended if the labels are right.
        """
        contradictions = list(evidence["contradictions"])
        if contradictions and set(instead.candidates) != set(self.candidates):
            possible = (" plus " if instead.strategy else " or ").join(instead.candidates)
            contradictions.append(f"by what the labels say, the rules recommend {possible}")
        own: Own = {**self.own, "evidence": {**evidence, "contradictions": contradictions}}
        return Recommendation(self.use_case, self.outcome, own, self.estimate)

    @property
    def name(self) -> str:
        """The use case's name."""
        return self.use_case.name

    @property
    def status(self) -> Status:
        """How sure it is: `decided`, `provisional` or `undecided`."""
        return self.outcome.document["status"]

    @property
    def decided(self) -> bool:
        """Whether nothing that is still unanswered could change it."""
        return self.status == "decided"

    @property
    def strategy(self) -> Strategy | None:
        """The recommended strategy, or None while undecided."""
        return self.outcome.document["strategy"]

    @property
    def candidates(self) -> list[str]:
        """Ids of the strategies still possible, each once: the recommended one, or those that cover."""
        covering = self.own["covering"]
        return covering["strategies"] if covering else self.outcome.candidates

    def document(self) -> RecommendationDocument:
        """Return everything, as the JSON contract names it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            **self.outcome.document,
            "effort": self.effort,
            **self.own,
        }
