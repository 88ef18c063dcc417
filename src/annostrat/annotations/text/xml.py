"""XML of labels: read whole or as it streams, and refused before it can declare entities of its own."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, NoReturn
from xml.etree.ElementTree import ParseError, XMLPullParser, fromstring

from annostrat.annotations.reader import broken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_CHUNK = 1 << 16
_HEAD = 200
_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_OF_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_PLAIN = {"utf-8", "utf8", "us-ascii", "ascii"}


def root_of(data: bytes, path: str) -> Element:
    """Return the root element of a file's content.

    Raises:
        InputError: It is no XML, or declares a document type, as labels never do and attacks must.
    """
    encoding = _encoding_of(data)
    try:
        text = data.decode(encoding) if encoding else data
        _refuse_declarations(text, path)
        return fromstring(text)  # noqa: S314 - without declarations there are no entities
    except (ParseError, UnicodeError, LookupError, RecursionError) as error:
        _report(error, path)


def events_of(path: str) -> Iterator[tuple[str, Element]]:
    """Yield ("start" or "end", element) as a file is read; who takes elements out keeps memory bounded.

    Raises:
        InputError: As `root_of` does, when it is met.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    try:
        rooted = False
        for before, text in _chunks(path):
            if not rooted:
                _refuse_declarations(before + text, path)
            parser.feed(text)
            for event in parser.read_events():
                rooted = True
                yield event  # type: ignore[misc]
        parser.close()
        yield from parser.read_events()  # type: ignore[misc]
    except (ParseError, UnicodeError, LookupError, RecursionError) as error:
        _report(error, path)


def _chunks(path: str) -> Iterator[tuple[Any, Any]]:
    """Yield the parts of a file, as text where it must be decoded, each with the end of the one before."""
    with open(path, "rb") as start:
        encoding = _encoding_of(start.read(_HEAD))
    with open(path, encoding=encoding, newline="") if encoding else open(path, "rb") as file:
        chunk = file.read(_CHUNK)
        before = chunk[:0]
        while chunk:
            yield before, chunk
            before = chunk[-len("<!DOCTYPE") :]
            chunk = file.read(_CHUNK)


def _encoding_of(data: bytes) -> str | None:
    """Return the encoding that a text must be decoded with; None where the parser reads it as it is."""
    if data[:2] in _OF_MARKS:
        return _OF_MARKS[data[:2]]
    declared = _DECLARED.match(data)
    name = declared[1].decode().lower() if declared else "utf-8"
    return None if name in _PLAIN else name


def _refuse_declarations(text: str | bytes, path: str) -> None:
    if (b"<!DOCTYPE" if isinstance(text, bytes) else "<!DOCTYPE") in text:  # type: ignore[operator]
        raise broken(path, "declares a document type, which could blow up in memory", hint="remove the <!DOCTYPE ...>")


def _report(error: Exception, path: str) -> NoReturn:
    if isinstance(error, ParseError):
        line, column = error.position
        message = str(error.msg).partition(": line ")[0]
        raise broken(path, f"is not valid XML: {message}", line, column + 1) from error
    if isinstance(error, RecursionError):
        raise broken(path, "is nested too deep") from error
    raise broken(path, f"is not in the encoding that it states: {error}", hint="save the file as UTF-8") from error
