"""JSON files as people have them: with NaN, a byte-order mark, two documents in one, or torn off."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from annostrat.annotations.files.regular import bytes_of, head_of
from annostrat.annotations.reader import broken
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.annotations.reader import Look

T = TypeVar("T")

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:"(\s*+:)?|\\?\Z)|[{}\[\]]', re.DOTALL)
_MAX_DEPTH = 12
"""Levels below which no format has anything that tells it from others."""


def content(path: str) -> bytes:
    """Return what a file holds, without a byte-order mark."""
    data = bytes_of(path)
    if data.startswith(_UTF_16):
        raise broken(path, "the text is UTF-16", hint="save it as UTF-8")
    if not data[:4096].strip():
        raise broken(path, "the file is empty")
    return data.removeprefix(_BOM)


def fitting(files: Iterable[str], root: str, look: Callable[[str, bytes], Look]) -> list[str]:
    """Return files that look like a format, and those that are empty, broken or unreadable: reading them says so.

    What the user named as a file is taken, whatever it looks like.
    """
    return [path for path in files if path == root or _may_fit(path, look)]


def _may_fit(path: str, look: Callable[[str, bytes], Look]) -> bool:
    try:
        head = head_of(path)
        if not head or look(path, head).fits:
            return True
        refuse_broken(path, content(path))
    except (OSError, InputError):
        return True
    return False


def refuse_broken(path: str, data: bytes) -> None:
    """Refuse what is no JSON, though nothing in it is of the format: its labels may be what is lost.

    Raises:
        InputError: It is none.
    """
    decoded(path, data, msgspec.Raw)


def decoded(path: str, data: bytes | msgspec.Raw, type_: type[T]) -> T:
    """Return JSON as a value of a type; NaN and Infinity, which no strict parser takes, become null.

    Raises:
        InputError: It is no JSON, or not of that type.
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


def keys(head: bytes) -> set[str]:
    """Return the keys in the beginning of a JSON text with what they stand in, such as `objects[].label`."""
    found: set[str] = set()
    stack = [""]
    key = ""
    for token in _TOKEN.finditer(head.removeprefix(_BOM)):
        if token[0] in {b"{", b"["} and len(stack) <= _MAX_DEPTH:
            stack.append(stack[-1] + key + ("." if token[0] == b"{" else "[]"))
        elif token[0] in {b"}", b"]"} and len(stack) > 1:
            stack.pop()
        key = token[1].decode("utf-8", "replace") if token[2] else ""
        if key:
            found.add((stack[-1] + key).lstrip("."))
    return found
