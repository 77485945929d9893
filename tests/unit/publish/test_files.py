from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.publish.files import FORMULA_STARTS, describe, escaped, unescaped, write_csv, write_parquet

from .conftest import World, literal, make_contract

TEXT = st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
FORMS = ["", " ", '"', '""', ",", "\n", "\r\n", "\r", "=1", "'", "'=1", "-", "+62", "@", "\ta", "#"]
AWKWARD = st.sampled_from([*FORMS, "\\N", "NULL", "\0", "\ufeffx"])
ROW = st.tuples(TEXT | AWKWARD, TEXT | AWKWARD)


def as_rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, max_size=8))
def test_any_text_table_comes_back_from_the_csv(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    out = tmp_path_factory.mktemp("csv")
    with duckdb.connect() as con:
        con.execute("CREATE TABLE t (a VARCHAR, b VARCHAR)")
        if rows:
            con.executemany("INSERT INTO t VALUES (?, ?)", rows)
        written = write_parquet(con, "t", describe(con, "t"), out / "t.parquet")
        write_csv(con, out / "t.parquet", out / "t.csv")
        kept = con.execute("SELECT a, b FROM read_parquet(?)", [str(out / "t.parquet")]).fetchall()
    says_something = [(a or None, b or None) for a, b in rows if a or b]
    assert sorted(map(str, kept)) == sorted(map(str, says_something))
    assert (written.rows, written.blank) == (len(says_something), len(rows) - len(says_something))
    expected = [tuple(escaped(x) if x else "" for x in row) for row in kept]
    assert as_rows(out / "t.csv") == [("a", "b"), *expected]
    assert [tuple(unescaped(c) or None for c in row) for row in as_rows(out / "t.csv")[1:]] == kept


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ROW, min_size=2, max_size=8).flatmap(lambda r: st.tuples(st.just(r), st.permutations(r))))
def test_bytes_do_not_depend_on_the_order_of_the_rows(tmp_path_factory: pytest.TempPathFactory, rows: tuple) -> None:
    hashes = set()
    for threads, order in enumerate(rows, start=1):
        out = tmp_path_factory.mktemp("order")
        with duckdb.connect(config={"threads": threads}) as con:
            con.execute("CREATE TABLE t (a VARCHAR, b VARCHAR)")
            con.executemany("INSERT INTO t VALUES (?, ?)", order)
            write_parquet(con, "t", describe(con, "t"), out / "t.parquet")
            write_csv(con, out / "t.parquet", out / "t.csv")
        hashes.add(tuple(hashlib.sha256((out / n).read_bytes()).hexdigest() for n in ("t.csv", "t.parquet")))
    assert len(hashes) == 1


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_of_the_csv_runs_as_a_formula(world: World, start: str) -> None:
    world.harga(f"('33.01', 2024, {literal(start + 'cmd')}, -5, NULL, NULL)")
    world.release(make_contract())
    cells = as_rows(world.latest / "dinas-harga" / "dinas-harga.csv")[1]
    assert cells[2] == f"'{start}cmd"
    assert cells[3] == "-5.0", "a number is no formula"


def test_csv_is_exactly_as_promised(world: World) -> None:
    result = world.release(make_contract())
    assert world.csv().decode() == (
        "kode_wilayah,tahun,nama_barang,harga,tanggal,subsidi\n"
        '33.01,2023,"dua\r\nbaris",0.0,,\n'
        '33.01,2024,"beras, ""medium""",0.1,,false\n'
        "33.02,2024,'=1+1,1234.5,2024-01-31,true\n"
        "33.02,2024,'=1+1,1234.5,2024-01-31,true\n"
        ",2023,,1e+16,2023-12-31,\n"
    )
    assert result.datasets == {"dinas.harga": 5}
    assert result.notes["dinas.harga"] == ["1 rows are empty in every published column and were left out"]


def test_parquet_holds_the_same_rows_in_the_same_order_as_they_are(world: World) -> None:
    world.release(make_contract())
    parquet = world.latest / "dinas-harga" / "dinas-harga.parquet"
    rows = duckdb.sql(f"SELECT tahun, nama_barang, harga FROM '{parquet}'").fetchall()
    assert rows == [(2023, "dua\r\nbaris", 0.0), (2024, 'beras, "medium"', 0.1),
                    (2024, "=1+1", 1234.5), (2024, "=1+1", 1234.5), (2023, None, 1e16)]  # fmt: skip
    codec = duckdb.sql(f"SELECT DISTINCT compression FROM parquet_metadata('{parquet}')").fetchall()
    assert codec == [("ZSTD",)]


def test_many_row_groups_keep_one_order(tmp_path: Path) -> None:
    # Enough rows for several Parquet row groups: order was lost here once, and only here.
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("CREATE TABLE t AS SELECT i % 35 AS a, '=' || i AS b FROM range(300000) r(i)")
        write_parquet(con, "t", describe(con, "t"), tmp_path / "t.parquet")
        write_csv(con, tmp_path / "t.parquet", tmp_path / "t.csv")
    header, *rows = as_rows(tmp_path / "t.csv")
    assert header == ("a", "b")
    assert rows == [(str(a), f"'{b}") for a, b in sorted((i % 35, f"={i}") for i in range(300_000))]
