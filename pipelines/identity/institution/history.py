"""What is known of each institution: the best of all sources today, and since when."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.sql import literal

_KNOWN = ("jenis", "kode", "nama", "kode_wilayah", "lintang", "bujur")


def golden_institutions(con: duckdb.DuckDBPyConnection, records: str) -> None:
    """Create emas(id, jenis, kode, nama, kode_wilayah, lintang, bujur, sumber) from `records` and xref.

    Of each field the best that is not NULL: lowest prioritas, then latest tanggal, then sumber; a code of a registry
    before a source's own; both coordinates of one record. `sumber` is that of the best record.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TABLE emas AS
        WITH r AS (
            SELECT x.id, r.*,
                row_number() OVER (ORDER BY prioritas, tanggal DESC NULLS LAST, r.sumber, r.kunci) AS urutan,
                CASE WHEN lintang IS NOT NULL AND bujur IS NOT NULL THEN urutan END AS urutan_titik
            FROM {records} r JOIN xref x ON x.sumber = r.sumber AND x.kunci = r.kunci
        )
        SELECT id, any_value(jenis) AS jenis,
            coalesce(arg_min(kode, urutan) FILTER (kode_jenis IS NOT NULL), arg_min(kode, urutan)) AS kode,
            arg_min(nama, urutan) AS nama, arg_min(kode_wilayah, urutan) AS kode_wilayah,
            arg_min(lintang, urutan_titik) AS lintang, arg_min(bujur, urutan_titik) AS bujur,
            arg_min(sumber, urutan) AS sumber
        FROM r GROUP BY id
        """
    )


def note_history(con: duckdb.DuckDBPyConnection, today: date) -> None:
    """Bring riwayat(id, jenis, kode, nama, kode_wilayah, lintang, bujur, sumber, mulai, sampai) up to date with emas.

    A row holds from `mulai` up to, not including, `sampai`; NULL: still. It ends when something changes, and when the
    institution is in no source. `sumber` is who said so first. What was noted today already is
    noted anew, so that a day leaves one state. A `today` before the latest day noted counts as that day.
    """
    con.execute(
        """CREATE TABLE IF NOT EXISTS riwayat (id UUID, jenis VARCHAR, kode VARCHAR, nama VARCHAR, kode_wilayah VARCHAR,
        lintang DOUBLE, bujur DOUBLE, sumber VARCHAR, mulai DATE, sampai DATE)"""
    )
    (noted,) = con.execute("SELECT max(greatest(mulai, sampai)) FROM riwayat").fetchone() or (None,)
    day = f"DATE {literal(max(today, noted or today).isoformat())}"
    con.execute(f"DELETE FROM riwayat WHERE mulai = {day}")
    con.execute(f"UPDATE riwayat SET sampai = NULL WHERE sampai = {day}")
    same = " AND ".join(f"r.{column} IS NOT DISTINCT FROM e.{column}" for column in ("id", *_KNOWN))
    con.execute(
        f"""UPDATE riwayat AS r SET sampai = {day}
        WHERE sampai IS NULL AND NOT EXISTS (SELECT 1 FROM emas e WHERE {same})"""
    )
    con.execute(
        f"""INSERT INTO riwayat BY NAME SELECT *, {day} AS mulai, NULL AS sampai FROM emas
        WHERE id NOT IN (SELECT id FROM riwayat WHERE sampai IS NULL)"""
    )
