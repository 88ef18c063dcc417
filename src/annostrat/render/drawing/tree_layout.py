r"""Where the blocks of a layered drawing go, and how lines run between them without touching a block.

Every block has a slot in its layer, and so has a line in every layer that it passes; lines to the same block share
slots. A line runs straight down through a layer and changes its column only between two. So nothing can touch, and what
remains is to order the slots of each layer, and to move them so that lines are short. For example, where A leads to B
and to C, and B to C:

    layer 0      [  A  ]         A's line to C has the slot `|` beside B; both lines
                  /    \         end in the same place above C.
    layer 1     [ B ]   |
                   \    |
    layer 2       [  C  ]

Sweeps go down and up in turns (as in Sugiyama's method): each slot would like to be in the middle of what it is
connected with; a layer is sorted by these wishes, and then gets the places nearest to them that do not overlap. The
arrangement with the fewest crossings and the straightest lines is kept.

All lengths are in pixels; x grows to the right, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, combinations
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 18.0
"""Between two blocks of a layer."""
CHANNEL = 32.0
"""Between two layers."""
LANE = 10.0
"""Width of a line in a layer that it passes."""
LEAN = 0.3
"""How much a block follows the port above it, rather than the middle of the block above."""
SWEEPS = 25
"""Sweeps, of which the first half sorts the layers."""


class Port(NamedTuple):
    """The place where a line leaves a block, from its left edge, and the block that it goes to."""

    offset: float
    target: str


class Block(NamedTuple):
    """A block to be placed in a layer."""

    id: str
    layer: int
    width: float
    height: float
    ports: tuple[Port, ...]


class Line(NamedTuple):
    """A line between two blocks: the columns in which it crosses the layers, and where the layers end and begin."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]


class Layout(NamedTuple):
    """The upper left corner of every block, the lines, and the size of the drawing."""

    corners: dict[str, tuple[float, float]]
    lines: list[Line]
    width: float
    height: float


@dataclass
class _Slot:
    """A place in a layer: a block, or a line that passes."""

    width: float
    left: float = 0.0
    above: list[tuple[_Slot, float]] = field(default_factory=list)
    below: list[tuple[_Slot, float]] = field(default_factory=list)

    def wish(self, *, down: bool) -> float:
        """Return its preferred place: centred below the slots that lead to it, or above the ones it leads to."""
        if down and self.above:
            return fmean(slot.left + slot.lean(offset) for slot, offset in self.above) - self.width / 2
        if not down and self.below:
            return fmean(slot.left + slot.width / 2 - self.lean(offset) for slot, offset in self.below)
        return self.left

    def lean(self, offset: float) -> float:
        """Return a place between its middle and a port."""
        return self.width / 2 * (1 - LEAN) + offset * LEAN


def place(blocks: Sequence[Block]) -> Layout:
    """Return a deterministic layout in which lines are short and rarely cross."""
    slots = {(block.id, block.layer): _Slot(block.width) for block in blocks}
    layers = {block.id: block.layer for block in blocks}
    for block in blocks:
        for port in block.ports:
            _connect(slots, (block.id, block.layer), port, layers[port.target])
    rows: list[list[_Slot]] = [[] for _ in range(1 + max(layers.values()))]
    for (_, layer), slot in slots.items():
        rows[layer].append(slot)
    width = max(_width(row) for row in rows)
    _arrange(rows, width)
    return _layout(blocks, slots, width)


def _connect(slots: dict[tuple[str, int], _Slot], source: tuple[str, int], port: Port, layer: int) -> None:
    """Lead a line from a block through a slot of every layer on its way."""
    here, offset = slots[source], port.offset
    for passed in range(source[1] + 1, layer + 1):
        there = slots.setdefault((port.target, passed), _Slot(LANE))
        if (here, offset) not in there.above:
            there.above.append((here, offset))
            here.below.append((there, offset))
        here, offset = there, LANE / 2


def _width(row: list[_Slot]) -> float:
    return sum(slot.width for slot in row) + GAP * (len(row) - 1)


def _arrange(rows: list[list[_Slot]], width: float) -> None:
    """Sweep up and down, and keep the best arrangement."""
    for row in rows:
        _settle(row, [slot.left for slot in row], width)
    best = (_cost(rows), [[(slot, slot.left) for slot in row] for row in rows])
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            wishes = {id(slot): slot.wish(down=down) for slot in row}
            if sweep < SWEEPS // 2:
                row.sort(key=lambda slot: wishes[id(slot)] + slot.width / 2)
            _settle(row, [wishes[id(slot)] for slot in row], width)
        cost = _cost(rows)
        if cost < best[0]:
            best = (cost, [[(slot, slot.left) for slot in row] for row in rows])
    for places in best[1]:
        for slot, left in places:
            slot.left = left


def _settle(row: list[_Slot], wishes: list[float], width: float) -> None:
    """Give slots, in their order and without overlap, the places nearest to their wishes.

    This is isotonic regression, by pooling adjacent violators: slots whose wishes would make them overlap are pushed
    together around the mean of their wishes. Of two slots 10 wide that both want to be at 50, one gets 36 and the
    other 64, which are a gap of 18 apart.
    """
    starts = [0.0, *accumulate(slot.width + GAP for slot in row[:-1])]
    pools: list[tuple[float, int]] = []
    for wish, start in zip(wishes, starts, strict=True):
        mean, count = wish - start, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    room = width - _width(row)
    for slot, mean, start in zip(row, means, starts, strict=True):
        slot.left = min(max(mean, 0.0), room) + start


def _cost(rows: list[list[_Slot]]) -> tuple[int, float]:
    """Return the number of crossings and the sum of squared deviations; squares favour the middle of two places."""
    crossings, stray = 0, 0.0
    for row in rows:
        lines = [(slot, offset, there.left + there.width / 2) for slot in row for there, offset in slot.below]
        ends = [(slot.left + offset, end) for slot, offset, end in lines]
        crossings += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))
        stray += sum((slot.left + slot.lean(offset) - end) ** 2 for slot, offset, end in lines)
    return crossings, stray


def _layout(blocks: Sequence[Block], slots: dict[tuple[str, int], _Slot], width: float) -> Layout:
    heights = [0.0] * (1 + max(block.layer for block in blocks))
    for block in blocks:
        heights[block.layer] = max(heights[block.layer], block.height)
    tops = [0.0, *accumulate(height + CHANNEL for height in heights[:-1])]
    bottoms = [top + height for top, height in zip(tops, heights, strict=True)]
    layers = {block.id: block.layer for block in blocks}
    corners = {id_: (slots[id_, layer].left, tops[layer]) for id_, layer in layers.items()}
    lines = []
    for block in blocks:
        for port in block.ports:
            points = [(corners[block.id][0] + port.offset, bottoms[block.layer])]
            for layer in range(block.layer + 1, layers[port.target] + 1):
                slot = slots[port.target, layer]
                x = slot.left + slot.width / 2
                points += [(x, tops[layer]), (x, bottoms[layer])]
            lines.append(Line(block.id, port.target, tuple(points[:-1])))
    return Layout(corners, lines, width, bottoms[-1])
