"""Whether what is stated can be looked up: claims with sources, figures with sources, references that are used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel

from annostrat.errors import Problem
from annostrat.knowledge.integrity import words
from annostrat.knowledge.models.rules import Stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.parsed import Entry, Parsed

_UNITS = r"%|(?:per ?cent|s|seconds?|minutes?|hours?|times|x|ms|USD|dollars?|m?AP|mIoU)\b"
_FIGURE = re.compile(rf"(?<![\w.-])\d[\d.,]*\s*(?:{_UNITS})")
_NAMES = {"id", "title", "handle", "input", "version"}
"""Fields that hold names, in which a number is no figure."""


def unused_references(parsed: Parsed) -> Iterator[Problem]:
    """References that nothing names; beside the user's own files, only the user's own references are looked at.

    While a file is malformed, what it names is not known, and no reference is called unused.
    """
    if parsed.problems or parsed.left_out:
        return
    used = {mention.word for mention in words.sources(parsed)}
    whole = not any(entry.own for room in parsed.rooms() for entry in room.values())
    for entry in parsed.references:
        if entry.model is None or not (entry.own or whole):
            continue
        for reference in entry.model.root:
            if reference not in used:
                place = entry.document.locate(reference, at_key=True)
                yield Problem(place, f"nothing names the reference '{reference}'", "remove it", "unused-reference")


def claims_without_source(parsed: Parsed) -> Iterator[Problem]:
    """Claims, figures, licences and tips that do not say where they come from."""
    for entry in _entries(parsed):
        for place, statement in words.statements(entry.model):
            if not statement.sources and not statement.may_lack_sources():
                what = type(statement).__name__.removesuffix("File").lower()
                message = f"this {what} has no source"
                yield Problem(entry.document.locate(*place), message, "add `sources: [id]`", "without-source")


def figures_in_prose(parsed: Parsed) -> Iterator[Problem]:
    """Figures in texts that cannot carry a source."""
    for entry in _entries(parsed):
        for place, text in _prose(entry.model):
            figure = _FIGURE.search(text)
            if figure:
                message = f"the figure '{figure.group()}' is stated without a source"
                hint = "move it to a claim with sources, or leave it out"
                yield Problem(entry.document.locate(*place), message, hint, "figure-without-source")


def _prose(model: BaseModel, place: words.Place = ()) -> Iterator[tuple[words.Place, str]]:
    """Yield the sentences of a file that stand in no part with sources of its own."""
    for name in type(model).model_fields:
        value = None if name in _NAMES else getattr(model, name)
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
        if isinstance(value, str) and not (isinstance(model, Stated) and model.sources):
            yield (*place, name), value
        elif isinstance(value, BaseModel):
            yield from _prose(value, (*place, name))
        for key, part in parts:
            if isinstance(part, BaseModel):
                yield from _prose(part, (*place, name, key))
            elif isinstance(part, str) and isinstance(value, dict):
                yield (*place, name, key), part


def _entries(parsed: Parsed) -> Iterator[Entry]:
    sheets = (parsed.tree_entry, parsed.effort, parsed.guideline)
    for entry in (*sheets, *(entry for room in parsed.rooms() for entry in room.values())):
        if entry.model is not None:
            yield entry
