"""Columns of a large CSV file, some megabytes at a time and all rows at once.

If every row is plain, as nearly all are, fields are cut at the commas; otherwise, or if a value is wrong, the part is
parsed row by row with the standard reader.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations.text.json import numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_COMMA, _BREAK = b",\n"
_LONGEST = 300
"""Maximum bytes of a word; each row of a column takes the width of its longest word, so a limit is needed."""


class CsvHeader(NamedTuple):
    """The positions of the required columns.

    Attributes:
        width: Number of columns.
        words: Positions of columns of words.
        numbers: Positions of columns of numbers.
    """

    width: int
    words: tuple[int, ...]
    numbers: tuple[int, ...]


class Columns(NamedTuple):
    """Rows of a part of a file.

    Attributes:
        words: Each column of words, as bytes.
        numbers: The numbers, of shape (rows, columns of numbers).
        starts: The byte offset of each row from the beginning of the part.
        lines: The line of each row, counted from 0.
        wrong: Line and fault of each line that is not such a row.
    """

    words: list[NDArray[np.bytes_]]
    numbers: NDArray[np.float64]
    starts: NDArray[np.int64]
    lines: NDArray[np.int64]
    wrong: list[tuple[int, str]]


def columns_of(part: bytes, header: CsvHeader) -> Columns:
    """Return the columns of whole lines."""
    part = part if part.endswith(b"\n") else part + b"\n"
    places = _places(part, header.width)
    numbers = None if places is None else _numbers_at(part, places, header.numbers)
    words = None if places is None else [_words_at(part, places, column) for column in header.words]
    if places is None or numbers is None or words is None or any(column is None for column in words):
        return _row_by_row(part, header)
    found = [column for column in words if column is not None]
    return Columns(found, numbers, _starts(places, 0), np.arange(len(places)), [])


def _places(part: bytes, width: int) -> NDArray[np.int64] | None:
    """Return the end of each field, of shape (rows, width); None unless every row has `width` plain fields."""
    if b'"' in part:
        return None
    text = np.frombuffer(part, np.uint8)
    is_break = text == _BREAK
    ends = np.flatnonzero(is_break | (text == _COMMA))
    if len(ends) % width or len(ends) != width * np.count_nonzero(is_break):
        return None
    places = ends.reshape(-1, width)
    return places if is_break[places[:, -1]].all() else None


def _starts(places: NDArray[np.int64], column: int) -> NDArray[np.int64]:
    """Return where the fields of a column begin."""
    if column:
        return places[:, column - 1] + 1
    return np.concatenate([[0], places[:-1, -1] + 1])


def _words_at(part: bytes, places: NDArray[np.int64], column: int) -> NDArray[np.bytes_] | None:
    """Return a column as bytes of one width, so that words can be compared all at once; None if one is too long."""
    starts, ends = _starts(places, column), places[:, column]
    longest = int((ends - starts).max(initial=1))
    if longest > _LONGEST:
        return None
    padded = np.frombuffer(part + bytes(longest), np.uint8)
    fields = np.lib.stride_tricks.sliding_window_view(padded, longest)[starts]
    fields[np.arange(longest) >= (ends - starts)[:, None]] = 0
    words = fields.view(f"S{longest}").ravel()
    return np.strings.rstrip(words, b"\r") if column == places.shape[1] - 1 else words


def _numbers_at(part: bytes, places: NDArray[np.int64], columns: Sequence[int]) -> NDArray[np.float64] | None:
    """Return the numbers of some columns; None if a field is not a number.

    The bytes of these columns are joined into one JSON list, which is parsed at once.
    """
    if not columns:
        return np.empty((len(places), 0))
    order = sorted(columns)
    edges = np.zeros(len(part) + 1, np.int8)
    for column in order:
        edges[_starts(places, column)] += 1
        edges[places[:, column] + 1] -= 1
    taken = np.frombuffer(part, np.uint8)[np.cumsum(edges[:-1], dtype=np.int8).view(np.bool_)]
    taken[taken == _BREAK] = _COMMA
    try:
        numbers = numbers_of(b"[%s]" % taken[:-1].tobytes())
    except ValueError:
        return None
    if len(numbers) != len(places) * len(order):
        return None
    return numbers.reshape(-1, len(order))[:, [order.index(column) for column in columns]]


def _row_by_row(part: bytes, header: CsvHeader) -> Columns:
    rows: list[tuple[int, int, list[bytes], list[float]]] = []
    wrong: list[tuple[int, str]] = []
    start = 0
    for number, line in enumerate(part.split(b"\n")):
        if line.strip():
            try:
                rows.append((start, number, *_fields(line, header)))
            except (ValueError, IndexError, csv.Error) as error:
                wrong.append((number, _fault(error, line)))
        start += len(line) + 1
    words = [np.array([row[2][index] for row in rows], np.bytes_) for index in range(len(header.words))]
    numbers = np.array([row[3] for row in rows], np.float64).reshape(len(rows), len(header.numbers))
    starts = np.array([row[0] for row in rows], np.int64)
    return Columns(words, numbers, starts, np.array([row[1] for row in rows], np.int64), wrong)


def _fields(line: bytes, header: CsvHeader) -> tuple[list[bytes], list[float]]:
    """Return the words and numbers of a line; spreadsheets of some countries write 0,5 for 0.5."""
    fields = next(csv.reader([line.decode("utf-8", "surrogateescape").rstrip("\r")]))
    words = [fields[column].encode("utf-8", "surrogateescape") for column in header.words]
    if max(map(len, words)) > _LONGEST:
        raise ValueError(f"a word of more than {_LONGEST} bytes")
    return words, [float(fields[column].replace(",", ".")) for column in header.numbers]


def _fault(error: Exception, line: bytes) -> str:
    if isinstance(error, IndexError):
        return f"a row of {line.count(b',') + 1} fields"
    return str(error)[:80]
