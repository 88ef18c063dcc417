"""The tree of a poster: a card for each question, its answers as pills, a chip where a way ends in a strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.renderers._palette import HUES
from annostrat.renderers._svg_shapes import attributes, group, lines_of, number, paragraph, rectangle
from annostrat.renderers._svg_style import ANSWER, ASK, CHIP, NUMBER, TITLE
from annostrat.renderers._text_metrics import width_px
from annostrat.renderers._tree_layout import Block, Line, Placed, Port, place

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.renderers._outline import Asked, Outline, Way

PAD = 13.0
SIDE = 4.0
COLUMN_GAP = 8.0
PILL_PAD = 11.0
CHIP_PAD = 7.0
STUB = 11.0
BADGE = 22.0
CARD_WIDTHS = (190.0, 230.0, 270.0, 310.0, 350.0, 400.0)
"""What a card has at least; the one that suits the whole drawing best is taken."""
MOST_COLUMN = 150.0
TIP = 7.0
SHEET = (620.0, 1000.0)
"""The proportions that a drawing should come near: tall enough for a phone, not too tall for a sheet of paper."""


class Column(NamedTuple):
    """One way out of a card: its pill and, where it ends, its chip, both around the same middle."""

    way: Way
    left: float
    width: float
    pill: list[str]
    chip: list[str]

    @property
    def pill_height(self) -> float:
        """The height of its pill."""
        return len(self.pill) * ANSWER.leading + 10

    @property
    def middle(self) -> float:
        """Where the line leaves, from the card's left edge."""
        return self.left + self.width / 2


class Card(NamedTuple):
    """A question laid out around its own left upper corner; the pills sit on the card's lower edge."""

    asked: Asked
    width: float
    title: list[str]
    ask: list[str]
    columns: tuple[Column, ...]

    @property
    def pill_top(self) -> float:
        """Where the pills begin."""
        return PAD + max(len(self.title) * TITLE.leading, BADGE) + 4 + len(self.ask) * ASK.leading + 12

    @property
    def pill_height(self) -> float:
        """The height of all pills: that of the tallest."""
        return max(column.pill_height for column in self.columns)

    @property
    def height(self) -> float:
        """All of it, with pills and chips."""
        chips = [STUB + chip_height(column) for column in self.columns if column.chip]
        return self.pill_top + self.pill_height + max(chips, default=0)


def chip_height(column: Column) -> float:
    """Return the height of a column's chip."""
    return len(column.chip) * CHIP.leading + 2 * CHIP_PAD


class Tree(NamedTuple):
    """Cards and where they stand."""

    cards: dict[str, Card]
    placed: Placed
    hues: dict[str, str]


def tree_of(outline: Outline) -> Tree:
    """Return the tree laid out, with cards of the width that suits a sheet best."""
    return min((_tree(outline, width) for width in CARD_WIDTHS), key=_excess)


def _excess(tree: Tree) -> float:
    return max(tree.placed.width / SHEET[0], tree.placed.height / SHEET[1])


def _tree(outline: Outline, least: float) -> Tree:
    titles = {end.strategy: end.title for end in outline.ends}
    cards = {asked.node: _card(asked, titles, least) for asked in outline.asked}
    blocks = [Block(node, card.asked.layer, card.width, card.height, _ports(card)) for node, card in cards.items()]
    hues = {end.strategy: f"hue{index % len(HUES)}" for index, end in enumerate(outline.ends)}
    return Tree(cards, place(blocks), hues)


def _ports(card: Card) -> tuple[Port, ...]:
    return tuple(Port(column.middle, column.way.node) for column in card.columns if column.way.node is not None)


def _card(asked: Asked, titles: dict[str, str], least: float) -> Card:
    columns, left = [], SIDE
    for way, width in zip(asked.ways, _widths(asked.ways, titles, least - 2 * SIDE), strict=True):
        inner = width - COLUMN_GAP
        chip = lines_of(titles[way.strategy], CHIP, inner - 2 * CHIP_PAD) if way.strategy else []
        columns.append(Column(way, left, width, lines_of(way.words, ANSWER, inner - 2 * PILL_PAD), chip))
        left += width
    room = left + SIDE - 2 * PAD
    title = lines_of(asked.title, TITLE, room - BADGE - 8)
    return Card(asked, left + SIDE, title, lines_of(asked.ask, ASK, room), tuple(columns))


def _widths(ways: tuple[Way, ...], titles: dict[str, str], least: float) -> list[float]:
    """Return how wide columns are: no word is broken; room to spare goes to those that would need a second line."""
    needs = [_need(way, titles, str.split) for way in ways]
    wants = [_need(way, titles, lambda text: [text]) - need for way, need in zip(ways, needs, strict=True)]
    spare = max(0.0, least - sum(needs))
    wanted = min(1.0, spare / sum(wants)) if sum(wants) else 0.0
    rest = (spare - sum(wants) * wanted) / len(ways)
    return [need + want * wanted + rest for need, want in zip(needs, wants, strict=True)]


def _need(way: Way, titles: dict[str, str], split: Callable[[str], list[str]]) -> float:
    """Return how wide a column must be for the parts of its texts, unless they are very long."""
    pill = max(width_px(part, ANSWER.em) for part in split(way.words)) + 2 * PILL_PAD
    chip = max((width_px(part, CHIP.em) for part in split(titles.get(way.strategy or "", ""))), default=0.0)
    return min(max(pill, chip + 2 * CHIP_PAD, 52), MOST_COLUMN * (1 if split is str.split else 2)) + COLUMN_GAP


def drawn(tree: Tree) -> list[str]:
    """Return the shapes: lines first, those that are walked over the others, then cards."""
    ways = {(node, way.node): way for node, card in tree.cards.items() for way in card.asked.ways if way.node}
    lines = sorted(tree.placed.lines, key=lambda line: ways[line.source, line.target].taken)
    numbers = numbers_of(tree)
    edges = [_edge(line, ways[line.source, line.target], tree) for line in lines]
    return [*edges, *(_node(card, tree, numbers[node]) for node, card in tree.cards.items())]


def numbers_of(tree: Tree) -> dict[str, int]:
    """Return the number of every question, as one reads them: downwards, then to the right."""
    corners = tree.placed.corners
    order = sorted(corners, key=lambda node: (corners[node][1], corners[node][0]))
    return {node: index for index, node in enumerate(order, start=1)}


def _edge(line: Line, way: Way, tree: Tree) -> str:
    card = tree.cards[line.source]
    x, y = line.points[0]
    (column,) = (column for column in card.columns if column.way is way)
    start = tree.placed.corners[line.source][1] + card.pill_top + (card.pill_height + column.pill_height) / 2
    path = [f"M{number(x)} {number(start)}V{number(y)}"]
    last = len(line.points) - 1
    for index, (next_x, next_y) in enumerate(line.points[1:], start=1):
        end = next_y - TIP if index == last else next_y
        half = number((y + end) / 2)
        straight = next_x == x
        path.append(
            f"V{number(end)}"
            if straight
            else f"C{number(x)} {half} {number(next_x)} {half} {number(next_x)} {number(end)}"
        )
        x, y = next_x, next_y
    taken = " taken" if way.taken else ""
    tip = f"M{number(x - TIP * 0.7)} {number(y - TIP - 1)}h{number(TIP * 1.4)}l{number(-TIP * 0.7)} {number(TIP)}z"
    place_ = card.asked.ways.index(way)
    return group(
        [f'<path class="edge{taken}" d="{"".join(path)}"/>', f'<path class="tip{taken}" d="{tip}"/>'],
        id=f"annostrat-edge-{line.source}-{place_}",
        class_=f"line{taken}",
        data_node=line.source,
        data_question=card.asked.question,
        data_answer=" ".join(way.answers),
        data_to=line.target,
    )


def _node(card: Card, tree: Tree, index: int) -> str:
    asked = card.asked
    x, y = tree.placed.corners[asked.node]
    edge = card.pill_top + card.pill_height / 2
    badge = f"<circle{attributes(class_='badge', cx=PAD + BADGE / 2, cy=PAD + TITLE.leading / 2, r=BADGE / 2)}/>"
    ask_top = card.pill_top - 12 - len(card.ask) * ASK.leading
    pieces = [
        rectangle(0, 0, card.width, edge, 12, "card"),
        badge,
        paragraph([str(index)], NUMBER, PAD + BADGE / 2, PAD + 2, middle=True),
        paragraph(card.title, TITLE, PAD + BADGE + 8, PAD),
        paragraph(card.ask, ASK, PAD, ask_top),
        *(_way(card, column, tree, place_) for place_, column in enumerate(card.columns)),
    ]
    return group(
        pieces,
        id=f"annostrat-node-{asked.node}",
        class_="node met" if asked.met else "node",
        data_node=asked.node,
        data_question=asked.question,
        transform=f"translate({number(x)} {number(y)})",
    )


def _way(card: Card, column: Column, tree: Tree, place_: int) -> str:
    way, asked = column.way, card.asked
    taken = " taken" if way.taken else ""
    left, width = column.left + COLUMN_GAP / 2, column.width - COLUMN_GAP
    pill = min(width, max(width_px(line, ANSWER.em) for line in column.pill) + 2 * PILL_PAD)
    edge = card.pill_top + card.pill_height / 2
    top = edge - column.pill_height / 2
    pieces = [
        rectangle(column.middle - pill / 2, top, pill, column.pill_height, 13, "pill"),
        paragraph(column.pill, ANSWER, column.middle, top + 5, middle=True),
    ]
    if column.chip:
        bottom = card.pill_top + card.pill_height
        stub = f"M{number(column.middle)} {number(edge)}V{number(bottom + STUB)}"
        pieces = [
            f'<path class="stub{taken}" d="{stub}"/>',
            *pieces,
            rectangle(left, bottom + STUB, width, chip_height(column), 8, "end"),
            paragraph(column.chip, CHIP, column.middle, bottom + STUB + CHIP_PAD, middle=True),
        ]
    hue = f" {tree.hues[way.strategy]}" if way.strategy else ""
    return group(
        pieces,
        id=f"annostrat-way-{asked.node}-{place_}",
        class_=f"way{taken}{hue}",
        data_node=asked.node,
        data_question=asked.question,
        data_answer=" ".join(way.answers),
        data_strategy=way.strategy,
        data_to=way.node,
    )
