"""Rules and answers become a recommendation; pure functions that read and write nothing.

An answer that is missing or `unknown` leaves every branch of its question open, unless the tree gives `unknown` a
branch of its own. What holds on every open path is decided; what differs is listed.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.rule_set import UNKNOWN, Branch, Node, RuleSet
from annostrat.recommendation import Outcome, Recommendation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annostrat.knowledge.rule_set import Architecture, Reference, Tip
    from annostrat.recommendation import (
        Alternative,
        AskNext,
        Candidate,
        OutcomeDocument,
        StartWith,
        Step,
        WhyNot,
    )
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
    """Return the questions without an answer that can still change the strategy, in the tree's order."""
    return [
        question
        for question in rules.order
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
        self._remembered: dict[tuple[str | None, ...], Outcome] = {}

    def recommend(self, use_case: UseCase) -> Recommendation:
        """Return the recommendation for a use case whose answers were checked."""
        answers = use_case.answers
        key = tuple(map(answers.get, self.rules.relevant))
        outcome = self._remembered.get(key)
        if outcome is None:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            outcome = self._remembered[key] = decide(self.rules, answers)
        return Recommendation(use_case, outcome)


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
        "architectures": architectures,
        "tips": tips,
        "warnings": warnings,
        "references": {},
    }
    document["references"] = _references(rules, document)
    return Outcome(document)


def path(rules: RuleSet, answers: Mapping[str, str], chosen: str | None) -> list[Step]:
    """Return the questions met on the open paths, in the tree's order, each with its answer and the reason."""
    met: dict[str, Step] = {}
    _meet(rules.start, answers, {}, met, _open_reason(rules, chosen))
    return [met[question] for question in rules.order if question in met]


def _open_reason(rules: RuleSet, chosen: str | None) -> str:
    if chosen is None:
        return "Not known yet, so every answer stays open."
    return f"Not known, and it need not be: every answer leads to {rules.strategies[chosen]['title'].lower()}."


def _meet(node: Node, answers: Mapping[str, str], assumed: dict[str, str], met: dict[str, Step], reason: str) -> None:
    question = node.question
    for answer, branch in _open(node, answers, assumed):
        known = assumed if answer is None else {**assumed, question: answer}
        because = branch.because if answer is None else reason
        met.setdefault(question, {"question": question, "answer": answers.get(question, UNKNOWN), "because": because})
        if branch.node is not None:
            _meet(branch.node, answers, known, met, reason)


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
    excluded: list[WhyNot] = []
    out = set(remaining)
    known: dict[str, str] = {}
    for question in rules.order:
        if question not in answers:
            continue
        known[question] = answers[question]
        still = possible(rules, known)
        text = _reason(rules, known, question)
        for strategy in rules.offered:
            if strategy not in still and strategy not in out:
                out.add(strategy)
                excluded.append({"strategy": strategy, "because": {question: answers[question]}, "text": text})
    return sorted(excluded, key=lambda entry: rules.offered.index(entry["strategy"]))


def _reason(rules: RuleSet, answers: Mapping[str, str], question: str) -> str:
    return next((step["because"] for step in path(rules, answers, None) if step["question"] == question), "")


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
