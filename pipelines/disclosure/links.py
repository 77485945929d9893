"""Tables that give each other away: the rows of one add up to a row of another, or stand in an earlier edition."""

from __future__ import annotations

import duckdb

from pipelines.disclosure.members import MEMBERS, group, insert
from pipelines.disclosure.table import Stored
from pipelines.sql import ident

AGREE = 0.9  # of the groups that can be compared, before two tables count as linked
SLACK = 1e-6  # relative; sums that differ by less are equal but for the arithmetic


def link(con: duckdb.DuckDBPyConnection, fine: Stored, coarse: Stored, version: bool, name: str) -> None:
    """Rows of one table that add up to a row of another: by place, and over the categories that this one lacks."""
    measures, others = fine.table.measures, coarse.table.measures
    shared = [
        (i, j)
        for i, mine in enumerate(fine.additive)
        for j, other in enumerate(coarse.additive)
        if (mine == other if version else measures[mine].same and measures[mine].same == others[other].same)
        and measures[mine].scale == others[other].scale
    ]
    categories = coarse.table.categories
    if not shared or not set(categories) <= set(fine.table.categories) or (coarse.table.place and not fine.table.place):
        return
    place = _place_in(fine, coarse)
    if place is None:
        return
    chosen = [f"{place} IS NOT NULL", *(sql for dim, sql in fine.totals.items() if dim not in categories)]
    texts = [f"CAST({ident(d)} AS VARCHAR)" for d in categories]
    part = group(name, f"CASE WHEN {' AND '.join(chosen)} THEN {place} END", texts)
    total = group(name, ident(coarse.table.place) if coarse.table.place else "''", texts)
    for i, j in shared:
        con.execute(f"CREATE OR REPLACE TEMP TABLE sdc_calon AS FROM {MEMBERS} LIMIT 0")
        insert(con, "sdc_calon", (fine, part, i), (coarse, total, j), 1, False)
        if version or _agree(con, fine, i, coarse, j):
            con.execute(f"INSERT INTO {MEMBERS} FROM sdc_calon")
    con.execute("DROP TABLE sdc_calon")


def _place_in(fine: Stored, coarse: Stored) -> str | None:
    """SQL: the place of the coarse table that a row of the fine one counts for; NULL where for none."""
    up: dict[int, int] = {}  # level of the coarse table -> the coarsest level of the fine one that adds up to it
    for level in fine.levels:
        reached = [wanted for wanted in coarse.levels if wanted <= level]
        if reached:
            up.setdefault(reached[-1], level)
    if not up:
        return None
    if fine.table.place is None:
        return "''"
    place = ident(fine.table.place)
    return f"CASE length({place}) {' '.join(f'WHEN {level} THEN left({place}, {w})' for w, level in up.items())} END"


def _agree(con: duckdb.DuckDBPyConnection, fine: Stored, i: int, coarse: Stored, j: int) -> bool:
    """Whether the sums that can be made from what is there come out. Nothing to compare contradicts nothing."""
    hits, groups = con.execute(
        f"WITH v AS (SELECT {fine.cell(i)} AS sel, -1 AS tanda, {fine.value(i)} AS v FROM {fine.copy} UNION ALL "
        f"SELECT {coarse.cell(j)}, 1, {coarse.value(j)} FROM {coarse.copy}), "
        "g AS (SELECT g, sum(v.v * tanda) AS rest, max(abs(v.v)) AS most, count(*) = count(v.v) AS whole "
        "FROM sdc_calon JOIN v USING (sel, tanda) GROUP BY g HAVING count(*) > 1) "
        f"SELECT count(*) FILTER (abs(rest) <= {SLACK} * most), count(*) FROM g WHERE whole AND most > 0"
    ).fetchall()[0]
    return bool(hits >= AGREE * groups)
