"""Rules and answers become a recommendation; pure functions that read and write nothing.

An answer that is missing or `unknown` leaves every branch of its question open, unless the tree gives `unknown` a
branch of its own. What holds on every open path is decided; what differs is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.covering import cover
from annostrat.effort import comparable, estimate
from annostrat.knowledge.rule_set import UNKNOWN, Node, RuleSet
from annostrat.recommendation import Outcome, Recommendation
from annostrat.walks import ask_next, leaves, met_questions, path, possible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.contract import (
        Alternative,
        Candidate,
        ClassDocument,
        Covering,
        OutcomeDocument,
        Own,
        SecondOpinion,
        StartWith,
        WhyNot,
    )
    from annostrat.knowledge.shapes import Architecture, Reference, Tip
    from annostrat.use_case import UseCase

MAX_REMEMBERED = 1_000
"""Outcomes that a `Recommender` keeps; above it, it forgets all and goes on."""


class Recommender:
    """Recommends with one rule set, and remembers what it said for which answers."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._remembered: dict[tuple[tuple[str, str], ...], Outcome] = {}

    def recommend(self, use_case: UseCase) -> Recommendation:
        """Return the recommendation for a use case whose answers were checked."""
        answers = use_case.answers
        key = tuple(answers.items())
        outcome = self._remembered.get(key)
        if outcome is None:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            outcome = self._remembered[key] = decide(self.rules, answers)
        if use_case.images or use_case.classes:
            return self._with_own(use_case, outcome)
        return Recommendation(use_case, outcome)

    def _with_own(self, use_case: UseCase, outcome: Outcome) -> Recommendation:
        """Return the recommendation with what only this use case has: classes and effort."""
        classes = [self._class(use_case, name) for name in use_case.classes]
        covering = cover(self.rules, classes) if classes else None
        leader = self._leader(outcome, classes, covering)
        if classes:
            outcome = self._whole(use_case, outcome, leader, classes, covering)
        led_by = leader["name"] if leader and leader["answers"] else None
        own: Own = {"effort": None, "classes": classes, "covering": covering, "led_by": led_by, "evidence": None}
        found = Recommendation(use_case, outcome, own)
        if use_case.images:
            others = comparable(self.rules, outcome.document["alternatives"])
            strategies = list(dict.fromkeys([*found.candidates, *others]))
            together = covering["strategies"] if covering else []
            own["effort"] = estimate(self.rules, use_case, strategies, together, decided=found.decided)
        return found

    def _leader(
        self, outcome: Outcome, classes: list[ClassDocument], covering: Covering | None
    ) -> ClassDocument | None:
        """Return the class whose way through the tree is shown; None where that of the whole is.

        While a class is undecided it is the first such one; else the first that needs the label which covers all.
        """
        if covering is None:
            return next((entry for entry in classes if not entry["decided"]), None)
        own = outcome.document["strategy"]
        if own is not None and own["id"] in covering["strategies"]:
            return None
        return next((entry for entry in classes if entry["strategy"] == covering["strategies"][0]), classes[0])

    def _whole(
        self,
        use_case: UseCase,
        outcome: Outcome,
        leader: ClassDocument | None,
        classes: list[ClassDocument],
        covering: Covering | None,
    ) -> Outcome:
        """Return the outcome of the whole once its classes are known: theirs, where they decide otherwise."""
        whole = outcome.document
        led = decide(self.rules, use_case.answers | leader["answers"]).document if leader else whole
        led = {**led, "answers": whole["answers"]}
        if covering is not None:
            own = whole["strategy"] if leader is None else None
            return _covered(self.rules, led, own["id"] if own else covering["strategies"][0], covering)
        settled: list[Candidate] = [
            {"strategy": entry["strategy"], "if": {}} for entry in classes if entry["strategy"] is not None
        ]
        return Outcome({**led, "candidates": [*led["candidates"], *settled]})

    def _class(self, use_case: UseCase, name: str) -> ClassDocument:
        answers = use_case.classes[name]
        remaining = possible(self.rules, use_case.answers | answers)
        decided = len(remaining) == 1
        return {
            "name": name,
            "answers": answers,
            "decided": decided,
            "strategy": remaining[0] if decided else None,
            "candidates": remaining,
        }


def _covered(rules: RuleSet, led: OutcomeDocument, chosen: str, covering: Covering) -> Outcome:
    """Return an outcome whose strategy is the covering one, with models and advice for all that are drawn."""
    covers, answers = covering["strategies"], led["answers"]
    tips = {tip["id"]: tip for id_ in covers for tip in _tips(rules, answers, id_, warning=False)}
    warnings = {tip["id"]: tip for id_ in covers for tip in _tips(rules, answers, id_, warning=True)}
    document: OutcomeDocument = {
        **led,
        "decided": True,
        "strategy": rules.strategies[chosen],
        "candidates": [],
        "ask_next": None,
        "start_with": None,
        "alternatives": [entry for entry in led["alternatives"] if entry["strategy"] not in covers],
        "why_not": [entry for entry in led["why_not"] if entry["strategy"] not in covers],
        "architectures": [variant for id_ in covers for variant in _architectures(rules, answers, id_)],
        "tips": list(tips.values()),
        "warnings": list(warnings.values()),
    }
    document["references"] = _references(rules, document)
    return Outcome(document)


def decide(rules: RuleSet, answers: Mapping[str, str]) -> Outcome:
    """Return all that the rules say for some answers; total over every combination of valid answers."""
    given = {question: answers[question] for question in rules.relevant if question in answers}
    remaining = possible(rules, given)
    chosen = remaining[0] if len(remaining) == 1 else None
    architectures = _architectures(rules, given, chosen)
    tips = _tips(rules, given, chosen, warning=False)
    warnings = [*_assumptions(rules, given, chosen), *_tips(rules, given, chosen, warning=True)]
    document: OutcomeDocument = {
        "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "answers": given,
        "decided": chosen is not None,
        "strategy": rules.strategies[chosen] if chosen else None,
        "path": path(rules, given, chosen),
        "candidates": [] if chosen else _candidates(rules, given),
        "ask_next": None if chosen else ask_next(rules, given),
        "start_with": None if chosen else _start_with(rules, remaining),
        "alternatives": _alternatives(rules, given, chosen) if chosen else [],
        "why_not": _why_not(rules, given, remaining),
        "second_opinion": second_opinion(rules, answers, remaining),
        "architectures": architectures,
        "tips": tips,
        "warnings": warnings,
        "references": {},
    }
    document["references"] = _references(rules, document)
    return Outcome(document)


def _assumptions(rules: RuleSet, answers: Mapping[str, str], chosen: str | None) -> list[Tip]:
    """Return the warning that a strategy rests on what the tree assumes where an answer is not known."""
    assumed = [
        rules.questions[question]["title"].lower()
        for question, branches in met_questions(rules, answers).items()
        if branches and answers.get(question, UNKNOWN) == UNKNOWN
    ]
    if chosen is None or not assumed:
        return []
    text = f"Not known, and assumed to be as in most projects: {', '.join(assumed)}. An answer may change the strategy."
    return [{"id": "assumed_answers", "text": text, "sources": []}]


def _candidates(rules: RuleSet, answers: Mapping[str, str]) -> list[Candidate]:
    return [{"strategy": leaf.strategy, "if": leaf.assumed} for leaf in leaves(rules, answers)]


def _start_with(rules: RuleSet, remaining: list[str]) -> StartWith | None:
    """Return the candidate whose labels can be turned into those of all others, if there is one."""
    for strategy in remaining:
        text = rules.strategies[strategy]
        reaches = {conversion["strategy"]: conversion["how"] for conversion in text["converts_to"]}
        others = [other for other in remaining if other != strategy]
        if all(other in reaches for other in others):
            return {"strategy": strategy, "why": " ".join(dict.fromkeys(reaches[other] for other in others))}
    return None


def _alternatives(rules: RuleSet, answers: Mapping[str, str], chosen: str) -> list[Alternative]:
    found: list[Alternative] = []
    for question in rules.order:
        for answer in rules.questions[question]["answers"]:
            if answer == answers.get(question):
                continue
            then = possible(rules, {**answers, question: answer})
            if chosen not in then:
                found += [
                    {
                        "strategy": strategy,
                        "change": {question: answer},
                        "certain": len(then) == 1,
                        "tradeoff": tradeoff(rules, strategy),
                    }
                    for strategy in then
                ]
    return found


def tradeoff(rules: RuleSet, strategy: str) -> str:
    """Return what changing to a strategy would gain and cost."""
    text = rules.strategies[strategy]
    return f"You would gain {text['gives'].rstrip('.')}; it would cost {text['costs'].rstrip('.')}."


def _why_not(rules: RuleSet, answers: Mapping[str, str], remaining: list[str]) -> list[WhyNot]:
    """Return, for each other strategy, the first step of the walk after which no answer could lead to it."""
    excluded: dict[str, WhyNot] = {}
    decided: dict[str, str] = {}
    before = _reachable(rules.start, decided)
    reasons = {step["question"]: step["because"] for step in path(rules, answers, None)}
    for question, branches in met_questions(rules, answers).items():
        if not branches:
            continue
        answer = decided[question] = answers.get(question, UNKNOWN)
        after = _reachable(rules.start, decided)
        for strategy in before - after:
            excluded[strategy] = {"strategy": strategy, "because": {question: answer}, "text": reasons[question]}
        before = after
    return [excluded[strategy] for strategy in rules.offered if strategy in excluded and strategy not in remaining]


def _reachable(node: Node, decided: Mapping[str, str]) -> set[str]:
    """Return the strategies that some answers to the questions not yet decided lead to."""
    branch = node.branches.get(decided.get(node.question, ""))
    found: set[str] = set()
    for answer, way in [(decided[node.question], branch)] if branch else node.branches.items():
        if way.node is not None:
            found |= _reachable(way.node, {**decided, node.question: answer})
        elif way.strategy is not None:
            found.add(way.strategy)
    return found


def second_opinion(rules: RuleSet, answers: Mapping[str, str], chosen: list[str]) -> SecondOpinion | None:
    """Return what the rule set's second opinion says, if it differs or could differ after one more answer."""
    other, about = rules.second, rules.second_opinion
    if other is None or about is None:
        return None
    remaining = possible(other, answers)
    if set(remaining) != set(chosen):
        text = f"The {other.id} rules would recommend {_either(other, remaining)}: {_last_reason(other, answers)}"
        return {"rules": other.id, "strategies": remaining, "question": None, "text": text}
    question = about["ask"]
    if question in answers:
        return None
    for answer in other.questions[question]["answers"]:
        then = possible(other, {**answers, question: answer})
        if set(then) != set(chosen):
            ask = other.questions[question]["ask"]
            said = f"with {question}={answer} they would recommend {_either(other, then)}"
            text = f"The {other.id} rules need one more answer. {ask} ({question}); {said}. {about['because']}"
            return {"rules": other.id, "strategies": then, "question": question, "text": text}
    return None


def _either(rules: RuleSet, strategies: list[str]) -> str:
    return " or ".join(rules.strategies[strategy]["title"].lower() for strategy in strategies)


def _last_reason(rules: RuleSet, answers: Mapping[str, str]) -> str:
    return path(rules, answers, None)[-1]["because"]


def _architectures(rules: RuleSet, answers: Mapping[str, str], chosen: str | None) -> list[Architecture]:
    suited = rules.architectures.get(chosen, []) if chosen else []
    question = rules.tier_question
    tier = rules.tier(question, answers.get(question, UNKNOWN)) if question else None
    return [variant for variant in suited if tier in (None, variant["tier"])]


def _tips(rules: RuleSet, answers: Mapping[str, str], chosen: str | None, *, warning: bool) -> list[Tip]:
    return [
        entry["tip"]
        for entry in rules.tips
        if entry["warning"] is warning
        and (not entry["strategies"] or chosen in entry["strategies"])
        and all(answers.get(question) in accepted for question, accepted in entry["answers"].items())
    ]


def _references(rules: RuleSet, document: OutcomeDocument) -> dict[str, Reference]:
    strategy = document["strategy"]
    claims = [*strategy["benefits"], *strategy["drawbacks"]] if strategy else []
    parts = [*claims, *document["architectures"], *document["tips"], *document["warnings"]]
    named = dict.fromkeys([*rules.sources, *(source for part in parts for source in part["sources"])])
    return {source: rules.references[source] for source in named}
