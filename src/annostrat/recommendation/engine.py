"""Rules and a use case become a recommendation, whose classes or purposes may need different labels.

Pure functions that read and write nothing, and a memory of what followed from which answers.
"""

from __future__ import annotations

from itertools import chain, product
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.tree import UNKNOWN
from annostrat.recommendation.effort.estimate import EffortEstimate
from annostrat.recommendation.label_combination import cover, coverings
from annostrat.recommendation.paths import (
    answering,
    assuming,
    completing,
    drawn,
    met_questions,
    missing_questions,
    most_questions,
    possible,
    standing,
)
from annostrat.recommendation.recommendation import NOTHING_OWN, Outcome, Recommendation, as_lists
from annostrat.use_cases.fields import JOINT, several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import ClassDocument, Covering, Own, PurposeDocument, Status
    from annostrat.use_cases.use_case import UseCase

MAX_REMEMBERED = 2_000
"""Decisions that a `Recommender` keeps; above it, it forgets all and goes on."""
_Pairs = tuple[tuple[str, str], ...]


def status_of(rules: RuleSet, parts: Sequence[Mapping[str, str]]) -> Status:
    """Return how sure it is what to draw for all parts, which need not be what one of them leaves open."""
    return _weighed(rules, parts)[0]


def _weighed(rules: RuleSet, parts: Sequence[Mapping[str, str]]) -> tuple[Status, list[list[str]]]:
    """Return how sure it is what to draw for all parts, and the strategies that each of them may need for that."""
    sure = [possible(rules, completing(answers)) for answers in parts]
    usual = [
        only if len(only) == 1 else possible(rules, assuming(rules, answers))
        for only, answers in zip(sure, parts, strict=True)
    ]
    certain, likely = coverings(rules, sure), coverings(rules, usual)
    if len(certain) == 1:
        return "decided", usual if likely == certain else sure
    return "provisional" if len(likely) == 1 else "undecided", usual


class _Part(NamedTuple):
    """A class, or one of several purposes of a class or of the whole.

    Attributes:
        own: The answers that the class gives differently from the whole, as pairs; none for a purpose of the whole.
        answers: All answers that hold for it, one to each question.
        outcome: What they lead to.
    """

    own: _Pairs
    answers: dict[str, str]
    outcome: Outcome


class _Decision(NamedTuple):
    """What follows from the answers of a whole and its classes, whatever these are called.

    Attributes:
        outcome: What is shared by all use cases that answer so.
        own: The rest, without classes.
        of_class: For the answers of a class, what it needs; its name is filled in.
        led_by: The answers of the class whose path is shown, if these differ from the whole's.
    """

    outcome: Outcome
    own: Own = NOTHING_OWN
    of_class: Mapping[_Pairs, ClassDocument] = MappingProxyType({})
    led_by: _Pairs = ()


class Recommender:
    """Recommends with one rule set, and remembers what followed from which answers."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._remembered: dict[object, _Decision] = {}

    def recommend(self, use_case: UseCase) -> Recommendation:
        """Return the recommendation for a use case whose answers were checked."""
        classes = {name: tuple(answers.items()) for name, answers in use_case.classes.items()}
        decision = self._decision(use_case, tuple(dict.fromkeys(classes.values())))
        own, of_class = decision.own, decision.of_class
        if classes:
            own = {
                **own,
                "classes": [{**of_class[pairs], "name": name} for name, pairs in classes.items()],
                "led_by": next((name for name, pairs in classes.items() if pairs == decision.led_by != ()), None),
            }
        result = Recommendation(use_case, decision.outcome, own)
        if use_case.images:
            result.estimate = EffortEstimate(
                self.rules,
                use_case,
                decision.outcome.estimated,
                own["covering"]["strategies"] if own["covering"] else (),
                apart=bool(of_class) and all(len(one["strategies"]) == 1 for one in of_class.values()),
                decided=decision.outcome.chosen is not None,
            )
        return result

    def _decision(self, use_case: UseCase, classes: tuple[_Pairs, ...]) -> _Decision:
        """Return all but the effort: what follows from answers, distinct ones of classes, field, objects and wishes."""
        wishes = str(use_case.models) if use_case.models else ""
        key = (tuple(use_case.answers.items()), classes, use_case.domain, use_case.objects, wishes)
        decision = self._remembered.get(key)
        if decision is None:
            ways = one_by_one(self.rules, use_case.answers)
            if classes or len(ways) > 1:
                decision = self._combined(use_case, classes, ways)
            else:
                decision = _Decision(Outcome(self.rules, ways[0], use_case))
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = decision
        return decision

    def _combined(self, use_case: UseCase, classes: tuple[_Pairs, ...], ways: list[dict[str, str]]) -> _Decision:
        """Return what follows for classes or purposes that may need different labels."""
        whole = [_Part((), answers, self._outcome(use_case, answers)) for answers in ways]
        of_class = {
            pairs: [
                _Part(pairs, answers, self._outcome(use_case, answers))
                for answers in one_by_one(self.rules, {**use_case.answers, **dict(pairs)})
            ]
            for pairs in classes
        }
        parts = [part for of_one in of_class.values() for part in of_one] or whole
        covering = _cover(self.rules, parts, "classes" if classes else "purposes")
        leader = self._leader(parts, covering, whole)
        own: Own = {
            **NOTHING_OWN,
            "purposes": [] if classes else [_purpose(self.rules, part) for part in whole],
            "covering": covering,
        }
        needs = {pairs: _class(self.rules, pairs, of_one) for pairs, of_one in of_class.items()}
        return _Decision(_OfParts(self.rules, use_case, parts, covering, leader), own, needs, leader.own)

    def _outcome(self, use_case: UseCase, answers: dict[str, str]) -> Outcome:
        return self._decision(use_case._replace(answers=answers), ()).outcome

    def _leader(self, parts: list[_Part], covering: Covering | None, whole: list[_Part]) -> _Part:
        """Return the part whose way through the tree is shown, which may be the whole.

        While a part is undecided it is the first such one; else the first that needs the label which covers all, or
        the one whose label can be turned into the most others, for it asks the most.
        """
        if covering is None:
            return next(part for part in parts if part.outcome.chosen is None)
        if len(whole) == 1 and whole[0].outcome.chosen in covering["strategies"]:
            return whole[0]
        texts, covers = self.rules.strategies, covering["strategies"][0]

        def demand(part: _Part) -> tuple[bool, int]:
            chosen = part.outcome.chosen
            return chosen == covers, len(texts[chosen]["converts_to"]) if chosen else 0

        return max(parts, key=demand)


def one_by_one(rules: RuleSet, answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Return answers of which each question has one: all combinations, where a question was given several.

    What one of several answers implies then holds for all: who counts things and measures them tells them apart.
    """
    if JOINT not in "".join(answers.values()):
        return [{**answers}]
    words = [[(question, word) for word in several(answer)] for question, answer in answers.items()]
    implied: dict[str, str] = {}
    for question, word in chain.from_iterable(pairs for pairs in words if len(pairs) > 1):
        implied |= rules.questions[question]["answers"][word]["implies"]
    missing = {question: answer for question, answer in implied.items() if answers.get(question, UNKNOWN) == UNKNOWN}
    return [{**dict(pairs), **missing} for pairs in product(*words)]


def questions_to_ask(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions whose answer is missing and can still change what to draw, in the order of the walk."""
    ways = one_by_one(rules, answers)
    missing = list(dict.fromkeys(question for way in ways for question in missing_questions(rules, way)))
    sure = [completing(way) for way in ways]
    if len(ways) == 1 or len(drawn(rules, sure)) == 1:
        return missing if len(ways) == 1 else []

    def matters(question: str) -> bool:
        offered = rules.questions[question]["answers"]
        return len({tuple(drawn(rules, answering(sure, question, answer))) for answer in offered}) > 1

    return [question for question in missing if matters(question)] or missing


def most_to_ask(rules: RuleSet, answers: Mapping[str, str]) -> int:
    """Return how many questions may still have to be asked at most, whatever is answered to each."""
    missing = sum(question not in answers for question in rules.order)
    return min(missing, sum(most_questions(rules, way) for way in one_by_one(rules, answers)))


def questions_on_way(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions on the way through the tree, answered or assumed."""
    return list(met_questions(rules, assuming(rules, one_by_one(rules, answers)[0])))


def sharpening_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions without an answer that no longer change the strategy, but models or advice for it."""
    chosen = {standing(rules, way).chosen for way in one_by_one(rules, answers)}
    advised = {
        question
        for entry in rules.tips
        if not entry["when"]["strategies"] or chosen & {*entry["when"]["strategies"]}
        for question in entry["when"]["answers"]
    }
    asked = [rules.tier_question, *(question for question in rules.order if question in advised)]
    return [question for question in dict.fromkeys(asked) if question and question not in answers]


def _class(rules: RuleSet, own: _Pairs, parts: list[_Part]) -> ClassDocument:
    """Return what a class needs, without its name; one that serves several purposes needs what covers them."""
    outcomes = [part.outcome for part in parts]
    covering = _cover(rules, parts, "purposes")
    remaining = {strategy for outcome in outcomes for strategy in outcome.remaining}
    return {
        "name": "",
        "answers": as_lists(dict(own)),
        "status": status_of(rules, [part.answers for part in parts]),
        "strategies": covering["strategies"] if covering else [],
        "candidates": covering["strategies"] if covering else [one for one in rules.offered if one in remaining],
        "precedents": outcomes[0].precedents if len(outcomes) == 1 else None,
    }


def _purpose(rules: RuleSet, part: _Part) -> PurposeDocument:
    purpose = next((question for question in part.answers if rules.questions[question]["several"]), "")
    return {
        "answers": {purpose: part.answers[purpose]},
        "status": part.outcome.status,
        "strategy": part.outcome.chosen,
        "candidates": [one for one in rules.offered if one in part.outcome.remaining],
        "precedents": part.outcome.precedents,
    }


def _cover(rules: RuleSet, parts: list[_Part], who: str) -> Covering | None:
    """Return what to draw for all parts, for certain or if the usual answers are right; None while undecided."""
    return cover(rules, _weighed(rules, [part.answers for part in parts])[1], who)


class _OfParts(Outcome):
    """What the rules say for a whole whose parts need different labels, along the path of the leading part."""

    def __init__(
        self, rules: RuleSet, use_case: UseCase, parts: list[_Part], covering: Covering | None, leader: _Part
    ) -> None:
        super().__init__(rules, leader.answers, use_case)
        self.status = status_of(rules, [part.answers for part in parts])
        self.answers = as_lists({q: use_case.answers[q] for q in rules.relevant if q in use_case.answers})
        self._ways = [{q: part.answers[q] for q in rules.relevant if q in part.answers} for part in parts]
        needed = {part.outcome.chosen: part.answers for part in reversed(parts)}
        if covering is None:
            self._settled = list(dict.fromkeys(part.outcome.chosen for part in parts if part.outcome.chosen))
            return
        covers = covering["strategies"]
        self.chosen = self.chosen if self.chosen in covers else covers[0]
        self._labels = [(one, needed.get(one, leader.answers)) for one in covers]
        self._not_excluded = {*self._not_excluded, *needed, *covers}
        self._fixed = [
            () if part.own == leader.own else rules.order if leader.own else dict(part.own) for part in parts
        ]
