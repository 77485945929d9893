"""Complementary suppression, second pass: cells that several equations together would still give away.

For one such cell the cheapest way to move it is looked for: changes of the cells around it that keep every equation,
stay possible and leave alone what must stay public. Every cell that changes is hidden. The changed table then fits
all that is published as well as the true one, so the cell is safe, whatever else is hidden later (Kelly, Golden and
Assad 1992).
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from pipelines.disclosure.arrays import Cells, Flags, Numbers, distinct
from pipelines.disclosure.system import System

RINGS = (2, 4, 8, 16, 32)  # equations away; links between tables and editions make ways long
MOST_CELLS = 100_000
FREE = 1e-4  # price of moving a cell that is hidden anyway


def gather(system: System, cells: Cells) -> None:
    """Load what lies around many cells, at once instead of for each."""
    for _ in range(RINGS[0]):
        system.load(cells)
        at, _, _ = system.members(system.equations_of(cells))
        cells = distinct(np.concatenate([cells, system.cell[at]]))
    system.load(cells)


def repair(system: System, cell: int, down: float, up: float) -> bool:
    """Hide what lets a cell be that much lower and that much higher. False: nothing that may be hidden does."""
    for ring in RINGS:
        free, whole = _around(system, cell, ring)
        lower, higher = _move(system, free, cell, -down), _move(system, free, cell, up)
        if lower is not None and higher is not None:
            system.hidden[lower] = True
            system.hidden[higher] = True
            return True
        if whole or free.size > MOST_CELLS:
            break
    return False


def _around(system: System, cell: int, rings: int) -> tuple[Cells, bool]:
    """Cells at most so many equations away, all their equations loaded; whether there are no others."""
    cells = np.array([cell], dtype=np.int64)
    for _ in range(rings):
        system.load(cells)
        at, _, _ = system.members(system.equations_of(cells))
        wider = np.union1d(cells, system.cell[at])
        if wider.size == cells.size:
            return cells, True
        cells = wider
    system.load(cells)
    return cells, False


def _move(system: System, free: Cells, cell: int, by: float) -> Cells | None:
    """The cells that change when `cell` changes by so much, as cheaply as possible; None if it cannot."""
    if by == 0:
        return np.array([cell], dtype=np.int64)
    equations = system.equations_of(free)
    at, of, _ = system.members(equations)
    column = np.searchsorted(free, system.cell[at])
    column[column == free.size] = 0
    inside = free[column] == system.cell[at]
    matrix = sp.csr_matrix((system.sign[at][inside], (of[inside], column[inside])), shape=(equations.size, free.size))
    value: Numbers = system.value[free]
    price = np.where(system.hidden[free], FREE, 1 + np.log1p(np.abs(value)))
    fixed = system.public[free] & ~system.hidden[free]
    most = np.where(fixed, 0, np.inf)
    least = np.where(fixed, 0, np.where(system.signed[free], np.inf, value))
    here = int(np.searchsorted(free, cell))
    rise, fall = np.stack([np.zeros(free.size), most], axis=1), np.stack([np.zeros(free.size), least], axis=1)
    rise[here], fall[here] = (by, by) if by > 0 else (0, 0), (-by, -by) if by < 0 else (0, 0)
    if by < 0 and -by > least[here]:
        return None
    done = linprog(
        np.r_[price, price], A_eq=sp.hstack([matrix, -matrix]), b_eq=np.zeros(equations.size),
        bounds=np.concatenate([rise, fall]), method="highs",
    )  # fmt: skip
    if done.x is None:
        return None
    changed: Flags = np.abs(done.x[: free.size] - done.x[free.size :]) > 1e-7
    return free[changed]
