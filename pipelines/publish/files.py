"""The two files of a dataset: Parquet with the values as they are, and the CSV made from it.

Bytes depend on the rows alone: the order is total (all columns, left to right, empty last; rows equal in
every column are interchangeable), and neither the time nor the number of threads enters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.sql import ident, literal

MEMORY_LIMIT = "2GB"
LONGEST_ROW = 8 << 20  # bytes; a delivered line is far shorter
# A spreadsheet runs text that begins so, and reads full-width signs like plain ones. An apostrophe is among them
# so that the escape can be undone: take one away wherever a text begins with one.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")


class FileError(Exception):
    """A file does not hold what it should. A defect of this program or of the disk, never of the data."""


@dataclass(frozen=True)
class Written:
    """Rows in the Parquet file, and rows left out because every published column was empty."""

    rows: int
    blank: int


def limit(con: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """Keep memory bounded; what does not fit goes to the folder `spill`."""
    con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    con.execute(f"SET temp_directory = {literal(str(spill))}")
    con.execute("SET preserve_insertion_order = true")


def escaped(value: str) -> str:
    """How a text stands in CSV and XLSX: an apostrophe in front keeps a spreadsheet from running it.

    Numbers are no text, so -5 stays; Parquet keeps every text as it is. `unescaped` undoes it.
    """
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def unescaped(cell: str) -> str:
    """The text that a cell of the CSV stands for."""
    return cell.removeprefix("'")


def write_parquet(con: duckdb.DuckDBPyConnection, source: str, columns: dict[str, str], out: Path) -> Written:
    """Write the columns (name -> SQL type) of a relation, sorted; raises FileError if a row got lost.

    Empty text is no value. A row in which every published column is empty says nothing: it is
    left out and counted.
    """
    chosen = ", ".join(f"{_plain(k, t)} AS {ident(k)}" for k, t in columns.items())
    blank = " AND ".join(f"{ident(k)} IS NULL" for k in columns)
    rows = f"(SELECT {chosen} FROM {source})"
    counted = con.execute(f"SELECT count(*), count(*) FILTER ({blank}) FROM {rows}").fetchone()
    assert counted is not None
    con.execute(
        f"COPY (SELECT * FROM {rows} WHERE NOT ({blank}) ORDER BY ALL ASC NULLS LAST) TO {literal(str(out))} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )
    written = Written(counted[0] - counted[1], counted[1])
    present, found = describe(con, relation(out)), count(con, out)
    if present != columns or found != written.rows:
        raise FileError(f"{out.name}: wrote {written.rows} rows of {columns}, found {found} of {present}")
    return written


def write_csv(con: duckdb.DuckDBPyConnection, parquet: Path, out: Path) -> None:
    """Write a Parquet file's rows as CSV: UTF-8 without BOM, comma, LF, '.' decimals, ISO dates, null empty.

    Read back and compared, cell by cell and in order, before it counts as written: raises FileError if
    anything differs.
    """
    columns = describe(con, relation(parquet))
    cells = [f"{_cell(k) if t == 'VARCHAR' else ident(k)} AS {ident(k)}" for k, t in columns.items()]
    con.execute(
        f"COPY (SELECT {', '.join(cells)} FROM {relation(parquet)}) TO {literal(str(out))} "
        "(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
    )
    with out.open(encoding="utf-8", newline="") as stream:
        header = stream.readline()
    if header != ",".join(columns) + "\n":
        raise FileError(f"{out.name}: the header is {header!r}, not the columns of {parquet.name}")
    types = "{" + ", ".join(f"{literal(k)}: 'VARCHAR'" for k in columns) + "}"
    read_back = (
        f"read_csv({literal(str(out))}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', max_line_size = {LONGEST_ROW}, columns = {types})"
    )
    wrote, found = (
        con.execute(
            f"SELECT count(*), sum(CAST(hash({names}) AS HUGEINT) * line) FROM "
            f"(SELECT {chosen}, row_number() OVER () AS line FROM {source})"
        ).fetchone()
        for names, chosen, source in (
            (", ".join(f"CAST({ident(k)} AS VARCHAR)" for k in columns), ", ".join(cells), relation(parquet)),
            (", ".join(map(ident, columns)), "*", read_back),
        )
    )
    if wrote != found:
        raise FileError(f"{out.name}: its rows differ from those of {parquet.name}")


def relation(parquet: Path) -> str:
    """A Parquet file as SQL."""
    return f"read_parquet({literal(str(parquet))})"


def describe(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    """Columns of a table, view or other relation with their SQL types."""
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}


def count(con: duckdb.DuckDBPyConnection, parquet: Path) -> int:
    """Rows of a Parquet file."""
    row = con.execute(f"SELECT count(*) FROM {relation(parquet)}").fetchone()
    assert row is not None
    return int(row[0])


def _plain(name: str, kind: str) -> str:
    """One spelling for one value: no empty text, no negative zero."""
    if kind == "VARCHAR":
        return f"NULLIF({ident(name)}, '')"
    return f"{ident(name)} + 0" if kind == "DOUBLE" else ident(name)


def _cell(name: str) -> str:
    # Not `IN (...)`: DuckDB makes a join of a long list, and the rows lose their order.
    starts = " || ".join(f"chr({ord(c)})" for c in FORMULA_STARTS)
    column = ident(name)
    return f"CASE WHEN contains({starts}, left({column}, 1)) THEN '''' || {column} ELSE {column} END"
