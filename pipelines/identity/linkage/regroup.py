"""Families and institutions are grouped anew every night; here the new grouping meets the keys of last night.

    prepare(con, records)       the register of the current schema is there, the records can be told apart
    compare(con, "keluarga")    which clusters of `_kini` are others than last night
    settle(con)                 their keys, and xref written anew

`_kini`: a row for each record, as in xref but for id, with `sebutan`: what a new key of its cluster is
hashed from, the same in a whole cluster and in no other one.
"""

from __future__ import annotations

import duckdb

from pipelines.identity.linkage import normalise, register
from pipelines.sql import literal

VERSION = "aturan-1"  # of the rules that group, as `model_versi`


def prepare(con: duckdb.DuckDBPyConnection, records: str) -> None:
    """Make the tables of the register where there are none.

    Raises ValueError where (sumber, kunci) repeats in `records`.
    """
    normalise.install(con)
    if not register.exists(con):
        register.create(con)
    if repeated := normalise.repeated(con, records):
        raise repeated


def compare(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Create `_tautan` and `_kena` for `register.assign`: the clusters that are not exactly those of last night."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _geser AS
        SELECT unnest([x.wakil, k.wakil]) AS wakil FROM xref x FULL JOIN _kini k USING (rid)
        WHERE x.wakil IS DISTINCT FROM k.wakil"""
    )
    con.execute("CREATE OR REPLACE TEMP TABLE _kena AS SELECT DISTINCT wakil FROM xref SEMI JOIN _geser USING (wakil)")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _tautan AS
        WITH k AS MATERIALIZED (FROM _kini SEMI JOIN _geser USING (wakil))
        SELECT rid, wakil, NULL AS sumber, NULL AS kunci, daftar FROM k WHERE rid <> wakil
        UNION ALL SELECT wakil, wakil, {literal(kind)}, any_value(sebutan),
            coalesce(bool_or(daftar) FILTER (rid = wakil), false) FROM k GROUP BY wakil
        """
    )
    con.execute("DROP TABLE _geser")


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Give the clusters of `_tautan` their keys and make xref say what `_kini` says."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS _ganti (lama UBIGINT, baru UBIGINT)")
    register.assign(con)
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _gugus_id AS SELECT wakil, id FROM kunci_gugus
        UNION ALL SELECT DISTINCT wakil, id FROM xref ANTI JOIN _kena USING (wakil)"""
    )
    con.execute(
        """CREATE OR REPLACE TABLE xref AS
        SELECT sumber, kunci, id, metode, skor, model_versi, rid, lewat, wakil, daftar
        FROM _kini JOIN _gugus_id USING (wakil)"""
    )
    for table in ("_kini", "_tautan", "_kena", "_ganti", "_gugus_id", "kunci_gugus"):
        con.execute(f"DROP TABLE IF EXISTS {table}")
