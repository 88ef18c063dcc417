"""How Markdown writes the parts of a page: headings, lists, tables and links, in which no text is taken for markup."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.renderers._sections import TYPED, Figure, Link, Paragraph, Part, Point, Section, Table, on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~&@])")


def blocks(section: Section, level: int, rules: RuleSet) -> Iterator[str]:
    """Yield the heading of a section and its blocks; nothing, if it has no parts."""
    if section.parts:
        yield f"{'#' * level} {escape(section.title)}"
    said = [part for part in section.parts if not isinstance(part, Figure) or part.alternative]
    for listed, parts in groupby(said, lambda part: isinstance(part, Point | Link)):
        lines = [_block(part, rules) for part in parts]
        yield from ["\n".join(lines)] if listed else lines


def _block(part: Part, rules: RuleSet) -> str:
    match part:
        case Point():
            return _point(part, rules)
        case Paragraph():
            return words(part.text)
        case Figure():
            return words(part.alternative)
        case Link():
            return f"- {_link(part.label, part.url)}: {escape(part.text)}"
        case Table():
            return _table(part)


def _point(part: Point, rules: RuleSet) -> str:
    mark = part.mark if part.mark[0].isdigit() else "-"
    links = ", ".join(_link(source, rules.references[source]["url"]) for source in part.sources)
    lead = f"**{escape(part.lead)}** " if part.lead else ""
    return f"{mark} {lead}{words(part.text)}" + (f" ({links})" if links else "")


def _link(label: str, url: str | None) -> str:
    safe = printable(url or "").replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return f"[{escape(label)}](<{safe}>)" if url else escape(label)


def _table(table: Table) -> str:
    rule = "|".join("---:" if column.number else "---" for column in table.columns)
    rows = (_row(on_one_line(cell) for cell in row) for row in table.rows)
    return "\n".join([_row(on_one_line(column.title) for column in table.columns), f"|{rule}|", *rows])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(escape, cells))} |"


def words(text: str) -> str:
    """Return text in which answers and commands are code, and nothing else is Markdown or HTML."""
    return "".join(f"`{part}`" if odd % 2 else escape(part) for odd, part in enumerate(TYPED.split(text)))


def escape(text: str) -> str:
    """Return text in which nothing is Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", printable(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")
