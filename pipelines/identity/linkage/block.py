"""Which records are worth comparing: equi-joins on keys that survive the usual errors."""

from __future__ import annotations

import duckdb

# A key that more of the sought records share than this says too little about any of them.
CROWD = 200

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
# Birth date and the first three letters of a word of the name; sought also with day and month swapped.
WORDS = 4
_WORD = [("lahir", f"p{w}") for w in range(1, WORDS + 1)]
_SWAPPED = [("tukar", f"p{w}") for w in range(1, WORDS + 1)]
_NUMBERED = [*enumerate(_KEYS), *((len(_KEYS), parts) for parts in _WORD + _SWAPPED)]
# The columns of `rekam` that hold the keys: those of a record that is found, and of one that seeks.
FOUND = [f"b{n}" for n in range(len(_KEYS) + len(_WORD))]
_SEEKS = [f"b{n}" for n in range(len(_NUMBERED))]
COLUMNS = f"rid, daftar, {', '.join(_SEEKS)}"

# Kept as 32 bits: a few pairs more to compare, half the room.
KEYS = ", ".join(
    f"CASE WHEN {' AND '.join(f'{part} IS NOT NULL' for part in parts)} "
    f"THEN (hash({n}, {', '.join(parts)}) & 4294967295)::UINTEGER END AS {column}"
    for column, (n, parts) in zip(_SEEKS, _NUMBERED, strict=True)
)


def candidates(con: duckdb.DuckDBPyConnection, probes: str, targets: list[str], into: str) -> None:
    """Create `into`(a, b): each of `probes` with each of `targets` that shares a key with it, once.

    These are tables, or SQL in brackets, with COLUMNS. Of two records that are both outside the register, the
    smaller rid is a.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _cari AS
        SELECT rid, h FROM (SELECT rid, unnest([{", ".join(_SEEKS)}]) AS h FROM {probes}) WHERE h IS NOT NULL"""
    )
    each = " UNION ALL ".join(f"SELECT rid, daftar, {b} AS h FROM {target}" for target in targets for b in FOUND)
    con.execute(f"CREATE OR REPLACE TEMP TABLE _blok AS FROM ({each}) SEMI JOIN _cari USING (h)")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        SELECT DISTINCT CASE WHEN daftar THEN c.rid ELSE least(c.rid, t.rid) END AS a,
            CASE WHEN daftar THEN t.rid ELSE greatest(c.rid, t.rid) END AS b
        FROM _cari c JOIN _blok t USING (h)
        WHERE c.rid <> t.rid AND h NOT IN (SELECT h FROM _blok GROUP BY h HAVING count(*) > {CROWD})
        """
    )
    con.execute("DROP TABLE _cari; DROP TABLE _blok")
