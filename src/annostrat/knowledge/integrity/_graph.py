"""A tree as a graph: its edges, its walks, and how walks are written down as witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.models import Branch, Node, TreeFile

Assumed = dict[str, str]


class End(NamedTuple):
    """The end of a walk from some node: its strategy and the answers given on the way."""

    strategy: str
    answers: Assumed


def by_id(tree: TreeFile) -> dict[str, Node]:
    """Return the nodes by id; of two with the same id, the first."""
    return {node.id: node for node in reversed(tree.nodes)}


def targets(node: Node) -> list[str]:
    """Return the nodes that a node goes on to, each once."""
    return list(dict.fromkeys(branch.go for branch in node.branches if branch.go is not None))


def shortest(tree: TreeFile, start: str, goal: str) -> list[tuple[str, str]] | None:
    """Return the shortest way between two nodes, of at least one step, as (node, answer) pairs."""
    nodes = by_id(tree)
    ways: list[tuple[str, list[tuple[str, str]]]] = [(start, [])]
    seen: set[str] = set()
    while ways:
        at, way = ways.pop(0)
        for branch in nodes[at].branches if at in nodes else ():
            if branch.go is None:
                continue
            longer = [*way, (at, branch.when[0])]
            if branch.go == goal:
                return longer
            if branch.go not in seen:
                seen.add(branch.go)
                ways.append((branch.go, longer))
    return None


def reached(tree: TreeFile) -> set[str]:
    """Return the ids of the nodes that some way leads to, whatever its answers."""
    nodes, found = by_id(tree), {tree.nodes[0].id}
    waiting = list(found)
    while waiting:
        for target in targets(nodes[waiting.pop()]):
            if target not in found and target in nodes:
                found.add(target)
                waiting.append(target)
    return found


def open_branches(node: Node, assumed: Assumed) -> Iterator[tuple[str, Branch]]:
    """Yield the answers that earlier ones leave possible at a node, with their branches."""
    earlier = assumed.get(node.ask)
    for branch in node.branches:
        for answer in branch.when:
            if earlier in (None, answer):
                yield answer, branch


def ends(tree: TreeFile, node: Node, assumed: Assumed) -> Iterator[End]:
    """Yield the end of every walk from a node that contradicts neither itself nor what is assumed."""
    nodes = by_id(tree)

    def go(node: Node, assumed: Assumed) -> Iterator[End]:
        for answer, branch in open_branches(node, assumed):
            known = {**assumed, node.ask: answer}
            if branch.strategy is not None:
                yield End(branch.strategy, known)
            elif branch.go is not None:
                yield from go(nodes[branch.go], known)

    yield from go(node, assumed)


def compatible(one: Assumed, other: Assumed, apart_from: str) -> bool:
    """Return whether two walks can differ in one answer alone."""
    return all(question == apart_from or other.get(question, answer) == answer for question, answer in one.items())


def witness(answers: Assumed) -> str:
    """Return answers as `question=answer` words."""
    given = [f"{question}={answer}" for question, answer in answers.items()]
    return ", ".join(given) or f"all answers {UNKNOWN}"
