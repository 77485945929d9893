"""Names of persons in free text: windows of two to five words against the marks of all full names.

What is also the name of a place, an institution or a street is no hit: it is public, whoever it honours.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.gate.columns import PLACE
from pipelines.gate.finding import Hit, masked
from pipelines.gate.values import Column
from pipelines.identity import name_marks
from pipelines.sql import ident, literal

STANDARD = "nama_orang"
WINDOWS = (2, 3, 4, 5)


def install(
    con: duckdb.DuckDBPyConnection, standards: Mapping[str, Standard], marks: Path, others: Path | None
) -> None:
    """Load the marks of persons' names, and remember the file of `others` (a column `nama`: places, institutions)."""
    name_marks.install(con)
    con.execute(f"SET VARIABLE gerbang_garam = {literal(name_marks.salt_of(con, marks))}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE gerbang_nama AS FROM read_parquet({literal(str(marks))})")
    honoured = standards[STANDARD].penghormatan
    if honoured is None:
        raise KeyError(f"the standard '{STANDARD}' says no penghormatan")
    # A text that ends with the beginning of such a name; folded like the text that it is looked for in.
    con.execute(
        f"""SET VARIABLE gerbang_jalan = (SELECT concat(' (?:', string_agg(w, '|') FILTER (nama), ') (?:(?:[0-9]+|',
            string_agg(w, '|') FILTER (NOT nama), ') )*$')
        FROM (SELECT idn_bunyi(unnest({honoured.kata})) AS w, true AS nama
            UNION ALL SELECT idn_bunyi(unnest({honoured.sela})), false))"""
    )
    con.execute("DROP TABLE IF EXISTS gerbang_bukan")
    named = f"read_parquet({literal(str(others))})" if others else "(SELECT NULL::VARCHAR AS nama WHERE false)"
    con.execute(f"CREATE OR REPLACE TEMP VIEW gerbang_lain AS SELECT nama FROM {named}")


def in_columns(
    con: duckdb.DuckDBPyConnection, standards: Mapping[str, Standard], contract: Contract, source: str,
    columns: list[Column],
) -> list[Hit]:  # fmt: skip
    """Names in the free text of a relation."""
    free = [c for c in columns if c.text and c.longest >= 5 and _free(contract, standards, c.name)]
    if not free:
        return []
    return _judge(con, standards[STANDARD], " UNION ALL ".join(_texts(source, c) for c in free), metadata=False)


def in_texts(con: duckdb.DuckDBPyConnection, standards: Mapping[str, Standard], texts: Mapping[str, str]) -> list[Hit]:
    """Names in texts, each with what to call its place."""
    rows = ", ".join(f"({literal(where)}, {literal(text)}, 1)" for where, text in texts.items())
    return _judge(con, standards[STANDARD], f"SELECT * FROM (VALUES {rows}) v(kolom, teks, n)", metadata=True)


def _free(contract: Contract, standards: Mapping[str, Standard], name: str) -> bool:
    """Whether persons may be named in a column: no place, no code, no name of an institution (but a shop's)."""
    spec = contract.kolom.get(name)
    if name == PLACE or spec is None or spec.tingkat or standards[spec.standar].ukuran == "Identitas":
        return False
    return not any(name == i.nama and i.jenis != "usaha" for i in contract.institutions().values())


def _texts(source: str, column: Column) -> str:
    c = ident(column.name)
    counted = f"{c} AS teks, count(*) AS n FROM {source} GROUP BY ALL" if column.repeats else (
        f"{c} AS teks, 1 AS n FROM {source}"
    )  # fmt: skip
    return f"""SELECT {literal(column.name)} AS kolom, teks, n FROM (SELECT {counted})
        WHERE regexp_matches(teks, '\\pL{{2}}[^\\pL]+\\pL')"""


def _judge(con: duckdb.DuckDBPyConnection, standard: Standard, texts: str, metadata: bool) -> list[Hit]:
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE gerbang_teks AS
        SELECT row_number() OVER () AS id, kolom, n, gerbang_polos(teks) AS t FROM ({texts})"""
    )
    plain = "SELECT id, replace(replace(t, ',', ' '), '_', ' ') AS t FROM gerbang_teks"
    named = "EXISTS (FROM gerbang_nama g WHERE g.kata AND g.tanda = nama_tanda([f], getvariable('gerbang_garam')))"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE gerbang_temu AS
        SELECT id, jendela FROM (
            SELECT DISTINCT id, unnest({_windows("k")}) AS jendela
            FROM (SELECT id, list({{f: f, i: i}} ORDER BY i) AS k FROM ({name_marks.words(plain, named)})
                GROUP BY id HAVING count(*) > 1)
        ) SEMI JOIN gerbang_nama g ON NOT g.kata AND g.tanda = nama_tanda(jendela, getvariable('gerbang_garam'))"""
    )
    if not con.execute("SELECT 1 FROM gerbang_temu LIMIT 1").fetchone():
        return []
    # Only now, as it takes seconds and hardly any night needs it.
    con.execute(
        f"""CREATE TEMP TABLE IF NOT EXISTS gerbang_bukan AS
        SELECT DISTINCT list_sort(unnest([list_transform(k, lambda x: x.f)] || {_windows("k")})) AS urut FROM (
            SELECT id, list({{f: f, i: i}} ORDER BY i) AS k
            FROM ({name_marks.words("SELECT nama AS id, nama AS t FROM gerbang_lain")}) GROUP BY id)"""
    )
    rows = con.execute(
        r"""
        WITH temu AS (
            SELECT kolom, n, id, jendela, ' ' || array_to_string(jendela, ' ') || ' ' AS j,
                ' ' || array_to_string(list_transform(regexp_extract_all(lower(strip_accents(t)), '[a-z]+|\d+'),
                    lambda w: idn_bunyi(idn_pendek(CASE w WHEN 'm' THEN 'muhammad' ELSE w END))), ' ') || ' ' AS bunyi
            FROM gerbang_temu JOIN gerbang_teks USING (id) ANTI JOIN gerbang_bukan l ON l.urut = list_sort(jendela)
        )
        SELECT kolom, sum(n)::BIGINT, min(nama) FROM (
            SELECT kolom, id, any_value(n) AS n, min(array_to_string(jendela, ' ')) AS nama FROM temu
            WHERE NOT (contains(bunyi, j)
                AND regexp_matches(split_part(bunyi, j, 1) || ' ', getvariable('gerbang_jalan')))
            GROUP BY ALL
        ) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return [Hit(where, standard, count, masked(sample), metadata) for where, count, sample in rows]


def _windows(k: str) -> str:
    """SQL: the windows of a list of words {f, i} that stand side by side."""
    windows = [
        f"list_transform(list_filter([{k}[i:i+{n - 1}] for i in range(1, len({k}) - {n - 2})], "
        f"lambda x: x[-1].i - x[1].i = {n - 1}), lambda x: list_transform(x, lambda y: y.f))"
        for n in WINDOWS
    ]
    return " || ".join(windows)
