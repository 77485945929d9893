"""The few thousand numbers behind the chart and the map of a dataset, small enough for a telephone.

Two kinds. `nilai`: one row per place, group and period, so each number is shown as it was published; nothing is
summed, for a sum of rates is wrong and a sum around hidden numbers misleads. `hitungan`: rows are single things
(schools, permits), so they are counted per place, group and period; counts do add up.

What is too large loses, in this order: measures, choices within a group (one stays), old periods, fine places.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from pipelines.catalogue.parts import Column
from pipelines.site.places import LEVELS, PLACE
from pipelines.site.roles import Measure, Roles
from pipelines.sql import ident, literal

ROOM = 48_000  # bytes that a dataset's numbers should stay under
CHOICES = 30  # a group with more values is a name or a number of things, not a choice
_FEW = 100_000  # rows of which all values may be listed at once
_CHECKED = 200_000  # rows up to which uniqueness is looked for where no key is declared
_WHOLE = {"jumlah", "total", "semua", "jumlah total", "laki-laki + perempuan"}
_SPARSE = 4  # a table has at least one cell in so many filled


@dataclass(frozen=True)
class Cube:
    """Where the numbers of a dataset are to be had: a query over `source`, and what was left out to keep it small."""

    kind: str  # nilai | hitungan
    source: str  # SQL
    place: str | None  # SQL expressions from here on
    groups: tuple[Column, ...]
    period: str | None
    measures: tuple[Measure, ...]
    fixed: tuple[tuple[Column, str], ...] = ()
    since: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """What tells one number from another, in the order of the rows."""
        return (*([self.place] if self.place else []), *(group(c) for c in self.groups),
                *([self.period] if self.period else []))  # fmt: skip

    @property
    def where(self) -> str:
        """Condition on the rows of the source."""
        kept = [f"{group(c)} = {literal(value)}" for c, value in self.fixed]
        if self.since and self.period:
            kept.append(f"{self.period} >= {literal(self.since)}")
        return " AND ".join(kept) or "true"

    @property
    def room(self) -> int:
        """Rows that fit: about four bytes for a position in a list, seven for a number."""
        return ROOM // (4 * len(self.keys) + 7 * max(len(self.measures), 1) + (6 if self.place else 0))


def group(column: Column) -> str:
    """SQL text of a group's value."""
    return f"{ident(column.name)}::VARCHAR"


def cube(con: duckdb.DuckDBPyConnection, source: str, rows: int, roles: Roles, key: Sequence[str]) -> Cube | None:
    """The numbers of a dataset that are worth showing; None where there is neither place, group nor time.

    `source` is an SQL relation of so many `rows`, `key` its declared primary key (may be empty).
    """
    choices = _choices(con, source, rows, roles.groups)
    # A value of its own in every row names a thing in a place: a school, a market. It is no group.
    names = {name for name, values in choices.items() if roles.place and len(values) == rows}
    groups = tuple(c for c in roles.groups if c.name in choices.keys() - names)
    place = ident(PLACE) if roles.place else None
    defaults = {name: _default(values) for name, values in choices.items()}
    valued = Cube("nilai", source, place, groups, roles.period, roles.measures, defaults=defaults)
    if roles.measures and valued.keys and _unique(con, valued, rows, roles, key):
        smaller = _valued(con, valued, rows, choices)
        if smaller is not None:
            return smaller
    counted = Cube("hitungan", source, place, groups, roles.coarse_period, ())
    return _counted(con, counted, choices) if rows and counted.keys else None


def _choices(con: duckdb.DuckDBPyConnection, source: str, rows: int, groups: Sequence[Column]) -> dict[str, list[str]]:
    """Groups that one can choose in, with their values."""
    if rows > _FEW and groups:
        counts = ", ".join(f"approx_count_distinct({ident(c.name)})" for c in groups)
        found = con.execute(f"SELECT {counts} FROM {source}").fetchall()[0]
        groups = [c for c, n in zip(groups, found, strict=True) if n <= 2 * CHOICES]
    if not groups:
        return {}
    # What is missing is left out here, and the rest sorted: in SQL both together take longer to plan than to do.
    lists = ", ".join(f"list(DISTINCT {group(c)})" for c in groups)
    values = con.execute(f"SELECT {lists} FROM {source}").fetchall()[0]
    known = {c.name: [v for v in found or () if v is not None] for c, found in zip(groups, values, strict=True)}
    return {name: sorted(found) for name, found in known.items() if 1 < len(found) <= CHOICES}


def _default(values: Sequence[str]) -> str:
    """The value that stands for the whole, else the first."""
    return next((v for v in values if v.strip().lower() in _WHOLE), values[0])


def _unique(con: duckdb.DuckDBPyConnection, cube: Cube, rows: int, roles: Roles, key: Sequence[str]) -> bool:
    """Whether no two rows share place, groups and period, and not by chance: as declared, else as the rows show."""
    told = {PLACE if cube.place else None, *(c.name for c in cube.groups), roles.year, roles.part, roles.day}
    if key:
        return set(key) <= told
    return rows <= _CHECKED and _many(con, cube) == rows and _filled(con, cube, rows)


def _filled(con: duckdb.DuckDBPyConnection, cube: Cube, rows: int) -> bool:
    """Whether a good part of the table that the rows would be is filled.

    A few hundred complaints over a year may each have a day, place and kind of its own, and are things all the same.
    """
    sizes = ", ".join(f"count(DISTINCT {key})" for key in cube.keys)
    lengths = con.execute(f"SELECT {sizes} FROM {cube.source}").fetchall()[0]
    if cube.period and lengths[-1] > 1:
        # Not every market is in every town: lines are what there is, and they go on from period to period.
        return _many(con, replace(cube, period=None)) * int(lengths[-1]) <= _SPARSE * rows
    return int(math.prod(lengths)) <= _SPARSE * rows


def _many(con: duckdb.DuckDBPyConnection, cube: Cube) -> int:
    """How many numbers of each measure the cube has."""
    keys = f"SELECT DISTINCT {', '.join(cube.keys) or '1'} FROM {cube.source} WHERE {cube.where}"
    return int(con.execute(f"SELECT count(*) FROM ({keys})").fetchall()[0][0])


def _valued(con: duckdb.DuckDBPyConnection, cube: Cube, rows: int, choices: Mapping[str, Sequence[str]]) -> Cube | None:
    """The cube made small enough; None where even one period of one choice is far too large."""
    if rows > cube.room:
        cube = replace(cube, measures=cube.measures[:3])
    if rows > cube.room and cube.groups:
        # Each step holds one more group at its default; one scan says how many rows each leaves.
        steps = [cube]
        for column in _largest_first(cube.groups, choices):
            kept = tuple(c for c in steps[-1].groups if c is not column)
            held = (*steps[-1].fixed, (column, cube.defaults[column.name]))
            steps.append(replace(steps[-1], groups=kept, fixed=held))
        counts = ", ".join(f"count(*) FILTER (WHERE {step.where})" for step in steps)
        left = con.execute(f"SELECT {counts} FROM {cube.source}").fetchall()[0]
        sizes = list(zip(steps, left, strict=True))
        cube, rows = next(((step, n) for step, n in sizes if n <= step.room), sizes[-1])
    if rows > cube.room and cube.period:
        counted = f"SELECT {cube.period} AS p, count(*) AS n FROM {cube.source} WHERE {cube.where} GROUP BY p"
        latest = f"SELECT p, sum(n) OVER (ORDER BY p DESC) AS n FROM ({counted}) WHERE p IS NOT NULL"
        periods = con.execute(f"{latest} ORDER BY p DESC").fetchall()
        fitting = [p for p, n in periods if n <= cube.room] or [p for p, _ in periods[:1]]
        if fitting:
            cube = replace(cube, since=fitting[-1])
            rows = next(n for p, n in periods if p == fitting[-1])
    return cube if rows <= 2 * cube.room else None


def _largest_first(groups: Sequence[Column], choices: Mapping[str, Sequence[str]]) -> list[Column]:
    return sorted(groups, key=lambda c: (-len(choices[c.name]), c.name))


def _counted(con: duckdb.DuckDBPyConnection, cube: Cube, choices: Mapping[str, Sequence[str]]) -> Cube:
    """The cube with places as fine, and groups as many, as there is room for."""
    smaller = cube
    for smaller in _smaller(cube, choices):
        if _many(con, smaller) <= smaller.room:
            break
    return smaller


def _smaller(cube: Cube, choices: Mapping[str, Sequence[str]]) -> Iterator[Cube]:
    """Ever coarser cubes: first the places, down to kabupaten, then the groups one by one, then the province alone."""
    coarse = cube
    if not cube.place:
        yield cube
    province, *finer = LEVELS
    for length in reversed(finer) if cube.place else ():
        coarse = replace(cube, place=f"left({ident(PLACE)}, {length})")
        yield coarse
    for column in _largest_first(cube.groups, choices):
        coarse = replace(coarse, groups=tuple(c for c in coarse.groups if c is not column))
        yield coarse
    yield replace(coarse, place=f"left({ident(PLACE)}, {province})" if cube.place else None)
