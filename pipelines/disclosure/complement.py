"""Complementary suppression, first pass: no single equation may give a hidden cell away.

In an equation whose total is published, what is hidden adds up to a known number. So at least two cells are hidden
in it, and together they are large enough that each may still lie as far from its value as it must. All equations
are judged at once; of those that share a cell one acts at a time, so that the next can use what it chose. A cell
that also serves another equation goes first, then the smallest that is enough: that closes rectangles in crossing
margins instead of spreading over the table.
"""

from __future__ import annotations

import numpy as np

from pipelines.disclosure.primary import Primary
from pipelines.disclosure.relations import Cells
from pipelines.disclosure.system import Flags, Numbers, System

TRIFLE = 1e-6


class Complement:
    """Hides cells of a system until each equation is safe by itself, or nothing is left to hide in it."""

    def __init__(self, system: System, protected: Primary) -> None:
        self.system = system
        # How far each hidden cell has to be able to rise and to fall.
        self.up: Numbers = np.zeros(system.value.size)
        self.down: Numbers = np.zeros(system.value.size)
        self.down[protected.cell], self.up[protected.cell] = moves(protected, system.value[protected.cell])

    def run(self, cells: Cells) -> None:
        """Make the equations around newly hidden cells safe, and those around what that hides, and so on."""
        while cells.size:
            self.system.load(cells)
            cells = self._settle(self.system.equations_of(cells))

    def _settle(self, equations: Cells) -> Cells:
        """Hide within the loaded equations; the cells that were hidden."""
        system, chosen, stuck = (
            self.system,
            [np.zeros(0, dtype=np.int64)],
            np.zeros(self.system.start.size - 1, dtype=bool),
        )
        while True:
            equations = equations[~stuck[equations]]
            short = equations[self._short(equations) > 0]
            if not short.size:
                return np.concatenate(chosen)
            acting = self._independent(short)
            cells, of = self._choose(acting)
            stuck[acting] = True
            stuck[acting[of]] = False
            system.hidden[cells] = True
            chosen.append(cells)
            equations = np.union1d(system.equations_of(cells), short)

    def _short(self, equations: Cells) -> Numbers:
        """How much each equation lacks; 0 if it is safe, at least a trifle if a second cell is missing."""
        at, _, first = self.system.members(equations)
        if not at.size:
            return np.zeros(0)
        cell, sign = self.system.cell[at], self.system.sign[at]
        hidden = self.system.hidden[cell]
        known = np.where(hidden & (sign < 0), self.system.value[cell], 0)
        count = np.add.reduceat(hidden.astype(np.int64), first)
        total = np.logical_or.reduceat(hidden & (sign > 0), first)
        reach = np.where(hidden & (sign < 0), self.system.value[cell] + self.up[cell], 0)
        lack = np.maximum.reduceat(reach, first) - np.add.reduceat(known, first)
        lack = np.where(total, 0, np.maximum(lack, 0))
        return np.where(count == 1, np.maximum(lack, TRIFLE), np.where((count == 0) | (lack < TRIFLE), 0, lack))

    def _independent(self, short: Cells) -> Cells:
        """The first of the equations that share cells."""
        at, _, first = self.system.members(short)
        cell = self.system.cell[at]
        unique, index = np.unique(cell, return_inverse=True)
        lowest = np.full(unique.size, short.size, dtype=np.int64)
        rank = np.repeat(np.arange(short.size), np.diff(np.r_[first, at.size]))
        np.minimum.at(lowest, index, rank)
        acts: Flags = np.minimum.reduceat(lowest[index], first) == np.arange(short.size)
        return short[acts]

    def _choose(self, acting: Cells) -> tuple[Cells, Cells]:
        """One more cell to hide in each equation where there is one, and the index of that equation."""
        system = self.system
        at, of, first = system.members(acting)
        cell = system.cell[at]
        lack, part, hidden = self._short(acting), system.sign[at] < 0, system.hidden[cell]
        # When a part rises another part falls, and the total does not move or rises too.
        rise = np.maximum.reduceat(np.where(part, self.up[cell], self.down[cell]) * hidden, first)
        fall = np.maximum.reduceat(np.where(part, self.down[cell], self.up[cell]) * hidden, first)
        able: Flags = ~system.hidden[cell] & ~system.public[cell]
        # A zero moves nothing. It helps only where all that can be hidden is that nobody is elsewhere.
        positive = np.logical_or.reduceat(able & (system.value[cell] != 0), first)
        able &= (system.value[cell] != 0) | ~positive[of]
        at, of, cell = at[able], of[able], cell[able]
        if not cell.size:
            return cell, of
        value = np.abs(system.value[cell])
        total: Flags = system.sign[at] > 0
        enough = total | (value >= lack[of])
        order = np.lexsort((cell, total, np.where(enough, value, -value), -self._serves(cell), ~enough, of))
        best = order[np.r_[True, of[order][1:] != of[order][:-1]]]
        at, of, cell = at[best], of[best], cell[best]
        part = system.sign[at] < 0
        self.up[cell] = np.maximum(self.up[cell], np.where(part, fall[of], rise[of]))
        self.down[cell] = np.maximum(self.down[cell], np.where(part, rise[of], fall[of]))
        return cell, of

    def _serves(self, cell: Cells) -> Cells:
        """In how many loaded equations each cell stands; up to here each of them has something hidden."""
        start = self.system.by_cell[0]
        return (start[cell + 1] - start[cell]).astype(np.int64)


def moves(protected: Primary, value: Numbers) -> tuple[Numbers, Numbers]:
    """How far down and up each cell has to be able to go: as near to zero as it needs, the rest upwards."""
    down = np.maximum(protected.low, np.minimum(np.abs(value), protected.width - protected.up))
    return down, np.maximum(protected.up, protected.width - down)
