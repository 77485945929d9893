from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.formats import FileError, describe, write_parquet

from .conftest import ROWS, connect, fetch, table, write


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_any_text_table_is_kept_without_its_empty_rows(
    con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    out = tmp_path_factory.mktemp("parquet")
    written = write(con, table(con, rows), describe(con, "t"), out / "t.parquet")
    kept = fetch(con, out / "t.parquet")
    says_something = [(a or None, b or None) for a, b in rows if a or b]
    assert sorted(map(str, kept)) == sorted(map(str, says_something))
    assert written == len(says_something)


@settings(max_examples=20, deadline=None)
@given(rows=ROWS.filter(lambda rows: len(rows) > 1).flatmap(lambda r: st.tuples(st.just(r), st.permutations(r))))
def test_bytes_do_not_depend_on_the_order_of_the_rows(tmp_path_factory: pytest.TempPathFactory, rows: tuple) -> None:
    hashes = set()
    for threads, order in enumerate(rows, start=1):
        out = tmp_path_factory.mktemp("order")
        with connect(out, threads) as con:
            write(con, table(con, order), describe(con, "t"), out / "t.parquet")
        hashes.add(hashlib.sha256((out / "t.parquet").read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_a_value_has_one_spelling(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    numbers = "(-0.0, 'a'), ('nan', 'b'), ('inf', 'c'), ('-inf', 'd'), (1e300, 'e'), ('nan', '')"
    con.execute(f"CREATE OR REPLACE TABLE n AS SELECT n::DOUBLE AS n, t FROM (VALUES {numbers}) v(n, t)")
    written = write(con, "n", describe(con, "n"), tmp_path / "n.parquet")
    assert [(str(n), t) for n, t in fetch(con, tmp_path / "n.parquet")] == [
        ("0.0", "a"), ("1e+300", "e"), ("None", "b"), ("None", "c"), ("None", "d"),
    ]  # fmt: skip
    assert written == 5, "no number and no text say nothing"


def test_no_rows_and_no_values(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table(con, [("x", None), ("y", "")])
    assert write(con, "t", describe(con, "t"), tmp_path / "t.parquet") == 2
    assert fetch(con, tmp_path / "t.parquet") == [("x", None), ("y", None)]
    table(con, [])
    assert write(con, "t", describe(con, "t"), tmp_path / "t.parquet") == 0


def test_a_table_that_is_not_what_it_was_is_noticed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("CREATE OR REPLACE VIEW v AS SELECT random() AS n FROM range(5)")
    with pytest.raises(FileError, match=r"t\.parquet: wrote 5 rows"):
        write(con, "v", describe(con, "v"), tmp_path / "t.parquet")


def test_only_the_asked_columns_and_types_count(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table(con, [("x", "y")])
    with pytest.raises(FileError, match="INTEGER"):
        write(con, "t", {"a": "INTEGER"}, tmp_path / "t.parquet")
    write(con, "t", {"b": "VARCHAR"}, tmp_path / "t.parquet")
    assert fetch(con, tmp_path / "t.parquet") == [("y",)]


def test_what_follows_from_other_columns_need_not_be_sorted(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = "SELECT i % 7 AS kode, 'nama ' || (i % 7) AS nama, i AS nilai FROM range(100) r(i) ORDER BY hash(i)"
    kinds = {"kode": "BIGINT", "nama": "VARCHAR", "nilai": "BIGINT"}
    write_parquet(con, f"({rows})", kinds, tmp_path / "semua.parquet")
    write_parquet(con, f"({rows})", kinds, tmp_path / "sendiri.parquet", own=("kode", "nilai"))
    assert (tmp_path / "semua.parquet").read_bytes() == (tmp_path / "sendiri.parquet").read_bytes()
