"""Persistent keys: a cluster keeps the key that its records had; a key is given once and never to another person."""

from __future__ import annotations

import duckdb

ROUNDS = 50


def exists(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the current schema has a register of keys."""
    found = con.execute(
        """SELECT 1 FROM duckdb_tables() WHERE table_name = 'xref'
        AND schema_name = current_schema() AND database_name = current_database()"""
    ).fetchone()
    return found is not None


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty register of keys: xref, redirect and lampau (the last key of records that are not there now)."""
    con.execute(
        """CREATE TABLE xref (sumber VARCHAR, kunci VARCHAR, id UUID, metode VARCHAR, skor DOUBLE, model_versi VARCHAR,
            rid UBIGINT, lewat UBIGINT, wakil UBIGINT, daftar BOOLEAN)"""
    )
    con.execute("CREATE TABLE redirect (dari UUID, ke UUID)")
    con.execute("CREATE TABLE lampau (rid UBIGINT, id UUID)")


def assign(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary `kunci_gugus`(wakil, id) for the clusters in `_tautan`, and bring redirect and lampau up
        to date.

    `_tautan` (rid, wakil, sumber, kunci, daftar) holds every record of the clusters that change and `_kena`
    (wakil) the clusters they were in; xref is still that of last night. A record in `_ganti` (lama, baru) took
    the place of another one and has its claim.

    A new key is the hash of the record the cluster is named after: the same inputs give the same keys in any
    order. A key goes to the cluster that holds its register row, else most of its records; a key whose
    records are all in clusters with another key redirects there; the other part of a split gets a new key.
    A key that is held, redirected or waits in lampau is not given again.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _lalu AS
        SELECT coalesce(baru, rid) AS rid, id, daftar FROM xref SEMI JOIN _kena USING (wakil) LEFT JOIN _ganti
            ON lama = rid
        UNION ALL SELECT rid, coalesce(ke, id), false FROM lampau LEFT JOIN redirect ON dari = id
            WHERE rid IN (SELECT rid FROM _tautan)
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _klaim AS
        SELECT c.wakil, l.id, count(*) AS n, bool_or(l.daftar AND c.daftar) AS daftar, min(c.rid) AS satu
        FROM _tautan c JOIN _lalu l USING (rid) GROUP BY ALL
        """
    )
    # Nearly all: the only claim of a cluster to the only cluster that claims the key.
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _pegang AS SELECT wakil, id FROM (
            SELECT *, count(*) OVER (PARTITION BY wakil) AS w, count(*) OVER (PARTITION BY id) AS i FROM _klaim)
        WHERE w = 1 AND i = 1
        """
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _rebut AS FROM _klaim
        WHERE wakil NOT IN (SELECT wakil FROM _pegang) AND id NOT IN (SELECT id FROM _pegang)"""
    )
    for _ in range(ROUNDS):
        con.execute(
            """
            CREATE OR REPLACE TEMP TABLE _menang AS SELECT wakil, id FROM (
                SELECT *, row_number() OVER (PARTITION BY wakil ORDER BY daftar DESC, n DESC, satu, id) AS w,
                    row_number() OVER (PARTITION BY id ORDER BY daftar DESC, n DESC, satu) AS i FROM _rebut)
            WHERE w = 1 AND i = 1
            """
        )
        con.execute("INSERT INTO _pegang FROM _menang")
        con.execute(
            """DELETE FROM _rebut WHERE wakil IN (SELECT wakil FROM _menang) OR id IN (SELECT id FROM _menang)"""
        )
        if con.execute("SELECT count(*) FROM _rebut").fetchone() == (0,):
            break
    # A record back from lampau may claim a key that another cluster holds by now.
    con.execute(
        """DELETE FROM _pegang WHERE id IN (
            SELECT id FROM xref WHERE id IN (SELECT id FROM _pegang) AND wakil NOT IN (FROM _kena))"""
    )
    _new_keys(con)
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _arah AS
        SELECT k.id AS dari, arg_max(p.id, (k.n, -(k.satu::HUGEINT))) AS ke FROM _klaim k JOIN _pegang p USING (wakil)
        WHERE k.id NOT IN (SELECT id FROM _pegang) AND k.id NOT IN (
            SELECT id FROM xref WHERE id IN (SELECT id FROM _klaim) AND wakil NOT IN (FROM _kena))
        GROUP BY k.id
        """
    )
    con.execute("UPDATE redirect SET ke = _arah.ke FROM _arah WHERE redirect.ke = _arah.dari")
    con.execute("INSERT INTO redirect FROM _arah")
    con.execute("DELETE FROM lampau WHERE rid IN (SELECT rid FROM _tautan)")
    con.execute("INSERT INTO lampau SELECT rid, id FROM _lalu ANTI JOIN _tautan USING (rid)")
    con.execute("CREATE OR REPLACE TEMP TABLE kunci_gugus AS FROM _pegang")
    for table in ("_lalu", "_klaim", "_pegang", "_rebut", "_menang", "_arah"):
        con.execute(f"DROP TABLE IF EXISTS {table}")


def _new_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Give a key to every cluster without one; a number is added until it was never given before."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _tanpa AS SELECT wakil, sumber, kunci FROM _tautan
        WHERE rid = wakil AND wakil NOT IN (SELECT wakil FROM _pegang)"""
    )
    for attempt in range(ROUNDS):
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE _calon_kunci AS SELECT wakil,
                substr(sha256(concat_ws(chr(31), 'penduduk', sumber, kunci, {attempt})), 1, 32)::UUID AS id FROM _tanpa
            """
        )
        con.execute(
            """INSERT INTO _pegang SELECT wakil, id FROM _calon_kunci c WHERE id NOT IN (
                SELECT id FROM xref SEMI JOIN _calon_kunci USING (id) UNION ALL SELECT id FROM lampau UNION ALL
                    SELECT dari FROM redirect)"""
        )
        con.execute("DELETE FROM _tanpa WHERE wakil IN (SELECT wakil FROM _pegang)")
        if con.execute("SELECT count(*) FROM _tanpa").fetchone() == (0,):
            break
    con.execute("DROP TABLE _tanpa; DROP TABLE _calon_kunci")
