"""YAML and JSON text as plain values that remember their line; the only module that imports yaml.

Scalars are read as YAML 1.2 reads them: only true/false, int, float and null are special, so `no` is the word
"no" and `12:30` is text. Refused, with their position: duplicate keys, tags, nesting deeper than `MAX_DEPTH`,
aliases that repeat more than `MAX_ALIASED` values, files above `MAX_BYTES`.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, NoReturn

import yaml

from annostrat.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any

    JsonReader = tuple[Callable[[str], Any], Callable[[Any], bytes]]

MAX_BYTES = 10_000_000
MAX_DEPTH = 100
MAX_ALIASED = 10_000

_USUAL = 65_536  # bytes that nearly every file fits in; a read reserves all that it asks for
_SAFE_TO_COMPOSE = 1_000  # an upper bound of the nesting that libyaml composes, without risk to the C stack
_TAG = "tag:yaml.org,2002:"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")  # JSON writes characters beyond U+FFFF as two of these
_FIRST_LINE, _FIRST_COLUMN = 1, 1
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_JSON_OBJECT = re.compile(r'\{\s*"')  # YAML may quote a key in braces too, but nobody means YAML by it


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """libyaml's loader where present, with the YAML 1.2 core resolution of plain scalars."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the attribute's name and type are PyYAML's


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(_TAG + _tag, re.compile(_pattern), list(_first))

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WORD_TAGS = (_TAG + "bool", _TAG + "null")
_CONVERT: dict[str, Callable[[str], Any]] = {
    _TAG + "str": str,
    _TAG + "int": int,
    _TAG + "float": float,
    _TAG + "bool": lambda text: _WORDS[text.lower()],
    _TAG + "null": lambda text: _WORDS[text.lower()],
}


class Document:
    """One document of a file.

    Attributes:
        path: The file's name, as the user gave it.
        data: dicts, lists, str, int, float, bool and None; keys are always the text in the file.
        problems: What is wrong with the document; `data` is None where there is any.
        text: The text that the document was read from, with those beside it in a YAML file.
        first_line: The number of the text's first line in the file.
    """

    __slots__ = ("_node", "data", "first_line", "path", "problems", "text")

    def __init__(self, path: str, data: Any, problems: list[Problem], node: Any, text: str, first: int) -> None:
        self.path, self.data, self.problems = path, data, problems
        self._node, self.text, self.first_line = node, text, first

    def without(self, keys: Collection[str]) -> Document:
        """Return the same document without some keys of its mapping; positions stay."""
        data = {key: value for key, value in self.data.items() if key not in keys} if keys else self.data
        return Document(self.path, data, self.problems, self._node, self.text, self.first_line)

    def node(self) -> Any:
        """Return YAML's node of the document, whose marks count in `text`; None where YAML cannot read that JSON."""
        if self._node is None:
            self._node = _compose_first(self.text)
        return self._node

    def locate(self, *keys: str | int, at_key: bool = False) -> Location:
        """Return the location of a value (or of its key), following `keys` as deep as the document goes.

        A value that is an alias has the marks of the anchor, before its key: then its place is that of the key.
        """
        node = self.node() if keys else self._node
        mark = node.start_mark if node is not None else None
        for key in keys:
            child = _child(node, key)
            if child is None:
                break
            key_mark, node = child
            mark = key_mark if at_key or node.start_mark.index < key_mark.index else node.start_mark
        if mark is None:
            return Location(self.path, self.first_line, _FIRST_COLUMN)
        return _location(self.path, mark, self.first_line)


def read_file(path: str) -> Iterator[Document]:
    """Read the documents of a YAML or JSON file; what cannot be read is a document with problems."""
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
    """Return a file's content, or the problem that prevents it; never more than `MAX_BYTES` is read."""
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
    """Return the text of UTF-8 bytes, or the problem with the line and column of the first byte that is not."""
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


def parse_line(text: str, path: str, number: int, reader: JsonReader | None = None) -> Document:
    """Read one line of a JSON Lines file, or of a stream in which a line may also be YAML in braces.

    `reader` reads plain JSON: Python's, or that of `bulk_json`.
    """
    data = _plain_json(text, reader or _PYTHON_READER)
    if data is not None:
        return Document(path, data, [], None, text, number)
    only = path.endswith(_JSON_SUFFIXES) or _JSON_OBJECT.match(text) is not None
    document = _parse_json(text, path, number, only=only)
    if document is not None:
        return document
    documents = list(_parse_yaml(text, path, number))
    if len(documents) == 1:
        return documents[0]
    return broken(path, [Problem(Location(path, number, 1), "a line holds one JSON object", code="syntax")])


def _parse_json(text: str, path: str, first_line: int, *, only: bool) -> Document | None:
    """Return the document of a JSON text, or None where the YAML reader must say what is wrong, and where.

    With `only`, text that is not JSON becomes a document with that problem, never YAML; empty text gives None.
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
    try:
        problem = _too_deep(text, path, first_line)
        if problem:
            yield broken(path, [problem])
            return
        loader = _Loader(text)
        while loader.check_node():
            node = loader.get_node()
            builder = _Builder(path, first_line)
            data = builder.build(node, 0)
            yield Document(path, None if builder.problems else data, builder.problems, node, text, first_line)
    except yaml.YAMLError as error:
        yield broken(path, [_syntax_problem(error, text, path, first_line)])
    except RecursionError:
        yield broken(path, [_depth_problem(Location(path, first_line, _FIRST_COLUMN))])


def broken(path: str, problems: list[Problem]) -> Document:
    """Return a document that holds nothing but problems."""
    return Document(path, None, problems, None, "", _FIRST_LINE)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("duplicate key")
    return data


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse)
_PYTHON_READER: JsonReader = (json.JSONDecoder(parse_constant=_refuse).decode, lambda data: json.dumps(data).encode())


def bulk_json() -> JsonReader:
    """Return pydantic's reader and writer of JSON: much faster than Python's, and worth its import for many lines."""
    from pydantic_core import from_json, to_json

    return partial(from_json, allow_inf_nan=False), to_json


def _plain_json(text: str, reader: JsonReader) -> dict[str, Any] | None:
    """Return the object of a JSON text that plainly has nothing wrong; None for any other, which is read with care.

    What holds a key twice has more colons than keys, and one more than the same data written again, unless escapes hide
    a colon. The keys of an object and of those right inside it are soon counted; where there are more, or texts have
    colons, the data is written again.
    """
    load, dump = reader
    try:
        data = load(text)
    except (ValueError, RecursionError):
        return None
    if type(data) is not dict or text.count("{") + text.count("[") > MAX_DEPTH:
        return None
    colons, keys = text.count(":"), len(data) + sum([len(part) for part in data.values() if type(part) is dict])
    return data if colons == keys or ("\\u003" not in text and colons == dump(data).count(b":")) else None


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


def _location(path: str, mark: Any, first_line: int) -> Location:
    return Location(path, mark.line + first_line, mark.column + 1)


def _depth_problem(where: Location) -> Problem:
    return Problem(where, f"is nested deeper than {MAX_DEPTH} levels", "no file of annostrat needs that", "too_deep")


def _too_deep(text: str, path: str, first_line: int) -> Problem | None:
    """Walk the events of a suspicious text; composing it would recurse in C as deep as it nests."""
    brackets = text.count("[") + text.count("{")
    longest = max(map(len, text.splitlines()), default=0)
    if brackets + 2 * longest < _SAFE_TO_COMPOSE:  # block nesting needs a column, or two levels share one
        return None
    for loader in (_Loader, yaml.SafeLoader):
        try:
            return _first_too_deep(text, path, first_line, loader)
        except yaml.YAMLError as error:
            if "nesting depth" not in str(error):
                return None  # composing meets the same error, after the documents before it
    return None


def _first_too_deep(text: str, path: str, first_line: int, loader: Any) -> Problem | None:
    """Walk events until one nests too deep; of flow style libyaml reads on, and may refuse it before that is told."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return _depth_problem(_location(path, event.start_mark, first_line))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _syntax_problem(error: yaml.YAMLError, text: str, path: str, first_line: int) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        parts = [part for part in (error.problem, error.context) if part]
        where = _location(path, mark, first_line) if mark else Location(path)
        begun = text[mark.index : mark.index + 1] if mark else ""
        if begun == "\t":
            return Problem(where, "is not valid YAML: a tab cannot indent", "use spaces", "syntax")
        if "cannot start any token" in (error.problem or ""):
            return Problem(where, f"is not valid YAML: no value begins with {begun}", "put it in quotes", "syntax")
        return Problem(where, f"is not valid YAML: {', '.join(parts)}", code="syntax")
    character = getattr(error, "character", None)
    if isinstance(character, int):
        before = text[: max(text.find(chr(character)), 0)]
        where = Location(path, before.count("\n") + first_line, len(before) - before.rfind("\n"))
        return Problem(where, f"is not valid YAML: the character U+{character:04X} is not allowed", code="syntax")
    return Problem(Location(path, first_line, 1), f"is not valid YAML: {str(error).splitlines()[0]}", code="syntax")


class _Builder:
    """Turns a composed node into plain values, collecting every problem on the way."""

    def __init__(self, path: str, first_line: int) -> None:
        self.problems: list[Problem] = []
        self._path, self._first_line = path, first_line
        self._seen: set[int] = set()
        self._aliased = 0
        self._inside_alias = False

    def build(self, node: Any, depth: int) -> Any:
        """Return the value of a node; `depth` counts the collections around it."""
        if type(node) is yaml.ScalarNode:
            return self._scalar(node)
        if depth >= MAX_DEPTH or self._aliased > MAX_ALIASED:
            return self._stop(node, depth)
        if id(node) in self._seen and not self._inside_alias:
            self._inside_alias = True
            value = self._collection(node, depth)
            self._inside_alias = False
            return value
        self._seen.add(id(node))
        return self._collection(node, depth)

    def _collection(self, node: Any, depth: int) -> Any:
        if self._inside_alias:
            self._aliased += 1 + len(node.value)
        if type(node) is yaml.MappingNode and node.tag == _TAG + "map":
            return self._mapping(node, depth)
        if type(node) is yaml.SequenceNode and node.tag == _TAG + "seq":
            return [self.build(item, depth + 1) for item in node.value]
        return self._refuse_tag(node)

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if type(key_node) is not yaml.ScalarNode:
                self._report(key_node, "a key must be a word, not a list or mapping", "key")
                continue
            if key_node.tag not in _CONVERT:
                self._refuse_tag(key_node)
            key = key_node.value
            if key in data:
                self._report(key_node, f"the key '{key}' is given twice", "duplicate_key", "keep one of the two")
            data[key] = self.build(value_node, depth + 1)
        return data

    def _scalar(self, node: Any) -> Any:
        convert = _CONVERT.get(node.tag)
        if convert is None:
            return self._refuse_tag(node)
        try:
            return convert(node.value)
        except (ValueError, KeyError):
            kind = "true, false or null" if node.tag in _WORD_TAGS else "a number that can be read"
            return self._report(node, f"'{node.value[:40]}' is not {kind}", "scalar")

    def _refuse_tag(self, node: Any) -> None:
        tag = str(node.tag).replace(_TAG, "!!")
        self._report(node, f"the tag {tag} is not allowed", "tag", "write a plain value")

    def _stop(self, node: Any, depth: int) -> None:
        if any(problem.code in {"too_deep", "aliases"} for problem in self.problems):
            return
        if depth >= MAX_DEPTH:
            self.problems.append(_depth_problem(_location(self._path, node.start_mark, self._first_line)))
        else:
            self._report(node, f"aliases repeat more than {MAX_ALIASED} values", "aliases", "write the values out")

    def _report(self, node: Any, message: str, code: str, hint: str | None = None) -> None:
        where = _location(self._path, node.start_mark, self._first_line)
        self.problems.append(Problem(where, message, hint, code))


def _compose_first(text: str) -> Any:
    """Return the node of a JSON text, for positions; None where YAML cannot read that JSON."""
    try:
        return yaml.compose(_SURROGATE.sub("_" * 6, text), Loader=_Loader) if text else None
    except yaml.YAMLError:
        return None


def _child(node: Any, key: str | int) -> tuple[Any, Any] | None:
    """Return the mark of a key and the node of its value, or None where the node has no such child."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if getattr(key_node, "value", None) == str(key):
                return key_node.start_mark, value_node
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item = node.value[key]
        return max(node.start_mark, item.start_mark, key=attrgetter("index")), item
    return None
