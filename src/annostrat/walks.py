"""Walks through a decision tree, three-valued: what stays possible, what is still worth asking, and the path taken.

An answer that is missing or `unknown` leaves every branch of its question open, unless the tree gives `unknown` a
branch of its own. Pure functions of a tree and answers.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.rule_set import UNKNOWN, Branch, Node, RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annostrat.contract import AskNext, Step

    _Walk = tuple[Branch, Mapping[str, str]]


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
    for answer, branch in open_branches(node, answers, assumed):
        known = assumed if answer is None else {**assumed, node.question: answer}
        if branch.node is not None:
            yield from _leaves(branch.node, answers, known)
        elif branch.strategy is not None:
            yield Leaf(branch.strategy, known)


def open_branches(
    node: Node, answers: Mapping[str, str], assumed: Mapping[str, str]
) -> list[tuple[str | None, Branch]]:
    """Return the branches that stay open at a node, with the answer each assumes (None: nothing is assumed)."""
    answer = answers.get(node.question, UNKNOWN)
    if answer == UNKNOWN:
        answer = assumed.get(node.question, UNKNOWN)
    branch = node.branches.get(answer)
    return [(None, branch)] if branch else list(node.branches.items())


def possible(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the strategies that the answers leave possible, in the rule set's order."""
    reached = {leaf.strategy for leaf in leaves(rules, answers)} if rules.repeats else _ends(rules.start, answers)
    return [strategy for strategy in rules.offered if strategy in reached]


def _ends(node: Node, answers: Mapping[str, str]) -> set[str]:
    """Return the strategies that open paths end in, for a tree that asks nothing twice: no assumption can conflict."""
    found: set[str] = set()
    waiting, seen = [node], {node.id}
    while waiting:
        node = waiting.pop()
        way = node.branches.get(answers.get(node.question, UNKNOWN))
        for branch in (way,) if way else node.branches.values():
            if branch.strategy is not None:
                found.add(branch.strategy)
            elif branch.node is not None and branch.node.id not in seen:
                seen.add(branch.node.id)
                waiting.append(branch.node)
    return found


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


def open_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions without an answer that can still change the strategy, in the order of the walk."""
    return [
        question
        for question in met_questions(rules, answers)
        if answers.get(question, UNKNOWN) == UNKNOWN and _matters(rules, answers, question)
    ]


def _matters(rules: RuleSet, answers: Mapping[str, str], question: str) -> bool:
    """Return whether two answers to a question can lead to different strategies, all else being equal."""
    start = Branch("", None, rules.start)
    given = [{**answers, question: answer} for answer in rules.questions[question]["answers"]]
    return any(_differ(((start, one), (start, other)), question, {}) for one, other in combinations(given, 2))


def _differ(walks: tuple[_Walk, _Walk], question: str, assumed: dict[str, str]) -> bool:
    """Return whether two walks whose answers differ in one question can end differently.

    They go in step, assume the same of everything else, and need not go on where they meet again.
    """
    (one, _), (other, _) = walks
    if one.node is None and other.node is None:
        return one.strategy != other.strategy
    if one.node is other.node and one.node is not None and question not in one.node.below:
        return False
    first = 0 if one.node is not None else 1
    branch, answers = walks[first]
    node = branch.node
    if node is None:
        return False
    for answer, way in open_branches(node, answers, assumed):
        known = assumed if answer is None else {**assumed, node.question: answer}
        then = ((way, answers), walks[1]) if first == 0 else (walks[0], (way, answers))
        if _differ(then, question, known):
            return True
    return False


def missing_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the questions that are still worth asking: open ones not said to be unknown, then the budget's tier."""
    missing = [question for question in open_questions(rules, answers) if question not in answers]
    tier = rules.tier_question
    if tier and tier not in answers and tier not in missing:
        missing.append(tier)
    return missing


def path(rules: RuleSet, answers: Mapping[str, str], chosen: str | None) -> list[Step]:
    """Return the questions met on the open paths, in the order of the walk, each with its answer and the reason."""
    fork = "Not known yet, so every answer stays open."
    if chosen is not None:
        fork = f"Not known, and it need not be: every answer leads to {rules.strategies[chosen]['title'].lower()}."
    steps: list[Step] = []
    forks: list[str] = []
    for question, branches in met_questions(rules, answers).items():
        because = _reason(branches, forks) if branches else fork
        steps.append({"question": question, "answer": answers.get(question, UNKNOWN), "because": because})
        if not branches:
            forks.append(rules.questions[question]["title"].lower())
    return steps


def _reason(branches: list[Branch], forks: list[str]) -> str:
    """Return why the walk went on; below a fork, open paths may follow the same answer for different reasons."""
    if len({branch.because for branch in branches}) == 1:
        return branches[0].because
    return f"What follows depends on what is not known: {', '.join(forks)}."


def met_questions(rules: RuleSet, answers: Mapping[str, str]) -> dict[str, list[Branch]]:
    """Return the questions met on the open paths, in the order of the walk, each with its branches; none at a fork."""
    met: dict[str, list[Branch]] = {}

    def go(node: Node, assumed: dict[str, str]) -> None:
        for answer, branch in open_branches(node, answers, assumed):
            taken = met.setdefault(node.question, [])
            if answer is None and branch not in taken:
                taken.append(branch)
            if branch.node is not None:
                go(branch.node, assumed if answer is None else {**assumed, node.question: answer})

    go(rules.start, {})
    return met


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
