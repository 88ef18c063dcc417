"""Writes `expect` into use-case files, and changes nothing else in them: comments, layout and other keys stay.

A document is composed once more, and its marks say where the text of a value begins and ends:

    answers: {purpose: map_surfaces}  # since May        answers: {purpose: map_surfaces}  # since May
    images: 500                                    ->    expect: semantic_segmentation
                                                         images: 500

The new text is read again before anybody writes it. Where it does not say what the old one said plus `expect` (a value
that is an alias, for example), the file is refused.
"""

from __future__ import annotations

import codecs
import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from annostrat.errors import InputError, Problem
from annostrat.knowledge import yaml_source
from annostrat.use_cases.yaml_text import flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.knowledge.yaml_source import Document

Change = tuple["Document", tuple[str, ...]]
"""A use case's document, and the strategies that it should expect."""


def place(document: Document) -> tuple[int, int]:
    """Return line and column of a use case's answers, which tell it from the others of its file."""
    _, line, column = document.locate("answers")
    return line or 0, column or 0


def updated(path: str, changes: Sequence[Change]) -> str:
    """Return the text of a file whose use cases expect something else.

    Raises:
        InputError: A document is written in a way that cannot be changed without changing more.
    """
    with open(path, "rb") as file:
        data = file.read()
    mark = codecs.BOM_UTF8.decode() if data.startswith(codecs.BOM_UTF8) else ""
    if not changes[0][0].path.endswith((".jsonl", ".ndjson")):  # the name it was read by, which may be a link's
        return mark + _rewritten(changes)
    lines = data.decode().split("\n")
    for change in changes:
        number, text = change[0].first_line - 1, change[0].text
        lines[number] = lines[number].replace(text, _rewritten([change]))
    return "\n".join(lines)


def _rewritten(changes: Sequence[Change]) -> str:
    """Return the text that some documents share with their changes made, the last one first so that marks hold."""
    first = changes[0][0]
    wanted = {place(document): (document, _value(expect)) for document, expect in changes}
    text = first.text
    for _, (document, value) in sorted(wanted.items(), key=itemgetter(0), reverse=True):
        start, end, new = _edit(document, value)
        text = text[:start] + new + text[end:]
    before = yaml_source.parse(first.text, first.path, first.first_line)
    meant = [{**one.data, "expect": wanted[place(one)][1]} if place(one) in wanted else one.data for one in before]
    now = [one.data for one in yaml_source.parse(text, first.path, first.first_line)]
    if list(map(_listed, now)) != list(map(_listed, meant)):
        raise _refusal(*next(iter(wanted.values())))
    return text


def _value(expect: tuple[str, ...]) -> str | list[str]:
    return expect[0] if len(expect) == 1 else [*expect]


def _listed(data: Any) -> Any:
    """Return what a document says, with one strategy that it expects as a list of one."""
    return {**data, "expect": [data["expect"]]} if data and isinstance(data.get("expect"), str) else data


def _refusal(document: Document, value: str | list[str]) -> InputError:
    message = "`expect` cannot be written here without changing more than it"
    return InputError([Problem(document.locate("expect"), message, f"write it yourself: expect: {flow(value)}")])


def _edit(document: Document, value: str | list[str]) -> tuple[int, int, str]:
    """Return which part of the text gives way to what: the value of `expect`, or nothing beside `answers`."""
    root, text = document.node(), document.text
    if root is None:
        raise _refusal(document, value)
    nodes = {key.value: (key, node) for key, node in root.value}
    key, answers = nodes["answers"]
    quoted = text[key.start_mark.index] == '"'
    written = json.dumps(value) if quoted else flow(value)
    if "expect" in nodes:
        node = nodes["expect"][1]
        if _is_block(node):  # a list with a line for each
            names = value if isinstance(value, list) else [value]
            written = f"\n{' ' * node.start_mark.column}".join(f"- {name}" for name in names)
        return node.start_mark.index, _end(node), written
    before = text[text.rfind("\n", 0, key.start_mark.index) + 1 : key.start_mark.index]
    end, pair = _end(answers), f'"expect": {written}' if quoted else f"expect: {written}"
    if root.flow_style:
        return end, end, f",{_newline(text)}{before}{pair}" if before.isspace() else f", {pair}"
    line_end = text.find("\n", end)
    end = len(text) if line_end < 0 else line_end - (text[line_end - 1] == "\r")
    return end, end, f"{_newline(text)}{' ' * key.start_mark.column}{pair}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _end(node: Any) -> int:
    """Return where the text of a value ends; the end mark of a block follows trailing comments and empty lines."""
    while _is_block(node):
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    return end


def _is_block(node: Any) -> bool:
    """Return whether a list or mapping has a line for each of its parts."""
    return isinstance(node.value, list) and not node.flow_style
