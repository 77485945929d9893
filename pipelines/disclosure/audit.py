"""Attack the published tables: what a reader with all of them can find out about the cells that must be safe.

It reads only what is published (and earlier editions), finds out anew what adds up, and computes the ends of what
each hidden cell can be. The true values serve to judge the result, and to drop equations that do not hold. It shares
no decision with `protect`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipelines.disclosure.arrays import Cells, Flags, Numbers
from pipelines.disclosure.attacked import beside
from pipelines.disclosure.bounds import ends, narrow, unknowns
from pipelines.disclosure.output import Earlier, earlier_tables
from pipelines.disclosure.primary import Primary, primary
from pipelines.disclosure.protect import safe
from pipelines.disclosure.rates import Rate, beside_hidden, find_rates, implied, rows_touched
from pipelines.disclosure.reading import read_all
from pipelines.disclosure.search import find
from pipelines.disclosure.stored import Stored, same_cells
from pipelines.disclosure.system import System, by_cell
from pipelines.disclosure.table import Table, involved

KNOWN = "sudah_terbit"


@dataclass(frozen=True)
class Recovered:
    """So many cells of one column that must be safe and are not.

    `how`: they are published (`terbit`), can be computed (`dihitung`), stand beside a published rate of them
    (`turunan`), or an earlier release has told them for good (`sudah_terbit`; no release can help that).
    """

    table: str
    measure: str
    how: str
    cells: int


@dataclass(frozen=True)
class AuditResult:
    """What the attack found: cells that must be safe, cells that are hidden, published numbers that are not true."""

    recovered: tuple[Recovered, ...]
    protected: int
    hidden: int
    wrong: int

    @property
    def ok(self) -> bool:
        """Whether the tables may be published."""
        return not self.wrong and all(r.how == KNOWN for r in self.recovered)


def audit(
    con: duckdb.DuckDBPyConnection,
    published: Sequence[Table],
    truth: Mapping[str, str],
    earlier: Mapping[str, Earlier] | None = None,
) -> AuditResult:
    """Attack all tables of a release together.

    `published` are the tables with the relations that are published; `truth` has for each name a relation with the
    same rows and their true values (and the contributors of magnitudes). Raises DisclosureError if rows differ.
    """
    now: list[Stored] = []
    for table in involved(published):
        now.append(beside(con, table, truth[table.name], now[-1].end if now else 0))
    old = earlier_tables(con, [one.table for one in now], earlier or {})
    before = read_all(con, old, now[-1].end if now else 0)
    seen = [*now, *before]
    relations = find(seen, versions=len(before))
    system, visible = System(seen, relations), by_cell([one.seen for one in seen])
    system.hidden = np.isnan(visible) & ~np.isnan(system.value)
    must = primary(seen, relations)
    system.load(np.flatnonzero(system.hidden))
    low, high = _ends(system, visible, must, find_rates(seen))
    weak = ~safe(must, system.value[must.cell], np.arange(must.cell.size), low, high)
    known = _already_told(system, now, before)
    end = now[-1].end if now else 0
    wrong = ~np.isnan(visible) & (visible != system.value)
    wrong[wrong] = ~np.isclose(visible[wrong], system.value[wrong], rtol=1e-9, atol=0)
    return AuditResult(
        (*_recovered(seen, must.cell[weak], system.hidden, known), *_derived(now, system.hidden)),
        int((must.cell < end).sum()),
        int(system.hidden[:end].sum()),
        int(wrong.sum()),
    )


def _ends(system: System, visible: Numbers, must: Primary, rates: Sequence[Rate]) -> tuple[Numbers, Numbers]:
    """What a reader knows of the cells that must be safe, from sums first and then from rates."""
    cells, u = unknowns(system, visible)
    low, high = visible[must.cell], visible[must.cell]
    at = np.flatnonzero(system.hidden[must.cell])
    target, value, span = (
        np.searchsorted(cells, must.cell[at]),
        system.value[must.cell],
        must.low + must.up + must.width,
    )

    def enough(which: Cells, low: Numbers, high: Numbers) -> Flags:
        return safe(must, value, at[which], low, high)

    low[at], high[at] = ends(u, system.value[cells], target, span[at], enough)
    least, most = narrow(u) if rates else (low, high)
    for rate in rates:
        one = rate.stored
        rows = rows_touched(rate, system.hidden)
        block = one.base + rows[:, None] * one.width + np.arange(one.width)
        place = np.searchsorted(cells, block).clip(max=max(cells.size - 1, 0))
        known = [np.where(system.hidden[block], bound[place], visible[block]) for bound in (least, most)]
        positions = (rate.numerator, rate.denominator)
        for position, ends_ in zip(positions, implied(rate, one.published(rate.column)[rows], *known), strict=True):
            here = np.searchsorted(must.cell, block[:, position]).clip(max=max(must.cell.size - 1, 0))
            mine = must.cell[here] == block[:, position] if must.cell.size else np.zeros(rows.size, dtype=bool)
            low[here[mine]] = np.fmax(low[here[mine]], ends_[0][mine])
            high[here[mine]] = np.fmin(high[here[mine]], ends_[1][mine])
    return low, high


def _already_told(system: System, now: Sequence[Stored], before: Sequence[Stored]) -> Flags:
    """Cells that an earlier edition tells with the same value."""
    known = np.zeros(system.value.size, dtype=bool)
    by_name = {one.table.name: one for one in now}
    for old in before:
        old.part(known)[:] = ~old.part(system.hidden)
        for new_cell, old_cell in same_cells(by_name[old.table.name], old):
            known[new_cell] |= known[old_cell] & (system.value[new_cell] == system.value[old_cell])
    return known


def _recovered(seen: Sequence[Stored], cells: Cells, hidden: Flags, known: Flags) -> list[Recovered]:
    """Count the cells by table, column and way; what only an earlier edition tells about itself is its own."""
    of = np.searchsorted([one.base for one in seen], cells, side="right") - 1
    counted = Counter(
        (seen[i].table.name, seen[i].additive[int(cell - seen[i].base) % seen[i].width],
         KNOWN if known[cell] else "dihitung" if hidden[cell] else "terbit")
        for i, cell in zip(of, cells, strict=True)
    )  # fmt: skip
    return [Recovered(*key, count) for key, count in sorted(counted.items())]


def _derived(now: Sequence[Stored], hidden: Flags) -> list[Recovered]:
    """Rates and shares, as declared, that are published in a row with a hidden number."""
    return [
        Recovered(one.table.name, name, "turunan", told) for one in now for name, told in beside_hidden(one, hidden)
    ]
