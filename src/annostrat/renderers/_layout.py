"""Layout shared by the terminal's pages: headings, points of a list, and what rich makes of them."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from annostrat.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from annostrat.renderers._base import Page

NARROW = 64
"""Columns below which a table becomes a list."""


def draw(shown: RenderableType, page: Page) -> str:
    """Return what rich makes of a renderable, as text of the page's width."""
    console = Console(
        file=StringIO(),
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


def section(title: str, lines: list[RenderableType]) -> list[RenderableType]:
    return [Text(f"\n{title}", "bold"), *lines] if lines else []


def indented(text: str, style: str = "") -> RenderableType:
    return Padding(Text(printable(text), style), (0, 0, 0, 2))


def item(text: str, sources: Iterable[str] = (), mark: str = "-") -> RenderableType:
    """Return one point of a list, its second line under the first."""
    body = Text(printable(text))
    named = ", ".join(sources)
    if named:
        body.append(f" [{named}]", "dim")
    table = Table.grid(padding=(0, 1))
    table.add_row(Text(f"  {mark}"), body)
    return table


def pairs(answers: dict[str, str]) -> str:
    return ", ".join(f"{question}={answer}" for question, answer in answers.items())


def ways(answers: dict[str, list[str]]) -> str:
    return ", ".join(f"{question}={' or '.join(words)}" for question, words in answers.items())
