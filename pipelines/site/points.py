"""Places on the map for rows with lintang and bujur: each of them, or counts on a grid where there are many."""

from __future__ import annotations

from typing import Any

import duckdb

from pipelines.site.roles import Roles
from pipelines.sql import ident

MANY = 1000  # points up to which each is drawn, with its name
_LONGEST = 60  # letters of a name
# West, south, east, north of Indonesia: a point elsewhere is a fault, 0 and 0 most of all.
_HERE = (94.5, -11.5, 141.5, 6.5)


def points(con: duckdb.DuckDBPyConnection, source: str, roles: Roles) -> dict[str, Any] | None:
    """`lintang`, `bujur`, `nama` or counts `n` of each, and how many rows have no usable point. None without any."""
    if roles.point is None:
        return None
    lat, lon = (f"{ident(name)}::DOUBLE" for name in roles.point)
    west, south, east, north = _HERE
    good = f"{lat} BETWEEN {south} AND {north} AND {lon} BETWEEN {west} AND {east}"
    usable, rows = con.execute(f"SELECT count(*) FILTER (WHERE {good}), count(*) FROM {source}").fetchall()[0]
    if not usable:
        return None
    found: dict[str, Any] = {"tanpa": rows - usable}
    if usable <= MANY:
        name = f"left({ident(roles.label)}, {_LONGEST})" if roles.label else "NULL"
        query = f"SELECT round({lat}, 4), round({lon}, 4), {name} FROM {source} WHERE {good} ORDER BY ALL"
        columns = list(zip(*con.execute(query).fetchall(), strict=True))
        return found | {"lintang": columns[0], "bujur": columns[1], "nama": columns[2] if roles.label else None}
    grid = 0.005
    while True:
        cell = f"round(round({lat} / {grid!r}) * {grid!r}, 4), round(round({lon} / {grid!r}) * {grid!r}, 4)"
        query = f"SELECT {cell}, count(*) FROM {source} WHERE {good} GROUP BY 1, 2"
        if int(con.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]) <= 2 * MANY:
            columns = list(zip(*con.execute(f"{query} ORDER BY ALL").fetchall(), strict=True))
            return found | {"lintang": columns[0], "bujur": columns[1], "n": columns[2]}
        grid *= 2
