"""The cells of all tables, and the equations between those that matter: loaded only around what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import duckdb
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from pipelines.disclosure.relations import Cells, Relations
from pipelines.disclosure.table import Stored
from pipelines.sql import ident

Numbers = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
SLACK = 1e-6
DECIMALS = 4


class System:
    """Values, and equations sum(sign * value) = 0 over them.

    `value` is NaN where nothing was delivered. `hidden` are cells that the public does not see, `public` those that
    cannot be hidden (any more), `signed` those that might be negative. The members of loaded equation i, one that
    holds in `value`, are `cell` and `sign` from start[i] to start[i + 1].
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, stored: Sequence[Stored], relations: Relations) -> None:
        self.con, self.relations = con, relations
        self.value = value = values(con, stored)
        self.signed: Flags = np.zeros(value.size, dtype=bool)
        for one in stored:
            block = value[one.base : one.base + one.rows * one.width].reshape(one.rows, one.width)
            below = (block < 0).any(axis=0)
            if below.any():
                self.signed[one.base : one.base + block.size].reshape(block.shape)[:, below] = True
        self.hidden: Flags = np.zeros(value.size, dtype=bool)
        self.public: Flags = np.zeros(value.size, dtype=bool)
        self.whole: Flags = np.zeros(value.size, dtype=bool)
        self._seen = np.zeros(0, dtype=np.uint64)
        self._take(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int8))

    def load(self, cells: Cells) -> None:
        """Load all equations in which the cells stand."""
        cells = distinct(cells[~self.whole[cells]])
        if not cells.size:
            return
        self.whole[cells] = True
        found = list(self.relations.around(self.con, cells))
        if not found:
            return
        number, start, cell, sign = self._valid(
            np.concatenate([f.equation for f in found]),
            np.concatenate([f.cell for f in found]),
            np.concatenate([f.sign for f in found]),
        )
        self._seen = np.sort(np.concatenate([self._seen, number]))
        self._take(
            np.concatenate([self.start, start[1:] + self.cell.size]),
            np.concatenate([self.cell, cell]),
            np.concatenate([self.sign, sign]),
        )

    def equations_of(self, cells: Cells) -> Cells:
        """Loaded equations with any of the cells."""
        return distinct(self.by_cell[1][spans(self.by_cell[0], cells)[0]])

    def members(self, equations: Cells) -> tuple[Cells, Cells, Cells]:
        """Of the equations: positions of their members in `cell` and `sign`, which one each is of, first of each."""
        return spans(self.start, equations)

    def _valid(
        self, equation: Keys, cell: Cells, sign: npt.NDArray[np.int8]
    ) -> tuple[Keys, Cells, Cells, npt.NDArray[np.int8]]:
        """Of some equations those that are new and hold: their numbers, where they start, their members."""
        at = np.searchsorted(self._seen, equation).clip(max=max(self._seen.size - 1, 0))
        known = self._seen[at] == equation if self._seen.size else np.zeros(equation.size, dtype=bool)
        keep = ~np.isnan(self.value[cell]) & ~known
        equation, cell, sign = equation[keep], cell[keep], sign[keep]
        if not equation.size:
            return equation, np.zeros(1, dtype=np.int64), cell, sign
        first = np.flatnonzero(np.r_[True, equation[1:] != equation[:-1]])
        value, size = self.value[cell], np.diff(np.r_[first, equation.size])
        tolerance = SLACK * np.maximum(1, np.maximum.reduceat(np.abs(value), first))
        tolerance = np.maximum(tolerance, _rounding(value, first) * (size + 1) / 2)
        good = np.abs(np.add.reduceat(sign * value, first)) <= tolerance
        good &= (np.add.reduceat((sign > 0).astype(int), first) == 1) & (size > 1)
        chosen = np.repeat(good, size)
        return equation[first[good]], np.r_[0, np.cumsum(size[good])], cell[chosen], sign[chosen]

    def _take(self, start: Cells, cell: Cells, sign: npt.NDArray[np.int8]) -> None:
        self.start, self.cell, self.sign = start, cell, sign
        matrix = sp.csr_matrix(
            (np.ones(cell.size, dtype=np.int8), cell, start), shape=(start.size - 1, self.value.size)
        ).tocsc()
        self.by_cell = (cast(Cells, matrix.indptr), cast(Cells, matrix.indices))


def distinct(numbers: Cells) -> Cells:
    """The numbers in ascending order, each once; for many of them faster than `numpy.unique`."""
    ordered = np.sort(numbers)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if ordered.size else ordered


def spans(start: Cells, rows: Cells) -> tuple[Cells, Cells, Cells]:
    """Positions that the rows of a compressed matrix take up; for each the index into `rows`; first of each row."""
    size = start[rows + 1] - start[rows]
    of = np.repeat(np.arange(rows.size), size)
    first = np.r_[0, np.cumsum(size)[:-1]] if rows.size else np.zeros(0, dtype=np.int64)
    return np.arange(of.size) - first[of] + start[rows][of], of, first


def values(con: duckdb.DuckDBPyConnection, stored: Sequence[Stored], suffix: str = "") -> Numbers:
    """The numbers in all cells, by cell, from the columns named after the measure and `suffix`; NaN for none."""
    parts = [np.zeros(0)]
    for one in stored:
        names = [ident(name + suffix) for name in one.additive]
        if names:
            chosen = ", ".join(f"coalesce(CAST({n} AS DOUBLE), 'nan') AS v{i}" for i, n in enumerate(names))
            got = con.execute(f"SELECT {chosen} FROM {one.copy}").fetchnumpy()
            parts.append(np.stack([got[f"v{i}"] for i in range(one.width)], axis=1).ravel())
    return np.concatenate(parts)


def _rounding(value: Numbers, first: Cells) -> Numbers:
    """The unit to which the values of each equation are rounded: 0 for whole numbers and for unrounded ones."""
    unit = np.zeros(first.size)
    open_ = np.maximum.reduceat(np.abs(value - np.round(value)), first) > 1e-9
    for digits in range(1, DECIMALS + 1):
        if not open_.any():
            break
        fits = np.maximum.reduceat(np.abs(value * 10**digits - np.round(value * 10**digits)), first) < 1e-6
        unit[open_ & fits] = 10.0**-digits
        open_ &= ~fits
    return unit
