"""A rule set as the engine walks it: plain values, quick to load, with nothing left to resolve.

`compiled` makes the `Compiled` document from the files under rules/; `RuleSet` links it into a graph. The text parts
(`Strategy`, `Architecture`, `Tip`, `Reference`) are what JSON output shows, word for word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annostrat.knowledge.shapes import Compiled, NodeText, Reference


UNKNOWN = "unknown"
"""The answer that every question accepts."""


class Branch(NamedTuple):
    """What follows from an answer: a strategy, or the node to go on with."""

    because: str
    strategy: str | None
    node: Node | None


class Node:
    """A place in the tree where one question is asked.

    Attributes:
        id: The node's name.
        question: The question asked.
        branches: By answer, `unknown` too where the tree gives it a branch.
        offered: The answers that settle the question, with their branches.
        below: The questions asked here and further down.
    """

    __slots__ = ("below", "branches", "id", "offered", "question")

    def __init__(self, id_: str, question: str) -> None:
        self.id, self.question = id_, question
        self.branches: dict[str, Branch] = {}
        self.offered: list[tuple[str, Branch]] = []
        self.below: frozenset[str] = frozenset()


class RuleSet:
    """A decision tree, linked, with everything it refers to.

    Attributes:
        start: The node where every walk starts.
        repeats: Whether some path asks a question twice, so that walks must remember what they assumed.
        order: The questions that the tree asks, in the order in which a reader meets them.
        offered: The strategies that the tree can recommend, in the order of its file.
        questions: Every question of the knowledge, asked here or not, by id.
        words: For every question, each word that is accepted as an answer, with the answer that it stands for.
        strategies: Every strategy of the knowledge, by id.
        tier_question: The question whose answers select the tier of the architectures, if there is one.
        second: The rule set that gives a second opinion, if there is one; `second_opinion` says what it adds.
        assistants: Models that help labelling, the better-ranked first.
        guideline: What a labelling guideline says.
        domains: The closed list of fields, by id.
        datasets: Data sets that models are compared by or trained on, by id.
        findings: What can be found in labels, by kind.
        figures: What measuring reports, by id and in the order of the report.
        start_with: Why a practitioner begins with a variant, by the variants of which that is known.
        decisions: Projects whose expert's choice is known.
        relevant: The questions whose answers change any part of the result: those of `order`, the tier's, the tips'.
    """

    def __init__(self, compiled: Compiled, second: RuleSet | None = None) -> None:
        tree = compiled["tree"]
        self.id, self.title, self.version = tree["id"], tree["title"], tree["version"]
        self.digest, self.summary = tree["digest"], tree["summary"]
        self.licence, self.attribution = tree["licence"], tree["attribution"]
        self.sources = tree["sources"]
        self.questions, self.strategies = compiled["questions"], compiled["strategies"]
        self.architectures, self.tips = compiled["architectures"], compiled["tips"]
        self.effort, self.references = compiled["effort"], _Bibliography(compiled["references"])
        self.guideline, self.domains = compiled["guideline"], compiled["domains"]
        self.decisions = compiled["decisions"]
        self.datasets, self.findings = compiled["datasets"], compiled["findings"]
        self.figures = compiled["figures"]
        variants = [variant for suited in self.architectures.values() for variant in suited]
        self.start_with = {one["id"]: one["start_with"] for one in variants if one["start_with"]}
        self.words = {question: _words(text["answers"]) for question, text in self.questions.items()}
        self.nodes = _link(tree["nodes"])
        self.start = self.nodes[tree["nodes"][0]["id"]]
        self.repeats = any(
            node.question in branch.node.below
            for node in self.nodes.values()
            for branch in node.branches.values()
            if branch.node is not None
        )
        self.order = tuple(dict.fromkeys(node.question for node in self.nodes.values()))
        self.offered = tuple(tree["strategies"])
        self.tier_question = next((id_ for id_ in self.questions if self.tier(id_)), None)
        self.assistants = compiled["assistants"]
        conditions = [
            question for tip in self.tips for question in (*tip["when"]["answers"], *tip["unless"]["answers"])
        ]
        extra = [self.tier_question] if self.tier_question else []
        self.relevant = tuple(dict.fromkeys([*self.order, *extra, *conditions]))
        self.second, self.second_opinion = second, tree["second_opinion"]

    def tier(self, question: str, answer: str | None = None) -> str | None:
        """Return the tier that an answer selects; without an answer, the first that any of its answers does."""
        answers = self.questions[question]["answers"]
        chosen = answers.values() if answer is None else [answers[answer]] if answer in answers else []
        return next((text["tier"] for text in chosen if text["tier"]), None)

    def asked_tier(self, answers: Mapping[str, str]) -> str | None:
        """Return the tier that some answers select; None where they leave it open."""
        return self.tier(self.tier_question, answers.get(self.tier_question, UNKNOWN)) if self.tier_question else None

    def domain(self, words: str) -> str | None:
        """Return the field that some words name: its id, its title or a word that people write instead."""
        word = "_".join(words.lower().replace("-", " ").replace("_", " ").split())
        return next((id_ for id_, text in self.domains.items() if word in (id_, *text["words"])), None)


class _Bibliography(dict[str, "Reference"]):
    """The references by id; one that is not there is so called, for `rules check` to report and not to stop."""

    def __missing__(self, id_: str) -> Reference:
        return {"title": "Not in the bibliography", "authors": None, "year": None, "url": None, "note": None}


def _words(answers: Iterable[str]) -> dict[str, str]:
    words = {answer: answer for answer in (*answers, UNKNOWN)}
    return {"true": "yes", "false": "no", **words} if words.keys() == {"yes", "no", UNKNOWN} else words


def _link(compiled: list[NodeText]) -> dict[str, Node]:
    nodes = {node["id"]: Node(node["id"], node["ask"]) for node in compiled}
    for node in compiled:
        for branch in node["branches"]:
            target = nodes[branch["go"]] if branch["go"] is not None else None
            linked = Branch(branch["because"], branch["strategy"], target)
            nodes[node["id"]].branches.update(dict.fromkeys(branch["when"], linked))
    for linked_node in nodes.values():
        linked_node.offered = [pair for pair in linked_node.branches.items() if pair[0] != UNKNOWN]
    _look_below(nodes[compiled[0]["id"]])
    return nodes


def _look_below(node: Node) -> frozenset[str]:
    """Fill in what is asked below a node and every node under it."""
    if not node.below:
        targets = {id(branch.node): branch.node for branch in node.branches.values() if branch.node}
        node.below = frozenset({node.question}).union(*map(_look_below, targets.values()))
    return node.below
