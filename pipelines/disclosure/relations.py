"""What adds up to what: columns of a row, and rows to a row. The attacker's knowledge.

An equation is total = sum of parts. Which really hold is for the one who has the numbers to see; here is only said
which cells an attacker would add up. Every equation has a number of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipelines.disclosure.arrays import NONE, Cells, Codes, distinct
from pipelines.disclosure.joints import Joint
from pipelines.disclosure.stored import Stored


@dataclass(frozen=True)
class Entries:
    """Some equations: where the members of each start, and the members, the total first."""

    start: Cells
    cell: Cells


@dataclass(frozen=True, eq=False)
class RowSum:
    """One column is the sum of others, in every row of a table. Its equations are numbered from `first`."""

    stored: Stored
    first: int
    total: int
    parts: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many equations."""
        return self.stored.rows

    def around(self, cells: Cells) -> Cells:
        """Numbers of the equations in which the cells (ascending) stand."""
        row, position = self.stored.own(cells)
        return self.first + distinct(row[np.isin(position, (self.total, *self.parts))])

    def members(self, equations: Cells) -> Entries:
        """The members of some of its equations."""
        row, columns = equations - self.first, np.array([self.total, *self.parts])
        cell = self.stored.base + row[:, None] * self.stored.width + columns
        return Entries(np.arange(row.size + 1) * columns.size, cell.ravel())


@dataclass(frozen=True, eq=False)
class Addition:
    """Rows of one table that add up to a row of another or of the same, in measures of one table and of the other.

    `category` tells that the parts are the values of a category. `true` may reject the whole when it is first needed.
    """

    fine: Stored
    coarse: Stored
    first: int
    parts: tuple[int, ...]
    totals: tuple[int, ...]
    joint: Joint
    category: bool = False
    true: Callable[[Addition], bool] | None = None

    @property
    def count(self) -> int:
        """How many equations there can be."""
        return self.coarse.rows * len(self.parts)

    @cached_property
    def holds(self) -> bool:
        """Whether there is anything in it."""
        return self.true is None or self.true(self)

    def around(self, cells: Cells) -> Cells:
        """Numbers of the equations in which the cells (ascending) stand."""
        found = [np.zeros(0, dtype=np.int64)]
        if self.holds:
            row, position = self.fine.own(cells)
            found.append(self._numbers(self.joint.whole(row), position, self.parts))
            row, position = self.coarse.own(cells)
            found.append(self._numbers(np.where(self.joint.has_parts(row), row, NONE), position, self.totals))
        return distinct(np.concatenate(found))

    def members(self, equations: Cells) -> Entries:
        """The members of some of its equations; without those that turn out to have no parts."""
        whole, column = np.divmod(equations - self.first, len(self.parts))
        part, of = self.joint.parts(whole)
        size = np.bincount(of, minlength=whole.size)
        some, start = size > 0, np.r_[0, np.cumsum((size + 1)[size > 0])]
        cell = np.empty(start[-1], dtype=np.int64)
        total = np.zeros(cell.size, dtype=bool)
        total[start[:-1]] = True
        cell[total] = (self.coarse.base + whole * self.coarse.width + np.array(self.totals)[column])[some]
        cell[~total] = self.fine.base + part * np.int64(self.fine.width) + np.array(self.parts)[column][of]
        return Entries(start, cell)

    def _numbers(self, whole: Cells | Codes, position: Cells, measures: tuple[int, ...]) -> Cells:
        column = np.full(max(self.fine.width, self.coarse.width), NONE)
        column[list(measures)] = np.arange(len(measures))
        use = (whole != NONE) & (column[position] != NONE)
        return np.asarray(self.first + whole[use] * np.int64(len(measures)) + column[position[use]])


@dataclass(frozen=True)
class Relations:
    """All that is added up in and between some tables."""

    all: tuple[RowSum | Addition, ...]

    @property
    def count(self) -> int:
        """One more than the greatest number of an equation."""
        return self.all[-1].first + self.all[-1].count if self.all else 0

    @cached_property
    def _of(self) -> tuple[Cells, list[list[int]]]:
        """The tables, by where their cells begin and end; the positions of the relations in which each takes part."""
        found: dict[tuple[int, int], list[int]] = {}
        for n, one in enumerate(self.all):
            for table in {one.stored} if isinstance(one, RowSum) else {one.fine, one.coarse}:
                found.setdefault((table.base, table.end), []).append(n)
        return np.array(list(found), dtype=np.int64).reshape(-1, 2), list(found.values())

    def around(self, cells: Cells) -> Iterator[tuple[RowSum | Addition, Cells]]:
        """The numbers of the equations in which the cells (ascending) stand, with what knows their members."""
        ends, relations = self._of
        first, last = np.searchsorted(cells, ends).T
        for n in sorted({n for table in np.flatnonzero(first < last) for n in relations[table]}):
            equations = self.all[n].around(cells)
            if equations.size:
                yield self.all[n], equations
