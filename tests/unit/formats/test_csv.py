from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings

from pipelines.spreadsheet import FORMULA_STARTS, escaped, unescaped

from .conftest import ROWS, csv_of, fetch, parquet, table


def as_rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)]


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_any_text_table_comes_back(
    con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    out = tmp_path_factory.mktemp("csv")
    file = parquet(con, out, f"FROM {table(con, rows)}")
    kept = fetch(con, file)
    csv_of(con, file, out / "t.csv")
    assert as_rows(out / "t.csv") == [("a", "b"), *(tuple(escaped(x) if x else "" for x in row) for row in kept)]
    assert [tuple(unescaped(c) or None for c in row) for row in as_rows(out / "t.csv")[1:]] == kept


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_runs_as_a_formula(con: duckdb.DuckDBPyConnection, tmp_path: Path, start: str) -> None:
    table(con, [(start + "cmd", -5.0)], "a VARCHAR, n DOUBLE")
    csv_of(con, parquet(con, tmp_path, "FROM t"), tmp_path / "t.csv")
    assert as_rows(tmp_path / "t.csv")[1] == (f"'{start}cmd", "-5.0"), "a number is no formula"


def test_bytes_are_exactly_as_promised(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    values = """
        ('33.02', 2024, '=1+1', 1234.5, DATE '2024-01-31', true, 12.30::DECIMAL(18, 2)),
        ('33.01', 2024, 'beras, "medium"', 0.1, NULL, false, NULL),
        ('33.01', 2023, E'dua\\r\\nbaris', -0.0, DATE '0044-03-15', NULL, NULL),
        (NULL, 9007199254740993, '', 1e16, NULL, NULL, NULL)
    """
    query = f"SELECT k, th, t, n::DOUBLE AS n, d, b, u FROM (VALUES {values}) v(k, th, t, n, d, b, u)"
    csv_of(con, parquet(con, tmp_path, query), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().decode() == (
        "k,th,t,n,d,b,u\n"
        '33.01,2023,"dua\r\nbaris",0.0,0044-03-15,,\n'
        '33.01,2024,"beras, ""medium""",0.1,,false,\n'
        "33.02,2024,'=1+1,1234.5,2024-01-31,true,12.30\n"
        ",9007199254740993,,1e+16,,,\n"
    )


def test_types_that_csv_does_not_know_are_text(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    query = "SELECT 18446744073709551615::UBIGINT AS h, TIME '07:30:00' AS t"
    csv_of(con, parquet(con, tmp_path, query), tmp_path / "t.csv")
    assert as_rows(tmp_path / "t.csv")[1] == ("18446744073709551615", "07:30:00")


@pytest.mark.parametrize("query", ["FROM t WHERE false", "SELECT 'x' AS a, NULL::VARCHAR AS b, NULL::DATE AS d"])
def test_without_rows_or_values(con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str) -> None:
    table(con, [])
    file = parquet(con, tmp_path, query)
    csv_of(con, file, tmp_path / "t.csv")
    assert len(as_rows(tmp_path / "t.csv")) == 1 + len(fetch(con, file))


def test_many_row_groups_keep_one_order(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    # Enough rows for several Parquet row groups: order was lost here once, and only here.
    query = "SELECT i % 35 AS a, '=' || i AS b FROM range(300000) r(i)"
    csv_of(con, parquet(con, tmp_path, query), tmp_path / "t.csv")
    header, *rows = as_rows(tmp_path / "t.csv")
    assert header == ("a", "b")
    assert rows == [(str(a), f"'{b}") for a, b in sorted((i % 35, f"={i}") for i in range(300_000))]
