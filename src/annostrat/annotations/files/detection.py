"""Detects the format of annotation files by inspecting a sample of them."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, cast

from annostrat.annotations import readers
from annostrat.annotations.files.regular import head_of, not_regular, opened
from annostrat.annotations.files.structure import structure_of
from annostrat.annotations.files.unrecognised import unrecognised
from annostrat.annotations.reader import Look, Reader, Source, problems_of
from annostrat.errors import InputError, Location, Problem, UsageError, shortened, suggest
from annostrat.knowledge.plugins import names, pick, working

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


LOOKED_AT = 12
"""Number of files inspected per extension, spread over all of them."""
LAST = ("class_masks", "instance_masks")
"""Formats of plain images, which count only if no other format matches."""
SETTINGS = (".yaml", ".yml")
"""Extensions of settings, used only if no label file matches: Roboflow adds YOLO's `data.yaml` to DOTA labels."""
ASKED_LAST = "panlabel"
"""The format that is tried only if no other matches: conversion loses outlines, and listing its formats is slow."""


class Opened(NamedTuple):
    """Annotations ready to be read."""

    reader: Reader
    source: Source
    files: int


class _Listing(NamedTuple):
    """The files under a path by extension, problems met on the way, and entries that are neither file nor folder."""

    by_suffix: dict[str, list[str]]
    problems: list[Problem]
    special: list[str]


def formats() -> list[str]:
    """Return the names of all formats."""
    return names(readers)


def open_annotations(path: str, name: str | None = None) -> Opened:
    """Return the annotations under a path, in the given format or in the format of most files.

    Args:
        path: A file or a folder.
        name: The format; detected if not given.

    Raises:
        InputError: The path cannot be read, or contains no file of a known format.
        UsageError: The format is unknown, or the path contains files of several formats.
    """
    listing = _listed(path)
    reader = _detected(path, listing, _readers()) if name is None else _reader(name)
    files = sorted(file for suffix in reader.suffixes for file in listing.by_suffix.get(suffix, ()))
    problems = [*listing.problems, *_special(listing, reader.suffixes)]
    if not files:
        hint = f"{reader.title} needs {reader.wants}"
        raise InputError(problems or [Problem(Location(path), "holds no such file", hint, "unreadable")])
    try:
        source = reader.open(files, path)
    except Exception as error:
        raise InputError(problems_of(path, error)) from error
    return Opened(reader, source._replace(problems=[*problems, *source.problems]), len(files))


def _readers() -> dict[str, Reader]:
    return cast("dict[str, Reader]", working(readers, "format"))


def _reader(name: str) -> Reader:
    if name not in formats():
        raise UsageError(f"no annotation format is called '{shortened(name)}'", suggest(_meant(name), formats()))
    return cast("Reader", pick(readers, name, "annotation format"))


def _meant(word: str) -> str:
    """Return the format that has the word as an alias, or the word in the spelling of format names."""
    written = "_".join(word.lower().replace("-", " ").split())
    return next((name for name, reader in _readers().items() if written in reader.aliases), written)


def _listed(path: str) -> _Listing:
    """Return all files under a path by extension, visiting each folder once even if links lead to it."""
    listing = _Listing(defaultdict(list), [], [])
    try:
        is_folder = os.path.isdir(path)
        if not is_folder:
            os.close(opened(path)[0])
    except (OSError, ValueError) as error:
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else "is no path"
        raise InputError([Problem(Location(path or "''"), reason, code="unreadable")]) from error
    for file in _walk(path, listing) if is_folder else [path]:
        listing.by_suffix[_suffix(file)].append(file)
    return listing


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _special(listing: _Listing, suffixes: Sequence[str]) -> list[Problem]:
    """Return problems of entries that are named like label files but are not files, such as pipes or broken links."""
    called = (path for path in listing.special if _suffix(path) in suffixes and os.path.basename(path)[0] != ".")
    return [problem for path in called for problem in problems_of(path, not_regular(path))]


def _walk(path: str, listing: _Listing) -> Iterator[str]:
    seen: set[tuple[int, int]] = set()
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            folders, files, special, errors = _names_in(folder)
        except OSError as error:
            listing.problems.extend(problems_of(folder, error))
            continue
        within = os.path.join(folder, "")
        for name in sorted(errors):
            listing.problems.extend(problems_of(within + name, errors[name]))
        waiting += [within + name for name in sorted(folders, reverse=True)]
        listing.special.extend(within + name for name in sorted(special))
        yield from (within + name for name in sorted(files))


def _names_in(folder: str) -> tuple[list[str], list[str], list[str], dict[str, OSError]]:
    """Return the names of a folder's subfolders, files and other entries, and errors by name.

    There may be a million files. A circular link is an error; a dangling one is among the other entries. What macOS
    writes beside files (`._name`) is none of these.
    """
    folders: list[str] = []
    files: list[str] = []
    special: list[str] = []
    errors: dict[str, OSError] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("._"):
                continue
            try:
                kind = folders if entry.is_dir() else files if entry.is_file() else special
                kind.append(entry.name)
            except OSError as error:
                errors[entry.name] = error
    return folders, files, special, errors


def _detected(path: str, listing: _Listing, every: dict[str, Reader]) -> Reader:
    """Return the reader that matches most of the files."""
    fitting: dict[str, float] = {}
    looks: dict[str, tuple[str, Look]] = {}
    for suffix, files in sorted(listing.by_suffix.items(), key=lambda each: each[0] in SETTINGS):
        is_told = suffix in SETTINGS and bool(fitting)
        asked = {name: reader for name, reader in every.items() if suffix in reader.suffixes and not is_told}
        seen = [(file, _seen(asked, file, head)) for file, head in _heads(_spread(files), listing.problems) if asked]
        for name in asked:
            found = [(file, of_file[name]) for file, of_file in seen]
            fits = sum(look.fits for _, look in found)
            if fits:
                fitting[name] = fitting.get(name, 0) + fits / len(found) * len(files)
            if found:
                looks[name] = next((each for each in found if each[1].found), found[len(found) // 2])
    if any(name not in LAST for name in fitting):
        fitting = {name: count for name, count in fitting.items() if name not in LAST}
    if len(fitting) > 1:
        counts = [f"{every[name].title} ({round(count):,})" for name, count in sorted(fitting.items())]
        raise UsageError(
            f"{path} holds files of several formats: {', '.join(counts)}",
            f"name the folder of one, or the format (`format`, at a shell --from): {', '.join(sorted(fitting))}",
        )
    if fitting:
        return every[next(iter(fitting))]
    raise InputError(_nothing_found(path, listing, looks, every))


def _seen(readers: dict[str, Reader], file: str, head: bytes) -> dict[str, Look]:
    """Return the readers' verdicts on a file's head or, if none matches, on the structure of the whole file."""
    looks = _looks(readers, file, head)
    structure = None if _one_fits(looks) else structure_of(file, head)
    return looks if structure is None else _looks(readers, file, structure)


def _looks(readers: dict[str, Reader], file: str, head: bytes) -> dict[str, Look]:
    looks = {name: _look(reader, file, head) for name, reader in readers.items() if name != ASKED_LAST}
    if ASKED_LAST in readers:
        looks[ASKED_LAST] = Look(fits=False) if _one_fits(looks) else _look(readers[ASKED_LAST], file, head)
    return looks


def _one_fits(looks: dict[str, Look]) -> bool:
    return any(look.fits for look in looks.values())


def _look(reader: Reader, file: str, head: bytes) -> Look:
    """Return a reader's verdict; a reader that raises does not match."""
    try:
        return reader.look(file, head)
    except Exception as error:  # noqa: BLE001 - one format must not stop the detection of the others
        return Look(fits=False, missing=problems_of(file, error)[0].message)


def _nothing_found(
    path: str, listing: _Listing, looks: dict[str, tuple[str, Look]], every: dict[str, Reader]
) -> list[Problem]:
    """Return why there is nothing to read: access problems, and the files that were found instead."""
    if not listing.by_suffix and (
        problems := [*listing.problems, *_special(listing, [*map(_suffix, listing.special)])]
    ):
        return problems
    return [*listing.problems, unrecognised(path, listing.by_suffix, looks, every)]


def _spread(files: Sequence[str]) -> list[str]:
    step = max(1, len(files) / LOOKED_AT)
    return [files[int(number * step)] for number in range(min(len(files), LOOKED_AT))]


def _heads(files: Sequence[str], problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        try:
            yield file, head_of(file)
        except OSError as error:
            problems += [problem for problem in problems_of(file, error) if problem not in problems]
