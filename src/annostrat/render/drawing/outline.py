"""The outline of a decision tree, from which every drawing is made: each node once, with the path that is walked."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.tree import layers
from annostrat.recommendation.paths import walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.tree import Branch, Node

    _Target = tuple[str | None, str | None]


class Way(NamedTuple):
    """Where some answers to a question lead: to a strategy, or on to another node; `taken` by the answers given.

    The title names all answers in one phrase; only a single answer has an example.
    """

    answers: tuple[str, ...]
    title: str
    example: str
    strategy: str | None
    node: str | None
    taken: bool

    @property
    def words(self) -> str:
        """The answers as one phrase."""
        return " or ".join(self.answers)


class OutlineNode(NamedTuple):
    """A node of the tree with its question; `met` if the answers given reach it.

    Its layer is the number of questions on the longest path to it. Answers that lead to the same place share a way.
    """

    id: str
    layer: int
    question: str
    title: str
    ask: str
    ways: tuple[Way, ...]
    met: bool


class OutlineEnd(NamedTuple):
    """A strategy that the tree can end in."""

    strategy: str
    title: str
    label: str
    met: bool


class Outline(NamedTuple):
    """What a drawing needs of a decision tree: the reachable nodes from the top down, and the reachable strategies.

    The name is the rule set's id and version, the rights are attribution and licence; `walked` if answers were given.
    """

    name: str
    title: str
    summary: str
    rights: tuple[str, ...]
    nodes: tuple[OutlineNode, ...]
    ends: tuple[OutlineEnd, ...]
    walked: bool


def outline(rules: RuleSet, walked: Sequence[Mapping[str, str]]) -> Outline:
    """Return the outline of a rule set's tree; the paths that some answers take are marked."""
    walks = [walk(rules, answers) for answers in walked]
    ended = {end for end, _ in walks}
    taken: dict[str, set[_Target | None]] = {}
    for _, steps in walks:
        met = [rules.start, *(branch.node for _, _, branch in steps)]
        for node, branch in zip_longest(filter(None, met), (branch for _, _, branch in steps)):
            taken.setdefault(node.id, set()).add(_target(branch) if branch else None)
    place = {id_: number for number, id_ in enumerate(rules.nodes)}
    upper_first = sorted(layers(rules.written).items(), key=lambda item: (item[1], place[item[0].id]))
    nodes = tuple(_node(rules, node, layer, taken) for node, layer in upper_first)
    reached = {way.strategy for node in nodes for way in node.ways}
    texts = {strategy: rules.strategies[strategy] for strategy in rules.offered if strategy in reached}
    ends = tuple(OutlineEnd(id_, text["title"], text["label"], id_ in ended) for id_, text in texts.items())
    rights = tuple(filter(None, [rules.attribution, f"Licence of the tree: {rules.licence}"]))
    return Outline(f"{rules.id} {rules.version}", rules.title, rules.summary, rights, nodes, ends, bool(walked))


def _target(branch: Branch) -> _Target:
    return branch.strategy, branch.node.id if branch.node else None


def _node(rules: RuleSet, node: Node, layer: int, taken: dict[str, set[_Target | None]]) -> OutlineNode:
    question = rules.questions[node.question]
    targets: dict[_Target, list[str]] = {}
    for answer, branch in node.branches.items():
        targets.setdefault(_target(branch), []).append(answer)
    ways, ends = [], taken.get(node.id, set())
    for target, answers in targets.items():
        texts = [question["answers"][answer] for answer in answers if answer in question["answers"]]
        first, *rest = [*(text["title"] for text in texts), *(["Not known"] * (len(texts) < len(answers)))]
        phrase = " or ".join([first, *(title[:1].lower() + title[1:] for title in rest)])
        example = (texts[0]["example"] if len(answers) == 1 and texts else None) or ""
        ways.append(Way(tuple(answers), phrase, example, *target, target in ends))
    met = node.id in taken
    return OutlineNode(node.id, layer, node.question, question["title"], question["ask"], tuple(ways), met)
