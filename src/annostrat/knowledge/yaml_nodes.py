"""YAML as composed by libyaml: nodes with their positions, their plain values, and their problems.

The only module that imports yaml, which costs more than the rest of the start-up and is not needed to read JSON.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING

import yaml

from annostrat.errors import Location, Problem
from annostrat.knowledge.yaml_source import MAX_ALIASED, MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_SAFE_TO_COMPOSE = 1_000  # upper bound of the nesting that libyaml composes without risk to the C stack
_TAG = "tag:yaml.org,2002:"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")  # JSON writes characters above U+FFFF as two of these
_FIRST_COLUMN = 1


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


def documents(text: str, path: str, first_line: int) -> Iterator[tuple[Any, list[Problem], Any]]:
    """Yield (data, problems, node) for each document of a text; the data is None if there are problems."""
    try:
        problem = _too_deep(text, path, first_line)
        if problem:
            yield None, [problem], None
            return
        loader = _Loader(text)
        while loader.check_node():
            node = loader.get_node()
            builder = _Builder(path, first_line)
            data = builder.build(node, 0)
            yield None if builder.problems else data, builder.problems, node
    except yaml.YAMLError as error:
        yield None, [_syntax_problem(error, text, path, first_line)], None
    except RecursionError:
        yield None, [_depth_problem(Location(path, first_line, _FIRST_COLUMN))], None


class _Builder:
    """Converts a composed node into plain values, collecting every problem."""

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
            self.problems.append(_depth_problem(location(self._path, node.start_mark, self._first_line)))
        else:
            self._report(node, f"aliases repeat more than {MAX_ALIASED} values", "aliases", "write the values out")

    def _report(self, node: Any, message: str, code: str, hint: str | None = None) -> None:
        where = location(self._path, node.start_mark, self._first_line)
        self.problems.append(Problem(where, message, hint, code))


def location(path: str, mark: Any, first_line: int) -> Location:
    """Return the location of a mark."""
    return Location(path, mark.line + first_line, mark.column + 1)


def _depth_problem(where: Location) -> Problem:
    return Problem(where, f"is nested deeper than {MAX_DEPTH} levels", "no file of annostrat needs that", "too_deep")


def _too_deep(text: str, path: str, first_line: int) -> Problem | None:
    """Check the events of a suspicious text for deep nesting, as composing it would recurse just as deep in C."""
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
    """Return the problem of the first event nested too deep; libyaml reads ahead in flow style and may fail first."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return _depth_problem(location(path, event.start_mark, first_line))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _syntax_problem(error: yaml.YAMLError, text: str, path: str, first_line: int) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if mark and error.context_mark and not text[mark.index :].strip():
            mark = error.context_mark  # what is not closed, rather than the end of the file
        parts = [part for part in (error.problem, error.context) if part]
        where = location(path, mark, first_line) if mark else Location(path)
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


def compose_first(text: str) -> Any:
    """Return the node of a JSON text, for positions; None if YAML cannot read the JSON."""
    try:
        return yaml.compose(_SURROGATE.sub("_" * 6, text), Loader=_Loader) if text else None
    except yaml.YAMLError:
        return None


def child(node: Any, key: str | int) -> tuple[Any, Any] | None:
    """Return the mark of a key and the node of its value, or None if the node has no such child."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if getattr(key_node, "value", None) == str(key):
                return key_node.start_mark, value_node
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item = node.value[key]
        return max(node.start_mark, item.start_mark, key=attrgetter("index")), item
    return None
