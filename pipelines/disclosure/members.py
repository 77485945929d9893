"""The members of equations between rows, in one table.

(g, tanda, sel, n, kategori): the group, +1 for its total or -1 for a part, the first of n neighbouring cells that are
added each for itself, and whether the parts are the categories of one whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.disclosure.table import Stored
from pipelines.sql import literal

MEMBERS = "sdc_anggota"


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Start with no members."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {MEMBERS} (g UBIGINT, tanda TINYINT, sel BIGINT, n INTEGER, kategori BOOLEAN)"
    )


def insert(
    con: duckdb.DuckDBPyConnection, into: str, parts: tuple[Stored, str, int], totals: tuple[Stored, str, int],
    width: int, category: bool,
) -> None:  # fmt: skip
    """Add the members of all groups that have a total; each side is a table, its group, its first measure."""
    (fine, part, i), (coarse, total, j) = parts, totals
    con.execute(
        f"INSERT INTO {into} WITH t AS MATERIALIZED "
        f"(SELECT {total} AS g, {coarse.cell(j)} AS sel FROM {coarse.copy} WHERE g IS NOT NULL) "
        f"SELECT g, 1, sel, {width}, {category} FROM t UNION ALL SELECT {part} AS g, -1, {fine.cell(i)}, {width}, "
        f"{category} FROM {fine.copy} WHERE g IN (SELECT g FROM t)"
    )


def group(name: str, first: str, rest: Sequence[str]) -> str:
    """A number for a group of a relation; NULL where `first` is."""
    return f"CASE WHEN {first} IS NOT NULL THEN hash({', '.join([literal(name), first, *rest])}) END"
