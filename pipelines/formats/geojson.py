"""The GeoJSON (RFC 7946) of a dataset whose rows lie somewhere: one feature a row, one feature a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb

from pipelines.formats.compare import BATCH, FileError, check_count
from pipelines.formats.parquet import count, describe, relation
from pipelines.formats.place import GEOMETRY, ROW, Place
from pipelines.sql import ident, load_spatial

_HEAD, _FOOT = '{"type":"FeatureCollection","features":[\n', "]}\n"
# How a value of a column is compared; of any other type it is text in JSON.
_IN_JSON = dict.fromkeys(("VARCHAR", "BOOLEAN", "DOUBLE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "")
_IN_JSON["DECIMAL"] = "::DOUBLE"


def write_geojson(con: duckdb.DuckDBPyConnection, parquet: Path, out: Path, place: Place) -> None:
    """Write a Parquet file's rows as features; those that lie nowhere have the geometry null.

    Properties are the columns as they are, save those that the geometry says. Loads the spatial extension.
    Read back: raises FileError if a feature differs.
    """
    load_spatial(con)
    columns = {k: t for k, t in describe(con, relation(parquet)).items() if k not in place.columns}
    properties = ", ".join(f"{ident(k)} := {ident(k)}" for k in columns)
    geometry = f"CASE WHEN {GEOMETRY} IS NULL THEN 'null' ELSE ST_AsGeoJSON({GEOMETRY})::VARCHAR END"
    said = f"to_json(struct_pack({properties}))" if properties else "'{}'"
    features = con.execute(
        f"""SELECT '{{"type":"Feature","geometry":' || {geometry} || ',"properties":' || {said} || '}}'
        FROM {place.rows(parquet)} ORDER BY {ROW}"""
    )
    separator = ""
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEAD)
        while batch := features.fetchmany(BATCH):
            file.write(separator + ",\n".join(feature for (feature,) in batch))
            separator = ",\n"
        file.write("\n" * bool(separator) + _FOOT)
    row = 0
    try:
        for row, (wanted, found) in enumerate(zip_longest(_wanted(con, place, parquet, columns), _features(out)), 1):
            if wanted != found:
                raise FileError(f"{out.name}: feature {row} is not row {row} of {parquet.name}")
    except ValueError as error:
        raise FileError(f"{out.name}: what was written is no GeoJSON") from error
    check_count(out, count(con, parquet), row)


def _wanted(
    con: duckdb.DuckDBPyConnection, place: Place, parquet: Path, columns: dict[str, str]
) -> Iterator[dict[str, Any]]:
    cells = "".join(f", {ident(k)}{_IN_JSON.get(t.split('(')[0], '::VARCHAR')}" for k, t in columns.items())
    rows = con.execute(f"SELECT ST_AsGeoJSON({GEOMETRY}){cells} FROM {place.rows(parquet)} ORDER BY {ROW}")
    while batch := rows.fetchmany(BATCH):
        for geometry, *values in batch:
            shape = None if geometry is None else json.loads(geometry)
            yield {"type": "Feature", "geometry": shape, "properties": dict(zip(columns, values, strict=True))}


def _features(out: Path) -> Iterator[Any]:
    """The features of a file, as Python's own reader takes them; raises ValueError if it is not written as here."""
    with out.open(encoding="utf-8", newline="\n") as file:
        whole, line = file.readline() == _HEAD, file.readline()
        while whole and line != _FOOT:
            following = file.readline()
            whole = line.endswith("}\n" if following == _FOOT else "},\n")
            yield json.loads(line.rstrip(",\n"), parse_constant=_refused)
            line = following
        if not whole or file.read(1):
            raise ValueError


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no JSON")
