"""The tree of a poster: its cards, placed, and the lines between them; every shape says what it stands for.

Groups carry `data-node`, `data-question`, `data-answer` (words, one space between), `data-to` and `data-strategy`. A
script lights up a path by adding the class `met` to nodes, `taken` to ways, lines and their shapes, and `walked` to
all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.drawing.cards import BADGE, CHIP_PAD, COLUMN_GAP, PAD, PILL_RIM, Card, CardColumn, card_of
from annostrat.render.drawing.palette import HUES
from annostrat.render.drawing.shapes import attributes, group, number, paragraph, rectangle
from annostrat.render.drawing.style import ANSWER, ASK, CHIP, NUMBER, TITLE
from annostrat.render.drawing.tree_layout import Block, Line, Placed, Port, place

if TYPE_CHECKING:
    from annostrat.render.drawing.outline import Outline

CARD_WIDTHS = (190.0, 230.0, 270.0, 310.0, 350.0, 400.0)
"""What a card has at least; the one that suits the whole drawing best is taken."""
SHEET = (620.0, 1000.0)
"""The proportions that a drawing should come near: narrow enough for a phone, not too tall for a sheet of paper."""
TIP = 7.0


class Tree(NamedTuple):
    """Cards by node, where they stand, the class of each strategy's colour, and the number of each question."""

    cards: dict[str, Card]
    placed: Placed
    hues: dict[str, str]
    numbers: dict[str, int]


def tree_of(outline: Outline) -> Tree:
    """Return the tree laid out, with cards of the width that suits a sheet best."""
    return min((_tree(outline, width) for width in CARD_WIDTHS), key=_excess)


def _excess(tree: Tree) -> float:
    return max(tree.placed.width / SHEET[0], tree.placed.height / SHEET[1])


def _tree(outline: Outline, least: float) -> Tree:
    titles = {end.strategy: end.title for end in outline.ends}
    cards = {asked.node: card_of(asked, titles, least) for asked in outline.asked}
    placed = place([Block(node, one.asked.layer, one.width, one.height, _ports(one)) for node, one in cards.items()])
    hues = {end.strategy: f"hue{index % len(HUES)}" for index, end in enumerate(outline.ends)}
    downwards = sorted(cards, key=lambda node: placed.corners[node][::-1])
    return Tree(cards, placed, hues, {node: index for index, node in enumerate(downwards, start=1)})


def _ports(card: Card) -> tuple[Port, ...]:
    return tuple(Port(column.middle, column.way.node) for column in card.columns if column.way.node is not None)


def drawn(tree: Tree) -> list[str]:
    """Return the shapes: lines first, those that are walked over the others, then cards."""
    columns = {(node, column.way.node): column for node, card in tree.cards.items() for column in card.columns}
    lines = [(line, columns[line.source, line.target]) for line in tree.placed.lines]
    lines.sort(key=lambda one: one[1].way.taken)
    return [
        *(_line(line, column, tree) for line, column in lines),
        *(_node(card, tree) for card in tree.cards.values()),
    ]


def _line(line: Line, column: CardColumn, tree: Tree) -> str:
    """Return a line from the lower edge of its pill to a tip above its target."""
    card, way = tree.cards[line.source], column.way
    top = tree.placed.corners[line.source][1] + card.edge + column.pill_height / 2
    *points, (x, y) = line.points
    path = _curved([(points[0][0], top), *points, (x, y - TIP)])
    tip = f"M{number(x - TIP * 0.7)} {number(y - TIP - 1)}h{number(TIP * 1.4)}l{number(-TIP * 0.7)} {number(TIP)}z"
    taken = " taken" if way.taken else ""
    return group(
        [f'<path class="edge{taken}" d="{path}"/>', f'<path class="tip{taken}" d="{tip}"/>'],
        id=f"annostrat-edge-{line.source}-{card.columns.index(column)}",
        class_=f"line{taken}",
        data_node=line.source,
        data_question=card.asked.question,
        data_answer=" ".join(way.answers),
        data_to=line.target,
    )


def _curved(points: list[tuple[float, float]]) -> str:
    """Return a path that leaves and reaches every point upright."""
    (x, y), *rest = points
    path = f"M{number(x)} {number(y)}"
    for next_x, next_y in rest:
        half, end = number((y + next_y) / 2), f"{number(next_x)} {number(next_y)}"
        path += f"V{number(next_y)}" if next_x == x else f"C{number(x)} {half} {number(next_x)} {half} {end}"
        x, y = next_x, next_y
    return path


def _node(card: Card, tree: Tree) -> str:
    asked = card.asked
    x, y = tree.placed.corners[asked.node]
    middle = PAD + TITLE.leading / 2
    pieces = [
        rectangle(0, 0, card.width, card.edge, 12, "card"),
        f"<circle{attributes(class_='badge', cx=PAD + BADGE / 2, cy=middle, r=BADGE / 2)}/>",
        paragraph([str(tree.numbers[asked.node])], NUMBER, PAD + BADGE / 2, middle - NUMBER.leading / 2, middle=True),
        paragraph(card.title, TITLE, PAD + BADGE + 8, PAD),
        paragraph(card.ask, ASK, PAD, card.ask_top),
        *(_way(card, column, tree) for column in card.columns),
    ]
    return group(
        pieces,
        id=f"annostrat-node-{asked.node}",
        class_="node met" if asked.met else "node",
        data_node=asked.node,
        data_question=asked.question,
        transform=f"translate({number(x)} {number(y)})",
    )


def _way(card: Card, column: CardColumn, tree: Tree) -> str:
    way, asked = column.way, card.asked
    left, top = column.middle - column.pill_width / 2, card.edge - column.pill_height / 2
    hue = f" {tree.hues[way.strategy]}" if way.strategy else ""
    return group(
        [
            *(_end(card, column) if column.chip else ()),
            rectangle(left, top, column.pill_width, column.pill_height, 13, "pill"),
            paragraph(column.pill, ANSWER, column.middle, top + PILL_RIM, middle=True),
        ],
        id=f"annostrat-way-{asked.node}-{card.columns.index(column)}",
        class_=f"way{' taken' if way.taken else ''}{hue}",
        data_node=asked.node,
        data_question=asked.question,
        data_answer=" ".join(way.answers),
        data_strategy=way.strategy,
        data_to=way.node,
    )


def _end(card: Card, column: CardColumn) -> list[str]:
    """Return the chip of a strategy, and what holds it to its pill."""
    stub = f"M{number(column.middle)} {number(card.edge)}V{number(card.chip_top)}"
    left, width = column.left + COLUMN_GAP / 2, column.width - COLUMN_GAP
    return [
        f'<path class="stub{" taken" if column.way.taken else ""}" d="{stub}"/>',
        rectangle(left, card.chip_top, width, column.chip_height, 8, "end"),
        paragraph(column.chip, CHIP, column.middle, card.chip_top + CHIP_PAD, middle=True),
    ]
