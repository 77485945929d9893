"""The Parquet file of a dataset: the values as they are. Every other file of the dataset is made from it.

Bytes depend on the rows alone: the order is total (columns from left to right, empty last; rows equal in
every column are interchangeable), and neither the time nor the number of threads enters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from pipelines.formats.compare import FileError
from pipelines.sql import ident, literal

MEMORY_MIB = 2048


def limit(con: duckdb.DuckDBPyConnection, spill: Path, share: int = 1) -> None:
    """Keep memory bounded, where so many share it; what does not fit goes to the folder `spill`.

    One thread: to the queries of small tables more are a burden, and large ones leave the others to other processes.
    """
    con.execute(f"SET memory_limit = '{MEMORY_MIB // share}MiB'")
    con.execute("SET threads = 1")
    con.execute("SET enable_progress_bar = false")  # DuckDB shows one in a process that runs no script
    con.execute(f"SET temp_directory = {literal(str(spill))}")
    con.execute("SET preserve_insertion_order = true")


def write_parquet(
    con: duckdb.DuckDBPyConnection, source: str, columns: Mapping[str, str], out: Path, own: Collection[str] = ()
) -> None:
    """Write the columns (name -> SQL type) of a relation in the order and spelling of all files made from it.

    Empty text is no value, nor is a number that is none (NaN, infinite). A row that is empty in every column says
    nothing and is left out. `own`: the columns that decide what stands in all others, where not all do (the names of a
    place follow from its code); the others are taken as they are, and rows are sorted without them.
    """
    chosen = {k: _plain(k, t) if not own or k in own else ident(k) for k, t in columns.items()}
    order = ", ".join(f"{ident(k)} ASC NULLS LAST" for k in columns if not own or k in own)
    con.execute(
        f"COPY (FROM {_rows(source, chosen)} ORDER BY {order}) TO {literal(str(out))} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


def check_parquet(con: duckdb.DuckDBPyConnection, source: str, columns: Mapping[str, str], out: Path) -> int:
    """How many rows `write_parquet` wrote; raises FileError unless they are those of the relation in these columns."""
    content = f"SELECT count(*), sum(hash({', '.join(map(ident, columns))}))"
    present = {k: t for k, t in describe(con, relation(out)).items() if k in columns}
    wanted = _one(con, f"{content} FROM {_rows(source, {k: _plain(k, t) for k, t in columns.items()})}")
    found = _one(con, f"{content} FROM {relation(out)}") if present == columns else []
    if found != wanted:
        raise FileError(f"{out.name}: wrote {wanted[0]} rows of {columns}, found {found[:1]} of {present} or others")
    return wanted[0]


def relation(parquet: Path) -> str:
    """A Parquet file as SQL."""
    return f"read_parquet({literal(str(parquet))})"


def describe(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    """Columns of a table, view or other relation with their SQL types."""
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}


def count(con: duckdb.DuckDBPyConnection, parquet: Path) -> int:
    """Rows of a Parquet file."""
    return _one(con, f"SELECT count(*) FROM {relation(parquet)}")[0]


def _one(con: duckdb.DuckDBPyConnection, query: str) -> list[int]:
    row = con.execute(query).fetchone()
    assert row is not None
    return list(row)


def _rows(source: str, chosen: Mapping[str, str]) -> str:
    """SQL of the rows that say something, in columns (name -> SQL)."""
    listed = ", ".join(f"{sql} AS {ident(k)}" for k, sql in chosen.items())
    blank = " AND ".join(f"{ident(k)} IS NULL" for k in chosen)
    return f"(SELECT * FROM (SELECT {listed} FROM {source}) WHERE NOT ({blank}))"


def _plain(name: str, kind: str) -> str:
    """One spelling for one value: no empty text, no negative zero, no number that is none."""
    if kind == "VARCHAR":
        return f"NULLIF({ident(name)}, '')"
    return f"CASE WHEN isfinite({ident(name)}) THEN {ident(name)} + 0 END" if kind == "DOUBLE" else ident(name)
