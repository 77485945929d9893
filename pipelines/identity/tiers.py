"""Records that share a NIK: whose it is, and which of them nothing contradicts."""

from __future__ import annotations

import duckdb

from pipelines.identity.compare import levels
from pipelines.identity.model import Model

# Neither the name nor the birth date may contradict; a wife under her husband's name (-1) does not.
GUARD = "(nama >= 2 OR (nama = -1 AND lahir = 4)) AND lahir <> 0"


def share_nik(con: duckdb.DuckDBPyConnection, among: str) -> None:
    """Create `_senik`(a, b): each record of `among` (rid) with a valid NIK, and the record that stands for that NIK.

    The register's row stands for its NIK (a NIK twice in the register is nobody's); where there is none, the
    record whose name and birth date most others of that NIK have.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _senik AS
        WITH dicari AS (SELECT rid, nik FROM rekam SEMI JOIN {among} USING (rid) WHERE nik IS NOT NULL AND NOT daftar),
        pemilik AS (SELECT nik, min(rid) AS b, count(*) AS n FROM rekam SEMI JOIN dicari USING (nik) WHERE daftar
        GROUP BY nik),
        tanpa AS (FROM dicari ANTI JOIN pemilik USING (nik)),
        lain AS (
            SELECT rid, nik, nama, lahir, sumber, kunci, count(*) OVER (PARTITION BY nik) AS semua
            FROM rekam SEMI JOIN tanpa USING (nik)),
        wakil AS (SELECT nik, arg_min(rid, (-n, sumber, kunci)) AS b FROM (
            SELECT *, count(*) OVER (PARTITION BY nik, nama, lahir) AS n FROM lain WHERE semua > 1) GROUP BY nik)
        SELECT rid AS a, b FROM dicari JOIN pemilik USING (nik) WHERE n = 1
        UNION ALL SELECT rid, b FROM tanpa JOIN wakil USING (nik) WHERE rid <> b
        """
    )


def accept_nik(con: duckdb.DuckDBPyConnection, model: Model, threshold: float, records: str = "rekam") -> None:
    """Create `_pasti`(a, b, skor): the pairs of `_senik` that the guard and the model both let pass.

    Equal name and birth date beside an equal NIK are not scored: nothing could speak against them.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _sama AS SELECT s.a, s.b FROM _senik s
        JOIN {records} x ON x.rid = s.a JOIN {records} y ON y.rid = s.b WHERE x.nama = y.nama AND x.lahir = y.lahir
        """
    )
    con.execute("CREATE OR REPLACE TEMP TABLE _beda AS FROM _senik s ANTI JOIN _sama t USING (a)")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _pasti AS
        SELECT a, b, 1.0::DOUBLE AS skor FROM _sama
        UNION ALL
        SELECT a, b, 1 / (1 + pow(2, -bit)) AS skor FROM ({model.odds(levels("_beda", True, records), 2)})
        WHERE {GUARD} AND 1 / (1 + pow(2, -bit)) >= {threshold}
        """
    )
    con.execute("DROP TABLE _sama; DROP TABLE _beda")
