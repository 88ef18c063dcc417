"""Walks through a decision tree, three-valued: what stays possible, what is still worth asking, and the path taken.

A question without an answer leaves all its answers open. One answered `unknown` takes the branch that the tree gives
to `unknown`, the usual answer, and leaves all open where there is none. So one walk asks three things of the same
answers, by what is filled in before it: nothing (what could still be answered), `unknown` for all that is missing
(`assuming`: what holds if the usual answers are right), or no `unknown` at all (`completing`: what holds whatever the
answers turn out to be). Pure functions of a tree and answers.

For example, where nobody has said whether angles matter, `find_objects` alone leaves boxes and oriented boxes open;
assuming the usual answer it leads to boxes, and so the answer is provisional.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.rule_set import UNKNOWN, Branch, Node, RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annostrat.recommendation.contract import AskNext, Step

    _Walk = tuple[Branch, Mapping[str, str]]


class Leaf(NamedTuple):
    """The end of an open path: its strategy, and the answers assumed to get there."""

    strategy: str
    assumed: dict[str, str]


def assuming(rules: RuleSet, answers: Mapping[str, str]) -> dict[str, str]:
    """Return answers with `unknown` for every question of the tree that has none, so that usual answers are assumed."""
    return {**dict.fromkeys(rules.order, UNKNOWN), **answers}


def completing(answers: Mapping[str, str]) -> dict[str, str]:
    """Return answers without those that are `unknown`, so that nothing is assumed."""
    return {question: answer for question, answer in answers.items() if answer != UNKNOWN}


def walk(rules: RuleSet, answers: Mapping[str, str]) -> tuple[str | None, list[tuple[str, str, Branch]]]:
    """Return the strategy that answers lead to, and the steps there as (question, answer, branch).

    What is missing is assumed. The strategy is None where the walk meets a question that is not answered and has no
    branch for `unknown`.
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
    question = node.question
    branch = node.branches.get(answers.get(question, assumed.get(question, "")))
    if branch is None and question in assumed:
        branch = node.branches.get(assumed[question])
    return [(None, branch)] if branch else [*node.offered]


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
        way = node.branches.get(answers.get(node.question, ""))
        for branch in (way,) if way else [branch for _, branch in node.offered]:
            if branch.strategy is not None:
                found.add(branch.strategy)
            elif branch.node is not None and branch.node.id not in seen:
                seen.add(branch.node.id)
                waiting.append(branch.node)
    return found


def merged_paths(rules: RuleSet, answers: Mapping[str, str] | None = None) -> list[tuple[dict[str, list[str]], str]]:
    """Return paths as (question to answers, strategy); answers that share a branch share a row.

    All paths, with those of `unknown` where the tree gives it a branch of its own; or those that some answers leave
    open, without the questions that these answer.
    """
    return list(_merged(rules.start, answers, {}))


def _merged(
    node: Node, answers: Mapping[str, str] | None, given: dict[str, list[str]]
) -> Iterator[tuple[dict[str, list[str]], str]]:
    settled = None if answers is None else node.branches.get(answers.get(node.question, ""))
    open_ = node.branches.items() if answers is None else node.offered
    for branch in dict.fromkeys([settled] if settled else [branch for _, branch in open_]):
        words = [answer for answer, other in open_ if other is branch]
        if len(words) > 1:
            words = [word for word in words if word != UNKNOWN]
        words = [word for word in words if word in given.get(node.question, words)]
        known = given if settled else {**given, node.question: words}
        if not words and not settled:
            continue
        if branch.node is not None:
            yield from _merged(branch.node, answers, known)
        elif branch.strategy is not None:
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
        if answers.get(question, UNKNOWN) == UNKNOWN and matters(rules, answers, question)
    ]


def matters(rules: RuleSet, answers: Mapping[str, str], question: str) -> bool:
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
    """Return the questions whose answer is missing and can still change the strategy, in the order of the walk."""
    return [question for question in open_questions(rules, answers) if question not in answers]


def most_questions(rules: RuleSet, answers: Mapping[str, str]) -> int:
    """Return how many questions of the tree may still have to be asked at most, whatever is answered to each."""

    def most(node: Node) -> int:
        answered = node.branches.get(answers.get(node.question, ""))
        if answered is not None:
            return most(answered.node) if answered.node else 0
        below = [most(branch.node) for branch in dict.fromkeys(node.branches.values()) if branch.node]
        if UNKNOWN not in node.branches or rules.questions[node.question]["several"]:
            ways = {branch.node for _, branch in node.offered if branch.node}  # all stay open, and all may be asked of
            missing = {question for way in ways for question in way.below if question not in answers}
            below.append(len(missing - {node.question}))
        return (node.question not in answers) + max(below, default=0)

    return most(rules.start)


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
    """Return the question whose answers leave the fewest strategies on average, the first of equals.

    One that was answered `unknown` is only named where all are.
    """
    best: tuple[bool, float] | None = None
    found: AskNext | None = None
    for question in open_questions(rules, answers):
        offered = rules.questions[question]["answers"]
        left = [len(possible(rules, {**answers, question: answer})) for answer in offered]
        rank = (question in answers, sum(left) / len(left))
        if best is None or rank < best:
            best, found = rank, {"question": question, "settles": [left.count(1), len(left)]}
    return found
