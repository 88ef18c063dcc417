"""Rules and answers become a recommendation; pure functions that read and write nothing.

What every completion of the answers leads to is decided; what the usual answers lead to is provisional; what differs
even then is undecided, and listed. `walks` says how one walk tells all three.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, product
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.tree import EVERY, UNKNOWN, ends, ways
from annostrat.recommendation.conditions import applies
from annostrat.recommendation.effort.estimate import EffortEstimate, comparable
from annostrat.recommendation.experts.precedents import precedents
from annostrat.recommendation.label_combination import cover, coverings
from annostrat.recommendation.models.architectures import models_for
from annostrat.recommendation.models.assistants import assistants_for
from annostrat.recommendation.paths import (
    answering,
    ask_next,
    assuming,
    candidates,
    completing,
    drawn,
    met_questions,
    missing_questions,
    most_questions,
    path,
    possible,
)
from annostrat.recommendation.recommendation import NOTHING_OWN, Outcome, Recommendation
from annostrat.use_cases.fields import listed, several

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from annostrat.knowledge.contract import Architecture, Reference, Tip
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import (
        Alternative,
        Candidate,
        ClassDocument,
        Covering,
        OutcomeDocument,
        Own,
        PurposeDocument,
        SecondOpinion,
        StartWith,
        Status,
        WhyNot,
    )
    from annostrat.use_cases.use_case import UseCase

MAX_REMEMBERED = 2_000
"""Decisions that a `Recommender` keeps; above it, it forgets all and goes on."""
_Pairs = tuple[tuple[str, str], ...]


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
        strategies: Those whose effort is of interest, the recommended ones first.
        own: The rest, without classes.
        of_class: For the answers of a class, what it needs; its name is filled in.
        led_by: The answers of the class whose path is shown, if these differ from the whole's.
    """

    outcome: Outcome
    strategies: list[str]
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
            sides = decision.own["covering"]
            result.estimate = EffortEstimate(
                self.rules,
                use_case,
                decision.strategies,
                sides["strategies"] if sides else (),
                needs=[one["strategies"] for one in own["classes"]],
                decided=result.strategy is not None,
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
                outcome = decide(self.rules, ways[0], use_case)
                decision = _Decision(outcome, self._in_question(outcome, outcome.candidates))
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
        if covering:  # the label that is led by comes first, wherever they are named
            strategies = sorted(covering["strategies"], key=lambda strategy: strategy != leader.outcome.chosen)
            covering = {**covering, "strategies": strategies}
        own: Own = {
            **NOTHING_OWN,
            "purposes": [] if classes else [_purpose(self.rules, part) for part in whole],
            "covering": covering,
        }
        needs = {pairs: _class(self.rules, pairs, of_one) for pairs, of_one in of_class.items()}
        outcome = _united(self.rules, use_case, parts, covering, leader)
        asked = self._in_question(outcome, covering["strategies"] if covering else outcome.candidates)
        return _Decision(outcome, asked, own, needs, leader.own)

    def _in_question(self, outcome: Outcome, candidates: list[str]) -> list[str]:
        others = (one for labels in comparable(self.rules, outcome.document["alternatives"]) for one in labels)
        return list(dict.fromkeys([*candidates, *others]))

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
    words = [[(question, word) for word in several(answer)] for question, answer in answers.items()]
    implied: dict[str, str] = {}
    for question, word in chain.from_iterable(pairs for pairs in words if len(pairs) > 1):
        implied |= rules.questions[question]["answers"][word]["implies"]
    missing = {question: answer for question, answer in implied.items() if answers.get(question, UNKNOWN) == UNKNOWN}
    return [{**dict(pairs), **missing} for pairs in product(*words)]


def ways_of(rules: RuleSet, use_case: UseCase) -> list[dict[str, str]]:
    """Return the answers, one to each question, that a use case's classes give, or the whole where there are none."""
    parts = [{**use_case.answers, **own} for own in use_case.classes.values()] or [use_case.answers]
    ways = (way for answers in parts for way in one_by_one(rules, answers))
    return [dict(way) for way in dict.fromkeys(tuple(way.items()) for way in ways) if way]


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
    remaining = {strategy for outcome in outcomes for strategy in outcome.candidates}
    return {
        "name": "",
        "answers": _as_lists(dict(own)),
        "status": status_of(rules, [part.answers for part in parts]),
        "strategies": covering["strategies"] if covering else [],
        "candidates": covering["strategies"] if covering else [one for one in rules.offered if one in remaining],
        "precedents": outcomes[0].document["precedents"] if len(outcomes) == 1 else None,
    }


def _purpose(rules: RuleSet, part: _Part) -> PurposeDocument:
    purpose = next((question for question in part.answers if rules.questions[question]["several"]), "")
    return {
        "answers": {purpose: part.answers[purpose]},
        "status": part.outcome.document["status"],
        "strategy": part.outcome.chosen,
        "candidates": [one for one in rules.offered if one in part.outcome.candidates],
        "precedents": part.outcome.document["precedents"],
    }


def _cover(rules: RuleSet, parts: list[_Part], who: str) -> Covering | None:
    """Return what to draw for all parts, for certain or if the usual answers are right; None while undecided."""
    return cover(rules, _weighed(rules, [part.answers for part in parts])[1], who)


def _united(rules: RuleSet, use_case: UseCase, parts: list[_Part], covering: Covering | None, leader: _Part) -> Outcome:
    """Return the outcome of a whole whose parts need different labels, told along the way of the leading part."""
    led, status = leader.outcome.document, status_of(rules, [part.answers for part in parts])
    ways = [{q: part.answers[q] for q in rules.relevant if q in part.answers} for part in parts]
    document: OutcomeDocument = {
        **led,
        "answers": _as_lists({q: use_case.answers[q] for q in rules.relevant if q in use_case.answers}),
        "status": status,
        "decided": status == "decided",
        "ask_next": None if status == "decided" else ask_next(rules, *ways),
    }
    if covering is None:
        chosen = dict.fromkeys(part.outcome.chosen for part in parts)
        settled: list[Candidate] = [{"strategy": strategy, "when": {}} for strategy in chosen if strategy]
        return Outcome({**document, "candidates": [*document["candidates"], *settled]})
    needed = {part.outcome.chosen: part.answers for part in reversed(parts)}
    covers, served = covering["strategies"], {*needed, *covering["strategies"]}
    fixed = [_fixed(rules, part, leader) for part in parts]
    of_each = [(one, needed.get(one, leader.answers)) for one in covers]
    advice = [_advice(rules, answers, one, use_case.domain) for one, answers in of_each]
    document |= {
        "strategy": rules.strategies[covers[0]],
        "candidates": [],
        "assumed": _assumed(rules, ways) if status == "provisional" else [],
        "start_with": None,
        "alternatives": _alternatives(rules, ways, tuple(one for one in rules.offered if one in covers), fixed),
        "why_not": [entry for entry in document["why_not"] if entry["strategy"] not in served],
        "precedents": led["precedents"] if covers == [leader.outcome.chosen] else None,
        "architectures": [one for cover, answers in of_each for one in _architectures(rules, answers, cover, use_case)],
        "assistants": [one for cover in covers for one in assistants_for(rules, cover, use_case)],
        "tips": list({tip["id"]: tip for tips, _ in advice for tip in tips}.values()),
        "warnings": list({tip["id"]: tip for _, warnings in advice for tip in warnings}.values()),
    }
    document["references"] = _references(rules, document)
    return Outcome(document)


def _fixed(rules: RuleSet, part: _Part, leader: _Part) -> Collection[str]:
    """Return the questions to which a part's answer stays, when one changes along the way of the leading part."""
    if part.own == leader.own:
        return ()
    return rules.order if leader.own else dict(part.own)


def decide(rules: RuleSet, answers: Mapping[str, str], use_case: UseCase | None = None) -> Outcome:
    """Return all that the rules say for some answers; total over every combination of valid answers.

    Args:
        rules: The rule set.
        answers: Answers, each question with one.
        use_case: Whose field and objects precedents, models and advice are chosen by; None for none.
    """
    known = {question: answers[question] for question in rules.relevant if question in answers}
    state, usual = standing(rules, known), assuming(rules, known)
    chosen = state.chosen
    tips, warnings = _advice(rules, known, chosen, use_case.domain if use_case else None)
    document: OutcomeDocument = {
        "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "answers": _as_lists(known),
        "status": state.status,
        "decided": state.status == "decided",
        "strategy": rules.strategies[chosen] if chosen else None,
        "path": path(rules, usual, chosen),
        "candidates": [] if chosen else candidates(rules, known),
        "assumed": _assumed(rules, [known]) if state.status == "provisional" else [],
        "ask_next": None if state.status == "decided" else ask_next(rules, known),
        "start_with": None if chosen else _start_with(rules, state.candidates),
        "alternatives": _alternatives(rules, [known], (chosen,)) if chosen else [],
        "why_not": _why_not(rules, usual, state.candidates),
        "precedents": precedents(rules, known, chosen, use_case) if chosen else None,
        "second_opinion": _second_opinion(rules, answers, state.candidates),
        "architectures": _architectures(rules, known, chosen, use_case) if chosen else [],
        "assistants": assistants_for(rules, chosen, use_case) if chosen else [],
        "tips": tips,
        "warnings": warnings,
        "references": {},
    }
    document["references"] = _references(rules, document)
    return Outcome(document)


def _as_lists(answers: Mapping[str, str]) -> dict[str, str | list[str]]:
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


def _assumed(rules: RuleSet, parts: list[dict[str, str]]) -> list[str]:
    """Return the questions whose usual answer was assumed and that could change what is provisionally drawn."""
    usual = [assuming(rules, answers) for answers in parts]
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


def _start_with(rules: RuleSet, remaining: list[str]) -> StartWith | None:
    """Return the candidate whose labels can be turned into the labels of all others, if there is one."""
    for strategy in remaining:
        text = rules.strategies[strategy]
        reaches = {conversion["strategy"]: conversion["how"] for conversion in text["converts_to"]}
        others = [other for other in remaining if other != strategy]
        if all(other in reaches for other in others):
            return {"strategy": strategy, "why": " ".join(dict.fromkeys(reaches[other] for other in others))}
    return None


def _alternatives(
    rules: RuleSet, parts: list[dict[str, str]], chosen: tuple[str, ...], fixed: Sequence[Collection[str]] = ((),)
) -> list[Alternative]:
    """Return every change of one answer that changes what is drawn, that to the last question asked first.

    Args:
        rules: The rule set.
        parts: The answers of each part of the project.
        chosen: What is drawn for all of them, in the rule set's order.
        fixed: For each part, the questions to which its answer stays.
    """
    alternatives: list[Alternative] = []
    now = [possible(rules, assuming(rules, own)) for own in parts]
    for question in reversed(rules.order):
        for answer in rules.questions[question]["answers"]:
            changes = [
                own.get(question) != answer and question not in stays for own, stays in zip(parts, fixed, strict=True)
            ]
            remaining = [
                possible(rules, assuming(rules, {**own, question: answer})) if change else left
                for own, left, change in zip(parts, now, changes, strict=True)
            ]
            then = coverings(rules, remaining) if any(changes) else [chosen]
            for strategies in then if chosen not in then else ():
                strategy = next((one for one in strategies if one not in chosen), strategies[0])
                text = rules.strategies[strategy]
                gives, costs = text["gives"].rstrip("."), text["costs"].rstrip(".")
                alternatives.append(
                    {
                        "strategy": strategy,
                        "beside": [one for one in strategies if one != strategy],
                        "change": {question: answer},
                        "certain": len(then) == 1,
                        "tradeoff": f"You would have {gives}; it would cost {costs}.",
                    }
                )
    return alternatives


def _why_not(rules: RuleSet, answers: Mapping[str, str], remaining: list[str]) -> list[WhyNot]:
    """Return, for each other strategy, the first step of the walk after which no answer could lead to it."""
    excluded: dict[str, WhyNot] = {}
    decided: dict[str, str] = {}
    before = {*rules.offered} & ends(rules.start, EVERY)
    reasons = {step["question"]: step["because"] for step in path(rules, answers, None)}
    for question, branches in met_questions(rules, answers).items():
        if not branches:
            continue
        answer = decided[question] = answers.get(question, UNKNOWN)
        after = ends(rules.start, ways(decided, with_unknown=True))
        for strategy in before - after:
            excluded[strategy] = {"strategy": strategy, "because": {question: answer}, "text": reasons[question]}
        before &= after
    return [excluded[strategy] for strategy in rules.offered if strategy in excluded and strategy not in remaining]


def _second_opinion(rules: RuleSet, answers: Mapping[str, str], chosen: list[str]) -> SecondOpinion | None:
    """Return what the rule set's second opinion says, if it differs or could differ after one more answer."""
    other, about = rules.second, rules.second_opinion
    if other is None or about is None:
        return None

    def titles(strategies: list[str]) -> str:
        return " or ".join(other.strategies[strategy]["title"].lower() for strategy in strategies)

    question, wanted = about["ask"], {*chosen}
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


def _architectures(
    rules: RuleSet, answers: Mapping[str, str], strategy: str, use_case: UseCase | None
) -> list[Architecture]:
    tier = rules.asked_tier(answers)
    if use_case is None:
        return _suited(rules, strategy, tier)
    if use_case.models:
        return models_for(rules, strategy, tier, use_case.domain, use_case.models, use_case.objects)
    return _suited(rules, strategy, tier, use_case.domain, use_case.objects)


@lru_cache(maxsize=256)
def _suited(
    rules: RuleSet, strategy: str, tier: str | None, domain: str | None = None, objects: str | None = None
) -> list[Architecture]:
    """Return the variants to try where there are no wishes; different answers often lead to the same ones."""
    return models_for(rules, strategy, tier, domain, None, objects)


def _references(rules: RuleSet, document: OutcomeDocument) -> dict[str, Reference]:
    strategy = document["strategy"]
    claims = [*strategy["benefits"], *strategy["drawbacks"]] if strategy else []
    parts = [*claims, *document["architectures"], *document["assistants"], *document["tips"], *document["warnings"]]
    named = dict.fromkeys([*rules.sources, *(source for part in parts for source in part["sources"])])
    return {source: rules.references[source] for source in named}
