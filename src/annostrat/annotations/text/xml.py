"""XML of labels: read whole or streamed, and refused before it can declare entities.

Tags are lower-cased and stripped of their namespace: writers differ in both, and no format depends on either.
"""

from __future__ import annotations

import codecs
import io
import re
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn
from xml.etree.ElementTree import ParseError, XMLParser, XMLPullParser
from xml.parsers.expat import errors

from annostrat.annotations import ReaderFinding
from annostrat.annotations.files.regular import bytes_of, head_of, open_regular
from annostrat.annotations.reader import broken, inside, text_of
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

_CHUNK = 1 << 16
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.-]+)""")
_TAG = re.compile(r"<(?:[\w.-]{1,99}:)?([\w.-]{1,99})")
_PLAIN = {"utf-8", "utf8", "us-ascii", "ascii"}
_BEFORE_ROOT = {"<?": "?>", "<!--": "-->", "<!": ">"}
"""Start and end markers of the constructs that may precede the root element."""


def root_tag(head: bytes) -> str:
    """Return the tag of the root element at the beginning of a file; empty if it is not XML.

    Anything before it is skipped part by part, so that the time is linear in its length.
    """
    try:
        text = head.decode(_encoding_of(head) or "utf-8", "replace")
    except LookupError:  # reading will tell
        text = head.decode("latin-1")
    text = text.lstrip("\ufeff \t\r\n")
    while ends := [end for start, end in _BEFORE_ROOT.items() if text.startswith(start)]:
        text = text.partition(ends[0])[2].lstrip(" \t\r\n]>")
    tag = _TAG.match(text)
    return tag[1].lower() if tag else ""


def of_root(files: Iterable[str], root: str, tag: str) -> tuple[list[str], list[ReaderFinding]]:
    """Return files whose root element has a tag, and remarks on skipped files.

    Files that are unreadable or not XML are included, so that reading reports them.
    """
    found, passed_over = [], []
    for path in files:
        try:
            there = root_tag(head_of(path))
        except OSError:
            there = ""
        if there in ("", tag):
            found.append(path)
        else:
            passed_over.append(ReaderFinding("file_passed_over", inside(path, root), detail=f"<{there[:40]}>"))
    return found, passed_over


def root_of(data: bytes, path: str) -> tuple[Element, frozenset[str]]:
    """Return the root element of a file's content, and all tags in it.

    Raises:
        InputError: It is not XML, or declares a document type, which labels never do and attacks must.
    """
    try:
        encoding = _encoding_of(data)
        text = data.decode(encoding) if encoding else data
        _refuse_declarations(text, path)
        root = _parsed(text)
    except (ParseError, UnicodeError, LookupError, RecursionError, ValueError) as error:
        _report(error, path)
    tags = frozenset(map(_TAG_OF, root.iter()))
    if not _are_plain(tags):
        for element in root.iter():
            element.tag = _plain(element.tag)
        tags = frozenset(map(_plain, tags))
    return root, tags


def _parsed(text: str | bytes) -> Element:
    """Return the root element; line breaks between elements become spaces, as the parser takes each of them apart."""
    try:
        one_line = text.replace(b">\n", b"> ") if isinstance(text, bytes) else text
        return _fed(one_line)
    except ParseError:
        return _fed(text)  # whose lines the error names


def _fed(text: str | bytes) -> Element:
    parser = XMLParser()  # noqa: S314 - without declarations there are no entities
    parser.feed(text)
    return parser.close()


_TAG_OF = attrgetter("tag")


@lru_cache(maxsize=16)  # the files of a data set have the same tags
def _are_plain(tags: frozenset[str]) -> bool:
    return all(_plain(tag) == tag for tag in tags)


@lru_cache(maxsize=1_000)
def _plain(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def events_of(path: str) -> Iterator[tuple[str, Element]]:
    """Yield ("start" or "end", element) as a file is read; callers that remove elements keep memory bounded.

    Raises:
        InputError: As `root_of` does, once the fault is reached.
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
                event[1].tag = _plain(event[1].tag)  # type: ignore[misc, union-attr]
                yield event  # type: ignore[misc]
        parser.close()
        yield from parser.read_events()  # type: ignore[misc]
    except (ParseError, UnicodeError, LookupError, RecursionError, ValueError) as error:
        _report(error, path)


def children_of(path: str) -> Iterator[Element]:
    """Yield the elements below the root, each removed from memory before the next; raise as `events_of` does."""
    depth = 0
    root: Element | None = None
    for event, element in events_of(path):
        root = element if root is None else root
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 1:
            yield element
            root.clear()


def condensed(path: str) -> bytes:
    """Return the first start tags of an XML file, each below the same tags once, as long text may come before them.

    Raises:
        InputError: As `events_of` does.
    """
    above: list[str] = []
    found: dict[tuple[str, ...], None] = {}
    for event, element in islice(events_of(path), _MOST_EVENTS):
        if event == "start":
            above.append(element.tag)
            found[tuple(above)] = None
        else:
            above.pop()
            element.clear()
    return "".join(f"<{tags[-1]}>" for tags in found).encode()


_MOST_EVENTS = 50_000
"""Starts and ends of elements that are looked at: enough for any that come before the first label."""


def _chunks(path: str) -> Iterator[tuple[Any, Any]]:
    """Yield the parts of a file, as text where it must be decoded, each with the end of the previous one."""
    with open_regular(path) as opened:
        encoding = _encoding_of(opened.read(_CHUNK))
        opened.seek(0)
        file: Any = io.TextIOWrapper(opened, encoding, newline="") if encoding else opened
        chunk = file.read(_CHUNK)
        before = chunk[:0]
        while chunk:
            yield before, chunk
            before = chunk[-len("<!DOCTYPE") :]
            chunk = file.read(_CHUNK)


def _encoding_of(data: bytes) -> str | None:
    """Return the encoding with which a text must be decoded; None if the parser reads it as it is.

    A text without a byte-order mark whose first or second byte is zero is UTF-16: the parser detects that too, and a
    text that it reads differently from us could hide a declaration.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in data[:2]:
        return "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    declared = _DECLARED.search(data[:_HEAD])
    name = declared[1].decode().lower() if declared else "utf-8"
    return None if name in _PLAIN else name


_HEAD = 400
"""Bytes in which the encoding is declared."""


def _refuse_declarations(text: str | bytes, path: str) -> None:
    if (b"<!DOCTYPE" if isinstance(text, bytes) else "<!DOCTYPE") in text:  # type: ignore[operator]
        raise broken(path, "declares a document type, which could blow up in memory", hint="remove the <!DOCTYPE ...>")


def _report(error: Exception, path: str) -> NoReturn:
    if isinstance(error, ParseError):
        if error.code == errors.codes[errors.XML_ERROR_INVALID_TOKEN] and not _encoding_of(head_of(path)):
            _, problems = text_of(path, bytes_of(path))
            if problems:
                raise InputError(problems) from error
        line, column = error.position
        message = str(error.msg).partition(": line ")[0]
        raise broken(path, f"is not valid XML: {message}", line, column + 1) from error
    if isinstance(error, RecursionError):
        raise broken(path, "is nested too deep") from error
    raise broken(path, f"is not in the encoding that it states: {error}", hint="save the file as UTF-8") from error
