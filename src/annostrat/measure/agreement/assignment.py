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

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


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
    rows, row = np.unique(likeness.row, return_inverse=True)
    columns, column = np.unique(likeness.column, return_inverse=True)
    table = np.zeros((len(rows), len(columns)))
    table[row, column] = likeness.value
    turned = len(rows) > len(columns)
    fewer, more = _best(table.T if turned else table)
    some_rows, some_columns = (more, fewer) if turned else (fewer, more)
    kept = table[some_rows, some_columns] > 0
    return rows[some_rows[kept]], columns[some_columns[kept]]


def _best(likeness: Floats) -> tuple[Integers, Integers]:
    """Return all rows and the different columns that they get, where there are no fewer columns than rows.

    `row_price` and `column_price` are the dual variables; column 0 stands for the row that has none yet.
    """
    count, columns = likeness.shape
    cost = 1 - likeness
    row_price, column_price = np.zeros(count), np.zeros(columns + 1)
    owner = np.full(columns + 1, -1)
    for row in range(count):
        owner[0], column = row, 0
        slack, came_from = np.full(columns + 1, np.inf), np.zeros(columns + 1, np.int64)
        seen = np.zeros(columns + 1, bool)
        while owner[column] >= 0:
            seen[column] = True
            reduced = cost[owner[column]] - row_price[owner[column]] - column_price[1:]
            closer = np.flatnonzero(~seen[1:] & (reduced < slack[1:])) + 1
            slack[closer], came_from[closer] = reduced[closer - 1], column
            nearest = int(np.where(seen, np.inf, slack)[1:].argmin()) + 1
            free = np.flatnonzero((owner < 0) & (slack <= slack[nearest]))  # of equals, one that ends the path
            nearest = int(free[0]) if len(free) else nearest
            step = slack[nearest]
            row_price[owner[seen]] += step
            column_price[seen] -= step
            slack[~seen] -= step
            column = nearest
        while column:
            owner[column] = owner[came_from[column]]
            column = came_from[column]
    taken = np.flatnonzero(owner[1:] >= 0)
    order = np.argsort(owner[1:][taken])
    return owner[1:][taken][order], taken[order]
