"""What tells the format of a file whose beginning does not: its keys, its tags or a very long first row."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from annostrat.annotations.files.regular import open_regular
from annostrat.annotations.text import json, xml
from annostrat.annotations.text.json import is_cut
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_ROW = 4_000_000
"""Bytes within which the first row of a text file must end: an outline of a hundred thousand vertices."""


def structure_of(path: str, head: bytes) -> bytes | None:
    """Return a short text with the structure of a whole file; None if its head is all of it, or it cannot be read."""
    read = _READERS.get(os.path.splitext(path)[1].lower())
    if read is None or not is_cut(head):
        return None
    try:
        return read(path)
    except (InputError, OSError):
        return None


def _first_row(path: str) -> bytes:
    with open_regular(path) as file:
        return file.readline(LONGEST_ROW) + b"\n"


_READERS: dict[str, Callable[[str], bytes]]
_READERS = {**dict.fromkeys(json.JSON, json.condensed), ".xml": xml.condensed, ".txt": _first_row}
