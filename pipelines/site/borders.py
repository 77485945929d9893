"""Borders for the maps of the site: `situs/peta-<tingkat>-<induk>.js`, small enough for a telephone, shared.

One piece holds all places of a level below one parent: kabupaten and kecamatan of a province, desa of a kabupaten.
Neighbours are simplified together, so that no gap opens between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contract.model import Tingkat
from pipelines.contract.place import CODE_LENGTHS
from pipelines.site.outline import Frame
from pipelines.site.places import LEVELS
from pipelines.site.script import write_call
from pipelines.sql import literal, load_spatial

SLUG = "referensi-batas_wilayah"
LARGEST = 100_000  # bytes of a piece
_COARSEST = 64  # units of the map: beyond that a piece is as small as it gets
_PARENT = {2: 0, 5: 2, 8: 2, 13: 5}  # length of a code -> of the code of the piece that it lies in


@dataclass(frozen=True, order=True)
class Piece:
    """All places of one level below a parent; an empty `induk` is the whole country."""

    tingkat: Tingkat
    induk: str

    @property
    def name(self) -> str:
        """As in the name of its file."""
        return f"{self.tingkat}-{self.induk or 'semua'}"


def pieces_of(codes: Iterable[str]) -> frozenset[Piece]:
    """The pieces that hold these places; none holds a text that is no code."""
    # Thousands of places lie in a few pieces: first what tells these apart, then the pieces themselves.
    stems = {(length, code[: _PARENT[length]]) for code in codes if (length := len(code)) in LEVELS}
    return frozenset(Piece(LEVELS[length], induk) for length, induk in stems)


class Borders:
    """The borders that a release has, read once."""

    def __init__(self, release: Path) -> None:
        """Read them, if there are any."""
        self._con = duckdb.connect(config={"memory_limit": "1GB", "threads": 2})
        self.pieces: frozenset[Piece] = frozenset()
        file = release / SLUG / f"{SLUG}.geojson"
        if file.is_file():
            load_spatial(self._con)
            self._con.execute(
                f"CREATE TABLE batas AS SELECT DISTINCT ON (kode_wilayah) kode_wilayah AS kode, nama, geom "
                f"FROM ST_Read({literal(str(file))}) "
                f"WHERE length(kode_wilayah) IN ({', '.join(map(str, LEVELS))}) AND geom IS NOT NULL "
                "ORDER BY kode_wilayah, ST_Area(geom) DESC"
            )
            self.pieces = pieces_of(code for (code,) in self._con.execute("SELECT kode FROM batas").fetchall())

    def close(self) -> None:
        """Forget them."""
        self._con.close()

    def write(self, situs: Path, piece: Piece) -> None:
        """Write the file of one piece: `kotak` in degrees (west, south, east, north), `ukuran`, code, name and path."""
        here = f"length(kode) = {CODE_LENGTHS[piece.tingkat]} AND starts_with(kode, {literal(piece.induk)})"
        box = self._con.execute(
            "SELECT min(ST_XMin(geom)), min(ST_YMin(geom)), max(ST_XMax(geom)), max(ST_YMax(geom)) "
            f"FROM batas WHERE {here}"
        ).fetchall()[0]
        frame = Frame(*box)
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE potongan AS SELECT kode, nama, geom FROM batas WHERE {here}")
        step = frame.degree / 2
        while True:
            corners = self._simplify(step)
            # A corner is written in four letters at least, so what has too many need not be written to be measured.
            if 4 * corners <= LARGEST or step > frame.degree * _COARSEST:
                value = self._drawn(frame)
                if len(json.dumps(value, ensure_ascii=False)) <= LARGEST or step > frame.degree * _COARSEST:
                    break
            step *= 1.5
        write_call(situs / f"peta-{piece.name}.js", "peta", piece.name, value)

    def _simplify(self, step: float) -> int:
        """Take details smaller than about `step` degrees from the piece, further each time; how many corners are left.

        Neighbours are simplified together. A place that vanishes keeps the shape that it had.
        """
        try:
            self._con.execute(
                f"""CREATE OR REPLACE TEMP TABLE potongan AS
                WITH semua AS (
                  SELECT
                    list(kode ORDER BY kode) AS kode,
                    ST_CoverageSimplify(list(geom ORDER BY kode), {step!r}) AS geom
                  FROM potongan
                ), bagian AS (SELECT kode, unnest(ST_Dump(geom), recursive := true) FROM semua),
                baru AS (
                  SELECT kode[path[1]] AS kode, ST_Collect(list(geom ORDER BY path)) AS geom FROM bagian GROUP BY ALL
                )
                SELECT kode, lama.nama, coalesce(baru.geom, lama.geom) AS geom
                FROM potongan AS lama LEFT JOIN baru USING (kode)"""
            )
        except duckdb.Error:
            # Borders that cross themselves are no coverage: better a gap between two places than no map.
            self._con.execute(f"UPDATE potongan SET geom = ST_SimplifyPreserveTopology(geom, {step!r})")
        return int(self._con.execute("SELECT coalesce(sum(ST_NPoints(geom)), 0) FROM potongan").fetchall()[0][0])

    def _drawn(self, frame: Frame) -> dict[str, Any]:
        """The piece as it is now."""
        rows = self._con.execute("SELECT kode, nama, ST_AsGeoJSON(geom) FROM potongan ORDER BY kode").fetchall()
        places = [[code, name or code, frame.path(json.loads(shape))] for code, name, shape in rows]
        return {"kotak": frame.box, "ukuran": [frame.width, frame.height], "wilayah": places}
