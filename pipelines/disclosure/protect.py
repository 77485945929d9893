"""Hide what may not be told in the tables of one release, and what would give it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb
import numpy as np

from pipelines.disclosure.bounds import ends, unknowns
from pipelines.disclosure.complement import Complement, moves
from pipelines.disclosure.output import (
    Earlier,
    earlier_tables,
    hidden_rows,
    public_rows,
    same_rows,
    was_hidden,
)
from pipelines.disclosure.primary import Primary, primary
from pipelines.disclosure.rates import find_rates, rows_touched
from pipelines.disclosure.reasons import Reason, of_cells, of_derived
from pipelines.disclosure.relations import Cells, find
from pipelines.disclosure.repair import gather, repair
from pipelines.disclosure.system import Flags, Numbers, System
from pipelines.disclosure.table import Stored, Table, involved, store

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Protected:
    """What may be published, and what was done.

    `rows`: for each table with something to protect the name of a relation with the columns of its source, hidden
    numbers empty, and a status for each measure (`status_column`); other tables go out as they are. `secret`: for
    the same tables the true rows of which something is hidden; keep it, closed, as `Earlier.secret` of the next
    release. `log` counts and tells no value. `lost` cells could not be protected.
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
    old = earlier_tables(con, current, earlier or {})
    stored = store(con, [*current, *old])
    relations = find(con, stored, versions=len(old))
    system = System(con, stored, relations)
    protected = primary(con, stored, relations)
    now, before = stored[: len(current)], stored[len(current) :]
    kept = _fix(con, system, now, before)
    open_ = ~system.public[protected.cell]
    system.hidden[protected.cell[open_]] = True
    guarded = _select(protected, open_)
    Complement(system, guarded).run(np.flatnonzero(system.hidden))
    lost = _finish(system, guarded)
    rated = _hide_rates(con, system, now)
    reasons = of_cells(system, stored, len(before), protected, ~open_, kept, rated, lost)
    changed = [(n, one) for n, one in enumerate(now) if one.table.protected]
    rows = {one.table.name: public_rows(con, one, system.hidden, n) for n, one in changed}
    secret = {one.table.name: hidden_rows(con, one, n) for n, one in changed}
    failed = sum(r.cells for r in reasons if r.why in ("sudah_terbit", "tidak_terlindungi"))
    return Protected(rows, secret, (*reasons, *of_derived(con, now, rows)), failed)


def _fix(con: duckdb.DuckDBPyConnection, system: System, now: Sequence[Stored], before: Sequence[Stored]) -> Cells:
    """Mark what earlier releases and unprotected tables settle; the cells that stay hidden because they were."""
    for one in now:
        if not one.table.protected:
            system.public[one.base : one.base + one.rows * one.width] = True
    kept = [np.zeros(0, dtype=np.int64)]
    for old in before:
        block = slice(old.base, old.base + old.rows * old.width)
        system.hidden[block] = was_hidden(con, old)
        system.public[block] = ~system.hidden[block]
        new = next(one for one in now if one.table.name == old.table.name)
        for new_cell, old_cell in same_rows(con, new, old):
            same = system.value[new_cell] == system.value[old_cell]
            stays = new_cell[same & system.hidden[old_cell]]
            system.hidden[stays] = True
            system.public[new_cell[same & system.public[old_cell]]] = True
            kept.append(stays)
    return np.concatenate(kept)


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


def _hide_rates(con: duckdb.DuckDBPyConnection, system: System, now: Sequence[Stored]) -> Cells:
    """Hide columns that turn out to be rates, though nobody said so, where one of their two numbers is hidden."""
    found = [np.zeros(0, dtype=np.int64)]
    for rate in find_rates(con, now):
        one, additive = rate.stored, rate.stored.additive
        if rate.column in additive:
            cells = one.base + rows_touched(rate, system.hidden) * one.width + additive.index(rate.column)
            found.append(cells[~system.hidden[cells]])
            system.hidden[cells] = True
    return np.concatenate(found)


def safe(guarded: Primary, value: Numbers, which: Cells, low: Numbers, high: Numbers) -> Flags:
    """Whether the ends of what a reader can know lie far enough from the true values; `which` cells are judged."""
    return np.asarray(
        (high - value[which] >= guarded.up[which] - TOLERANCE)
        & (value[which] - low >= guarded.low[which] - TOLERANCE)
        & (high - low >= guarded.width[which] - TOLERANCE)
    )


def _select(primaries: Primary, chosen: Flags) -> Primary:
    why = [w for w, keep in zip(primaries.why, chosen, strict=True) if keep]
    return Primary(primaries.cell[chosen], primaries.low[chosen], primaries.up[chosen], primaries.width[chosen], why)
