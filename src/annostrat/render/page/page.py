"""The interactive page of a rule set: its drawing, its knowledge as data, and the scripts that walk it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.render.drawing.outline import outline
from annostrat.render.drawing.parts import pictures
from annostrat.render.drawing.poster import QUESTION
from annostrat.render.drawing.shapes import number
from annostrat.render.drawing.style import ANSWER, CHIP, EXAMPLE, NUMBER, TITLE
from annostrat.render.drawing.tree import drawing
from annostrat.render.page.card import hue_rules
from annostrat.render.page.data import page_data
from annostrat.render.page.html import asset, data, document, escape
from annostrat.render.page.record import stamp

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase

_PARTS = ("walks", "decide", "effort", "sharing", "view", "asking", "drawing", "controls", "page")
SCRIPTS = [f"{part}.js" for part in _PARTS]
FACES = (TITLE, ANSWER, EXAMPLE, CHIP, NUMBER)
SETTINGS = ("images", "objects_per_image", "annotators", "hourly_rate", "surfaces", "assistance", "currency")
"""What the page asks of amounts and prices; the scripts know their limits."""
MARGIN = 4
LEAST = 0.65
"""How far the drawing may shrink before it scrolls."""
_UNUSED = re.compile(
    r' (?:id|rx|text-anchor|data-(?:question|to|strategy))="[^"]*"|<text class="ask"></text>| [xy]="0"'
)
_WAY = re.compile(r'(<g class="way[^"]*") data-node="[^"]*"')
_ONE_LINE = re.compile(r"<text( [^>]*)><tspan( [^>]*)>([^<]*)</tspan></text>")


def interactive_page(rules: RuleSet, case: UseCase) -> str:
    """Return the page, which begins with a use case; whatever follows is computed from the rules that it carries."""
    lead = f"{escape(rules.title)}: {escape(rules.summary)}"
    head = f'<header>\n<h1>{QUESTION}</h1>\n<p class="lead">{lead}</p>\n</header>'
    body = asset("page.html").replace("<!-- tree -->", _drawing(rules))
    known = page_data(rules)
    settings = {"images": case.images, "objects_per_image": case.objects_per_image, **case.effort}
    known["begins"] = {
        "answers": {question: answer for question, answer in case.answers.items() if question in known["questions"]},
        "settings": {key: value for key, value in settings.items() if key in SETTINGS and value is not None},
        "name": case.name,
    }
    parts = [head, body, stamp(rules), data(known, "rules")]
    return document(f"{rules.title} - annostrat", "\n".join(parts), styles=["page.css"], scripts=SCRIPTS)


def _drawing(rules: RuleSet) -> str:
    """Return the tree without the questions' words, which the page shows beside it, and what its styles replace."""
    whole = outline(rules, ())
    nodes = tuple(
        node._replace(ask="", ways=tuple(way._replace(example="") for way in node.ways)) for node in whole.nodes
    )
    tree = drawing(whole._replace(nodes=nodes))
    width, height = (number(length + 2 * MARGIN) for length in (tree.width, tree.height))
    faces = (f".drawing .{face.name}{{font-size:{face.size}px;font-weight:{face.weight}}}" for face in FACES)
    least = f".drawing svg{{min-width:{tree.width * LEAST:.0f}px}}"
    shapes = _WAY.sub(r"\1", _ONE_LINE.sub(r"<text\1\2>\3</text>", _UNUSED.sub("", "".join(tree.shapes))))
    return (
        f'<svg viewBox="{-MARGIN} {-MARGIN} {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
        f"<style>{''.join(faces)}{least}{hue_rules(rules.offered)}</style>"
        f"<defs>{pictures(rules.offered)}</defs>{shapes}</svg>"
    )
