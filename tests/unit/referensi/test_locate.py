"""Points: the grid must say what a plain join over whole polygons says, and one desa on every border."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.referensi import grid
from pipelines.referensi.locate import distance_m, locate
from pipelines.referensi.peta import prepared_map
from pipelines.sql import load_spatial
from tests.unit.referensi.border_kit import country, feature, square, write

X, Y = 110.0, -7.0
C = grid.CELL
# Awkward on purpose: sizes near, below and above a cell, edges on cell lines and askew, a hole filled by another,
# an overlap, two parts, a sliver, an area without a code that overlaps one with a code, a lake.
DESA = [
    ("33.01.01.2001", [[(0, 0), (20, 0), (20, 20), (0, 20)], [(6, 6), (13, 7), (12, 14)]]),
    ("33.01.01.2002", [[(6, 6), (13, 7), (12, 14)]]),
    ("33.01.01.2003", [[(20, 0), (50, 0), (37, 20.1), (20, 20)]]),
    ("33.01.01.2004", [[(50, 0), (60, 0), (60, 20.1), (37, 20.1)]], [[(80, 1), (81, 1), (80.5, 1.8)]]),
    ("33.01.01.2005", [[(55, 5), (75, 6), (70, 30)]]),
    (None, [[(0, 15), (20, 15), (20, 30), (0, 30)]]),
    ("33.01.01", [[(0, 0), (80, 0), (80, 30), (0, 30)]]),
]


def shape(*polygons: list[list[tuple[float, float]]]) -> str:
    """WKT of polygons whose corners are in thousandths of a degree."""

    def ring(corners: list[tuple[float, float]]) -> str:
        return "(" + ", ".join(f"{X + x / 1000} {Y + y / 1000}" for x, y in [*corners, corners[0]]) + ")"

    return "MULTIPOLYGON(" + ", ".join("(" + ", ".join(map(ring, rings)) + ")" for rings in polygons) + ")"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        load_spatial(connection)
        connection.execute("ATTACH ':memory:' AS peta; USE peta")
        connection.execute(
            "CREATE TABLE batas(id INTEGER, kode VARCHAR, tingkat VARCHAR, jenis VARCHAR, nama VARCHAR, "
            "kode_asal VARCHAR, berkas VARCHAR, geom GEOMETRY)"
        )
        for number, (kode, *polygons) in enumerate(DESA, 1):
            level = "kecamatan" if kode == "33.01.01" else "desa_kelurahan"
            connection.execute(
                "INSERT INTO batas SELECT ?, ?, ?, ?, NULL, NULL, NULL, ST_GeomFromText(?)",
                [number, kode, level, "wilayah" if kode else "hutan", shape(*polygons)],
            )
        grid.build(connection)
        yield connection


def located(con: duckdb.DuckDBPyConnection, points: list[tuple[float, float]]) -> list[tuple[str | None, int | None]]:
    con.execute("CREATE OR REPLACE TEMP TABLE titik(_id INTEGER, x DOUBLE, y DOUBLE)")
    con.executemany("INSERT INTO titik VALUES (?, ?, ?)", [(n, x, y) for n, (x, y) in enumerate(points)])
    locate(con, "titik", "x", "y", "hasil")
    return con.execute(
        "SELECT h.kode, h.id_batas FROM titik LEFT JOIN hasil h USING (_id) ORDER BY _id"
    ).fetchall()  # fmt: skip


def plain(con: duckdb.DuckDBPyConnection) -> list[tuple[list[int], list[int]]]:
    """For each point of `titik`: desa areas strictly around it, and those around it or touching it."""
    return con.execute(
        """
        SELECT list(b.id ORDER BY b.id) FILTER (ST_Contains(b.geom, ST_Point(x, y))),
            list(b.id ORDER BY b.id) FILTER (ST_Intersects(b.geom, ST_Point(x, y)))
        FROM titik CROSS JOIN batas b WHERE b.tingkat = 'desa_kelurahan' GROUP BY _id ORDER BY _id
        """
    ).fetchall()


# Anywhere, on the lines of the cells, and on a line between two vertices.
anywhere = st.tuples(st.floats(X - 0.01, X + 0.09), st.floats(Y - 0.01, Y + 0.04))
on_lines = st.tuples(st.integers(-2, 22).map(lambda n: X + n * C), st.integers(-2, 10).map(lambda n: Y + n * C))
mixed = st.tuples(st.integers(-4, 84).map(lambda n: X + n / 1000), st.floats(Y - 0.001, Y + 0.031))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.one_of(anywhere, on_lines, mixed), min_size=1, max_size=60))
def test_same_as_a_plain_join(con: duckdb.DuckDBPyConnection, points: list[tuple[float, float]]) -> None:
    for (_, found), (_, touching) in zip(located(con, points), plain(con), strict=True):
        if touching:
            assert found == touching[0]
        else:
            assert found in (None, 7)


def test_vertices_and_middles_of_edges_belong_to_the_lowest_code(con: duckdb.DuckDBPyConnection) -> None:
    points = con.execute(
        """
        WITH titik AS (SELECT unnest(ST_Dump(ST_Points(geom))).geom AS p FROM batas WHERE tingkat = 'desa_kelurahan'),
        urut AS (SELECT p, lead(p) OVER () AS q FROM titik)
        SELECT ST_X(p), ST_Y(p) FROM titik UNION ALL
        SELECT (ST_X(p) + ST_X(q)) / 2, (ST_Y(p) + ST_Y(q)) / 2 FROM urut WHERE q IS NOT NULL
        """
    ).fetchall()
    assert len(points) > 40
    checked = 0
    for (kode, found), (_, touching) in zip(located(con, points), plain(con), strict=True):
        if touching:
            assert found == touching[0]
            assert kode == (DESA[found - 1][0] or "33.01.01")
            checked += 1
    assert checked > 30


def test_water_and_forest_and_open_ground_fall_back_to_the_kecamatan(con: duckdb.DuckDBPyConnection) -> None:
    forest, overlap, open_ground, sea = (X + 0.01, Y + 0.025), (X + 0.01, Y + 0.018), (X + 0.04, Y + 0.028), (X + 1, Y)
    assert located(con, [forest, overlap, open_ground, sea]) == [
        ("33.01.01", 6), ("33.01.01.2001", 1), ("33.01.01", 7), (None, None),
    ]  # fmt: skip


def test_impossible_coordinates_are_nowhere(con: duckdb.DuckDBPyConnection) -> None:
    points = [(float("nan"), Y), (float("inf"), Y), (1e300, -1e300), (9_200_000.0, 430_000.0), (Y, X), (0.0, 0.0)]
    assert located(con, points) == [(None, None)] * 6
    con.execute("CREATE OR REPLACE TEMP TABLE titik AS SELECT 1 AS _id, NULL::DOUBLE AS x, NULL::DOUBLE AS y")
    locate(con, "titik", "x", "y", "hasil")
    assert con.execute("FROM hasil").fetchall() == []


def test_metres_to_a_stated_place(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE titik AS SELECT * FROM (VALUES
            (1, {X + 0.001}, {Y + 0.001}, '33.01.01.2001'), (2, {X}, {Y}, '33.01.01.2001'),
            (3, {X + 0.009}, {Y + 0.009}, '33.01.01.2001'), (4, {X}, {Y - 0.01}, '33.01.01.2001'),
            (5, {X}, {Y}, '99.99'), (6, NULL, {Y}, '33.01.01.2001')) t(_id, x, y, kode)
        """
    )
    distance_m(con, "titik", "x", "y", "kode", "jarak")
    found = dict(con.execute("FROM jarak").fetchall())
    assert found[1] == found[2] == 0
    assert 0 < found[3] < 400  # in the hole
    assert found[4] == pytest.approx(1111.95, abs=0.05)  # a hundredth of a degree south
    assert set(found) == {1, 2, 3, 4}


def test_prepared_map_is_kept_until_something_changes(tmp_path: Path) -> None:
    base = tmp_path / "dasar.duckdb"
    with country() as con:
        con.execute(f"ATTACH '{base}' AS b")
        for table in ("wilayah", "wilayah_nama", "jembatan_bps"):
            con.execute(f"CREATE TABLE b.{table} AS FROM {table}")
    cache, folder = tmp_path / "cache", tmp_path / "referensi"
    folder.mkdir()
    assert prepared_map(cache, [folder], base) is None
    write(folder, "a.geojson", feature({"kode": "33.01"}, square(X, Y)))
    first = prepared_map(cache, [folder], base)
    assert first is not None and prepared_map(cache, [folder], base) == first
    made = first.stat().st_mtime_ns
    write(folder, "a.geojson", feature({"kode": "33.01"}, square(X, Y, 0.02)))
    second = prepared_map(cache, [folder], base)
    assert second is not None and second != first and second.stat().st_mtime_ns != made
    assert list(cache.iterdir()) == [second]
    with duckdb.connect() as con:
        load_spatial(con)
        con.execute(f"ATTACH '{second}' AS peta (READ_ONLY)")
        assert located(con, [(X + 0.015, Y + 0.015)]) == [("33.01", 1)]
