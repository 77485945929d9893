"""Polygon files: which there are, and their layers as one table of raw polygons.

GeoJSON, TopoJSON, GeoPackage and Shapefile, plain or in a zip, are read by GDAL through DuckDB.
Polygons come out in two dimensions and in EPSG:4326; a file that states no CRS is taken to be in it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import duckdb

from pipelines.referensi.declare import Batas, Declared
from pipelines.referensi.problems import note_one
from pipelines.sql import ident, literal

# A Shapefile is named by its .shp; its other parts are found by GDAL.
SUFFIXES = (".geojson", ".json", ".topojson", ".gpkg", ".shp")
FOLDER = "batas"
_WGS84 = {"4326", "4979"}


@dataclass(frozen=True)
class Source:
    """One file, or one member of a zip; `entry` is None where nobody declared it."""

    name: str
    gdal_path: str
    folder: Path
    entry: Batas | None


def border_files(declared: Declared) -> list[Path]:
    """Every file that takes part, declared or lying in a folder's `batas/`, with what stands beside a Shapefile."""
    files = {path for found in declared.all(Batas) for path in found.files}
    for folder in declared.folders:
        files |= {path for path in (folder / FOLDER).rglob("*") if path.is_file()}
        for found in declared.all(Batas):
            if found.entry.pemetaan and (folder / found.entry.pemetaan).is_file():
                files.add(folder / found.entry.pemetaan)
    return sorted(files)


def sources(con: duckdb.DuckDBPyConnection, declared: Declared) -> Iterator[Source]:
    """Declared files in their order, then the undeclared ones in each folder's `batas/` (of a declared zip only the
    declared members).

    What cannot be opened, and a zip without a polygon file, is reported.
    """
    taken: set[Path] = set()
    for found in declared.all(Batas):
        for path in found.files:
            taken.add(path)
            members = _members(con, path, found.name(path))
            chosen = [m for m in members if fnmatch(m, found.entry.anggota or "*")]
            if members and not chosen:
                pesan = "Tidak ada berkas di dalam zip yang cocok dengan `anggota`"
                note_one(con, found.name(path), "tanpa_anggota", found.entry.anggota, pesan, members[0])
            for member in chosen:
                yield _source(path, found.name(path), member, found.folder, found.entry)
    for folder in declared.folders:
        for path in sorted((folder / FOLDER).rglob("*")):
            if path not in taken and path.suffix.lower() in (*SUFFIXES, ".zip") and path.is_file():
                name = path.relative_to(folder).as_posix()
                for member in _members(con, path, name):
                    yield _source(path, name, member, folder, None)


def _source(path: Path, name: str, member: str, folder: Path, entry: Batas | None) -> Source:
    if not member:
        return Source(name, str(path), folder, entry)
    return Source(f"{name}/{member}", f"/vsizip/{{{path}}}/{member}", folder, entry)


def _members(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> Sequence[str]:
    """Polygon files in a zip; [''] for a plain file; nothing, with a report, for a zip that holds none."""
    if path.suffix.lower() != ".zip":
        return [""]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [n for n in archive.namelist() if n.lower().endswith(SUFFIXES) and "__MACOSX" not in n]
    except (zipfile.BadZipFile, OSError) as error:
        note_one(con, name, "tidak_terbaca", name, "Zip rusak; kirim ulang berkasnya", str(error))
        return []
    if not members:
        kinds = ", ".join(SUFFIXES)
        note_one(con, name, "tanpa_poligon", name, f"Zip tidak berisi berkas poligon ({kinds})")
    return members


def read(con: duckdb.DuckDBPyConnection, source: Source, out: str) -> list[str]:
    """Read the first layer with polygons into table `out`(_n, attributes as text ..., geom); returns the attributes.

    Nothing is created and [] returned for what is no polygon file; that is reported.
    """
    path = literal(source.gdal_path)
    try:
        # First: asking for the metadata of what is no data set ends the process.
        con.execute(f"FROM ST_Read({path}) LIMIT 0")
        layers = con.execute(f"SELECT unnest(layers) FROM ST_Read_Meta({path})").fetchall()
        layer = next((name for (name,) in layers if name["geometry_fields"]), None)
        if layer is None:
            raise duckdb.IOException("no layer with a geometry")
        rows = f"ST_Read({path}, layer = {literal(layer['name'])})"
        described = con.execute(f"DESCRIBE FROM {rows}").fetchall()
        shape = next(name for name, kind, *_ in described if kind.startswith("GEOMETRY"))
        columns = [str(name) for name, kind, *_ in described if name not in (shape, "OGC_FID") and kind != "GEOMETRY"]
        texts = "".join(f"{ident(name)}::VARCHAR AS {ident(name)}, " for name in columns if name != "_n")
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {out} AS SELECT (row_number() OVER ())::INTEGER AS _n, {texts}"
            f"{_degrees(ident(shape), layer['geometry_fields'][0]['crs'])} AS geom FROM {rows}"
        )
    except (duckdb.Error, StopIteration) as error:
        reason = str(error).splitlines()[0]
        pesan = "Berkas ini tidak terbaca sebagai peta poligon; kirim GeoJSON, TopoJSON, GeoPackage atau Shapefile"
        note_one(con, source.name, "tidak_terbaca", source.name, pesan, Path(reason).name)
        return []
    if not con.execute(f"FROM {out} LIMIT 1").fetchall():
        note_one(con, source.name, "kosong", source.name, "Berkas tidak berisi satu poligon pun")
        return []
    if not columns:
        pesan = "Poligon tanpa keterangan apa pun; tambahkan kolom kode atau nama wilayah"
        note_one(con, source.name, "kolom", source.name, pesan)
    return [name for name in columns if name != "_n"]


def _degrees(shape: str, crs: dict[str, Any] | None) -> str:
    """SQL: the geometry in longitude and latitude of WGS 84, without Z and M."""
    flat = f"ST_Force2D({shape}::GEOMETRY)"
    if crs is None or (crs.get("auth_name") == "EPSG" and crs.get("auth_code") in _WGS84):
        return flat
    known = crs.get("auth_name") and crs.get("auth_code")
    system = f"{crs['auth_name']}:{crs['auth_code']}" if known else str(crs.get("wkt") or crs.get("proj4"))
    return f"ST_Transform({flat}, {literal(system)}, 'EPSG:4326', always_xy := true)"
