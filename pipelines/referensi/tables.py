"""Reference files as tables of the connection: what places there are and were, and how they are coded and called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.referensi.areas import read_areas
from pipelines.referensi.bridge import build_bridge
from pipelines.referensi.declare import Alias, Declared, ReferenceDataError, declared
from pipelines.referensi.editions import empty_editions, load_edition
from pipelines.referensi.history import tell_history, trace_codes
from pipelines.referensi.keys import key, lowered, short_key
from pipelines.referensi.problems import empty_problems, note
from pipelines.referensi.reviewed import read_reviewed, read_rows, report_unused
from pipelines.referensi.versions import former_names, write_versions
from pipelines.sql import ident, literal


def install(con: duckdb.DuckDBPyConnection, referensi: Path | Sequence[Path]) -> None:
    """Create the reference tables from one or several folders; an earlier set is replaced.

    edisi, edisi_wilayah: the editions and every place of each. wilayah: the places of the newest.
    wilayah_riwayat: every version of every place (SCD2). wilayah_perubahan: what changed, and by
    which share. kode_pada: what a code is called on a date. jembatan_bps: BPS codes. wilayah_nama:
    what names are matched with (sumber 'nama', 'alias', 'nama_lama'). referensi_masalah: what is
    wrong with the files. Columns: docs/adr/0012.
    They are plain tables, so they stay in a database file that is opened again later.
    Raises DeclarationError for a referensi.yml, ReferenceDataError for a file that cannot be used.
    """
    before = _temporary(con)
    folders = [referensi] if isinstance(referensi, Path) else list(referensi)
    found = declared(folders)
    empty_problems(con)
    _load_editions(con, found)
    read_reviewed(con, found)
    tell_history(con)
    report_unused(con)
    trace_codes(con)
    build_bridge(con, found)
    read_areas(con, found)
    write_versions(con)
    _write_names(con, found)
    former_names(con)
    for name in _temporary(con) - before:
        con.execute(f"DROP TABLE {ident(name)}")


def _temporary(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}


def _load_editions(con: duckdb.DuckDBPyConnection, declared: Declared) -> None:
    """Load every edition that has a file, oldest first; a copy only where its original has none."""
    empty_editions(con)
    con.execute(
        """
        CREATE OR REPLACE TABLE edisi (edisi VARCHAR, sistem VARCHAR, berlaku_mulai DATE, dasar_hukum VARCHAR,
            berkas VARCHAR, urutan INTEGER)
        """
    )
    loaded: set[str] = set()
    present = {name: found for name in declared.edisi if (found := declared.edition(name))}
    ordered = sorted(present, key=lambda name: (declared.edisi[name].berlaku_mulai, name))
    for name in ordered:
        entry = declared.edisi[name]
        original = entry.salinan_dari
        if original is not None and (original in present or original in loaded):
            continue
        loaded.add(original or name)
        found = present[name]
        load_edition(con, name, entry, found.files)
        names = ", ".join(found.name(file) for file in found.files)
        con.execute(
            f"""
            INSERT INTO edisi SELECT {literal(name)}, '{entry.sistem}', DATE '{entry.berlaku_mulai}',
                {literal(entry.dasar_hukum)}, {literal(names)},
                (SELECT count(*) + 1 FROM edisi WHERE sistem = '{entry.sistem}')
            """
        )
    if not con.execute("FROM edisi WHERE sistem = 'kemendagri' LIMIT 1").fetchone():
        raise ReferenceDataError("no edition of Kemendagri codes is there; restore sources/referensi from git")


def _write_names(con: duckdb.DuckDBPyConnection, declared: Declared) -> None:
    """`wilayah_nama` from the names of today and the aliases; a code of an earlier edition becomes today's."""
    con.execute(
        """
        CREATE OR REPLACE TABLE wilayah_nama AS
        SELECT kode, tingkat, kode_induk, kunci, jenis, 'nama' AS sumber FROM wilayah
        """
    )
    for found in declared.all(Alias):
        for file in found.files:
            rows = read_rows(con, file, "kode", "nama_lain")
            con.execute(
                f"""
                CREATE OR REPLACE TEMP TABLE _alias AS
                SELECT a.kode AS asli, nama_lain, {lowered("nama_lain")} AS x, p.kode FROM {rows} a
                LEFT JOIN kode_pada p ON p.kode_asal = a.kode AND p.sampai IS NULL
                """
            )
            con.execute(
                f"""
                INSERT INTO wilayah_nama
                SELECT DISTINCT w.kode, w.tingkat, w.kode_induk,
                    CASE w.tingkat WHEN 'kabupaten_kota' THEN {short_key("kabupaten_kota", "x")}
                        ELSE {key("x")} END AS kunci,
                    w.jenis, 'alias'
                FROM _alias JOIN wilayah w USING (kode) WHERE kunci <> '' ORDER BY w.kode, 4
                """
            )
            note(
                con,
                "SELECT format('{} {}', asli, nama_lain) AS contoh FROM _alias WHERE kode IS NULL",
                found.name(file),
                "alias_tanpa_wilayah",
                "alias",
                "Kode alias ini tidak ada di edisi mana pun, atau penggantinya tidak tunggal; perbaiki kodenya",
            )
