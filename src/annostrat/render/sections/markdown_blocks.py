"""The parts of a page as Markdown: headings, lists, tables and links, with text escaped."""

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
"""Columns of preformatted text that a comment shows without scrolling."""
COMMENT = 65_536
"""Maximum number of characters in a GitHub pull request comment; bytes are counted, to be on the safe side."""
FOLDED = ("Models", "Tips", "Sources", "How the levels", "Figures", "How they are spread", "Average silhouettes")
"""Prefixes of the titles of sections that are folded."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~&@])")


def size(text: str) -> int:
    """Return the size of a text in bytes."""
    return len(text.encode())


def sectioned(sections: Iterable[Section], rules: RuleSet) -> Iterator[str]:
    """Yield the blocks of sections, folding those that few readers open."""
    for folded, group in groupby(sections, lambda section: section.title.startswith(FOLDED)):
        inside = [block for section in group for block in blocks(section, 3, rules)]
        if folded and inside:
            headings = [block.removeprefix("### ") for block in inside if block.startswith("### ")]
            inside = [f"<details><summary>{', '.join(headings)}</summary>", *inside, "</details>"]
        yield from inside


def blocks(section: Section, level: int, rules: RuleSet) -> Iterator[str]:
    """Yield the heading of a section and its blocks; nothing if it has no parts."""
    if section.parts:
        yield f"{'#' * level} {escape(section.title)}"
    for listed, parts in groupby(section.parts, lambda part: isinstance(part, Point | Link)):
        lines = [*filter(None, (_block(part, rules) for part in parts))]
        yield from ["\n".join(lines)] if listed else lines


def _block(part: Part, rules: RuleSet) -> str:
    match part:
        case Point():
            mark = part.mark if part.mark[0].isdigit() else "-"
            links = ", ".join(_link(source, rules.references[source]["url"]) for source in part.sources)
            lead = f"**{escape(part.lead)}** " if part.lead else ""
            return f"{mark} {lead}{words(part.text)}" + (f" ({links})" if links else "")
        case Paragraph():
            return words(part.text)
        case Picture():
            return _fenced(part.characters(_COLUMNS, False)) if part.characters else ""
        case Link():
            return f"- {_link(part.label, part.url)}: {escape(part.text)}"
        case Table():
            rule = "|".join("---:" if column.number else "---" for column in part.columns)
            head, *rows = ([column.title for column in part.columns], *part.rows)
            return "\n".join([_row(head), f"|{rule}|", *map(_row, rows)])
        case More():
            return words(part.alone)


def _fenced(characters: list[str]) -> str:
    """Return the lines of a drawing in a fence that no text within them can close."""
    lines = [*map(printable, characters)]
    fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall("".join(lines))), 3)
    return "\n".join([f"{fence}text", *lines, fence])


def _link(label: str, url: str | None) -> str:
    safe = printable(url or "").replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return f"[{escape(label)}](<{safe}>)" if url else escape(label)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(escape(on_one_line(cell)) for cell in cells)} |"


def words(text: str) -> str:
    """Return text with answers and commands as code and everything else escaped for Markdown and HTML."""
    return with_code(text, escape, "`{}`".format)


def escape(text: str) -> str:
    """Return text escaped for Markdown and HTML."""
    return _SPECIAL.sub(r"\\\1", printable(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")
