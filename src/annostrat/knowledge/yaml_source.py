"""YAML and JSON text as plain values that remember their line.

Scalars follow YAML 1.2: only true/false, int, float and null are special, so `no` is the word "no" and `12:30` is
text. The following are refused, with their position: duplicate keys, tags, nesting deeper than `MAX_DEPTH`, aliases
that repeat more than `MAX_ALIASED` values, files above `MAX_BYTES`.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from annostrat.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any

    JsonReader = tuple[Callable[[bytes], Any], Callable[[Any], bytes]]

MAX_BYTES = 10_000_000
MAX_DEPTH, MAX_ALIASED = 100, 10_000
"""Maximum nesting of lists and mappings, and maximum number of values repeated by aliases, to bound the cost of a
file."""
_USUAL = 65_536  # bytes, enough for nearly every file; a read allocates all that it requests
_FIRST_LINE, _FIRST_COLUMN = 1, 1
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_BRACKET, _BACKSLASH = b"[\\"
_JSON_OBJECT = re.compile(r'\{\s*"')  # valid YAML too, but always meant as JSON


class Document:
    """One document of a file.

    Attributes:
        path: The file's name, as the user gave it.
        data: dicts, lists, str, int, float, bool and None; keys are always the text in the file.
        problems: The document's problems; `data` is None if there are any.
        text: The text that the document was read from, including the other documents of a YAML file.
        first_line: The number of the text's first line in the file.
    """

    __slots__ = ("_node", "data", "first_line", "path", "problems", "text")

    def __init__(self, path: str, data: Any, problems: list[Problem], node: Any, text: str, first: int) -> None:
        self.path, self.data, self.problems = path, data, problems
        self._node, self.text, self.first_line = node, text, first

    def without(self, keys: Collection[str]) -> Document:
        """Return the document without some keys of its mapping; positions are kept."""
        data = {key: value for key, value in self.data.items() if key not in keys} if keys else self.data
        return Document(self.path, data, self.problems, self._node, self.text, self.first_line)

    def node(self) -> Any:
        """Return the document's YAML node, with marks relative to `text`; None if YAML cannot read the JSON."""
        if self._node is None:
            from annostrat.knowledge.yaml_nodes import compose_first

            self._node = compose_first(self.text)
        return self._node

    def locate(self, *keys: str | int, at_key: bool = False) -> Location:
        """Return the location of a value (or of its key), following `keys` as deep as the document goes.

        An alias has the marks of its anchor, which precede its key: then the key's location is returned.
        """
        node = self.node() if keys else self._node
        if node is None:
            return Location(self.path, self.first_line, _FIRST_COLUMN)
        from annostrat.knowledge.yaml_nodes import child, location

        mark = node.start_mark
        for key in keys:
            inside = child(node, key)
            if inside is None:
                break
            key_mark, node = inside
            mark = key_mark if at_key or node.start_mark.index < key_mark.index else node.start_mark
        return location(self.path, mark, self.first_line)


def read_file(path: str) -> Iterator[Document]:
    """Read the documents of a YAML or JSON file; an unreadable one becomes a document with problems."""
    text = read_text(path)
    if isinstance(text, Problem):
        yield broken(path, [text])
    else:
        yield from parse(text, path)


def read_text(path: str) -> str | Problem:
    """Return a file's UTF-8 text, or the problem that prevents it."""
    data = read_bytes(path)
    return data if isinstance(data, Problem) else decode(data, path)


def read_bytes(path: str) -> bytes | Problem:
    """Return a file's content, or the problem that prevents it; at most `MAX_BYTES` are read."""
    try:
        with open(path, "rb") as file:
            if stat.S_ISDIR(os.fstat(file.fileno()).st_mode):
                return Problem(Location(path), "is a folder, not a file", code="unreadable")
            data = file.read(_USUAL)
            if len(data) == _USUAL:
                data += file.read(MAX_BYTES + 1 - _USUAL)
    except OSError as error:
        return Problem(Location(path), reason(error), code="unreadable")
    if len(data) > MAX_BYTES:
        return Problem(Location(path), f"is larger than {MAX_BYTES // 1_000_000} MB", code="too_large")
    return data


def decode(data: bytes, path: str, first_line: int = 1) -> str | Problem:
    """Return the text of UTF-8 bytes, or the problem with the line and column of the first invalid byte."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line = before.count("\n") + first_line
        column = len(before) - before.rfind("\n")
        message = f"is not UTF-8 text (byte 0x{data[error.start]:02x})"
        return Problem(Location(path, line, column), message, "save the file as UTF-8", "encoding")


def parse(text: str, path: str, first_line: int = 1) -> Iterator[Document]:
    """Read the documents of a text; `first_line` is the number of its first line in the file."""
    document = _parse_json(text, path, first_line, only=path.endswith(_JSON_SUFFIXES))
    if document is None:
        yield from _parse_yaml(text, path, first_line)
    else:
        yield document


def parse_line(line: bytes, path: str, number: int, reader: JsonReader | None = None) -> Document:
    """Read one line of a JSON Lines file, or of a stream in which a line may also be YAML in braces.

    `reader` reads plain JSON: Python's, or the one from `bulk_json`.
    """
    line = line.strip()
    data = _plain_json(line, reader or _PYTHON)
    if data is not None:
        return Document(path, data, [], None, line.decode(), number)
    text = decode(line, path, number)
    if not isinstance(text, str):
        return broken(path, [text])
    only = path.endswith(_JSON_SUFFIXES) or not text.startswith("{") or _JSON_OBJECT.match(text) is not None
    document = _parse_json(text, path, number, only=only)
    if document is not None:
        return document
    documents = list(_parse_yaml(text, path, number))
    if len(documents) == 1:
        return documents[0]
    return broken(path, [Problem(Location(path, number, 1), "a line holds one JSON object", code="syntax")])


def _parse_json(text: str, path: str, first_line: int, *, only: bool) -> Document | None:
    """Return the document of a JSON text, or None if the YAML reader must locate and report the problem.

    With `only`, invalid JSON becomes a document with that problem and is never read as YAML; empty text gives None.
    """
    if not (text.strip() if only else text.lstrip(" \t\r\n").startswith(("{", "["))):
        return None
    try:
        data = _JSON.decode(text)
        _refuse_depth(text, data)
    except json.JSONDecodeError as error:
        return broken(path, [_json_problem(error, path, first_line)]) if only else None
    except (ValueError, RecursionError):
        return None
    return Document(path, data, [], None, text, first_line)


def _json_problem(error: json.JSONDecodeError, path: str, first_line: int) -> Problem:
    where = Location(path, error.lineno + first_line - 1, error.colno)
    return Problem(where, f"is not valid JSON: {error.msg[0].lower()}{error.msg[1:]}", code="syntax")


def _parse_yaml(text: str, path: str, first_line: int) -> Iterator[Document]:
    from annostrat.knowledge.yaml_nodes import documents

    for data, problems, node in documents(text, path, first_line):
        yield broken(path, problems) if node is None else Document(path, data, problems, node, text, first_line)


def broken(path: str, problems: list[Problem]) -> Document:
    """Return a document with problems and no data."""
    return Document(path, None, problems, None, "", _FIRST_LINE)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("duplicate key")
    return data


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse)
_PLAIN = json.JSONDecoder(parse_constant=_refuse)
_PYTHON: JsonReader = (lambda line: _PLAIN.decode(line.decode()), lambda data: json.dumps(data).encode())


def bulk_json() -> JsonReader:
    """Return pydantic's JSON reader and writer: much faster than Python's, and worth importing for many lines."""
    from pydantic_core import from_json, to_json

    return partial(from_json, allow_inf_nan=False), to_json


def _plain_json(line: bytes, reader: JsonReader) -> dict[str, Any] | None:
    """Return the object of a plainly valid line; None for any other, which is then read with the careful reader.

    A line has one colon per key, plus the colons in its strings, so a line with a duplicate key has more colons than
    its data. Those of an object, its strings and directly nested objects are quick to count; with deeper nesting or an
    escape, the data is serialised again for the count, unless escapes hide colons.
    """
    load, dump = reader
    try:
        data = load(line)
    except (ValueError, RecursionError):
        return None
    if type(data) is not dict:
        return None
    colons, counted = line.count(b":"), len(data)
    for part in data.values():
        if type(part) is str:
            if ":" in part:
                counted += part.count(":")
        elif type(part) is dict:
            counted += len(part)
    if counted == colons and _BACKSLASH not in line and _BRACKET not in line:
        return data
    careful = b"\\u003" in line or line.count(b"{") + line.count(b"[") > MAX_DEPTH
    return None if careful or colons != dump(data).count(b":") else data


def _refuse_depth(text: str, data: Any) -> None:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [child for value in level for child in _children(value)]
    if any(isinstance(value, (dict, list)) for value in level):
        raise ValueError("too deep")


def _children(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def reason(error: OSError) -> str:
    """Return why a file cannot be read, in words."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
