"""How Markdown writes the parts of a page: headings, lists, tables and links, in which no text is taken for markup."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.render.sections.sections import (
    Link,
    More,
    Paragraph,
    Part,
    Picture,
    Point,
    Section,
    Table,
    on_one_line,
    with_code,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet

_TICKS = re.compile("`+")
_COLUMNS = 72
"""What a comment shows of preformatted text without scrolling."""
COMMENT = 65_536
"""Characters that a comment on a pull request may have at GitHub; bytes are counted, to be on the safe side."""
FOLDED = ("Models", "Tips", "Sources", "How the levels", "Figures", "How they are spread", "Average silhouettes")
"""How the titles of sections begin that a reader may open."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~&@])")


def size(text: str) -> int:
    """Return the bytes of a text."""
    return len(text.encode())


def sectioned(sections: Iterable[Section], rules: RuleSet) -> Iterator[str]:
    """Yield the blocks of sections; those that few readers open are folded."""
    for folded, group in groupby(sections, lambda section: section.title.startswith(FOLDED)):
        inside = [block for section in group for block in blocks(section, 3, rules)]
        yield from _folded(inside) if folded and inside else inside


def _folded(inside: list[str]) -> list[str]:
    """Return blocks that a reader may open, under their headings."""
    headings = [block.removeprefix("### ") for block in inside if block.startswith("### ")]
    return [f"<details><summary>{', '.join(headings)}</summary>", *inside, "</details>"]


def blocks(section: Section, level: int, rules: RuleSet) -> Iterator[str]:
    """Yield the heading of a section and its blocks; nothing, if it has no parts."""
    if section.parts:
        yield f"{'#' * level} {escape(section.title)}"
    for listed, parts in groupby(section.parts, lambda part: isinstance(part, Point | Link)):
        lines = [*filter(None, (_block(part, rules) for part in parts))]
        yield from ["\n".join(lines)] if listed else lines


def _block(part: Part, rules: RuleSet) -> str:
    match part:
        case Point():
            return _point(part, rules)
        case Paragraph():
            return words(part.text)
        case Picture():
            return _drawing(part)
        case Link():
            return f"- {_link(part.label, part.url)}: {escape(part.text)}"
        case Table():
            return _table(part)
        case More():
            return words(part.alone)


def _drawing(figure: Picture) -> str:
    """Return the characters of a figure, if it has any, in a fence that no text in them can close."""
    if figure.characters is None:
        return ""
    lines = [*map(printable, figure.characters(_COLUMNS, False))]
    fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall("".join(lines))), 3)
    return "\n".join([f"{fence}text", *lines, fence])


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
    return with_code(text, escape, "`{}`".format)


def escape(text: str) -> str:
    """Return text in which nothing is Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", printable(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")
