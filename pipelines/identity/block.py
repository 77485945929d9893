"""Which records are worth comparing: equi-joins on keys that survive the usual errors."""

from __future__ import annotations

import duckdb

# A key that more of the sought records share than this says too little about any of them.
CROWD = 200

WORDS = 4
# Each key: what it is made of; none of it may be missing.
_KEYS = (
    ("lahir", "desa[1:5]"),
    ("lahir", "ibu"),
    ("lahir", "kk"),
    ("kk", "jk"),
    ("nama", "desa[1:8]"),
    ("nama", "year(lahir)"),
    ("nama", "ibu"),
    ("nik",),
    ("nik16[1:12]",),
    ("nik16[7:16]", "desa[1:5]"),
)
_WORD = len(_KEYS)  # the number of the key (birth date, first three letters of a word of the name: p1 to p4)


_COLUMNS = "rid, daftar, lahir, tukar, desa, ibu, kk, jk, nama, nik, nik16, p1, p2, p3, p4"


def columns(con: duckdb.DuckDBPyConnection, which: str, into: str) -> None:
    """Create `into`: of the records in `which` (rid), what keys are made of."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT {_COLUMNS} FROM rekam SEMI JOIN {which} USING (rid)")


def candidates(con: duckdb.DuckDBPyConnection, among: str, probes: str, targets: str, into: str) -> None:
    """Create `into`(a, b): each of `probes` (rid, in `among`) with each of `targets` that shares a key with it, once.

    `among` and `targets` are tables that `columns` made. Of two records that are both outside the register, the
    smaller rid is a.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE _x AS FROM {among} SEMI JOIN {probes} USING (rid)")
    con.execute(f"CREATE OR REPLACE TEMP TABLE _cari AS {_keys('_x', True)}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE _blok AS SELECT * FROM ({_keys(targets, False)}) SEMI JOIN _cari USING (h)"
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        SELECT DISTINCT CASE WHEN daftar THEN c.rid ELSE least(c.rid, t.rid) END AS a,
            CASE WHEN daftar THEN t.rid ELSE greatest(c.rid, t.rid) END AS b
        FROM _cari c JOIN _blok t USING (h)
        WHERE c.rid <> t.rid AND h NOT IN (SELECT h FROM _blok GROUP BY h HAVING count(*) > {CROWD})
        """
    )
    con.execute("DROP TABLE _cari; DROP TABLE _blok; DROP TABLE _x")


def _keys(which: str, probe: bool) -> str:
    keys = [*enumerate(_KEYS)] + [(_WORD, ("lahir", f"p{w}")) for w in range(1, WORDS + 1)]
    if probe:
        keys += [(_WORD, ("tukar", f"p{w}")) for w in range(1, WORDS + 1)]
    flag = "" if probe else ", daftar"
    return " UNION ALL ".join(
        f"SELECT rid{flag}, hash({n}, {', '.join(parts)}) AS h FROM {which} "
        f"WHERE {' AND '.join(f'{part} IS NOT NULL' for part in parts)}"
        for n, parts in keys
    )
