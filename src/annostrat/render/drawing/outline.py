"""The outline of a decision tree, from which every drawing is made: each question once, with the way that is walked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.recommendation.paths import walk

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import Branch, Node, RuleSet
    from annostrat.knowledge.shapes import Question


class Way(NamedTuple):
    """Where some answers to a question lead: to a strategy, or on to another node.

    Attributes:
        answers: The answers, in the order of the tree's file.
        title: What they are called, as one phrase.
        example: An example of the only answer, where there is one.
        strategy: The strategy where the way ends.
        node: The node where it goes on.
        taken: Whether the answers given take it.
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


class Asked(NamedTuple):
    """A node of the tree.

    Attributes:
        node: The node's id.
        layer: Questions on the longest way there.
        question: The id of the question that is asked.
        title: Its name.
        ask: Its words.
        ways: Where the answers lead; answers that lead to the same place share a way.
        met: Whether the answers given come here.
    """

    node: str
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
    """A decision tree without anything that a drawing does not need.

    Attributes:
        name: The rule set's id and version.
        title: Its title.
        summary: What it is.
        rights: Whom it is by, if that must be named, and its licence.
        asked: Its nodes that can be reached, from the top down.
        ends: The strategies that can be reached, in the rule set's order.
        walked: Whether answers were given.
    """

    name: str
    title: str
    summary: str
    rights: tuple[str, ...]
    asked: tuple[Asked, ...]
    ends: tuple[OutlineEnd, ...]
    walked: bool


def outline(rules: RuleSet, walked: dict[str, str]) -> Outline:
    """Return the outline of a rule set's tree; where answers are given, the way that they take is marked."""
    taken, ended = _walked(rules, walked)
    layers = _layers(rules)
    asked = tuple(_asked(rules, node, layer, taken) for node, layer in layers.items())
    reached = {way.strategy for one in asked for way in one.ways}
    texts = {strategy: rules.strategies[strategy] for strategy in rules.offered if strategy in reached}
    ends = tuple(OutlineEnd(id_, text["title"], text["label"], id_ == ended) for id_, text in texts.items())
    rights = tuple(filter(None, [rules.attribution, f"Licence of the tree: {rules.licence}"]))
    return Outline(f"{rules.id} {rules.version}", rules.title, rules.summary, rights, asked, ends, bool(walked))


def _walked(rules: RuleSet, answers: dict[str, str]) -> tuple[dict[str, Branch | None], str | None]:
    """Return the nodes that answers come to, each with the branch they take there, and the strategy they end in."""
    if not answers:
        return {}, None
    strategy, steps = walk(rules, answers)
    taken: dict[str, Branch | None] = {}
    node: Node | None = rules.start
    for _, _, branch in steps:
        if node is not None:
            taken[node.id] = branch
        node = branch.node
    if node is not None:
        taken[node.id] = None
    return taken, strategy


def _layers(rules: RuleSet) -> dict[Node, int]:
    """Return the nodes that can be reached, each with the length of the longest way there; upper ones first."""
    order: dict[Node, None] = {}
    _collect(rules.start, order)
    layers = dict.fromkeys(reversed(order), 0)
    for node in layers:
        for branch in node.branches.values():
            if branch.node is not None:
                layers[branch.node] = max(layers[branch.node], layers[node] + 1)
    place = {id_: number for number, id_ in enumerate(rules.nodes)}
    return dict(sorted(layers.items(), key=lambda item: (item[1], place[item[0].id])))


def _collect(node: Node, order: dict[Node, None]) -> None:
    """Add a node after all that can be reached from it."""
    for branch in node.branches.values():
        if branch.node is not None and branch.node not in order:
            _collect(branch.node, order)
    order[node] = None


def _asked(rules: RuleSet, node: Node, layer: int, taken: dict[str, Branch | None]) -> Asked:
    question = rules.questions[node.question]
    chosen = taken.get(node.id)
    targets: dict[tuple[str | None, str | None], list[str]] = {}
    for answer, branch in node.branches.items():
        targets.setdefault((branch.strategy, branch.node.id if branch.node else None), []).append(answer)
    end = (chosen.strategy, chosen.node.id if chosen.node else None) if chosen else None
    ways = tuple(
        Way(tuple(answers), *_named(question, answers), *target, target == end) for target, answers in targets.items()
    )
    return Asked(node.id, layer, node.question, question["title"], question["ask"], ways, node.id in taken)


def _named(question: Question, answers: list[str]) -> tuple[str, str]:
    """Return what answers are called, as one phrase, and an example of the only one."""
    texts = [question["answers"][answer] for answer in answers if answer in question["answers"]]
    first, *rest = [*(text["title"] for text in texts), *(["Not known"] * (len(texts) < len(answers)))]
    phrase = " or ".join([first, *(title[:1].lower() + title[1:] for title in rest)])
    return phrase, (texts[0]["example"] or "") if len(answers) == 1 and texts else ""
