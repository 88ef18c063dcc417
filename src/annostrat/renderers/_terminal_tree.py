"""A decision tree, drawn with lines; most answers go straight down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text
from rich.tree import Tree

from annostrat.knowledge.rule_set import UNKNOWN
from annostrat.renderers._layout import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import Node, RuleSet
    from annostrat.renderers._base import Page


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:
    """Yield the decision tree, drawn; the branches that answers take are marked with `*`."""
    root = Tree(Text(f"{rules.title} ({rules.id} {rules.version})", "bold"), guide_style="dim")
    _grow(root, rules.start, rules, walked, set(), on_path=bool(walked))
    yield draw(Group(root, *([Text("\n* the way that the answers take")] if walked else [])), page)


def _grow(parent: Tree, node: Node, rules: RuleSet, walked: dict[str, str], drawn: set[str], *, on_path: bool) -> None:
    """Add a node; where most answers go on to one other node, that one follows at the same level."""
    question = rules.questions[node.question]
    if node.id in drawn:
        parent.add(Text(f"{question['title']} ({node.question}), as above", "dim"))
        return
    drawn.add(node.id)
    shown = parent.add(Text(f"{question['ask']} ({node.question})", "bold" if on_path else ""))
    branches = list(dict.fromkeys(node.branches.values()))
    following = _main_target(node)
    follows = False
    for branch in branches:
        answers = [answer for answer, other in node.branches.items() if other is branch]
        taken = on_path and walked.get(node.question, UNKNOWN) in answers
        ending = f" -> {rules.strategies[branch.strategy]['title']}" if branch.strategy else ""
        on = " -> next question" if branch.node and branch.node is following else ""
        leaf = shown.add(
            Text(f"{'* ' if taken else ''}{' or '.join(answers)}{ending}{on}", "bold green" if taken else "")
        )
        if branch.node and not on:
            _grow(leaf, branch.node, rules, walked, drawn, on_path=taken)
        follows |= bool(on) and taken
    if following:
        _grow(parent, following, rules, walked, drawn, on_path=follows)


def _main_target(node: Node) -> Node | None:
    """Return the node that more answers lead to than to any other, if there is one."""
    counts = Counter(branch.node for branch in node.branches.values() if branch.node).most_common(2)
    ties = len(counts) > 1 and counts[0][1] == counts[1][1]
    return None if ties or not counts else counts[0][0]
