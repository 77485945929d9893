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

from pipelines.disclosure.attacked import as_published, beside, check_rows, true_rows
from pipelines.disclosure.bounds import ends, narrow, unknowns
from pipelines.disclosure.output import Earlier, earlier_tables, same_rows
from pipelines.disclosure.primary import Primary, primary
from pipelines.disclosure.protect import safe
from pipelines.disclosure.rates import Rate, find_rates, implied, rows_touched
from pipelines.disclosure.relations import Cells, find
from pipelines.disclosure.system import Flags, Numbers, System, values
from pipelines.disclosure.table import Stored, Table, involved, store
from pipelines.sql import ident


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
        return not self.wrong and all(r.how == "sudah_terbit" for r in self.recovered)


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
    current = involved(published)
    old = [as_published(table) for table in earlier_tables(con, current, earlier or {})]
    seen = store(con, [*(beside(t, truth[t.name]) for t in current), *old], "sdc_dibaca_")
    now, before = seen[: len(current)], seen[len(current) :]
    check_rows(con, current, now)
    relations = find(con, seen, versions=len(old))
    true = [true_rows(con, one) for one in seen]
    system, visible = System(con, true, relations), values(con, seen)
    system.hidden = np.isnan(visible) & ~np.isnan(system.value)
    must = primary(con, true, relations)
    system.load(np.flatnonzero(system.hidden))
    low, high = _ends(con, system, visible, must, find_rates(con, seen))
    weak = ~safe(must, system.value[must.cell], np.arange(must.cell.size), low, high)
    known = _already_told(con, system, now, before)
    wrong = ~np.isnan(visible) & ~np.isclose(visible, system.value, rtol=1e-9, atol=0)
    return AuditResult(
        (*_recovered(seen, must.cell[weak], system.hidden, known), *_derived(con, now, system.hidden)),
        int(must.cell.size),
        int(system.hidden.sum()),
        int(wrong.sum()),
    )


def _ends(
    con: duckdb.DuckDBPyConnection, system: System, visible: Numbers, must: Primary, rates: Sequence[Rate]
) -> tuple[Numbers, Numbers]:
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
        got = con.execute(f"SELECT coalesce(CAST({ident(rate.column)} AS DOUBLE), 'nan') AS v FROM {one.copy}")
        positions = (rate.numerator, rate.denominator)
        for position, ends_ in zip(positions, implied(rate, got.fetchnumpy()["v"][rows], *known), strict=True):
            here = np.searchsorted(must.cell, block[:, position]).clip(max=max(must.cell.size - 1, 0))
            mine = must.cell[here] == block[:, position] if must.cell.size else np.zeros(rows.size, dtype=bool)
            low[here[mine]] = np.fmax(low[here[mine]], ends_[0][mine])
            high[here[mine]] = np.fmin(high[here[mine]], ends_[1][mine])
    return low, high


def _already_told(
    con: duckdb.DuckDBPyConnection, system: System, now: Sequence[Stored], before: Sequence[Stored]
) -> Flags:
    """Cells that an earlier edition tells with the same value."""
    known = np.zeros(system.value.size, dtype=bool)
    for old in before:
        known[old.base : old.base + old.rows * old.width] = True
        known[old.base : old.base + old.rows * old.width] &= ~system.hidden[old.base : old.base + old.rows * old.width]
        new = next(one for one in now if one.table.name == old.table.name)
        for new_cell, old_cell in same_rows(con, new, old):
            known[new_cell] |= known[old_cell] & (system.value[new_cell] == system.value[old_cell])
    return known


def _recovered(seen: Sequence[Stored], cells: Cells, hidden: Flags, known: Flags) -> list[Recovered]:
    """Count the cells by table, column and way; what only an earlier edition tells about itself is its own."""
    of = np.searchsorted([one.base for one in seen], cells, side="right") - 1
    counted = Counter(
        (seen[i].table.name, seen[i].additive[int(cell - seen[i].base) % seen[i].width],
         "sudah_terbit" if known[cell] else "dihitung" if hidden[cell] else "terbit")
        for i, cell in zip(of, cells, strict=True)
    )  # fmt: skip
    return [Recovered(*key, count) for key, count in sorted(counted.items())]


def _derived(con: duckdb.DuckDBPyConnection, now: Sequence[Stored], hidden: Flags) -> list[Recovered]:
    """Rates and shares, as declared, that are published in a row with a hidden number."""
    found: list[Recovered] = []
    for one in now:
        rows = np.flatnonzero(hidden[one.base : one.base + one.rows * one.width].reshape(one.rows, -1).any(axis=1))
        for name in one.table.measures if rows.size else ():
            if one.table.measures[name].derived:
                got = con.execute(f"SELECT {ident(name)} IS NOT NULL AS v FROM {one.copy}").fetchnumpy()["v"]
                if told := int(got[rows].sum()):
                    found.append(Recovered(one.table.name, name, "turunan", told))
    return found
