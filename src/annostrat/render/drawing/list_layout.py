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
from annostrat.render.drawing.shapes import group, lines_of, number, paragraph, rectangle
from annostrat.render.drawing.style import ANSWER, ASK, CHIP, EXAMPLE, TITLE
from annostrat.render.drawing.tree import Drawing, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.render.drawing.outline import OutlineNode, Way

ROOT, LEFT, RIGHT = 252.0, 12.0, 264.0
"""The width of the first question's card, and from where to where its answers reach."""
ANSWER_ROOM = RIGHT - LEFT - 2 * PILL_PAD
LAST = parts.pill_height(["unknown"]) / 2
"""From the lower edge of the last answer up to where its line leaves."""
CARD, CARD_WIDTH, SHORT = 306.0, 226.0, 120.0
"""Where the second questions' cards begin, how wide they are, and their answers, on the right edge."""
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
        """Return it around the height `middle`, with a line from `start` to its left edge."""
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
    """A second question, whose answers all end in a strategy: its words, and each answer with its leaf."""

    node: OutlineNode
    words: list[str]
    rows: list[tuple[list[str], _Leaf]]
    height: float

    def shapes(self, place: int, top: float) -> str:
        """Return it with its number, below `top`."""
        y = (self.height - sum(_height(*row) + GAP for row in self.rows) + GAP) / 2
        ways = []
        for index, (lines, leaf) in enumerate(self.rows):
            middle = y + _height(lines, leaf) / 2
            answer = parts.pill(lines, CARD_WIDTH - SHORT / 2, middle - parts.pill_height(lines) / 2, SHORT)
            end = leaf.shapes(CARD_WIDTH + SHORT / 2, LEAF - CARD, middle)
            ways.append(parts.way(self.node, index, [*end, *answer]))
            y += _height(lines, leaf) + GAP
        return parts.question(self.node, place, (CARD, top), (CARD_WIDTH, self.height), [*self.words, *ways])


def _height(lines: list[str], leaf: _Leaf) -> float:
    return max(parts.pill_height(lines), leaf.height)


def _second(node: OutlineNode, titles: dict[str, str]) -> _Second:
    words, bottom = _words(node, CARD_WIDTH - SHORT / 2 - PAD - 8)
    rows = [(lines_of(way.title, ANSWER, SHORT - 2 * PILL_PAD), _leaf(way, titles)) for way in node.ways]
    return _Second(node, words, rows, max(sum(_height(*row) + GAP for row in rows) + GAP, bottom + PAD))


def _words(node: OutlineNode, room: float) -> tuple[list[str], float]:
    """Return the title and words of a question, set for a width, and where they end."""
    title, ask = lines_of(node.title, TITLE, room - parts.BADGE - 8), lines_of(node.ask, ASK, room)
    return parts.question_words(title, ask), parts.ask_top(title) + len(ask) * ASK.leading


def listed(nodes: Sequence[OutlineNode], titles: dict[str, str], *, beside: bool) -> Drawing | None:
    """Return the drawing; None where more than one answer leads deeper than a second question.

    What is deeper is put beside the list, as suits a poster, or below it, as suits a page.
    """
    root, by_id = nodes[0], {node.id: node for node in nodes}
    reached = [way.node for one in nodes for way in one.ways if way.node]
    seconds = {
        way.node: _second(by_id[way.node], titles)
        for way in root.ways
        if way.node and reached.count(way.node) == 1 and all(end.strategy for end in by_id[way.node].ways)
    }
    deep = [one for one in nodes[1:] if one.id not in seconds]
    deeper = [index for index, way in enumerate(root.ways) if way.node and way.node not in seconds]
    if len(deeper) > 1:
        return None
    words, bottom = _words(root, ROOT - 2 * PAD)
    y, numbers = bottom + BETWEEN, {root.id: 1}
    ways, others = [], []
    for index, way in sorted(enumerate(root.ways), key=lambda one: one[0] in deeper):
        second, leaf = seconds.get(way.node or ""), _leaf(way, titles) if way.strategy else None
        answer = lines_of(way.title, ANSWER, ANSWER_ROOM), lines_of(way.example, EXAMPLE, ANSWER_ROOM)
        high = parts.pill_height(*answer)
        middle = y + max(high, *(one.height for one in (leaf, second) if one), 0) / 2
        pill = parts.pill(answer[0], LEFT, middle - high / 2, RIGHT - LEFT, answer[1])
        ways.append(parts.way(root, index, [*(leaf.shapes(RIGHT, LEAF, middle) if leaf else []), *pill]))
        if second:
            numbers[second.node.id] = len(numbers) + 1
            path = f"M{number(RIGHT)} {number(middle)}H{number(CARD - TIP)}"
            line = parts.line(root, index, path, (CARD, middle), down=False)
            others += [line, second.shapes(numbers[second.node.id], y)]
        y = 2 * middle - y + BETWEEN
    card = parts.question(root, 1, (0, 0), (ROOT, y), [*words, *ways])
    upper = Drawing([*others, card], WIDTH, y, numbers, (ROOT / 2, 0.0))
    return _with_rest(upper, root, deeper[0], layered(deep, titles, len(numbers) + 1), beside=beside) if deep else upper


def _with_rest(upper: Drawing, root: OutlineNode, index: int, rest: Drawing, *, beside: bool) -> Drawing:
    """Return a list together with the questions that its last answer leads to, and the line to them."""
    left, top = (WIDTH + 2 * CHANNEL, CHANNEL) if beside else (max(0.0, WIDTH - rest.width) / 2, upper.height + CHANNEL)
    x, y = left + rest.entry[0], top + rest.entry[1]
    middle, low = (LEFT + RIGHT) / 2, upper.height - BETWEEN
    path = parts.curved([(middle, low), (middle, upper.height), (x, y - TIP)])
    if beside:  # from the right end of the pill, up between the two, and down to the entry
        lane, bend = WIDTH + CHANNEL, "a12 12 0 0"
        path = (
            f"M{number(RIGHT)} {number(low - LAST)}H{number(lane - 12)}{bend} 0 12-12V14{bend} 1 12-12"
            f"H{number(x - 12)}{bend} 1 12 12V{number(y - TIP)}"
        )
    moved = group(rest.shapes, transform=f"translate({number(left)} {number(top)})")
    shapes = [parts.line(root, index, path, (x, y)), *upper.shapes, moved]
    width, height = max(WIDTH, left + rest.width), max(upper.height, top + rest.height)
    return Drawing(shapes, width, height, upper.numbers | rest.numbers, upper.entry)
