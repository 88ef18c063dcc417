"""Whether a tree that can be walked makes sense: every question matters, every strategy is reached, orders are kept."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from annostrat.errors import Problem
from annostrat.knowledge.integrity._graph import compatible, ends, reached, witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.integrity._graph import End
    from annostrat.knowledge.models import Node, Order, TreeFile
    from annostrat.knowledge.parsed import Parsed


def questions_without_effect(parsed: Parsed) -> Iterator[Problem]:
    """Nodes at which all answers lead to the same strategies, whatever the other answers."""
    tree = parsed.tree
    if tree is None:
        return
    found = reached(tree)
    for at, node in enumerate(tree.nodes):
        if node.id in found and not _differs(tree, node):
            place = parsed.tree_entry.document.locate("nodes", at, "ask")
            message = f"no answer to {node.ask} changes the strategy at node '{node.id}'"
            strategies = sorted({end.strategy for end in ends(tree, node, {})})
            shown = f"every answer leads to {', '.join(strategies)}"
            yield Problem(place, message, "remove the node", "question-without-effect", shown)


def _differs(tree: TreeFile, node: Node) -> bool:
    by_answer = [list(ends(tree, node, {node.ask: answer})) for branch in node.branches for answer in branch.when]
    return any(
        one.strategy != other.strategy and compatible(one.answers, other.answers, node.ask)
        for some, others in combinations(by_answer, 2)
        for one in some
        for other in others
    )


def unreached_strategies(parsed: Parsed) -> Iterator[Problem]:
    """Strategies that the tree lists and no walk ends in."""
    tree = parsed.tree
    if tree is None:
        return
    found = {end.strategy for end in ends(tree, tree.nodes[0], {})}
    for index, strategy in enumerate(tree.strategies):
        if strategy not in found:
            place = parsed.tree_entry.document.locate("strategies", index)
            message = f"no path leads to strategy '{strategy}'"
            yield Problem(place, message, "remove it, or let a branch end in it", "unreached-strategy")


def broken_orders(parsed: Parsed) -> Iterator[Problem]:
    """Declared orders that are not kept: a higher answer that leads to a cheaper label, all else being equal."""
    tree = parsed.tree
    for index, order in enumerate(tree.orders if tree else ()):
        for question in order.questions:
            entry = parsed.questions.get(question)
            if tree is None or entry is None or entry.model is None:
                continue
            broken = _first_break(tree, order, question, list(entry.model.answers))
            if broken:
                low, high = broken
                place = parsed.tree_entry.document.locate("orders", index)
                message = f"a higher {question} leads to a cheaper label: {low.strategy}, then {high.strategy}"
                shown = f"{witness(low.answers)}, then {question}={high.answers[question]}"
                yield Problem(place, message, "change a branch, or the order", "broken-order", shown)


def _first_break(tree: TreeFile, order: Order, question: str, answers: list[str]) -> tuple[End, End] | None:
    """Return two walks that break an order; a walk that does not ask, or does not know, compares with none."""
    price = {strategy: rank for rank, strategy in enumerate(order.cheapest_first)}
    height = {answer: rank for rank, answer in enumerate(answers)}
    found = [
        (height[end.answers[question]], price[end.strategy], end)
        for end in ends(tree, tree.nodes[0], {})
        if end.strategy in price and end.answers.get(question) in height
    ]
    for low_height, low_price, low in found:
        for high_height, high_price, high in found:
            dearer = low_height < high_height and low_price > high_price
            if dearer and compatible(low.answers, high.answers, question):
                return low, high
    return None
