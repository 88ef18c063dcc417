"""A decision tree, drawn with lines; most answers go straight down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text
from rich.tree import Tree

from annostrat.errors import printable
from annostrat.knowledge.tree import UNKNOWN, answers_by_branch
from annostrat.recommendation.paths import walk
from annostrat.render.sections.sections import pairs
from annostrat.render.terminal.layout import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.tree import Branch, Node
    from annostrat.render.renderer import Page

NEXT = "next question"
END = "the answers given end here"


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:
    """Yield the decision tree, drawn; the branches that answers take are marked with `*`."""
    root = Tree(Text(printable(f"{rules.title} ({rules.id} {rules.version})"), "bold"), guide_style="dim")
    drawing = _Drawing(rules, walked)
    drawing.grow(root, rules.written, on_path=bool(walked))
    legend = [f"{NEXT}: the one below at the same level"] if drawing.has_next else []
    legend += ["* the way that the answers take"] if walked else []
    yield draw(Group(root, *map(Text, [""] * bool(legend) + legend)), page)


class _Drawing:
    """A tree as it grows: which nodes it shows already, and whether a branch goes on at the same level."""

    def __init__(self, rules: RuleSet, walked: dict[str, str]) -> None:
        self._rules, self._walked = rules, walked
        self._drawn: set[str] = set()
        self.has_next = False

    def grow(self, parent: Tree, node: Node, *, on_path: bool) -> None:
        """Add a node; where most answers go on to one other node, that one follows at the same level."""
        question = self._rules.questions[node.question]
        if node.id in self._drawn:
            onward = f": {self._onward(node)}" if on_path else ""
            seen = printable(f"{question['title']} ({node.question}), as above{onward}")
            parent.add(Text(seen, "bold" if on_path else "dim"))
            return
        self._drawn.add(node.id)
        taken = self._taken(node) if on_path else None
        shown = parent.add(Text(printable(f"{question['ask']} ({node.question})"), "bold" if on_path else ""))
        if on_path and taken is None:
            shown.add(Text(f"* {END}", "bold green"))
        following = _main_target(node)
        for branch, answers in answers_by_branch(node.branches.items()).items():
            self._add_branch(shown, " or ".join(answers), branch, following, taken=branch == taken)
        if following:
            self.grow(parent, following, on_path=taken is not None and taken.node is following)

    def _add_branch(self, shown: Tree, answers: str, branch: Branch, following: Node | None, *, taken: bool) -> None:
        goes_on = branch.node is not None and branch.node is following
        target = NEXT if goes_on else self._title(branch)
        text = f"{'* ' if taken else ''}{answers}{f' -> {target}' if target else ''}"
        leaf = shown.add(Text(text, "bold green" if taken else ""))
        self.has_next |= goes_on
        if branch.node is not None and not goes_on:
            self.grow(leaf, branch.node, on_path=taken)

    def _taken(self, node: Node) -> Branch | None:
        return node.branches.get(self._walked.get(node.question, UNKNOWN))

    def _title(self, branch: Branch) -> str:
        return printable(self._rules.strategies[branch.strategy]["title"]) if branch.strategy else ""

    def _onward(self, node: Node) -> str:
        """Return the rest of the path from a node that is drawn elsewhere."""
        strategy, steps = walk(self._rules, self._walked, node)
        if not steps:
            return f"* {END}"
        title = printable(self._rules.strategies[strategy]["title"]) if strategy else END
        return f"* {pairs({question: answer for question, answer, _ in steps})} -> {title}"


def _main_target(node: Node) -> Node | None:
    """Return the node that more answers lead to than to any other, if there is one."""
    counts = Counter(branch.node for branch in node.branches.values() if branch.node).most_common(2)
    ties = len(counts) > 1 and counts[0][1] == counts[1][1]
    return None if ties or not counts else counts[0][0]
