"""The arrays of objects in a large JSON file, found and cut into pieces without reading the file as a whole."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from mmap import mmap

PIECE_BYTES = 3_000_000
"""What is decoded at a time: it stays in the processor's cache, and memory stays bounded."""
_WINDOW = 1 << 16
_CUT = re.compile(rb"\}\s*,\s*(?=\{)")
_DECODER = json.JSONDecoder()
_SPACE = b" \t\r\n"
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


class Span(NamedTuple):
    """The bytes of some elements of an array, without its brackets; the last span of an array may reach beyond it."""

    start: int
    stop: int


class Elements(NamedTuple):
    """Elements that were decoded one by one.

    Attributes:
        values: What was decoded.
        ended: Whether the array ended there.
        stop: Where decoding stopped.
        error: Why it stopped too early, or None.
    """

    values: list[Any]
    ended: bool
    stop: int
    error: str | None


class Layout(NamedTuple):
    """Where things stand in a file.

    Attributes:
        starts: Where the arrays of the keys begin, behind their bracket; a key that is not there is absent.
        stop: Where the first document ends; the end of the file, if it holds one only.
    """

    starts: dict[str, int]
    stop: int

    def span(self, key: str) -> Span:
        """Return the span from the beginning of an array to where something else surely begins."""
        start = self.starts[key]
        return Span(start, min([place for place in self.starts.values() if place > start], default=self.stop))


def layout(data: mmap, keys: tuple[str, ...]) -> Layout:
    """Return where the arrays of top-level keys stand."""
    found = {key: list(_occurrences(data, key)) for key in keys}
    if all(len(places) <= 1 for places in found.values()):
        return Layout({key: places[0] for key, places in found.items() if places}, len(data))
    return _scanned(data, keys)


def _occurrences(data: mmap, key: str) -> Iterator[int]:
    word = f'"{key}"'.encode()
    opening = re.compile(re.escape(word) + rb"\s*:\s*\[")
    place = data.find(word)
    while place >= 0:
        match = opening.match(data, place)
        if match and (place == 0 or data[place - 1] != ord("\\")):
            yield match.end()
        place = data.find(word, place + 1)


def _scanned(data: mmap, keys: tuple[str, ...]) -> Layout:
    """Return the same by walking through the first document, for files in which the keys occur inside values too."""
    words = {f'"{key}"'.encode(): key for key in keys}
    found: dict[str, int] = {}
    depth, key = 0, None
    for match in _TOKEN.finditer(data):
        token = match.group()
        if token[:1] == b'"':
            key = words.get(token) if depth == 1 and _is_key(data, match.end()) else key
            continue
        if token in b"[{":
            depth += 1
            if token == b"[" and depth == 2 and key:  # noqa: PLR2004 - inside the outermost object
                found.setdefault(key, match.end())
        else:
            depth -= 1
            if not depth:
                return Layout(found, match.end())
        key = None
    return Layout(found, len(data))


def _is_key(data: mmap, place: int) -> bool:
    return data[place : place + 64].lstrip(_SPACE)[:1] == b":"


def in_spans(data: mmap, whole: Span, is_element: Callable[[Any], bool]) -> list[Span]:
    """Return an array's elements in spans of some megabytes; the last one reaches to the end of the whole.

    Args:
        data: The file.
        whole: The array from behind its bracket, and what may follow it.
        is_element: Tells an element of the array from an object that stands elsewhere.
    """
    start, limit = whole
    cuts = [start]
    place = start + PIECE_BYTES
    while place < limit:
        match = _CUT.search(data, place, limit)
        if match is None:
            break
        if is_element(_object_at(data, match.end(), limit)):
            cuts.append(match.end())
            place = match.end() + PIECE_BYTES
        else:
            place = match.start() + 1
    return [Span(*pair) for pair in zip(cuts, [*cuts[1:], limit], strict=True)]


def _object_at(data: mmap, place: int, limit: int) -> Any:
    """Return the object that begins at a place, or None where none does."""
    size = _WINDOW
    while True:
        try:
            return _DECODER.raw_decode(data[place : min(place + size, limit)].decode("utf-8", "replace"))[0]
        except (ValueError, RecursionError):
            if place + size >= limit or size > PIECE_BYTES * 16:
                return None
            size *= 4


def closed(text: bytes) -> bytes:
    """Return the text of a span as an array of its own; right only if the span holds whole elements alone."""
    return b"[" + text.strip(_SPACE).rstrip(b"," + _SPACE) + b"]"


def one_by_one(data: mmap, span: Span) -> Elements:
    """Decode the elements of a span with the standard decoder, which takes Infinity, and says where text is broken."""
    text = data[span.start : span.stop].decode("utf-8", "surrogateescape")
    values: list[Any] = []
    place = 0
    while True:
        place = _skip(text, place, " \t\r\n,")
        if place == len(text):
            return Elements(values, ended=False, stop=span.stop, error=None)
        if text[place] == "]":
            return Elements(values, True, span.start + _bytes(text, place), None)
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "is nested too deeply"
            stop = error.pos if isinstance(error, json.JSONDecodeError) else place
            return Elements(values, False, span.start + _bytes(text, stop), reason.lower())
        values.append(value)


def _skip(text: str, place: int, characters: str) -> int:
    while place < len(text) and text[place] in characters:
        place += 1
    return place


def _bytes(text: str, place: int) -> int:
    return len(text[:place].encode("utf-8", "surrogateescape"))


def line_and_column(data: mmap, place: int) -> tuple[int, int]:
    """Return the line and column of a byte, both from 1."""
    before = data.rfind(b"\n", 0, place)
    lines, at = 1, data.find(b"\n", 0, place)
    while at >= 0:
        lines, at = lines + 1, data.find(b"\n", at + 1, place)
    return lines, place - before
