"""A large file, read in windows, so that little of it is ever in memory or in the processor's cache."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from annostrat.annotations.files.regular import opened, shrunk

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

WINDOW = 1 << 20
NEAR = 1 << 14
OVERLAP = 4_096
"""Bytes that two windows share; matches must be shorter."""


class LargeFile:
    """A file of `size` bytes, read on demand."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor, self.size = opened(path)

    def __enter__(self) -> Self:
        """Keep the file open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        os.close(self._descriptor)

    def read(self, start: int, stop: int) -> bytes:
        """Return the bytes of a range, up to the end of the file; raise `OSError` if the file became shorter."""
        parts = []
        stop = min(stop, self.size)
        while start < stop:
            part = self._read_at(stop - start, start)
            if not part:
                raise shrunk(self._path)
            parts.append(part)
            start += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_at(self, count: int, place: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, count, place)
        os.lseek(self._descriptor, place, os.SEEK_SET)
        return os.read(self._descriptor, count)

    def _windows(self, start: int, stop: int, size: int = WINDOW) -> Iterator[tuple[int, bytes]]:
        while start < stop:
            yield start, self.read(start, min(start + size + OVERLAP, stop))
            start += size
            size = min(2 * size, WINDOW)

    def find(self, word: bytes, start: int = 0, stop: int | None = None) -> int:
        """Return the position of the first occurrence of a word in a range, or -1."""
        for place, window in self._windows(start, self.size if stop is None else stop):
            found = window.find(word)
            if found >= 0:
                return place + found
        return -1

    def search(self, pattern: re.Pattern[bytes], start: int, stop: int) -> tuple[int, int] | None:
        """Return where the first match in a range begins and ends; one longer than `OVERLAP` may be missed.

        A small window is searched first, as the match is usually near.
        """
        for place, window in self._windows(start, stop, NEAR):
            match = pattern.search(window)
            if match:
                return place + match.start(), place + match.end()
        return None

    def finditer(self, pattern: re.Pattern[bytes], start: int = 0) -> Iterator[tuple[int, int, bytes]]:
        """Yield where all matches begin and end, and their text; one longer than `OVERLAP` may be missed."""
        done = start
        for place, window in self._windows(start, self.size):
            last = place + WINDOW >= self.size
            for match in pattern.finditer(window, max(done - place, 0)):
                if not last and match.start() >= WINDOW:
                    break
                done = place + match.end()
                yield place + match.start(), done, match.group()
            done = max(done, place + WINDOW) if not last else done

    def line_and_column(self, place: int) -> tuple[int, int]:
        """Return the line and column of a byte, both from 1."""
        lines, begin = 1, 0
        for start, window in self._windows(0, place):
            own = window[: min(WINDOW, place - start)]
            lines += own.count(b"\n")
            last = own.rfind(b"\n")
            begin = start + last + 1 if last >= 0 else begin
        return lines, place - begin + 1
