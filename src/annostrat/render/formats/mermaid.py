"""Mermaid: the decision tree as GitHub, GitLab and many wikis draw it from a fenced block."""

from __future__ import annotations

import json
import re
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

COLUMNS = 26
"""Characters in a line of a label."""
_SPECIAL = re.compile(r"[^A-Za-z0-9 ?,]", re.ASCII)
_MISREAD = "$\\"
_JOINER = "#8288;"
"""An invisible character, put after what Mermaid would take for a formula or a line break even once it is decoded."""
_LOOKALIKES = str.maketrans("<>&", "\u2039\u203a\uff06")
"""For the title, in which Mermaid reads HTML but no entities."""


def tree(rules: RuleSet, case: UseCase, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a flowchart; the way that answers take has thick lines, and only its strategy is filled."""
    whole = outline(rules, ways_of(rules, case))
    title = json.dumps(printable(whole.title).translate(_LOOKALIKES), ensure_ascii=False)
    yield f"---\ntitle: {title}\n---\nflowchart TD\n"
    for line in (whole.name, *whole.rights):
        yield f"  %% {printable(line).replace('{', '(').replace('}', ')')}\n"  # braces would begin a directive
    for end in whole.ends:
        colour, strategy = hue(end.strategy), _class(end.strategy)
        yield f"  classDef {strategy} fill:{colour},stroke:{colour},color:{LIGHT['card']}\n"
        yield f"  classDef {strategy}_open fill:none,stroke:{colour},stroke-width:2px\n" if whole.walked else ""
    yield "  classDef met stroke-width:4px\n" if whole.walked else ""
    places = {node.id: f"q{number}" for number, node in enumerate(whole.nodes, start=1)}
    for node in whole.nodes:
        yield from _node(node, whole, places)


def _node(node: OutlineNode, whole: Outline, places: dict[str, str]) -> Iterator[str]:
    titles, here = {end.strategy: end.title for end in whole.ends}, places[node.id]
    yield f'  {here}("<b>{_label(node.title)}</b><br>{_label(node.ask)}"){":::met" if node.met else ""}\n'
    for number, way in enumerate(node.ways, start=1):
        arrow = "==>" if way.taken else "-->"
        target = places.get(way.node or "", f"{here}_{number}")
        if way.strategy is not None:
            filled = way.taken or not whole.walked
            target += f'(["{_label(titles[way.strategy])}"]):::{_class(way.strategy)}{"" if filled else "_open"}'
        yield f'  {here} {arrow}|"{_label(way.words)}"| {target}\n'


def _class(strategy: str) -> str:
    return "is_" + _SPECIAL.sub("_", strategy)


def _label(text: str) -> str:
    """Return text escaped for Mermaid, Markdown and HTML, in short lines."""

    def entity(match: re.Match[str]) -> str:
        return f"#{ord(match[0])};{_JOINER if match[0] in _MISREAD else ''}" if match[0].isascii() else match[0]

    return "<br>".join(_SPECIAL.sub(entity, line) for line in textwrap.wrap(printable(text), COLUMNS))


PLUGIN = Renderer(tree=tree)
