"""Hide what may not be told in the tables of one release, and what would give it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import duckdb
import numpy as np

from pipelines.disclosure.arrays import Cells, Flags, Numbers
from pipelines.disclosure.bounds import ends, unknowns
from pipelines.disclosure.complement import Complement, moves
from pipelines.disclosure.copies import Copies
from pipelines.disclosure.output import Earlier, earlier_tables
from pipelines.disclosure.primary import Primary, primary
from pipelines.disclosure.rates import find_rates, rows_touched
from pipelines.disclosure.reading import read_all, whole
from pipelines.disclosure.reasons import TOLD, Reason, of_cells, of_derived
from pipelines.disclosure.repair import gather, repair
from pipelines.disclosure.search import find
from pipelines.disclosure.stored import Stored, same_cells
from pipelines.disclosure.system import System
from pipelines.disclosure.table import Table, involved

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Protected:
    """What may be published, and what was done.

    `rows`: for each table with something to protect the name of a relation with the rows of its source in their order
    and its columns, hidden numbers empty, and a status for each measure (`status_column`); other tables go out as they
    are. `secret`: for the same tables the true rows of which something is hidden; keep it, closed, as `Earlier.secret`
    of the next release. `log` counts and tells no value. `lost` cells could not be protected.
    """

    rows: dict[str, str]
    secret: dict[str, str]
    log: tuple[Reason, ...]
    lost: int


def protect(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier] | None = None
) -> Protected:
    """Protect the tables of one release together; `earlier` are their last published editions, by name.

    The relations that it names live in `con` as long as the connection does, or until the next call. Raises
    DisclosureError where a table is not as described. Deterministic for the same rows in the same order.
    """
    current = involved(tables)
    copies = Copies(con)
    sources = [copies.make(table) if table.protected else whole(table, table.relation) for table in current]
    read = read_all(con, [*sources, *earlier_tables(con, current, earlier or {})])
    before = read[len(current) :]
    # Who protects the numbers knows all of them, also those that the last release hid.
    stored = [replace(one, seen=one.value) for one in read]
    now = stored[: len(current)]
    relations = find(stored, versions=len(before))
    system = System(stored, relations)
    protected = primary(stored, relations)
    _fix(system, now, before)
    open_ = ~system.public[protected.cell]
    system.hidden[protected.cell[open_]] = True
    guarded = protected.select(open_)
    Complement(system, guarded).run(np.flatnonzero(system.hidden))
    lost = _finish(system, guarded)
    rated = _hide_rates(system, now)
    reasons = of_cells(system, stored, len(before), protected, ~open_, rated, lost)
    changed = [one for one in now if one.table.protected]
    rows, secret = copies.publish(changed, system.hidden)
    failed = sum(r.cells for r in reasons if r.why in TOLD)
    return Protected(rows, secret, (*reasons, *of_derived(now, system.hidden)), failed)


def _fix(system: System, now: Sequence[Stored], before: Sequence[Stored]) -> None:
    """Mark what earlier releases and unprotected tables settle: what is public, and what stays hidden."""
    for one in now:
        if not one.table.protected:
            one.part(system.public)[:] = True
    by_name = {one.table.name: one for one in now}
    for old in before:
        was = old.part(system.hidden)
        was[:] = np.isnan(old.seen) & ~np.isnan(old.value)
        old.part(system.public)[:] = ~was
        for new_cell, old_cell in same_cells(by_name[old.table.name], old):
            same = system.value[new_cell] == system.value[old_cell]
            system.hidden[new_cell[same & system.hidden[old_cell]]] = True
            system.public[new_cell[same & system.public[old_cell]]] = True


def _finish(system: System, guarded: Primary) -> Cells:
    """Repair what the equations together give away; the cells for which nothing helps."""
    cells, u = unknowns(system, system.value)
    target, value = np.searchsorted(cells, guarded.cell), system.value[guarded.cell]
    enough = partial(safe, guarded, value)
    low, high = ends(u, system.value[cells], target, guarded.low + guarded.up + guarded.width, enough)
    weak = np.flatnonzero(~enough(np.arange(value.size), low, high))
    down, up = moves(guarded, value)
    gather(system, guarded.cell[weak])
    lost = [guarded.cell[i] for i in weak if not repair(system, int(guarded.cell[i]), down[i], up[i])]
    return np.array(lost, dtype=np.int64)


def _hide_rates(system: System, now: Sequence[Stored]) -> Cells:
    """Hide columns that turn out to be rates, though nobody said so, where one of their two numbers is hidden."""
    found = [np.zeros(0, dtype=np.int64)]
    for rate in find_rates(now):
        one, additive = rate.stored, rate.stored.additive
        if rate.column in additive:
            cells = one.base + rows_touched(rate, system.hidden) * one.width + additive.index(rate.column)
            found.append(cells)
            system.hidden[cells] = True
    return np.concatenate(found)


def safe(guarded: Primary, value: Numbers, which: Cells, low: Numbers, high: Numbers) -> Flags:
    """Whether the ends of what a reader can know lie far enough from the true values; `which` cells are judged."""
    return np.asarray(
        (high - value[which] >= guarded.up[which] - TOLERANCE)
        & (value[which] - low >= guarded.low[which] - TOLERANCE)
        & (high - low >= guarded.width[which] - TOLERANCE)
    )
