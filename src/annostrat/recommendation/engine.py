"""Rules and answers become a recommendation; pure functions that read and write nothing.

What every completion of the answers leads to is decided; what the usual answers lead to is provisional; what differs
even then is undecided, and listed. `walks` says how one walk tells all three.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.tree import EVERY, UNKNOWN, reach, ways
from annostrat.recommendation.conditions import applies
from annostrat.recommendation.effort.estimate import comparable, estimate
from annostrat.recommendation.experts.precedents import precedents
from annostrat.recommendation.label_combination import cover
from annostrat.recommendation.models.architectures import models_for
from annostrat.recommendation.models.assistants import assistants_for, assistants_for_all
from annostrat.recommendation.paths import (
    ask_next,
    assuming,
    candidates,
    completing,
    met_questions,
    missing_questions,
    most_questions,
    path,
    possible,
)
from annostrat.recommendation.recommendation import NOTHING_OWN, Outcome, Recommendation
from annostrat.use_cases.fields import listed, several

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annostrat.knowledge.contract import Architecture, Reference, Tip
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import (
        Alternative,
        Candidate,
        ClassDocument,
        Covering,
        EffortDocument,
        OutcomeDocument,
        Own,
        Precedents,
        PurposeDocument,
        SecondOpinion,
        StartWith,
        Status,
        WhyNot,
    )
    from annostrat.use_cases.use_case import UseCase

MAX_REMEMBERED = 1_000
"""Outcomes that a `Recommender` keeps; above it, it forgets all and goes on."""


class Standing(NamedTuple):
    """How sure a strategy is.

    Attributes:
        status: `decided`, `provisional` or `undecided`.
        chosen: The strategy; None while undecided.
        candidates: The strategies that remain: the chosen one, or while undecided all that are possible.
    """

    status: Status
    chosen: str | None
    candidates: list[str]


def standing(rules: RuleSet, answers: Mapping[str, str]) -> Standing:
    """Return what some answers lead to, and how sure that is."""
    certain = possible(rules, completing(answers))
    if len(certain) == 1:
        return Standing("decided", certain[0], certain)
    usual = possible(rules, assuming(rules, answers))
    if len(usual) == 1:
        return Standing("provisional", usual[0], usual)
    return Standing("undecided", None, possible(rules, answers))


class _Part(NamedTuple):
    """A class, or one of several purposes, with answers of its own.

    Attributes:
        name: The class; None for a purpose of the whole.
        answers: All answers that hold for it, one to each question.
        standing: What they lead to.
    """

    name: str | None
    answers: dict[str, str]
    standing: Standing


class Recommender:
    """Recommends with one rule set, and remembers what it said for which answers."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._remembered: dict[tuple[object, ...], tuple[Outcome, Own]] = {}

    def recommend(self, use_case: UseCase) -> Recommendation:
        """Return the recommendation for a use case whose answers were checked."""
        outcome, own = self._decided(use_case)
        if not use_case.images:
            return Recommendation(use_case, outcome, own)
        found = Recommendation(use_case, outcome, {**own})
        found.own["effort"] = self._effort(found)
        return found

    def _decided(self, use_case: UseCase) -> tuple[Outcome, Own]:
        """Return all but the effort: what the rules say for some answers, classes, field, objects and wishes."""
        classes = tuple((name, *answers.items()) for name, answers in use_case.classes.items())
        key = (tuple(use_case.answers.items()), classes, use_case.domain, use_case.objects, str(use_case.models))
        found = self._remembered.get(key)
        if found is None:
            ways = one_by_one(use_case.answers)
            plain = not use_case.classes and len(ways) == 1
            found = (decide(self.rules, ways[0], use_case), NOTHING_OWN) if plain else self._combined(use_case, ways)
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = found
        return found

    def _combined(self, use_case: UseCase, ways: list[dict[str, str]]) -> tuple[Outcome, Own]:
        """Return what the rules say for classes or purposes that may need different labels."""
        if use_case.classes:
            of_class = {name: one_by_one(use_case.answers | own) for name, own in use_case.classes.items()}
            parts = [self._part(name, answers) for name, all_of in of_class.items() for answers in all_of]
        else:
            parts = [self._part(None, answers) for answers in ways]
        covering = cover(self.rules, [part.standing.chosen for part in parts], _kind(use_case))
        leader = self._leader(parts, covering, ways)
        answers = ways[0] if leader is None else leader.answers
        led, _ = self._decided(use_case._replace(answers=answers, classes={}))
        outcome = _united(self.rules, led, use_case, parts, covering, leader)
        own: Own = {
            "effort": None,
            "classes": [_class(self.rules, use_case, name, parts) for name in use_case.classes],
            "purposes": [] if use_case.classes else [_purpose(self.rules, use_case, part) for part in parts],
            "covering": covering,
            "led_by": leader.name if leader and use_case.classes.get(leader.name or "") else None,
            "evidence": None,
        }
        return outcome, own

    def _part(self, name: str | None, answers: dict[str, str]) -> _Part:
        return _Part(name, answers, standing(self.rules, answers))

    def _leader(self, parts: list[_Part], covering: Covering | None, ways: list[dict[str, str]]) -> _Part | None:
        """Return the part whose way through the tree is shown; None where that of the whole is.

        While a part is undecided it is the first such one; else the first that needs the label which covers all, or
        the one whose label can be turned into the most others, for it asks the most.
        """
        if covering is None:
            return next(part for part in parts if part.standing.chosen is None)
        if len(ways) == 1 and standing(self.rules, ways[0]).chosen in covering["strategies"]:
            return None
        covers = covering["strategies"][0]
        return max(parts, key=lambda part: (part.standing.chosen == covers, self._worth(part.standing.chosen)))

    def _worth(self, strategy: str | None) -> int:
        return len(self.rules.strategies[strategy]["converts_to"]) if strategy else 0

    def _effort(self, found: Recommendation) -> EffortDocument | None:
        others = comparable(self.rules, found.outcome.document["alternatives"])
        strategies = list(dict.fromkeys([*found.candidates, *others]))
        covering = found.own["covering"]
        together = covering["strategies"] if covering else []
        return estimate(self.rules, found.use_case, strategies, together, decided=found.strategy is not None)


def one_by_one(answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Return answers of which each question has one: all combinations, where a question was given several."""
    words = [[(question, word) for word in several(answer)] for question, answer in answers.items()]
    return [dict(pairs) for pairs in product(*words)]


def questions_to_ask(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions whose answer is missing and can still change the strategy, in the order of the walk."""
    return list(dict.fromkeys(question for way in one_by_one(answers) for question in missing_questions(rules, way)))


def most_to_ask(rules: RuleSet, answers: Mapping[str, str]) -> int:
    """Return how many questions may still have to be asked at most, whatever is answered to each."""
    missing = sum(question not in answers for question in rules.order)
    return min(missing, sum(most_questions(rules, way) for way in one_by_one(answers)))


def questions_on_way(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions on the way through the tree, answered or assumed."""
    return list(met_questions(rules, assuming(rules, one_by_one(answers)[0])))


def sharpening_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions without an answer that no longer change the strategy, but models or advice for it."""
    drawn = {standing(rules, way).chosen for way in one_by_one(answers)}
    advised = {
        question
        for entry in rules.tips
        if not entry["when"]["strategies"] or drawn & {*entry["when"]["strategies"]}
        for question in entry["when"]["answers"]
    }
    asked = [rules.tier_question, *(question for question in rules.order if question in advised)]
    return [question for question in dict.fromkeys(asked) if question and question not in answers]


def _kind(use_case: UseCase) -> str:
    return "classes" if use_case.classes else "purposes"


def _class(rules: RuleSet, use_case: UseCase, name: str, parts: list[_Part]) -> ClassDocument:
    """Return what a class needs; one that serves several purposes needs what covers them."""
    own = [part for part in parts if part.name == name]
    standings = [part.standing for part in own]
    covering = cover(rules, [one.chosen for one in standings], "purposes")
    remaining = {strategy for one in standings for strategy in one.candidates}
    return {
        "name": name,
        "answers": shown(use_case.classes[name]),
        "status": least_sure(one.status for one in standings),
        "strategies": covering["strategies"] if covering else [],
        "candidates": covering["strategies"] if covering else [one for one in rules.offered if one in remaining],
        "precedents": _precedents_of(rules, use_case, own[0]) if len(own) == 1 else None,
    }


def _purpose(rules: RuleSet, use_case: UseCase, part: _Part) -> PurposeDocument:
    purpose = next((question for question in part.answers if rules.questions[question]["several"]), "")
    return {
        "answers": {purpose: part.answers[purpose]},
        "status": part.standing.status,
        "strategy": part.standing.chosen,
        "candidates": part.standing.candidates,
        "precedents": _precedents_of(rules, use_case, part),
    }


def _precedents_of(rules: RuleSet, use_case: UseCase, part: _Part) -> Precedents | None:
    chosen = part.standing.chosen
    return precedents(rules, part.answers, chosen, use_case) if chosen else None


_SURENESS: tuple[Status, ...] = ("undecided", "provisional", "decided")


def least_sure(statuses: Iterable[Status]) -> Status:
    """Return the status of a whole from those of its parts."""
    return min(statuses, key=_SURENESS.index)


def _united(
    rules: RuleSet,
    led: Outcome,
    use_case: UseCase,
    parts: list[_Part],
    covering: Covering | None,
    leader: _Part | None,
) -> Outcome:
    """Return the outcome of a whole whose parts need different labels, told along the way of the leading part."""
    document: OutcomeDocument = {
        **led.document,
        "answers": shown({q: use_case.answers[q] for q in rules.relevant if q in use_case.answers}),
        "status": least_sure(part.standing.status for part in parts),
    }
    document["decided"] = document["status"] == "decided"
    if covering is None:
        chosen = dict.fromkeys(part.standing.chosen for part in parts)
        settled: list[Candidate] = [{"strategy": strategy, "when": {}} for strategy in chosen if strategy]
        return Outcome({**document, "candidates": [*document["candidates"], *settled]})
    needed = {part.standing.chosen: part.answers for part in reversed(parts)}
    covers, answers = covering["strategies"], parts[0].answers if leader is None else leader.answers
    of_each = [(one, needed.get(one, answers)) for one in covers]
    advice = [_advice(rules, own, one, use_case.domain) for one, own in of_each]
    own_label = led.document["strategy"] if leader is None else None
    shown_way, drawn = led.document["strategy"], {*needed, *covers}
    document |= {
        "strategy": rules.strategies[own_label["id"] if own_label else covers[0]],
        "candidates": [],
        "assumed": list(dict.fromkeys(q for part in parts for q in _assumed(rules, part.answers, part.standing))),
        "start_with": None,
        "alternatives": [entry for entry in document["alternatives"] if entry["strategy"] not in drawn],
        "why_not": [entry for entry in document["why_not"] if entry["strategy"] not in drawn],
        "precedents": led.document["precedents"] if shown_way and covers == [shown_way["id"]] else None,
        "architectures": [variant for one, own in of_each for variant in _architectures(rules, own, one, use_case)],
        "assistants": assistants_for_all(rules, covers, use_case),
        "tips": list({tip["id"]: tip for found in advice for tip in found[0]}.values()),
        "warnings": list({tip["id"]: tip for found in advice for tip in found[1]}.values()),
    }
    if document["decided"]:
        document["ask_next"] = None
    document["references"] = _references(rules, document)
    return Outcome(document)


def decide(rules: RuleSet, answers: Mapping[str, str], use_case: UseCase | None = None) -> Outcome:
    """Return all that the rules say for some answers; total over every combination of valid answers.

    Args:
        rules: The rule set.
        answers: Answers, each question with one.
        use_case: Whose field and objects precedents, models and advice are chosen by; None for none.
    """
    given = {question: answers[question] for question in rules.relevant if question in answers}
    found = standing(rules, given)
    chosen = found.chosen
    usual = assuming(rules, given)
    domain = use_case.domain if use_case else None
    tips, warnings = _advice(rules, given, chosen, domain)
    before = precedents(rules, given, chosen, use_case) if chosen else None
    document: OutcomeDocument = {
        "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "answers": shown(given),
        "status": found.status,
        "decided": found.status == "decided",
        "strategy": rules.strategies[chosen] if chosen else None,
        "path": path(rules, usual, chosen),
        "candidates": [] if chosen else candidates(rules, given),
        "assumed": _assumed(rules, given, found),
        "ask_next": None if found.status == "decided" else ask_next(rules, given),
        "start_with": None if chosen else _start_with(rules, found.candidates),
        "alternatives": _alternatives(rules, given, chosen) if chosen else [],
        "why_not": _why_not(rules, usual, found.candidates),
        "precedents": before,
        "second_opinion": second_opinion(rules, answers, found.candidates),
        "architectures": _architectures(rules, given, chosen, use_case),
        "assistants": assistants_for(rules, chosen, use_case) if chosen else [],
        "tips": tips,
        "warnings": warnings,
        "references": {},
    }
    document["references"] = _references(rules, document)
    return Outcome(document)


def shown(answers: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Return answers as JSON shows them: a list where a question was given several."""
    return {question: listed(answer) for question, answer in answers.items()}


def _advice(
    rules: RuleSet, answers: Mapping[str, str], chosen: str | None, domain: str | None
) -> tuple[list[Tip], list[Tip]]:
    """Return the tips and the warnings that apply."""
    tips: list[Tip] = []
    warnings: list[Tip] = []
    for entry in rules.tips:
        if applies(entry["when"], entry["unless"], chosen, answers, domain):
            (warnings if entry["warning"] else tips).append(entry["tip"])
    return tips, warnings


def _assumed(rules: RuleSet, answers: Mapping[str, str], found: Standing) -> list[str]:
    """Return the questions whose usual answer was assumed and that could change a provisional strategy."""
    if found.status != "provisional":
        return []
    usual = assuming(rules, answers)
    taken = [question for question, branches in met_questions(rules, usual).items() if branches]
    unknown = [question for question in taken if usual[question] == UNKNOWN]
    return [
        question
        for question in unknown
        if any(
            possible(rules, {**usual, question: answer}) != found.candidates
            for answer in rules.questions[question]["answers"]
        )
    ] or unknown


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
    """Return every change of one answer that changes the strategy, that to the last question asked first."""
    found: list[Alternative] = []
    for question in reversed(rules.order):
        for answer in rules.questions[question]["answers"]:
            if answer == answers.get(question):
                continue
            then = possible(rules, assuming(rules, {**answers, question: answer}))
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
    before = {*rules.offered} & reach(rules.start, EVERY).strategies.keys()
    reasons = {step["question"]: step["because"] for step in path(rules, answers, None)}
    for question, branches in met_questions(rules, answers).items():
        if not branches:
            continue
        answer = decided[question] = answers.get(question, UNKNOWN)
        after = reach(rules.start, ways(decided, with_unknown=True)).strategies.keys()
        for strategy in before - after:
            excluded[strategy] = {"strategy": strategy, "because": {question: answer}, "text": reasons[question]}
        before &= after
    return [excluded[strategy] for strategy in rules.offered if strategy in excluded and strategy not in remaining]


def second_opinion(rules: RuleSet, answers: Mapping[str, str], chosen: list[str]) -> SecondOpinion | None:
    """Return what the rule set's second opinion says, if it differs or could differ after one more answer."""
    other, about = rules.second, rules.second_opinion
    if other is None or about is None:
        return None
    remaining = standing(other, answers).candidates
    question = about["ask"]
    if question in answers and set(remaining) != set(chosen):
        text = f"The {other.id} rules would recommend {_either(other, remaining)}: {_last_reason(other, answers)}"
        return {"rules": other.id, "strategies": remaining, "question": None, "text": text}
    if question in answers:
        return None
    offered = other.questions[question]["answers"]
    then = {answer: standing(other, {**answers, question: answer}).candidates for answer in offered}
    differ = [answer for answer in offered if set(then[answer]) != set(chosen)]
    if not differ:
        return None
    first = differ[0]
    text = (
        f"The {other.id} rules ask first: {other.questions[question]['ask']} ({question}) {len(differ)} of its "
        f"{len(offered)} answers lead elsewhere, such as {question}={first} to {_either(other, then[first])}. "
        f"{about['because']}"
    )
    return {"rules": other.id, "strategies": then[first], "question": question, "text": text}


def _either(rules: RuleSet, strategies: list[str]) -> str:
    return " or ".join(rules.strategies[strategy]["title"].lower() for strategy in strategies)


def _last_reason(rules: RuleSet, answers: Mapping[str, str]) -> str:
    return path(rules, assuming(rules, answers), None)[-1]["because"]


def _architectures(
    rules: RuleSet, answers: Mapping[str, str], chosen: str | None, use_case: UseCase | None
) -> list[Architecture]:
    if chosen is None:
        return []
    tier = rules.asked_tier(answers)
    if use_case is None:
        return models_for(rules, chosen, tier)
    return models_for(rules, chosen, tier, use_case.domain, use_case.models, use_case.objects)


def _references(rules: RuleSet, document: OutcomeDocument) -> dict[str, Reference]:
    strategy = document["strategy"]
    claims = [*strategy["benefits"], *strategy["drawbacks"]] if strategy else []
    parts = [*claims, *document["architectures"], *document["assistants"], *document["tips"], *document["warnings"]]
    named = dict.fromkeys([*rules.sources, *(source for part in parts for source in part["sources"])])
    return {source: rules.references[source] for source in named}
