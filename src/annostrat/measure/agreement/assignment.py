"""Which object of one annotator is which of another: one to one, so that the sum of their likeness is greatest.

COCO's evaluation goes through predictions by their score and gives each the best object left, which people's labels do
not allow: nobody knows whose turn it is. The greatest sum depends on no order. Nearly always an object is like one
other alone. The few that are contested fall into groups that have nothing to do with each other, and each group goes to
the Hungarian algorithm, which grows the assignment row by row along the cheapest path of reassignments:

    likeness   a    b          greedy, in the order of rows: x-a 0.6, y without any; 0.6 in all
        x     0.6  0.5         greatest sum:                 x-b 0.5, y-a 0.55; 1.05 in all
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
"""In the place of a column's row, or a row's column, where there is none."""
TINY = 1e-12
"""By how much a free column seems closer than it is, so that among equals it ends the path; and what rounding adds."""


class Likeness(NamedTuple):
    """How alike rows and columns are, pair by pair; those that are not here cannot belong together.

    Attributes:
        row: Of each pair, of shape (n,).
        column: Likewise.
        value: Above 0.
    """

    row: Integers
    column: Integers
    value: Floats

    def pick(self, kept: NDArray[np.generic]) -> Likeness:
        """Return some of the pairs."""
        return Likeness(*(each[kept] for each in self))

    @property
    def contested(self) -> NDArray[np.bool_]:
        """Whether the row or the column of a pair is in another pair, too."""
        return np.asarray((np.bincount(self.row)[self.row] > 1) | (np.bincount(self.column)[self.column] > 1))


def assigned(likeness: Likeness) -> tuple[Integers, Integers]:
    """Return rows and columns that belong together, by row."""
    contested = likeness.contested
    parts = [likeness.pick(~contested), *map(_of_group, _groups(likeness.pick(contested)))]
    rows, columns = (np.concatenate([part[axis] for part in parts]) for axis in (0, 1))
    order = np.argsort(rows, kind="stable")
    return rows[order], columns[order]


def _groups(likeness: Likeness) -> list[Likeness]:
    """Return the pairs in groups, of which no two have a row or a column in common.

    Each row takes the lowest number among its columns and these the lowest among their rows, until nothing changes.
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
    """Return the rows and columns that belong together.

    Only pairs are stored, since a crowded image has thousands of rows. Each row also has a spare column that it is
    unlike, in which it stays alone.
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
    """Return a column for each row, so that the sum of their costs is lowest; `pairs` has each row's columns and costs.

    Columns have prices at which no matched row would save anything by moving. Each further row finds the cheapest path
    to a free column, as Dijkstra's algorithm does: to a column, with the row that owns it to another one, and so on.
    Then every row on the path moves one column on.
    """
    price, favour = np.zeros(columns), np.full(columns, TINY)
    owner, taken = [NONE] * columns, [NONE] * len(pairs)
    for first in range(len(pairs)):
        distance, came_from = np.full(columns, np.inf), np.full(columns, NONE)
        waiting = distance.copy()  # the same of columns from which the path was not followed yet
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
