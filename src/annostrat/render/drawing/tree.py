"""The drawing of a tree, in the layout that suits it: layer by layer, or answers one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.drawing.cards import Card, card_of
from annostrat.render.drawing.parts import TIP, curved, leaf_under, line, pill, question, question_words, stub, way
from annostrat.render.drawing.shapes import number
from annostrat.render.drawing.tree_layout import Block, Layout, Port, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.render.drawing.outline import Outline, OutlineNode

CARD_WIDTHS = (190.0, 230.0, 270.0, 310.0, 350.0, 400.0)
"""Least widths of a card; the one that suits the whole drawing best is chosen."""
SHEET = (620.0, 1000.0)
"""The proportions that a drawing should come near: narrow enough for a phone, not too tall for a sheet of paper."""
MOST_ACROSS = 5
"""Answers to the first question that have room beside one another."""


class Drawing(NamedTuple):
    """A tree's shapes, lines before what they lead to, with their size, the number of each question, and the entry.

    The entry is the middle of the upper edge of the first question.
    """

    shapes: list[str]
    width: float
    height: float
    numbers: dict[str, int]
    entry: tuple[float, float]


def drawing(outline: Outline, *, wide: bool = False) -> Drawing:
    """Return the drawing of an outline, as wide as it needs or fit for a page."""
    from annostrat.render.drawing.list_layout import listed

    titles = {end.strategy: end.title for end in outline.ends}
    columns = listed(outline.nodes, titles, beside=wide) if len(outline.nodes[0].ways) > MOST_ACROSS else None
    return columns or layered(outline.nodes, titles)


def layered(nodes: Sequence[OutlineNode], titles: dict[str, str], first: int = 1) -> Drawing:
    """Return questions layer by layer, in cards of the width that suits a sheet best, numbered from `first`."""
    laid = [_laid(nodes, titles, width) for width in CARD_WIDTHS]
    cards, placed = min(laid, key=lambda one: max(one[1].width / SHEET[0], one[1].height / SHEET[1]))
    corners = placed.corners
    downwards = sorted(cards, key=lambda node: corners[node][::-1])
    numbers = {node: index for index, node in enumerate(downwards, start=first)}
    indexes = {(card.node.id, column.way.node): i for card in cards.values() for i, column in enumerate(card.columns)}
    lines = [(cards[one.source], indexes[one.source, one.target], one.points) for one in placed.lines]
    lines.sort(key=lambda one: one[0].columns[one[1]].way.taken)
    shapes = [
        *(_line(card, index, corners[card.node.id][1], points) for card, index, points in lines),
        *(_card(card, numbers[node], corners[node]) for node, card in cards.items()),
    ]
    x, y = corners[nodes[0].id]
    return Drawing(shapes, placed.width, placed.height, numbers, (x + cards[nodes[0].id].width / 2, y))


def _laid(nodes: Sequence[OutlineNode], titles: dict[str, str], least: float) -> tuple[dict[str, Card], Layout]:
    cards = {one.id: card_of(one, titles, least) for one in nodes}
    top = min(one.layer for one in nodes)
    blocks = []
    for node, card in cards.items():
        ports = tuple(Port(column.middle, column.way.node) for column in card.columns if column.way.node is not None)
        blocks.append(Block(node, card.node.layer - top, card.width, card.height, ports))
    return cards, place(blocks)


def _line(card: Card, index: int, top: float, points: Sequence[tuple[float, float]]) -> str:
    """Return a line from the lower edge of its pill to a tip above its target."""
    *passed, (x, y) = points
    start = top + card.edge + card.columns[index].pill_height / 2
    return line(card.node, index, curved([(passed[0][0], start), *passed, (x, y - TIP)]), (x, y))


def _card(card: Card, place: int, corner: tuple[float, float]) -> str:
    """Return a question with its answers as pills on the lower edge of its card, and the leaves below them."""
    ways = []
    for index, column in enumerate(card.columns):
        middle, leaf = column.middle, []
        if column.chip:
            path = f"M{number(middle)} {number(card.edge)}V{number(card.chip_top)}"
            leaf = leaf_under(column.way, column.chip, middle, card.chip_top, column.chip_width)
            leaf.insert(0, stub(column.way, path))
        top = card.edge - column.pill_height / 2
        answer = pill(column.pill, middle - column.pill_width / 2, top, column.pill_width)
        ways.append(way(card.node, index, [*leaf, *answer]))
    return question(card.node, place, corner, (card.width, card.edge), [*question_words(card.title, card.ask), *ways])
