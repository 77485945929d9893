"""The GeoParquet (1.1) of a dataset whose rows lie somewhere, with the box of each row for quick looks at a part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipelines.formats.compare import BATCH, FileError, check_count, check_rows
from pipelines.formats.parquet import count, describe, relation
from pipelines.formats.place import GEOMETRY, ROW, Place
from pipelines.sql import ident, literal, load_spatial

_SHAPE, _BOX = "geometry", "bbox"
_CORNERS = {"xmin": "ST_XMin", "ymin": "ST_YMin", "xmax": "ST_XMax", "ymax": "ST_YMax"}


def write_geoparquet(con: duckdb.DuckDBPyConnection, parquet: Path, out: Path, place: Place) -> None:
    """Write a Parquet file's rows and two columns more: `geometry` (WKB) and `bbox`, null where a row lies nowhere.

    Loads the spatial extension. Read back by another program: raises FileError if a row or the metadata differs,
    or if the dataset has columns of these names.
    """
    load_spatial(con)
    columns = describe(con, relation(parquet))
    if taken := {_SHAPE, _BOX} & columns.keys():
        raise FileError(f"{out.name}: GeoParquet needs the column names {sorted(taken)}; rename them in the model")
    rows = place.rows(parquet)
    meta = json.dumps(_metadata(con, rows), separators=(",", ":"))
    # WKB and not GEOMETRY: for that DuckDB would write metadata of its own, without the boxes.
    cells = f"{', '.join(map(ident, columns))}, ST_AsWKB({GEOMETRY}) AS {_SHAPE}"
    corners = ", ".join(f"{name} := {function}({GEOMETRY})" for name, function in _CORNERS.items())
    con.execute(
        f"COPY (SELECT {cells}, CASE WHEN {GEOMETRY} IS NOT NULL THEN struct_pack({corners}) END AS {_BOX} "
        f"FROM {rows} ORDER BY {ROW}) TO {literal(str(out))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, KV_METADATA {{geo: {literal(meta)}}})"
    )
    with pq.ParquetFile(out) as file:
        if (file.metadata.metadata or {}).get(b"geo") != meta.encode():
            raise FileError(f"{out.name}: its metadata do not say that it is GeoParquet")
        check_count(out, count(con, parquet), file.metadata.num_rows)
        wanted = con.execute(f"SELECT {cells} FROM {rows} ORDER BY {ROW}").to_arrow_reader(BATCH)
        check_rows(out, wanted, file.iter_batches(BATCH, columns=[*columns, _SHAPE]))


def _metadata(con: duckdb.DuckDBPyConnection, rows: str) -> dict[str, Any]:
    """What GeoParquet wants said of the file; without `crs`, coordinates are longitude and latitude (OGC:CRS84)."""
    kinds = "list_sort(list(DISTINCT ST_GeometryType(shape)::VARCHAR))"
    found = con.execute(
        f"SELECT {kinds}, min(ST_XMin(shape)), min(ST_YMin(shape)), max(ST_XMax(shape)), max(ST_YMax(shape)) "
        f"FROM (SELECT {GEOMETRY} AS shape FROM {rows}) WHERE shape IS NOT NULL"
    ).fetchone()
    assert found is not None
    types, *box = found
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [_NAMES[kind] for kind in types or ()],
        "orientation": "counterclockwise",
        "covering": {_BOX: {corner: [_BOX, corner] for corner in _CORNERS}},
    }
    if types:
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": _SHAPE, "columns": {_SHAPE: column}}


_NAMES = {"POINT": "Point", "POLYGON": "Polygon", "MULTIPOLYGON": "MultiPolygon"}
