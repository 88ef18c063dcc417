"""Shapes of SVG as text, with escaped texts and short numbers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.render.drawing.text_metrics import balanced, foreign, width_px

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annostrat.render.drawing.style import Face


def number(value: float) -> str:
    """Return a length with at most one digit after the point."""
    return f"{round(value, 1):g}"


def quoted(text: str) -> str:
    """Return text escaped for XML, in an element or an attribute."""
    return escape(printable(text))


def attributes(**values: str | float | None) -> str:
    """Return attributes, each after a space; `data_node` becomes `data-node`, `class_` becomes `class`."""
    texts = {
        name.rstrip("_").replace("_", "-"): quoted(value) if isinstance(value, str) else number(value)
        for name, value in values.items()
        if value is not None
    }
    return "".join(f' {name}="{value}"' for name, value in texts.items())


def group(pieces: Iterable[str], **values: str | float | None) -> str:
    """Return shapes in a group of their own."""
    return f"<g{attributes(**values)}>{''.join(pieces)}</g>\n"


def rectangle(x: float, y: float, width: float, height: float, radius: float, class_: str) -> str:
    """Return a rectangle with rounded corners."""
    return f"<rect{attributes(class_=class_, x=x, y=y, width=width, height=height, rx=radius)}/>"


def lines_of(text: str, face: Face, width: float) -> list[str]:
    """Return the lines of a text that fit a width."""
    return balanced(printable(text), width, face.em)


def paragraph(lines: list[str], face: Face, x: float, y: float, *, middle: bool = False) -> str:
    """Return lines of text below `y`; lines whose widths are guesses are fitted to them."""
    spans = []
    for index, line in enumerate(lines):
        base = y + index * face.leading + (face.leading + face.size * 0.72) / 2
        fixed = width_px(line, face.em) if foreign(line) else None
        set_to = attributes(textLength=fixed) + ' lengthAdjust="spacingAndGlyphs"' if fixed else ""
        spans.append(f"<tspan{attributes(x=x, y=base)}{set_to}>{escape(line)}</tspan>")
    anchor = "middle" if middle else None
    return f"<text{attributes(class_=face.name, text_anchor=anchor)}>{''.join(spans)}</text>"
