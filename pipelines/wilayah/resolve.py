"""Where each row of one delivery belongs: the table `tempat`."""

from __future__ import annotations

import duckdb

from pipelines.contract.model import Contract, Tingkat
from pipelines.referensi.codes import LEVELS
from pipelines.sql import ident
from pipelines.wilayah.codes import create_periods, find_codes, valid_at
from pipelines.wilayah.names import find_names

_WORK = "_tempat"
_STANDARDS = ("kode_wilayah", "nama_wilayah")
# What names found so far say: the place, how, how surely, whether the contract's default decided.
_CHAIN = "_induk, _buntu, _nama, _metode, _skor, _bawaan"


def place_columns(contract: Contract) -> list[str]:
    """Columns that hold a code or a name of a place, in the contract's order."""
    return [name for name, column in contract.kolom.items() if column.standar in _STANDARDS]


def join_condition(contract: Contract, rows: str, places: str, moment: str | None = None) -> str:
    """SQL condition between the aliases of the raw rows and of `tempat`; every row meets exactly one.

    `moment` is the row's date as given to `resolve`.
    """
    pairs = [
        f"{rows}.{ident(name)} IS NOT DISTINCT FROM {places}.{ident(name + '__asli')}"
        for name in place_columns(contract)
    ]
    if moment:
        pairs.append(f"{places}._masa = masa_wilayah({moment})")
    return " AND ".join(pairs) or "TRUE"


def resolve(con: duckdb.DuckDBPyConnection, contract: Contract, relation: str, moment: str | None = None) -> None:
    """Create the table `tempat`: one row for each combination of place cells (and stretch of time) in `relation`.

    `relation` is a table or view with the contract's columns as raw text; `install` came before. `moment`
    is SQL over it (alias m): the row's date, for codes that changed; without it, and where it is NULL,
    the newest edition holds. Columns: `<kolom>__asli` (the cell, the join key) and `_masa`; for every place column
    `<kolom>__kode`, `<kolom>__masalah`, `<kolom>__calon` (places that it may mean where that is not known) and
    `<kolom>__usul` {induk, kode, skor} (names: the nearest spelling); then for the row:

    kode_wilayah     the code, or the finest name where that says more; else `wilayah.tetap`; valid on the row's date
    wilayah_metode   kode | penerus | pendahulu | nama | alias | nama_lama | mirip | bawaan | nama_induk | tetap | NULL;
                     nama_induk: a finer name was given but is not known, so this is the place around it
    wilayah_skor     1, or less where a name was only similar; NULL without a place
    wilayah_bawaan   true where `wilayah.bawaan` decided between a kabupaten and a kota
    wilayah_kini     what kode_wilayah is called in the newest edition
    wilayah_nama     the place that the names mean (newest edition), where the code says another one

    `masalah` of a column: NULL; tidak_ditemukan; induk (not known, but the place around it is); ambigu; pecah (a
    code that became several); mirip (understood by a near spelling); beda (a code, and the names say another place).

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
    for name in columns:
        if contract.kolom[name].tingkat is None:
            raise ValueError(f"{contract.key}: kolom.{name} has no tingkat")

    latest = create_periods(con)
    cells = [f"m.{ident(name)}" for name in columns] + ([f"masa_wilayah({moment}) AS _masa"] if moment else [])
    distinct = f"SELECT DISTINCT {', '.join(cells)} FROM {relation} m" if cells else "SELECT 1 WHERE TRUE"
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {_WORK} AS
        SELECT row_number() OVER () AS _id, *{"" if moment else f", {latest} AS _masa"},
            {_text(scope)} AS _induk, FALSE AS _buntu, NULL::VARCHAR AS _nama, NULL::VARCHAR AS _metode,
            1::DOUBLE AS _skor, FALSE AS _bawaan, NULL::VARCHAR AS _kode, NULL::VARCHAR AS _kini,
            NULL::VARCHAR AS _cara
        FROM ({distinct})
        """
    )
    code = place.kode if place else None
    levels: dict[Tingkat, str] = {level: place.nama[level] for level in LEVELS if level in place.nama} if place else {}
    bawaan = place.bawaan if place else None
    # The declared code first: it decides between places of one name.
    for name in [*([code] if code else []), *(n for n in columns if n != code and n not in levels.values())]:
        column = contract.kolom[name]
        assert column.tingkat
        if column.standar == "kode_wilayah":
            found = find_codes(_WORK, name, column.tingkat, column.sistem, latest)
            own = "h.kode AS _kode, h.kini AS _kini, h.metode AS _cara" if name == code else ""
            _extend(con, name, found, "NULL", own, "_kode, _kini, _cara" if own else "")
        else:
            _extend(con, name, find_names(_WORK, name, column.tingkat, _text(scope), _text(None), bawaan), "h.usul")
    for level, name in levels.items():
        _name_in_chain(con, name, level, bawaan)
    _finish(con, contract, columns, latest)


def _name_in_chain(con: duckdb.DuckDBPyConnection, name: str, level: Tingkat, bawaan: str | None) -> None:
    """Resolve one level and move the chain on: deeper, or to a dead end."""
    found = find_names(f"(FROM {_WORK} WHERE NOT _buntu)", name, level, "_induk", "_kini", bawaan)
    _extend(
        con,
        name,
        found,
        "h.usul",
        """CASE WHEN length(h.kode) > coalesce(length(t._induk), 0) THEN h.kode ELSE t._induk END AS _induk,
            t._buntu OR (h.kode IS NULL AND h.masalah IS NOT NULL) AS _buntu, coalesce(h.kode, t._nama) AS _nama,
            CASE WHEN h.kode IS NOT NULL THEN h.metode ELSE t._metode END AS _metode,
            least(coalesce(h.skor, 1), t._skor) AS _skor,
            t._bawaan OR h.metode IS NOT DISTINCT FROM 'bawaan' AS _bawaan""",
        _CHAIN,
    )


def _extend(
    con: duckdb.DuckDBPyConnection, name: str, found: str, proposal: str, more: str = "", replaced: str = ""
) -> None:
    """Add what was found for a column to the worktable; `more` replaces the columns `replaced`."""
    added = [f"h.{part} AS {ident(f'{name}__{part}')}" for part in ("kode", "masalah", "calon")]
    added += [f"{proposal}::STRUCT(induk VARCHAR, kode VARCHAR, skor DOUBLE) AS {ident(name + '__usul')}"]
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {_WORK} AS
        SELECT t.* {f"EXCLUDE ({replaced})" if replaced else ""}, {", ".join([*added, *([more] if more else [])])}
        FROM {_WORK} t LEFT JOIN ({found}) h USING (_id)
        """
    )


def _finish(con: duckdb.DuckDBPyConnection, contract: Contract, columns: list[str], latest: str) -> None:
    place = contract.wilayah
    code, fixed = (place.kode, place.tetap) if place else (None, None)
    names = place.nama.values() if place else ()
    if code:
        # Several places followed the code; a name that says which one of them decides.
        heir = f"list_filter({ident(code + '__calon')}, lambda c: starts_with(_nama || '.', c || '.'))[1]"
        con.execute(
            f"""
            UPDATE {_WORK} SET _kode = {heir}, _kini = {heir}, _cara = 'penerus', {ident(code + "__kode")} = {heir},
                {ident(code + "__masalah")} = NULL
            WHERE {ident(code + "__masalah")} = 'pecah' AND {heir} IS NOT NULL
            """
        )
    # A column that only repeats the province says less than `tetap` does.
    usable = f"length(_nama) >= {len(fixed or '')}"
    finer = "_kini IS NULL OR starts_with(_nama, _kini || '.')"
    other = "_kini IS NOT NULL AND NOT starts_with(_nama, _kini) AND NOT starts_with(_kini, _nama)"
    known = f"_kode IS NOT NULL OR ({usable}) OR {_text(fixed)} IS NOT NULL"
    cells = []
    for name in columns:
        column, problem = ident(name + "__masalah"), f"r.{ident(name + '__masalah')}"
        if name == code:
            problem = f"CASE WHEN {problem} IS NULL AND _beda THEN 'beda' ELSE {problem} END"
        elif name in names:
            problem = f"CASE WHEN {problem} = 'tidak_ditemukan' AND _ada THEN 'induk' ELSE {problem} END"
        cells.append(
            f"r.{ident(name)} AS {ident(name + '__asli')}, r.{ident(name + '__kode')}, {problem} AS {column}, "
            f"r.{ident(name + '__calon')}, r.{ident(name + '__usul')}, "
        )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE tempat AS
        SELECT {"".join(cells)} _masa,
            CASE WHEN _pakai_nama THEN coalesce(k.kode, _nama) ELSE coalesce(_kode, {_text(fixed)}) END AS kode_wilayah,
            CASE WHEN _pakai_nama AND _buntu THEN 'nama_induk' WHEN _pakai_nama THEN _metode
                WHEN _kode IS NOT NULL THEN _cara WHEN {_text(fixed)} IS NOT NULL THEN 'tetap' END AS wilayah_metode,
            CASE WHEN _pakai_nama THEN _skor WHEN coalesce(_kode, {_text(fixed)}) IS NOT NULL THEN 1::DOUBLE
                END AS wilayah_skor,
            _pakai_nama AND _bawaan AS wilayah_bawaan,
            CASE WHEN _pakai_nama THEN _nama ELSE coalesce(_kini, _kode, {_text(fixed)}) END AS wilayah_kini,
            CASE WHEN _beda THEN _nama END AS wilayah_nama
        FROM (
            SELECT *, coalesce(({usable}) AND ({finer}), FALSE) AS _pakai_nama,
                coalesce({other}, FALSE) AS _beda, coalesce({known}, FALSE) AS _ada
            FROM {_WORK}
        ) r {valid_at("r._nama", "r._masa", "k")}
        """
    )
    con.execute(f"DROP TABLE {_WORK}")


def _text(value: str | None) -> str:
    """SQL literal of a code that the contract's model has already checked."""
    return f"'{value}'" if value else "NULL::VARCHAR"
