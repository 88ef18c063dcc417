"""Rule files as checked models that still know their lines: what `integrity` proves and `compiled` condenses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from annostrat.errors import Location, Problem, suggest
from annostrat.knowledge import models, yaml_source
from annostrat.knowledge.files import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.files import Contents
    from annostrat.knowledge.yaml_source import Document

_M = TypeVar("_M", bound=BaseModel)


class Entry(NamedTuple):
    """One file: where it stands, and what it says if it is well-formed."""

    id: str
    document: Document
    model: Any
    own: bool


class Parsed(NamedTuple):
    """All files of a rule set.

    Attributes:
        tree_id: The tree's id.
        tree: The tree, if its file is well-formed.
        tree_entry: The tree's file.
        questions: The questions' files, by id; likewise the next three.
        strategies: See `questions`.
        architectures: See `questions`.
        tips: See `questions`.
        references: The files of the bibliography: the shipped one, and the user's own if there is one.
        digest: The digest of all bytes.
        problems: Every file's problems of form.
    """

    tree_id: str
    tree: models.TreeFile | None
    tree_entry: Entry
    questions: dict[str, Entry]
    strategies: dict[str, Entry]
    architectures: dict[str, Entry]
    tips: dict[str, Entry]
    references: list[Entry]
    digest: str
    problems: list[Problem]

    def bibliography(self) -> dict[str, models.Reference]:
        """Return every reference, the user's own before the shipped one of the same id."""
        return {key: text for entry in self.references if entry.model for key, text in entry.model.root.items()}


def parse_rules(contents: Contents) -> Parsed:
    """Read the bytes of a rule set's files into models, collecting every problem of form."""
    problems: list[Problem] = []
    own = contents.files.own

    def room(name: str, model: type[BaseModel]) -> dict[str, Entry]:
        found = {}
        for file, data in contents.rest.items():
            if file.startswith(f"{name}/"):
                id_ = Path(file).stem
                found[id_] = _entry(id_, contents.files.paths[file], data, model, file in own, problems)
        return found

    tree = _entry(contents.files.tree, contents.files.tree_path, contents.tree, models.TreeFile, True, problems)
    references = [
        _entry(
            "references",
            contents.files.paths[name],
            contents.rest[name],
            models.ReferencesFile,
            name in own,
            problems,
        )
        for name in ("references.yaml", f"{OWN}references.yaml")
        if name in contents.rest
    ]
    return Parsed(
        contents.files.tree,
        tree.model,
        tree,
        room("questions", models.QuestionFile),
        room("strategies", models.StrategyFile),
        room("architectures", models.ArchitectureFile),
        room("tips", models.TipFile),
        references,
        contents.digest,
        problems,
    )


def _entry(id_: str, path: str, data: bytes, model: type[_M], own: bool, problems: list[Problem]) -> Entry:
    document = _only_document(path, data)
    if document.problems:
        problems += document.problems
        return Entry(id_, document, None, own)
    try:
        return Entry(id_, document, model.model_validate(document.data), own)
    except ValidationError as error:
        problems += _problems_of(error, document, model)
        return Entry(id_, document, None, own)


def _only_document(path: str, data: bytes) -> Document:
    text = yaml_source.decode(data, path)
    if isinstance(text, Problem):
        return yaml_source.broken(path, [text])
    documents = list(yaml_source.parse(text, path))
    if not documents:
        return yaml_source.broken(path, [Problem(Location(path), "is empty")])
    if len(documents) > 1 and not documents[0].problems:
        where = documents[1].locate()
        return yaml_source.broken(path, [Problem(where, "a rule file holds one document", "remove the rest")])
    return documents[0]


def _problems_of(error: ValidationError, document: Document, model: type[BaseModel]) -> Iterator[Problem]:
    faults = error.errors(include_url=False, include_context=False)
    places = [fault["loc"] for fault in faults]
    for fault in faults:
        loc = fault["loc"]
        follows = any(place != loc and place[: len(loc)] == loc for place in places)
        if fault["type"] == "too_short" and follows:
            continue  # pydantic counts the items that are left after removing the faulty ones
        message, hint = _wording(fault["type"], fault["msg"], loc, model)
        at_key = fault["type"] == "extra_forbidden"
        yield Problem(document.locate(*loc, at_key=at_key), message, hint, "form")


def _wording(kind: str, text: str, loc: tuple[int | str, ...], model: type[BaseModel]) -> tuple[str, str | None]:
    key = str(loc[-1]) if loc else ""
    keys = list(_fields_at(model, loc[:-1]))
    if kind == "missing":
        return f"the key '{key}' is missing", None
    if kind == "extra_forbidden":
        return f"'{key}' is not a key here", suggest(key, keys)
    if kind == "literal_error":
        return f"{key}: {text[0].lower()}{text[1:]}", None
    words = text.removeprefix("Value error, ")
    return (f"{key}: " if key and not key.isdigit() else "") + words[0].lower() + words[1:], None


def _fields_at(model: object, loc: tuple[int | str, ...]) -> Iterator[str]:
    """Yield the keys that a model allows at a place in its data."""
    for part in loc:
        model = _child_of(model, part)
    if isinstance(model, type) and issubclass(model, BaseModel):
        yield from model.model_fields


def _child_of(model: object, part: int | str) -> object:
    if isinstance(model, type) and issubclass(model, BaseModel):
        field = model.model_fields.get(str(part))
        return _model_in(field.annotation) if field else None
    return model  # an index into a list or a key of a mapping: the model found inside stays


def _model_in(annotation: object) -> object:
    """Return the model inside a type such as `tuple[Model, ...]`, `dict[str, Model]` or `Model | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
