"""Match the objects of two annotators one to one, so that the sum of their likenesses is greatest.

COCO's evaluation takes predictions by descending score and gives each the best remaining object. Labels by people have
no scores, so any order would be arbitrary; the greatest sum does not depend on one. Nearly all objects resemble only
one other. The few contested ones form independent groups, and each group is solved with the Hungarian algorithm, which
grows the assignment row by row along the cheapest path of reassignments:

    likeness   a    b          greedy, row by row:  x-a 0.6, y unmatched; total 0.6
        x     0.6  0.5         greatest sum:        x-b 0.5, y-a 0.55; total 1.05
        y     0.55 0
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


NONE = -1
"""Marks a column without a row, or a row without a column."""
TINY = 1e-12
"""Bonus for free columns, so that a path prefers to end there among equals; also the tolerance for rounding."""


class Likeness(NamedTuple):
    """The likeness of rows and columns, pair by pair; pairs that are not listed cannot be matched.

    Attributes:
        row: The row of each pair, of shape (n,).
        column: The column of each pair, of shape (n,).
        value: The likeness of each pair, above 0.
    """

    row: Integers
    column: Integers
    value: Floats

    def pick(self, kept: NDArray[np.generic]) -> Likeness:
        """Return some of the pairs."""
        return Likeness(*(each[kept] for each in self))

    @property
    def contested(self) -> NDArray[np.bool_]:
        """Whether the row or column of a pair also occurs in another pair."""
        return np.asarray((np.bincount(self.row)[self.row] > 1) | (np.bincount(self.column)[self.column] > 1))


def assigned(likeness: Likeness) -> tuple[Integers, Integers]:
    """Return the matched rows and columns, ordered by row."""
    contested = likeness.contested
    parts = [likeness.pick(~contested), *map(_of_group, _groups(likeness.pick(contested)))]
    rows, columns = (np.concatenate([part[axis] for part in parts]) for axis in (0, 1))
    order = np.argsort(rows, kind="stable")
    return rows[order], columns[order]


def _groups(likeness: Likeness) -> list[Likeness]:
    """Split the pairs into groups that share no row or column.

    Each row takes the lowest group number among its pairs, then each column does, until nothing changes.
    """
    if not len(likeness.row):
        return []
    _, row = np.unique(likeness.row, return_inverse=True)
    _, column = np.unique(likeness.column, return_inverse=True)
    group: Integers = row
    before: Integers = row - 1
    while (group != before).any():
        before = group
        for end in (row, column):
            lowest = np.full(end.max() + 1, len(row))
            np.minimum.at(lowest, end, group)
            group = lowest[end]
    order = np.argsort(group, kind="stable")
    return [likeness.pick(part) for part in np.split(order, np.flatnonzero(np.diff(group[order])) + 1)]


def _of_group(likeness: Likeness) -> tuple[Integers, Integers]:
    """Return the matched rows and columns of one group.

    Only pairs are stored, since a crowded image has thousands of rows. Each row also has a spare column with a
    likeness of 0, which leaves it unmatched.
    """
    rows, row = np.unique(likeness.row, return_inverse=True)
    columns, column = np.unique(likeness.column, return_inverse=True)
    spare = np.arange(len(rows))
    order = np.argsort(np.append(row, spare), kind="stable")
    of_column = np.append(column, len(columns) + spare)[order]
    cost = 1 - np.append(likeness.value, np.zeros(len(rows)))[order]
    ends = np.cumsum(np.bincount(row) + 1).tolist()
    pairs = [(of_column[start:end], cost[start:end]) for start, end in pairwise([0, *ends])]
    taken = np.array(_cheapest(pairs, len(columns) + len(rows)))
    kept = taken < len(columns)
    return rows[kept], columns[taken[kept]]


def _cheapest(pairs: Sequence[tuple[Integers, Floats]], columns: int) -> list[int]:
    """Return a column for each row with the lowest total cost; `pairs` has each row's columns and costs.

    Columns have prices at which no matched row would gain by moving. For each further row, Dijkstra's algorithm finds
    the cheapest path to a free column: to a column, from the row that owns it to another column, and so on. Then every
    row on the path moves to the next column.
    """
    price, favour = np.zeros(columns), np.full(columns, TINY)
    owner, taken = [NONE] * columns, [NONE] * len(pairs)
    for first in range(len(pairs)):
        distance, came_from = np.full(columns, np.inf), np.full(columns, NONE)
        waiting = distance.copy()  # the same for columns that have not been visited yet
        current, saved, passed = first, 0.0, []
        while current != NONE:
            near, costs = pairs[current]
            length = costs - price[near] + saved
            closer = length < distance[near] - TINY
            near, length = near[closer], length[closer]
            distance[near], waiting[near], came_from[near] = length, length - favour[near], current
            nearest = int(waiting.argmin())
            waiting[nearest] = np.inf
            passed.append(nearest)
            current = owner[nearest]
            if current != NONE:
                own, costs = pairs[current]
                saved = distance[nearest] - costs[own == nearest][0] + price[nearest]
        price[passed] += distance[passed] - distance[nearest]
        favour[nearest] = 0
        while nearest != NONE:
            current = int(came_from[nearest])
            owner[nearest] = current
            taken[current], nearest = nearest, taken[current]
    return taken
