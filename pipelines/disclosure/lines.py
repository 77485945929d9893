"""How far hidden cells can certainly move, in small components, without a linear program.

From the true values one can walk along any direction that keeps all equations until a cell reaches its floor. Every
table on the way fits what is published, so a reader cannot rule it out. The directions tried have as few moving cells
as possible; in a component with one degree of freedom that is all there is. Components of one shape share them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np

from pipelines.disclosure.arrays import Cells, Numbers, spans

MOST_CELLS = 31  # of a component: an equation is written as two sets of so many bits
MOST_WAYS = 500
TINY = 1e-9
DIGITS = 12
AT_ONCE = 2_000_000  # numbers


def shapes(
    start: Cells, column: Cells, sign: Numbers, rows: tuple[Cells, Cells], cells: tuple[Cells, Cells], offset: Cells,
    components: Cells,
) -> Iterator[tuple[Cells, Numbers]]:  # fmt: skip
    """Components of one shape, and its matrix (equations by cells).

    `rows` and `cells` are the members of each component, `offset` the position of a cell among them.
    """
    height, width = np.diff(rows[0])[components], np.diff(cells[0])[components]
    for n in np.unique(width[width <= MOST_CELLS]):
        for m in np.unique(height[width == n]):
            chosen = components[(width == n) & (height == m)]
            at, _, _ = spans(rows[0], chosen)
            entry, of, _ = spans(start, rows[1][at])
            bit = np.int64(1) << offset[column[entry]]
            code = np.zeros(chosen.size * m, dtype=np.int64)
            np.add.at(code, of, np.where(sign[entry] > 0, bit, bit << MOST_CELLS))
            shape, which = np.unique(np.sort(code.reshape(-1, m), axis=1), axis=0, return_inverse=True)
            order, begin = np.argsort(which, kind="stable"), np.searchsorted(np.sort(which), np.arange(len(shape) + 1))
            for i, codes in enumerate(shape):
                plus, minus = ((codes[:, None] >> (shift + np.arange(n))) & 1 for shift in (0, MOST_CELLS))
                yield chosen[order[begin[i] : begin[i + 1]]], (plus - minus).astype(float)


def ways(matrix: Numbers) -> Numbers:
    """Directions that keep all equations, one a row; none where there would be too many."""
    _, s, v = np.linalg.svd(matrix)
    free = v[int((s > TINY * s[0]).sum()) :]
    k, n = free.shape
    if not k or comb(n, k - 1) > MOST_WAYS:
        return np.zeros((0, n))
    if k > 1:
        # Each leaves k - 1 cells as they are, which fixes it but for its length.
        still = np.array(list(combinations(range(n), k - 1)))
        free = np.linalg.svd(free.T[still])[2][:, -1] @ free
    free[np.abs(free) < TINY] = 0
    free /= np.abs(free).max(axis=1, keepdims=True)
    free = np.round(np.concatenate([free, -free]), DIGITS) + 0.0  # no negative zeros
    return np.array(list({way.tobytes(): way for way in free}.values()))


def walk(directions: Numbers, value: Numbers, floor: Numbers) -> tuple[Numbers, Numbers]:
    """Least and greatest value that each cell reaches; `value` and `floor` have a row for each component."""
    low, high = value.copy(), value.copy()
    directions = directions[(directions < 0).any(axis=1)]
    falls = np.where(directions < 0, -directions, 0)
    size = max(1, AT_ONCE // max(directions.size, 1))
    for begin in range(0, len(value) if directions.size else 0, size):
        here = slice(begin, begin + size)
        with np.errstate(divide="ignore", invalid="ignore"):
            # Where nothing falls the room is divided by zero: it is endless, or nothing at all for a cell at its floor.
            step = np.fmin.reduce((value[here] - floor[here])[:, None] / falls, axis=2)
            reached = np.where(directions == 0, 0, step[:, :, None] * directions)
        low[here] += reached.min(axis=1, initial=0)
        high[here] += reached.max(axis=1, initial=0)
    return low, high
