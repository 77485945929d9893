from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings

from pipelines.formats import FileError, write_csv
from pipelines.formats import csv as module
from pipelines.spreadsheet import FORMULA_STARTS, escaped, unescaped

from .conftest import ROWS, fetch, parquet, table


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
    write_csv(con, file, out / "t.csv")
    assert as_rows(out / "t.csv") == [("a", "b"), *(tuple(escaped(x) if x else "" for x in row) for row in kept)]
    assert [tuple(unescaped(c) or None for c in row) for row in as_rows(out / "t.csv")[1:]] == kept


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_runs_as_a_formula(con: duckdb.DuckDBPyConnection, tmp_path: Path, start: str) -> None:
    table(con, [(start + "cmd", -5.0)], "a VARCHAR, n DOUBLE")
    write_csv(con, parquet(con, tmp_path, "FROM t"), tmp_path / "t.csv")
    assert as_rows(tmp_path / "t.csv")[1] == (f"'{start}cmd", "-5.0"), "a number is no formula"


def test_bytes_are_exactly_as_promised(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    values = """
        ('33.02', 2024, '=1+1', 1234.5, DATE '2024-01-31', true, 12.30::DECIMAL(18, 2)),
        ('33.01', 2024, 'beras, "medium"', 0.1, NULL, false, NULL),
        ('33.01', 2023, E'dua\\r\\nbaris', -0.0, DATE '0044-03-15', NULL, NULL),
        (NULL, 9007199254740993, '', 1e16, NULL, NULL, NULL)
    """
    query = f"SELECT k, th, t, n::DOUBLE AS n, d, b, u FROM (VALUES {values}) v(k, th, t, n, d, b, u)"
    write_csv(con, parquet(con, tmp_path, query), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().decode() == (
        "k,th,t,n,d,b,u\n"
        '33.01,2023,"dua\r\nbaris",0.0,0044-03-15,,\n'
        '33.01,2024,"beras, ""medium""",0.1,,false,\n'
        "33.02,2024,'=1+1,1234.5,2024-01-31,true,12.30\n"
        ",9007199254740993,,1e+16,,,\n"
    )


def test_types_that_csv_does_not_know_are_text(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    query = "SELECT 18446744073709551615::UBIGINT AS h, TIME '07:30:00' AS t"
    write_csv(con, parquet(con, tmp_path, query), tmp_path / "t.csv")
    assert as_rows(tmp_path / "t.csv")[1] == ("18446744073709551615", "07:30:00")


@pytest.mark.parametrize("query", ["FROM t WHERE false", "SELECT 'x' AS a, NULL::VARCHAR AS b, NULL::DATE AS d"])
def test_without_rows_or_values(con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str) -> None:
    table(con, [])
    file = parquet(con, tmp_path, query)
    write_csv(con, file, tmp_path / "t.csv")
    assert len(as_rows(tmp_path / "t.csv")) == 1 + len(fetch(con, file))


def test_many_row_groups_keep_one_order(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    # Enough rows for several Parquet row groups: order was lost here once, and only here.
    query = "SELECT i % 35 AS a, '=' || i AS b FROM range(300000) r(i)"
    write_csv(con, parquet(con, tmp_path, query), tmp_path / "t.csv")
    header, *rows = as_rows(tmp_path / "t.csv")
    assert header == ("a", "b")
    assert rows == [(str(a), f"'{b}") for a, b in sorted((i % 35, f"={i}") for i in range(300_000))]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x,1\ny,2\n", "y,2\nx,1\n", "rows 1 to 2 differ"),
        ("x,1\n", "x,7\n", "rows 1 to 2 differ"),
        ("y,2\n", "", "has fewer rows"),
        ("y,2\n", "y,2\nz,3\n", "has more rows"),
        ("y,2\n", "y,dua\n", "cannot be read back"),
        ("y,2\n", "y,2,3\n", "cannot be read back"),
        ("a,n\n", "a,m\n", "its header is not the columns"),
        ("a,n\nx,1\ny,2\n", "", "cannot be read back"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    def damage(*arguments: object, **options: object) -> object:
        out.write_bytes(out.read_bytes().replace(old.encode(), new.encode()))
        return reader(*arguments, **options)

    table(con, [("x", 1), ("y", 2)], "a VARCHAR, n INTEGER")
    out, reader = tmp_path / "t.csv", module.csv.open_csv
    monkeypatch.setattr(module.csv, "open_csv", damage)
    with pytest.raises(FileError, match=rf"^t\.csv: {message}"):
        write_csv(con, parquet(con, tmp_path, "FROM t"), out)
