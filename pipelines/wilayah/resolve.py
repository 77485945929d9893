"""Where each row of one delivery belongs: the table `tempat`."""

from __future__ import annotations

import duckdb

from pipelines.contract.model import Contract, Tingkat
from pipelines.referensi.keys import LEVELS
from pipelines.wilayah.codes import find_codes
from pipelines.wilayah.names import find_names

_WORK = "_tempat"
_STANDARDS = ("kode_wilayah", "nama_wilayah")


def place_columns(contract: Contract) -> list[str]:
    """Columns that hold a code or a name of a place, in the contract's order."""
    return [name for name, column in contract.kolom.items() if column.standar in _STANDARDS]


def join_condition(contract: Contract, rows: str, places: str) -> str:
    """SQL condition between the aliases of the raw rows and of `tempat`; every row meets exactly one."""
    pairs = (f'{rows}."{name}" IS NOT DISTINCT FROM {places}."{name}__asli"' for name in place_columns(contract))
    return " AND ".join(pairs) or "TRUE"


def resolve(con: duckdb.DuckDBPyConnection, contract: Contract, relation: str) -> None:
    """Create the table `tempat`: one row for each combination of place cells in `relation`.

    `relation` is a table or view with the contract's columns as raw text; `install` came before.
    Columns: `<kolom>__asli` (the cell, the join key), `<kolom>__kode` and `<kolom>__masalah` (NULL,
    'tidak_ditemukan' or 'ambigu') for every place column; then for the row:

    kode_wilayah     the code, else the finest name, else `wilayah.tetap`; NULL when none is known
    wilayah_metode   kode | nama | alias | bawaan | nama_induk | tetap | NULL; nama_induk: a finer
                     name was given but is not known, so this is the place around it
    wilayah_bawaan   true where `wilayah.bawaan` decided between a kabupaten and a kota

    Names are looked for from coarse to fine, each inside the one above it and all inside
    `wilayah.dalam` (or `wilayah.tetap`). An empty cell is skipped. Below a name that is not known
    nothing is searched, and nothing there is at fault.
    Raises ValueError for a contract that names an unknown place or gives a place column no level.
    """
    place = contract.wilayah
    scope = (place.dalam or place.tetap) if place else None
    for code in filter(None, (scope, place and place.tetap)):
        if not con.execute("FROM wilayah WHERE kode = ?", [code]).fetchone():
            raise ValueError(f"{contract.key}: wilayah names '{code}', which is not a code of the edition")

    columns = place_columns(contract)
    cells = ", ".join(f'"{name}"' for name in columns)
    distinct = f"SELECT DISTINCT {cells} FROM {relation}" if columns else "SELECT 1 WHERE TRUE"
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {_WORK} AS
        SELECT row_number() OVER () AS _id, *, {_text(scope)} AS _induk, FALSE AS _buntu,
            NULL::VARCHAR AS _kode, NULL::VARCHAR AS _metode, FALSE AS _bawaan
        FROM ({distinct})
        """
    )
    levels: dict[Tingkat, str] = {level: place.nama[level] for level in LEVELS if level in place.nama} if place else {}
    for level, name in levels.items():
        _name_in_chain(con, name, level, place.bawaan if place else None)
    for name in columns:
        column = contract.kolom[name]
        if name in levels.values():
            continue
        if column.tingkat is None:
            raise ValueError(f"{contract.key}: kolom.{name} has no tingkat")
        if column.standar == "kode_wilayah":
            found = find_codes(_WORK, name, column.tingkat, column.sistem)
        else:
            found = find_names(_WORK, name, column.tingkat, _text(scope), place.bawaan if place else None)
        _extend(con, found, f'h.kode AS "{name}__kode", h.masalah AS "{name}__masalah"')
    _finish(con, columns, place.kode if place else None, place.tetap if place else None)


def _name_in_chain(con: duckdb.DuckDBPyConnection, name: str, level: Tingkat, bawaan: str | None) -> None:
    """Resolve one level and move the chain on: deeper, or to a dead end."""
    found = find_names(f"(FROM {_WORK} WHERE NOT _buntu)", name, level, "_induk", bawaan)
    _extend(
        con,
        found,
        f"""h.kode AS "{name}__kode", h.masalah AS "{name}__masalah",
            CASE WHEN length(h.kode) > coalesce(length(t._induk), 0) THEN h.kode ELSE t._induk END AS _induk,
            t._buntu OR h.masalah IS NOT NULL AS _buntu, coalesce(h.kode, t._kode) AS _kode,
            coalesce(h.metode, t._metode) AS _metode,
            t._bawaan OR h.metode IS NOT DISTINCT FROM 'bawaan' AS _bawaan""",
        replaced="EXCLUDE (_induk, _buntu, _kode, _metode, _bawaan)",
    )


def _extend(con: duckdb.DuckDBPyConnection, found: str, added: str, replaced: str = "") -> None:
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {_WORK} AS
        SELECT t.* {replaced}, {added} FROM {_WORK} t LEFT JOIN ({found}) h USING (_id)
        """
    )


def _finish(con: duckdb.DuckDBPyConnection, columns: list[str], code: str | None, fixed: str | None) -> None:
    by_code = f'"{code}__kode"' if code else "NULL::VARCHAR"
    # A column that only repeats the province says less than `tetap` does.
    by_name = f"CASE WHEN length(_kode) >= {len(fixed or '')} THEN _kode END"
    cells = "".join(f'"{c}" AS "{c}__asli", "{c}__kode", "{c}__masalah", ' for c in columns)
    con.execute(
        f"""
        CREATE OR REPLACE TABLE tempat AS
        SELECT * EXCLUDE (_kode_k, _kode_n, _buntu, _metode, _bawaan),
            coalesce(_kode_k, _kode_n, {_text(fixed)}) AS kode_wilayah,
            CASE WHEN _kode_k IS NOT NULL THEN 'kode' WHEN _kode_n IS NOT NULL AND _buntu THEN 'nama_induk'
                WHEN _kode_n IS NOT NULL THEN _metode WHEN {_text(fixed)} IS NOT NULL THEN 'tetap'
                END AS wilayah_metode,
            _kode_k IS NULL AND _kode_n IS NOT NULL AND _bawaan AS wilayah_bawaan
        FROM (
            SELECT {cells} {by_code} AS _kode_k, {by_name} AS _kode_n, _buntu, _metode, _bawaan FROM {_WORK}
        )
        """
    )
    con.execute(f"DROP TABLE {_WORK}")


def _text(value: str | None) -> str:
    """SQL literal of a code that the contract's model has already checked."""
    return f"'{value}'" if value else "NULL::VARCHAR"
