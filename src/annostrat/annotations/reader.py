"""The record of a reader, and reading of many small files."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from annostrat.annotations import BatchBuilder
from annostrat.errors import InputError, Location, Problem, fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from annostrat.annotations import Batch, Image, ReaderFinding

    Pick = Callable[[Iterable[str]], set[str]]

File = TypeVar("File")
Item = TypeVar("Item")
PIECE_FILES = 1_000
"""Small files that one process reads in a row."""
BATCH_SIZE = 20_000
"""Labels and images after which a batch is handed on, so that memory stays bounded."""
BATCH_RUNS = 1_000_000
"""Runs of masks after which a batch is handed on, for the same reason."""
MAX_PIXELS = 178_956_970
"""Pixels of one byte that a mask or an image may have to be unpacked: as many as Pillow allows before it calls it an
attack."""


class Look(NamedTuple):
    """A reader's verdict on the beginning of a file.

    Attributes:
        fits: Whether the file is of the reader's format.
        found: The evidence for it, in a few words; also given if something else is missing.
        missing: Required by the format and absent from the file; empty if it fits.
    """

    fits: bool
    found: str = ""
    missing: str = ""


class Source(NamedTuple):
    """Labels to read, cut into pieces that can be read separately, in any order and by several processes.

    Attributes:
        pieces: Arguments for `read`: values that can be pickled, in a stable order.
        read: A function of a module, which yields the batches of a piece.
        whole: Whether each piece has all labels of its images; if not, `images` is given, and all batches share it.
        images: The images, if they are known before the labels are read.
        remarks: Findings that are known before the labels are read.
        problems: Reasons why something could not be read.
        some: Takes a function that picks some of many names; returns the source of these images alone, without opening
            the others. None if the images are known only after reading.
        read_crowds: Like `read`, but keeps the outlines and masks of crowds, if `read` leaves them out.
    """

    pieces: Sequence[Any]
    read: Callable[[Any], Iterator[Batch]]
    whole: bool = True
    images: Sequence[Image] | None = None
    remarks: Sequence[ReaderFinding] = ()
    problems: Sequence[Problem] = ()
    some: Callable[[Pick], Source] | None = None
    read_crowds: Callable[[Any], Iterator[Batch]] | None = None


class Reader(NamedTuple):
    """An annotation format.

    Attributes:
        name: The file stem.
        title: What people call the format.
        wants: The files it needs, for the message that there are none.
        suffixes: Endings of its files, in lower case.
        look: Takes a path and the beginning of the file.
        open: Takes the files that have one of the suffixes, sorted, and the folder or file that the user named.
        aliases: Other words for the format, for which its name is suggested.
    """

    name: str
    title: str
    wants: str
    suffixes: tuple[str, ...]
    look: Callable[[str, bytes], Look]
    open: Callable[[Sequence[str], str], Source]
    aliases: tuple[str, ...] = ()


def in_pieces(files: Iterable[File], size: int = PIECE_FILES) -> list[tuple[File, ...]]:
    """Return files, or records of files, in groups for one process each."""
    files = tuple(files)
    return [files[start : start + size] for start in range(0, len(files), size)]


def of_images(files: Sequence[File], read: Callable[[Any], Iterator[Batch]], name: Callable[[File], str]) -> Source:
    """Return the source of files with the labels of one image each."""
    return Source(in_pieces(files), read, some=partial(_some_of_images, files, read, name))


def _some_of_images(
    files: Sequence[File], read: Callable[[Any], Iterator[Batch]], name: Callable[[File], str], pick: Pick
) -> Source:
    names = pick(map(name, files))
    return of_images([file for file in files if name(file) in names], read, name)


def one_image_each(files: Sequence[str], root: str, read: Callable[..., None]) -> Source:
    """Return the source of files of one image each, whose labels `read(path, builder, root=root)` adds to a builder."""
    return of_images(files, partial(read_each, read=partial(read, root=root)), partial(inside, root=root))


def read_each(
    files: Iterable[str], read: Callable[[str, BatchBuilder], None], categories: Sequence[str] = ()
) -> Iterator[Batch]:
    """Yield batches of the labels that `read` adds to a builder for every file.

    An unreadable file becomes a problem, and reading goes on: `read` raises before it has added anything from a useless
    file, or notes the problem itself and keeps the rest.
    """
    left, more = iter(files), True
    while more:
        builder = BatchBuilder(categories)
        with np.errstate(all="ignore"):  # what overflows is infinite, and is found to be
            more = _fill(builder, left, read)
        yield builder.batch()


def _fill(builder: BatchBuilder, files: Iterator[str], read: Callable[[str, BatchBuilder], None]) -> bool:
    """Read files until a batch is full; return whether it is."""
    for path in files:
        try:
            read(path, builder)
        except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
            builder.problems += problems_of(path, error)
        if is_full(builder):
            return True
    return False


def read_items(path: str, items: Iterable[Item], add: Callable[[Item, BatchBuilder], None]) -> Iterator[Batch]:
    """Yield batches of the labels that `add` adds to a builder for every item of a file.

    An unreadable item becomes a problem, and so does an error that ends the items; everything else is kept.
    """
    builder = BatchBuilder()
    try:
        for item in items:
            try:
                with np.errstate(all="ignore"):
                    add(item, builder)
            except Exception as error:  # noqa: BLE001 - one item must not end the reading of the others
                builder.problems += problems_of(path, error)
            if is_full(builder):
                yield builder.batch()
                builder = BatchBuilder()
    except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
        builder.problems += problems_of(path, error)
    yield builder.batch()


def is_full(builder: BatchBuilder) -> bool:
    """Return whether a batch is complete."""
    return len(builder) >= BATCH_SIZE or builder.runs >= BATCH_RUNS


def guarded(source: Source, piece: Any) -> Iterator[Batch]:
    """Yield the batches of a piece; an error that ends its reading becomes a problem of its file."""
    try:
        yield from source.read(piece)
    except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
        path = getattr(piece, "path", piece if isinstance(piece, str) else type(piece).__name__)
        yield BatchBuilder().batch()._replace(problems=problems_of(path, error))


def problems_of(path: str, error: Exception) -> list[Problem]:
    """Return the problems of a file whose reading ended: in the file, in the system, or in this program."""
    if isinstance(error, InputError):
        return list(error.problems)
    if isinstance(error, OSError):
        return [Problem(Location(path), (error.strerror or str(error)).lower(), code="unreadable")]
    return [fault(path, error)]


def broken(path: str, message: str, line: int | None = None, column: int | None = None, hint: str = "") -> InputError:
    """Return the error for a file that breaks the rules of its format."""
    return InputError([Problem(Location(path, line, column), message, hint or None, "unreadable")])


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")


def refuse_utf_16(path: str, data: bytes) -> None:
    """Refuse text that begins as UTF-16 or UTF-32, with or without a mark; spreadsheets and PowerShell write it."""
    start = bytes(data[:4])
    letters = start.replace(b"\0", b"")
    if start.startswith(_UTF_16) or (letters and letters != start and letters.decode("latin-1").isprintable()):
        name = "UTF-32" if start.count(0) > len(start) // 2 or start.startswith(_UTF_32) else "UTF-16"
        raise broken(path, f"the text is {name}", hint="save it as UTF-8")


def text_of(path: str, data: bytes) -> tuple[str, list[Problem]]:
    """Return what a file says, and the problem if some of it is not UTF-8: such bytes become U+FFFD.

    Raises:
        InputError: It is UTF-16.
    """
    refuse_utf_16(path, data)
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(Location(path, line), f"byte 0x{data[error.start]:02x} is not UTF-8", "save it as UTF-8")
        return data.decode("utf-8-sig", "replace"), [problem._replace(code="unreadable")]


def inside(path: str, root: str) -> str:
    """Return a path relative to the one that the user named, with forward slashes: the same on every machine."""
    if path.startswith(os.path.join(root, "")):
        relative = path[len(os.path.join(root, "")) :]  # as nearly every path is, and much quicker than relpath
    else:
        relative = os.path.relpath(path, root) if os.path.isdir(root) else os.path.basename(path)
    return relative.replace(os.sep, "/")
