"""Which object of one annotator is which of another: one to one, so that the sum of their likeness is greatest.

COCO's evaluation goes through predictions by their score and gives each the best object left, which people's labels do
not allow: nobody knows whose turn it is. The greatest sum depends on no order. Nearly always an object is like one
other alone; the few that are contested go to the Hungarian algorithm, which grows the assignment row by row along the
cheapest path of reassignments:

    likeness   a    b          greedy, in the order of rows: x-a 0.6, y without any; 0.6 in all
        x     0.6  0.5         greatest sum:                 x-b 0.5, y-a 0.55; 1.05 in all
        y     0.55 0
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


def assigned(likeness: Floats) -> tuple[Integers, Integers]:
    """Return rows and columns that belong together, by row.

    Args:
        likeness: Of each row with each column, from 0, where they cannot belong together, to 1.
    """
    possible = likeness > 0
    alone = possible & (possible.sum(axis=1, keepdims=True) == 1) & (possible.sum(axis=0) == 1)
    rows, columns = np.nonzero(alone)
    left_rows = np.flatnonzero(possible.any(axis=1) & ~alone.any(axis=1))
    left_columns = np.flatnonzero(possible.any(axis=0) & ~alone.any(axis=0))
    if len(left_rows):
        contested = likeness[np.ix_(left_rows, left_columns)]
        turned = len(left_rows) > len(left_columns)
        fewer, more = _best(contested.T if turned else contested)
        some_rows, some_columns = (more, fewer) if turned else (fewer, more)
        kept = contested[some_rows, some_columns] > 0
        rows = np.concatenate([rows, left_rows[some_rows[kept]]])
        columns = np.concatenate([columns, left_columns[some_columns[kept]]])
    order = np.argsort(rows, kind="stable")
    return rows[order], columns[order]


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
