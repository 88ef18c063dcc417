"""The shape of a tree: every answer leads somewhere, every node is reached, and no walk is endless or contradictory."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from annostrat.errors import Problem
from annostrat.knowledge.integrity._graph import by_id, open_branches, reached, shortest, witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.errors import Location
    from annostrat.knowledge.models import Node
    from annostrat.knowledge.parsed import Parsed

MAX_PATHS = 2_000
"""Paths that a tree may have, so that proofs and three-valued walks stay quick."""


def answers_without_branch(parsed: Parsed) -> Iterator[Problem]:
    """Answers that a question offers and a node does not lead anywhere."""
    for at, node in _nodes(parsed):
        given = {answer for branch in node.branches for answer in branch.when}
        for answer in parsed.known.questions.get(node.ask, ()):
            if answer not in given:
                message = f"node '{node.id}' has no branch for {node.ask}={answer}"
                hint = f"add a branch with `when: {answer}`"
                yield Problem(
                    _place(parsed, "nodes", at, "branches"),
                    message,
                    hint,
                    "answer-without-branch",
                    f"{node.ask}={answer}",
                )


def answers_offered_twice(parsed: Parsed) -> Iterator[Problem]:
    """Answers that two branches of one node claim."""
    for at, node in _nodes(parsed):
        seen: set[str] = set()
        for index, branch in enumerate(node.branches):
            for answer, count in Counter(branch.when).items():
                if answer in seen or count > 1:
                    message = f"node '{node.id}' has more than one branch for {node.ask}={answer}"
                    place = _place(parsed, "nodes", at, "branches", index, "when")
                    yield Problem(place, message, "keep one", "answer-offered-twice", f"{node.ask}={answer}")
                seen.add(answer)


def cycles(parsed: Parsed) -> Iterator[Problem]:
    """The shortest cycle through a tree, once for each set of nodes that it joins."""
    tree = parsed.tree
    done: set[str] = set()
    for at, node in _nodes(parsed):
        way = shortest(tree, node.id, node.id) if tree and node.id not in done else None
        if way:
            done.update(name for name, _ in way)
            steps = " -> ".join(f"{name} ({answer})" for name, answer in way)
            message = f"the walk can come back to node '{node.id}'"
            yield Problem(_place(parsed, "nodes", at), message, "let a branch end", "cycle", f"{steps} -> {node.id}")


def too_many_paths(parsed: Parsed) -> Iterator[Problem]:
    """A tree with more paths than can be proved quickly."""
    tree = parsed.tree
    if tree is None or any(cycles(parsed)):
        return
    nodes = by_id(tree)

    @cache
    def count(id_: str) -> int:
        return sum(len(branch.when) * (count(branch.go) if branch.go in nodes else 1) for branch in nodes[id_].branches)

    paths = count(tree.nodes[0].id)
    if paths > MAX_PATHS:
        message = f"the tree has {paths:,} paths, more than the {MAX_PATHS:,} that can be proved"
        yield Problem(_place(parsed, "nodes"), message, "ask fewer questions on a path", "too-many-paths")


def unreached_nodes(parsed: Parsed) -> Iterator[Problem]:
    """Nodes that no branch leads to."""
    found = reached(parsed.tree) if parsed.tree else set()
    for at, node in _nodes(parsed):
        if node.id not in found:
            place = _place(parsed, "nodes", at, "id")
            yield Problem(place, f"nothing leads to node '{node.id}'", "remove it, or `go` to it", "unreached-node")


def questions_asked_twice(parsed: Parsed) -> Iterator[Problem]:
    """Nodes that ask what an earlier node on some path has asked."""
    tree = parsed.tree
    nodes = dict(_nodes(parsed))
    for at, node in nodes.items():
        for earlier in nodes.values():
            way = shortest(tree, earlier.id, node.id) if tree and earlier.ask == node.ask else None
            if way and earlier is not node:
                message = f"node '{node.id}' asks {node.ask}, which node '{earlier.id}' has asked before"
                steps = " -> ".join([f"{name} ({answer})" for name, answer in way] + [node.id])
                yield Problem(_place(parsed, "nodes", at, "ask"), message, "go past it", "question-asked-twice", steps)


def impossible_branches(parsed: Parsed) -> Iterator[Problem]:
    """Branches that the answers given on every way there rule out."""
    tree = parsed.tree
    if tree is None:
        return
    arrivals = _arrivals(parsed)
    for at, node in _nodes(parsed):
        for index, branch in enumerate(node.branches):
            ways = arrivals.get(node.id, [])
            if ways and all(way.get(node.ask) not in (None, *branch.when) for way in ways):
                message = f"no walk takes the branch for {node.ask}={'/'.join(branch.when)} at node '{node.id}'"
                place = _place(parsed, "nodes", at, "branches", index, "when")
                yield Problem(place, message, "remove it", "impossible-branch", witness(ways[0]))


def _arrivals(parsed: Parsed) -> dict[str, list[dict[str, str]]]:
    """Return, for each node, the answers of every walk that arrives there."""
    tree = parsed.tree
    found: dict[str, list[dict[str, str]]] = {}
    if tree is None:
        return found
    nodes = by_id(tree)
    waiting: list[tuple[str, dict[str, str]]] = [(tree.nodes[0].id, {})]
    while waiting:
        id_, answers = waiting.pop()
        found.setdefault(id_, []).append(answers)
        for answer, branch in open_branches(nodes[id_], answers):
            if branch.go is not None:
                waiting.append((branch.go, {**answers, nodes[id_].ask: answer}))
    return found


def _nodes(parsed: Parsed) -> Iterator[tuple[int, Node]]:
    return enumerate(parsed.tree.nodes) if parsed.tree else iter(())


def _place(parsed: Parsed, *keys: str | int) -> Location:
    return parsed.tree_entry.document.locate(*keys)
