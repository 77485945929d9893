"""What the public sees of a table, and the last release with its true values put back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from pipelines.contract.protection import HIDDEN
from pipelines.disclosure.reading import Source, as_number
from pipelines.disclosure.table import Table
from pipelines.sql import ident, literal

_ONE = "status_nilai"
# The code list of the status columns. It does not say which number is sensitive and which only covers another.
AVAILABLE, EMPTY = "tersedia", "kosong"
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
    return _ONE if len(table.measures) == 1 else f"{_ONE}_{measure}"


def earlier_tables(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Table], earlier: Mapping[str, Earlier]
) -> list[Source]:
    """The last editions of the tables as they were published, with their true values."""
    found: list[Source] = []
    for table in tables:
        last = earlier.get(table.name)
        if last is None or not table.protected or (was := _as_it_was(con, table, last)) is None:
            continue
        then, status = was
        chosen = [f"p.{ident(d)}" for d in then.dims]
        chosen += [as_number(_true(m, status[m])) for m in then.additive]
        chosen += [as_number(f"p.{ident(m)}") for m in then.additive]
        chosen += [as_number(c) for c in _contributors(then, _columns(con, last.secret))]
        sql = f"SELECT {', '.join(chosen)} {_with_secret(then, last)}"
        found.append(Source(then, sql, tuple(then.contributors), seen=True))
    return found


def edition(con: duckdb.DuckDBPyConnection, table: Table, last: Earlier) -> Table | None:
    """A table as it was last published, over its true rows; None where these cannot be told apart like those of today.

    It has the measures of today that it had then.
    """
    was = _as_it_was(con, table, last)
    if was is None:
        return None
    then, status = was
    return replace(then, relation=_restored(then, status, last, _columns(con, last.secret)))


def restored(table: Table, earlier: Earlier) -> str:
    """SQL of the true rows of a table as it was last published: all its columns but the status, hidden values put back.

    For a dataset that is carried over unchanged: `table` is described as it was then. What the contributors of
    magnitudes were is known for rows in which something was hidden; in others they are 0.
    """
    status = {m: status_column(table, m) for m in table.measures}
    return _restored(table, status, earlier, table.contributors)


def _as_it_was(con: duckdb.DuckDBPyConnection, table: Table, last: Earlier) -> tuple[Table, dict[str, str]] | None:
    """The table as it was published, and the status column of each measure: one measure alone has none of its own."""
    told = _columns(con, last.published)
    named = {m: next((s for s in (f"{_ONE}_{m}", _ONE) if s in told), "") for m in table.measures}
    status = {m: name for m, name in named.items() if name and m in told}
    measures = {m: table.measures[m] for m in status}
    then = replace(table, relation=last.published, measures=measures, sums={})
    return (then, status) if then.additive and set(table.dims) <= told else None


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    return {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}


def _restored(then: Table, status: Mapping[str, str], last: Earlier, untold: Collection[str]) -> str:
    marks = ", ".join(ident(name) for name in dict.fromkeys(status.values()))
    true = ", ".join(f"{_true(m, status[m])} AS {ident(m)}" for m in then.measures)
    rows = f"p.* EXCLUDE ({marks}) REPLACE ({true})" if then.protected else "p.*"
    contributors = zip(_contributors(then, untold), then.contributors, strict=True)
    chosen = [rows, *(f"{value} AS {ident(name)}" for value, name in contributors)]
    return f"(SELECT {', '.join(chosen)} {_with_secret(then, last)})"


def _contributors(then: Table, untold: Collection[str]) -> list[str]:
    """SQL of the contributors; unknown where the contract names them only since.

    They are kept of rows in which something is hidden. Others had none of any weight, or they would be hidden.
    """
    return [f"CASE WHEN s._ada THEN {f's.{ident(c)}' if c in untold else 'NULL'} ELSE 0 END" for c in then.contributors]


def _with_secret(then: Table, last: Earlier) -> str:
    on = " AND ".join(f"p.{ident(d)} IS NOT DISTINCT FROM s.{ident(d)}" for d in then.dims) or "true"
    return f"FROM {last.published} p LEFT JOIN (SELECT *, true AS _ada FROM {last.secret}) s ON {on}"


def _true(measure: str, status: str) -> str:
    column = ident(measure)
    return f"CASE WHEN p.{ident(status)} = {literal(HIDDEN)} THEN s.{column} ELSE p.{column} END"
