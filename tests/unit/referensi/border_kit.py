"""A small country for the tests of borders: two kabupaten, their codes in both systems, and polygon files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.referensi.borders import borders
from pipelines.referensi.declare import declared
from pipelines.sql import load_spatial

# kode, tingkat, nama, kunci, jenis, kode BPS (kecamatan 33.01.02 and 33.01.03 are numbered the other way round there)
PLACES = [
    ("33", "provinsi", "Jawa Tengah", "jawatengah", "provinsi", "33"),
    ("33.01", "kabupaten_kota", "Kabupaten Laut", "laut", "kabupaten", "3301"),
    ("33.02", "kabupaten_kota", "Kabupaten Darat", "darat", "kabupaten", "3302"),
    ("33.71", "kabupaten_kota", "Kota Laut", "laut", "kota", "3371"),
    ("33.01.01", "kecamatan", "Pantai", "pantai", "kecamatan", "3301010"),
    ("33.01.02", "kecamatan", "Teluk", "teluk", "kecamatan", "3301030"),
    ("33.01.03", "kecamatan", "Tanjung", "tanjung", "kecamatan", "3301020"),
    ("33.02.01", "kecamatan", "Gunung", "gunung", "kecamatan", "3302010"),
    ("33.01.01.2001", "desa_kelurahan", "Suwaduk", "suwaduk", "desa", None),
    ("33.01.01.2002", "desa_kelurahan", "Kedung Waduk", "kedungwaduk", "desa", None),
    ("33.01.02.2001", "desa_kelurahan", "Karangsari", "karangsari", "desa", None),
    ("33.01.02.2002", "desa_kelurahan", "Karangsaru", "karangsaru", "desa", None),
    ("33.01.03.2001", "desa_kelurahan", "Banyuurip", "banyuurip", "desa", None),
    ("33.01.03.2002", "desa_kelurahan", "Sidomulyo", "sidomulyo", "desa", None),
    ("35", "provinsi", "Jawa Timur", "jawatimur", "provinsi", "35"),
    ("35.77", "kabupaten_kota", "Kota Madiun", "madiun", "kota", "3577"),
]


def country() -> duckdb.DuckDBPyConnection:
    """A connection with wilayah, wilayah_nama and jembatan_bps of PLACES."""
    con = duckdb.connect()
    load_spatial(con)
    con.execute(
        "CREATE TABLE asal(kode VARCHAR, tingkat VARCHAR, nama VARCHAR, kunci VARCHAR, jenis VARCHAR, bps VARCHAR)"
    )
    con.executemany("INSERT INTO asal VALUES (?, ?, ?, ?, ?, ?)", PLACES)
    con.execute(
        r"CREATE TABLE wilayah AS SELECT kode, tingkat, nama, jenis, "
        r"nullif(regexp_replace(kode, '\.?[0-9]+$', ''), '') AS kode_induk, kunci FROM asal"
    )
    con.execute(
        "CREATE TABLE wilayah_nama AS SELECT kode, tingkat, kode_induk, kunci, jenis, 'nama' AS sumber FROM wilayah"
    )
    con.execute(
        "CREATE TABLE jembatan_bps AS SELECT bps AS kode_bps, kode, tingkat, 'uji' AS asal "
        "FROM asal WHERE bps IS NOT NULL"
    )
    return con


def square(x: float, y: float, size: float = 0.01) -> list[list[list[float]]]:
    return [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]]


def feature(properties: dict[str, object], rings: object, kind: str = "Polygon") -> dict[str, object]:
    geometry = None if rings is None else {"type": kind, "coordinates": rings}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(features: Iterable[dict[str, object]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def write(folder: Path, name: str, *features: dict[str, object]) -> Path:
    path = folder / "batas" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(collection(features))
    return path


def load(con: duckdb.DuckDBPyConnection, *folders: Path) -> dict[str, str]:
    """Build `batas`; returns kode by the file's own name or code of the place."""
    borders(con, declared(list(folders)))
    rows = con.execute("SELECT coalesce(nama, kode_asal), kode FROM batas WHERE berkas <> 'gabungan'").fetchall()
    return dict(rows)


def problems(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str, int]]:
    """(berkas, contoh, jumlah) by jenis of referensi_masalah."""
    rows = con.execute("SELECT jenis, berkas, contoh, jumlah FROM referensi_masalah").fetchall()
    return {jenis: (berkas, contoh, jumlah) for jenis, berkas, contoh, jumlah in rows}
