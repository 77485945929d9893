"""Columns that are the sum of other columns, declared or found in the numbers."""

from __future__ import annotations

import duckdb
import numpy as np

from pipelines.disclosure.table import DisclosureError, Stored
from pipelines.sql import ident

SAMPLE = 2000  # rows looked at to find candidates; all rows decide
EVIDENCE = 3  # rows in which the sum is not trivial
AGREE = 0.95
Sum = tuple[int, tuple[int, ...]]


def row_sums(con: duckdb.DuckDBPyConnection, stored: Stored) -> list[Sum]:
    """(total, parts) by position among the additive measures."""
    names = stored.additive
    declared: list[Sum] = []
    for total, parts in stored.table.sums.items():
        if unknown := {total, *parts} - set(names):
            raise DisclosureError(f"{stored.table.name}: sums names {', '.join(sorted(unknown))}, which is no measure")
        declared.append((names.index(total), tuple(names.index(p) for p in parts)))
    found = [s for s in _candidates(con, stored) if s not in declared and _holds(con, stored, s)]
    return declared + found


def _candidates(con: duckdb.DuckDBPyConnection, stored: Stored) -> list[Sum]:
    """Sums of two columns, and of neighbouring columns, that hold in nearly all of a sample of whole rows."""
    width = stored.width
    if width < 3:
        return []
    whole = " AND ".join(f"{stored.value(i)} IS NOT NULL" for i in range(width))
    rows = con.execute(
        f"SELECT {', '.join(stored.value(i) for i in range(width))} FROM {stored.copy} WHERE {whole} LIMIT {SAMPLE}"
    ).fetchall()
    if len(rows) < EVIDENCE:
        return []
    x = np.array(rows, dtype=float)
    runs = {tuple(range(a, b)) for a in range(width) for b in range(a + 2, width + 1)}
    runs |= {(a, b) for a in range(width) for b in range(a + 1, width)}
    runs |= {tuple(p for p in range(width) if p != t) for t in range(width) if width > 2}
    found: list[Sum] = []
    for parts in sorted(runs, key=lambda p: (len(p), p)):
        total = x[:, parts].sum(axis=1)
        more_than_one = (x[:, parts] > 0).sum(axis=1) > 1
        close = np.abs(x - total[:, None]) <= 1e-6 * np.maximum(1, np.abs(total))[:, None]
        for column in range(width):
            if (
                column not in parts
                and close[:, column].mean() >= AGREE
                and close[more_than_one, column].sum() >= EVIDENCE
            ):
                found.append((column, parts))
    return found


def _holds(con: duckdb.DuckDBPyConnection, stored: Stored, found: Sum) -> bool:
    """Whether the sum comes out in nearly all whole rows."""
    total, parts = found
    rest = f"{stored.value(total)} - ({' + '.join(stored.value(p) for p in parts)})"
    most = f"greatest(1, abs({ident(stored.additive[total])}))"
    hits, rows = con.execute(
        f"SELECT count(*) FILTER (abs({rest}) <= 1e-6 * {most}), count({rest}) FROM {stored.copy}"
    ).fetchall()[0]
    return bool(hits >= AGREE * rows)
