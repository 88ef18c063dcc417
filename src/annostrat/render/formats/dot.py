"""DOT: the decision tree for Graphviz, for example `annostrat rules show -f dot | dot -Tpdf -o tree.pdf`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.recommendation.engine import ways_of
from annostrat.render.drawing.outline import outline
from annostrat.render.drawing.palette import LIGHT, hue
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.render.drawing.outline import Outline, OutlineNode
    from annostrat.use_cases.use_case import UseCase

COLUMNS, WIDE = 32, 90
"""Characters in a line of a label, in the drawing and under it."""


def tree(rules: RuleSet, case: UseCase, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a directed graph; the way that answers take has thick lines, and only its strategy is filled."""
    whole = outline(rules, ways_of(rules, case))
    under = _label([f"{whole.title} ({whole.name})", *whole.rights], WIDE)
    ink, line = LIGHT["ink"], LIGHT["line"]
    yield f"digraph {_quoted(rules.id)} {{\n"
    yield f'  graph [label={under}, labelloc=b, fontname="Helvetica", fontsize=10, fontcolor="{ink}"]\n'
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=12, margin="0.2,0.12"'
    yield f', color="{line}", fillcolor="{LIGHT["card"]}", fontcolor="{ink}"]\n'
    yield f'  edge [fontname="Helvetica", fontsize=12, color="{line}", fontcolor="{ink}"]\n'
    for node in whole.nodes:
        yield from _node(node, whole)
    yield "}\n"


def _node(node: OutlineNode, whole: Outline) -> Iterator[str]:
    titles, paper = {end.strategy: end.title for end in whole.ends}, LIGHT["card"]
    here = _quoted(f"ask {node.id}")
    yield f"  {here} [label={_label([node.title, node.ask])}{_bold(node.met)}]\n"
    for number, way in enumerate(node.ways, start=1):
        target = _quoted(f"ask {way.node}")
        if way.strategy is not None:
            target, colour = _quoted(f"end {node.id} {number}"), hue(way.strategy)
            fill, text = (colour, paper) if way.taken or not whole.walked else (paper, colour)
            label = _label([titles[way.strategy]])
            yield f'  {target} [label={label}, color="{colour}", fillcolor="{fill}", fontcolor="{text}"]\n'
        yield f"  {here} -> {target} [label={_label([way.words], beside=' ')}{_bold(way.taken)}]\n"


def _bold(bold: bool) -> str:
    return f', penwidth=3, color="{LIGHT["ink"]}"' if bold else ""


def _label(texts: list[str], columns: int = COLUMNS, beside: str = "") -> str:
    """Return texts below one another as one label, in short lines with something on both sides."""
    lines = [f"{beside}{line}{beside}" for text in texts for line in textwrap.wrap(printable(text), columns)]
    return '"' + "\\n".join(map(_plain, lines)) + '"'


def _quoted(text: str) -> str:
    return f'"{_plain(text)}"'


def _plain(text: str) -> str:
    """Return text escaped for a string of Graphviz, which also reads entities."""
    return printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


PLUGIN = Renderer(tree=tree)
