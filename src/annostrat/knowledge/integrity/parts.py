"""Every part of a rule file with its place, and every word in it that names something defined elsewhere.

Which fields name something is written in the models, as `Names(kind)`; so whatever is proved about one field of a
kind is proved about all of them. For example, the part `{when: {answers: {occlusion: [low, high]}}}` of a tip names
the question `occlusion` at its key, and two answers to it.
"""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from annostrat.errors import Problem, suggest
from annostrat.knowledge.models import rules as models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from annostrat.errors import Location
    from annostrat.knowledge.parsed import Entry, Parsed

    Place = tuple[str | int, ...]

_OWNER_KINDS: dict[type[BaseModel], str] = {
    models.QuestionFile: "question",
    models.StrategyFile: "strategy",
    models.Variant: "variant",
}
"""The kind of thing that the id of a file or part names."""


class FilePart(NamedTuple):
    """A part of a file: its keys, its model, and the plain values as they are in the file.

    Its owners are the kinds and ids of the things it is part of, such as ("strategy", "points"); its question is the
    one that its answers belong to, if any.
    """

    entry: Entry
    place: Place
    model: BaseModel
    written: Any
    owners: frozenset[tuple[str, str]]
    question: str | None

    def locate(self, *keys: str | int, at_key: bool = False) -> Location:
        """Return the location of a value of the part, or of its key."""
        return self.entry.document.locate(*self.place, *keys, at_key=at_key)


class Name(NamedTuple):
    """A word that names something of a kind, such as "strategy"; an answer has its question.

    The keys lead to it from its part; it may be the last of them (`at_key`).
    """

    kind: str
    word: str
    part: FilePart
    keys: Place
    at_key: bool = False
    question: str | None = None

    def problem(self, message: str, valid: Iterable[str], code: str) -> Problem:
        """Return the problem of an unknown word, with the nearest valid one."""
        return Problem(self.part.locate(*self.keys, at_key=self.at_key), message, suggest(self.word, valid), code)


def entries(parsed: Parsed) -> list[Entry]:
    """Return the well-formed entries of a rule set, except projects."""
    sheets = (parsed.tree_entry, parsed.effort, parsed.guideline, parsed.domains, parsed.datasets)
    rest = (parsed.findings, parsed.figures, *parsed.references)
    rooms = (entry for room in parsed.rooms() for entry in room.values())
    return [entry for entry in (*sheets, *rest, *rooms) if entry.model is not None]


def of_each_entry(check: Callable[[Entry], Iterator[Problem]]) -> Callable[[Parsed], Iterator[Problem]]:
    """Return a check of rule sets from a check of single entries, which remembers the problems of each entry."""
    problems = lru_cache(maxsize=2_000)(lambda entry: tuple(check(entry)))

    @wraps(check)
    def check_all(parsed: Parsed) -> Iterator[Problem]:
        return (problem for entry in entries(parsed) for problem in problems(entry))

    return check_all


@lru_cache(maxsize=2_000)
def parts(entry: Entry) -> tuple[FilePart, ...]:
    """Return every part of an entry, the whole first."""
    owner = _OWNER_KINDS.get(type(entry.model))
    whole = FilePart(entry, (), entry.model, entry.document.data, frozenset([(owner, entry.id)] if owner else []), None)
    return tuple(_within(whole._replace(question=entry.id if owner == "question" else None)))


def _within(part: FilePart) -> Iterator[FilePart]:
    owner = _OWNER_KINDS.get(type(part.model))
    if owner and isinstance(part.model, models.Variant):
        part = part._replace(owners=part.owners | {(owner, part.model.id)})
    if isinstance(part.model, models.TreeNode):
        part = part._replace(question=part.model.ask)
    yield part
    for name, field, value, written in fields(part):
        keys = () if name == "root" else (field.alias or name,)
        kind = next(_kinds(field), None)
        if isinstance(value, BaseModel):
            yield from _within(part._replace(place=(*part.place, *keys), model=value, written=written))
        elif isinstance(value, (dict, tuple)):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(item, BaseModel):
                    owners = part.owners | {(kind, str(key))} if kind else part.owners
                    place = (*part.place, *keys, key)
                    yield from _within(FilePart(part.entry, place, item, written[key], owners, part.question))


def _kinds(field: Any) -> Iterator[str]:
    return (mark.kind for mark in field.metadata if isinstance(mark, models.Names))


def fields(part: FilePart) -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield the fields given in a part: name, declaration, value, and the value as in the file."""
    for name, field in type(part.model).model_fields.items():
        if name == "root":
            yield name, field, getattr(part.model, name), part.written
        elif (field.alias or name) in part.written:
            yield name, field, getattr(part.model, name), part.written[field.alias or name]


@lru_cache(maxsize=2_000)
def names(entry: Entry) -> tuple[Name, ...]:
    """Return every word of an entry that names something."""
    return tuple(name for part in parts(entry) for name in _names_in(part))


def _names_in(part: FilePart) -> Iterator[Name]:
    for field_name, field, value, written in fields(part):
        key = field.alias or field_name
        for kind in _kinds(field):
            if isinstance(value, dict):
                for word, under in value.items():
                    yield Name(kind, word, part, (key, word), at_key=True, question=part.question)
                    if kind == "question":
                        yield from _listed("answer", part, (key, word), under, written[word], word)
            elif value is not None:
                yield from _listed(kind, part, (key,), value, written, part.question)


def _listed(
    kind: str, part: FilePart, keys: Place, value: str | tuple[str, ...], written: Any, question: str | None
) -> Iterator[Name]:
    """Yield the words of one key, which holds one word or a list of them."""
    for index, word in enumerate((value,) if isinstance(value, str) else value):
        place = (*keys, index) if isinstance(written, list) else keys
        yield Name(kind, word, part, place, question=question)
