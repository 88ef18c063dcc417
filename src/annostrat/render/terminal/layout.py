"""How rich lays out the parts of a page: sections, points of a list, tables that become lists on a narrow page."""

from __future__ import annotations

from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from annostrat.errors import printable
from annostrat.render.sections.sections import Link, More, Paragraph, Part, Picture, Point, Section, Table, on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import JustifyMethod, RenderableType

    from annostrat.render.renderer import Page

NARROW = 72
"""Columns below which a table becomes a list."""
VERY_NARROW = 48
"""Columns below which titles stand above their lines."""


def draw(shown: RenderableType, page: Page) -> str:
    """Return what rich makes of a renderable, as text of the page's width."""
    console = Console(
        file=TextIOWrapper(BytesIO(), "ascii") if page.ascii else StringIO(),  # from it rich takes what may be drawn
        width=page.width,
        force_terminal=page.colour,
        no_color=not page.colour,
        color_system="standard" if page.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(shown)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()) if not page.colour else capture.get()


def laid_out(sections: Iterable[Section], page: Page) -> list[RenderableType]:
    """Return the parts of each section under its title."""
    lines: list[RenderableType] = []
    for section in sections:
        said = [part for part in section.parts if not isinstance(part, Picture) or part.alternative or part.characters]
        lines += titled(section.title, [shown(part, page) for part in said])
    return lines


def beside(sections: Iterable[Section], page: Page) -> list[RenderableType]:
    """Return sections of a few paragraphs as rows, each behind its title; on a very narrow page under it."""
    if page.width < VERY_NARROW:
        return laid_out(sections, page)
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, style="bold", min_width=8)
    grid.add_column(overflow="fold")
    for title, parts in sections:
        told = [
            Text(printable(part.text), "dim" if part.aside else "not bold")
            for part in parts
            if isinstance(part, Paragraph)
        ]
        if told:
            grid.add_row(title, Group(*told))
    return [Text(), grid]


def fitting(
    head: list[RenderableType],
    sections: list[Section],
    lay: Callable[[list[Section], Page], list[RenderableType]],
    page: Page,
    most: int,
    left_out: Iterable[str],
) -> str:
    """Return a page of at most so many lines, and of those in sight, for which sections are left out in some order."""
    most = min(most, page.lines) if page.lines else most
    for title in ("", *left_out):
        sections = [section for section in sections if section.title != title]
        text = draw(Group(*head, *lay(sections, page)), page)
        if text.count("\n") <= most:
            break
    return text


def titled(title: str, lines: list[RenderableType]) -> list[RenderableType]:
    """Return lines under a title, with an empty line before it; nothing, if there are no lines."""
    return [Text(f"\n{printable(title)}", "bold"), *lines] if lines else []


def shown(part: Part, page: Page) -> RenderableType:
    """Return one part of a page."""
    match part:
        case Point():
            return item(part.whole, part.sources, part.mark)
        case Paragraph():
            return indented(part.text, "dim" if part.aside else "")
        case Picture():
            return _drawing(part, page)
        case Link():
            return item(" ".join(filter(None, [f"{part.label}: {part.text}", part.url])))
        case More():
            return indented(part.alone, "dim")
        case Table():
            return _listed(part) if page.width < NARROW else grid(part, page)


def _drawing(figure: Picture, page: Page) -> RenderableType:
    if figure.characters is None:
        return indented(figure.alternative)
    lines = figure.characters(page.width - 2, page.ascii)
    return Padding(Text("\n".join(map(printable, lines)), no_wrap=True, overflow="crop"), (0, 0, 0, 2))


def indented(text: str, style: str = "") -> RenderableType:
    """Return a text set in by two columns."""
    return Padding(Text(printable(text), style), (0, 0, 0, 2))


def item(text: str, sources: Iterable[str] = (), mark: str = "-") -> RenderableType:
    """Return one point of a list, its second line under the first; a long word folds and loses nothing."""
    body = Text(printable(text))
    named = ", ".join(sources)
    if named:
        body.append(f" [{printable(named)}]", "dim")
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"  {mark}"), body)
    return grid


def _listed(table: Table) -> RenderableType:
    """Return a table as a list: a point a row, which names its cells."""
    points = []
    for name, *cells in table.rows:
        pairs = zip(table.columns[1:], map(on_one_line, cells), strict=True)
        points.append(
            item(f"{name}: " + "; ".join(f"{on_one_line(column.title)} {cell}" for column, cell in pairs if cell))
        )
    return Group(*points)


def grid(table: Table, page: Page) -> RenderableType:
    """Return a table whose names wrap only past a part of the page that is smaller the more columns hold text."""
    most = page.width * 2 // (3 + sum(not column.number for column in table.columns))
    longest = max((cell_len(name) for name, *_ in table.rows), default=0)
    laid = Grid(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    for number, column in enumerate(table.columns):
        justify: JustifyMethod = "right" if column.number else "left"
        width = None if number else max(min(longest, most), len(column.title))
        laid.add_column(_cell(column.title), justify=justify, overflow="fold", width=width)
    for row in table.rows:
        laid.add_row(*map(_cell, row))
    return Padding(laid, (0, 0, 0, 2))


def _cell(text: str) -> Text:
    return Text("\n".join(map(printable, text.split("\n"))))
