"""The arrays of objects in a large JSON file, found and cut into pieces without reading the file as a whole."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.annotations.text.large_file import LargeFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIECE_BYTES = 2_000_000
"""Bytes decoded at a time: a piece fits in the processor's cache, and memory stays bounded."""
_NEAR_END = 64
_WINDOW = 1 << 16
_CUT = re.compile(rb"\}\s*,\s*(?=\{)")
_DECODER = json.JSONDecoder()
_SPACE = b" \t\r\n"
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_TOKEN = re.compile(_STRING.pattern + rb"|[{}\[\]]", re.DOTALL)


class Span(NamedTuple):
    """The bytes of some elements of an array, without its brackets; the last span of an array may reach beyond it.

    Attributes:
        start: Its first byte.
        stop: The byte after its last one.
        keyed: Whether it belongs to an object used in place of an array, whose values are the elements.
    """

    start: int
    stop: int
    keyed: bool = False


class Elements(NamedTuple):
    """Elements that were decoded one by one.

    Attributes:
        values: The decoded elements.
        ended: Whether the array ended there.
        foreign: The first byte that is not UTF-8, or None.
        stop: Where decoding stopped.
        error: Why it stopped too early, or None.
    """

    values: list[Any]
    ended: bool
    stop: int
    error: str | None
    foreign: int | None = None


class ArrayLayout(NamedTuple):
    """Positions of arrays in a file.

    Attributes:
        starts: Where the array of each key begins, after its bracket; missing keys are absent.
        stop: Where the first document ends; the end of the file if it contains only one.
        keyed: Keys with an object in place of an array, as some tools write labels by their id.
    """

    starts: dict[str, int]
    stop: int
    keyed: frozenset[str]

    def span(self, key: str) -> Span:
        """Return the span from the beginning of an array to the next known position of something else."""
        start = self.starts[key]
        stop = min([place for place in self.starts.values() if place > start], default=self.stop)
        return Span(start, stop, key in self.keyed)


def layout(data: LargeFile, keys: tuple[str, ...]) -> ArrayLayout:
    """Return where the arrays of top-level keys begin, and where the first document ends.

    A file of up to `SEARCHED` bytes is searched as a whole, and scanned if a key also occurs inside values. In a larger
    one the first occurrence of a key counts, or one near the end of the file.
    """
    if data.size > SEARCHED:
        places = {key: [] if (first := _first(data, key)) is None else [first] for key in keys}
    else:
        places = {key: list(_occurrences(data, key, 0)) for key in keys}
    found, stop = {key: of_key[0] for key, of_key in places.items() if of_key}, data.size
    is_clear = all(len(of_key) < 2 for of_key in places.values())  # noqa: PLR2004 - a second one
    if found and not (is_clear and _is_outermost(data, min(found.values()))):
        found, stop = _scanned(data, keys)
    keyed = frozenset(key for key, place in found.items() if data.read(place - 1, place) == b"{")
    return ArrayLayout(found, stop, keyed)


SEARCHED, EDGE = 32_000_000, 4_000_000


def _is_outermost(data: LargeFile, place: int) -> bool:
    """Return whether an array at a position is in the outermost object; assumed far from the start of the file."""
    if place > EDGE:
        return True
    escaped = data.read(0, place).replace(rb"\\", b"").replace(rb"\"", b"")
    brackets = b"".join(escaped.split(b'"')[::2])  # outside strings
    opened, shut = (sum(map(brackets.count, pair)) for pair in ((b"[", b"{"), (b"]", b"}")))
    return opened - shut == 2  # noqa: PLR2004 - the object, and the array itself


def _first(data: LargeFile, key: str) -> int | None:
    """Return the first occurrence of a key near the start of a file, else near its end, else anywhere."""
    for start, stop in ((0, EDGE), (data.size - EDGE, data.size), (EDGE, data.size)):
        place = next(_occurrences(data, key, start, stop), None)
        if place is not None:
            return place
    return None


def _occurrences(data: LargeFile, key: str, start: int, stop: int | None = None) -> Iterator[int]:
    word = f'"{key}"'.encode()
    opening = re.compile(re.escape(word) + rb"\s{0,99}:\s{0,99}[\[{]")
    place = data.find(word, start, stop)
    while place >= 0:
        match = opening.match(data.read(place, place + _NEAR))
        if match and data.read(max(place - 1, 0), place) != b"\\":
            yield place + match.end()
        place = data.find(word, place + 1, stop)


_NEAR = 256


def behind(path: str, key: str, size: int) -> bytes | None:
    """Return the beginning of a key's array, anywhere in a file, or None if there is none.

    In a large file, the text around the array is not checked: opening the file does that.
    """
    try:
        with LargeFile(path) as data:
            start = _first(data, key)
            if start is not None and data.size <= SEARCHED and not _is_outermost(data, start):
                start = layout(data, (key,)).starts.get(key)
            return None if start is None else data.read(start, start + size)
    except OSError:
        return None


def _scanned(data: LargeFile, keys: tuple[str, ...]) -> tuple[dict[str, int], int]:
    """Return the same as `layout` by scanning the first document."""
    words = {f'"{key}"'.encode(): key for key in keys}
    found: dict[str, int] = {}
    depth, key = 0, None
    for _, end, token in data.finditer(_TOKEN):
        if token[:1] == b'"':
            key = words.get(token) if depth == 1 and _is_key(data, end) else key
            continue
        if token in b"[{":
            depth += 1
            if depth == 2 and key:  # noqa: PLR2004 - inside the outermost object
                found.setdefault(key, end)
        else:
            depth -= 1
            if not depth:
                return found, end
        key = None
    return found, data.size


def _is_key(data: LargeFile, place: int) -> bool:
    return data.read(place, place + 64).lstrip(_SPACE)[:1] == b":"


def in_spans(data: LargeFile, whole: Span, is_element: Callable[[Any], bool]) -> list[Span]:
    """Return an array's elements in spans of a few megabytes; the last one extends to the end of the whole.

    Args:
        data: The file.
        whole: The array after its opening bracket, and any text that follows it.
        is_element: Distinguishes an element of the array from an object elsewhere.
    """
    if whole.keyed:
        return [whole]
    start, limit, _ = whole
    cuts = [start]
    place = start + PIECE_BYTES
    while place < limit:
        match = data.search(_CUT, place, limit)
        if match is None:
            break
        if is_element(_object_at(data, match[1], limit)) and not _ends_soon(data, match[1]):
            cuts.append(match[1])
            place = match[1] + PIECE_BYTES
        else:
            place = match[0] + 1
    return [Span(*pair) for pair in zip(cuts, [*cuts[1:], limit], strict=True)]


def _object_at(data: LargeFile, place: int, limit: int) -> Any:
    """Return the object that begins at a position, or None."""
    size = _WINDOW
    while True:
        try:
            return _DECODER.raw_decode(data.read(place, min(place + size, limit)).decode("utf-8", "replace"))[0]
        except (ValueError, RecursionError):
            if place + size >= limit or size > PIECE_BYTES * 16:
                return None
            size *= 4


def _ends_soon(data: LargeFile, place: int) -> bool:
    """Return whether the array of an element ends soon after it: then it is usually an array inside an element.

    The end of the outer array looks the same; the part that stays uncut because of this is just as small.
    """
    text = data.read(place, place + PIECE_BYTES // LITTLE).decode("utf-8", "replace")
    stop = 0
    while True:
        try:
            stop = _skip(text, _DECODER.raw_decode(text, stop)[1], " \t\r\n,")
        except (ValueError, RecursionError):
            return False
        if text[stop : stop + 1] == "]":
            return True


LITTLE = 512
"""An array inside an element is expected to end within this fraction (1 / 512) of a piece."""


def as_arrays(text: bytes, *, last: bool, keyed: bool = False) -> Iterator[bytes]:
    """Yield candidates for a span's elements as a separate array; for the last span, one per possible end."""
    if not last:
        yield _closed(text)
        return
    stop = len(text)
    for _ in range(MAX_ENDS):
        stop = text.rfind(b"}" if keyed else b"]", 0, stop)
        if stop < 0:
            return
        yield b"{" + text[:stop] + b"}" if keyed else _closed(text[:stop])


MAX_ENDS = 4
"""Number of brackets tried as the end of an array, from the end of the text that may follow it."""


def _closed(text: bytes) -> bytes:
    """Return the text of a span as a separate array; correct only if the span consists of whole elements."""
    tail = text[-_NEAR_END:]  # cheaper to copy than the whole, and longer than the usual separator of two elements
    rest = tail.rstrip(b"," + _SPACE)
    stop = len(text) - len(tail) + len(rest) if rest else len(text.rstrip(b"," + _SPACE))
    return b"".join((b"[", memoryview(text)[:stop], b"]"))


def one_by_one(data: LargeFile, span: Span) -> Elements:
    """Decode the elements of a span with the standard decoder, which accepts Infinity and reports where text breaks."""
    raw = data.read(span.start, span.stop)
    text = raw.decode("utf-8", "surrogateescape")
    foreign = None if text.isascii() else _foreign(raw, span.start)
    values: list[Any] = []
    place = 0
    while True:
        place = _skip(text, place, " \t\r\n,")
        if place == len(text):
            return Elements(values, False, span.stop, None, foreign)
        if text[place] == ("}" if span.keyed else "]"):
            return Elements(values, True, span.start + _bytes(text, place), None, foreign)
        try:
            if span.keyed:
                place = _skip(text, _DECODER.raw_decode(text, place)[1], " \t\r\n:")
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "is nested too deeply"
            stop = error.pos if isinstance(error, json.JSONDecodeError) else place
            return Elements(values, False, span.start + _bytes(text, stop), reason.lower(), foreign)
        values.append(value)


def _foreign(raw: bytes, start: int) -> int | None:
    """Return the position of the first byte that is not UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return start + error.start
    return None


def _skip(text: str, place: int, characters: str) -> int:
    while place < len(text) and text[place] in characters:
        place += 1
    return place


def _bytes(text: str, place: int) -> int:
    return len(text[:place].encode("utf-8", "surrogateescape"))
