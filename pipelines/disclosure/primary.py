"""Cells that may not be told, and how uncertain a reader has to stay about each.

A cell is *safe* while the values that a reader cannot rule out reach `up` above and `low` below the true one and
span at least `width`. Counts: the span is the threshold. Magnitudes: the upper protection levels of the
(1, 85 %)-dominance rule and of the p %-rule, the same downwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipelines.contract.protection import DOMINANCE, P_PERCENT
from pipelines.disclosure.members import MEMBERS
from pipelines.disclosure.relations import Cells, Relations
from pipelines.disclosure.system import Numbers
from pipelines.disclosure.table import Measure, Stored
from pipelines.sql import ident

SMALL, DOMINATED, FULL = "jumlah_kecil", "didominasi", "satu_kelompok_penuh"


@dataclass(frozen=True)
class Primary:
    """Cells to protect, ascending, with what each needs and why."""

    cell: Cells
    low: Numbers
    up: Numbers
    width: Numbers
    why: list[str]


def primary(con: duckdb.DuckDBPyConnection, stored: Sequence[Stored], relations: Relations) -> Primary:
    """All primary cells of the tables, judged by their true values."""
    found: list[str] = []
    for one in stored:
        for position, name in enumerate(one.additive):
            measure = one.table.measures[name]
            kind = measure.protection.jenis if measure.protection else "tidak"
            if kind in ("orang", "khusus"):
                found.append(_small(one, position, measure))
            elif kind == "besaran":
                found.append(_dominated(one, position, measure))
    found += [sql for one in stored for sql in _full(one, relations)]
    if not found:
        none = np.zeros(0)
        return Primary(none.astype(np.int64), none, none, none, [])
    rows = con.execute(
        "SELECT cell, max(low) AS low, max(up) AS up, max(width) AS width, arg_max(why, width) AS why FROM "
        f"({' UNION ALL '.join(found)}) GROUP BY cell ORDER BY cell"
    ).fetchnumpy()
    return Primary(rows["cell"], rows["low"], rows["up"], rows["width"], list(rows["why"]))


def _small(one: Stored, position: int, measure: Measure) -> str:
    assert measure.protection is not None
    below = measure.protection.threshold / measure.scale
    value = one.value(position)
    return (
        f"SELECT {one.cell(position)} AS cell, 0.0::DOUBLE AS low, 0.0::DOUBLE AS up, {below}::DOUBLE AS width, "
        f"'{SMALL}' AS why FROM {one.copy} WHERE {value} > 0 AND {value} < {below}"
    )


def _dominated(one: Stored, position: int, measure: Measure) -> str:
    """Without the second largest contribution any two contributors are too few: each knows the other."""
    assert measure.protection is not None and measure.protection.besaran is not None
    said = measure.protection.besaran
    total = f"abs({one.value(position)})"
    largest = f"least(abs(CAST({ident(said.terbesar)} AS DOUBLE)), {total})"
    if said.kedua:
        rest = f"({total} - {largest} - abs(CAST({ident(said.kedua)} AS DOUBLE)))"
    else:
        rest = f"CASE WHEN {ident(said.penyumbang)} <= 2 THEN 0 ELSE {total} END"
    need = f"greatest({largest} / {DOMINANCE} - {total}, {P_PERCENT} * {largest} - {rest})"
    return (
        f"SELECT {one.cell(position)} AS cell, {need} AS low, {need} AS up, 0.0::DOUBLE AS width, "
        f"'{DOMINATED}' AS why FROM {one.copy} "
        f"WHERE {total} > 0 AND {need} > 0"
    )


def _full(one: Stored, relations: Relations) -> Iterator[str]:
    """Sensitive counts of which one category takes its whole group: the zeros of the others tell who is in it.

    One zero, the first, must be able to be as large as the threshold, or as the group where that is smaller.
    """
    for position, name in enumerate(one.additive):
        measure = one.table.measures[name]
        if measure.protection is None or measure.protection.jenis != "khusus":
            continue
        need = measure.protection.threshold / measure.scale
        columns = f"SELECT {{0}} AS cell, 0.0::DOUBLE AS low, {{1}} AS up, {{1}} AS width, '{FULL}' AS why FROM"
        for row in relations.rows:
            if row.stored.base == one.base and position == row.parts[0]:
                parts, total = [one.value(p) for p in row.parts], one.value(row.total)
                zeros = " ".join(f"WHEN {v} = 0 THEN {one.cell(p)}" for v, p in zip(parts, row.parts, strict=True))
                whole = f"{total} > 0 AND greatest({', '.join(parts)}) = {total}"
                zero, up = f"CASE {zeros} END", f"least({total}, {need})"
                yield f"{columns.format(zero, up)} {one.copy} WHERE {whole} AND {zero} IS NOT NULL"
        total, part = ("max(v) FILTER (tanda > 0)", "max(v) FILTER (tanda < 0)")
        zero, up = "min(cell) FILTER (tanda < 0 AND v = 0)", f"least({total}, {need})"
        values = (
            f"(SELECT {one.cell(0)} AS sel, {one.cell(position)} AS cell, {one.value(position)} AS v FROM {one.copy})"
        )
        yield (
            f"{columns.format(zero, up)} {values} JOIN {MEMBERS} USING (sel) WHERE kategori GROUP BY g "
            f"HAVING {total} > 0 AND {part} = {total} AND {zero} IS NOT NULL"
        )
