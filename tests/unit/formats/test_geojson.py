from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings

from pipelines.formats import Areas, FileError, Points, geojson, write_geojson
from pipelines.sql import load_spatial

from .conftest import ROWS, fetch, parquet, table

POINTS = Points("lintang", "bujur")
FASKES = """
    SELECT * FROM (VALUES
        ('33.01', 'a "b"', 110.12345678, -7.5, DATE '2024-01-31', 12.30, true, 9007199254740993),
        ('33.02', 'tanpa titik', NULL, -7.5, NULL, NULL, NULL, NULL),
        ('33.03', 'tanpa titik', 110.0, NULL, NULL, NULL, NULL, NULL),
        ('33.04', 'di luar bumi', 181.0, -7.5, NULL, NULL, NULL, NULL)
    ) v(kode, nama, bujur, lintang, tanggal, biaya, aktif, banyak)
"""
# A square drawn clockwise with a hole, and one that is too small to be seen with six decimals.
BATAS = """
    CREATE OR REPLACE TABLE batas AS SELECT kode, ST_GeomFromText(teks) AS geom FROM (VALUES
        ('33.01', 'POLYGON((0 0, 0 1.12345678, 1 1, 1 0, 0 0), (0.1 0.1, 0.2 0.1, 0.2 0.2, 0.1 0.1))'),
        ('33.02', 'POLYGON((0 0, 0 1e-9, 1e-9 0, 0 0))'),
        ('33.09', 'POLYGON((5 5, 6 5, 6 6, 5 5))')
    ) v(kode, teks)
"""


def features(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def signed_area(ring: list[list[float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_any_text_comes_back_as_it_is(
    con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    out = tmp_path_factory.mktemp("geojson")
    file = parquet(con, out, f"SELECT *, 110.5 AS bujur, -7.5 AS lintang FROM {table(con, rows)}")
    kept = fetch(con, file)
    write_geojson(con, file, out / "t.geojson", POINTS)
    assert [tuple(f["properties"].values()) for f in features(out / "t.geojson")] == [row[:2] for row in kept]


def test_rows_are_features_with_or_without_a_point(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_geojson(con, parquet(con, tmp_path, FASKES), tmp_path / "t.geojson", POINTS)
    first, *others = features(tmp_path / "t.geojson")
    assert first == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [110.123457, -7.5]},
        "properties": {
            "kode": "33.01", "nama": 'a "b"', "tanggal": "2024-01-31", "biaya": 12.3, "aktif": True,
            "banyak": 9007199254740993,
        },
    }  # fmt: skip
    assert [(f["properties"]["kode"], f["geometry"]) for f in others] == [(f"33.0{n}", None) for n in (2, 3, 4)]


def test_areas_are_joined_by_code_and_wound_as_the_rfc_asks(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_spatial(con)
    con.execute(BATAS)
    write_geojson(con, parquet(con, tmp_path, FASKES), tmp_path / "t.geojson", Areas("batas", "kode"))
    first, *others = features(tmp_path / "t.geojson")
    outer, hole = first["geometry"]["coordinates"]
    assert [0.0, 1.123457] in outer
    assert signed_area(outer) > 0 > signed_area(hole), "counterclockwise outside, clockwise inside"
    assert first["properties"]["lintang"] == -7.5, "a point that is no geometry here stays a property"
    assert [f["geometry"] for f in others] == [None] * 3


def test_a_place_with_two_polygons_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_spatial(con)
    con.execute(BATAS)
    con.execute("INSERT INTO batas SELECT * FROM batas")
    with pytest.raises(FileError, match=r"t\.geojson: has 6 rows instead of 4"):
        write_geojson(con, parquet(con, tmp_path, FASKES), tmp_path / "t.geojson", Areas("batas", "kode"))


def test_the_same_bytes_twice_and_without_rows(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for where, count in (("true", 4), ("false", 0)):
        file = parquet(con, tmp_path, f"FROM ({FASKES}) WHERE {where}")
        for name in ("satu.geojson", "dua.geojson"):
            write_geojson(con, file, tmp_path / name, POINTS)
        assert (tmp_path / "satu.geojson").read_bytes() == (tmp_path / "dua.geojson").read_bytes()
        assert len(features(tmp_path / "satu.geojson")) == count


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("110.12", "110.13"),
        ('"biaya":12.3', '"biaya":NaN'),
        ("},\n", "}\n"),
        ("]}\n", "]}\n\n"),
        ("]}\n", ""),
        ("33.02", "33.0"),
        ("", "x"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    def damaged(path: Path) -> object:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read(path)

    read = geojson._features
    monkeypatch.setattr(geojson, "_features", damaged)
    with pytest.raises(FileError, match=r"^t\.geojson: "):
        write_geojson(con, parquet(con, tmp_path, FASKES), tmp_path / "t.geojson", POINTS)
