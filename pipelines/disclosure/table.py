"""A table as disclosure control sees it: dimensions, measures, and one number for each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import duckdb

from pipelines.contract.protection import Protection
from pipelines.sql import ident, literal

# Lengths of a kode_wilayah (Kemendagri, with dots), coarse to fine.
LEVELS = (2, 5, 8, 13)
TOTAL_WORDS = r"^\W*(jumlah|total|semua|seluruh(nya)?|keseluruhan)\b.*$"
COPY = "sdc_tabel_"


class DisclosureError(Exception):
    """A table is not what its description says; the message names the table and what to correct."""


@dataclass(frozen=True)
class Measure:
    """One published number column.

    `scale` turns one of its unit into things counted (1000 for 'ribu jiwa'). `same` names what is measured: measures
    of two tables with one name are compared, and linked where the one adds up to the other. Without it a measure is
    compared with none.
    """

    protection: Protection | None = None
    scale: float = 1
    same: str = ""

    @property
    def derived(self) -> bool:
        """Whether it follows from other columns of its row."""
        return self.protection is not None and self.protection.jenis == "turunan"


@dataclass(frozen=True)
class Table:
    """One table of a release.

    `relation` is SQL (a table, a view, read_parquet(...)) with a row for each combination of `dims`, which are the
    columns that identify a row and none that merely describes (a place's name). `place` is the one with
    kode_wilayah. `sums` declares columns that are the sum of others in each row; undeclared ones are found.
    """

    name: str
    relation: str
    dims: tuple[str, ...]
    measures: Mapping[str, Measure]
    place: str | None = None
    sums: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def additive(self) -> list[str]:
        """Measures that take part in sums: all but the derived ones, in their order."""
        return [name for name, measure in self.measures.items() if not measure.derived]

    @property
    def protected(self) -> bool:
        """Whether any measure has something to hide. Other tables are left as they are."""
        return any(m.protection is not None and m.protection.jenis != "tidak" for m in self.measures.values())

    @property
    def contributors(self) -> list[str]:
        """Columns that say who contributed to its magnitudes, and are no measures themselves."""
        said = [m.protection.besaran for m in self.measures.values() if m.protection and m.protection.besaran]
        named = {column for one in said for column in one.model_dump().values() if column}
        return sorted(named - set(self.measures) - set(self.dims))

    @property
    def categories(self) -> list[str]:
        """Dimensions other than the place."""
        return [d for d in self.dims if d != self.place]


@dataclass(frozen=True)
class Stored:
    """A table copied for work. Cell = base + row * number of additive measures + position of the measure.

    `levels` are the lengths of its place codes, coarse to fine, [0] without places. `totals` has for each category
    that has rows about all its values together the SQL that tells these rows.
    """

    table: Table
    copy: str
    base: int
    rows: int
    levels: tuple[int, ...]
    totals: Mapping[str, str]

    @cached_property
    def additive(self) -> tuple[str, ...]:
        """The measures that have cells."""
        return tuple(self.table.additive)

    @cached_property
    def width(self) -> int:
        """Cells in a row."""
        return len(self.additive)

    def cell(self, position: int) -> str:
        """The number of a cell as SQL over the copy."""
        return f"({self.base} + rowid * {self.width} + {position})"

    def value(self, position: int) -> str:
        """The value of a cell as SQL over the copy."""
        return f"CAST({ident(self.additive[position])} AS DOUBLE)"


def involved(tables: Sequence[Table]) -> list[Table]:
    """The tables with something to hide, and those with a measure that might give it back."""
    asked = {m.same for t in tables if t.protected for m in t.measures.values() if m.same}
    return [t for t in tables if t.protected or any(m.same in asked for m in t.measures.values())]


def store(con: duckdb.DuckDBPyConnection, tables: Sequence[Table], prefix: str = COPY) -> list[Stored]:
    """Copy the tables (rows in their order) and number their cells."""
    stored: list[Stored] = []
    base = 0
    for number, table in enumerate(tables):
        copy = f"{prefix}{number}"
        try:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {copy} AS SELECT * FROM {table.relation}")
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise DisclosureError(f"{table.name}: {table.relation} cannot be read: {error}") from error
        types = {row[0]: row[1] for row in con.execute(f"DESCRIBE {copy}").fetchall()}
        if missing := {*table.dims, *table.measures} - set(types):
            raise DisclosureError(f"{table.name}: there is no column {', '.join(sorted(missing))}; correct its table")
        words = [d for d in table.categories if types[d] == "VARCHAR"]
        rows, levels, *totals = con.execute(
            f"SELECT (SELECT count(*) FROM {copy}), {_levels(table, copy)}{''.join(_totals(d, copy) for d in words)}"
        ).fetchall()[0]
        told = {dim: _any_of(dim, said) for dim, said in zip(words, totals, strict=True) if said}
        stored.append(Stored(table, copy, base, rows, tuple(levels), told))
        base += rows * len(table.additive)
    return stored


def clear(con: duckdb.DuckDBPyConnection) -> None:
    """Remove what `protect` and `audit` left in the connection, also the relations that `Protected` names."""
    for kind in ("view", "table"):
        names = con.execute(
            f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE temporary AND starts_with({kind}_name, 'sdc_')"
        ).fetchall()
        for (name,) in names:
            con.execute(f"DROP {kind} {ident(name)}")


def _levels(table: Table, copy: str) -> str:
    if table.place is None:
        return "[0]"
    place = ident(table.place)
    lengths = f"SELECT DISTINCT length({place}) AS n FROM {copy} WHERE length({place}) IN {LEVELS}"
    return f"(SELECT coalesce(list(n ORDER BY n), []) FROM ({lengths}))"


def _totals(dim: str, copy: str) -> str:
    """The words are looked for among the distinct values: a regular expression costs much more than a row."""
    return (
        f", (SELECT list(w ORDER BY w) FROM (SELECT DISTINCT {ident(dim)} AS w FROM {copy}) "
        f"WHERE regexp_matches(w, {literal(TOTAL_WORDS)}, 'i'))"
    )


def _any_of(dim: str, words: Sequence[str]) -> str:
    return f"coalesce({ident(dim)} IN ({', '.join(map(literal, words))}), false)"
