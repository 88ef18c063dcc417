"""Write YAML: values in flow or block style, and the modeline that names a schema for editors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.errors import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = re.compile("(?!(?:true|false|null)$)[a-z][a-z0-9_]*")
_PAIRS = {'"': '\\"', "\\": "\\\\"}


def modeline(kind: str) -> str:
    """Return the comment that tells an editor which shipped schema to use for validation and completion."""
    from pathlib import Path

    from annostrat.knowledge.files import shipped_folder

    path = Path(shipped_folder(), "schemas", f"{kind}.json").absolute()
    return f"# yaml-language-server: $schema={path.as_uri()}\n"


def flow(value: object) -> str:
    """Return a mapping, list, string, number or boolean in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(_pair(key, part, " ") for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else quoted(value)
    return str(value).lower()


def _pair(key: object, value: object, space: str) -> str:
    """Return a key with its value; a long key gets a `?`, because YAML limits plain keys to 1,024 characters."""
    written = flow(key)
    return f"{written}: {flow(value)}" if len(written) <= MAX_PLAIN_KEY else f"? {written}{space}: {flow(value)}"


MAX_PLAIN_KEY = 1_000


def block(key: str, mapping: Mapping[str, object], remarks: Mapping[str, str]) -> str:
    """Return a mapping under its key, one line per pair; remarks become comments after their pairs."""
    pairs = ((name, _pair(name, value, "\n  ")) for name, value in mapping.items())
    lines = (f"  {pair}{_comment(remarks.get(name))}\n" for name, pair in pairs)
    return "".join([f"{key}:\n", *lines])


def _comment(remark: str | None) -> str:
    return f"  # {printable(remark)}" if remark else ""


def quoted(text: str) -> str:
    """Return text in double quotes, so that YAML parsers always read it as a string.

    A lone surrogate, which YAML cannot represent, becomes `?`.
    """
    whole = text.encode("utf-8", "replace").decode()
    return '"' + "".join(_PAIRS.get(c) or (c if c.isprintable() else f"\\U{ord(c):08x}") for c in whole) + '"'
