"""What a reader can know about hidden cells: the least and greatest value that fits all that is published.

Bounds are first narrowed equation by equation. Where the equations of a component form no cycle that is exact.
Elsewhere the ends are found by linear programming, many components in one program.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from pipelines.disclosure.arrays import Cells, Flags, Numbers
from pipelines.disclosure.lines import shapes, walk, ways
from pipelines.disclosure.program import Batch, Unknowns
from pipelines.disclosure.system import System

Enough = Callable[[Cells, Numbers, Numbers], Flags]
ROUNDS = 200
BATCH = 2000  # columns of one linear program; more make the simplex slow


def unknowns(system: System, seen: Numbers) -> tuple[Cells, Unknowns]:
    """The hidden cells, and the loaded equations about them once what is seen is put in.

    Where rounding keeps an equation from coming out exactly, it holds within what rounding made.
    """
    cells = np.flatnonzero(system.hidden)
    hidden = system.hidden[system.cell]
    size = np.diff(system.start)
    row = np.repeat(np.arange(size.size), size)
    some = np.bincount(row, weights=hidden, minlength=size.size) > 0
    visible = np.bincount(row, weights=np.where(hidden, 0, -system.sign * seen[system.cell]), minlength=size.size)
    truth = np.bincount(row, weights=np.where(hidden, system.sign * system.value[system.cell], 0), minlength=size.size)
    count = np.bincount(row, weights=hidden, minlength=size.size).astype(np.int64)[some]
    return cells, Unknowns(
        start=np.r_[0, np.cumsum(count)],
        column=np.searchsorted(cells, system.cell[hidden]),
        sign=system.sign[hidden].astype(float),
        low=np.minimum(visible, truth)[some],
        high=np.maximum(visible, truth)[some],
        floor=np.where(system.signed[cells], -np.inf, 0),
    )


def narrow(u: Unknowns) -> tuple[Numbers, Numbers]:
    """Bounds of all cells from one equation at a time, repeated until nothing changes. Never too narrow."""
    low, high = u.floor.copy(), np.full(u.size, np.inf)
    first, row = u.start[:-1], np.repeat(np.arange(u.start.size - 1), np.diff(u.start))
    positive = u.sign > 0
    for _ in range(ROUNDS if u.column.size else 0):
        least = np.where(positive, low[u.column], -high[u.column])
        most = np.where(positive, high[u.column], -low[u.column])
        above = u.high[row] - _others(least, first, row, -np.inf)
        below = u.low[row] - _others(most, first, row, np.inf)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, u.column, np.where(positive, below, -above))
        np.minimum.at(new_high, u.column, np.where(positive, above, -below))
        done = np.allclose(new_low, low, rtol=0, atol=1e-9) and np.allclose(new_high, high, rtol=0, atol=1e-9)
        low, high = new_low, new_high
        if done:
            break
    return low, high


def ends(u: Unknowns, value: Numbers, target: Cells, span: Numbers, enough: Enough) -> tuple[Numbers, Numbers]:
    """What the target cells can be, exactly unless it is `enough` (of targets by index, their ends).

    What lies further than `span` from the true `value` is not looked at.
    """
    low, high = narrow(u)
    label, cyclic = _components(u)
    here = value[target]
    low_end, high_end = np.maximum(low[target], here - span), np.minimum(high[target], here + span)
    # Bounds from single equations are never too narrow: where they are not enough nothing is.
    hard = np.flatnonzero(cyclic[label[target]])
    hard = hard[enough(hard, low_end[hard], high_end[hard])]
    cells, rows = _groups(label, cyclic.size), _groups(label[u.column[u.start[:-1]]], cyclic.size)
    offset = np.argsort(cells[1]) - cells[0][label]
    reached = _walked(u, value, rows, cells, offset, np.unique(label[target[hard]]))
    near = [end[target[hard]] for end in reached]
    settled = enough(hard, *near)
    low_end[hard[settled]], high_end[hard[settled]] = near[0][settled], near[1][settled]
    hard = hard[~settled]
    share = np.cumsum(np.diff(cells[0])[label[target[hard]]]) // BATCH
    for n in np.unique(share):
        chosen = hard[share == n]
        one = Batch(u, cells, rows, label, offset, target[chosen], (low, high))
        low_end[chosen] = one.end(1, low_end[chosen], np.inf)
        high_end[chosen] = one.end(-1, -np.inf, high_end[chosen])
    return low_end, high_end


def _walked(
    u: Unknowns, value: Numbers, rows: tuple[Cells, Cells], cells: tuple[Cells, Cells], offset: Cells, components: Cells
) -> tuple[Numbers, Numbers]:
    """How far all cells of some components certainly can be from their values."""
    low, high = value.copy(), value.copy()
    for same, matrix in shapes(u.start, u.column, u.sign, rows, cells, offset, components):
        members = cells[1][cells[0][same][:, None] + np.arange(matrix.shape[1])]
        low[members], high[members] = walk(ways(matrix), value[members], u.floor[members])
    return low, high


def _groups(label: Cells, count: int) -> tuple[Cells, Cells]:
    """Members of each label: where each one's begin, and the members."""
    return np.searchsorted(np.sort(label), np.arange(count + 1)), np.argsort(label, kind="stable")


def _components(u: Unknowns) -> tuple[Cells, Flags]:
    """The component of each cell, and whether a component has a cycle."""
    rows = u.start.size - 1
    row = np.repeat(np.arange(rows), np.diff(u.start))
    graph = sp.coo_matrix((np.ones(row.size), (row + u.size, u.column)), shape=(u.size + rows,) * 2)
    count, label = connected_components(graph, directed=False)
    nodes = np.bincount(label, minlength=count)
    edges = np.bincount(label[u.column], minlength=count)
    return label[: u.size].astype(np.int64), edges >= nodes


def _others(bound: Numbers, first: Cells, row: Cells, endless: float) -> Numbers:
    """For each member the sum of the bounds of the other members of its row; `endless` if one of them is."""
    infinite = np.isinf(bound)
    finite = np.where(infinite, 0, bound)
    count = np.add.reduceat(infinite.astype(int), first)[row] - infinite
    return np.where(count > 0, endless, np.add.reduceat(finite, first)[row] - finite)
