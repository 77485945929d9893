"""Where a dataset's rows lie: the rows of its Parquet file, in order, with a geometry each.

Geometry is in degrees (longitude, latitude, WGS 84) with six decimals (11 cm), polygons wound as RFC 7946 asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.sql import ident, literal

_DECIMALS = 6
# Names that no column of a dataset can have: they hold a space.
ROW, GEOMETRY = '"nomor baris"', '"geometri baris"'


@dataclass(frozen=True)
class Points:
    """Columns of latitude and longitude. A row lacking one, or off the globe, has no geometry."""

    lat: str
    lon: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the geometry says too."""
        return (self.lat, self.lon)

    def rows(self, parquet: Path) -> str:
        """SQL relation: the columns of the file, ROW and GEOMETRY (NULL where there is none)."""
        lat, lon = ident(self.lat), ident(self.lon)
        return (
            f"(SELECT * RENAME (file_row_number AS {ROW}), "
            f"CASE WHEN {lat} BETWEEN -90 AND 90 AND {lon} BETWEEN -180 AND 180 "
            f"THEN ST_Point(round({lon}, {_DECIMALS}), round({lat}, {_DECIMALS})) END AS {GEOMETRY} "
            f"FROM read_parquet({literal(str(parquet))}, file_row_number = true))"
        )


@dataclass(frozen=True)
class Areas:
    """A relation of polygons (`kode`, each once, and `geom`), and the column that holds the code of a row's place."""

    relation: str
    code: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the geometry says too: none."""
        return ()

    def rows(self, parquet: Path) -> str:
        """SQL relation: the columns of the file, ROW and GEOMETRY (NULL where there is none)."""
        # Normalised rings run clockwise; RFC 7946 wants the outer ones the other way.
        shape = f"ST_Reverse(ST_Normalize(ST_ReducePrecision(geom, 1e-{_DECIMALS})))"
        return (
            f"(SELECT d.* RENAME (file_row_number AS {ROW}), "
            f"CASE WHEN NOT ST_IsEmpty(a.geom) THEN a.geom END AS {GEOMETRY} "
            f"FROM read_parquet({literal(str(parquet))}, file_row_number = true) d "
            f"LEFT JOIN (SELECT kode, {shape} AS geom FROM {self.relation}) a ON a.kode = d.{ident(self.code)})"
        )


Place = Points | Areas
