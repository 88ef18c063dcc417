"""Files, folders, globs and standard input become use cases, one at a time and in a stable order."""

from __future__ import annotations

import glob
import json
import os
import sys
from typing import TYPE_CHECKING, BinaryIO

from annostrat.errors import InputError, Location, Problem
from annostrat.knowledge import yaml_source
from annostrat.use_case import UseCase, read_use_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.yaml_source import Document

STDIN = "-"
SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson")
MAX_LINE = 1_000_000
"""Bytes that one line of a JSON Lines file may have."""


def read_use_cases(arguments: Iterable[str], rules: RuleSet) -> Iterator[UseCase | InputError]:
    """Read the use cases of files, folders, globs and `-`; what cannot be read is yielded as its error.

    Nothing is kept: a use case is yielded before the next line or document is looked at.
    """
    for argument in arguments:
        for path in _paths(argument):
            if isinstance(path, Problem):
                yield InputError([path])
            else:
                yield from _read_path(path, rules)


def _paths(argument: str) -> Iterator[str | Problem]:
    if argument == STDIN or not os.path.isdir(argument):
        found = glob.has_magic(argument) and not os.path.lexists(argument)
        yield from _matches(argument) if found else [argument]
        return
    empty = True
    for folder, folders, names in os.walk(argument):
        folders.sort()
        for name in sorted(names):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                empty = False
                yield os.path.join(folder, name)
    if empty:
        hint = f"use cases end in {', '.join(SUFFIXES)}"
        yield Problem(Location(argument), "the folder holds no use cases", hint, "unreadable")


def _matches(pattern: str) -> list[str | Problem]:
    found = sorted(path for path in glob.glob(pattern, recursive=True) if not os.path.isdir(path))
    return [*found] or [Problem(Location(pattern), "no file matches", code="unreadable")]


def _read_path(path: str, rules: RuleSet) -> Iterator[UseCase | InputError]:
    if path == STDIN:
        yield from _read_stream(sys.stdin.buffer, "<stdin>", "stdin", rules)
        return
    stem = os.path.splitext(os.path.basename(path))[0]
    try:
        if path.endswith((".jsonl", ".ndjson")):
            with open(path, "rb") as file:
                yield from _read_lines(file, b"", path, stem, rules)
        else:
            yield from _use_cases(yaml_source.read_file(path), stem, rules, path)
    except OSError as error:
        yield InputError([Problem(Location(path), yaml_source.reason(error), code="unreadable")])


def _read_stream(stream: BinaryIO, path: str, stem: str, rules: RuleSet) -> Iterator[UseCase | InputError]:
    """Read JSON Lines as they arrive if the first line is a whole JSON object, else YAML or JSON at its end."""
    first = stream.readline(MAX_LINE)
    if _is_object(first):
        yield from _read_lines(stream, first, path, stem, rules)
        return
    data = first + stream.read(yaml_source.MAX_BYTES + 1 - len(first))
    if len(data) > yaml_source.MAX_BYTES:
        message = f"is larger than {yaml_source.MAX_BYTES // 1_000_000} MB"
        yield InputError([Problem(Location(path), message, "send one JSON object a line", "too_large")])
        return
    text = yaml_source.decode(data, path)
    documents = yaml_source.parse(text, path) if isinstance(text, str) else [yaml_source.broken(path, [text])]
    yield from _use_cases(documents, stem, rules, path)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _read_lines(stream: BinaryIO, first: bytes, path: str, stem: str, rules: RuleSet) -> Iterator[UseCase | InputError]:
    number, empty = 0, True
    line = first or stream.readline(MAX_LINE + 1)
    while line:
        number += 1
        if len(line) > MAX_LINE:
            yield InputError([Problem(Location(path, number, 1), f"the line has more than {MAX_LINE:,} bytes")])
            _skip_line(stream, line)
        elif line.strip():
            empty = False
            yield _read_line(line, path, number, f"{stem}#{number}", rules)
        line = stream.readline(MAX_LINE + 1)
    if empty and not number:
        yield InputError([Problem(Location(path), "is empty", code="unreadable")])


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_LINE)


def _read_line(line: bytes, path: str, number: int, name: str, rules: RuleSet) -> UseCase | InputError:
    text = yaml_source.decode(line, path, number)
    if isinstance(text, Problem):
        return InputError([text])
    try:
        return read_use_case(yaml_source.parse_line(text.strip(), path, number), rules, name)
    except InputError as error:
        return error


def _use_cases(documents: Iterable[Document], stem: str, rules: RuleSet, path: str) -> Iterator[UseCase | InputError]:
    number = 0
    for number, document in enumerate(documents, start=1):
        try:
            yield read_use_case(document, rules, stem if number == 1 else f"{stem}#{number}")
        except InputError as error:
            yield error
    if not number:
        hint = "for example: answers: {count_matters: no}"
        yield InputError([Problem(Location(path), "is empty", hint, "unreadable")])
