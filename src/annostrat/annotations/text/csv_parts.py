"""Cuts a CSV file of labels into parts that contain all rows of their images, if these rows are contiguous."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations.files.regular import open_regular
from annostrat.annotations.reader import broken
from annostrat.annotations.text.csv_columns import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from annostrat.annotations.text.csv_columns import Columns, CsvHeader

PART_BYTES = 2_000_000
"""Bytes read at a time: some ten thousand rows."""
_LONGEST_LINE = 1_000_000
_FACTORS = np.cumprod(np.full(40, 0x9E3779B97F4A7C15, np.uint64))
"""One for each eight bytes of a word, to hash it: powers of an odd number, which are as good as factors from
`numpy.random` without its import."""


class CsvPart(NamedTuple):
    """Whole lines of a file: from byte `start` to before `stop`; the first is line `line`, counted from 1."""

    start: int
    stop: int
    line: int


def chunks_of(path: str, header: CsvHeader) -> Iterator[tuple[CsvPart, Columns]]:
    """Yield the columns of a file below its first line, part by part.

    Raises:
        InputError: A line has no end.
        OSError: The file cannot be read.
    """
    with open_regular(path) as file:
        start, line = len(file.readline()), 2
        rest = b""
        while block := file.read(PART_BYTES):
            lines, end, rest = (rest + block).rpartition(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise broken(path, f"a line of more than {_LONGEST_LINE} bytes", line + lines.count(b"\n") + bool(end))
            if end:
                text = lines + end
                yield CsvPart(start, start + len(text), line), columns_of(text, header)
                start, line = start + len(text), line + text.count(b"\n")
        if rest.strip():
            yield CsvPart(start, start + len(rest), line), columns_of(rest, header)


def scan(path: str, header: CsvHeader) -> tuple[list[CsvPart], NDArray[np.uint64]]:
    """Return parts that are cut only where the first word changes, and a hash for each run of equal first words.

    The rows of every word are contiguous if no hash occurs twice.
    """
    cuts: list[tuple[int, int]] = []
    runs: list[NDArray[np.uint64]] = []
    last: NDArray[np.uint64] = np.empty(0, np.uint64)
    stop = 0
    for part, columns in chunks_of(path, header):
        hashes = _hashes(columns.words[0])
        begins = np.flatnonzero(np.diff(hashes, prepend=last if last.size else ~hashes[:1]))
        runs.append(hashes[begins])
        starts = part.start + columns.starts[begins]
        chosen = int(np.searchsorted(starts, cuts[-1][0] + PART_BYTES)) if cuts else 0
        if chosen < len(starts):
            cuts.append((int(starts[chosen]), int(part.line + columns.lines[begins[chosen]])))
        elif not cuts:
            cuts.append((part.start, part.line))
        last, stop = hashes[-1:] if hashes.size else last, part.stop
    stops = [start for start, _ in cuts[1:]] + [stop]
    parts = [CsvPart(start, end, line) for (start, line), end in zip(cuts, stops, strict=False)]
    return parts, np.concatenate(runs) if runs else last


def _hashes(words: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Return a hash of each word, independent of the column's width."""
    width = -(-words.dtype.itemsize // 8)
    numbers = words.astype(f"S{8 * width}").view(np.uint64).reshape(len(words), width)
    hashes: NDArray[np.uint64] = (numbers * _FACTORS[:width]).sum(axis=1, dtype=np.uint64)
    return hashes


def names_of(path: str, header: CsvHeader) -> dict[bytes, None]:
    """Return the distinct first words of a file, in the order of their rows."""
    return dict.fromkeys(word for _, columns in chunks_of(path, header) for word in columns.words[0].tolist())
