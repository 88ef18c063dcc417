"""Rules and answers become a recommendation; pure functions that read and write nothing.

An answer that is missing or `unknown` leaves every branch of its question open, unless the tree gives `unknown` a
branch of its own. What holds on every open path is decided; what differs is listed.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from annostrat.effort import estimate
from annostrat.knowledge.rule_set import UNKNOWN, Branch, Node, RuleSet
from annostrat.recommendation import Outcome, Recommendation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annostrat.contract import (
        Alternative,
        AskNext,
        Candidate,
        ClassDocument,
        Covering,
        OutcomeDocument,
        Own,
        SecondOpinion,
        StartWith,
        Step,
        WhyNot,
    )
    from annostrat.knowledge.shapes import Architecture, Reference, Tip
    from annostrat.use_case import UseCase

MAX_REMEMBERED = 10_000
"""Outcomes that a `Recommender` keeps; above it, it forgets all and goes on."""


class Leaf(NamedTuple):
    """The end of an open path: its strategy, and the answers assumed to get there."""

    strategy: str
    assumed: dict[str, str]


def walk(rules: RuleSet, answers: Mapping[str, str]) -> tuple[str | None, list[tuple[str, str, Branch]]]:
    """Return the strategy that answers lead to, and the steps there as (question, answer, branch).

    The strategy is None where the walk meets a question that is not answered and has no branch for `unknown`.
    """
    node: Node | None = rules.start
    strategy: str | None = None
    steps: list[tuple[str, str, Branch]] = []
    while node is not None:
        question = node.question
        answer = answers.get(question, UNKNOWN)
        branch = node.branches.get(answer)
        if branch is None:
            return None, steps
        steps.append((question, answer, branch))
        strategy, node = branch.strategy, branch.node
    return strategy, steps


def leaves(rules: RuleSet, answers: Mapping[str, str]) -> list[Leaf]:
    """Return the end of every path that the answers leave open, in the order of the tree."""
    return list(_leaves(rules.start, answers, {}))


def _leaves(node: Node, answers: Mapping[str, str], assumed: dict[str, str]) -> Iterator[Leaf]:
    for answer, branch in _open(node, answers, assumed):
        known = assumed if answer is None else {**assumed, node.question: answer}
        if branch.node is not None:
            yield from _leaves(branch.node, answers, known)
        elif branch.strategy is not None:
            yield Leaf(branch.strategy, known)


def _open(node: Node, answers: Mapping[str, str], assumed: Mapping[str, str]) -> list[tuple[str | None, Branch]]:
    """Return the branches that stay open at a node, with the answer each assumes (None: nothing is assumed)."""
    answer = answers.get(node.question, UNKNOWN)
    if answer == UNKNOWN:
        answer = assumed.get(node.question, UNKNOWN)
    branch = node.branches.get(answer)
    return [(None, branch)] if branch else list(node.branches.items())


def merged_paths(rules: RuleSet, answers: Mapping[str, str] | None = None) -> list[tuple[dict[str, list[str]], str]]:
    """Return paths as (question to answers, strategy); answers that share a branch share a row.

    All paths, or those that some answers leave open, without the questions that these answer.
    """
    return list(_merged(rules.start, answers, {}))


def _merged(
    node: Node, answers: Mapping[str, str] | None, given: dict[str, list[str]]
) -> Iterator[tuple[dict[str, list[str]], str]]:
    settled = None if answers is None else node.branches.get(answers.get(node.question, UNKNOWN))
    for branch in dict.fromkeys([settled] if settled else node.branches.values()):
        words = [answer for answer, other in node.branches.items() if other is branch]
        words = [word for word in words if word in given.get(node.question, words)]
        known = given if settled else {**given, node.question: words}
        if branch.node is not None and words:
            yield from _merged(branch.node, answers, known)
        elif branch.strategy is not None and words:
            yield known, branch.strategy


def differences(before: RuleSet, after: RuleSet) -> list[tuple[dict[str, list[str]], str, str]]:
    """Return the answers that lead to different strategies in two rule sets, as (answers, before, after).

    An entry stands for every combination of the answers that it lists; together they are exactly those that differ.
    """
    found = []
    for (one, was), (other, now) in product(merged_paths(before), merged_paths(after)):
        common = {
            question: [
                word for word in one.get(question, other.get(question, [])) if word in other.get(question, [word])
            ]
            for question in {**one, **other}
        }
        if was != now and all(common.values()):
            found.append((common, was, now))
    return found


def possible(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the strategies that the answers leave possible, in the rule set's order."""
    reached = {leaf.strategy for leaf in leaves(rules, answers)}
    return [strategy for strategy in rules.offered if strategy in reached]


def open_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions without an answer that can still change the strategy, in the order of the walk."""
    return [
        question
        for question in _met(rules, answers)
        if answers.get(question, UNKNOWN) == UNKNOWN and _matters(rules, answers, question)
    ]


def _matters(rules: RuleSet, answers: Mapping[str, str], question: str) -> bool:
    """Return whether two answers to a question can lead to different strategies, all else being equal."""
    by_answer = [leaves(rules, {**answers, question: answer}) for answer in rules.questions[question]["answers"]]
    return any(
        one.strategy != other.strategy and _compatible(one.assumed, other.assumed)
        for index, ends in enumerate(by_answer)
        for one, other in product(ends, (leaf for rest in by_answer[index + 1 :] for leaf in rest))
    )


def _compatible(one: dict[str, str], other: dict[str, str]) -> bool:
    return all(other.get(question, answer) == answer for question, answer in one.items())


def missing_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions that are still worth asking: open ones not said to be unknown, then the budget's tier."""
    missing = [question for question in open_questions(rules, answers) if question not in answers]
    tier = rules.tier_question
    if tier and tier not in answers and tier not in missing:
        missing.append(tier)
    return missing


class Recommender:
    """Recommends with one rule set, and remembers what it said for which answers."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        second = rules.second.relevant if rules.second else ()
        self._relevant = tuple(dict.fromkeys([*rules.relevant, *second]))
        self._remembered: dict[tuple[str | None, ...], Outcome] = {}

    def recommend(self, use_case: UseCase) -> Recommendation:
        """Return the recommendation for a use case whose answers were checked."""
        answers = use_case.answers
        key = tuple(map(answers.get, self._relevant))
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
        if classes:
            outcome = _covered(self.rules, outcome, covering)
        own: Own = {"effort": None, "classes": classes, "covering": covering, "evidence": None}
        found = Recommendation(use_case, outcome, own)
        if use_case.images:
            others = [entry["strategy"] for entry in outcome.document["alternatives"]]
            own["effort"] = estimate(self.rules, use_case, list(dict.fromkeys([*found.candidates, *others])))
        return found

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


def cover(rules: RuleSet, classes: list[ClassDocument]) -> Covering | None:
    """Return the label that holds what all classes need, or the labels to draw side by side; None while undecided."""
    wanted = {entry["strategy"] for entry in classes}
    if None in wanted:
        return None
    needed = [strategy for strategy in rules.offered if strategy in wanted]
    if len(needed) == 1:
        return {"strategies": needed, "because": "All classes need the same label."}
    for strategy in rules.offered:
        if wanted <= {strategy, *rules.strategies[strategy]["combines"]}:
            held = _listed(rules, needed)
            return {"strategies": [strategy], "because": f"Classes need {held}; one label holds them together."}
    least = [strategy for strategy in needed if not _given_by_another(rules, strategy, needed)]
    because = f"Classes need {_listed(rules, needed)}"
    if len(least) < len(needed):
        spared = [strategy for strategy in needed if strategy not in least]
        because += f"; {_listed(rules, least)} can be turned into {_listed(rules, spared)}"
    if len(least) > 1:
        because += "; no one label holds them together, so they are drawn side by side, each for its classes"
    return {"strategies": least, "because": f"{because}."}


def _given_by_another(rules: RuleSet, strategy: str, needed: list[str]) -> bool:
    """Return whether another needed label of single objects can be turned into this one."""
    texts = rules.strategies
    return any(
        texts[other]["tells_apart"]
        and texts[strategy]["tells_apart"]
        and any(conversion["strategy"] == strategy for conversion in texts[other]["converts_to"])
        for other in needed
        if other != strategy
    )


def _listed(rules: RuleSet, strategies: list[str]) -> str:
    return " and ".join(rules.strategies[strategy]["title"].lower() for strategy in strategies)


def _covered(rules: RuleSet, outcome: Outcome, covering: Covering | None) -> Outcome:
    """Return the outcome of the whole once its classes are known."""
    whole = outcome.document
    if covering is None:
        return Outcome({**whole, "decided": False, "strategy": None, "architectures": []})
    own, covers = whole["strategy"], covering["strategies"]
    chosen = own["id"] if own and own["id"] in covers else covers[0]
    document: OutcomeDocument = {
        **whole,
        "decided": True,
        "strategy": rules.strategies[chosen],
        "candidates": [],
        "ask_next": None,
        "start_with": None,
        "why_not": [entry for entry in whole["why_not"] if entry["strategy"] not in covers],
        "architectures": [variant for id_ in covers for variant in _architectures(rules, whole["answers"], id_)],
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
    warnings = _tips(rules, given, chosen, warning=True)
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
        "second_opinion": second_opinion(rules, answers, chosen),
        "architectures": architectures,
        "tips": tips,
        "warnings": warnings,
        "references": {},
    }
    document["references"] = _references(rules, document)
    return Outcome(document)


def path(rules: RuleSet, answers: Mapping[str, str], chosen: str | None) -> list[Step]:
    """Return the questions met on the open paths, in the order of the walk, each with its answer and the reason."""
    fork = "Not known yet, so every answer stays open."
    if chosen is not None:
        title = rules.strategies[chosen]["title"].lower()
        fork = f"Not known, and it need not be: every answer leads to {title}."
    return [
        {"question": question, "answer": answers.get(question, UNKNOWN), "because": branch.because if branch else fork}
        for question, branch in _met(rules, answers).items()
    ]


def _met(rules: RuleSet, answers: Mapping[str, str]) -> dict[str, Branch | None]:
    """Return the questions met on the open paths, in the order of the walk, each with its branch; None at a fork."""
    met: dict[str, Branch | None] = {}

    def go(node: Node, assumed: dict[str, str]) -> None:
        for answer, branch in _open(node, answers, assumed):
            met.setdefault(node.question, branch if answer is None else None)
            if branch.node is not None:
                go(branch.node, assumed if answer is None else {**assumed, node.question: answer})

    go(rules.start, {})
    return met


def _candidates(rules: RuleSet, answers: Mapping[str, str]) -> list[Candidate]:
    return [{"strategy": leaf.strategy, "if": leaf.assumed} for leaf in leaves(rules, answers)]


def ask_next(rules: RuleSet, answers: Mapping[str, str]) -> AskNext | None:
    """Return the question whose answers leave the fewest strategies on average, the first of equals."""
    best: tuple[float, str, list[int]] | None = None
    for question in open_questions(rules, answers):
        offered = rules.questions[question]["answers"]
        left = [len(possible(rules, {**answers, question: answer})) for answer in offered]
        mean = sum(left) / len(left)
        if best is None or mean < best[0]:
            best = (mean, question, left)
    if best is None:
        return None
    _, question, left = best
    return {"question": question, "why": _settles(left)}


def _settles(left: list[int]) -> str:
    settled = left.count(1)
    if settled == len(left):
        return "Every answer to it settles the strategy."
    if settled:
        verb = "settles" if settled == 1 else "settle"
        return f"{settled} of its {len(left)} answers {verb} the strategy."
    return f"It leaves the fewest strategies open: at most {max(left)}."


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
    for question, branch in _met(rules, answers).items():
        if branch is None:
            continue
        answer = decided[question] = answers.get(question, UNKNOWN)
        after = _reachable(rules.start, decided)
        for strategy in before - after:
            excluded[strategy] = {"strategy": strategy, "because": {question: answer}, "text": branch.because}
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


def second_opinion(rules: RuleSet, answers: Mapping[str, str], chosen: str | None) -> SecondOpinion | None:
    """Return what the rule set's second opinion says, if it differs or could differ after one more answer."""
    other, about = rules.second, rules.second_opinion
    if other is None or about is None:
        return None
    remaining = possible(other, answers)
    if remaining != [chosen]:
        text = f"The {other.id} rules would recommend {_either(other, remaining)}: {_last_reason(other, answers)}"
        return {"rules": other.id, "strategies": remaining, "question": None, "text": text}
    question = about["ask"]
    if question in answers:
        return None
    for answer in other.questions[question]["answers"]:
        then = possible(other, {**answers, question: answer})
        if then != [chosen]:
            ask = other.questions[question]["ask"]
            said = f"with {question}={answer} they would recommend {_either(other, then)}"
            text = f"The {other.id} rules need one more answer. {ask} ({question}); {said}. {about['because']}"
            return {"rules": other.id, "strategies": then, "question": question, "text": text}
    return None


def _either(rules: RuleSet, strategies: list[str]) -> str:
    return " or ".join(rules.strategies[strategy]["title"].lower() for strategy in strategies)


def _last_reason(rules: RuleSet, answers: Mapping[str, str]) -> str:
    reasons = [branch.because for branch in _met(rules, answers).values() if branch]
    return reasons[-1] if reasons else ""


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
