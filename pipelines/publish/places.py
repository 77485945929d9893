"""Names and codes of the places around a row, coarse to fine, beside its `kode_wilayah`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from pipelines.contract.model import Contract, Tingkat
from pipelines.contract.place import LEVEL_NAMES
from pipelines.referensi.codes import LEVELS, level_of, parent_of
from pipelines.sql import ident

TABLE = "rilis_tempat"
FIELDS = {
    "kode": "Kode wilayah menurut Kemendagri, dengan titik.",
    "nama": "Nama wilayah.",
    "tingkat": "provinsi, kabupaten_kota, kecamatan atau desa_kelurahan.",
    "kode_induk": "Kode wilayah yang melingkupinya.",
    "kode_bps": "Kode BPS wilayah yang sama; kosong bila belum diketahui.",
}
BPS = "bps_kode_wilayah"


# What is known of each code: the values of FIELDS.
Named = Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True)
class PlaceColumn:
    """A column that the release adds to a table with places: its name, title and meaning."""

    name: str
    title: str
    meaning: str


def install(con: duckdb.DuckDBPyConnection, warehouse: str) -> bool:
    """Make the table of places from a warehouse attached as `warehouse`; False where that holds no places.

    One row a code, also of places that are gone, with the names it had last.
    """
    try:
        con.execute(f"SELECT kode, kode_bps, nama, berlaku_mulai FROM {warehouse}.conformed.dim_wilayah LIMIT 0")
    except duckdb.CatalogException:
        return False
    last = (
        f"(SELECT kode, NULLIF(arg_max(nama, berlaku_mulai), '') AS nama, NULLIF(any_value(kode_bps), '') AS kode_bps "
        f"FROM {warehouse}.conformed.dim_wilayah GROUP BY kode)"
    )
    columns, joins = [], []
    for level, length in LEVELS.items():
        # One equality alone lets DuckDB join by hash.
        code = f"CASE WHEN length(w.kode) >= {length} THEN left(w.kode, {length}) END"
        columns.append(f"{code} AS kode_{level}, {level}.nama AS nama_{level}")
        joins.append(f"LEFT JOIN {last} {level} ON {level}.kode = {code}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT w.kode, w.nama, w.kode_bps, w.kode_bps AS {BPS}, "
        f"{level_of('w.kode', 'kemendagri')} AS tingkat, {parent_of('w.kode', 'kemendagri')} AS kode_induk, "
        f"{', '.join(columns)} FROM {last} w {' '.join(joins)}"
    )
    return True


def named(con: duckdb.DuckDBPyConnection) -> Named:
    """All of the table of places."""
    return {row[0]: row for row in con.execute(f"SELECT {', '.join(FIELDS)} FROM {TABLE}").fetchall()}


def codes(con: duckdb.DuckDBPyConnection, table: str, code: str) -> list[str]:
    """The places of the rows of a table, each once, in order."""
    rows = con.execute(f"SELECT DISTINCT {ident(code)} FROM {table} WHERE {ident(code)} IS NOT NULL").fetchall()
    return sorted(row[0] for row in rows)


def added(contract: Contract, taken: set[str]) -> list[PlaceColumn]:
    """The columns to add to the table of a contract, down to the finest level that it can tell; none of `taken`."""
    found = [PlaceColumn(BPS, "Kode wilayah BPS", "Kode BPS dari wilayah yang sama; kosong bila belum diketahui.")]
    for level, length in LEVELS.items():
        if length <= _finest(contract):
            word = LEVEL_NAMES[level].lower()
            found.append(PlaceColumn(f"kode_{level}", f"Kode {word}", f"Kode {word} menurut Kemendagri, dengan titik."))
            found.append(PlaceColumn(f"nama_{level}", f"Nama {word}", f"Nama {word} menurut Kemendagri."))
    return [c for c in found if c.name not in taken] if contract.wilayah else []


def joined(relation: str, code: str) -> str:
    """SQL of a relation (alias `d`) with the table of places beside it (alias `t`)."""
    return f"{relation} d LEFT JOIN {TABLE} t ON t.kode = d.{ident(code)}"


def _finest(contract: Contract) -> int:
    """Length of the finest code that the rows of a contract can have."""
    place = contract.wilayah
    if place is None:
        return 0
    levels: list[Tingkat] = [*place.nama]
    if place.kode and (level := contract.kolom[place.kode].tingkat):
        levels.append(level)
    lengths = [LEVELS[level] for level in levels] + [len(place.tetap or "")]
    return LEVELS["desa_kelurahan"] if place.titik else max(lengths)
