"""The drawing of a tree, in the layout that suits it: layer by layer, or answers one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.drawing.cards import Card, CardColumn, card_of
from annostrat.render.drawing.parts import TIP, asking, curved, leaf_under, line, pill, question, stub, way
from annostrat.render.drawing.shapes import number
from annostrat.render.drawing.tree_layout import Block, Placed, Port, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.render.drawing.outline import Asked, Outline

CARD_WIDTHS = (190.0, 230.0, 270.0, 310.0, 350.0, 400.0)
"""What a card has at least; the one that suits the whole drawing best is taken."""
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
    """Return the drawing of an outline, which may be wide or must suit a page."""
    from annostrat.render.drawing.list_layout import listed

    titles = {end.strategy: end.title for end in outline.ends}
    found = listed(outline.asked, titles, beside=wide) if len(outline.asked[0].ways) > MOST_ACROSS else None
    return found or layered(outline.asked, titles)


def layered(
    asked: Sequence[Asked], titles: dict[str, str], first: int = 1, shift: tuple[float, float] = (0, 0)
) -> Drawing:
    """Return questions layer by layer, in cards of the width that suits a sheet best; the first has a number."""
    laid = [_laid(asked, titles, width) for width in CARD_WIDTHS]
    cards, placed = min(laid, key=lambda one: max(one[1].width / SHEET[0], one[1].height / SHEET[1]))
    corners = {node: (x + shift[0], y + shift[1]) for node, (x, y) in placed.corners.items()}
    downwards = sorted(cards, key=lambda node: corners[node][::-1])
    numbers = {node: index for index, node in enumerate(downwards, start=first)}
    lines = [
        (card.columns[index].way.taken, _line(card, index, corners[node], points, shift))
        for node, card in cards.items()
        for index, points in _leaving(node, card, placed)
    ]
    lines.sort(key=lambda one: one[0])
    shapes = [shape for _, shape in lines] + [_card(card, numbers[node], corners[node]) for node, card in cards.items()]
    x, y = corners[asked[0].node]
    return Drawing(shapes, placed.width, placed.height, numbers, (x + cards[asked[0].node].width / 2, y))


def _laid(asked: Sequence[Asked], titles: dict[str, str], least: float) -> tuple[dict[str, Card], Placed]:
    cards = {one.node: card_of(one, titles, least) for one in asked}
    top = min(one.layer for one in asked)
    blocks = [
        Block(node, card.asked.layer - top, card.width, card.height, _ports(card)) for node, card in cards.items()
    ]
    return cards, place(blocks)


def _ports(card: Card) -> tuple[Port, ...]:
    return tuple(Port(column.middle, column.way.node) for column in card.columns if column.way.node is not None)


def _leaving(node: str, card: Card, placed: Placed) -> list[tuple[int, tuple[tuple[float, float], ...]]]:
    """Return the lines that leave a card, each with the index of its way."""
    indexes = {column.way.node: index for index, column in enumerate(card.columns)}
    return [(indexes[one.target], one.points) for one in placed.lines if one.source == node]


def _line(
    card: Card,
    index: int,
    corner: tuple[float, float],
    points: Sequence[tuple[float, float]],
    shift: tuple[float, float],
) -> str:
    """Return a line from the lower edge of its pill to a tip above its target."""
    *passed, (x, y) = ((x + shift[0], y + shift[1]) for x, y in points)
    top = corner[1] + card.edge + card.columns[index].pill_height / 2
    return line(card.asked, index, curved([(passed[0][0], top), *passed, (x, y - TIP)]), (x, y))


def _card(card: Card, place: int, corner: tuple[float, float]) -> str:
    ways = [way(card.asked, index, _way(card, column)) for index, column in enumerate(card.columns)]
    return question(card.asked, place, corner, (card.width, card.edge), [*asking(card.title, card.ask), *ways])


def _way(card: Card, column: CardColumn) -> list[str]:
    """Return the pill of an answer on the lower edge of its card, and the leaf that hangs on it."""
    left, top = column.middle - column.pill_width / 2, card.edge - column.pill_height / 2
    leaf = []
    if column.chip:
        path = f"M{number(column.middle)} {number(card.edge)}V{number(card.chip_top)}"
        leaf = [
            stub(column.way, path),
            *leaf_under(column.way, column.chip, column.middle, card.chip_top, column.chip_width),
        ]
    return [*leaf, *pill(column.pill, left, top, column.pill_width)]
