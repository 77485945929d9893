"""Published tables with their true values beside: what the attack reads, and what it is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from pipelines.disclosure.output import HIDDEN
from pipelines.disclosure.table import DisclosureError, Stored, Table
from pipelines.sql import ident

TRUE = "_benar"


def beside(table: Table, truth: str) -> Table:
    """The published table with the true values beside the published ones."""
    on = " AND ".join(f"p.{ident(d)} IS NOT DISTINCT FROM t.{ident(d)}" for d in table.dims)
    chosen = [f"p.{ident(c)}" for c in (*table.dims, *table.measures)]
    chosen += [f"t.{ident(m)} AS {ident(m + TRUE)}" for m in table.measures]
    chosen += [f"t.{ident(c)}" for c in table.contributors]
    relation = (
        f"(SELECT {', '.join(chosen)}, t._ada FROM {table.relation} p "
        f"LEFT JOIN (SELECT *, true AS _ada FROM {truth}) t ON {on})"
    )
    return replace(table, relation=relation)


def check_rows(con: duckdb.DuckDBPyConnection, published: Sequence[Table], now: Sequence[Stored]) -> None:
    """Raise DisclosureError unless each published row met one true row."""
    for table, one in zip(published, now, strict=True):
        there = con.execute(f"SELECT count(_ada) FROM {one.copy}").fetchall()[0][0]
        rows = con.execute(f"SELECT count(*) FROM {table.relation}").fetchall()[0][0]
        if not rows == there == one.rows:
            raise DisclosureError(
                f"{table.name}: {rows} published rows meet {one.rows} true ones, {there} of them by all of "
                f"{', '.join(table.dims)}; correct the dimensions of the table"
            )


def as_published(table: Table) -> Table:
    """An earlier edition as it was published, with its true values beside."""
    hidden = [
        f"CASE WHEN {ident(m + '_' + HIDDEN)} THEN NULL ELSE {ident(m)} END AS {ident(m)}" for m in table.additive
    ]
    true = [f"{ident(m)} AS {ident(m + TRUE)}" for m in table.additive]
    relation = f"(SELECT * REPLACE ({', '.join(hidden)}), {', '.join(true)} FROM {table.relation})"
    return replace(table, relation=relation)


def true_rows(con: duckdb.DuckDBPyConnection, one: Stored) -> Stored:
    """The same rows with their true values."""
    view = f"{one.copy}{TRUE}"
    columns = ", ".join(f"{ident(m + TRUE)} AS {ident(m)}" for m in one.additive)
    replaced = f" REPLACE ({columns})" if columns else ""
    con.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT rowid, *{replaced} FROM {one.copy}")
    return replace(one, copy=view)
