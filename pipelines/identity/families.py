"""Which family (kartu keluarga) a record and a person belong to, under keys that outlive the number on the card.

State is in tables of the current schema, as for persons: xref, redirect, lampau (here: the last key of card
numbers that are not there now), and anew every night

    anggota(id_keluarga, id_penduduk, sumber)    today's family of each person, and who says so

All of it is personal data or leads to it.
"""

from __future__ import annotations

import duckdb

from pipelines.identity.linkage import regroup
from pipelines.sql import literal

# More persons than this under one number that no register knows: something typed to fill the field.
MOST = 30


def link_families(con: duckdb.DuckDBPyConnection, records: str) -> None:
    """Bring xref, redirect, lampau and anggota of the current schema up to date with all `records` of tonight.

    `records`: sumber, kunci, no_kk (16 digits or NULL), id_penduduk (UUID or NULL: whose family it is), daftar
    (of a population register), tanggal (of the delivery). A record belongs to
    (1) the card with its number, if a register has it; else (2) the family that a register knows its person
    in; else (3) the card with its number elsewhere; else (4) the family its person is in elsewhere; else (5)
    a family of this person alone. `metode` is no_kk, anggota or sendiri; a record without a number
    and a person has no family. Depends on `records` alone, in any order; only keys depend on earlier nights.

    Raises ValueError where (sumber, kunci) repeats.
    """
    regroup.prepare(con, records)
    _cards(con, records)
    _group(con)
    regroup.compare(con, "keluarga")
    _succession(con)
    regroup.settle(con)
    # A key that was handed on waits for its first number no longer.
    con.execute("DELETE FROM lampau WHERE id IN (SELECT id FROM xref)")
    con.execute(
        """CREATE OR REPLACE TABLE anggota AS SELECT x.id AS id_keluarga, o.id_penduduk, o.sumber
        FROM _orang o JOIN (SELECT DISTINCT wakil, id FROM xref) x USING (wakil)"""
    )
    con.execute("DROP TABLE _orang")


def _cards(con: duckdb.DuckDBPyConnection, records: str) -> None:
    """Create `_kartu`, `_nomor`: the numbers that are families, and `_orang`: each person's family (text)."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _kartu AS SELECT idn_rid(sumber, kunci) AS rid, sumber, kunci,
            'kk ' || no_kk AS keluarga, id_penduduk, coalesce(daftar, false) AS daftar, tanggal FROM {records}"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _nomor AS SELECT keluarga, idn_rid('keluarga', keluarga) AS wakil,
            bool_or(daftar) AS terdaftar
        FROM _kartu WHERE keluarga IS NOT NULL GROUP BY keluarga
        HAVING terdaftar OR count(DISTINCT id_penduduk) <= {MOST}"""
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _orang AS
        SELECT id_penduduk, keluarga, wakil, sumber, daftar, true AS berkartu
        FROM _kartu JOIN _nomor USING (keluarga) WHERE id_penduduk IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY id_penduduk
            ORDER BY daftar DESC, tanggal DESC NULLS LAST, sumber, kunci) = 1
        """
    )
    con.execute(
        """INSERT INTO _orang SELECT id_penduduk, 'penduduk ' || id_penduduk AS sebutan,
            idn_rid('keluarga', sebutan), min(sumber), bool_or(daftar), false
        FROM _kartu ANTI JOIN _orang USING (id_penduduk) WHERE id_penduduk IS NOT NULL GROUP BY id_penduduk"""
    )


def _group(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_kini` (see regroup): every record that has a family."""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _kini AS
        SELECT k.sumber, k.kunci,
            CASE WHEN n.terdaftar THEN 'no_kk' WHEN o.berkartu AND o.daftar THEN 'anggota'
                WHEN n.keluarga IS NOT NULL THEN 'no_kk' WHEN o.berkartu THEN 'anggota' ELSE 'sendiri' END AS metode,
            1.0::DOUBLE AS skor, {literal(regroup.VERSION)} AS model_versi, k.rid, NULL::UBIGINT AS lewat,
            CASE WHEN metode = 'no_kk' THEN n.keluarga ELSE o.keluarga END AS sebutan,
            CASE WHEN metode = 'no_kk' THEN n.wakil ELSE o.wakil END AS wakil, k.daftar
        FROM _kartu k LEFT JOIN _nomor n USING (keluarga) LEFT JOIN _orang o USING (id_penduduk)
        WHERE n.keluarga IS NOT NULL OR o.keluarga IS NOT NULL
        """
    )
    con.execute("DROP TABLE _kartu; DROP TABLE _nomor")


def _succession(con: duckdb.DuckDBPyConnection) -> None:
    """Let only the right claims stand: people change families, which is no reason for a family to change keys.

    The number on the card holds the key. A family that a register knew hands it on only when its number is
    gone, to the card that is new and has most of its own members from it; if several are, to the one with
    most. So a renumbered card keeps its key, the greater part of a card that is given up does, a couple that
    marries out gets a new one, and whoever moves in with others takes no key along.
    """
    # The number itself has a claim, and keeps it while it is away.
    con.execute("INSERT INTO lampau (rid, id) SELECT DISTINCT wakil, id FROM xref SEMI JOIN _kena USING (wakil)")
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _pindah AS
        SELECT x.rid, x.wakil AS lama, t.wakil AS kini, x.daftar AND t.daftar AS daftar
        FROM xref x JOIN _tautan t USING (rid) WHERE x.wakil <> t.wakil
            AND x.wakil IN (SELECT wakil FROM xref WHERE daftar)"""
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _waris AS
        SELECT lama, kini FROM (SELECT lama, kini, count(*) FILTER (daftar) AS n FROM _pindah GROUP BY ALL)
        JOIN (SELECT wakil AS kini, count(*) AS semua FROM _tautan WHERE daftar GROUP BY ALL) USING (kini)
        WHERE 2 * n > semua AND lama NOT IN (SELECT wakil FROM _tautan WHERE daftar)
            AND kini NOT IN (SELECT wakil FROM xref WHERE daftar)
        QUALIFY row_number() OVER (PARTITION BY lama ORDER BY n DESC, kini) = 1
        """
    )
    con.execute(
        """DELETE FROM xref WHERE rid IN (SELECT rid FROM _pindah ANTI JOIN _waris USING (lama, kini))
        OR (wakil IN (FROM _kena) AND rid NOT IN (SELECT rid FROM _tautan))"""
    )
    con.execute("DROP TABLE _pindah; DROP TABLE _waris")
