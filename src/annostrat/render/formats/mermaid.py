"""Mermaid: the decision tree as GitHub, GitLab and many wikis draw it from a fenced block."""

from __future__ import annotations

import json
import re
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

COLUMNS = 26
"""Characters after which a label goes on in the next line."""
_SPECIAL = re.compile(r"[^A-Za-z0-9 ?,]", re.ASCII)
_JOINER = "#8288;"
"""Nothing that is seen, put after what Mermaid would still take for a formula or a line break once it is decoded."""
_MISREAD = "$\\"
_LOOKALIKES = str.maketrans("<>&", "\u2039\u203a\uff06")
"""For the title, in which Mermaid takes HTML but no entity."""


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a flowchart; the way that answers take has thick lines, and only its strategy is filled."""
    drawn = outline(rules, walked)
    yield f"---\ntitle: {_title(drawn.title)}\n---\nflowchart TD\n"
    for line in (drawn.name, *drawn.rights):
        yield f"  %% {_comment(line)}\n"
    for end in drawn.ends:
        colour, strategy = hue(end.strategy), _class(end.strategy)
        yield f"  classDef {strategy} fill:{colour},stroke:{colour},color:{LIGHT['card']}\n"
        yield f"  classDef {strategy}_open fill:none,stroke:{colour},stroke-width:2px\n" if drawn.walked else ""
    yield "  classDef met stroke-width:4px\n" if drawn.walked else ""
    for asked in drawn.asked:
        yield from _asked(asked, drawn)


def _asked(asked: Asked, drawn: Outline) -> Iterator[str]:
    """Yield a question, and the ways that lead on from it."""
    places = {other.node: f"q{number}" for number, other in enumerate(drawn.asked, start=1)}
    titles = {end.strategy: end.title for end in drawn.ends}
    here = places[asked.node]
    yield f'  {here}("<b>{_label(asked.title)}</b><br>{_label(asked.ask)}"){":::met" if asked.met else ""}\n'
    for number, way in enumerate(asked.ways, start=1):
        arrow = "==>" if way.taken else "-->"
        target = places.get(way.node or "", f"{here}_{number}")
        if way.strategy is not None:
            filled = way.taken or not drawn.walked
            target += f'(["{_label(titles[way.strategy])}"]):::{_class(way.strategy)}{"" if filled else "_open"}'
        yield f'  {here} {arrow}|"{_label(way.words)}"| {target}\n'


def _class(strategy: str) -> str:
    return "is_" + _SPECIAL.sub("_", strategy)


def _label(text: str) -> str:
    """Return text in which nothing means anything to Mermaid, Markdown or HTML, in lines that are not too long."""
    return "<br>".join(_SPECIAL.sub(_entity, line) for line in textwrap.wrap(printable(text), COLUMNS))


def _entity(found: re.Match[str]) -> str:
    if not found[0].isascii():
        return found[0]
    return f"#{ord(found[0])};{_JOINER if found[0] in _MISREAD else ''}"


def _title(text: str) -> str:
    return json.dumps(printable(text).translate(_LOOKALIKES), ensure_ascii=False)


def _comment(text: str) -> str:
    """Return text in which no directive starts."""
    return printable(text).replace("{", "(").replace("}", ")")


PLUGIN = Renderer(tree=tree)
