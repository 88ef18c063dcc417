"""Read use cases from files, folders, globs and standard input, one at a time and in a stable order."""

from __future__ import annotations

import codecs
import glob
import os
import sys
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from annostrat.errors import InputError, Location, Problem, fault
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import rules_of
from annostrat.use_cases.use_case import FIELDS, NotAUseCaseError, read_use_case
from annostrat.use_cases.yaml_text import block, flow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.yaml_source import Document
    from annostrat.use_cases.use_case import LabelFiles, UseCase

_T = TypeVar("_T")
STDIN = "-"
SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson")
MANY_LINES = 300
"""The line number from which a faster JSON parser is worth its import."""
ENOUGH = 100
"""Number of documents, or first lines, examined to determine the content of a file."""
STDIN_NAME = "<stdin>"
"""Name of standard input in messages, used instead of a path."""
MAX_LINE = 1_000_000
"""Maximum number of bytes in one line of a JSON Lines file."""


def read_use_cases(
    arguments: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    rules: RuleSet | str | None = None,
    skipped: list[str] | None = None,
    *,
    skip_others: bool = False,
) -> Iterator[UseCase | InputError]:
    """Yield the use cases of files, folders, globs and `-`; those that cannot be read are yielded as errors.

    Reading is lazy: a use case is yielded before the next line or document is parsed.

    Args:
        arguments: One or several paths or globs, or `-`.
        rules: The rule set that defines the valid words, or its name; by default `purpose_first`.
        skipped: List to which skipped files are appended: those in folders that are clearly not use cases.
        skip_others: Also skip such files if they are named explicitly.
    """
    known, others = rules_of(rules), [] if skipped is None else skipped
    named = [arguments] if isinstance(arguments, str | os.PathLike) else arguments
    for argument in map(str, named):
        searched = skip_others or os.path.isdir(argument) or (argument != STDIN and not os.path.lexists(argument))
        before, any_read = len(others), skip_others
        for path in _paths(argument):
            cases = _read(path, lambda document, name: read_use_case(document, known, name))
            begun = [*islice(cases, 1)]
            if searched and _are_others(begun):
                begun += islice(cases, ENOUGH)
            if searched and _are_others(begun):
                others.append(str(path))
            else:
                any_read = True
                yield from begun
                yield from cases
        if not any_read and len(others) > before:
            hint = count_skipped(others[before:])
            del others[before:]
            yield InputError([Problem(Location(argument), "holds no use cases", hint, "unreadable")])


def _are_others(read: list[UseCase | InputError]) -> bool:
    return bool(read) and all(isinstance(one, NotAUseCaseError) for one in read)


def count_skipped(paths: list[str]) -> str:
    """Return a message with the number of skipped files and the first of them."""
    if len(paths) == 1:
        return f"skipped {paths[0]}, which is not a use case"
    return f"skipped {len(paths):,} files that are not use cases, such as {paths[0]}"


def read_each(arguments: Iterable[str], read: Callable[[Document, str], _T]) -> Iterator[_T | InputError]:
    """Call `read` with every document and its default name, and yield the results; errors are yielded, not raised."""
    for argument in arguments:
        for path in _paths(argument):
            yield from _read(path, read)


def _read(path: str | Problem, read: Callable[[Document, str], _T]) -> Iterator[_T | InputError]:
    return iter([InputError([path])]) if isinstance(path, Problem) else _read_path(path, read)


def _paths(argument: str) -> Iterator[str | Problem]:
    if not argument:
        yield Problem(Location("''"), "is not the name of a file", code="unreadable")
    elif argument == STDIN or not os.path.isdir(argument):
        found = glob.has_magic(argument) and not os.path.lexists(argument)
        yield from _matches(argument) if found else [argument]
    else:
        yield from _inside(argument)


def _inside(argument: str) -> Iterator[str | Problem]:
    """Yield the use-case files in a folder and its subfolders, except hidden ones, and folders that cannot be read."""
    closed: list[OSError] = []
    empty = True
    for folder, folders, names in os.walk(argument, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                empty = False
                yield os.path.join(folder, name).removeprefix(f"{os.curdir}{os.sep}")
    for error in closed:
        yield Problem(Location(str(error.filename)), yaml_source.reason(error), code="unreadable")
    if empty and not closed:
        hint = f"use cases end in {', '.join(SUFFIXES)}"
        yield Problem(Location(argument), "the folder holds no use cases", hint, "unreadable")


def as_yaml(case: UseCase, path: str | None = None, remarks: Mapping[str, str] | None = None) -> str:
    """Return a use case as the text of a YAML file.

    Args:
        case: The use case.
        path: The destination of the file, to which evidence paths are made relative; None keeps them unchanged.
        remarks: Comments to add after answers, by question.
    """
    parts = {key: field.written(getattr(case, key)) for key, field in FIELDS.items()}
    if case.evidence:
        parts["evidence"] = _from_folder(case.evidence, path)
    stated = {key: value for key, value in parts.items() if value or value == 0 or key == "answers"}
    return "".join(_stated(key, value, remarks or {}) for key, value in stated.items())


def _stated(key: str, value: Any, remarks: Mapping[str, str]) -> str:
    """Return a key with its value; classes, and answers with remarks, are written one per line."""
    if key == "classes" or (key == "answers" and value and remarks):
        return block(key, value, remarks if key == "answers" else {})
    return f"{key}: {flow(value)}\n"


def _from_folder(files: LabelFiles, path: str | None) -> dict[str, Any]:
    """Return annotation files with paths relative to a use case's file."""
    way = partial(_way, folder=path and os.path.dirname(os.path.realpath(path)))
    found = {**files._asdict(), "annotations": way(files.annotations)}
    if second := files.agreement:
        found["agreement"] = {"with": way(second.annotations), "at_least": second.at_least}
    return {key: value for key, value in found.items() if value}


def _way(path: str, folder: str | None) -> str:
    """Return a path relative to a folder, or the absolute path if it is on another Windows drive."""
    if folder is None:
        return path
    try:
        return os.path.relpath(os.path.realpath(path), folder).replace(os.sep, "/")
    except ValueError:
        return os.path.realpath(path).replace(os.sep, "/")


def _matches(pattern: str) -> list[str | Problem]:
    found = sorted(path for path in glob.glob(pattern, recursive=True) if not os.path.isdir(path))
    return [*found] or [Problem(Location(pattern), "no file matches", code="unreadable")]


def _read_path(path: str, read: Callable[[Document, str], _T]) -> Iterator[_T | InputError]:
    stem = os.path.splitext(os.path.basename(path))[0]
    try:
        if path == STDIN:
            yield from _read_stream(sys.stdin.buffer, STDIN_NAME, "stdin", read)
        elif path.endswith((".jsonl", ".ndjson")):
            with open(path, "rb") as file:
                yield from _read_lines(file, [], path, stem, read)
        else:
            yield from _use_cases(yaml_source.read_file(path), stem, read, path)
    except OSError as error:
        yield InputError([Problem(Location(path), yaml_source.reason(error), code="unreadable")])
    except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
        yield InputError([fault(path, error)])


def _read_stream(
    stream: BinaryIO, path: str, stem: str, read: Callable[[Document, str], _T]
) -> Iterator[_T | InputError]:
    """Read JSON Lines as they arrive, once the first lines show that format; otherwise read YAML or JSON."""
    begun, lines = list[bytes](), None
    while lines is None and len(begun) < ENOUGH and (line := stream.readline(MAX_LINE)):
        begun.append(line)
        lines = _are_json_lines(begun)
    whole = b"".join(begun)
    if lines or (lines is None and whole.startswith(b'{"') and whole.count(b"{") > whole.count(b"}")):  # cut off
        yield from _read_lines(stream, begun, path, stem, read)
        return
    data = whole + stream.read(yaml_source.MAX_BYTES + 1 - len(whole))
    if len(data) > yaml_source.MAX_BYTES:
        message = f"is larger than {yaml_source.MAX_BYTES // 1_000_000} MB"
        yield InputError([Problem(Location(path), message, "send one JSON object a line", "too_large")])
        return
    text = yaml_source.decode(data, path)
    documents = yaml_source.parse(text, path) if isinstance(text, str) else [yaml_source.broken(path, [text])]
    yield from _use_cases(documents, stem, read, path)


def _are_json_lines(begun: list[bytes]) -> bool | None:
    """Return whether the first lines of a stream are JSON Lines, possibly with broken lines, or None if unclear.

    The criterion is a line with a complete object where YAML and JSON cannot have one: at the start, or after a line
    that leaves nothing open. A single object after a comment or `---` may still be YAML.
    """
    written = [line.removeprefix(codecs.BOM_UTF8).rstrip() for line in begun if not line.isspace()]
    if not written:
        return None
    first, later = written[0].lstrip(), written[1:]
    if first.startswith(b"{"):
        return first.endswith(b"}") or (later[0].startswith(b"{") if later else None)
    if first.endswith((b"[", b",", b":")):
        return False
    objects = all(line.startswith(b'{"') and line.endswith(b"}") for line in later)
    needed = 2 if first.startswith((b"#", b"---", b"%")) else 1
    return objects if len(later) >= needed or not objects else None


def _read_lines(
    stream: BinaryIO, begun: list[bytes], path: str, stem: str, read: Callable[[Document, str], _T]
) -> Iterator[_T | InputError]:
    number, reader = 0, None
    for number, line in enumerate(chain(begun, iter(partial(stream.readline, MAX_LINE + 1), b"")), start=1):
        if number == MANY_LINES:
            reader = yaml_source.bulk_json()
        if len(line) > MAX_LINE:
            yield InputError([Problem(Location(path, number, 1), f"the line has more than {MAX_LINE:,} bytes")])
            _skip_line(stream, line)
        elif not line.isspace():
            try:
                yield read(yaml_source.parse_line(line, path, number, reader), f"{stem}#{number}")
            except InputError as error:
                yield error
    if not number:
        yield InputError([Problem(Location(path), "is empty", code="unreadable")])


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_LINE)


def _use_cases(
    documents: Iterable[Document], stem: str, read: Callable[[Document, str], _T], path: str
) -> Iterator[_T | InputError]:
    number = 0
    for number, document in enumerate(documents, start=1):
        try:
            yield read(document, stem if number == 1 else f"{stem}#{number}")
        except InputError as error:
            yield error
    if not number:
        hint = "for example: answers: {count_matters: no}"
        yield InputError([Problem(Location(path), "is empty", hint, "unreadable")])
