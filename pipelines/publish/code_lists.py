"""Copies of the code lists that a dataset refers to, beside it: a validator follows no path that leaves the folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.disclosure import STATUS
from pipelines.formats import write_csv
from pipelines.gate import PLACE
from pipelines.home import put_text
from pipelines.publish import places, resources
from pipelines.publish.claims import Claims
from pipelines.publish.layout import Output
from pipelines.referensi.codes import LEVELS
from pipelines.spreadsheet import escaped
from pipelines.sql import ident

PLACES = "kode-wilayah"
PLACE_LICENCE = "ODbL-1.0"  # as the source of kode wilayah, sources/referensi/wilayah/NOTICE
CLASSES = "klasifikasi"
_LIST = "rilis_daftar"
PLACE_FIELDS = {
    "kode": "Kode wilayah menurut Kemendagri, dengan titik.",
    "nama": "Nama wilayah.",
    "tingkat": "provinsi, kabupaten_kota, kecamatan atau desa_kelurahan.",
    "kode_induk": "Kode wilayah yang melingkupinya.",
    "kode_bps": "Kode BPS wilayah yang sama; kosong bila belum diketahui.",
}


@dataclass
class CodeLists:
    """Entries for the descriptor, and for each column the list and the column in it that its values stand in."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)


def write(
    con: duckdb.DuckDBPyConnection, outputs: Sequence[Output], kept: Claims, table: str, folder: Path, named: bool
) -> CodeLists:
    """Write the lists for the rows of a table into a folder; `named`: whether there are names of places (`places`)."""
    found = CodeLists()
    columns = {c.name: c for c in outputs}
    if PLACE in columns and named and _places(con, table, folder / "kode_wilayah.csv"):
        entry = resources.file(folder / "kode_wilayah.csv", PLACES, "Daftar kode wilayah", "text/csv")
        found.entries.append(
            resources.table(entry, text_fields(PLACE_FIELDS), ["kode"], licence_name=PLACE_LICENCE, escaped=False)
        )
        found.references[PLACE] = (PLACES, "kode")
    for name, values in kept.values.items():
        status = columns[name].peran == "status"
        list_name = "status_nilai" if status else name
        resource = f"{CLASSES}-{list_name.replace('_', '-')}"
        if not any(entry["name"] == resource for entry in found.entries):
            path = folder / f"{CLASSES}_{list_name}.csv"
            meanings = {value: STATUS[value] if status else "" for value in values}
            fields = {"nilai": "Nilai yang mungkin."} | ({"arti": "Artinya."} if status else {})
            _csv(path, fields, [pair[: len(fields)] for pair in meanings.items()])
            entry = resources.file(path, resource, f"Daftar nilai {list_name.replace('_', ' ')}", "text/csv")
            found.entries.append(resources.table(entry, text_fields(fields), ["nilai"]))
        found.references[name] = (resource, "nilai")
    return found


def text_fields(meanings: dict[str, str]) -> list[dict[str, Any]]:
    """Table Schema fields of text columns."""
    return [
        {"name": k, "type": "string", "title": k.replace("_", " ").capitalize(), "description": v}
        for k, v in meanings.items()
    ]


def _places(con: duckdb.DuckDBPyConnection, table: str, out: Path) -> bool:
    """The places of the rows and all around them; False where one is not known: a reference would lead nowhere."""
    codes = f"(SELECT DISTINCT {ident(PLACE)} AS kode FROM {table} WHERE {ident(PLACE)} IS NOT NULL)"
    if con.execute(f"SELECT 1 FROM {codes} ANTI JOIN {places.TABLE} USING (kode) LIMIT 1").fetchone():
        return False
    around = f"(SELECT unnest([{', '.join(f'left(kode, {n})' for n in LEVELS.values())}]) AS kode FROM {codes})"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {_LIST} AS SELECT {', '.join(PLACE_FIELDS)} "
        f"FROM {places.TABLE} SEMI JOIN {around} USING (kode) ORDER BY kode"
    )
    write_csv(con, _LIST, dict.fromkeys(PLACE_FIELDS, "VARCHAR"), out)
    return True


def _csv(out: Path, columns: Iterable[str], rows: Iterable[Sequence[str | None]]) -> None:
    """A list of codes, escaped as all CSV of a release."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([escaped(cell or "") for cell in row] for row in rows)
    put_text(out, text.getvalue())
