"""Which row each row is a part of, and which rows are the parts of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import scipy.sparse as sp

from pipelines.disclosure.arrays import NONE, Cells, Codes, Flags, spans, starts
from pipelines.disclosure.stored import Stored

MANY = 4  # keys to look up for each row of the table, before all rows are put in order instead


class Joint(Protocol):
    """Rows, and the rows (of the same table or of another) that they are parts of."""

    def whole(self, rows: Cells) -> Codes:
        """The row that each row is a part of; -1 for none."""

    def has_parts(self, rows: Cells) -> Flags:
        """Whether rows may have parts. Where not they have none."""

    def parts(self, rows: Cells) -> tuple[Codes, Cells]:
        """The parts of rows, and for each the index of the row that it is a part of (ascending)."""


@dataclass(frozen=True, eq=False)
class Matched:
    """A joint that is known for all rows: `all_` has the whole of each, out of `count`."""

    all_: Callable[[], Codes]
    count: int

    @cached_property
    def _whole(self) -> Codes:
        return self.all_()

    @cached_property
    def _sorted(self) -> tuple[Codes, Codes]:
        part = self._whole != NONE
        start = np.r_[0, np.cumsum(part)].astype(np.int32)
        # Compressing by column sorts rows by their whole in one pass.
        columns = sp.csr_matrix(
            (np.ones(start[-1], dtype=np.int8), self._whole[part], start), shape=(part.size, self.count)
        ).tocsc()
        return columns.indptr, columns.indices

    def whole(self, rows: Cells) -> Codes:
        """The row that each row is a part of; -1 for none."""
        return self._whole[rows]

    def has_parts(self, rows: Cells) -> Flags:
        """Whether rows have parts."""
        start = self._sorted[0]
        return np.asarray(start[rows + 1] > start[rows])

    def parts(self, rows: Cells) -> tuple[Codes, Cells]:
        """The parts of rows, and for each the index of the row that it is a part of (ascending)."""
        at, of, _ = spans(self._sorted[0], rows)
        return self._sorted[1][at], of


@dataclass(frozen=True, eq=False)
class Step:
    """A joint within a table: the whole differs in one dimension, where code c has become `to[c]` (-1: no whole).

    Only the rows that are asked for are looked up.
    """

    table: Stored
    dim: str
    to: Codes

    @cached_property
    def _stride(self) -> np.uint64:
        return np.uint64(self.table.index.strides[self.table.table.dims.index(self.dim)])

    @cached_property
    def _codes(self) -> tuple[Cells, Codes]:
        """For each code where those start that become it, and these."""
        order = np.argsort(self.to, kind="stable").astype(np.int32)
        return np.searchsorted(self.to[order], np.arange(self.to.size + 1)), order

    @cached_property
    def _matched(self) -> Matched:
        return Matched(lambda: self.whole(np.arange(self.table.rows)), self.table.rows)

    def whole(self, rows: Cells) -> Codes:
        """The row that each row is a part of; -1 for none."""
        code = self.table.dims[self.dim].code[rows]
        to = self.to[code]
        able = to != NONE
        whole = np.full(rows.size, NONE, dtype=np.int32)
        step = (to[able] - code[able]).astype(np.uint64) * self._stride
        whole[able] = self.table.index.find(self.table.index.key[rows[able]] + step)
        return whole

    def has_parts(self, rows: Cells) -> Flags:
        """Whether rows may have parts."""
        start, code = self._codes[0], self.table.dims[self.dim].code[rows]
        return np.asarray(start[code + 1] > start[code])

    def parts(self, rows: Cells) -> tuple[Codes, Cells]:
        """The parts of rows, and for each the index of the row that it is a part of (ascending)."""
        index, (start, codes), own = self.table.index, self._codes, self.table.dims[self.dim].code[rows]
        if (start[own + 1] - start[own]).sum() > MANY * self.table.rows:
            return self._matched.parts(rows)
        at, of, _ = spans(start, own.astype(np.int64))
        step = (codes[at] - own[of]).astype(np.uint64) * self._stride
        part = index.find(index.key[rows][of] + step)
        there = part != NONE
        return (part, of) if there.all() else (part[there], of[there])


def grouped(joint: Joint, rows: Cells) -> tuple[Cells, Codes, Cells]:
    """Of the rows those with parts, their parts, and where those of each start."""
    part, of = joint.parts(rows)
    first = starts(of)
    return rows[of[first]], part, first
