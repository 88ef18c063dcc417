"""Words that must mean something: questions, answers, strategies, nodes, variants and sources that are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel

from annostrat.errors import Problem, suggest
from annostrat.knowledge import files, yaml_source
from annostrat.knowledge.models import rules as models
from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.parsed import Entry, Parsed
    from annostrat.knowledge.yaml_source import Document

Place = tuple[str | int, ...]
_ADD = "A new one: add it to references.yaml in your folder"


class Mention(NamedTuple):
    """A word and the place where a file names it."""

    word: str
    document: Document
    place: Place
    at_key: bool = False

    def problem(self, message: str, valid: Iterable[str], code: str) -> Problem:
        """Return the problem of a word that means nothing, with the nearest valid one."""
        location = self.document.locate(*self.place, at_key=self.at_key)
        return Problem(location, message, suggest(self.word, valid), code)


def mentions(entry: Entry, words: Iterable[str], *place: str | int) -> Iterator[Mention]:
    """Yield the words of one key, which holds one word or a list of them."""
    listed = [*words]
    single = isinstance(_value_at(entry.document.data, place), str)
    for index, word in enumerate(listed):
        yield Mention(word, entry.document, place if single else (*place, index))


def _value_at(data: object, place: Place) -> object:
    for key in place:
        if isinstance(data, dict):
            data = data.get(str(key))
        elif isinstance(data, list) and isinstance(key, int):
            data = data[key]
    return data


def unknown_questions(parsed: Parsed) -> Iterator[Problem]:
    """Questions named by a tree or a tip that no file under questions/ defines."""
    for mention in _questions(parsed):
        if mention.word not in parsed.known.questions:
            message = f"there is no question '{mention.word}'"
            yield mention.problem(message, parsed.known.questions, "unknown-question")


def _questions(parsed: Parsed) -> Iterator[Mention]:
    tree, entry = parsed.tree, parsed.tree_entry
    for index, node in enumerate(tree.nodes if tree else ()):
        yield Mention(node.ask, entry.document, ("nodes", index, "ask"))
    for index, order in enumerate(tree.orders if tree else ()):
        yield from mentions(entry, order.questions, "orders", index, "questions")
    if tree and tree.second_opinion:
        yield Mention(tree.second_opinion.ask, entry.document, ("second_opinion", "ask"))
    for entry, place, when in _conditions(parsed):
        for question in when:
            yield Mention(question, entry.document, (*place, question), at_key=True)


def unknown_answers(parsed: Parsed) -> Iterator[Problem]:
    """Answers named by a branch or a tip that the question does not offer."""
    for question, mention in _answers(parsed):
        offered = [*parsed.known.questions.get(question, ()), UNKNOWN]
        if offered[1:] and mention.word not in offered:
            yield mention.problem(f"'{mention.word}' is not an answer to {question}", offered, "unknown-answer")


def _answers(parsed: Parsed) -> Iterator[tuple[str, Mention]]:
    for at, node in enumerate(parsed.tree.nodes if parsed.tree else ()):
        for index, branch in enumerate(node.branches):
            for mention in mentions(parsed.tree_entry, branch.when, "nodes", at, "branches", index, "when"):
                yield node.ask, mention
    for entry, place, when in _conditions(parsed):
        for question, answers in when.items():
            for mention in mentions(entry, answers, *place, question):
                yield question, mention


def _conditions(parsed: Parsed) -> Iterator[tuple[Entry, Place, dict[str, tuple[str, ...]]]]:
    """Yield the answers that advice and plans wait for or are refuted by, with their file and place."""
    for entry, place, part in conditional(parsed):
        yield entry, (*place, "when", "answers"), part.when.answers
        yield entry, (*place, "unless", "answers"), part.unless.answers
    for index, plan in enumerate(parsed.effort.model.plans if parsed.effort.model else ()):
        yield parsed.effort, ("plans", index, "unless"), plan.unless


def conditional(parsed: Parsed) -> Iterator[tuple[Entry, Place, models.Conditional]]:
    """Yield the tips, and the parts of the guideline that apply under a condition, with their file and place."""
    for tip in _formed(parsed.tips):
        yield tip, (), tip.model
    for key in ("rules", "attributes", "decisions") if parsed.guideline.model else ():
        for index, part in enumerate(getattr(parsed.guideline.model, key)):
            yield parsed.guideline, (key, index), part


def unknown_strategies(parsed: Parsed) -> Iterator[Problem]:
    """Strategies named anywhere that no file defines, or that the tree recommends without listing them."""
    for mention in _strategies(parsed):
        if mention.word not in parsed.known.strategies:
            message = f"there is no strategy '{mention.word}'"
            yield mention.problem(message, parsed.known.strategies, "unknown-strategy")
    offered = parsed.tree.strategies if parsed.tree else ()
    for mention in _leaves(parsed):
        if mention.word in parsed.known.strategies and mention.word not in offered:
            message = f"'{mention.word}' is recommended but not listed under `strategies`"
            yield mention.problem(message, offered, "unlisted-strategy")


def _strategies(parsed: Parsed) -> Iterator[Mention]:
    tree, entry = parsed.tree, parsed.tree_entry
    yield from _leaves(parsed)
    yield from mentions(entry, tree.strategies if tree else (), "strategies")
    for index, order in enumerate(tree.orders if tree else ()):
        yield from mentions(entry, order.cheapest_first, "orders", index, "cheapest_first")
    for strategy in _formed(parsed.strategies):
        for index, conversion in enumerate(strategy.model.converts_to):
            yield Mention(conversion.strategy, strategy.document, ("converts_to", index, "strategy"))
        yield from mentions(strategy, strategy.model.combines, "combines")
    for family in _formed(parsed.architectures):
        for index, variant in enumerate(family.model.variants):
            yield Mention(variant.strategy, family.document, ("variants", index, "strategy"))
    for assistant in _formed(parsed.assistants):
        yield from mentions(assistant, assistant.model.draws, "draws")
    yield from _strategies_of_advice(parsed)
    yield from _strategies_of_effort(parsed.effort)


def _strategies_of_advice(parsed: Parsed) -> Iterator[Mention]:
    for entry, place, part in conditional(parsed):
        yield from mentions(entry, part.when.strategies, *place, "when", "strategies")
    for index, figure in enumerate(parsed.guideline.model.agreement if parsed.guideline.model else ()):
        yield from mentions(parsed.guideline, figure.strategies, "agreement", index, "strategies")


def _strategies_of_effort(entry: Entry) -> Iterator[Mention]:
    effort: models.EffortFile | None = entry.model
    for strategy, rate in effort.rates.items() if effort else ():
        yield Mention(strategy, entry.document, ("rates", strategy), at_key=True)
        yield from mentions(entry, rate.contains, "rates", strategy, "contains")
        if rate.outlines:
            yield Mention(rate.outlines, entry.document, ("rates", strategy, "outlines"))
    for index, plan in enumerate(effort.plans if effort else ()):
        yield Mention(plan.for_, entry.document, ("plans", index, "for"))
        if plan.all:
            yield Mention(plan.all, entry.document, ("plans", index, "all"))


def unknown_domains(parsed: Parsed) -> Iterator[Problem]:
    """Fields named by models, data sets, assistants and advice that domains.yaml does not list."""
    fields = parsed.known.domains
    for mention in _domains(parsed) if fields else ():
        if mention.word not in fields:
            yield mention.problem(f"there is no domain '{mention.word}'", fields, "unknown-domain")


def unknown_datasets(parsed: Parsed) -> Iterator[Problem]:
    """Data sets that architectures and assistants name and datasets.yaml does not list."""
    known = parsed.known.datasets
    for mention in _trained_on(parsed) if known else ():
        if mention.word not in known:
            yield mention.problem(f"there is no dataset '{mention.word}'", known, "unknown-dataset")
    titles = tuple(known.values())
    for mention in _measured_on(parsed) if known else ():
        if not mention.word.startswith(titles):
            message = f"no title in datasets.yaml begins the dataset '{mention.word}'"
            yield mention._replace(word=mention.word.split()[0]).problem(message, titles, "unknown-dataset")


def unknown_figures(parsed: Parsed) -> Iterator[Problem]:
    """Figures that a question is answered by and figures.yaml does not list."""
    known = parsed.dumps.get("figures.yaml") or {}
    for question in _formed(parsed.questions) if known else ():
        for index, measure in enumerate(question.model.measured):
            if measure.figure not in known:
                mention = Mention(measure.figure, question.document, ("measured", index, "figure"))
                yield mention.problem(f"there is no figure '{measure.figure}'", known, "unknown-figure")


def _trained_on(parsed: Parsed) -> Iterator[Mention]:
    for family in _formed(parsed.architectures):
        for index, variant in enumerate(family.model.variants):
            yield from mentions(family, variant.trained_on, "variants", index, "trained_on")
    for assistant in _formed(parsed.assistants):
        yield from mentions(assistant, assistant.model.trained_on, "trained_on")


def _measured_on(parsed: Parsed) -> Iterator[Mention]:
    for family in _formed(parsed.architectures):
        for index, variant in enumerate(family.model.variants):
            for key in ("metric", "fine_tuning"):
                metric: models.Metric | None = getattr(variant, key)
                if metric:
                    yield Mention(metric.dataset, family.document, ("variants", index, key, "dataset"))


def _domains(parsed: Parsed) -> Iterator[Mention]:
    for family in _formed(parsed.architectures):
        for index, variant in enumerate(family.model.variants):
            yield from mentions(family, variant.domains, "variants", index, "domains")
    datasets: dict[str, models.Dataset] = parsed.datasets.model.root if parsed.datasets.model else {}
    for id_, dataset in datasets.items():
        yield from mentions(parsed.datasets, dataset.domains, id_, "domains")
    for assistant in _formed(parsed.assistants):
        yield from mentions(assistant, assistant.model.domains, "domains")
        yield from mentions(assistant, assistant.model.not_for, "not_for")
    for entry, place, part in conditional(parsed):
        yield from mentions(entry, part.when.domains, *place, "when", "domains")
        yield from mentions(entry, part.unless.domains, *place, "unless", "domains")


def unknown_topics(parsed: Parsed) -> Iterator[Problem]:
    """Rules of the guideline under a topic that it does not have."""
    guideline = parsed.guideline.model
    for index, advice in enumerate(guideline.rules if guideline else ()):
        if advice.topic not in guideline.topics:
            mention = Mention(advice.topic, parsed.guideline.document, ("rules", index, "topic"))
            yield mention.problem(f"there is no topic '{advice.topic}'", guideline.topics, "unknown-topic")


def _leaves(parsed: Parsed) -> Iterator[Mention]:
    for at, node in enumerate(parsed.tree.nodes if parsed.tree else ()):
        for index, branch in enumerate(node.branches):
            if branch.strategy:
                place = ("nodes", at, "branches", index, "strategy")
                yield Mention(branch.strategy, parsed.tree_entry.document, place)


def unknown_second_opinions(parsed: Parsed) -> Iterator[Problem]:
    """A second opinion that is no other rule set, or that does not ask the question it is said to add."""
    other = parsed.tree.second_opinion if parsed.tree else None
    if other is None:
        return
    document = parsed.tree_entry.document
    trees = {tree: path for tree, path in files.trees_beside(document.path).items() if tree != parsed.tree_id}
    if other.rules not in trees:
        mention = Mention(other.rules, document, ("second_opinion", "rules"))
        yield mention.problem(f"there is no other rule set '{other.rules}'", trees, "unknown-rules")
        return
    asked = dict.fromkeys(str(node.get("ask")) for node in _nodes_of(trees[other.rules]))
    if other.ask not in asked and other.ask in parsed.known.questions:
        mention = Mention(other.ask, document, ("second_opinion", "ask"))
        yield mention.problem(f"rule set '{other.rules}' does not ask '{other.ask}'", asked, "unknown-question")


def _nodes_of(path: str) -> list[dict[str, str]]:
    """Return the nodes of another tree's file, as far as they are mappings."""
    tree = next(iter(yaml_source.read_file(path))).data
    nodes = tree.get("nodes") if isinstance(tree, dict) else None
    return [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []


def unknown_nodes(parsed: Parsed) -> Iterator[Problem]:
    """Branches that go to a node which the tree does not have."""
    nodes = parsed.tree.nodes if parsed.tree else ()
    ids = [node.id for node in nodes]
    for at, node in enumerate(nodes):
        for index, branch in enumerate(node.branches):
            if branch.go is not None and branch.go not in ids:
                mention = Mention(branch.go, parsed.tree_entry.document, ("nodes", at, "branches", index, "go"))
                yield mention.problem(f"there is no node '{branch.go}'", ids, "unknown-node")


def unknown_variants(parsed: Parsed) -> Iterator[Problem]:
    """Variants named as successors that no family has."""
    ids = parsed.known.variants
    complete = len(_formed(parsed.architectures)) == len(parsed.architectures)
    for family in _formed(parsed.architectures):
        for index, variant in enumerate(family.model.variants):
            for mention in mentions(family, variant.superseded_by, "variants", index, "superseded_by"):
                if complete and mention.word not in ids:
                    yield mention.problem(f"there is no variant '{mention.word}'", ids, "unknown-variant")


def unknown_sources(parsed: Parsed) -> Iterator[Problem]:
    """Sources named anywhere that the bibliography does not have."""
    known = parsed.bibliography()
    complete = all(entry.model for entry in parsed.references)
    own = [entry.document for entry in _stating(parsed) if entry.own]
    for mention in sources(parsed) if complete else ():
        if mention.word not in known:
            problem = mention.problem(f"there is no reference '{mention.word}'", known, "unknown-source")
            yield problem._replace(hint=f"{problem.hint} {_ADD}") if mention.document in own else problem


def sources(parsed: Parsed) -> Iterator[Mention]:
    """Yield every source that any file names."""
    for entry in _stating(parsed):
        if entry.model:
            for place, statement in statements(entry.model):
                yield from mentions(entry, statement.sources, *place, "sources")


def _stating(parsed: Parsed) -> list[Entry]:
    """Return the entries whose files can carry sources."""
    sheets = (parsed.tree_entry, parsed.effort, parsed.guideline, parsed.datasets, parsed.figures)
    return [*sheets, *(entry for room in parsed.rooms() for entry in room.values())]


def statements(model: BaseModel, place: Place = ()) -> Iterator[tuple[Place, models.Stated]]:
    """Yield every part of a file that can carry sources, with its place."""
    if isinstance(model, models.Stated):
        yield place, model
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from statements(value, (*place, name))
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
        for key, item in parts:
            if isinstance(item, BaseModel):
                yield from statements(item, (*place, name, key))


def repeated_ids(parsed: Parsed) -> Iterator[Problem]:
    """Nodes of one tree, or variants of the catalogue, that share an id."""
    tree = parsed.tree
    places = [(node.id, parsed.tree_entry, "nodes", at) for at, node in enumerate(tree.nodes if tree else ())]
    seen: set[tuple[str, str]] = set()
    for family in _formed(parsed.architectures):
        places += [(variant.id, family, "variants", at) for at, variant in enumerate(family.model.variants)]
    for id_, entry, key, at in places:
        if (key, id_) in seen:
            location = entry.document.locate(key, at, "id")
            yield Problem(location, f"the id '{id_}' is used twice", "give one of them another id", "repeated-id")
        seen.add((key, id_))


def _formed(room: dict[str, Entry]) -> list[Entry]:
    return [entry for entry in room.values() if entry.model is not None]
