"""Whether what is stated can be looked up: claims with sources, figures with sources, references that are used."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from annostrat.errors import Problem
from annostrat.knowledge.integrity.parts import entries, fields, names, of_each_entry, parts
from annostrat.knowledge.models.rules import ById, Handle, Stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.integrity.parts import FilePart
    from annostrat.knowledge.parsed import Entry, Parsed

_UNITS = r"%|(?:per ?cent|s|seconds?|minutes?|hours?|times|x|ms|USD|dollars?|m?AP|mIoU)\b"
_FIGURE = re.compile(rf"(?<![\w.-])\d[\d.,]*\s*(?:{_UNITS})")
_NAMES = {"id", "title", "input", "version"}
"""Fields that hold names, whose numbers are not figures."""


def unused_references(parsed: Parsed) -> Iterator[Problem]:
    """References that nothing names; beside the user's own files, only the user's own references are looked at.

    While a file is malformed, what it names is not known, and no reference is called unused.
    """
    if parsed.problems or parsed.left_out:
        return
    used = {name.word for entry in entries(parsed) for name in names(entry) if name.kind == "reference"}
    whole = not any(entry.own for room in parsed.rooms() for entry in room.values())
    for entry in parsed.references:
        if entry.model is None or not (entry.own or whole):
            continue
        for reference in entry.model.root:
            if reference not in used:
                place = entry.document.locate(reference, at_key=True)
                yield Problem(place, f"nothing names the reference '{reference}'", "remove it", "unused-reference")


def usurped_references(parsed: Parsed) -> Iterator[Problem]:
    """The user's own references under the id of another, shipped work: shipped claims would cite them."""
    shipped = {
        id_: work
        for entry in parsed.references
        if entry.model and not entry.own
        for id_, work in entry.model.root.items()
    }
    for entry in (entry for entry in parsed.references if entry.model and entry.own):
        for id_, work in entry.model.root.items():
            if id_ in shipped and work.title != shipped[id_].title and work.url != shipped[id_].url:
                message = f"'{id_}' is the id of another work, '{shipped[id_].title}', which shipped claims cite"
                place = entry.document.locate(id_, at_key=True)
                yield Problem(place, message, "give it another id", "usurped-reference")


@of_each_entry
def claims_without_source(entry: Entry) -> Iterator[Problem]:
    """Claims, figures, licences and tips without a source."""
    for part in parts(entry):
        statement = part.model
        if isinstance(statement, Stated) and not statement.sources and not statement.may_lack_sources():
            what = type(statement).__name__.removesuffix("File").lower()
            message, hint = f"this {what} has no source", "add `sources: [id]`"
            yield Problem(part.locate(), message, hint, "without-source")


@of_each_entry
def figures_in_prose(entry: Entry) -> Iterator[Problem]:
    """Figures in texts that cannot have a source."""
    for part in () if isinstance(entry.model, ById) else parts(entry):
        for keys, text in _prose(part):
            if figure := _FIGURE.search(text):
                message = f"the figure '{figure.group()}' is stated without a source"
                hint = "move it to a claim with sources, or leave it out"
                yield Problem(part.locate(*keys), message, hint, "figure-without-source")


def _prose(part: FilePart) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the sentences of a part without sources, with their keys, except code to paste."""
    sourced = isinstance(part.model, Handle) or (isinstance(part.model, Stated) and part.model.sources)
    for name, field, value, _ in fields(part):
        key = field.alias or name
        if isinstance(value, str) and name not in _NAMES and not sourced:
            yield (key,), value
        elif isinstance(value, dict) and name not in _NAMES:
            yield from (((key, word), text) for word, text in value.items() if isinstance(text, str))


@of_each_entry
def future_years(entry: Entry) -> Iterator[Problem]:
    """Years of publication in the future, by the clock of this machine."""
    now = date.today().year  # noqa: DTZ011 - a year is near enough in any time zone
    for part in parts(entry):
        year = getattr(part.model, "year", None)
        if isinstance(year, int) and year > now:
            message, hint = f"{year} is in the future", "give the year in which it appeared"
            yield Problem(part.locate("year"), message, hint, "future-year")
