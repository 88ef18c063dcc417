"""A decision tree as a graph, and the two walks that everything else is based on: `reach` and `together`.

A tree of thirty questions has a few dozen nodes and millions of paths, since answers share branches and branches
share nodes. So nothing here enumerates paths; every node, or pair of nodes, is visited once. For example, in this
tree

    count --yes--> occlusion --high--> masks
      |                |
      no          low, unknown
      v                v
     map             boxes

`reach` reports that {occlusion: low} leaves boxes and map open, and {count: no} only map; `together` reports that high
and low occlusion can end differently, in masks and boxes, so the question is worth asking.

Visiting a node once is enough only if the outcome below it does not depend on the path taken to it. That is true unless
a question is asked again, so `asking_once` first copies nodes that repeat a question, once for each earlier answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from operator import ne
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annostrat.knowledge.contract import TreeNodeText

UNKNOWN = "unknown"
"""The answer that every question accepts."""
MAX_NODES = 20_000
"""Maximum number of nodes in a tree, including copies of nodes that repeat a question."""


class Branch(NamedTuple):
    """The result of an answer: a strategy, or the next node."""

    because: str
    strategy: str | None
    node: Node | None


class Node:
    """A place in the tree where one question is asked.

    Attributes:
        id: The node's name, which its copies share.
        question: The question asked.
        branches: By answer, including `unknown` where the tree gives it a branch.
        offered: The answers that settle the question, with their branches.
        below: The questions asked here and further down.
    """

    __slots__ = ("below", "branches", "id", "offered", "question")

    def __init__(self, id_: str, question: str) -> None:
        self.id, self.question = id_, question
        self.branches: dict[str, Branch] = {}
        self.offered: list[tuple[str, Branch]] = []
        self.below: frozenset[str] = frozenset()


Ways = Callable[[Node], Iterable[tuple[str, Branch]]]
"""Function that gives the open answers at a node, with their branches."""


def ways(answers: Mapping[str, str], *, with_unknown: bool = False) -> Ways:
    """Return the branches left open: the given answer's where a node has one, else all that settle its question.

    Args:
        answers: One answer per question.
        with_unknown: Whether `unknown` counts as an open answer where the tree gives it a branch.
    """

    def open_at(node: Node) -> Iterable[tuple[str, Branch]]:
        answer = answers.get(node.question, "")
        branch = node.branches.get(answer)
        if branch is not None:
            return ((answer, branch),)
        return node.branches.items() if with_unknown else node.offered

    return open_at


EVERY = ways({}, with_unknown=True)
"""All branches of the tree."""


class Reach(NamedTuple):
    """The reachable nodes and strategies, in tree order, each with the step that first reaches it.

    A step is a node and the answer given there; the start node has none.
    """

    nodes: dict[Node, tuple[Node, str] | None]
    strategies: dict[str | None, tuple[Node, str] | None]

    def answers(self, end: Node | str) -> dict[str, str]:
        """Return the answers that first lead to a node or a strategy."""
        step = self.nodes[end] if isinstance(end, Node) else self.strategies[end]
        steps = []
        while step is not None:
            steps.append((step[0].question, step[1]))
            step = self.nodes[step[0]]
        return dict(reversed(steps))


def reach(start: Node, open_at: Ways) -> Reach:
    """Return the nodes and strategies that can be reached from a node over open branches."""
    nodes: dict[Node, tuple[Node, str] | None] = {}
    strategies: dict[str | None, tuple[Node, str] | None] = {}
    waiting: list[tuple[str | None, Node | None, tuple[Node, str] | None]] = [(None, start, None)]
    while waiting:
        strategy, node, step = waiting.pop()
        if node is None:
            strategies.setdefault(strategy, step)
        elif node not in nodes:
            nodes[node] = step
            onward = [(branch.strategy, branch.node, (node, answer)) for answer, branch in open_at(node)]
            waiting += onward[::-1]
    return Reach(nodes, strategies)


def ends(start: Node, open_at: Ways) -> set[str | None]:
    """Return the strategies that can be reached from a node: as `reach` does, but without the steps."""
    strategies: set[str | None] = set()
    seen, waiting = {start}, [start]
    while waiting:
        for _, (_, strategy, node) in open_at(waiting.pop()):
            if node is None:
                strategies.add(strategy)
            elif node not in seen:
                seen.add(node)
                waiting.append(node)
    return strategies


Row = dict[str, list[str]]
"""Maps questions to answers; represents every combination of them."""


def together(
    one: Branch,
    other: Branch,
    open_at: Ways,
    wanted: Callable[[str | None, str | None], bool] = ne,
    apart_from: str | None = None,
) -> Iterator[tuple[Row, str | None, str | None]]:
    """Yield where two walks that answer all questions alike can end, as (answers, strategy, strategy).

    The walks advance in step: of two different questions, the one that the other walk also asks later comes first, so
    that few answers must be remembered. Walks that meet in one node cannot diverge again. A pair of places that leads
    to no match is never visited again with the same remembered answers. If both trees ask in the same order, the cost
    is at most quadratic in their nodes for each row found.

    For example, from `occlusion: high` (masks) and `occlusion: low` (a node that asks for shape: boxes if simple,
    else masks), the only row is `{shape: [simple]}, masks, boxes`.

    Args:
        one: Start node of the first walk.
        other: Start node of the second walk, in the same tree or in another.
        open_at: Gives the open branches at a node of either.
        wanted: Which pairs of strategies to yield; must be false for equal ones.
        apart_from: A question that both walks have already answered, each in its own way.
    """
    barren: set[object] = set()

    def go(one: Branch, other: Branch, given: Row) -> Iterator[tuple[Row, str | None, str | None]]:
        if one[1:] == other[1:]:
            return
        first = _asked_first(one.node, other.node)
        if first is None:
            if wanted(one.strategy, other.strategy):
                yield given, one.strategy, other.strategy
            return
        place = (one[1:], other[1:], _asked_below(one, given) | _asked_below(other, given))
        if place in barren:
            return
        barren.add(place)  # until something is found
        for branch, known in _onward(first, open_at, given, apart_from):
            for row in go(*((branch, other) if first is one.node else (one, branch)), known):
                barren.discard(place)
                yield row

    return go(one, other, {})


def _onward(node: Node, open_at: Ways, given: Row, apart_from: str | None) -> Iterator[tuple[Branch, Row]]:
    """Yield the branches that earlier answers leave open at a node, each with all answers that lead to it."""
    for branch, words in answers_by_branch(open_at(node)).items():
        left = [word for word in words if word in given.get(node.question, words)]
        if left:
            yield branch, given if node.question == apart_from else {**given, node.question: left}


def _asked_below(branch: Branch, given: Row) -> frozenset[tuple[str, ...]]:
    below = branch.node.below if branch.node else frozenset[str]()
    return frozenset((question, *words) for question, words in given.items() if question in below)


def _asked_first(one: Node | None, other: Node | None) -> Node | None:
    """Return the node to advance from: the one whose question the other walk also asks, now or later."""
    if one is None or other is None:
        return one or other
    return other if one.question in other.below and other.question not in one.below else one


def answers_by_branch(open_: Iterable[tuple[str, Branch]]) -> dict[Branch, list[str]]:
    """Return branches with the answers that share them, in order of first occurrence."""
    answers: dict[Branch, list[str]] = {}
    for answer, branch in open_:
        answers.setdefault(branch, []).append(answer)
    return answers


def layers(start: Node) -> dict[Node, int]:
    """Return the reachable nodes with the length of the longest path to each, in topological order."""
    targets = {
        node: [branch.node for branch in answers_by_branch(node.branches.items()) if branch.node]
        for node in reach(start, EVERY).nodes
    }
    missing = Counter(target for onward in targets.values() for target in onward)
    depths = {start: 0}
    ready = [start]
    for node in ready:
        for target in targets[node]:
            depths[target] = max(depths.get(target, 0), depths[node] + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    return {node: depths[node] for node in ready}


def link(nodes: Sequence[TreeNodeText]) -> dict[str, Node]:
    """Return the nodes of a tree as written, in file order; a branch to an unknown node ends there."""
    linked = {node["id"]: Node(node["id"], node["ask"]) for node in nodes}
    for node in nodes:
        for branch in node["branches"]:
            target = linked.get(branch["go"] or "")
            leading = Branch(branch["because"], branch["strategy"], target)
            linked[node["id"]].branches.update(dict.fromkeys(branch["when"], leading))
    _complete(next(iter(linked.values())))
    return linked


def _complete(start: Node) -> None:
    """Fill in the attributes derived from the branches of all reachable nodes."""
    for node in reversed(layers(start)):
        node.offered = [pair for pair in node.branches.items() if pair[0] != UNKNOWN]
        onward = (branch.node.below for branch in node.branches.values() if branch.node)
        node.below = frozenset({node.question}).union(*onward)


def asking_once(start: Node) -> Node:
    """Return an equivalent tree in which no walk chooses an answer to a question twice.

    A node below which a question is repeated gets a copy for each earlier answer to it; if the node itself repeats the
    question, the copy offers that answer alone. For example, below `occlusion --low--> shape` another node that asks
    for occlusion has a copy with only the branch for low, which is reached through a copy of `shape`.

    Raises:
        OverflowError: The tree needs more than `MAX_NODES` nodes.
    """
    copies: dict[object, Node] = {}

    def copy(node: Node, earlier: dict[str, str]) -> Node:
        earlier = {question: answer for question, answer in earlier.items() if question in node.below}
        place = (node, frozenset(earlier.items()))
        if place in copies:
            return copies[place]
        if len(copies) >= MAX_NODES:
            raise OverflowError
        copied = copies[place] = Node(node.id, node.question)
        given = ways(earlier, with_unknown=True)(node)
        for answer, branch in given:
            target = copy(branch.node, {**earlier, node.question: answer}) if branch.node else None
            copied.branches[answer] = branch._replace(node=target)
        return copied

    if not any(
        branch.node and node.question in branch.node.below
        for node in reach(start, EVERY).nodes
        for branch in node.branches.values()
    ):
        return start
    start = copy(start, {})
    _complete(start)
    return start
