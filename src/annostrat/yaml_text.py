"""YAML as annostrat writes it: values in flow style, and the line that names the schema for editors."""

from __future__ import annotations

import re

_PLAIN = re.compile("(?!(?:true|false|null)$)[a-z][a-z0-9_]*")
_PAIRS = {'"': '\\"', "\\": "\\\\"}


def modeline(kind: str) -> str:
    """Return the comment that tells an editor by which shipped schema to check and complete the file."""
    from pathlib import Path

    from annostrat.knowledge.files import shipped_folder

    path = Path(shipped_folder(), "schemas", f"{kind}.json").absolute()
    return f"# yaml-language-server: $schema={path.as_uri()}\n"


def flow(value: object) -> str:
    """Return a value in YAML's flow style: of mappings, lists, texts, numbers and booleans."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(flow(key))}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else quoted(value)
    return str(value).lower()


def _key(written: str) -> str:
    """Return a key; a long one with a mark before it, without which YAML reads none of more than 1,024 characters."""
    return written if len(written) <= MAX_PLAIN_KEY else f"? {written} "


MAX_PLAIN_KEY = 1_000


def quoted(text: str) -> str:
    """Return text in double quotes, so that no reader of YAML takes it for anything else.

    Half a surrogate pair, which YAML cannot say, becomes `?`.
    """
    whole = text.encode("utf-8", "replace").decode()
    return '"' + "".join(_PAIRS.get(c) or (c if c.isprintable() else f"\\U{ord(c):08x}") for c in whole) + '"'
