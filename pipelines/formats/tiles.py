"""Points cut into vector tiles (MVT): all of them at the highest zoom, below it as many as a map can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.formats.parquet import describe, relation
from pipelines.formats.place import GEOMETRY, ROW, Points
from pipelines.sql import ident, literal, load_spatial

# A tile is 1,250 km wide at the lowest zoom (the island), 313 at zoom 7 (a province), and 4.9 at the highest: there a
# point is right to the metre, and a map goes on magnifying.
MIN_ZOOM, MAX_ZOOM = 5, 13
LAYER = "titik"
_EXTENT = 4096  # units that a tile is wide
_SHOWN = 64  # below the highest zoom, one point is kept in each square of a tile of so many by so many
_NORTHERNMOST = 85.0511  # degrees; the map is a square
_BATCH = 100  # tiles
# Columns beside those of the dataset, whose names hold no space: where a point lies from 0 to 1, eastward from the
# date line and southward from the northern edge, and in which tile.
_EAST, _SOUTH, _COLUMN, _LINE = '"ke timur"', '"ke selatan"', '"kolom ubin"', '"baris ubin"'
_SHAPE = "letak titik"
# What a tile can hold as it is, and what it holds instead of other numbers; all else is text.
_KINDS = dict.fromkeys(("VARCHAR", "BOOLEAN", "DOUBLE", "BIGINT"), "")
_KINDS |= dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER"), "::BIGINT") | {"DECIMAL": "::DOUBLE"}


@dataclass(frozen=True)
class Tile:
    """One tile: zoom, column, row from the north, its points, and the layer as protocol buffer."""

    z: int
    x: int
    y: int
    points: int
    data: bytes


def tiles(con: duckdb.DuckDBPyConnection, parquet: Path, place: Points) -> Iterator[Tile]:
    """The tiles of a Parquet file's points, by zoom, column, row; what lies nowhere or by a pole is in none.

    Loads the spatial extension.
    """
    load_spatial(con)
    columns = {k: t for k, t in describe(con, relation(parquet)).items() if k not in place.columns}
    said = "".join(f", {ident(k)}{_KINDS.get(t.split('(')[0], '::VARCHAR')} AS {ident(k)}" for k, t in columns.items())
    named = "".join(f", {ident(k)} := {ident(k)}" for k in columns)
    try:
        con.execute(
            f"CREATE TEMP TABLE _titik AS SELECT {ROW}{said}, (ST_X({GEOMETRY}) + 180) / 360 AS {_EAST}, "
            f"(1 - asinh(tan(radians(ST_Y({GEOMETRY})))) / pi()) / 2 AS {_SOUTH} FROM {place.rows(parquet)} "
            f"WHERE abs(ST_Y({GEOMETRY})) <= {_NORTHERNMOST}"
        )
        for z in range(MIN_ZOOM, MAX_ZOOM + 1):
            made = con.execute(_cut(z, named))
            while batch := made.fetchmany(_BATCH):
                yield from (Tile(z, *row) for row in batch)
    finally:
        con.execute("DROP TABLE IF EXISTS _titik")


def _cut(z: int, named: str) -> str:
    """SQL: column and row, number of points and content of each tile of one zoom."""
    side = 2**z
    square = f"floor({_EAST} * {side * _SHOWN}), floor({_SOUTH} * {side * _SHOWN})"
    kept = f"WHERE {ROW} IN (SELECT min({ROW}) FROM _titik GROUP BY {square})" if z < MAX_ZOOM else ""
    column, row = (f"least(floor({share} * {side})::BIGINT, {side - 1})" for share in (_EAST, _SOUTH))
    east, south = (
        f"round(({share} * {side} - {tile}) * {_EXTENT})" for share, tile in ((_EAST, _COLUMN), (_SOUTH, _LINE))
    )
    feature = f"struct_pack({ident(_SHAPE)} := ST_Point({east}, {south}){named})"
    return (
        f"SELECT {_COLUMN}, {_LINE}, count(*), "
        f"ST_AsMVT({feature}, {literal(LAYER)}, {_EXTENT}, {literal(_SHAPE)} ORDER BY {ROW}) "
        f"FROM (SELECT *, {column} AS {_COLUMN}, {row} AS {_LINE} FROM _titik {kept}) GROUP BY ALL ORDER BY 1, 2"
    )


def points(data: bytes) -> int:
    """How many features the layers of a tile have; raises IndexError for a broken tile."""
    return sum(1 for field, layer in _fields(data) if field == 3 for part, _ in _fields(layer) if part == 2)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers and contents of a protocol buffer's fields; whole numbers are passed over."""
    at = 0
    while at < len(message):
        key, at = _whole(message, at)
        if key & 7 == 2:
            size, at = _whole(message, at)
            yield key >> 3, message[at : at + size]
            at += size
        else:
            _, at = _whole(message, at)


def _whole(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        at, value, shift = at + 1, value | (byte & 0x7F) << shift, shift + 7
        if byte < 0x80:
            return value, at
