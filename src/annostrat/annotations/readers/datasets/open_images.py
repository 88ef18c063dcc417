"""Open Images: CSV files of boxes in shares of the image, with flags for occluded, cut off and groups.

Source: https://storage.googleapis.com/openimages/web/download_v7.html (boxes, and class-descriptions files).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import (
    CROWD,
    OCCLUDED,
    OCCLUSION_STATED,
    TRUNCATED,
    TRUNCATION_STATED,
    Batch,
    ReaderFinding,
    doubled,
)
from annostrat.annotations.files.open_images import (
    CLASSES,
    NUMBERS,
    WORDS,
    CsvTable,
    classes_near,
    columns_in,
    image_of,
    images_of,
    sizes_unknown,
    table_of,
)
from annostrat.annotations.files.regular import open_regular
from annostrat.annotations.reader import Look, Reader, Source, broken, inside, problems_of
from annostrat.annotations.text.csv_columns import columns_of
from annostrat.annotations.text.csv_parts import CsvPart, scan
from annostrat.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_BITS = {
    "IsOccluded": (OCCLUDED, OCCLUSION_STATED),
    "IsTruncated": (TRUNCATED, TRUNCATION_STATED),
    "IsGroupOf": (CROWD, 0),
}
_YES = np.array([b"1", b"1.0", b"True", b"true"])
_NO = np.array([b"0", b"0.0", b"False", b"false"])
_MACHINE_NAME = "/m/"
"""Prefix of class identifiers, which mean nothing to people."""
_FIRST_LINE = 10_000
"""Bytes within which the heading must end."""


class _Known(NamedTuple):
    """Images that are known before the labels: their indices by name, and their sizes."""

    numbers: dict[bytes, int]
    sizes: NDArray[np.float64]


class _CsvPiece(NamedTuple):
    table: CsvTable
    part: CsvPart


def _look(_path: str, head: bytes) -> Look:
    line = head.partition(b"\n")[0]
    names = columns_in(line)
    wanted = (*WORDS, *NUMBERS)
    if {*wanted} <= {*columns_in(line.replace(b";", b",").replace(b"\t", b","))} - {*names}:
        return Look(fits=False, found="Open Images", missing="commas (line 1)")
    missing = [name for name in wanted if name not in names]
    if missing:
        return Look(False, "Open Images" * (WORDS[0] in names), f"the columns {', '.join(missing)} (line 1)")
    return Look(fits=True, found="columns ImageID, LabelName and XMin to YMax")


def _open(files: Sequence[str], root: str) -> Source:
    pieces: list[_CsvPiece] = []
    runs: list[NDArray[np.uint64]] = []
    remarks: list[ReaderFinding] = []
    problems: list[Problem] = []
    for path in files:
        try:
            found, numbers = _scanned(path, root)
            pieces += found
            runs.append(numbers)
            if not found and CLASSES not in path:
                remarks.append(ReaderFinding("file_passed_over", inside(path, root)))
        except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
            problems += problems_of(path, error)
    classes, wrong = classes_near(files)
    problems += wrong
    numbers = np.concatenate(runs) if runs else np.empty(0, np.uint64)
    if len(np.unique(numbers)) == len(numbers):
        return Source(pieces, partial(_read, classes, None), remarks=remarks, problems=problems)
    index, images, unsized = images_of(dict.fromkeys(piece.table for piece in pieces))
    remarks += unsized
    known = _Known(index, np.array([(image.width, image.height) for image in images]))
    return Source(pieces, partial(_read, classes, known), False, images, remarks, problems)


def _scanned(path: str, root: str) -> tuple[list[_CsvPiece], NDArray[np.uint64]]:
    """Return the pieces of a file, and the numbers of its runs of images; nothing of one without boxes."""
    with open_regular(path) as file:
        look = _look(path, file.readline(_FIRST_LINE))
    if not look.fits:
        if path == root:
            raise broken(path, f"lacks {look.missing}", 1)
        return [], np.empty(0, np.uint64)
    table = table_of(path, root)
    parts, runs = scan(path, table.header._replace(words=table.header.words[:1], numbers=()))
    return [_CsvPiece(table, part) for part in parts], runs


def _read(classes: dict[str, str], known: _Known | None, piece: _CsvPiece) -> Iterator[Batch]:
    table, part = piece
    try:
        with open_regular(table.path) as file:
            file.seek(part.start)
            columns = columns_of(file.read(part.stop - part.start), table.header)
    except OSError as error:
        columns = columns_of(b"", table.header)
        failed = problems_of(table.path, error)
    else:
        failed = _problems(table.path, part.line, columns.wrong)
    names, labels, *flags = columns.words
    begins = np.flatnonzero(np.append(True, names[1:] != names[:-1])[: len(names)])
    runs = names[begins].tolist()
    images = [image_of(name, table) for name in runs] if known is None else []
    sizes = np.array([(image.width, image.height) for image in images]).reshape(-1, 2) if known is None else known.sizes
    of_run = np.arange(len(runs)) if known is None else np.array([known.numbers[name] for name in runs], np.int64)
    image = np.repeat(of_run, np.diff(begins, append=len(names)))
    named, category, foreign = _categories(labels, classes)
    categories, category = _joined(named, category)
    if foreign is not None:
        line = int(columns.lines[foreign]) + part.line
        failed.append(Problem(Location(table.path, line), "a class is not UTF-8", "save it as UTF-8", "unreadable"))
    with np.errstate(over="ignore", invalid="ignore"):
        boxes = columns.numbers * np.tile(sizes[image], 2)
    yield Batch(
        images,
        categories,
        image,
        category,
        boxes,
        _bits(table.flags, flags, len(names)),
        columns.lines + part.line,
        np.empty((0, 2)),
        np.zeros(1, np.int64),
        np.empty(0, np.int64),
        {},
        [*sizes_unknown(images, table.where), *_unnamed(categories, table.where), *doubled(named, table.where)],
        failed,
    )


def _categories(labels: NDArray[np.bytes_], classes: dict[str, str]) -> tuple[list[str], NDArray[np.int64], int | None]:
    """Return names of classes, the index of each label's, and the first row whose class is not UTF-8."""
    index: dict[bytes, int] = {}
    category = np.array([index.setdefault(label, len(index)) for label in labels.tolist()], np.int64)
    words = [label.decode("utf-8", "replace") for label in index]
    foreign = next((number for number, word in enumerate(words) if "\ufffd" in word), None)
    row = None if foreign is None else int(np.argmax(category == foreign))
    return [classes.get(word, word) for word in words], category, row


def _joined(names: list[str], category: NDArray[np.int64]) -> tuple[list[str], NDArray[np.int64]]:
    """Return each name once, and the indices into these."""
    index = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return list(index), np.array([index[name] for name in names], np.int64)[category]


def _bits(names: Sequence[str], columns: Sequence[NDArray[np.bytes_]], count: int) -> NDArray[np.int64]:
    bits = np.zeros(count, np.int64)
    for name, column in zip(names, columns, strict=True):
        flag, stated = _BITS[name]
        is_set = np.isin(column, _YES)
        bits += is_set * (flag | stated) + np.isin(column, _NO) * stated
    return bits


def _unnamed(categories: Sequence[str], where: str) -> list[ReaderFinding]:
    unnamed = [name for name in categories if name.startswith(_MACHINE_NAME)]
    detail = "no class-descriptions file beside the boxes names it"
    return [ReaderFinding("class_unnamed", f"{where}#{unnamed[0]}", len(unnamed), detail)] if unnamed else []


def _problems(path: str, line: int, wrong: Sequence[tuple[int, str]]) -> list[Problem]:
    if not wrong:
        return []
    more = f" (in all, {len(wrong):,} lines are wrong)" if len(wrong) > 1 else ""
    message = f"{wrong[0][1]}{more}"
    return [Problem(Location(path, line + wrong[0][0]), message, "a row has numbers from XMin to YMax", "unreadable")]


PLUGIN = Reader(
    "open_images",
    "Open Images",
    "CSV files with the columns ImageID, LabelName, XMin, XMax, YMin and YMax",
    (".csv",),
    _look,
    _open,
    aliases=("oid",),
)
