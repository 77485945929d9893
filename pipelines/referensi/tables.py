"""Reference codes as tables of the connection: `wilayah`, `wilayah_nama`, `jembatan_bps`."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.referensi.keys import LEVELS, key, kind, lowered, short_key

EDITION = "2025"


class ReferenceDataError(Exception):
    """A file of sources/referensi is missing or contradicts the codes of the edition."""


def install(con: duckdb.DuckDBPyConnection, referensi: Path) -> None:
    """Create the reference tables from sources/referensi; an earlier set is replaced.

    wilayah(kode, tingkat, nama, jenis, kode_induk, kunci): every code of the edition, once.
    wilayah_nama(kode, tingkat, kode_induk, kunci, jenis, sumber): what names are matched with;
    sumber is 'nama' or 'alias'. jembatan_bps(kode_bps, kode, tingkat).
    They are plain tables, so they stay in a database file that is opened again later.
    """
    codes = _csv(referensi / "wilayah" / f"{EDITION}.csv.gz", "kode", "nama")
    alias = _csv(referensi / "alias_wilayah.csv", "kode", "nama_lain", "sumber")
    bridge = _csv(referensi / "jembatan_bps.csv", "kode_bps", "kode", "tingkat")
    con.execute(
        f"""
        CREATE OR REPLACE TABLE wilayah AS
        SELECT kode, {_level_of("kode")} AS tingkat, nama, {_kind_of("kode", "x")} AS jenis,
            nullif(regexp_replace(kode, '\\.?[0-9]+$', ''), '') AS kode_induk,
            CASE WHEN length(kode) = 5 THEN {short_key("kabupaten_kota", "x")} ELSE {key("x")} END AS kunci
        FROM (SELECT kode, nama, {lowered("nama")} AS x FROM {codes})
        """
    )
    con.execute(f"CREATE OR REPLACE TABLE jembatan_bps AS SELECT kode_bps, kode, tingkat FROM {bridge}")
    _no_orphans(con, "jembatan_bps.csv", f"SELECT kode FROM {bridge}")
    _no_orphans(con, "alias_wilayah.csv", f"SELECT kode FROM {alias}")
    con.execute(
        f"""
        CREATE OR REPLACE TABLE wilayah_nama AS
        SELECT kode, tingkat, kode_induk, kunci, jenis, 'nama' AS sumber FROM wilayah
        UNION ALL
        SELECT w.kode, w.tingkat, w.kode_induk,
            CASE w.tingkat WHEN 'kabupaten_kota' THEN {short_key("kabupaten_kota", "x")} ELSE {key("x")} END,
            w.jenis, 'alias'
        FROM (SELECT kode, {lowered("nama_lain")} AS x FROM {alias}) JOIN wilayah w USING (kode)
        """
    )


def _csv(path: Path, *columns: str) -> str:
    """SQL of a CSV read as text."""
    if not path.is_file():
        raise ReferenceDataError(f"{path} is missing; it belongs to the repository, restore it from git")
    names = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    quoted = str(path).replace("'", "''")
    return f"read_csv('{quoted}', columns = {{{names}}}, header = true, auto_detect = false)"


def _level_of(kode: str) -> str:
    cases = " ".join(f"WHEN {dotted} THEN '{level}'" for level, (dotted, _) in LEVELS.items())
    return f"CASE length({kode}) {cases} END"


def _kind_of(kode: str, text: str) -> str:
    """A desa's kind stands in its code (1xxx is a kelurahan), a kabupaten's or kota's in its name."""
    return f"""CASE length({kode})
        WHEN 2 THEN 'provinsi' WHEN 8 THEN 'kecamatan' WHEN 5 THEN {kind("kabupaten_kota", text)}
        WHEN 13 THEN CASE WHEN {kode}[10] = '1' THEN 'kelurahan' ELSE 'desa' END END"""


def _no_orphans(con: duckdb.DuckDBPyConnection, file: str, codes: str) -> None:
    unknown = con.execute(f"FROM ({codes}) ANTI JOIN wilayah USING (kode) ORDER BY kode LIMIT 5").fetchall()
    if unknown:
        shown = ", ".join(str(kode) for (kode,) in unknown)
        raise ReferenceDataError(f"{file}: not a code of the {EDITION} edition: {shown}; correct or remove it")
