"""The register of persons and families brought up to date with the records of a night."""

from __future__ import annotations

import hashlib
from datetime import datetime

import duckdb

from pipelines.identity.families import link_families
from pipelines.identity.golden import golden, note_residence
from pipelines.identity.linkage.link import link
from pipelines.identity.review import sample, summary
from pipelines.sql import literal

PERSONS, FAMILIES = "penduduk", "keluarga"


def update_people(con: duckdb.DuckDBPyConnection, database: str, code: str, now: datetime) -> None:
    """Link `rekaman` and `kartu` (see records.py) into schemas penduduk and keluarga of `database`.

    Persons are linked all anew, keeping their keys, when the model may be another: other files, other `code`
    (a fingerprint), or answers of people that it has not learnt from. Else only what changed is.
    """
    for schema in (PERSONS, FAMILIES):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {database}.{schema}")
    con.execute(f"USE {database}.{PERSONS}")
    con.execute("CREATE TABLE IF NOT EXISTS latihan (tanda VARCHAR)")
    mark = _mark(con, code)
    anew = con.execute("SELECT tanda FROM latihan").fetchone() != (mark,)
    link(con, "rekaman", answers="temp.main.jawaban", anew=anew)
    con.execute("DELETE FROM latihan")
    con.execute(f"INSERT INTO latihan VALUES ({literal(mark)})")
    _families(con, database)
    con.execute(f"USE {database}.{PERSONS}")
    golden(con)
    note_residence(con)
    sample.draw(con)
    summary.note(con, now)
    con.execute("USE memory")


def _mark(con: duckdb.DuckDBPyConnection, code: str) -> str:
    files = con.execute("SELECT DISTINCT sumber FROM rekaman ORDER BY sumber").fetchall()
    answers = con.execute("FROM temp.main.jawaban WHERE jawaban = 'sama' ORDER BY ALL").fetchall()
    return hashlib.sha256(repr((code, files, answers)).encode()).hexdigest()


def _families(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """Which family each card and each person with a card number belongs to."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE berkeluarga AS
        SELECT r.sumber, r.kunci, idn_16(r.no_kk) AS no_kk, x.id AS id_penduduk, r.daftar,
            CASE WHEN tinggal THEN kode_wilayah END AS domisili, tanggal
        FROM rekaman r JOIN xref x ON x.sumber = r.sumber AND x.kunci = r.kunci WHERE r.no_kk IS NOT NULL
        UNION ALL
        SELECT k.sumber, k.kunci, idn_16(k.no_kk), x.id, false, k.kode_wilayah, k.tanggal
        FROM kartu k LEFT JOIN xref x ON x.sumber = k.anggota AND x.kunci = k.kunci"""
    )
    con.execute(f"USE {database}.{FAMILIES}")
    link_families(con, "berkeluarga")
    con.execute("DROP TABLE berkeluarga")
