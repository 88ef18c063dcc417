"""A decision tree, drawn with lines; most answers go straight down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.knowledge.tree import UNKNOWN, answers_by_branch
from annostrat.recommendation.engine import ways_of
from annostrat.recommendation.paths import walk
from annostrat.render.sections.sections import pairs
from annostrat.render.terminal.layout import BOLD, BOLD_GREEN, DIM, hang, paint, text_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.tree import Branch, Node
    from annostrat.render.renderer import Page
    from annostrat.use_cases.use_case import UseCase

END = "the answers given end here"
_UNICODE, _ASCII = ("├── ", "│   ", "└── ", "    "), ("+-- ", "|   ", "`-- ", "    ")
"""Prefixes of an entry's first line and of its children's lines, then the same for the last entry."""


def tree(rules: RuleSet, case: UseCase, page: Page) -> Iterator[str]:
    """Yield the decision tree as a drawing; the branches that a use case's answers take are marked with `*`."""
    drawing, ways = _Drawing(rules), ways_of(rules, case)
    drawing.grow(drawing.root, rules.written, ways)
    legend = f"* the way{'s' if ways[1:] else ''} that the answers take"
    yield text_of([*drawing.root.lines(page), *(["", *hang("", legend, page)] if ways else [])])


class _Entry:
    """A line of the drawing, and its child entries."""

    def __init__(self, text: str, style: str = "") -> None:
        self._text, self._style = printable(text), style
        self._entries: list[_Entry] = []

    def add(self, text: str, style: str = "") -> _Entry:
        """Add a child entry and return it."""
        self._entries.append(_Entry(text, style))
        return self._entries[-1]

    def lines(self, page: Page, first: str = "", others: str = "") -> Iterator[str]:
        """Yield the entry after its guide lines, then its children."""
        for number, line in enumerate(wrap(self._text, max(page.width - len(first), 1))):
            yield paint(others if number else first, DIM, page) + paint(line, self._style, page)
        guides = _ASCII if page.ascii else _UNICODE
        for entry in self._entries:
            branch, below = guides[2:] if entry is self._entries[-1] else guides[:2]
            yield from entry.lines(page, others + branch, others + below)


class _Drawing:
    """A tree under construction, and the nodes drawn so far."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._drawn: set[str] = set()
        self.root = _Entry(f"{rules.title} ({rules.id} {rules.version})", BOLD)

    def grow(self, parent: _Entry, node: Node, here: Sequence[Mapping[str, str]]) -> None:
        """Add a node and the answers that reach it; a node reached from most branches follows at the same level."""
        question = self._rules.questions[node.question]
        if node.id in self._drawn:
            onward = "; ".join(dict.fromkeys(self._onward(node, answers) for answers in here))
            text = f"{question['title']} ({node.question}), as above{': ' * bool(here)}{onward}"
            parent.add(text, BOLD if here else DIM)
            return
        self._drawn.add(node.id)
        taken = [(node.branches.get(answers.get(node.question, UNKNOWN)), answers) for answers in here]
        entry = parent.add(f"{question['ask']} ({node.question})", BOLD if here else "")
        if any(branch is None for branch, _ in taken):
            entry.add(f"* {END}", BOLD_GREEN)
        following = _main_target(node)
        for branch, words in answers_by_branch(node.branches.items()).items():
            on_it = [answers for one, answers in taken if one == branch]
            self._add_branch(entry, words, branch, following, on_it)
        if following:
            self.grow(parent, following, [answers for one, answers in taken if one and one.node is following])

    def _add_branch(
        self,
        entry: _Entry,
        words: Sequence[str],
        branch: Branch,
        following: Node | None,
        on_it: Sequence[Mapping[str, str]],
    ) -> None:
        goes_on = branch.node is not None and branch.node is following
        target = self._rules.strategies[branch.strategy]["title"] if branch.strategy else ""
        if branch.node is not None and goes_on:
            target = f"{self._rules.questions[branch.node.question]['title'].lower()}, below"
        mark, arrow = "* " if on_it else "", f" -> {target}" if target else ""
        added = entry.add(f"{mark}{' or '.join(words)}{arrow}", BOLD_GREEN if on_it else "")
        if branch.node is not None and not goes_on:
            self.grow(added, branch.node, on_it)

    def _onward(self, node: Node, answers: Mapping[str, str]) -> str:
        """Return the rest of the path that answers take from a node drawn elsewhere."""
        strategy, steps = walk(self._rules, answers, node)
        if not steps:
            return f"* {END}"
        title = self._rules.strategies[strategy]["title"] if strategy else END
        return f"* {pairs({question: answer for question, answer, _ in steps})} -> {title}"


def _main_target(node: Node) -> Node | None:
    """Return the node that more answers lead to than to any other, if there is one."""
    counts = Counter(branch.node for branch in node.branches.values() if branch.node).most_common(2)
    ties = len(counts) > 1 and counts[0][1] == counts[1][1]
    return None if ties or not counts else counts[0][0]
