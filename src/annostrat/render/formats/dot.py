"""DOT: the decision tree for Graphviz, for example `annostrat rules show -f dot | dot -Tpdf -o tree.pdf`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.render.drawing.outline import outline
from annostrat.render.drawing.palette import LIGHT, hue
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.render.drawing.outline import Asked, Outline

COLUMNS = 32
"""Characters after which a label goes on in the next line."""
WIDE = 90
"""The same for what stands under the drawing."""


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a directed graph; the way that answers take has thick lines, and only its strategy is filled."""
    drawn = outline(rules, walked)
    under = _label([f"{drawn.title} ({drawn.name})", *drawn.rights], WIDE)
    ink, line = LIGHT["ink"], LIGHT["line"]
    yield f"digraph {_quoted(rules.id)} {{\n"
    yield f'  graph [label={under}, labelloc=b, fontname="Helvetica", fontsize=10, fontcolor="{ink}"]\n'
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=12, margin="0.2,0.12"'
    yield f', color="{line}", fillcolor="{LIGHT["card"]}", fontcolor="{ink}"]\n'
    yield f'  edge [fontname="Helvetica", fontsize=12, color="{line}", fontcolor="{ink}"]\n'
    for asked in drawn.asked:
        yield from _asked(asked, drawn)
    yield "}\n"


def _asked(asked: Asked, drawn: Outline) -> Iterator[str]:
    """Yield a question, and the ways that lead on from it."""
    here = _quoted(f"ask {asked.node}")
    yield f"  {here} [label={_label([asked.title, asked.ask], COLUMNS)}{_bold(asked.met)}]\n"
    for number, way in enumerate(asked.ways, start=1):
        target = _quoted(f"ask {way.node}")
        if way.strategy is not None:
            target = _quoted(f"end {asked.node} {number}")
            yield f"  {target} [{_end(way.strategy, drawn, taken=way.taken)}]\n"
        yield f"  {here} -> {target} [label={_label([way.words], COLUMNS, beside=' ')}{_bold(way.taken)}]\n"


def _end(strategy: str, drawn: Outline, *, taken: bool) -> str:
    title = next(end.title for end in drawn.ends if end.strategy == strategy)
    colour, paper = hue(strategy), LIGHT["card"]
    fill, text = (colour, paper) if taken or not drawn.walked else (paper, colour)
    return f'label={_label([title], COLUMNS)}, color="{colour}", fillcolor="{fill}", fontcolor="{text}"'


def _bold(bold: bool) -> str:
    return f', penwidth=3, color="{LIGHT["ink"]}"' if bold else ""


def _label(texts: list[str], columns: int, beside: str = "") -> str:
    """Return texts below one another as one label, in lines that are not too long, with something at both sides."""
    lines = [f"{beside}{line}{beside}" for text in texts for line in textwrap.wrap(printable(text), columns)]
    return '"' + "\\n".join(map(_plain, lines)) + '"'


def _quoted(text: str) -> str:
    return f'"{_plain(text)}"'


def _plain(text: str) -> str:
    """Return text in which Graphviz sees no end of a string, no escape and no entity."""
    return printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


PLUGIN = Renderer(tree=tree)
