"""The result: what JSON output is, and what every renderer is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only

from annostrat.effort import EffortDocument  # noqa: TC001 - the schema is made from these types at run time
from annostrat.knowledge.rule_set import Architecture, Reference, Strategy, Tip  # noqa: TC001 - the same

if TYPE_CHECKING:
    from annostrat.use_case import UseCase

SCHEMA_VERSION = 1
"""Raised only if a key of the JSON output is renamed, removed or changes its meaning; keys may be added."""


class RulesStamp(TypedDict):
    """Which rules gave the answer."""

    id: str
    """The rule set's id."""
    version: str
    """The rule set's version."""
    digest: str
    """SHA-256 over the tree and all knowledge that it can refer to."""


class Step(TypedDict):
    """One question walked."""

    question: str
    """The question's id."""
    answer: str
    """The answer given; `unknown` where it is not known."""
    because: str
    """Why the walk went on as it did."""


Candidate = TypedDict("Candidate", {"strategy": str, "if": dict[str, str]})
"""A strategy that is still possible, and further answers that lead to it (`if` is no Python name)."""


class AskNext(TypedDict):
    """The question that settles most."""

    question: str
    """The question's id."""
    why: str
    """What its answer settles."""


class StartWith(TypedDict):
    """The label to start with while the strategy is undecided."""

    strategy: str
    """The candidate whose labels can be turned into those of all other candidates."""
    why: str
    """How they are turned into the others."""


class Alternative(TypedDict):
    """What a changed answer would give."""

    strategy: str
    """The strategy that would be recommended."""
    change: dict[str, str]
    """The one changed answer."""
    certain: bool
    """False where the change makes the strategy possible, but another answer must still be known."""
    tradeoff: str
    """What would be gained and paid."""


class WhyNot(TypedDict):
    """Why a strategy of the rule set was not chosen."""

    strategy: str
    """The strategy's id."""
    because: dict[str, str]
    """The first answer that excluded it."""
    text: str
    """The reason that the rules give for following that answer."""


class SecondOpinion(TypedDict):
    """What another rule set says, where it says something else or needs one more answer."""

    rules: str
    """The other rule set's id."""
    strategies: list[str]
    """Ids of the strategies that it leaves possible; one where it decides."""
    question: str | None
    """The question that it would have to ask first; null where it answers differently already."""
    text: str
    """What it says, in a line."""


class OutcomeDocument(TypedDict):
    """What the rules say for one set of answers."""

    rules: RulesStamp
    """Which rules gave the answer."""
    answers: dict[str, str]
    """The answers that the rules use."""
    decided: bool
    """Whether one strategy remains, whatever the answers not given."""
    strategy: Strategy | None
    """The recommendation; null while undecided."""
    path: list[Step]
    """The questions walked, with answers and reasons."""
    candidates: list[Candidate]
    """While undecided: the strategies still possible and the answers that lead there."""
    ask_next: AskNext | None
    """While undecided: the question that settles most."""
    start_with: StartWith | None
    """While undecided: the label that can be converted later, so that work can start today."""
    alternatives: list[Alternative]
    """Every change of a single answer that would change the strategy."""
    why_not: list[WhyNot]
    """Every strategy of the rule set that was not chosen, with the first answer that excluded it."""
    second_opinion: SecondOpinion | None
    """What another rule set says; null where it agrees, or there is none."""
    architectures: list[Architecture]
    """Models that learn from the labels and fit the compute budget (all tiers, while the budget is unknown)."""
    tips: list[Tip]
    """Advice that applies."""
    warnings: list[Tip]
    """Reasons to doubt the recommendation."""
    references: dict[str, Reference]
    """The references that the parts above name in `sources`."""


class ClassDocument(TypedDict):
    """A class that gives some answers differently from the whole."""

    name: str
    """The class's name."""
    answers: dict[str, str]
    """The answers that it gives differently."""
    decided: bool
    """Whether one strategy remains for it."""
    strategy: str | None
    """The id of its strategy; null while undecided."""
    candidates: list[str]
    """Ids of the strategies that are still possible for it; one when decided."""


class Covering(TypedDict):
    """The label, or the labels, that cover what all classes need."""

    strategies: list[str]
    """Ids of the strategies: one that holds all labels, or several to be drawn side by side."""
    because: str
    """Why these."""


class RecommendationDocument(OutcomeDocument):
    """One use case's recommendation, as JSON output shows it."""

    schema_version: int
    """The version of this contract; keys may be added without raising it."""
    name: str
    """The use case's name."""
    effort: EffortDocument | None
    """Labelling time and money; null where the use case does not say how many images there are."""
    classes: list[ClassDocument]
    """The classes of the use case, each with its strategy."""
    covering: Covering | None
    """What covers all classes; null where the use case names none, or while one is undecided."""
    evidence: dict[str, Any] | None
    """Measured figures behind the answers; null where nothing was measured."""


class Outcome:
    """What the rules say for one set of answers; one object is shared by all use cases with those answers."""

    __slots__ = ("document",)

    def __init__(self, document: OutcomeDocument) -> None:
        self.document = document


class Own(TypedDict):
    """The part of a recommendation that is the use case's own; the rest is shared by all with the same answers."""

    effort: EffortDocument | None
    classes: list[ClassDocument]
    covering: Covering | None
    evidence: dict[str, Any] | None


NOTHING_OWN: Own = {"effort": None, "classes": [], "covering": None, "evidence": None}
"""What a use case without counts, classes and evidence has of its own."""


class Recommendation:
    """One use case with what the rules say of it."""

    __slots__ = ("outcome", "own", "use_case")

    def __init__(self, use_case: UseCase, outcome: Outcome, own: Own = NOTHING_OWN) -> None:
        self.use_case, self.outcome, self.own = use_case, outcome, own

    @property
    def name(self) -> str:
        """The use case's name."""
        return self.use_case.name

    @property
    def decided(self) -> bool:
        """Whether one strategy remains."""
        return self.outcome.document["decided"]

    @property
    def strategy(self) -> Strategy | None:
        """The recommended strategy, or None while undecided."""
        return self.outcome.document["strategy"]

    @property
    def candidates(self) -> list[str]:
        """Ids of the strategies still possible, each once; when decided the chosen one, or those that cover."""
        covering, strategy = self.own["covering"], self.strategy
        if covering is not None:
            return covering["strategies"]
        if strategy is not None:
            return [strategy["id"]]
        return list(dict.fromkeys(candidate["strategy"] for candidate in self.outcome.document["candidates"]))

    def document(self) -> RecommendationDocument:
        """Return everything, as the JSON contract names it."""
        return {"schema_version": SCHEMA_VERSION, "name": self.name, **self.outcome.document, **self.own}
