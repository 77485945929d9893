"""Hidden cells as the unknowns of linear equations, and the ends that linear programs find for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from pipelines.disclosure.arrays import Cells, Numbers, spans


@dataclass(frozen=True)
class Unknowns:
    """Equations low <= sum(sign * x) <= high over hidden cells x >= floor, compressed by row."""

    start: Cells
    column: Cells
    sign: Numbers
    low: Numbers
    high: Numbers
    floor: Numbers

    @property
    def size(self) -> int:
        """Hidden cells."""
        return int(self.floor.size)


class Batch:
    """The components of some targets side by side, one copy for each target, as one linear program."""

    def __init__(
        self, u: Unknowns, cells: tuple[Cells, Cells], rows: tuple[Cells, Cells], label: Cells, offset: Cells,
        target: Cells, bounds: tuple[Numbers, Numbers],
    ) -> None:  # fmt: skip
        at, _, first = spans(cells[0], label[target])
        self.cell = cells[1][at]
        self.low, self.high = bounds[0][self.cell], bounds[1][self.cell]
        self.target = first + offset[target]
        at, of, _ = spans(rows[0], label[target])
        equation = rows[1][at]
        entry, row, _ = spans(u.start, equation)
        column = first[of[row]] + offset[u.column[entry]]
        self.matrix = sp.csr_matrix((u.sign[entry], (row, column)), shape=(equation.size, self.cell.size))
        self.exact = u.low[equation] == u.high[equation]
        self.least, self.most = u.low[equation], u.high[equation]

    def end(self, direction: int, least: Numbers | float, most: Numbers | float) -> Numbers:
        """The least (direction 1) or greatest (-1) value of each target between `least` and `most`."""
        low, high, cost = self.low.copy(), self.high.copy(), np.zeros(self.cell.size)
        low[self.target] = np.maximum(low[self.target], least)
        high[self.target] = np.minimum(high[self.target], most)
        cost[self.target] = direction
        loose = ~self.exact
        done = linprog(
            cost,
            A_eq=self.matrix[self.exact],
            b_eq=self.least[self.exact],
            A_ub=sp.vstack([self.matrix[loose], -self.matrix[loose]]) if loose.any() else None,
            b_ub=np.r_[self.most[loose], -self.least[loose]] if loose.any() else None,
            bounds=np.stack([low, high], axis=1),
            method="highs-ds",
            options={"presolve": False},
        )
        if done.x is None:  # what cannot be computed counts as recovered
            return np.full(self.target.size, np.nan)
        return np.asarray(done.x[self.target], dtype=float)
