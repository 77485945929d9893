"""Tables in and out: the last release's rows with their true values, and this one's without what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipelines.disclosure.relations import Cells
from pipelines.disclosure.system import Flags
from pipelines.disclosure.table import Stored, Table
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
) -> list[Table]:
    """The last editions with their true values put back, and `<measure>_disembunyikan` beside each."""
    found: list[Table] = []
    for table in tables:
        last = earlier.get(table.name)
        if last is None or not table.protected:
            continue
        columns = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {last.published}").fetchall()}
        kept = [m for m in table.additive if {m, status_column(table, m)} <= columns]
        if not kept or not set(table.dims) <= columns:
            continue
        measures = {m: table.measures[m] for m in kept}
        was = Table(table.name, last.published, table.dims, measures, table.place)
        chosen = [f"p.{ident(d)}" for d in table.dims] + [f"s.{ident(c)}" for c in was.contributors]
        for m in kept:
            hidden = _was_hidden(table, m)
            chosen += [_true(table, m), f"coalesce({hidden}, false) AS {ident(m + '_' + HIDDEN)}"]
        relation = f"(SELECT {', '.join(chosen)} {_with_secret(table, last)})"
        found.append(Table(table.name, relation, table.dims, measures, table.place))
    return found


def restored(table: Table, earlier: Earlier) -> str:
    """SQL of the true rows of a table as it was last published: all its columns but the status, hidden values put back.

    For a dataset that is carried over unchanged: `table` is described as it was then. What the contributors of
    magnitudes were is known for rows in which something was hidden, and needed for no other.
    """
    status = ", ".join(ident(status_column(table, m)) for m in table.measures)
    true = ", ".join(_true(table, m) for m in table.measures)
    rows = f"p.* EXCLUDE ({status}) REPLACE ({true})" if table.protected else "p.*"
    chosen = [rows, *(f"s.{ident(c)}" for c in table.contributors)]
    return f"(SELECT {', '.join(chosen)} {_with_secret(table, earlier)})"


def _with_secret(table: Table, last: Earlier) -> str:
    on = " AND ".join(f"p.{ident(d)} IS NOT DISTINCT FROM s.{ident(d)}" for d in table.dims)
    return f"FROM {last.published} p LEFT JOIN {last.secret} s ON {on}"


def _was_hidden(table: Table, measure: str) -> str:
    return f"p.{ident(status_column(table, measure))} = {literal(HIDDEN)}"


def _true(table: Table, measure: str) -> str:
    column = ident(measure)
    return f"CASE WHEN {_was_hidden(table, measure)} THEN s.{column} ELSE p.{column} END AS {column}"


def was_hidden(con: duckdb.DuckDBPyConnection, old: Stored) -> Flags:
    """Of each cell of an earlier edition, whether it was hidden."""
    columns = ", ".join(f"{ident(m + '_' + HIDDEN)} AS v{i}" for i, m in enumerate(old.additive))
    got = con.execute(f"SELECT {columns} FROM {old.copy}").fetchnumpy()
    return np.stack([np.asarray(got[f"v{i}"], dtype=bool) for i in range(old.width)], axis=1).ravel()


def same_rows(con: duckdb.DuckDBPyConnection, new: Stored, old: Stored) -> Iterator[tuple[Cells, Cells]]:
    """Cells of two editions that stand for the same thing, measure by measure."""
    on = " AND ".join(f"n.{ident(d)} IS NOT DISTINCT FROM o.{ident(d)}" for d in new.table.dims)
    got = con.execute(f"SELECT n.rowid AS a, o.rowid AS b FROM {new.copy} n JOIN {old.copy} o ON {on}").fetchnumpy()
    for position, name in enumerate(old.additive):
        yield (
            new.base + got["a"] * new.width + new.additive.index(name),
            old.base + got["b"] * old.width + position,
        )


def public_rows(con: duckdb.DuckDBPyConnection, one: Stored, hidden: Flags, number: int) -> str:
    """The name of a view of the table without what is hidden; a number that follows from one goes with it."""
    view, marks, table = f"sdc_terbit_{number}", f"sdc_tanda_{number}", one.table
    block = hidden[one.base : one.base + one.rows * one.width].reshape(one.rows, one.width)
    rows = np.flatnonzero(block.any(axis=1)) if one.width else np.zeros(0, dtype=np.int64)
    con.register("sdc_baris", {"baris": rows, **{f"h{i}": block[rows, i] for i in range(one.width)}})
    con.execute(f"CREATE OR REPLACE TEMP TABLE {marks} AS SELECT * FROM sdc_baris")
    con.unregister("sdc_baris")
    replaced, status = [], []
    for name in table.measures:
        column = f"t.{ident(name)}"
        gone = "h.baris IS NOT NULL" if name not in table.additive else f"h.h{table.additive.index(name)}"
        replaced.append(f"CASE WHEN {gone} THEN NULL ELSE {column} END AS {ident(name)}")
        status.append(
            f"CASE WHEN {column} IS NULL THEN '{EMPTY}' WHEN {gone} THEN '{HIDDEN}' ELSE '{AVAILABLE}' END "
            f"AS {ident(status_column(table, name))}"
        )
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT t.* REPLACE ({', '.join(replaced)}), {', '.join(status)} "
        f"FROM {one.copy} t LEFT JOIN {marks} h ON t.rowid = h.baris"
    )
    return view


def hidden_rows(con: duckdb.DuckDBPyConnection, one: Stored, number: int) -> str:
    """The name of a view of the true rows of which something is hidden."""
    view = f"sdc_rahasia_{number}"
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT t.* FROM {one.copy} t "
        f"WHERE t.rowid IN (SELECT baris FROM sdc_tanda_{number})"
    )
    return view
