"""Small tables, and an attacker that shares no code with the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
from scipy.optimize import linprog

from pipelines.disclosure import Measure, Protection, Table

ORANG = Measure(Protection(jenis="orang"))
KHUSUS = Measure(Protection(jenis="khusus"))
TOTAL = "Jumlah"
RATED = "kode_wilayah VARCHAR, kena INTEGER, sasaran INTEGER, persen DOUBLE"
Key = tuple[str, str]
Counts = dict[Key, int]


def make(con: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[Sequence[object]]) -> str:
    con.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
    con.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", [list(r) for r in rows])
    return name


def rates(step: int, group: int, digits: int) -> list[tuple[str, int, int, float]]:
    """Rows of (place, affected, group, percentage), none of them small."""
    pairs = [(step * i + 7, group + 13 * i) for i in range(9)]
    return [(f"33.{i:02d}", a, b, round(100 * a / b, digits)) for i, (a, b) in enumerate(pairs)]


def crossed(inner: Mapping[Key, int]) -> Counts:
    """(place, category) counts with all totals: over the categories, the kecamatan and the kabupaten."""
    counts: Counts = {}
    for (place, category), n in inner.items():
        for p in {place, place[:5], place[:2]}:
            for c in (category, TOTAL):
                counts[p, c] = counts.get((p, c), 0) + n
    return counts


def equations(counts: Mapping[Key, int]) -> list[tuple[Key, list[Key]]]:
    """Total and parts of everything that adds up in crossed counts."""
    found: list[tuple[Key, list[Key]]] = []
    places, categories = sorted({p for p, _ in counts}), sorted({c for _, c in counts})
    for place in places:
        found.append(((place, TOTAL), [(place, c) for c in categories if c != TOTAL and (place, c) in counts]))
        below = [p for p in places if p != place and p.startswith(place) and p.count(".") == place.count(".") + 1]
        if below:
            found += [((place, c), [(p, c) for p in below if (p, c) in counts]) for c in categories]
    return [(t, parts) for t, parts in found if t in counts and parts]


def attack(counts: Mapping[Key, int], hidden: set[Key]) -> dict[Key, tuple[float, float]]:
    """Least and greatest value of each hidden cell, from the published cells alone."""
    cells = sorted(hidden)
    at = {key: i for i, key in enumerate(cells)}
    rows, right = [], []
    for total, parts in equations(counts):
        row, rest = np.zeros(len(cells)), 0.0
        for key, sign in [(total, 1.0), *((p, -1.0) for p in parts)]:
            if key in at:
                row[at[key]] = sign
            else:
                rest -= sign * counts[key]
        if row.any():
            rows.append(row)
            right.append(rest)
    found = {}
    for key in cells:
        ends = []
        for direction in (1.0, -1.0):
            cost = np.zeros(len(cells))
            cost[at[key]] = direction
            given = {"A_eq": np.array(rows), "b_eq": np.array(right)} if rows else {}
            done = linprog(cost, **given, method="highs")
            ends.append(float(done.x[at[key]]) if done.status == 0 else direction * -np.inf)
        found[key] = (ends[0], ends[1])
    return found


def crossed_table(con: duckdb.DuckDBPyConnection, counts: Mapping[Key, int], measure: Measure = ORANG) -> Table:
    rows = [(p, c, n) for (p, c), n in sorted(counts.items())]
    make(con, "sumber", "kode_wilayah VARCHAR, kategori VARCHAR, n INTEGER", rows)
    return Table("t", "sumber", ("kode_wilayah", "kategori"), {"n": measure}, "kode_wilayah")


def hidden_in(con: duckdb.DuckDBPyConnection, relation: str) -> set[Key]:
    rows = con.execute(f"SELECT kode_wilayah, kategori FROM {relation} WHERE status_nilai = 'disembunyikan'").fetchall()
    return {(p, c) for p, c in rows}
