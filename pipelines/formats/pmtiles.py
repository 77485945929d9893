"""The map of a large set of points: vector tiles in one file (PMTiles 3), of which a browser takes what it shows."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import BinaryIO

import duckdb
from pmtiles.reader import MmapSource, all_tiles
from pmtiles.tile import Compression, Entry, TileType, serialize_directory, serialize_header, zxy_to_tileid

from pipelines.formats.compare import FileError
from pipelines.formats.deflate import gzipped
from pipelines.formats.parquet import describe, relation
from pipelines.formats.place import GEOMETRY, Points
from pipelines.formats.tiles import LAYER, MAX_ZOOM, MIN_ZOOM, points, tiles

# With fewer points a browser draws the GeoJSON as it is.
PMTILES_POINTS = 50_000
_HEADER = 127
_FIRST = 16_384  # readers fetch so much at once, and expect the root directory in it; after it come the tiles
_LEAF = 4096  # tiles in a directory below the root


def write_pmtiles(con: duckdb.DuckDBPyConnection, parquet: Path, out: Path, place: Points) -> None:
    """Write the points of a Parquet file as a layer of vector tiles, with the other columns as properties.

    Loads the spatial extension. Read back: raises FileError if a tile or the number of its points differs, and
    if there is no point to write.
    """
    written: dict[tuple[int, int, int], tuple[int, int]] = {}
    entries: list[Entry] = []
    with out.open("wb") as file:
        file.seek(_FIRST)
        for tile in tiles(con, parquet, place):
            packed = gzipped(tile.data)
            entries.append(Entry(zxy_to_tileid(tile.z, tile.x, tile.y), file.tell() - _FIRST, len(packed), 1))
            written[tile.z, tile.x, tile.y] = (tile.points, zlib.crc32(tile.data))
            file.write(packed)
        if not entries:
            raise FileError(f"{out.name}: no row of {parquet.name} lies on the map; write no tiles for it")
        _finish(file, entries, _metadata(con, parquet, place), _box(con, parquet, place))
    with out.open("rb") as file:
        found = {
            at: (points(data), zlib.crc32(data))
            for at, data in ((at, gzip.decompress(packed)) for at, packed in all_tiles(MmapSource(file)))
        }
    if found != written:
        raise FileError(f"{out.name}: its tiles differ from what was to be written")


def _finish(file: BinaryIO, entries: list[Entry], metadata: bytes, box: tuple[float, ...]) -> None:
    """After the tiles: directories and metadata; then, at the beginning, what says where all of it is."""
    end = file.tell()
    entries.sort(key=lambda entry: entry.tile_id)
    leaves, root = b"", []
    for start in range(0, len(entries), _LEAF):
        leaf = _directory(entries[start : start + _LEAF])
        root.append(Entry(entries[start].tile_id, len(leaves), len(leaf), 0))
        leaves += leaf
    top = _directory(root)
    file.write(leaves + metadata)
    west, south, east, north = (round(degrees * 10**7) for degrees in box)
    header = serialize_header(
        {
            "version": 3,
            "root_offset": _HEADER,
            "root_length": len(top),
            "metadata_offset": end + len(leaves),
            "metadata_length": len(metadata),
            "leaf_directory_offset": end,
            "leaf_directory_length": len(leaves),
            "tile_data_offset": _FIRST,
            "tile_data_length": end - _FIRST,
            "addressed_tiles_count": len(entries),
            "tile_entries_count": len(entries),
            "tile_contents_count": len(entries),
            "clustered": False,
            "internal_compression": Compression.GZIP,
            "tile_compression": Compression.GZIP,
            "tile_type": TileType.MVT,
            "min_zoom": MIN_ZOOM,
            "max_zoom": MAX_ZOOM,
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
        }
    )
    file.seek(0)
    file.write(header + top)


def _directory(entries: list[Entry]) -> bytes:
    # Packed anew: the package leaves the packing to the machine.
    return gzipped(gzip.decompress(serialize_directory(entries)))


def _metadata(con: duckdb.DuckDBPyConnection, parquet: Path, place: Points) -> bytes:
    names = {"BOOLEAN": "Boolean", "VARCHAR": "String", "DATE": "String"}
    columns = describe(con, relation(parquet)).items()
    fields = {k: names.get(t, "Number") for k, t in columns if k not in place.columns}
    layer = {"id": LAYER, "fields": fields, "minzoom": MIN_ZOOM, "maxzoom": MAX_ZOOM}
    return gzipped(json.dumps({"vector_layers": [layer]}, ensure_ascii=False).encode())


def _box(con: duckdb.DuckDBPyConnection, parquet: Path, place: Points) -> tuple[float, ...]:
    """West, south, east, north of all points."""
    corners = f"min(ST_X({GEOMETRY})), min(ST_Y({GEOMETRY})), max(ST_X({GEOMETRY})), max(ST_Y({GEOMETRY}))"
    row: tuple[float, ...] | None = con.execute(f"SELECT {corners} FROM {place.rows(parquet)}").fetchone()
    assert row is not None
    return row
