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

SIDE = 4.0
COLUMN_GAP = 8.0
STUB = 11.0
MOST_COLUMN = 150.0
ROUNDING = 0.1
"""What a column is wider than its widest word, lest that be broken for the last bit of a number."""


class CardColumn(NamedTuple):
    """One way out of a card: its pill and, where it ends, its chip, both around the same middle."""

    way: Way
    left: float
    width: float
    pill: list[str]
    chip: list[str]

    @property
    def middle(self) -> float:
        """Where the line leaves, from the card's left edge."""
        return self.left + self.width / 2

    @property
    def pill_width(self) -> float:
        """The width of its pill."""
        return min(self.width - COLUMN_GAP, max(width_px(line, ANSWER.em) for line in self.pill) + 2 * PILL_PAD)

    @property
    def pill_height(self) -> float:
        """The height of its pill."""
        return pill_height(self.pill)

    @property
    def chip_width(self) -> float:
        """The width of its chip."""
        text = max((width_px(line, CHIP.em) for line in self.chip), default=0.0)
        return min(self.width - COLUMN_GAP, max(text, PICTURE[0]) + 2 * CHIP_PAD)


class Card(NamedTuple):
    """A question laid out from its own left upper corner."""

    node: OutlineNode
    width: float
    title: list[str]
    ask: list[str]
    columns: tuple[CardColumn, ...]

    @property
    def edge(self) -> float:
        """The card's lower edge, through the middle of all pills."""
        return ask_top(self.title) + len(self.ask) * ASK.leading + 10 + self._pill_height / 2

    @property
    def chip_top(self) -> float:
        """Where the chips begin."""
        return self.edge + self._pill_height / 2 + STUB

    @property
    def height(self) -> float:
        """All of it, with pills and chips."""
        chips = [STUB + leaf_height(column.chip) for column in self.columns if column.chip]
        return self.chip_top - STUB + max(chips, default=0)

    @property
    def _pill_height(self) -> float:
        return max(column.pill_height for column in self.columns)


def card_of(node: OutlineNode, titles: dict[str, str], least: float) -> Card:
    """Return the card of a node, of a least width, with the titles of the strategies that it ends in."""
    columns, left = [], SIDE
    for way, width in zip(node.ways, _widths(node.ways, titles, least - 2 * SIDE), strict=True):
        inner = width - COLUMN_GAP
        chip = lines_of(titles[way.strategy], CHIP, inner - 2 * CHIP_PAD) if way.strategy else []
        columns.append(CardColumn(way, left, width, lines_of(way.title, ANSWER, inner - 2 * PILL_PAD), chip))
        left += width
    room = left + SIDE - 2 * PAD
    title = lines_of(node.title, TITLE, room - BADGE - 8)
    return Card(node, left + SIDE, title, lines_of(node.ask, ASK, room), tuple(columns))


def _widths(ways: tuple[Way, ...], titles: dict[str, str], least: float) -> list[float]:
    """Return how wide columns are: no word is broken; room to spare goes to those that would need a second line."""
    needs = [_need(way, titles, str.split, MOST_COLUMN) for way in ways]
    wholes = [_need(way, titles, lambda text: [text], 2 * MOST_COLUMN) for way in ways]
    wants = [whole - need for whole, need in zip(wholes, needs, strict=True)]
    spare = max(0.0, least - sum(needs))
    wanted = min(1.0, spare / sum(wants)) if sum(wants) else 0.0
    rest = (spare - sum(wants) * wanted) / len(ways)
    return [need + want * wanted + rest for need, want in zip(needs, wants, strict=True)]


def _need(way: Way, titles: dict[str, str], split: Callable[[str], list[str]], most: float) -> float:
    """Return how wide a column must be for the parts of its texts, unless they are very long."""
    pill = max(width_px(part, ANSWER.em) for part in split(way.title)) + 2 * PILL_PAD
    chip = max((width_px(part, CHIP.em) for part in split(titles.get(way.strategy or "", ""))), default=0.0)
    leaf = max(chip, PICTURE[0]) + 2 * CHIP_PAD if way.strategy else 0.0
    return min(max(pill, leaf), most) + COLUMN_GAP + ROUNDING
