"""Cards of a poster: a question, its answers as pills on the lower edge, and under a pill the strategy it ends in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.drawing.parts import BADGE, CHIP_PAD, PAD, PICTURE, PILL_PAD, ask_top, leaf_height, pill_height
from annostrat.render.drawing.shapes import lines_of
from annostrat.render.drawing.style import ANSWER, ASK, CHIP, TITLE
from annostrat.render.drawing.text_metrics import width_px

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.render.drawing.outline import OutlineNode, Way
    from annostrat.render.drawing.style import Face

SIDE = 4.0
COLUMN_GAP = 8.0
STUB = 11.0
MOST_COLUMN = 150.0
ROUNDING = 0.1
"""What a column is wider than its widest word, lest that be broken for the last bit of a number."""


class CardColumn(NamedTuple):
    """One way out of a card: its pill and, where it ends, its chip, both around the same middle."""

    way: Way
    middle: float
    pill: list[str]
    pill_width: float
    pill_height: float
    chip: list[str]
    chip_width: float


class Card(NamedTuple):
    """A question laid out from its own left upper corner; its lower edge is in the middle of all pills."""

    node: OutlineNode
    width: float
    height: float
    title: list[str]
    ask: list[str]
    columns: list[CardColumn]
    edge: float
    chip_top: float


def card_of(node: OutlineNode, titles: dict[str, str], least: float) -> Card:
    """Return the card of a node with the titles of its strategies, at least as wide as `least`."""
    columns, left = [], SIDE
    for way, width in zip(node.ways, _widths(node.ways, titles, least - 2 * SIDE), strict=True):
        inner = width - COLUMN_GAP
        pill = lines_of(way.title, ANSWER, inner - 2 * PILL_PAD)
        chip = lines_of(titles[way.strategy], CHIP, inner - 2 * CHIP_PAD) if way.strategy else []
        pill_width = min(inner, _widest(pill, ANSWER) + 2 * PILL_PAD)
        chip_width = min(inner, max(_widest(chip, CHIP), PICTURE[0]) + 2 * CHIP_PAD)
        columns.append(CardColumn(way, left + width / 2, pill, pill_width, pill_height(pill), chip, chip_width))
        left += width
    room = left + SIDE - 2 * PAD
    title, ask = lines_of(node.title, TITLE, room - BADGE - 8), lines_of(node.ask, ASK, room)
    half = max(column.pill_height for column in columns) / 2
    edge = ask_top(title) + len(ask) * ASK.leading + 10 + half
    chip_top = edge + half + STUB
    height = chip_top + max((leaf_height(column.chip) for column in columns if column.chip), default=-STUB)
    return Card(node, left + SIDE, height, title, ask, columns, edge, chip_top)


def _widest(lines: list[str], face: Face) -> float:
    return max((width_px(line, face.em) for line in lines), default=0.0)


def _widths(ways: tuple[Way, ...], titles: dict[str, str], least: float) -> list[float]:
    """Return the widths of columns: no word is broken, and spare room goes to those that would need a second line."""
    needs = [_need(way, titles, str.split, MOST_COLUMN) for way in ways]
    wholes = [_need(way, titles, lambda text: [text], 2 * MOST_COLUMN) for way in ways]
    wants = [whole - need for whole, need in zip(wholes, needs, strict=True)]
    spare = max(0.0, least - sum(needs))
    wanted = min(1.0, spare / sum(wants)) if sum(wants) else 0.0
    rest = (spare - sum(wants) * wanted) / len(ways)
    return [need + want * wanted + rest for need, want in zip(needs, wants, strict=True)]


def _need(way: Way, titles: dict[str, str], split: Callable[[str], list[str]], most: float) -> float:
    """Return the width that a column needs for the parts of its texts, unless they are very long."""
    pill = _widest(split(way.title), ANSWER) + 2 * PILL_PAD
    chip = _widest(split(titles[way.strategy]), CHIP) if way.strategy else 0.0
    leaf = max(chip, PICTURE[0]) + 2 * CHIP_PAD if way.strategy else 0.0
    return min(max(pill, leaf), most) + COLUMN_GAP + ROUNDING
