"""Lays out text for a terminal: wrapped to its width, with hanging indents, in tables, and in colour.

Every function returns finished lines. At a width of 20,

    hang("- ", "Label a pilot twice.", page)

is `["- Label a pilot", "  twice."]`. A line is never wider than the page, and no character is lost: a word that is too
long continues on the next line.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.render.sections.sections import (
    Link,
    More,
    Paragraph,
    Part,
    Picture,
    Point,
    Report,
    Section,
    Table,
    on_one_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.render.renderer import Page

BOLD, DIM, GREEN, YELLOW, RED = "1", "2", "32", "33", "31"
BOLD_GREEN, BOLD_YELLOW, BOLD_RED = (f"{BOLD};{colour}" for colour in (GREEN, YELLOW, RED))
"""Parameters of the escape sequences for styles (ECMA-48, SGR)."""
NARROW = 72
"""Columns below which a table becomes a list."""
VERY_NARROW = 48
"""Columns below which titles are placed above their lines."""
GAP = "  "
"""Gap between two columns of a table, and before the first."""
LEAST_NAME = 10
"""Columns that a quiet line reserves for the name of its subject."""
_ROW = " " * 9
"""Space for the title of a row of a screen."""


def text_of(lines: Iterable[str]) -> str:
    """Return lines as text, without trailing spaces."""
    return "".join(f"{line.rstrip()}\n" for line in lines)


def paint(text: str, style: str, page: Page) -> str:
    """Return text in a style, if the page has any; each line is styled separately."""
    if not (style and text and page.colour):
        return text
    return "\n".join(f"\x1b[{style}m{line}\x1b[0m" for line in text.split("\n"))


def columns_of(text: str) -> int:
    """Return the number of columns that printable text takes: a Chinese character takes two, a combining one none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of printable text, broken at spaces, or within a word that is wider than a line."""
    if columns_of(text) <= width:
        return [text]
    lines, line, used = [], "", 0
    for word in text.split(" "):
        wide = columns_of(word)
        if line and used + 1 + wide <= width:
            line, used = f"{line} {word}", used + 1 + wide
            continue
        if line:
            lines.append(line)
        *full, line = _folded(word, width) if wide > width else [word]
        lines += full
        used = columns_of(line)
    return [*lines, line]


def _folded(word: str, width: int) -> list[str]:
    """Return the pieces of a word, each as wide as fits, with at least one character."""
    if word.isascii():
        return [word[start : start + width] for start in range(0, len(word), width)]
    pieces = [""]
    for character in word:
        if pieces[-1] and columns_of(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def cut(text: str, most: int) -> str:
    """Return printable text, cut if it takes more than `most` columns."""
    return text if columns_of(text) <= most else _folded(text, max(most - len("..."), 1))[0] + "..."


def hang(first: str, text: str, page: Page, style: str = "", sources: Iterable[str] = ()) -> list[str]:
    """Return `first` followed by a text with a hanging indent, and its sources in brackets."""
    width = columns_of(first)
    named = ", ".join(map(printable, sources))
    body = "\n".join(wrap(printable(text) + (f" [{named}]" if named else ""), max(page.width - width, 1)))
    if named:
        body, _, named = body.rpartition("[")
        body += paint(f"[{named}", DIM, page)
    return (first + paint(body, style, page)).replace("\n", f"\n{' ' * width}").split("\n")


def indent(text: str, page: Page, style: str = "") -> list[str]:
    """Return a text indented by two columns."""
    return hang("  ", text, page, style)


def item(text: str, page: Page, sources: Iterable[str] = (), mark: str = "-") -> list[str]:
    """Return one point of a list."""
    return hang(f"  {mark} ", text, page, sources=sources)


def titled(title: str, lines: list[str], page: Page) -> list[str]:
    """Return lines under a title, with an empty line before it; nothing if there are no lines."""
    return ["", *hang("", title, page, BOLD), *lines] if lines else []


def section_lines(sections: Iterable[Section], page: Page) -> list[str]:
    """Return the parts of each section under its title."""
    return [
        line
        for title, parts in sections
        for line in titled(title, [line for part in parts for line in part_lines(part, page)], page)
    ]


def beside(sections: Iterable[Section], page: Page) -> list[str]:
    """Return sections of a few paragraphs as rows, each after its title, or under it on a very narrow page."""
    if page.width < VERY_NARROW:
        return section_lines(sections, page)
    lines = [""]
    for title, parts in sections:
        texts = (part.text for part in parts if isinstance(part, Paragraph))
        row = [line for text in texts for line in hang(_ROW, text, page)]
        lines += [paint(f"{title:{len(_ROW)}}", BOLD, page) + line[len(_ROW) :] for line in row[:1]] + row[1:]
    return lines


def head_of(report: Report, page: Page) -> list[str]:
    """Return the name, the answer and the opening of a page."""
    lines = [*hang("", report.name, page, BOLD), *hang("", f"=> {report.answer}", page, _style(report))]
    return [*lines, *(line for text in report.opening for line in indent(text, page))]


def _style(report: Report) -> str:
    return {"decided": BOLD_GREEN, "error": BOLD_RED}.get(report.status, BOLD_YELLOW)


def quiet_text(report: Report, page: Page) -> str:
    """Return the answer with its status and any remark; a long name is cut to make room for the answer."""
    answer, name = f": {report.answer}", printable(report.name)
    room = page.width - columns_of(answer)
    name = cut(name, room) if room >= LEAST_NAME else name
    return text_of([*hang("", name + answer, page, _style(report)), *indent(report.remark, page)])


def full_text(report: Report, rules: RuleSet, page: Page) -> str:
    """Return the whole page."""
    version = hang("", f"Rules: {rules.id} {rules.version}, {rules.digest[:19]}", page, DIM)
    return text_of([*head_of(report, page), *section_lines(report.sections, page), "", *version])


def screen_text(
    report: Report,
    page: Page,
    most: int,
    versions: Iterable[Sequence[Section]],
    lay: Callable[[Iterable[Section], Page], list[str]] = section_lines,
) -> str:
    """Return the first version of the sections that takes at most `most` lines, and no more than are visible.

    If none does, the last one is returned.
    """
    most = min(most, page.lines) if page.lines else most
    head, lines = head_of(report, page), []
    for sections in versions:
        lines = [*head, *lay(sections, page)]
        if len(lines) <= most:
            break
    return text_of(lines)


def dropping(sections: Sequence[Section], titles: Iterable[str]) -> Iterator[Sequence[Section]]:
    """Yield the sections, then again without each of the titles in turn."""
    yield sections
    for title in titles:
        sections = [section for section in sections if section.title != title]
        yield sections


def part_lines(part: Part, page: Page) -> list[str]:
    """Return the lines of one part of a page; none for a picture if the parts beside it say the same."""
    match part:
        case Point():
            return item(part.whole, page, part.sources, part.mark)
        case Paragraph():
            return indent(part.text, page, DIM if part.aside else "")
        case Picture():
            lines = part.characters(page.width - 2, page.ascii) if part.characters else []
            return [f"  {printable(line)}" for line in lines]
        case Link():
            return item(" ".join(filter(None, [f"{part.label}: {part.text}", part.url])), page)
        case More():
            return indent(part.alone, page, DIM)
        case Table():
            return _listed(part, page) if page.width < NARROW else grid(part, page)


def _listed(table: Table, page: Page) -> list[str]:
    """Return a table as a list, with one point per row that names its cells."""
    titles = [on_one_line(column.title) for column in table.columns[1:]]
    lines = []
    for name, *cells in table.rows:
        named = zip(titles, map(on_one_line, cells), strict=True)
        lines += item(f"{name}: " + "; ".join(f"{title} {cell}".lstrip() for title, cell in named if cell), page)
    return lines


def grid(table: Table, page: Page) -> list[str]:
    """Return a table whose cells wrap if it is too wide; titles are aligned to the bottom."""
    widths = _widths(table, page)
    titles = _cells([column.title for column in table.columns], widths)
    high = max(map(len, titles))
    head = _row([[""] * (high - len(lines)) + lines for lines in titles], table, widths)
    rows = (line for row in table.rows for line in _row(_cells(row, widths), table, widths))
    return [*(paint(line.rstrip(), DIM, page) for line in head), *rows]


def _widths(table: Table, page: Page) -> list[int]:
    """Return the column widths: names get a share of the page, then the widest cells have to wrap."""
    cells = zip([column.title for column in table.columns], *table.rows, strict=True)
    widths = [max(columns_of(printable(line)) for cell in column for line in cell.split("\n")) for column in cells]
    most = page.width * 2 // (3 + sum(not column.number for column in table.columns))
    widths[0] = max(min(widths[0], most), len(table.columns[0].title))
    excess = sum(widths) + len(GAP) * len(widths) - page.width
    for _ in range(excess):
        widest = max(range(1, len(widths)), key=widths.__getitem__)
        widths[widest] = max(widths[widest] - 1, 1)
    return widths


def _cells(row: Iterable[str], widths: list[int]) -> list[list[str]]:
    """Return the lines of each cell of a row."""
    return [
        [line for part in cell.split("\n") for line in wrap(printable(part), width)]
        for cell, width in zip(row, widths, strict=True)
    ]


def _row(cells: list[list[str]], table: Table, widths: list[int]) -> Iterator[str]:
    """Yield the lines of a row, with numbers aligned right."""
    for lines in zip_longest(*cells, fillvalue=""):
        row = ""
        for column, width, line in zip(table.columns, widths, lines, strict=True):
            space = " " * (width - columns_of(line))
            row += GAP + (space + line if column.number else line + space)
        yield row
