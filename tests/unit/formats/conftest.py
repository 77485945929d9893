"""Small awkward tables, as Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import strategies as st

from pipelines.formats import check_parquet, describe, limit, relation, write_csv, write_parquet, write_xlsx

# What spreadsheets, CSV readers, XML and JSON stumble over.
FORMS = [
    "", " ", "  a ", '"', '""', ",", "\n", "\r\n", "\r", "\t", "=1", "'", "'=1", "''", "-", "+62", "@", "\ta", "#",
    "＝1", "\\N", "NULL", "null", "nan", "true", "\0", "a\0b", "\x01", "\x0b", "\x1f", "\x7f", "\x85",
    "\ufeffx", "\uffff", "_x0041_", "_x005F_", "_x", "<b>&amp;</b>", "]]>",
    "33.02", "007", "1e5", "3302010101010001", "2024-01-31",
    "🏥", "e\u0301", "\u2028", "Ꝁ", "𝒳" * 40,
]  # fmt: skip
TEXT = st.none() | st.sampled_from(FORMS) | st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ROWS = st.lists(st.tuples(TEXT, TEXT), max_size=8)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection for all tests of a file: opening one and loading extensions takes longer than they do."""
    with connect(tmp_path_factory.mktemp("con")) as con:
        yield con


def connect(spill: Path, threads: int = 2) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": threads})
    limit(con, spill / "spill")
    return con


def table(con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]], columns: str = "a VARCHAR, b VARCHAR") -> str:
    """A table of these rows, as the name of a relation."""
    con.execute(f"CREATE OR REPLACE TABLE t ({columns})")
    if rows:
        con.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return "t"


def write(con: duckdb.DuckDBPyConnection, source: str, columns: dict[str, str], out: Path) -> int:
    """The Parquet file of a relation, and its rows."""
    write_parquet(con, source, columns, out)
    return check_parquet(con, source, columns, out)


def parquet(con: duckdb.DuckDBPyConnection, folder: Path, query: str) -> Path:
    """The Parquet file of a query's rows."""
    write_parquet(con, f"({query})", describe(con, f"({query})"), folder / "t.parquet")
    return folder / "t.parquet"


def csv_of(con: duckdb.DuckDBPyConnection, file: Path, out: Path) -> None:
    """The CSV of the rows of a Parquet file."""
    write_csv(con, relation(file), describe(con, relation(file)), out)


def xlsx_of(con: duckdb.DuckDBPyConnection, file: Path, out: Path, title: str, dictionary: list[list[str]]) -> bool:
    """The spreadsheet of the rows of a Parquet file."""
    return write_xlsx(con, relation(file), describe(con, relation(file)), out, title, dictionary)


def fetch(con: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[Any, ...]]:
    return con.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
