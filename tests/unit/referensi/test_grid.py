"""The grid: a whole cell belongs to one area alone, and the pieces add up to the areas."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.referensi import grid
from pipelines.referensi.coverage import report_coverage
from pipelines.referensi.problems import empty_problems
from pipelines.sql import load_spatial

X, Y, C = 110.0, -7.0, grid.CELL


def prepared(*areas: tuple[str, str, str]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    load_spatial(con)
    con.execute(
        "CREATE TABLE batas(id INTEGER, kode VARCHAR, tingkat VARCHAR, jenis VARCHAR, nama VARCHAR, "
        "kode_asal VARCHAR, berkas VARCHAR, geom GEOMETRY)"
    )
    for number, (kode, level, shape) in enumerate(areas, 1):
        con.execute(
            "INSERT INTO batas SELECT ?, ?, ?, 'wilayah', ?, ?, 'a.geojson', ST_GeomFromText(?)",
            [number, kode, level, f"Nama {number}", kode, shape],
        )
    grid.build(con)
    return con


def box(x: float, y: float, width: float, height: float) -> str:
    a, b = x + width, y + height
    return f"POLYGON(({x} {y}, {a} {y}, {a} {b}, {x} {b}, {x} {y}))"


TRIANGLE = f"POLYGON(({X} {Y}, {X + 0.5} {Y + 0.1}, {X + 0.2} {Y + 0.4}, {X} {Y}))"


def test_pieces_and_whole_cells_add_up_to_the_area() -> None:
    con = prepared(("33.01", "kabupaten_kota", TRIANGLE))
    whole = con.execute("SELECT count(id) FROM petak_sel").fetchall()[0][0]
    pieces = con.execute("SELECT sum(ST_Area(geom)) FROM petak").fetchall()[0][0]
    area = con.execute("SELECT ST_Area(geom) FROM batas").fetchall()[0][0]
    # Pieces reach a little beyond their cells.
    assert whole * C**2 + pieces == pytest.approx(area, rel=1e-4)
    assert whole > 1000
    assert con.execute("SELECT count(*) - count(DISTINCT sel) FROM petak_sel").fetchall() == [(0,)]


def test_a_cell_that_another_area_touches_is_not_whole() -> None:
    # Both end exactly on a line between two cells.
    line = round(X / C) * C
    con = prepared(
        ("33.01", "kabupaten_kota", box(line - 3 * C, Y, 3 * C, 3 * C)),
        ("33.02", "kabupaten_kota", box(line, Y, 3 * C, 3 * C)),
    )
    shared = con.execute("SELECT sel FROM petak GROUP BY sel HAVING count(DISTINCT id) > 1").fetchall()
    assert len(shared) >= 6
    settled = {sel for (sel,) in con.execute("SELECT sel FROM petak_sel WHERE id IS NOT NULL").fetchall()}
    assert len(settled) == 2  # the middle of each: the cells around it are at an edge
    assert not settled & {sel for (sel,) in shared}


def test_overlaps_and_gaps_are_reported() -> None:
    con = prepared(
        ("33.01.01.2001", "desa_kelurahan", box(X, Y, 0.05, 0.05)),
        ("33.01.01.2002", "desa_kelurahan", box(X + 0.049, Y, 0.05, 0.05)),
        ("33.01", "kabupaten_kota", box(X, Y, 0.12, 0.05)),
    )  # fmt: skip
    empty_problems(con)
    report_coverage(con)
    found = dict(con.execute("SELECT jenis, contoh FROM referensi_masalah").fetchall())
    area = 0.001 * 0.05 * 111_195.08**2 * 0.99256
    name, metres = found["tumpang_tindih"].split(": ")
    assert name == "Nama 1 dan Nama 2"
    assert float(metres.split()[0]) == pytest.approx(area, rel=0.01)
    assert found["celah"] == f"Nama 3: {0.021 * 0.05 * 111_195.08**2 * 0.99256 / 1e6:.2f} km2"
    assert con.execute("SELECT jumlah FROM referensi_masalah WHERE jenis = 'tumpang_tindih'").fetchall() == [(1,)]


def test_a_clean_map_has_nothing_to_report() -> None:
    con = prepared(
        ("33.01.01.2001", "desa_kelurahan", box(X, Y, 0.05, 0.05)),
        ("33.01.01.2002", "desa_kelurahan", box(X + 0.05, Y, 0.05, 0.05)),
        ("33.01", "kabupaten_kota", box(X, Y, 0.1, 0.05)),
    )  # fmt: skip
    empty_problems(con)
    report_coverage(con)
    assert con.execute("FROM referensi_masalah").fetchall() == []
