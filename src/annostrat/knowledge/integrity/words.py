"""Words that must mean something: questions, answers, strategies, nodes, variants and sources that are named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.errors import Location, Problem
from annostrat.knowledge import files, yaml_source
from annostrat.knowledge.integrity.parts import FilePart, Name, entries, fields, names, of_each_entry, parts
from annostrat.knowledge.models import guideline
from annostrat.knowledge.models import rules as models
from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pydantic import BaseModel

    from annostrat.knowledge.parsed import Entry, Parsed

_ADD = "A new one: add it to references.yaml in your folder"


def unknown_names_of_decisions(parsed: Parsed) -> Iterator[Problem]:
    """Undefined names in projects, which are skipped and do not make a rule set unusable."""
    return unknown_names(parsed, [entry for entry in parsed.decisions if entry.model is not None])


def unknown_names(parsed: Parsed, among: Iterable[Entry] | None = None) -> Iterator[Problem]:
    """Names of questions, answers, strategies and so on that no rule file defines.

    While what defines them is malformed, none is called unknown.
    """
    advice, tree = parsed.guideline.model, parsed.tree
    defined: dict[str, Collection[str]] = {
        **parsed.known,
        "topic": advice.topics if advice else (),
        "node": [node.id for node in tree.nodes] if tree else (),
    }
    for name in (name for entry in (entries(parsed) if among is None else among) for name in names(entry)):
        if name.kind in {"answer", "level"}:
            offered = [*parsed.known["question"].get(str(name.question), ())]
            accepted = [*offered, UNKNOWN] if name.kind == "answer" else offered
            if offered and name.word not in accepted:
                yield name.problem(f"'{name.word}' is not an answer to {name.question}", accepted, "unknown-answer")
        elif (words := name.kind != "reference" and defined.get(name.kind)) and name.word not in words:
            yield name.problem(f"there is no {name.kind} '{name.word}'", words, f"unknown-{name.kind}")


def malformed_entries(parsed: Parsed) -> Iterator[Problem]:
    """Projects and assistants whose files are malformed: without a source or a licence, or with unknown keys."""
    return iter(parsed.left_out)


def unknown_sources(parsed: Parsed) -> Iterator[Problem]:
    """Sources that are missing from the bibliography."""
    known = parsed.known["reference"]
    for entry in entries(parsed) if known else ():
        for name in names(entry):
            if name.kind == "reference" and name.word not in known:
                problem = name.problem(f"there is no reference '{name.word}'", known, "unknown-source")
                yield problem._replace(hint=f"{problem.hint} {_ADD}") if entry.own else problem


def unlisted_strategies(parsed: Parsed) -> Iterator[Problem]:
    """Strategies that the tree recommends without listing them."""
    offered = parsed.tree.strategies if parsed.tree else ()
    for name in names(parsed.tree_entry) if parsed.tree else ():
        listed = name.word in offered or name.word not in parsed.known["strategy"]
        if isinstance(name.part.model, models.TreeBranch) and name.kind == "strategy" and not listed:
            message = f"'{name.word}' is recommended but not listed under `strategies`"
            yield name.problem(message, offered, "unlisted-strategy")


def unknown_metric_datasets(parsed: Parsed) -> Iterator[Problem]:
    """Datasets of accuracies whose names do not begin with a title in datasets.yaml."""
    titles = tuple(parsed.known["dataset"].values())
    for part in (part for entry in parsed.architectures.values() if entry.model for part in parts(entry)):
        if titles and isinstance(part.model, models.Metric) and not part.model.dataset.startswith(titles):
            message = f"the dataset '{part.model.dataset}' does not begin with a title in datasets.yaml"
            first_word = Name("dataset", part.model.dataset.split()[0], part, ("dataset",))
            yield first_word.problem(message, titles, "unknown-dataset")


def unknown_second_opinions(parsed: Parsed) -> Iterator[Problem]:
    """A second opinion from a missing rule set, or from one that does not add its question."""
    other = parsed.tree.second_opinion if parsed.tree else None
    if parsed.tree is None or other is None:
        return
    part = next(part for part in parts(parsed.tree_entry) if part.model is other)
    trees = files.trees_beside(parsed.tree_entry.document.path)
    trees = {tree: path for tree, path in trees.items() if tree != parsed.tree_entry.id}
    if other.rules not in trees:
        message = f"there is no other rule set '{other.rules}'"
        yield Name("rules", other.rules, part, ("rules",)).problem(message, trees, "unknown-rules")
        return
    asked = dict.fromkeys(str(node.get("ask")) for node in _nodes_of(trees[other.rules]))
    if other.ask not in asked and other.ask in parsed.known["question"]:
        message = f"rule set '{other.rules}' does not ask '{other.ask}'"
        yield Name("question", other.ask, part, ("ask",)).problem(message, asked, "unknown-question")
    elif any(node.ask == other.ask for node in parsed.tree.nodes):
        message = f"this tree asks '{other.ask}' itself, so the other one does not add it"
        yield Problem(part.locate("ask"), message, "name a question that only the other one asks", "asked-here-too")


def _nodes_of(path: str) -> list[dict[str, str]]:
    """Return the nodes of another tree file, except malformed ones."""
    tree = next(iter(yaml_source.read_file(path))).data
    nodes = tree.get("nodes") if isinstance(tree, dict) else None
    return [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []


def repeated_ids(parsed: Parsed) -> Iterator[Problem]:
    """Nodes of one tree, variants of the catalogue, or attributes that share an id."""
    seen: set[tuple[type, str]] = set()
    for part in (part for entry in entries(parsed) for part in parts(entry)):
        id_ = getattr(part.model, "id", None)
        if id_ is None:
            continue
        if (type(part.model), id_) in seen:
            message = f"the id '{id_}' is used twice"
            yield Problem(part.locate("id"), message, "give one of them another id", "repeated-id")
        seen.add((type(part.model), id_))


@of_each_entry
def self_names(entry: Entry) -> Iterator[Problem]:
    """Strategies, variants and rates that name themselves as their successor, part or conversion."""
    for name in names(entry):
        if (name.kind, name.word) in name.part.owners:
            where = name.part.locate(*name.keys, at_key=name.at_key)
            yield Problem(where, f"{name.kind} '{name.word}' names itself", "name another one, or none", "names-itself")


@of_each_entry
def repeated_words(entry: Entry) -> Iterator[Problem]:
    """Words that a list contains twice."""
    for part in parts(entry):
        for key, words in _lists_of_words(part):
            for index, word in enumerate(words):
                if word in words[:index] and key != ("when",):  # of a branch, `answers_offered_twice` says more
                    yield Problem(part.locate(*key, index), f"'{word}' is given twice", "keep one", "repeated-word")


def _lists_of_words(part: FilePart) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """Yield the lists of words in a part, with their keys: of fields, and in mappings and lists of lists."""
    for name, field, value, _ in fields(part):
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
        below = [((field.alias or name, key), item) for key, item in items]
        for keys, words in [((field.alias or name,), value), *below]:
            if isinstance(words, tuple) and all(isinstance(word, str) for word in words):
                yield keys, words


_TITLED: tuple[type[BaseModel], ...] = (
    *(models.QuestionFile, models.StrategyFile, models.ArchitectureFile, models.AssistantFile, models.ReferenceEntry),
    *(models.Answer, models.AssistantSize, models.KnownDomain, models.Dataset, models.FigureKind),
)
_TELLING: dict[type[BaseModel], str] = {
    **dict.fromkeys(_TITLED, "title"),
    **dict.fromkeys((models.Claim, models.TipFile, models.RuleOfThumb, models.Plan, guideline.Advice), "text"),
    models.Measure: "figure",
    models.Conversion: "strategy",
    models.BuiltIn: "tool",
    models.Latency: "hardware",
    guideline.Decision: "ask",
    models.ExpertDecisionEntry: "name",
}
"""The field by which a reader tells things of a kind apart."""


def repeated_things(parsed: Parsed) -> Iterator[Problem]:
    """Things that nobody can tell apart: two answers with one title, two conversions to one strategy."""
    decisions = [entry for entry in parsed.decisions if entry.model is not None]
    seen: set[tuple[object, ...]] = set()
    for part in (part for entry in (*entries(parsed), *decisions) for part in parts(entry)):
        if key := _TELLING.get(type(part.model)):
            beside = (part.entry, *part.place[:-1]) if part.place else ()
            thing = (type(part.model), *beside, getattr(part.model, key))
            if thing in seen:
                message = f"another one next to it has the same {key}, '{thing[-1]}'"
                yield Problem(part.locate(key), message, "change one, or remove it", "repeated-thing")
            seen.add(thing)


_ID = re.compile(r"[a-z][a-z0-9_.-]*")


def names_of_files(parsed: Parsed) -> Iterator[Problem]:
    """Files whose stem is not a valid id."""
    for entry in (parsed.tree_entry, *(entry for room in parsed.rooms() for entry in room.values())):
        if not _ID.fullmatch(entry.id):
            hint = "the name of a file is an id: small letters, digits, _, . and -, a letter first"
            yield Problem(Location(entry.document.path, 1, 1), f"'{entry.id}' is not an id", hint, "name-of-file")
