"""Published tables with their true values beside: what the attack reads, and what it is judged by."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np

from pipelines.disclosure.reading import Source, as_number, others, read
from pipelines.disclosure.stored import Stored
from pipelines.disclosure.table import DisclosureError, Table
from pipelines.sql import ident

MARK = "_tanda"


def beside(con: duckdb.DuckDBPyConnection, table: Table, truth: str, base: int) -> Stored:
    """A published table and its true values. Raises DisclosureError unless each published row meets one true row.

    Mostly they stand in the same order, which a number for the dimensions of each row shows. Only where they do not
    they are joined.
    """
    derived = tuple(n for n in others(table) if n not in table.contributors)
    said = read(con, _marked(table, table.relation, table.dims, derived), base)
    nameless = replace(table, dims=(), place=None)
    true = read(con, _marked(nameless, truth, table.dims, tuple(table.contributors)), base)
    if np.array_equal(said.more[MARK], true.more[MARK]):
        return replace(said, value=true.value, more={**said.more, **true.more})
    one = read(con, _joined(table, truth, derived), base)
    there, rows = int(np.nansum(one.more[MARK])), said.rows
    if not rows == there == one.rows:
        raise DisclosureError(
            f"{table.name}: {rows} published rows meet {one.rows} true ones, {there} of them by all of "
            f"{', '.join(table.dims)}; correct the dimensions of the table"
        )
    return one


def _marked(table: Table, relation: str, dims: tuple[str, ...], more: tuple[str, ...]) -> Source:
    """A relation as it stands, with a number for the dimensions of each row."""
    mark = f"hash({', '.join(f'CAST({ident(d)} AS VARCHAR)' for d in dims) or 1})"
    numbers = [as_number(ident(n)) for n in (*table.additive, *more)]
    chosen = [*map(ident, table.dims), *numbers, as_number(mark)]
    return Source(table, f"SELECT {', '.join(chosen)} FROM {relation}", (*more, MARK))


def _joined(table: Table, truth: str, derived: tuple[str, ...]) -> Source:
    """The true values joined to the published rows; the mark is 1 where there are any."""
    on = " AND ".join(f"p.{ident(d)} IS NOT DISTINCT FROM t.{ident(d)}" for d in table.dims) or "true"
    chosen = [f"p.{ident(d)}" for d in table.dims]
    chosen += [as_number(f"{alias}.{ident(m)}") for alias in "tp" for m in table.additive]
    chosen += [as_number(f"p.{ident(m)}") for m in derived]
    chosen += [*(as_number(f"t.{ident(m)}") for m in table.contributors), as_number("t._ada")]
    true = f"(SELECT *, true AS _ada FROM {truth})"
    sql = f"SELECT {', '.join(chosen)} FROM {table.relation} p LEFT JOIN {true} t ON {on}"
    return Source(table, sql, (*derived, *table.contributors, MARK), seen=True)
