"""Rule files as checked models that keep their line numbers, for `integrity`, and their content, for `compiled`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from annostrat.errors import Location, Problem, nearest, suggest
from annostrat.knowledge import yaml_source
from annostrat.knowledge.files import DECISIONS, OWN, REFERENCES, ROOMS, SHEETS
from annostrat.knowledge.models import guideline as guideline_models
from annostrat.knowledge.models import rules as models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

    from annostrat.knowledge.files import Contents
    from annostrat.knowledge.loader import Dumps
    from annostrat.knowledge.yaml_source import Document

    Place = tuple[int | str, ...]

_QUOTED = re.compile(r"'([^']+)'")


@dataclass(frozen=True, eq=False)
class Entry:
    """One document of a rule file.

    Attributes:
        id: The file's stem.
        document: The file's content, with positions.
        model: The same as a checked model; None if it is malformed.
        own: Whether the file is the user's own.
        problems: Problems of form.
        dump: The data to compile; None if it is malformed.
    """

    id: str
    document: Document
    model: Any
    own: bool
    problems: tuple[Problem, ...] = ()
    dump: Any = None


class Parsed(NamedTuple):
    """The files of a rule set: all of them, or the user's own.

    Attributes:
        tree_entry: The tree's file.
        questions: The questions' files, by id; likewise the next four.
        strategies: See `questions`.
        architectures: See `questions`.
        assistants: See `questions`.
        tips: See `questions`.
        effort: The effort of labelling.
        guideline: The content of a labelling guideline.
        domains: The closed list of fields.
        datasets: Data sets that models are compared by or trained on.
        findings: Possible findings in labels.
        figures: The figures that measuring reports.
        decisions: Projects whose expert's choice is known, one entry per document.
        references: The files of the bibliography: the shipped one, and the user's own if there is one.
        dumps: The content of each file, including shipped ones that were not read again.
        known: The words that files may name, by kind, including words from shipped files that were not read again: the
            answers of each question, the title of each data set; none of a kind that some file fails to define.
        problems: Every file's problems of form.
        left_out: Problems of projects and assistants, which are left out; they do not make a rule set unusable.
    """

    tree_entry: Entry
    questions: dict[str, Entry]
    strategies: dict[str, Entry]
    architectures: dict[str, Entry]
    assistants: dict[str, Entry]
    tips: dict[str, Entry]
    effort: Entry
    guideline: Entry
    domains: Entry
    datasets: Entry
    findings: Entry
    figures: Entry
    decisions: list[Entry]
    references: list[Entry]
    dumps: Dumps
    known: dict[str, Mapping[str, Any]]
    problems: list[Problem]
    left_out: list[Problem]

    @property
    def tree(self) -> models.TreeFile | None:
        """The tree, if its file is well-formed."""
        tree: models.TreeFile | None = self.tree_entry.model
        return tree

    def rooms(self) -> tuple[dict[str, Entry], ...]:
        """Return the rooms in which each file is one entry."""
        return (self.questions, self.strategies, self.architectures, self.assistants, self.tips)


_MODELS: dict[str, type[BaseModel]] = {
    "questions": models.QuestionFile,
    "strategies": models.StrategyFile,
    "architectures": models.ArchitectureFile,
    "assistants": models.AssistantFile,
    "tips": models.TipFile,
    DECISIONS: models.ExpertDecisionEntry,
    "effort.yaml": models.EffortFile,
    "guideline.yaml": guideline_models.GuidelineFile,
    "domains.yaml": models.DomainsFile,
    "datasets.yaml": models.DatasetsFile,
    "findings.yaml": models.FindingsFile,
    "figures.yaml": models.FiguresFile,
    REFERENCES: models.ReferencesFile,
    f"{OWN}{REFERENCES}": models.ReferencesFile,
}
"""The model of each file, or of each document in the files of a folder."""
_LEFT_OUT = ("assistants", DECISIONS)
"""Folders whose malformed entries do not make a rule set unusable."""


def parse_rules(contents: Contents, shipped: Dumps | None = None) -> Parsed:
    """Parse the bytes of a rule set's files into models, collecting every problem of form.

    Args:
        contents: The files.
        shipped: The content of the shipped files, if only the user's own were read.
    """
    rooms: dict[str, dict[str, Entry]] = {name: {} for name in ROOMS}
    sheets = {name: Entry(Path(name).stem, yaml_source.broken(name, []), None, own=False) for name in SHEETS}
    (tree,) = _read(contents.files.tree, contents.files.tree_path, contents.tree, models.TreeFile, own=True)
    decisions, problems, left_out, dumps = list[Entry](), [*tree.problems], list[Problem](), dict(shipped or {})
    for file, data in contents.rest.items():
        room, id_ = file.partition("/")[0], Path(file).stem
        several = room == DECISIONS
        entries = _read(id_, contents.files.paths[file], data, _MODELS[room], file in contents.files.own, several)
        (left_out if room in _LEFT_OUT else problems).extend(fault for entry in entries for fault in entry.problems)
        dumps[file] = [entry.dump for entry in entries if entry.model] if several else entries[0].dump
        if several:
            decisions += entries
        elif room in rooms:
            rooms[room][id_] = entries[0]
        else:
            sheets[file] = entries[0]
    references = [sheets.pop(name) for name in (REFERENCES, f"{OWN}{REFERENCES}") if name in sheets]
    named: dict[str, Any] = {**rooms, **{Path(name).stem: entry for name, entry in sheets.items()}}
    return Parsed(
        tree_entry=tree,
        **named,
        decisions=decisions,
        references=references,
        dumps=dumps,
        known=_known(dumps),
        problems=problems,
        left_out=left_out,
    )


def _known(dumps: Dumps) -> dict[str, Mapping[str, Any]]:
    def room(name: str) -> dict[str, Any]:
        return {Path(file).stem: dump for file, dump in dumps.items() if file.startswith(f"{name}/")}

    families = room("architectures").values()
    bibliographies = [dumps[name] for name in (REFERENCES, f"{OWN}{REFERENCES}") if name in dumps]
    return {
        "question": {id_: dump["answers"] if dump else () for id_, dump in room("questions").items()},
        "strategy": room("strategies"),
        "variant": {one["id"]: one for dump in families for one in dump["variants"]} if all(families) else {},
        "domain": dumps.get("domains.yaml") or {},
        "dataset": {id_: one["title"] for id_, one in (dumps.get("datasets.yaml") or {}).items()},
        "figure": dumps.get("figures.yaml") or {},
        "reference": {} if None in bibliographies else dict(chain.from_iterable(map(dict.items, bibliographies))),
    }


@lru_cache(maxsize=1_000)
def _read(
    id_: str, path: str, data: bytes, model: type[BaseModel], own: bool, several: bool = False
) -> tuple[Entry, ...]:
    """Return the entries of a file, usually one; they are cached for the next rule set."""
    text = yaml_source.decode(data, path)
    documents = [yaml_source.broken(path, [text])] if isinstance(text, Problem) else [*yaml_source.parse(text, path)]
    if not several and not documents:
        documents = [yaml_source.broken(path, [Problem(Location(path), "is empty", code="form")])]
    if not several and len(documents) > 1 and not documents[0].problems:
        second = Problem(documents[1].locate(), "a rule file holds one document", "remove the rest", "form")
        documents = [yaml_source.broken(path, [second])]
    return tuple(_checked(id_, document, model, own) for document in (documents if several else documents[:1]))


def _checked(id_: str, document: Document, model: type[BaseModel], own: bool) -> Entry:
    if document.problems:
        return Entry(id_, document, None, own, tuple(document.problems))
    try:
        valid = model.model_validate(document.data)
    except ValidationError as error:
        return Entry(id_, document, None, own, tuple(_problems_of(error, document, model)))
    return Entry(id_, document, valid, own, (), valid.model_dump(mode="json"))


def _problems_of(error: ValidationError, document: Document, model: type[BaseModel]) -> Iterator[Problem]:
    faults = error.errors(include_url=False, include_context=False)
    places = [fault["loc"] for fault in faults]
    for fault in faults:
        loc = fault["loc"]
        follows = any(place != loc and place[: len(loc)] == loc for place in places)
        if fault["type"] == "too_short" and follows:
            continue  # pydantic counts the items that are left after removing the faulty ones
        of_key = loc[-1:] == ("[key]",)  # added by pydantic where a mapping's key, not its value, is at fault
        place = loc[:-1] if of_key else loc
        message, hint = _wording(fault, place, model)
        at_key = of_key or fault["type"] == "extra_forbidden"
        yield Problem(document.locate(*place, at_key=at_key), message, hint, "form")


def _wording(fault: ErrorDetails, place: Place, model: type[BaseModel]) -> tuple[str, str | None]:
    key, kind = str(place[-1]) if place else "", fault["type"]
    if kind == "missing":
        return f"the key '{key}' is missing", None
    if kind == "extra_forbidden":
        return f"'{key}' is not a key here", suggest(key, _keys_at(model, place[:-1]))
    words = _in_words_of_yaml(fault["msg"])
    close = nearest(str(fault["input"]), _QUOTED.findall(words)) if kind == "literal_error" else None
    hint = f"did you mean '{close}'?" if close else _QUOTE if _is_unquoted(fault) else None
    return (f"{key}: " if key and not key.isdigit() else "") + words[0].lower() + words[1:], hint


_QUOTE = "put it in quotes"


def _is_unquoted(fault: ErrorDetails) -> bool:
    """Return whether YAML read unquoted text as a number or a boolean."""
    return fault["type"] == "string_type" and isinstance(fault["input"], (bool, int, float))


def _in_words_of_yaml(text: str) -> str:
    text = text.removeprefix("Value error, ").replace(" after validation", "").replace("a valid string", "text")
    text = re.sub(r"\bstring\b", "text", text, flags=re.IGNORECASE)
    text = re.sub(r"\bdictionary( or instance of \w+)?", "mapping of keys to values", text, flags=re.IGNORECASE)
    return re.sub(r"\btuple\b", "list", text, flags=re.IGNORECASE)


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    """Return the keys that a model allows at a place in its data."""
    kind: object = model.model_fields["root"].annotation if issubclass(model, RootModel) else model
    for part in place:
        kind = _inside(kind, str(part))
    allowed = _model_in(kind)
    return [field.alias or name for name, field in allowed.model_fields.items()] if allowed else []


def _inside(kind: object, key: str) -> object:
    """Return the type of one part of a list, a mapping or a model."""
    if get_origin(kind) in {dict, tuple}:
        return get_args(kind)[get_origin(kind) is dict]
    model = _model_in(kind)
    field = model.model_fields.get(key) if model else None
    return field.annotation if field else None


def _model_in(kind: object) -> type[BaseModel] | None:
    """Return the model in a type such as `Model`, `Model | None` or `Annotated[Model, ...]`."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next(filter(None, map(_model_in, get_args(kind))), None)
