"""What the public sees of a table, and the last release with its true values put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.disclosure.reading import Source, as_number
from pipelines.disclosure.table import Table
from pipelines.sql import ident, literal

# The code list of the status columns. It does not say which number is sensitive and which only covers another.
AVAILABLE, HIDDEN, EMPTY = "tersedia", "disembunyikan", "kosong"
STATUS = {
    AVAILABLE: "Nilai diterbitkan.",
    HIDDEN: "Nilai ada, tetapi disembunyikan untuk melindungi orang atau usaha yang terhitung di dalamnya.",
    EMPTY: "Nilai tidak dilaporkan oleh produsen data.",
}


@dataclass(frozen=True)
class Earlier:
    """One table of the last release: what was published, and the true rows that `Protected.secret` kept."""

    published: str
    secret: str


def status_column(table: Table, measure: str) -> str:
    """Name of the column with the status of a measure."""
    return "status_nilai" if len(table.measures) == 1 else f"status_nilai_{measure}"


def earlier_tables(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier]
) -> list[Source]:
    """The last editions of the tables as they were published, with their true values."""
    found: list[Source] = []
    for table in tables:
        last = earlier.get(table.name)
        if last is None or not table.protected:
            continue
        columns = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {last.published}").fetchall()}
        kept = [m for m in table.additive if {m, status_column(table, m)} <= columns]
        if not kept or not set(table.dims) <= columns:
            continue
        was = Table(table.name, last.published, table.dims, {m: table.measures[m] for m in kept}, table.place)
        chosen = [f"p.{ident(d)}" for d in table.dims]
        chosen += [as_number(_true(table, m)) for m in kept] + [as_number(f"p.{ident(m)}") for m in kept]
        chosen += [as_number(f"s.{ident(c)}") for c in was.contributors]
        sql = f"SELECT {', '.join(chosen)} {_with_secret(table, last)}"
        found.append(Source(was, sql, tuple(was.contributors), seen=True))
    return found


def restored(table: Table, earlier: Earlier) -> str:
    """SQL of the true rows of a table as it was last published: all its columns but the status, hidden values put back.

    For a dataset that is carried over unchanged: `table` is described as it was then. What the contributors of
    magnitudes were is known for rows in which something was hidden, and needed for no other.
    """
    status = ", ".join(ident(status_column(table, m)) for m in table.measures)
    true = ", ".join(f"{_true(table, m)} AS {ident(m)}" for m in table.measures)
    rows = f"p.* EXCLUDE ({status}) REPLACE ({true})" if table.protected else "p.*"
    chosen = [rows, *(f"s.{ident(c)}" for c in table.contributors)]
    return f"(SELECT {', '.join(chosen)} {_with_secret(table, earlier)})"


def _with_secret(table: Table, last: Earlier) -> str:
    on = " AND ".join(f"p.{ident(d)} IS NOT DISTINCT FROM s.{ident(d)}" for d in table.dims)
    return f"FROM {last.published} p LEFT JOIN {last.secret} s ON {on}"


def _true(table: Table, measure: str) -> str:
    hidden, column = f"p.{ident(status_column(table, measure))} = {literal(HIDDEN)}", ident(measure)
    return f"CASE WHEN {hidden} THEN s.{column} ELSE p.{column} END"
