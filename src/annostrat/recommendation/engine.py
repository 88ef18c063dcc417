"""Recommend strategies for a use case, whose classes or purposes may need different labels.

All functions are pure and do no I/O; `Recommender` caches decisions by answers.
"""

from __future__ import annotations

from collections import OrderedDict
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
from annostrat.recommendation.recommendation import MAX_REMEMBERED, NOTHING_OWN, Outcome, Recommendation, as_lists
from annostrat.use_cases.fields import JOINT, several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import ClassDocument, Covering, Own, PurposeDocument, Status
    from annostrat.use_cases.use_case import UseCase

_Pairs = tuple[tuple[str, str], ...]


def status_of(rules: RuleSet, parts: Sequence[Mapping[str, str]]) -> Status:
    """Return the status of the combined decision for all parts; it may be decided even if a single part is not."""
    return _weighed(rules, parts)[0]


def _weighed(rules: RuleSet, parts: Sequence[Mapping[str, str]]) -> tuple[Status, list[list[str]]]:
    """Return the status of the combined decision, and the strategies that each part may need."""
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
        own: Answers in which the class differs from the whole, as pairs; empty for a purpose of the whole.
        answers: All answers that apply to the part, one per question.
        outcome: The outcome for these answers.
    """

    own: _Pairs
    answers: dict[str, str]
    outcome: Outcome


class _Decision(NamedTuple):
    """The decision for a use case and its classes, independent of the class names.

    Attributes:
        outcome: The part shared by all use cases with the same answers.
        own: The remaining parts, except the classes.
        of_class: Maps the answers of a class to its document, without the name.
        led_by: The answers of the class whose path is shown, if they differ from the whole's.
    """

    outcome: Outcome
    own: Own = NOTHING_OWN
    of_class: Mapping[_Pairs, ClassDocument] = MappingProxyType({})
    led_by: _Pairs = ()


class Recommender:
    """Recommends strategies with one rule set, and caches decisions by answers."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._remembered: OrderedDict[object, _Decision] = OrderedDict()

    def recommend(self, use_case: UseCase) -> Recommendation:
        """Return the recommendation for a use case with validated answers."""
        if use_case.classes:
            classes = {name: tuple(answers.items()) for name, answers in use_case.classes.items()}
            decision = self._decision(use_case, tuple(dict.fromkeys(classes.values())))
            own: Own = {
                **decision.own,
                "classes": [{**decision.of_class[pairs], "name": name} for name, pairs in classes.items()],
                "led_by": next((name for name, pairs in classes.items() if pairs == decision.led_by != ()), None),
            }
        else:
            decision = self._decision(use_case, ())
            own = decision.own
        result = Recommendation(use_case, decision.outcome, own)
        if use_case.images:
            result.estimate = EffortEstimate(
                self.rules,
                use_case,
                decision.outcome.estimated,
                own["covering"]["strategies"] if own["covering"] else (),
                needs=[one["strategies"] for one in own["classes"]],
                decided=decision.outcome.chosen is not None,
            )
        return result

    def _decision(self, use_case: UseCase, classes: tuple[_Pairs, ...]) -> _Decision:
        """Return the decision without effort, cached by answers, class answers, field, objects and wishes."""
        wishes = str(use_case.models) if use_case.models else ""
        answers = tuple(map(use_case.answers.get, self.rules.considered))
        key = (answers, classes, use_case.domain, use_case.objects, wishes)
        decision = self._remembered.get(key)
        if decision is None:
            considered = zip(self.rules.considered, answers, strict=True)
            use_case = use_case._replace(answers={question: answer for question, answer in considered if answer})
            ways = one_by_one(self.rules, use_case.answers)
            if classes or len(ways) > 1:
                decision = self._combined(use_case, classes, ways)
            else:
                decision = _Decision(Outcome(self.rules, ways[0], use_case))
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.popitem(last=False)
            self._remembered[key] = decision
        return decision

    def _combined(self, use_case: UseCase, classes: tuple[_Pairs, ...], ways: list[dict[str, str]]) -> _Decision:
        """Return the decision for classes or purposes that may need different labels."""
        whole = [_Part((), answers, self._outcome(use_case, answers)) for answers in ways]
        of_class = {
            pairs: [
                _Part(pairs, answers, self._outcome(use_case, answers))
                for answers in one_by_one(self.rules, {**use_case.answers, **dict(pairs)})
            ]
            for pairs in classes
        }
        parts = [part for of_one in of_class.values() for part in of_one] or whole
        status, wanted = _weighed(self.rules, [part.answers for part in parts])
        covering = cover(self.rules, wanted, "classes" if classes else "purposes")
        leader = self._leader(parts, covering, whole)
        if covering:  # the leading part's label comes first wherever labels are listed
            strategies = sorted(covering["strategies"], key=lambda strategy: strategy != leader.outcome.chosen)
            covering = {**covering, "strategies": strategies}
        own: Own = {
            **NOTHING_OWN,
            "purposes": [] if classes else [_purpose(self.rules, part) for part in whole],
            "covering": covering,
        }
        needs = {pairs: _class(self.rules, pairs, of_one) for pairs, of_one in of_class.items()}
        outcome = _OfParts(self.rules, use_case, parts, status, covering, leader)
        return _Decision(outcome, own, needs, leader.own)

    def _outcome(self, use_case: UseCase, answers: dict[str, str]) -> Outcome:
        return self._decision(use_case._replace(answers=answers), ()).outcome

    def _leader(self, parts: list[_Part], covering: Covering | None, whole: list[_Part]) -> _Part:
        """Return the part whose path through the tree is shown, which may be the whole.

        This is the first undecided part, if any. Otherwise it is the first part that needs the label covering all
        parts, or else the part whose label converts to the most others, because it is the most demanding.
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
    """Expand questions with several answers into all combinations with one answer per question.

    Implications of one answer apply to every combination: a project that also measures objects tells them apart.
    """
    if JOINT not in "".join(answers.values()):
        return [{**answers}]
    words = [[(question, word) for word in several(answer)] for question, answer in answers.items()]
    implied: dict[str, str] = {}
    for question, word in chain.from_iterable(pairs for pairs in words if len(pairs) > 1):
        implied |= rules.questions[question]["answers"][word]["implies"]
    missing = {question: answer for question, answer in implied.items() if answers.get(question, UNKNOWN) == UNKNOWN}
    return [{**dict(pairs), **missing} for pairs in product(*words)]


def ways_of(rules: RuleSet, use_case: UseCase) -> list[dict[str, str]]:
    """Return the distinct single-answer combinations of a use case's classes, or of the whole if it has no classes."""
    parts = [{**use_case.answers, **own} for own in use_case.classes.values()] or [use_case.answers]
    ways = (way for answers in parts for way in one_by_one(rules, answers))
    return [dict(way) for way in dict.fromkeys(tuple(way.items()) for way in ways) if way]


def questions_to_ask(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the unanswered questions that can still change what to draw, in walk order."""
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
    """Return an upper bound on the number of questions still to ask, whatever the answers."""
    missing = sum(question not in answers for question in rules.order)
    return min(missing, sum(most_questions(rules, way) for way in one_by_one(rules, answers)))


def questions_on_way(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions on the path through the tree, whether answered or assumed."""
    return list(met_questions(rules, assuming(rules, one_by_one(rules, answers)[0])))


def sharpening_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return unanswered questions that no longer affect the strategy, but may change its models or advice."""
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
    """Return the document of a class, without its name; several purposes need labels that cover all of them."""
    outcomes = [part.outcome for part in parts]
    status, wanted = _weighed(rules, [part.answers for part in parts])
    covering = cover(rules, wanted, "purposes")
    remaining = {strategy for outcome in outcomes for strategy in outcome.remaining}
    return {
        "name": "",
        "answers": as_lists(dict(own)),
        "status": status,
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


class _OfParts(Outcome):
    """The outcome for a use case whose parts need different labels, along the path of the leading part."""

    def __init__(
        self,
        rules: RuleSet,
        use_case: UseCase,
        parts: list[_Part],
        status: Status,
        covering: Covering | None,
        leader: _Part,
    ) -> None:
        super().__init__(rules, leader.answers, use_case)
        self.status = status
        self.answers = as_lists({q: use_case.answers[q] for q in rules.relevant if q in use_case.answers})
        self._ways = [{q: part.answers[q] for q in rules.relevant if q in part.answers} for part in parts]
        needed = {part.outcome.chosen: part.answers for part in reversed(parts)}
        if covering is None:
            self._settled = list(dict.fromkeys(part.outcome.chosen for part in parts if part.outcome.chosen))
            return
        covers = covering["strategies"]
        self.chosen = covers[0]
        self._labels = [(one, needed.get(one, leader.answers)) for one in covers]
        self._not_excluded = {*self._not_excluded, *needed, *covers}
        self._fixed = [
            () if part.own == leader.own else rules.order if leader.own else dict(part.own) for part in parts
        ]
