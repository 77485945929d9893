"""From decisions to rows of xref: which record hangs on which, in which cluster, found how."""

from __future__ import annotations

import duckdb

from pipelines.identity.linkage import cluster
from pipelines.sql import literal

_METHOD = """CASE WHEN nik % 10 = 3 THEN 'nik' WHEN nik % 10 IN (1, 2) AND nama >= 2 AND lahir >= 1 THEN 'nik_dekat'
    WHEN rumah >= 200 AND nama >= 3 AND lahir >= 3 THEN 'kk' ELSE 'mirip' END"""


def clusters(con: duckdb.DuckDBPyConnection, version: str) -> None:
    """Create `_tautan`: the rows of `xref`, without id, of every cluster that changes.

    lewat is the record a link was made with; wakil the centre of the cluster it leads to in the end.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _putus AS
        SELECT a AS rid, b AS lewat, 'nik' AS metode, skor FROM _pasti
        UNION ALL SELECT a, b, {_METHOD}, skor FROM _pilih JOIN _nilai USING (a, b)
        UNION ALL SELECT g.a, g.b, {_METHOD}, g.skor FROM _gugus g
            JOIN _nilai n ON n.a = least(g.a, g.b) AND n.b = greatest(g.a, g.b)
        """
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _baru AS
        SELECT rid FROM _olah UNION SELECT rid FROM rekam SEMI JOIN _ubah USING (rid)"""
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _kena AS
        WITH r AS (SELECT rid FROM _ubah UNION ALL FROM _olah UNION ALL SELECT rid FROM _putus UNION ALL SELECT
        lewat FROM _putus
            UNION ALL SELECT a FROM _jawab UNION ALL SELECT b FROM _jawab
            UNION ALL SELECT b FROM _rangkap WHERE a IN (FROM _ubah))
        SELECT DISTINCT wakil FROM xref WHERE rid IN (FROM r) OR wakil IN (FROM r)
        """
    )
    # Rows of clusters that change, each with the record it hangs on now.
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _semua AS
        SELECT rid, lewat, lewat AS wakil, metode, skor, {literal(version)} AS versi FROM _putus
        UNION ALL SELECT rid, rid, rid, 'sendiri', 1.0, {literal(version)} FROM _baru ANTI JOIN _putus USING (rid)
        UNION ALL SELECT rid, CASE WHEN daftar THEN rid ELSE lewat END, CASE WHEN daftar THEN rid ELSE wakil END,
        metode, skor,
            model_versi
        FROM xref SEMI JOIN _kena USING (wakil)
        WHERE rid NOT IN (FROM _ubah) AND rid NOT IN (FROM _baru) AND rid NOT IN (SELECT rid FROM _putus)
        """
    )
    con.execute("UPDATE _semua SET lewat = b, wakil = b FROM _rangkap WHERE _semua.rid = a")
    # A centre may itself have found a person: what hangs on it follows.
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _ikut AS SELECT rid, wakil FROM _semua
        WHERE rid <> wakil AND rid IN (SELECT wakil FROM _semua WHERE rid <> wakil)"""
    )
    for _ in range(cluster.ROUNDS + 2):
        con.execute("UPDATE _ikut SET wakil = i.wakil FROM _ikut i WHERE i.rid = _ikut.wakil AND i.wakil <> _ikut.rid")
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _tautan AS
        SELECT r.sumber, r.kunci, CASE WHEN r.daftar AND s.metode <> 'tinjau' THEN 'register' ELSE s.metode END AS
        metode, s.skor,
            s.versi AS model_versi, s.rid, s.lewat, coalesce(i.wakil, s.wakil) AS wakil, r.daftar
        FROM _semua s JOIN (SELECT rid, sumber, kunci, daftar FROM rekam) r USING (rid) LEFT JOIN _ikut i ON i.rid =
        s.wakil
        """
    )
    con.execute("UPDATE _tautan SET metode = 'register', skor = 1 WHERE daftar")
    con.execute("DROP TABLE _semua; DROP TABLE _ikut; DROP TABLE _putus; DROP TABLE _baru")


def write(con: duckdb.DuckDBPyConnection, version: str) -> None:
    """Put the clusters that changed into xref, and what is in doubt into tinjau."""
    con.execute("DELETE FROM xref WHERE wakil IN (FROM _kena) OR rid IN (SELECT rid FROM _tautan)")
    con.execute(
        """INSERT INTO xref SELECT sumber, kunci, id, metode, skor, model_versi, rid, lewat, wakil, daftar
        FROM _tautan JOIN kunci_gugus USING (wakil)"""
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE tinjau AS
        WITH p AS (
            SELECT a, b, skor, {literal(version)} AS versi FROM _ragu
            UNION ALL SELECT * FROM (
                SELECT idn_rid(sumber_a, kunci_a) AS a, idn_rid(sumber_b, kunci_b) AS b, skor, model_versi FROM tinjau)
            WHERE a NOT IN (FROM _olah) AND b NOT IN (FROM _olah))
        SELECT x.sumber AS sumber_a, x.kunci AS kunci_a, y.sumber AS sumber_b, y.kunci AS kunci_b,
            max(p.skor) AS skor, any_value(versi) AS model_versi
        FROM p JOIN xref x ON x.rid = p.a JOIN xref y ON y.rid = p.b
        ANTI JOIN _jawab j ON j.a = least(p.a, p.b) AND j.b = greatest(p.a, p.b)
        WHERE x.id <> y.id GROUP BY ALL ORDER BY skor DESC, sumber_a, kunci_a, sumber_b, kunci_b
        """
    )
    for table in (
        "_tautan",
        "_ubah",
        "_ganti",
        "_rangkap",
        "_olah",
        "_senik",
        "_pasti",
        "_nilai",
        "_pilih",
        "_ragu",
        "_gugus",
        "_jawab",
        "_kena",
        "kunci_gugus",
    ):
        con.execute(f"DROP TABLE IF EXISTS {table}")
