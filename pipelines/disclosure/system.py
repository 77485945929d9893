"""The cells of all tables, and the equations between those that matter: loaded only around what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from pipelines.disclosure.arrays import NONE, Cells, Codes, Flags, Numbers, distinct, spans
from pipelines.disclosure.relations import Entries, Relations
from pipelines.disclosure.stored import Stored

SLACK = 1e-6
DECIMALS = 4
Kind = TypeVar("Kind", bound=np.generic)
Signs = npt.NDArray[np.int8]


class System:
    """Values, and equations sum(sign * value) = 0 over them.

    `value` is NaN where nothing was delivered. `hidden` are cells that the public does not see, `public` those that
    cannot be hidden (any more), `signed` those that might be negative. The members of loaded equation i, one that
    holds in `value`, are `cell` and `sign` from start[i] to start[i + 1]; `local` are the same cells by the order in
    which they were met (`slot` of a cell; -1 for those that were not).
    """

    def __init__(self, stored: Sequence[Stored], relations: Relations) -> None:
        self.relations = relations
        self.value = value = by_cell([one.value for one in stored])
        self.signed: Flags = np.zeros(value.size, dtype=bool)
        for one in stored:
            if one.value.size and (below := (one.value < 0).any(axis=0)).any():
                one.part(self.signed)[:, below] = True
        self.hidden: Flags = np.zeros(value.size, dtype=bool)
        self.public: Flags = np.zeros(value.size, dtype=bool)
        self.whole: Flags = np.zeros(value.size, dtype=bool)
        self.slot: Codes = np.full(value.size, NONE, dtype=np.int32)
        self.met = 0
        self._loaded: Flags = np.zeros(relations.count, dtype=bool)
        self.start, self.sign = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int8)
        self.cell, self.local = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
        self._arrange()

    def load(self, cells: Cells) -> None:
        """Load all equations in which the cells stand."""
        cells = distinct(cells[~self.whole[cells]])
        if not cells.size:
            return
        self.whole[cells] = True
        start, cell, sign = [self.start], [self.cell], [self.sign]
        for relation, equations in self.relations.around(cells):
            new = equations[~self._loaded[equations]]
            self._loaded[new] = True
            if new.size:
                more = self._valid(relation.members(new))
                start.append(more[0][1:] + start[-1][-1])
                cell.append(more[1])
                sign.append(more[2])
                start = start if more[1].size else start[:-1]
        if len(start) > 1:
            self.start, self.sign = np.concatenate(start), np.concatenate(sign)
            self._meet(np.concatenate(cell[1:]))
            self._arrange()

    def _meet(self, cells: Cells) -> None:
        """Take in the members of more equations."""
        new = cells[self.slot[cells] == NONE]
        self.slot[new] = np.arange(new.size)  # of a cell that is there twice one stays
        new = new[self.slot[new] == np.arange(new.size)]
        self.slot[new] = np.arange(self.met, self.met + new.size)
        self.met += new.size
        self.cell = np.concatenate([self.cell, cells])
        self.local = np.concatenate([self.local, self.slot[cells]])

    def _arrange(self) -> None:
        """For each cell that was met where its equations start, and these."""
        matrix = sp.csr_matrix(
            (np.ones(self.local.size, dtype=np.int8), self.local, self.start), shape=(self.start.size - 1, self.met)
        ).tocsc()
        self.by_cell = (matrix.indptr, matrix.indices)

    def equations_of(self, cells: Cells) -> Cells:
        """Loaded equations with any of the cells."""
        slots = self.slot[cells]
        found: Flags = np.zeros(self.start.size - 1, dtype=bool)
        found[self.by_cell[1][spans(self.by_cell[0], slots[slots != NONE])[0]]] = True
        return np.flatnonzero(found)

    def members(self, equations: Cells) -> tuple[Cells, Cells, Cells]:
        """Of the equations: positions of their members in `cell` and `sign`, which one each is of, first of each."""
        return spans(self.start, equations)

    def _valid(self, found: Entries) -> tuple[Cells, Cells, Signs]:
        """Of some equations those that hold: where they start, their members."""
        start, cell = found.start, found.cell
        sign = np.full(cell.size, -1, dtype=np.int8)
        sign[start[:-1]] = 1
        value = self.value[cell]
        there = ~np.isnan(value)
        if not there.all():
            size = np.add.reduceat(there.astype(np.int64), start[:-1]) * there[start[:-1]]
            there &= np.repeat(size > 1, np.diff(start))
            start, cell, sign, value = np.r_[0, np.cumsum(size[size > 1])], cell[there], sign[there], value[there]
        if not cell.size:
            return np.zeros(1, dtype=np.int64), cell, sign
        first, size = start[:-1], np.diff(start)
        tolerance = SLACK * np.maximum(1, np.maximum.reduceat(np.abs(value), first))
        tolerance = np.maximum(tolerance, _rounding(value, first) * (size + 1) / 2)
        good = np.abs(np.add.reduceat(sign * value, first)) <= tolerance
        if good.all():
            return start, cell, sign
        chosen = np.repeat(good, size)
        return np.r_[0, np.cumsum(size[good])], cell[chosen], sign[chosen]


def by_cell(tables: Sequence[npt.NDArray[Kind]]) -> npt.NDArray[Kind]:
    """The cells of all tables in one array."""
    parts = [table.ravel() for table in tables]
    return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else cast(npt.NDArray[Kind], np.zeros(0))


def _rounding(value: Numbers, first: Cells) -> Numbers:
    """The unit to which the values of each equation are rounded: 0 for whole numbers and for unrounded ones."""
    unit = np.zeros(first.size)
    if (value == np.rint(value)).all():
        return unit
    open_ = np.maximum.reduceat(np.abs(value - np.round(value)), first) > 1e-9
    for digits in range(1, DECIMALS + 1):
        if not open_.any():
            break
        fits = np.maximum.reduceat(np.abs(value * 10**digits - np.round(value * 10**digits)), first) < 1e-6
        unit[open_ & fits] = 10.0**-digits
        open_ &= ~fits
    return unit
