"""The reference tables that the models read: their columns, and the relation of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pyarrow.parquet as pq

from pipelines.sql import ident
from pipelines.warehouse.models import parquet

COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "wilayah": {
            "kode": "VARCHAR",
            "kode_bps": "VARCHAR",
            "tingkat": "VARCHAR",
            "nama": "VARCHAR",
            "jenis": "VARCHAR",
            "kode_induk": "VARCHAR",
            "dasar_hukum": "VARCHAR",
            "berlaku_mulai": "DATE",
            "berlaku_sampai": "DATE",
            "luas_km2": "DOUBLE",
            "lintang": "DOUBLE",
            "bujur": "DOUBLE",
        },
        "edisi": {"edisi": "VARCHAR", "sistem": "VARCHAR", "berlaku_mulai": "DATE", "dasar_hukum": "VARCHAR"},
        "perubahan": {
            "lama": "VARCHAR",
            "baru": "VARCHAR",
            "jenis": "VARCHAR",
            "bobot": "DOUBLE",
            "dasar_hukum": "VARCHAR",
            "edisi_lama": "VARCHAR",
            "edisi_baru": "VARCHAR",
            "tanggal": "DATE",
        },
        "jembatan": {"kode_bps": "VARCHAR", "kode": "VARCHAR", "tingkat": "VARCHAR", "asal": "VARCHAR"},
        "batas": {
            "kode": "VARCHAR",
            "tingkat": "VARCHAR",
            "jenis": "VARCHAR",
            "nama": "VARCHAR",
            "geom": "GEOMETRY",
        },
    }
)
"""Table -> column -> type of DuckDB. They are those of the prepared file of the checks; see `Inputs`."""


def reference(columns: Mapping[str, str], path: Path | None) -> str:
    """SQL of a table with these columns; no rows without a file, and a column that the file lacks is empty."""
    present = set(pq.read_schema(path).names) if path else set()
    cells = [f"CAST({ident(n) if n in present else 'NULL'} AS {kind}) AS {ident(n)}" for n, kind in columns.items()]
    source = f"FROM {parquet(path)}" if path else "WHERE FALSE"
    return f"(SELECT {', '.join(cells)} {source})"
