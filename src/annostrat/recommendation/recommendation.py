"""The recommendation, which is the source of the JSON output and of every renderer.

The rules' result for some answers (`Outcome`) has many parts, and most outputs show only a few. Each part is therefore
computed on first access: JSON Lines output needs no models, and terminal output no references.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, cast

from annostrat.knowledge.tree import EVERY, UNKNOWN, ends, ways
from annostrat.recommendation.experts.precedents import field_of, same_way, similar, tally
from annostrat.recommendation.models import assistants_for, models_for
from annostrat.recommendation.paths import (
    answering,
    ask_next,
    assuming,
    candidates,
    drawn,
    met_questions,
    path,
    standing,
)
from annostrat.use_cases.fields import JOINT, listed, several

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from annostrat.knowledge.contract import (
        Architecture,
        CompiledTip,
        ConditionText,
        ExclusionText,
        Reference,
        Strategy,
        Tip,
    )
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import (
        Alternative,
        AskNext,
        Candidate,
        EffortDocument,
        Evidence,
        FieldPrecedents,
        OutcomeDocument,
        Own,
        Precedents,
        RecommendationDocument,
        RulesStamp,
        SecondOpinion,
        StartWith,
        Status,
        Step,
        SuitedAssistant,
        Tally,
        WhyNot,
    )
    from annostrat.recommendation.effort.estimate import EffortEstimate
    from annostrat.use_cases.use_case import UseCase

SCHEMA_VERSION = 1
"""Incremented only if a key of the JSON output is renamed, removed or changes its meaning; keys may be added."""
MAX_REMEMBERED = 6_000
"""Maximum number of results cached by answers: every way to answer all eight questions of `purpose_first`, 5,184."""
PARTS = tuple(
    "rules answers status decided strategy path candidates assumed ask_next start_with alternatives why_not "  # noqa: SIM905
    "precedents second_opinion architectures assistants tips warnings references".split()
)
"""The attributes of an `Outcome` included in JSON output, in order."""


class Outcome:
    """The result of the rules for some answers, shared by all use cases with the same answers.

    Its `PARTS` are documented in `OutcomeDocument`.

    Args:
        rules: The rule set.
        answers: Valid answers, one per question, in any combination.
        use_case: The use case whose field, objects and wishes determine precedents, models and advice, if any.

    Attributes:
        chosen: The id of the recommended strategy; None while undecided.
    """

    def __init__(self, rules: RuleSet, answers: Mapping[str, str], use_case: UseCase | None = None) -> None:
        known = {question: answers[question] for question in rules.relevant if question in answers}
        self._rules, self._given, self._known = rules, answers, known
        self._domain = use_case.domain if use_case else None
        self._objects = use_case.objects if use_case else None
        self._wishes = use_case.models if use_case else {}
        self.rules: RulesStamp = {"id": rules.id, "version": rules.version, "digest": rules.digest}
        self.answers = as_lists(known)
        self._standing = standing(rules, known)
        # The following differs from the displayed path only if parts of a project need different labels.
        self.status, self.chosen, _ = self._standing
        self._not_excluded: set[str | None] = {*self._standing.candidates}
        self._ways: list[dict[str, str]] = [known]
        self._fixed: Sequence[Collection[str]] = ((),)
        self._labels: list[tuple[str | None, Mapping[str, str]]] = [(self.chosen, known)]
        self._settled: list[str] = []

    @cached_property
    def document(self) -> OutcomeDocument:
        """All parts, with the names of the JSON contract."""
        return cast("OutcomeDocument", {part: getattr(self, part) for part in PARTS})

    @cached_property
    def remaining(self) -> list[str]:
        """Distinct ids of the strategies still possible, or of those to draw once that is settled."""
        drawn = [label for label, _ in self._labels if label]
        return drawn or list(dict.fromkeys(one["strategy"] for one in self.candidates))

    @property
    def decided(self) -> bool:
        """Whether nothing that is still unanswered could change it."""
        return self.status == "decided"

    @property
    def strategy(self) -> Strategy | None:
        """The recommended strategy, or None while undecided."""
        return self._rules.strategies[self.chosen] if self.chosen else None

    @cached_property
    def path(self) -> list[Step]:
        """The questions walked, with answers and reasons."""
        return path(self._rules, self._usual, self._standing.chosen)

    @property
    def _usual(self) -> dict[str, str]:
        return assuming(self._rules, self._known)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """While undecided, the strategies still possible and the answers that lead to them."""
        if self.chosen:
            return []
        settled: list[Candidate] = [{"strategy": strategy, "when": {}} for strategy in self._settled]
        return candidates(self._rules, self._known) + settled

    @cached_property
    def assumed(self) -> list[str]:
        """While provisional, the questions with an assumed answer that could change what to draw."""
        if self.status != "provisional":
            return []
        rules, usual = self._rules, [assuming(self._rules, answers) for answers in self._ways]
        taken = {q: None for answers in usual for q, met in met_questions(rules, answers).items() if met}
        unknown = [question for question in taken if any(answers[question] == UNKNOWN for answers in usual)]
        chosen = drawn(rules, usual)
        return [
            question
            for question in unknown
            if any(
                drawn(rules, answering(usual, question, answer)) != chosen
                for answer in rules.questions[question]["answers"]
            )
        ] or unknown

    @cached_property
    def ask_next(self) -> AskNext | None:
        """The question that settles the most, unless decided."""
        return None if self.decided else ask_next(self._rules, *self._ways, among=self.assumed)

    @cached_property
    def start_with(self) -> StartWith | None:
        """While undecided, the candidate whose labels can be converted to every other candidate's, if any."""
        for strategy in () if self.chosen else self._standing.candidates:
            others = [other for other in self._standing.candidates if other != strategy]
            conversions = self._rules.strategies[strategy]["converts_to"]
            reaches = {conversion["strategy"]: conversion["how"] for conversion in conversions}
            if all(other in reaches for other in others):
                return {"strategy": strategy, "why": " ".join(dict.fromkeys(reaches[other] for other in others))}
        return None

    @cached_property
    def alternatives(self) -> list[Alternative]:
        """Every change of one answer that changes what to draw, starting with the last question."""
        rules, now = self._rules, {label for label, _ in self._labels}
        chosen = tuple(one for one in rules.offered if one in now)
        if not chosen:
            return []
        usual = [assuming(rules, answers) for answers in self._ways]
        changing = {*rules.order}
        if chosen in drawn(rules, usual):  # or else every answer settles it, but other labels would be assumed
            changing = {question for answers in usual for question in met_questions(rules, answers)}
        entries: list[Alternative] = []
        for question in reversed([one for one in rules.order if one in changing]):
            for answer in rules.questions[question]["answers"]:
                changed = [
                    answers if question in stays else {**answers, question: answer}
                    for answers, stays in zip(usual, self._fixed, strict=True)
                ]
                if changed == usual:
                    continue
                then = drawn(rules, changed)
                if chosen not in then:
                    certain = len(then) == 1
                    entries += [_alternative(rules, chosen, labels, question, answer, certain) for labels in then]
        return entries

    @property
    def comparable(self) -> list[list[str]]:
        """Labels of the alternatives that serve the same purpose, so that their effort is comparable.

        These are certain and do not change the answer to the first question of the tree, which is the purpose.
        """
        purpose = self._rules.start.question
        return [
            [entry["strategy"], *entry["beside"]]
            for entry in self.alternatives
            if entry["certain"] and purpose not in entry["change"]
        ]

    @cached_property
    def estimated(self) -> list[str]:
        """Ids of the strategies to estimate, starting with those to draw."""
        return list(dict.fromkeys(chain(self.remaining, *self.comparable)))

    @cached_property
    def why_not(self) -> list[WhyNot]:
        """For each other strategy, the first step of the walk after which it can no longer be reached."""
        rules, usual = self._rules, self._usual
        excluded: dict[str, WhyNot] = {}
        decided: dict[str, str] = {}
        before = {*rules.offered} & ends(rules.start, EVERY)
        reasons = {step["question"]: step["because"] for step in path(rules, usual, None)}
        for question, branches in met_questions(rules, usual).items():
            if not branches:
                continue
            answer = decided[question] = usual.get(question, UNKNOWN)
            after = ends(rules.start, ways(decided, with_unknown=True))
            for strategy in before - after:
                excluded[strategy] = {"strategy": strategy, "because": {question: answer}, "text": reasons[question]}
            before &= after
        return [excluded[one] for one in rules.offered if one in excluded and one not in self._not_excluded]

    @cached_property
    def tally(self) -> Tally | None:
        """The count of precedents and their choices; None if there are none, or no single label is recommended."""
        led_to = self._standing.chosen
        if led_to is None or [label for label, _ in self._labels] != [led_to]:
            return None
        return tally(self._rules, self._known, led_to)

    @cached_property
    def of_field(self) -> FieldPrecedents | None:
        """The choices of the precedents in the use case's field."""
        if self.tally is None or self._domain is None or self.chosen is None:
            return None
        return field_of(same_way(self._rules, self._known), self._domain, self.chosen)

    @cached_property
    def precedents(self) -> Precedents | None:
        """The precedents, including the most similar projects, which are the slowest part to compute."""
        if self.tally is None:
            return None
        nearest = similar(self._rules, self._known, self._domain, self._objects)
        return {**self.tally, "similar": nearest, "field": self.of_field}

    @cached_property
    def second_opinion(self) -> SecondOpinion | None:
        """The result of the rule set's second opinion, if it differs or could differ after one more answer."""
        other, about, answers = self._rules.second, self._rules.second_opinion, self._given
        if other is None or about is None:
            return None

        def titles(strategies: list[str]) -> str:
            return " or ".join(other.strategies[strategy]["title"].lower() for strategy in strategies)

        question, wanted = about["ask"], {*self._standing.candidates}
        if question in answers:
            remaining = standing(other, answers).candidates
            if {*remaining} == wanted:
                return None
            because = path(other, assuming(other, answers), None)[-1]["because"]
            text = f"The {other.id} rules would recommend {titles(remaining)}: {because}"
            return {"rules": other.id, "strategies": remaining, "question": None, "text": text}
        offered = other.questions[question]["answers"]
        then = {answer: standing(other, {**answers, question: answer}).candidates for answer in offered}
        differing = [answer for answer in offered if {*then[answer]} != wanted]
        if not differing:
            return None
        first = differing[0]
        text = (
            f"The {other.id} rules ask first: {other.questions[question]['ask']} ({question}) {len(differing)} of its "
            f"{len(offered)} answers lead elsewhere, such as {question}={first} to {titles(then[first])}. "
            f"{about['because']}"
        )
        return {"rules": other.id, "strategies": then[first], "question": question, "text": text}

    @cached_property
    def architectures(self) -> list[Architecture]:
        """Models to train that fit the compute budget; all tiers while the budget is unknown."""
        suited: list[Architecture] = []
        for label, answers in self._labels:
            if label:
                what = (self._rules, label, self._rules.asked_tier(answers), self._domain)
                wishes, objects = self._wishes, self._objects
                suited += models_for(*what, wishes, objects) if wishes else _suited(*what, objects)
        return suited

    @cached_property
    def assistants(self) -> list[SuitedAssistant]:
        """Models that assist labelling, best first; empty while undecided."""
        about = self._domain, self._wishes, self._objects
        return [one for label, _ in self._labels if label for one in assistants_for(self._rules, label, *about)]

    @property
    def tips(self) -> list[Tip]:
        """Advice that applies."""
        return self._advice[0]

    @property
    def warnings(self) -> list[Tip]:
        """Reasons to doubt the recommendation."""
        return self._advice[1]

    @cached_property
    def _advice(self) -> tuple[list[Tip], list[Tip]]:
        found: tuple[dict[str, Tip], dict[str, Tip]] = ({}, {})
        for label, answers in self._labels:
            for entry in _advice_on(self._rules, label):
                if applies(entry["when"], entry["unless"], label, answers, self._domain):
                    found[entry["warning"]][entry["tip"]["id"]] = entry["tip"]
        return [*found[False].values()], [*found[True].values()]

    @cached_property
    def references(self) -> dict[str, Reference]:
        """The references cited in `sources` of the parts above."""
        claims = [*self.strategy["benefits"], *self.strategy["drawbacks"]] if self.strategy else []
        parts = [*claims, *self.architectures, *self.assistants, *self.tips, *self.warnings]
        named = dict.fromkeys([*self._rules.sources, *(source for part in parts for source in part["sources"])])
        return {source: self._rules.references[source] for source in named}


def as_lists(answers: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Return answers in JSON form, with several answers to a question as a list."""
    return {question: listed(answer) for question, answer in answers.items()}


@lru_cache(maxsize=256)
def _suited(
    rules: RuleSet, strategy: str, tier: str | None, domain: str | None, objects: str | None
) -> list[Architecture]:
    """Return the variants to try without wishes, cached because different answers often share them."""
    return models_for(rules, strategy, tier, domain, None, objects)


@lru_cache(maxsize=1024)
def _alternative(
    rules: RuleSet, chosen: tuple[str, ...], labels: tuple[str, ...], question: str, answer: str, certain: bool
) -> Alternative:
    """Return one of `alternatives`: the labels to draw instead of the chosen ones after a changed answer."""
    strategy = next((one for one in labels if one not in chosen), labels[0])
    text = rules.strategies[strategy]
    return {
        "strategy": strategy,
        "beside": [one for one in labels if one != strategy],
        "change": {question: answer},
        "certain": certain,
        "tradeoff": f"You would have {text['gives'].rstrip('.')}; it would cost {text['costs'].rstrip('.')}.",
    }


@lru_cache(maxsize=256)
def _advice_on(rules: RuleSet, strategy: str | None) -> list[CompiledTip]:
    """Return the advice that may apply to a strategy, depending on the answers."""
    return [one for one in rules.tips if not one["when"]["strategies"] or strategy in one["when"]["strategies"]]


def applies(
    when: ConditionText,
    unless: ExclusionText,
    strategy: str | None,
    answers: Mapping[str, str],
    domain: str | None = None,
) -> bool:
    """Return whether advice applies: its `when` conditions are met, and no `unless` condition is.

    An unanswered question counts as `unknown`, which `when` may require.
    """
    if (when["strategies"] and strategy not in when["strategies"]) or domain in unless["domains"]:
        return False
    if when["domains"] and domain not in when["domains"]:
        return False
    for question, accepted in when["answers"].items():
        if not _gives(answers, question, accepted):
            return False
    return not any(_gives(answers, question, refuting) for question, refuting in unless["answers"].items())


def _gives(answers: Mapping[str, str], question: str, words: list[str]) -> bool:
    answer = answers.get(question, UNKNOWN)
    return answer in words or (JOINT in answer and any(word in words for word in several(answer)))


NOTHING_OWN: Own = {"classes": [], "purposes": [], "covering": None, "led_by": None, "evidence": None}
"""The individual part of a use case without classes, several purposes or evidence."""


class Recommendation:
    """A use case and its recommendation.

    Attributes:
        use_case: The use case.
        outcome: The part shared with all use cases that have the same answers.
        own: The part specific to this use case.
        estimate: The effort, computed on demand; None if the number of images is not given.
    """

    __slots__ = ("_effort", "estimate", "outcome", "own", "use_case")

    def __init__(
        self, use_case: UseCase, outcome: Outcome, own: Own = NOTHING_OWN, estimate: EffortEstimate | None = None
    ) -> None:
        self.use_case, self.outcome, self.own, self.estimate = use_case, outcome, own, estimate
        self._effort: EffortDocument | None = None

    @property
    def effort(self) -> EffortDocument | None:
        """Labelling time and money, or None if the number of images is not given."""
        if self._effort is None and self.estimate is not None:
            self._effort = self.estimate.document()
        return self._effort

    def with_evidence(self, evidence: Evidence, instead: Recommendation) -> Recommendation:
        """Return the recommendation with evidence from labels added.

        Args:
            evidence: The comparison of given and measured answers.
            instead: The recommendation for the measured answers.
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
        """The status: `decided`, `provisional` or `undecided`."""
        return self.outcome.status

    @property
    def decided(self) -> bool:
        """Whether nothing that is still unanswered could change it."""
        return self.outcome.decided

    @property
    def strategy(self) -> Strategy | None:
        """The recommended strategy, or None while undecided."""
        return self.outcome.strategy

    @property
    def candidates(self) -> list[str]:
        """Distinct ids of the strategies still possible, or of those to draw once that is settled."""
        return self.outcome.remaining

    def document(self) -> RecommendationDocument:
        """Return the complete recommendation, with the names of the JSON contract."""
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            **self.outcome.document,
            "effort": self.effort,
            **self.own,
        }
