"""JSON files as found in practice: with NaN, a byte-order mark, two documents in one, or truncated."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec
import numpy as np

from annostrat.annotations import ReaderFinding, reader
from annostrat.annotations.files.regular import HEAD_BYTES, bytes_of, head_of
from annostrat.annotations.reader import Look, Source, broken, inside, refuse_utf_16
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Batch

T = TypeVar("T")

_BOM = b"\xef\xbb\xbf"
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:"(\s*+:)?|\\?\Z)|[{}\[\]]', re.DOTALL)
_MAX_DEPTH = 12
"""Depth below which no format has distinguishing keys."""


def content(path: str) -> bytes:
    """Return a file's content, without a byte-order mark."""
    data = bytes_of(path)
    refuse_utf_16(path, data)
    if not data[:4096].strip():
        raise broken(path, "the file is empty")
    return data.removeprefix(_BOM)


def fitting(
    files: Iterable[str], root: str, look: Callable[[str, bytes], Look]
) -> tuple[list[str], list[ReaderFinding]]:
    """Return files that look like a format, and remarks on skipped files.

    Empty, broken or unreadable files are included, so that reading reports them; so is a file that the user named.
    """
    found, passed_over = [], []
    for path in files:
        if path == root or _may_fit(path, look):
            found.append(path)
        else:
            passed_over.append(ReaderFinding("file_passed_over", inside(path, root)))
    return found, passed_over


def many_images_each(
    files: Iterable[str], root: str, look: Callable[[str, bytes], Look], read: Callable[[str, str], Iterator[Batch]]
) -> Source:
    """Return the source of files that look like a format, with many images per file: `read(root, path)`."""
    found, passed_over = fitting(files, root, look)
    return Source(found, partial(read, root), remarks=passed_over)


def one_image_each(
    files: Iterable[str], root: str, look: Callable[[str, bytes], Look], read: Callable[..., None]
) -> Source:
    """Return the source of files that look like a format, with one image per file: `read(path, builder, root=root)`."""
    found, passed_over = fitting(files, root, look)
    return reader.one_image_each(found, root, read)._replace(remarks=passed_over)


def _may_fit(path: str, look: Callable[[str, bytes], Look]) -> bool:
    try:
        head = head_of(path)
        if not head or look(path, head).fits:
            return True
        if not path.lower().endswith(JSON):
            return False
        if is_cut(head) and look(path, condensed(path)).fits:
            return True
        refuse_broken(path, content(path))
    except (OSError, InputError):
        return True
    return False


def is_cut(head: bytes) -> bool:
    """Return whether a file may be longer than its head."""
    return len(head) >= HEAD_BYTES


def condensed(path: str) -> bytes:
    """Return a JSON file, or a file of JSON lines, reduced to its keys, since a distinguishing key may come late.

    Of a list, of lines, and of an object with very many keys, the first two members are kept, the longest, and one with
    the longest value of each key in any member, as few of many tasks may have labels; a long text becomes an ellipsis.

    Raises:
        InputError: It is not JSON, or too large for memory.
    """
    if os.path.getsize(path) > CONDENSED_BYTES:
        raise broken(path, f"is larger than {CONDENSED_BYTES:,} bytes, and does not begin like a known format")
    data = content(path)
    if path.lower().endswith(".json"):
        return _condensed(path, data, 0)
    lines = [msgspec.Raw(line) for line in data.splitlines() if line.strip()]
    return b"\n".join(_condensed(path, line, 0) for line in _telling(path, lines))


JSON = (".json", ".jsonl", ".ndjson")
CONDENSED_BYTES = 1_000_000_000
_LONG_TEXT, _MANY_KEYS, _NEAR = 200, 100, 100


def _condensed(path: str, raw: bytes, depth: int) -> bytes:
    raw = raw.strip()
    if depth > _MAX_DEPTH:
        return b"null"
    if raw[:1] == b"[":
        members = _telling(path, decoded(path, raw, list[msgspec.Raw]))
        return b"[%s]" % b",".join(_condensed(path, each, depth + 1) for each in members)
    if raw[:1] == b"{":
        named = decoded(path, raw, dict[str, msgspec.Raw])
        kept = (
            _telling(path, list(named.values()))
            if len(named) > _MANY_KEYS
            else [bytes(each) for each in named.values()]
        )
        keys_ = (msgspec.json.encode(key) for key in named)
        members = [b"%s:%s" % (key, _condensed(path, each, depth + 1)) for key, each in zip(keys_, kept, strict=False)]
        return b"{%s}" % b",".join(members)
    return raw if len(raw) < _LONG_TEXT else b'"..."'


def _telling(path: str, members: list[msgspec.Raw]) -> list[bytes]:
    raw = [memoryview(each) for each in members]
    longest = max(range(len(raw)), key=lambda index: len(raw[index]), default=0)
    told = [bytes(raw[index]) for index in sorted({0, 1, longest}) if index < len(raw)]
    fullest: dict[str, bytes] = {}
    for each in raw if len(told) < len(raw) else ():
        if bytes(each[:_NEAR]).lstrip().startswith(b"{"):
            for key, value in decoded(path, bytes(each), dict[str, msgspec.Raw]).items():
                fullest[key] = max(fullest.get(key, b""), bytes(value), key=len)
    merged = [b"%s:%s" % (msgspec.json.encode(key), value) for key, value in fullest.items()]
    return [*told, b"{%s}" % b",".join(merged)] if merged else told


def refuse_broken(path: str, data: bytes) -> None:
    """Refuse invalid JSON, even if nothing in it is of the format: the lost part may contain the labels.

    Raises:
        InputError: It is not JSON.
    """
    decoded(path, data, msgspec.Raw)


def sought(path: str, type_: type[T], key: str, *, named: bool) -> T | None:
    """Return a file as a value of a type; None for other JSON that lacks the key and was not named by the user.

    Raises:
        InputError: It is not JSON, or it has the key or was named and is not of that type.
    """
    data = content(path)
    try:
        return decoded(path, data, type_)
    except InputError:
        if named or f'"{key}"'.encode() in data:
            raise
        refuse_broken(path, data)
        return None


def decoded(path: str, data: bytes | msgspec.Raw, type_: type[T]) -> T:
    """Return JSON as a value of a type; NaN and Infinity, which strict parsers reject, become null.

    Raises:
        InputError: It is not JSON, or not of that type.
    """
    try:
        return msgspec.json.decode(data, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _leniently(path, bytes(data), type_)
    except RecursionError as error:
        raise broken(path, "the values are nested too deeply") from error


def _leniently(path: str, data: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(msgspec.json.encode(json.loads(data.decode())), type=type_)
    except msgspec.ValidationError as error:
        raise broken(path, str(error).replace("`", "'").lower()) from error
    except json.JSONDecodeError as error:
        raise _malformed(path, error) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise broken(path, f"byte 0x{data[error.start]:02x} is not UTF-8", line, hint="save it as UTF-8") from error
    except RecursionError as error:
        raise broken(path, "the values are nested too deeply") from error
    except (ValueError, OverflowError) as error:
        raise broken(path, f"a value cannot be used: {error}") from error


def _malformed(path: str, error: json.JSONDecodeError) -> InputError:
    if error.msg == "Extra data":
        return broken(path, "a second document begins here", error.lineno, error.colno, "keep one document a file")
    if not error.doc[error.pos :].strip():
        return broken(path, "the file ends in the middle of a value", error.lineno, error.colno)
    return broken(path, f"this is no JSON: {error.msg.lower()}", error.lineno, error.colno)


def numbers_of(lists: bytes) -> NDArray[np.float64]:
    """Return all numbers of JSON lists, however nested, in the order of the text.

    Raises:
        ValueError: It is not JSON, or contains values other than numbers.
    """
    try:
        return np.frombuffer(_parser().parse(lists).as_buffer(of_type="d"), np.float64)
    except (TypeError, RuntimeError, OverflowError) as error:
        raise ValueError(str(error)) from error


@lru_cache(maxsize=1)
def _parser() -> Any:
    import simdjson

    return simdjson.Parser()


@lru_cache(maxsize=2)  # every JSON reader requests the keys of the same head
def keys(head: bytes) -> frozenset[str]:
    """Return the keys in the beginning of a JSON text, with the path to each, such as `objects[].label`."""
    head = head.removeprefix(_BOM)
    if head.lstrip()[:1] not in b"[{":
        return frozenset()
    found: set[str] = set()
    stack = [""]
    key = ""
    for token in _TOKEN.finditer(head):
        if token[0] in {b"{", b"["} and len(stack) <= _MAX_DEPTH:
            stack.append(stack[-1] + key + ("." if token[0] == b"{" else "[]"))
        elif token[0] in {b"}", b"]"} and len(stack) > 1:
            stack.pop()
        key = token[1].decode("utf-8", "replace") if token[2] else ""
        if key:
            found.add((stack[-1] + key).lstrip("."))
    return frozenset(found)


class Sign(NamedTuple):
    """Keys that identify a file.

    Attributes:
        keys: Keys that the file must all have, as `keys` returns them; separated by commas.
        found: A short description of the content they indicate.
        missing: What the file lacks for the format, if these keys indicate a related format that is not read.
    """

    keys: str
    found: str
    missing: str = ""


def told_by(*signs: Sign, missing: str, in_list: bool = False) -> Callable[[str, bytes], Look]:
    """Return the look of a format that is recognised by its keys.

    Args:
        signs: Signs in order of precedence; the first that matches counts.
        missing: What a file without any of them lacks.
        in_list: Whether a file may also be a list of objects with these keys.
    """
    return partial(_look_for, [(frozenset(sign.keys.split(", ")), sign) for sign in signs], missing, in_list)


def _look_for(
    signs: Sequence[tuple[frozenset[str], Sign]], missing: str, in_list: bool, _path: str, head: bytes
) -> Look:
    there = keys(head)
    there = frozenset(key.removeprefix("[].") for key in there) if in_list else there
    sign = next((sign for wanted, sign in signs if wanted <= there), None)
    return Look(not sign.missing, sign.found, sign.missing) if sign else Look(fits=False, missing=missing)
