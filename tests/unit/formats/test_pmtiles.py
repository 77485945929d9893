from __future__ import annotations

import gzip
import math
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from pmtiles.reader import MmapSource, Reader, all_tiles

from pipelines.formats import FileError, Points, pmtiles, write_pmtiles
from pipelines.formats.tiles import MAX_ZOOM, MIN_ZOOM, points
from pipelines.sql import load_spatial

from .conftest import FORMS, connect, fetch, parquet, table
from .test_geojson import FASKES, POINTS

# 3,000 points over a province, and 500 on one spot.
MANY = """
    SELECT printf('%05d', i) AS kode, 108.9 + hash(i) % 1000 / 500 AS bujur, -8 + hash(i + 1) % 1000 / 1000 AS lintang
    FROM range(3000) r(i) UNION ALL SELECT printf('%05d', i), 110.4, -7.0 FROM range(3000, 3500) r(i)
"""


def tiles(path: Path) -> dict[tuple[int, int, int], bytes]:
    with path.open("rb") as file:
        return {at: gzip.decompress(data) for at, data in all_tiles(MmapSource(file))}


def decoded(con: duckdb.DuckDBPyConnection, folder: Path, path: Path, zoom: int) -> list[dict]:
    """Features of a zoom as GDAL reads them, with where they lie in degrees."""
    load_spatial(con)
    found = []
    for (z, x, y), data in tiles(path).items():
        if z == zoom:
            (folder / "ubin.mvt").write_bytes(data)
            read = con.execute(f"SELECT *, ST_X(geom) AS _x, ST_Y(geom) AS _y FROM ST_Read('{folder}/ubin.mvt')")
            names = [column[0] for column in read.description or ()]
            for row in read.fetchall():
                feature = dict(zip(names, row, strict=True))
                # GDAL counts upward from the tile's lower edge.
                east, south = (x + feature["_x"] / 4096) / 2**z, (y + 1 - feature["_y"] / 4096) / 2**z
                feature["lon"] = east * 360 - 180
                feature["lat"] = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * south))))
                found.append(feature)
    return found


def test_every_point_is_where_it_was_with_its_columns(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table(con, [(text, str(n)) for n, text in enumerate(FORMS) if "\0" not in text])  # GDAL stops at NUL
    query = "SELECT *, 110 + b::INT / 1000 AS bujur, -7.5 + b::INT / 900 AS lintang, b::INT % 3 = 0 AS c FROM t"
    file = parquet(con, tmp_path, query)
    write_pmtiles(con, file, tmp_path / "t.pmtiles", POINTS)
    found = {f["b"]: f for f in decoded(con, tmp_path, tmp_path / "t.pmtiles", MAX_ZOOM)}
    kept = {row[1]: row for row in fetch(con, file)}
    assert found.keys() == kept.keys()
    for key, (text, _, lon, lat, flag) in kept.items():
        assert (found[key].get("a"), found[key]["c"]) == (text, flag)
        assert math.dist((found[key]["lon"], found[key]["lat"]), (lon, lat)) < 0.00002, "two metres"


def test_low_zooms_thin_the_points_out_and_the_highest_has_all(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_pmtiles(con, parquet(con, tmp_path, MANY), tmp_path / "t.pmtiles", POINTS)
    counted: Counter[int] = Counter()
    for (z, _, _), data in tiles(tmp_path / "t.pmtiles").items():
        counted[z] += points(data)
        assert z == MAX_ZOOM or points(data) <= 64 * 64
    assert counted[MAX_ZOOM] == 3500
    assert list(counted) == list(range(MIN_ZOOM, MAX_ZOOM + 1))
    assert sorted(counted.values()) == list(counted.values())
    assert counted[MAX_ZOOM - 1] <= 3001, "points on one spot are one"


def test_the_file_says_what_it_holds(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_pmtiles(con, parquet(con, tmp_path, FASKES), tmp_path / "t.pmtiles", POINTS)
    with (tmp_path / "t.pmtiles").open("rb") as file:
        reader = Reader(MmapSource(file))
        header = reader.header()
        assert (header["min_zoom"], header["max_zoom"]) == (MIN_ZOOM, MAX_ZOOM)
        assert (header["min_lon_e7"], header["max_lat_e7"]) == (1101234570, -75000000)
        layer = reader.metadata()["vector_layers"][0]
        assert layer["fields"] == {
            "kode": "String", "nama": "String", "tanggal": "String", "biaya": "Number", "aktif": "Boolean",
            "banyak": "Number",
        }  # fmt: skip
        assert reader.get(*next(iter(tiles(tmp_path / "t.pmtiles")))) is not None


def test_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    found = set()
    for threads in (1, 2):
        with connect(tmp_path, threads) as con:
            write_pmtiles(con, parquet(con, tmp_path, MANY), tmp_path / "t.pmtiles", POINTS)
        found.add((tmp_path / "t.pmtiles").read_bytes())
    assert len(found) == 1


def test_more_tiles_than_a_directory_holds(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pmtiles, "_LEAF", 100)
    write_pmtiles(con, parquet(con, tmp_path, MANY), tmp_path / "t.pmtiles", POINTS)
    assert len(tiles(tmp_path / "t.pmtiles")) > 1000


def test_the_edges_of_the_map(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    corners = "('a', 180.0, 0.0), ('b', -180.0, 85.0), ('c', 180.0, -85.0), ('kutub', 0.0, 90.0)"
    file = parquet(con, tmp_path, f"SELECT k, x::DOUBLE AS x, y::DOUBLE AS y FROM (VALUES {corners}) v(k, x, y)")
    write_pmtiles(con, file, tmp_path / "t.pmtiles", Points("y", "x"))
    assert sum(points(data) for (z, _, _), data in tiles(tmp_path / "t.pmtiles").items() if z == MAX_ZOOM) == 3


def test_without_a_point_there_are_no_tiles(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = parquet(con, tmp_path, f"FROM ({FASKES}) WHERE bujur IS NULL")
    with pytest.raises(FileError, match="no row"):
        write_pmtiles(con, file, tmp_path / "t.pmtiles", POINTS)


def test_a_file_that_holds_something_else_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pmtiles, "all_tiles", lambda source: list(all_tiles(source))[1:])
    with pytest.raises(FileError, match=r"t\.pmtiles: its tiles differ"):
        write_pmtiles(con, parquet(con, tmp_path, FASKES), tmp_path / "t.pmtiles", POINTS)
