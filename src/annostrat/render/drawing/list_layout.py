"""A tree whose first question has many answers: these one below the other, and what each leads to beside it.

1 Purpose                        2 Orientation
[ Things are found     ]-------> Is a turned ...?  [ Yes ]-- (Oriented boxes)
                                                   [ No  ]-- (Object detection)
[ What covers what     ]----------------------------------- (Semantic segmentation)
[ Not known            ]
          |
          v  what is deeper than that, layer by layer
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.drawing import parts
from annostrat.render.drawing.parts import PAD, PILL_PAD, TIP
from annostrat.render.drawing.shapes import lines_of, number, paragraph, rectangle
from annostrat.render.drawing.style import ANSWER, ASK, CHIP, EXAMPLE, TITLE
from annostrat.render.drawing.tree import Drawing, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.render.drawing.outline import Asked, Way

ROOT, ANSWERS = 252.0, (12.0, 264.0)
"""The width of the first question's card, and from where to where its answers reach."""
CARD, CARD_WIDTH, SHORT = 306.0, 226.0, 120.0
"""Where the second questions' cards begin, how wide they are, and their answers, which lie on the right edge."""
LEAF, WIDTH = 624.0, 812.0
GAP, BETWEEN, CHANNEL = 8.0, 14.0, 44.0
BESIDE = (60.0, 40.0)
"""The size of a picture beside the name of its strategy."""


class _Leaf(NamedTuple):
    """The strategy that a way ends in: its picture beside its name."""

    way: Way
    lines: list[str]
    height: float

    def shapes(self, start: float, left: float, middle: float) -> list[str]:
        """Return it around a height, held by a line from some place on."""
        text = (WIDTH - LEAF + 7 + BESIDE[0]) / 2
        return [
            parts.stub(self.way, f"M{number(start)} {number(middle)}H{number(left)}"),
            rectangle(left, middle - self.height / 2, WIDTH - LEAF, self.height, 8, "end"),
            parts.picture_at(self.way.strategy or "", left + 7, middle - BESIDE[1] / 2, BESIDE),
            paragraph(self.lines, CHIP, left + text, middle - len(self.lines) * CHIP.leading / 2, middle=True),
        ]


def _leaf(way: Way, titles: dict[str, str]) -> _Leaf:
    lines = lines_of(titles[way.strategy or ""], CHIP, WIDTH - LEAF - BESIDE[0] - 2 * PAD)
    return _Leaf(way, lines, max(BESIDE[1], len(lines) * CHIP.leading) + 12)


class _Second(NamedTuple):
    """A second question, whose answers all end in a strategy."""

    asked: Asked
    title: list[str]
    ask: list[str]
    pills: list[list[str]]
    leaves: list[_Leaf]
    height: float

    def shapes(self, place: int, top: float) -> str:
        """Return it with its number, under a height."""
        y = (self.height - sum(map(self._row, range(len(self.pills)))) + GAP) / 2
        ways = []
        for index, (lines, leaf) in enumerate(zip(self.pills, self.leaves, strict=True)):
            row = self._row(index) - GAP
            middle, high = y + row / 2, parts.pill_height(lines)
            answer = parts.pill(lines, CARD_WIDTH - SHORT / 2, middle - high / 2, SHORT)
            end = leaf.shapes(CARD_WIDTH + SHORT / 2, LEAF - CARD, middle)
            ways.append(parts.way(self.asked, index, [*end, *answer]))
            y += row + GAP
        words = parts.asking(self.title, self.ask)
        return parts.question(self.asked, place, (CARD, top), (CARD_WIDTH, self.height), [*words, *ways])

    def _row(self, index: int) -> float:
        return max(parts.pill_height(self.pills[index]), self.leaves[index].height) + GAP


def _second(asked: Asked, titles: dict[str, str]) -> _Second:
    room = CARD_WIDTH - SHORT / 2 - PAD - 8
    title, ask = lines_of(asked.title, TITLE, room - parts.BADGE - 8), lines_of(asked.ask, ASK, room)
    pills = [lines_of(way.title, ANSWER, SHORT - 2 * PILL_PAD) for way in asked.ways]
    leaves = [_leaf(way, titles) for way in asked.ways]
    rows = sum(max(parts.pill_height(lines), leaf.height) for lines, leaf in zip(pills, leaves, strict=True))
    height = max(rows + GAP * (len(pills) + 1), parts.ask_top(title) + len(ask) * ASK.leading + PAD)
    return _Second(asked, title, ask, pills, leaves, height)


def listed(asked: Sequence[Asked], titles: dict[str, str], *, beside: bool) -> Drawing | None:
    """Return the drawing; None where more than one answer leads deeper than a second question.

    What is deeper is put beside the list, as suits a poster, or below it, as suits a page.
    """
    root, nodes = asked[0], {one.node: one for one in asked}
    reached = [way.node for one in asked for way in one.ways if way.node]
    seconds = {
        way.node: _second(nodes[way.node], titles)
        for way in root.ways
        if way.node and reached.count(way.node) == 1 and all(end.strategy for end in nodes[way.node].ways)
    }
    deep = [one for one in asked[1:] if one.node not in seconds]
    deeper = [index for index, way in enumerate(root.ways) if way.node and way.node not in seconds]
    if len(deeper) > 1:
        return None
    title, ask = lines_of(root.title, TITLE, ROOT - 2 * PAD - parts.BADGE - 8), lines_of(root.ask, ASK, ROOT - 2 * PAD)
    y, numbers = parts.ask_top(title) + len(ask) * ASK.leading + BETWEEN, {root.node: 1}
    left, right = ANSWERS
    ways, others, lines = [], [], []
    for index, way in sorted(enumerate(root.ways), key=lambda one: one[0] in deeper):
        words, example = (
            lines_of(text, face, right - left - 2 * PILL_PAD)
            for text, face in ((way.title, ANSWER), (way.example, EXAMPLE))
        )
        high, second = parts.pill_height(words, example), seconds.get(way.node or "")
        leaf = _leaf(way, titles) if way.strategy else None
        row = max(high, *(one.height for one in (leaf, second) if one), 0)
        middle = y + row / 2
        end = leaf.shapes(right, LEAF, middle) if leaf else []
        ways.append(parts.way(root, index, [*end, *parts.pill(words, left, middle - high / 2, right - left, example)]))
        if second:
            numbers[second.asked.node] = len(numbers) + 1
            others.append(second.shapes(numbers[second.asked.node], y))
            path = f"M{number(right)} {number(middle)}H{number(CARD - TIP)}"
            lines.append(parts.line(root, index, path, (CARD, middle), down=False))
        y += row + BETWEEN
    size = WIDTH, y
    if deeper:
        first = len(numbers) + 1
        wide = layered(deep, titles, first).width
        shift = (WIDTH + 2 * CHANNEL, CHANNEL) if beside else (max(0.0, WIDTH - wide) / 2, y + CHANNEL)
        rest = layered(deep, titles, first, shift)
        x, top = rest.entry
        path = parts.curved([((left + right) / 2, y - BETWEEN), ((left + right) / 2, y), (x, top - TIP)])
        if beside:
            lane, bend = WIDTH + CHANNEL, "a12 12 0 0"
            path = (
                f"M{number(right)} {number(y - BETWEEN - row / 2)}H{number(lane - 12)}{bend} 0 12-12V14{bend} 1 12-12"
                f"H{number(x - 12)}{bend} 1 12 12V{number(top - TIP)}"
            )
        lines.append(parts.line(root, deeper[0], path, (x, top)))
        others += rest.shapes
        numbers |= rest.numbers
        size = max(size[0], shift[0] + wide), max(size[1], shift[1] + rest.height)
    card = parts.question(root, 1, (0, 0), (ROOT, y), [*parts.asking(title, ask), *ways])
    return Drawing([*lines, card, *others], *size, numbers, (ROOT / 2, 0.0))
