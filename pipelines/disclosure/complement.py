"""Complementary suppression, first pass: no single equation may give a hidden cell away.

In an equation whose total is published, what is hidden adds up to a known number. So at least two cells are hidden
in it, and together they are large enough that each may still lie as far from its value as it must. All equations
are judged at once; of those that share a cell one acts at a time, so that the next can use what it chose. A cell
that also serves another equation goes first, then the smallest that is enough: that closes rectangles in crossing
margins instead of spreading over the table.
"""

from __future__ import annotations

import numpy as np

from pipelines.disclosure.arrays import NONE, Cells, Codes, Flags, Numbers, largest, least
from pipelines.disclosure.primary import Primary
from pipelines.disclosure.system import System

TRIFLE = 1e-6


class Complement:
    """Hides cells of a system until each equation is safe by itself, or nothing is left to hide in it."""

    def __init__(self, system: System, protected: Primary) -> None:
        self.system = system
        system.load(protected.cell)
        # How far each hidden cell, by slot, has to be able to rise and to fall.
        self.up: Numbers = np.zeros(system.met)
        self.down: Numbers = np.zeros(system.met)
        slot = system.slot[protected.cell]
        met = slot != NONE
        down, up = moves(protected, system.value[protected.cell])
        self.down[slot[met]], self.up[slot[met]] = down[met], up[met]

    def run(self, cells: Cells) -> None:
        """Make the equations around newly hidden cells safe, and those around what that hides, and so on."""
        while cells.size:
            self.system.load(cells)
            more = np.zeros(self.system.met - self.up.size)
            self.up, self.down = np.concatenate([self.up, more]), np.concatenate([self.down, more])
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
            again = np.zeros(system.start.size - 1, dtype=bool)
            again[system.equations_of(cells)] = again[short] = True
            equations = np.flatnonzero(again)

    def _short(self, equations: Cells) -> Numbers:
        """How much each equation lacks; 0 if it is safe, at least a trifle if a second cell is missing."""
        system, n = self.system, equations.size
        at, of = self._hidden_in(equations)
        cell, part = system.cell[at], system.sign[at] < 0
        count, total = np.bincount(of, minlength=n), np.bincount(of, weights=~part, minlength=n) > 0
        value = np.where(part, system.value[cell], 0)
        reach = np.where(part, value + self.up[system.local[at]], 0)
        known = np.bincount(of, weights=value, minlength=n)
        lack = np.where(total, 0, np.maximum(largest(reach, of, n), 0) - known)
        return np.where(count == 1, np.maximum(lack, TRIFLE), np.where(lack < TRIFLE, 0, lack))

    def _hidden_in(self, equations: Cells) -> tuple[Cells, Cells]:
        """Members of the equations that are hidden, and for each the index of its equation."""
        at, of, _ = self.system.members(equations)
        hidden = np.flatnonzero(self.system.hidden[self.system.cell[at]])
        return at[hidden], of[hidden]

    def _independent(self, short: Cells) -> Cells:
        """The first of the equations that share cells."""
        at, of, first = self.system.members(short)
        slot = self.system.local[at]
        lowest = np.empty(self.system.met, dtype=np.int32)
        lowest[slot[::-1]] = of[::-1]  # of those that are put in one place the last stays
        acts: Flags = np.minimum.reduceat(lowest[slot], first) == np.arange(short.size)
        return short[acts]

    def _choose(self, acting: Cells) -> tuple[Cells, Cells]:
        """One more cell to hide in each equation where there is one, and the index of that equation."""
        system, n = self.system, acting.size
        # When a part rises another part falls, and the total does not move or rises too.
        at, of = self._hidden_in(acting)
        part, slot = system.sign[at] < 0, system.local[at]
        rise = largest(np.where(part, self.up[slot], self.down[slot]), of, n)
        fall = largest(np.where(part, self.down[slot], self.up[slot]), of, n)
        lack = self._short(acting)
        at, of, _ = system.members(acting)
        cell = system.cell[at]
        able = np.flatnonzero(~system.hidden[cell] & ~system.public[cell])
        at, of, cell = at[able], of[able], cell[able]
        value = np.abs(system.value[cell])
        # A zero moves nothing. It helps only where all that can be hidden is that nobody is elsewhere.
        positive = largest(value, of, n) > 0
        able = np.flatnonzero((value > 0) | ~positive[of])
        at, of, cell, value = at[able], of[able], cell[able], value[able]
        total: Flags = system.sign[at] > 0
        enough = total | (value >= lack[of])
        best = least(of, [~enough, -self._serves(system.local[at]), np.where(enough, value, -value), total, cell])
        of, cell = of[best], cell[best]
        part, slot = system.sign[at[best]] < 0, system.local[at[best]]
        self.up[slot] = np.maximum(self.up[slot], np.where(part, fall[of], rise[of]))
        self.down[slot] = np.maximum(self.down[slot], np.where(part, rise[of], fall[of]))
        return cell, of

    def _serves(self, slot: Codes) -> Cells:
        """In how many loaded equations each cell stands; up to here each of them has something hidden."""
        start = self.system.by_cell[0]
        return np.asarray(start[slot + 1] - start[slot], dtype=np.int64)


def moves(protected: Primary, value: Numbers) -> tuple[Numbers, Numbers]:
    """How far down and up each cell has to be able to go: as near to zero as it needs, the rest upwards."""
    down = np.maximum(protected.low, np.minimum(np.abs(value), protected.width - protected.up))
    return down, np.maximum(protected.up, protected.width - down)
