"""Formats that are recognised but not read, and how to convert them to a format that is.

`other_formats.yaml` beside this module describes how each is recognised.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import NamedTuple

from annostrat.annotations.text.json import keys

_TABLE = os.path.join(os.path.dirname(__file__), "other_formats.yaml")
_BOM = b"\xef\xbb\xbf"


class OtherFormat(NamedTuple):
    """A format, as the table describes it."""

    title: str
    suffixes: tuple[str, ...]
    source: str
    keys: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    text: str = ""
    advice: str = ""
    panlabel: str = ""


@cache
def other_formats() -> tuple[OtherFormat, ...]:
    """Return all formats, in the order in which they are tried."""
    from annostrat.knowledge.yaml_source import read_file

    (document,) = read_file(_TABLE)
    sets = {"keys": frozenset, "columns": frozenset, "suffixes": tuple}
    rows = ({key: sets.get(key, str)(value) for key, value in row.items()} for row in document.data)
    return tuple(OtherFormat(**row) for row in rows)


def other_format(path: str, head: bytes) -> OtherFormat | None:
    """Return the format of a file, by its extension and its head; None if none matches."""
    suffix = os.path.splitext(path)[1].lower()
    formats = [each for each in other_formats() if suffix in each.suffixes]
    text = head.removeprefix(_BOM).decode("latin-1") if formats else ""
    columns = {name.strip(' "').lower() for name in re.split(r"[,;\t]", text.partition("\n")[0].strip())}
    found = keys(head) if any(each.keys for each in formats) else set()
    for each in formats:
        if each.keys <= found and each.columns <= columns and re.match(each.text, text, re.DOTALL):
            return each
    return None
