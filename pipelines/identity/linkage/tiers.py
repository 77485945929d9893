"""Records that share a NIK: whose it is, which of them nothing contradicts, and who is in two registers."""

from __future__ import annotations

import duckdb

from pipelines.identity.linkage import answers
from pipelines.identity.linkage.compare import levels
from pipelines.identity.linkage.model import Model

# Neither the name nor the birth date may contradict; a wife under her husband's name (-1) does not.
GUARD = "(nama >= 2 OR (nama = -1 AND lahir = 4)) AND lahir <> 0"


def listed_twice(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_rangkap`(a, b): register rows a of a person whom row b of another register stands for.

    They share a NIK that no register holds twice, and name and birth date agree: a person who moved. Rows whose
    person is another one than last night are added to `_ubah`.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _rangkap AS
        WITH r AS (SELECT nik, count(*) AS n, count(DISTINCT sumber) AS s, arg_min(rid, (sumber, kunci)) AS b FROM rekam
            WHERE daftar AND nik IS NOT NULL GROUP BY nik HAVING n > 1 AND n = s)
        SELECT rid AS a, b FROM rekam JOIN r USING (nik) WHERE daftar AND rid <> b
        """
        if _registers(con) > 1
        else "CREATE OR REPLACE TEMP TABLE _rangkap (a UBIGINT, b UBIGINT)"
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _rangkap AS
        SELECT a, b FROM ({levels("_rangkap", hopeless=True)}) WHERE nama >= 2 AND lahir = 4"""
    )
    answers.forbid(con, "_rangkap")
    con.execute(
        """INSERT INTO _ubah SELECT x.rid FROM xref x LEFT JOIN _rangkap ON a = x.rid
        WHERE x.daftar AND x.metode = 'register' AND x.wakil <> coalesce(b, x.rid) AND x.rid NOT IN (FROM _ubah)"""
    )


def _registers(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT count(DISTINCT sumber) FROM rekam WHERE daftar").fetchone()
    return int(row[0]) if row else 0


def share_nik(con: duckdb.DuckDBPyConnection, among: str) -> None:
    """Create `_senik`(a, b, sama): each record of `among` (rid) with a valid NIK, and the record that stands for that
    NIK; sama says that name and birth date are equal.

    The register's row stands for its NIK (one that two persons of the register have is nobody's); where there is
    none, the record whose name and birth date most others of that NIK have.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _senik AS
        WITH dicari AS MATERIALIZED (SELECT rid, nik, nama, lahir FROM rekam
            WHERE rid IN (FROM {among}) AND nik IS NOT NULL AND NOT daftar),
        pemilik AS MATERIALIZED (
            SELECT nik, min(orang) AS b, min(orang) = max(orang) AS satu,
                any_value(nama) FILTER (rid = orang) AS nama, any_value(lahir) FILTER (rid = orang) AS lahir
            FROM (SELECT nik, rid, nama, lahir, coalesce(b, rid) AS orang
                FROM rekam SEMI JOIN dicari USING (nik) LEFT JOIN _rangkap ON a = rid WHERE daftar)
            GROUP BY nik),
        tanpa AS (FROM dicari ANTI JOIN pemilik USING (nik)),
        lain AS (
            SELECT rid, nik, nama, lahir, count(*) OVER (PARTITION BY nik) AS semua
            FROM rekam SEMI JOIN tanpa USING (nik) WHERE NOT daftar),
        wakil AS (SELECT nik, min_by({{rid: rid, nama: nama, lahir: lahir}}, (-n, rid)) AS b FROM (
            SELECT *, count(*) OVER (PARTITION BY nik, nama, lahir) AS n FROM lain WHERE semua > 1) GROUP BY nik)
        SELECT rid AS a, b, coalesce(d.nama = p.nama AND d.lahir = p.lahir, false) AS sama
        FROM dicari d JOIN pemilik p USING (nik) WHERE satu
        UNION ALL SELECT rid, b.rid, coalesce(nama = b.nama AND lahir = b.lahir, false)
        FROM tanpa JOIN wakil USING (nik) WHERE rid <> b.rid
        """
    )


def accept_nik(con: duckdb.DuckDBPyConnection, model: Model, threshold: float, records: str = "rekam") -> None:
    """Create `_pasti`(a, b, skor): the pairs of `_senik` that the guard and the model both let pass.

    Equal name and birth date beside an equal NIK are not scored: nothing could speak against them. `records`
    holds the rows of rekam of the others.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE _beda AS SELECT a, b FROM _senik WHERE NOT sama")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _pasti AS
        SELECT a, b, 1.0::DOUBLE AS skor FROM _senik WHERE sama
        UNION ALL
        SELECT a, b, 1 / (1 + pow(2, -bit)) AS skor FROM ({model.odds(levels("_beda", True, records), 2)})
        WHERE {GUARD} AND 1 / (1 + pow(2, -bit)) >= {threshold}
        """
    )
    con.execute("DROP TABLE _beda")
