"""Proofs about a tree: every answer leads somewhere, every node and strategy is reached, every question matters.

The first checks look at one node at a time, since their tree may have faults that keep it from being walked. All
others rest on `knowledge.tree`: what can be reached, and where two walks that answer alike can end. For example, a
question has no effect at a node if no two of its branches can end differently with the same other answers.
"""

from __future__ import annotations

from collections import Counter
from functools import wraps
from itertools import combinations
from typing import TYPE_CHECKING, cast

from annostrat.errors import Problem
from annostrat.knowledge.tree import EVERY, UNKNOWN, Branch, asking_once, link, reach, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annostrat.errors import Location
    from annostrat.knowledge.contract import TreeNodeText
    from annostrat.knowledge.models.rules import Order, TreeFile
    from annostrat.knowledge.parsed import Parsed
    from annostrat.knowledge.tree import Node


def of_tree(check: Callable[[Parsed, TreeFile], Iterator[Problem]]) -> Callable[[Parsed], Iterator[Problem]]:
    """Return a check of rule sets from a check of trees; unreadable trees are skipped."""

    @wraps(check)
    def check_tree(parsed: Parsed) -> Iterator[Problem]:
        return check(parsed, parsed.tree) if parsed.tree else iter(())

    return check_tree


@of_tree
def answers_without_branch(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Answers of a question for which a node has no branch."""
    for at, node in enumerate(tree.nodes):
        given = {answer for branch in node.branches for answer in branch.when}
        for answer in parsed.known["question"].get(node.ask, ()):
            if answer not in given:
                message = f"node '{node.id}' has no branch for {node.ask}={answer}"
                hint, proof = f"add a branch with `when: {answer}`", f"{node.ask}={answer}"
                yield Problem(_place(parsed, "nodes", at, "branches"), message, hint, "answer-without-branch", proof)


@of_tree
def answers_offered_twice(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Answers that two branches of one node claim."""
    for at, node in enumerate(tree.nodes):
        seen: set[str] = set()
        for index, branch in enumerate(node.branches):
            for answer, count in Counter(branch.when).items():
                if answer in seen or count > 1:
                    message = f"node '{node.id}' has more than one branch for {node.ask}={answer}"
                    place = _place(parsed, "nodes", at, "branches", index, "when")
                    yield Problem(place, message, "keep one", "answer-offered-twice", f"{node.ask}={answer}")
                seen.add(answer)


@of_tree
def cycles(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """The shortest cycle through a tree, once for each set of nodes that it joins."""
    done: set[str] = set()
    for at, node in enumerate(tree.nodes):
        if node.id not in done and (way := _shortest(tree, node.id, node.id)):
            done.update(name for name, _ in way)
            steps = " -> ".join(f"{name} ({answer})" for name, answer in way)
            message = f"the walk can come back to node '{node.id}'"
            yield Problem(_place(parsed, "nodes", at), message, "let a branch end", "cycle", f"{steps} -> {node.id}")


@of_tree
def oversized_trees(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """A tree that is too large once nodes that ask again are copied for each earlier answer."""
    if any(cycles(parsed)):
        return
    try:
        asking_once(start_of(tree))
    except OverflowError:
        message = "too many combinations of answers have to be remembered for nodes that ask again"
        yield Problem(_place(parsed, "nodes"), message, "ask each question once on a path", "oversized-tree")


@of_tree
def unreached_nodes(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Nodes that no branch leads to."""
    reached = {node.id for node in reach(start_of(tree), EVERY).nodes}
    for at, node in enumerate(tree.nodes):
        if node.id not in reached:
            place = _place(parsed, "nodes", at, "id")
            yield Problem(place, f"nothing leads to node '{node.id}'", "remove it, or `go` to it", "unreached-node")


@of_tree
def questions_asked_twice(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Nodes that repeat the question of an earlier node on some path."""
    for at, node in enumerate(tree.nodes):
        for earlier in (other for other in tree.nodes if other.ask == node.ask and other is not node):
            if way := _shortest(tree, earlier.id, node.id):
                message = f"node '{node.id}' asks {node.ask}, which node '{earlier.id}' has asked before"
                steps = " -> ".join([f"{name} ({answer})" for name, answer in way] + [node.id])
                yield Problem(_place(parsed, "nodes", at, "ask"), message, "go past it", "question-asked-twice", steps)


@of_tree
def impossible_branches(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Branches that the answers given on every way there rule out.

    A node is proved by letting each of its answers end the walk: those that no walk ends in are impossible.
    """
    if asking_once(start := start_of(tree)) is start:
        return
    for at, node in enumerate(tree.nodes):
        nodes = linked(tree)
        nodes[node.id].branches = {
            answer: Branch("", f"{node.id}={answer}", None) for answer in nodes[node.id].branches
        }
        walks = reach(asking_once(nodes[tree.nodes[0].id]), EVERY)
        taken = [end for end in walks.strategies if end and end.startswith(f"{node.id}=")]
        for index, branch in enumerate(node.branches):
            if taken and not any(f"{node.id}={answer}" in taken for answer in branch.when):
                message = f"no walk takes the branch for {node.ask}={'/'.join(branch.when)} at node '{node.id}'"
                place = _place(parsed, "nodes", at, "branches", index, "when")
                yield Problem(place, message, "remove it", "impossible-branch", witness(walks.answers(taken[0])))


@of_tree
def questions_without_effect(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Nodes at which all answers lead to the same strategies, whatever the other answers are."""
    index = {node.id: at for at, node in enumerate(tree.nodes)}
    for node in reach(start_of(tree), EVERY).nodes:
        start = asking_once(node)
        branches = combinations(dict.fromkeys(start.branches.values()), 2)
        if not any(_ for one, other in branches for _ in together(one, other, EVERY, apart_from=node.question)):
            place = _place(parsed, "nodes", index[node.id], "ask")
            message = f"no answer to {node.question} changes the strategy at node '{node.id}'"
            proof = f"every answer leads to {', '.join(sorted(filter(None, reach(start, EVERY).strategies)))}"
            yield Problem(place, message, "remove the node", "question-without-effect", proof)


@of_tree
def unreached_strategies(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Strategies that the tree lists but no walk ends in."""
    reached = reach(asking_once(start_of(tree)), EVERY).strategies
    for index, strategy in enumerate(tree.strategies):
        if strategy not in reached:
            message, hint = f"no path leads to strategy '{strategy}'", "remove it, or let a branch end in it"
            yield Problem(_place(parsed, "strategies", index), message, hint, "unreached-strategy")


@of_tree
def broken_orders(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Violated orders: a higher answer leads to a cheaper label, all else being equal."""
    for index, order in enumerate(tree.orders):
        for question in order.questions:
            answers = list(parsed.known["question"].get(question, ()))
            if broken := _first_break(start_of(tree), order, question, answers):
                low, high, proof = broken
                place = _place(parsed, "orders", index)
                message = f"a higher {question} leads to a cheaper label: {low}, then {high}"
                yield Problem(place, message, "change a branch, or the order", "broken-order", proof)


@of_tree
def orders_about_nothing(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Orders about questions or strategies that the tree does not have, so that nothing can violate them."""
    asked = [node.ask for node in tree.nodes]
    for index, order in enumerate(tree.orders):
        for key, words, had, message in (
            ("questions", order.questions, asked, "this tree does not ask '{}'"),
            ("cheapest_first", order.cheapest_first, tree.strategies, "this tree never ends in '{}'"),
        ):
            for at, word in enumerate(words):
                if word not in had:
                    place = _place(parsed, "orders", index, key, at)
                    yield Problem(place, message.format(word), "remove it", "order-about-nothing")


def _first_break(start: Node, order: Order, question: str, answers: list[str]) -> tuple[str, str, str] | None:
    """Return two strategies that break an order, the cheaper one second, and the answers that lead to them.

    A walk that does not ask the question, or does not know, compares with none.
    """
    price = {strategy: rank for rank, strategy in enumerate(order.cheapest_first)}

    def dearer(low: str | None, high: str | None) -> bool:
        return low in price and high in price and price[low] > price[high]

    walks = reach(asking_once(start), EVERY)
    for node in walks.nodes:
        given = [answer for answer in answers if node.question == question and answer in node.branches]
        for low, high in combinations(given, 2):
            pair = (node.branches[low], node.branches[high])
            for row, cheap, dear in together(*pair, EVERY, dearer, apart_from=question):
                known = {**walks.answers(node), question: low, **{key: words[0] for key, words in row.items()}}
                return str(cheap), str(dear), f"{witness(known)}, then {question}={high}"
    return None


def linked(tree: TreeFile) -> dict[str, Node]:
    """Return the nodes of a tree as a graph, the first one first."""
    return link([cast("TreeNodeText", node.model_dump()) for node in tree.nodes])


def start_of(tree: TreeFile) -> Node:
    """Return the first node of a tree, linked to the others."""
    return linked(tree)[tree.nodes[0].id]


def witness(answers: dict[str, str]) -> str:
    """Return answers as `question=answer` words."""
    return ", ".join(f"{question}={answer}" for question, answer in answers.items()) or f"all answers {UNKNOWN}"


def _shortest(tree: TreeFile, start: str, goal: str) -> list[tuple[str, str]] | None:
    """Return the shortest way between two nodes, of at least one step, as (node, answer) pairs."""
    nodes = {node.id: node for node in reversed(tree.nodes)}
    ways: list[tuple[str, list[tuple[str, str]]]] = [(start, [])]
    seen: set[str] = set()
    for at, way in ways:
        for branch in nodes[at].branches if at in nodes else ():
            longer = [*way, (at, branch.when[0])]
            if branch.go == goal:
                return longer
            if branch.go is not None and branch.go not in seen:
                seen.add(branch.go)
                ways.append((branch.go, longer))
    return None


def _place(parsed: Parsed, *keys: str | int) -> Location:
    return parsed.tree_entry.document.locate(*keys)
