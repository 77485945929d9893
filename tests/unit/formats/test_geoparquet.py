from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.formats import Areas, FileError, Points, write_geoparquet
from pipelines.sql import load_spatial

from .conftest import FORMS, fetch, parquet, table
from .test_geojson import BATAS, FASKES, POINTS


def geo(path: Path) -> dict:
    return json.loads(pq.read_metadata(path).metadata[b"geo"])


def test_points_have_the_metadata_of_the_format(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = parquet(con, tmp_path, FASKES)
    write_geoparquet(con, file, tmp_path / "t.geo.parquet", POINTS)
    found = geo(tmp_path / "t.geo.parquet")
    assert (found["version"], found["primary_column"]) == ("1.1.0", "geometry")
    assert found["columns"]["geometry"] == {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "orientation": "counterclockwise",
        "bbox": [110.123457, -7.5, 110.123457, -7.5],
        "covering": {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}},
    }
    rows = pq.read_table(tmp_path / "t.geo.parquet").to_pylist()
    assert [tuple(row.values())[:-2] for row in rows] == fetch(con, file)
    assert rows[0]["bbox"] == {"xmin": 110.123457, "ymin": -7.5, "xmax": 110.123457, "ymax": -7.5}
    assert [row["geometry"] is None and row["bbox"] is None for row in rows] == [False, True, True, True]


def test_other_programs_see_geometry(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_spatial(con)
    con.execute(BATAS)
    file = parquet(con, tmp_path, FASKES)
    write_geoparquet(con, file, tmp_path / "t.geo.parquet", Areas("batas", "kode"))
    assert geo(tmp_path / "t.geo.parquet")["columns"]["geometry"]["geometry_types"] == ["Polygon"]
    shapes = con.execute(
        "SELECT round(ST_Area(geometry), 3) FROM read_parquet(?)", [str(tmp_path / "t.geo.parquet")]
    ).fetchall()
    assert shapes == [(1.057,), (None,), (None,), (None,)]


def test_text_stays_and_bytes_repeat(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table(con, [(text, str(n)) for n, text in enumerate(FORMS)])
    file = parquet(con, tmp_path, "SELECT *, 110.5 AS bujur, -7.5 AS lintang FROM t")
    for name in ("satu", "dua"):
        write_geoparquet(con, file, tmp_path / name, POINTS)
    assert (tmp_path / "satu").read_bytes() == (tmp_path / "dua").read_bytes()
    assert [row[:4] for row in fetch(con, tmp_path / "satu")] == fetch(con, file)


@pytest.mark.parametrize("query", [f"FROM ({FASKES}) WHERE false", f"FROM ({FASKES}) WHERE bujur IS NULL"])
def test_without_rows_or_points(con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str) -> None:
    write_geoparquet(con, parquet(con, tmp_path, query), tmp_path / "t.geo.parquet", POINTS)
    column = geo(tmp_path / "t.geo.parquet")["columns"]["geometry"]
    assert column["geometry_types"] == []
    assert "bbox" not in column


def test_a_column_that_takes_the_name_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = parquet(con, tmp_path, "SELECT 1.0 AS x, 2.0 AS y, 'a' AS geometry")
    with pytest.raises(FileError, match="rename them in the model"):
        write_geoparquet(con, file, tmp_path / "t.geo.parquet", Points("y", "x"))


def test_a_file_that_holds_something_else_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(path: Path) -> pq.ParquetFile:
        other = f"SELECT 'lain' AS kode, * EXCLUDE kode FROM read_parquet('{path}')"
        con.execute(f"COPY ({other}) TO '{path}.x' (FORMAT parquet, KV_METADATA {{geo: '{said}'}})")
        return read(f"{path}.x")

    load_spatial(con)
    file = parquet(con, tmp_path, f"SELECT kode, * EXCLUDE kode FROM ({FASKES})")
    write_geoparquet(con, file, tmp_path / "t.geo.parquet", POINTS)
    said, read = pq.read_metadata(tmp_path / "t.geo.parquet").metadata[b"geo"].decode(), pq.ParquetFile
    monkeypatch.setattr(pq, "ParquetFile", damaged)
    with pytest.raises(FileError, match=r"t\.geo\.parquet: rows 1 to 4 differ"):
        write_geoparquet(con, file, tmp_path / "t.geo.parquet", POINTS)
