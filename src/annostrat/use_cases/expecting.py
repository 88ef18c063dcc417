"""Write `expect` into use-case files without changing anything else, such as comments, layout and other keys.

The document is composed again, and its marks give the start and end of the text of each value:

    answers: {purpose: map_surfaces}  # since May        answers: {purpose: map_surfaces}  # since May
    images: 500                                    ->    expect: semantic_segmentation
                                                         images: 500

The new text is parsed before it is written. If it is not equivalent to the old document plus `expect` (for example, if
a value is an alias), the file is refused.
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
"""A use case's document, and the strategies to expect."""


def place(document: Document) -> tuple[int, int]:
    """Return the line and column of a use case's answers, which identify it in its file."""
    _, line, column = document.locate("answers")
    return line or 0, column or 0


def updated(path: str, changes: Sequence[Change]) -> str:
    """Return the text of a file with the changed expectations.

    Raises:
        InputError: The expectation of a document cannot be changed without changing anything else.
    """
    with open(path, "rb") as file:
        data = file.read()
    mark = codecs.BOM_UTF8.decode() if data.startswith(codecs.BOM_UTF8) else ""
    if not changes[0][0].path.endswith((".jsonl", ".ndjson")):  # the name it was read under, which may be a link
        return mark + _rewritten(changes)
    lines = data.decode().split("\n")
    for change in changes:
        number, text = change[0].first_line - 1, change[0].text
        lines[number] = lines[number].replace(text, _rewritten([change]))
    return "\n".join(lines)


def _rewritten(changes: Sequence[Change]) -> str:
    """Apply changes to the text shared by some documents, in reverse order so that the marks stay valid."""
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
    """Return a document's data, with a single expected strategy as a list."""
    return {**data, "expect": [data["expect"]]} if data and isinstance(data.get("expect"), str) else data


def _refusal(document: Document, value: str | list[str]) -> InputError:
    message = "`expect` cannot be written here without changing more than it"
    return InputError([Problem(document.locate("expect"), message, f"write it yourself: expect: {flow(value)}")])


def _edit(document: Document, value: str | list[str]) -> tuple[int, int, str]:
    """Return an edit as (start, end, new text): it replaces the value of `expect` or inserts one after `answers`."""
    root, text = document.node(), document.text
    if root is None:
        raise _refusal(document, value)
    nodes = {key.value: (key, node) for key, node in root.value}
    key, answers = nodes["answers"]
    quoted = text[key.start_mark.index] == '"'
    written = json.dumps(value) if quoted else flow(value)
    if "expect" in nodes:
        node = nodes["expect"][1]
        if _is_block(node):  # a list with one item per line
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
    """Return where the text of a value ends; a block's end mark comes after trailing comments and empty lines."""
    while _is_block(node):
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    return end


def _is_block(node: Any) -> bool:
    """Return whether a node is a list or mapping in block style."""
    return isinstance(node.value, list) and not node.flow_style
