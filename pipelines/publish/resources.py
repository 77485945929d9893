"""Entries of a descriptor about files: name, format, bytes, hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.home import sha256_file
from pipelines.publish.descriptor import licence

ESCAPE = (
    "Dalam CSV dan XLSX, teks yang diawali =, +, -, @, tab, ganti baris atau tanda petik tunggal diberi satu tanda "
    "petik tunggal di depannya supaya tidak dijalankan sebagai rumus; buang satu tanda petik itu untuk mendapat teks "
    "aslinya. Parquet memuat teks aslinya."
)
_KINDS = {  # by what follows the first dot of the name: (name, title, media type)
    "csv": ("csv", "CSV", "text/csv"),
    "parquet": ("parquet", "Parquet", "application/vnd.apache.parquet"),
    "xlsx": ("xlsx", "Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "geojson": ("geojson", "GeoJSON", "application/geo+json"),
    "geo.parquet": ("geoparquet", "GeoParquet", "application/vnd.apache.parquet"),
    "pmtiles": ("pmtiles", "PMTiles (peta)", "application/vnd.pmtiles"),
}
_DIALECT = {
    "encoding": "utf-8",
    "dialect": {"header": True, "delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
}


def file(path: Path, name: str, title: str, mediatype: str) -> dict[str, Any]:
    """Any file of the folder; to a validator it is no table (it would need a reader of its own and count no bytes)."""
    return {
        "name": name,
        "type": "file",
        "title": title,
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": mediatype,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_file(path)}",
    }


def data_file(path: Path, slug: str) -> dict[str, Any]:
    """The data of a dataset in one of its formats: <slug>.<format>."""
    kind, title, mediatype = _KINDS[path.name.removeprefix(f"{slug}.")]
    return file(path, f"{slug}-{kind}", title, mediatype)


def table(
    entry: Mapping[str, Any], fields: Sequence[Mapping[str, Any]], key: Sequence[str] = (),
    references: Mapping[str, tuple[str, str]] | None = None, licence_name: str | None = None, escaped: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """A CSV file with its columns; `references`: column -> (resource, column there)."""
    schema: dict[str, Any] = {"fields": list(fields), "missingValues": [""]}
    if key:
        schema["primaryKey"] = list(key)
    if references:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": resource, "fields": [there]}}
            for column, (resource, there) in references.items()
        ]
    said = {"description": ESCAPE} if escaped else {}
    terms = {"licenses": [licence(licence_name)]} if licence_name else {}
    return {**entry, "type": "table", **said, **terms, **_DIALECT, "schema": schema}
