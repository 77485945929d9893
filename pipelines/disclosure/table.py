"""A table as its owner describes it: dimensions and measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from pipelines.contract.place import CODE_LENGTHS
from pipelines.contract.protection import Protection
from pipelines.sql import ident

# Lengths of a kode_wilayah (Kemendagri, with dots), coarse to fine.
LEVELS = tuple(CODE_LENGTHS.values())
TOTAL_WORDS = r"^\W*(jumlah|total|semua|seluruh(nya)?|keseluruhan)\b.*$"


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


def involved(tables: Sequence[Table]) -> list[Table]:
    """The tables with something to hide, and those with a measure that might give it back."""
    asked = {m.same for t in tables if t.protected for m in t.measures.values() if m.same}
    return [t for t in tables if t.protected or any(m.same in asked for m in t.measures.values())]


def linked(tables: Sequence[Table], names: Collection[str]) -> list[Table]:
    """The named tables, and those that measure the same as one of them, directly or by way of others."""
    found: list[Table] = []
    more = [t for t in tables if t.name in names]
    while len(more) > len(found):
        found = more
        same = {m.same for t in found for m in t.measures.values() if m.same}
        more = [t for t in tables if t in found or any(m.same in same for m in t.measures.values())]
    return found


def clear(con: duckdb.DuckDBPyConnection) -> None:
    """Remove what `protect` and `audit` left in the connection, also the relations that `Protected` names."""
    for kind in ("view", "table"):
        names = con.execute(
            f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE temporary AND starts_with({kind}_name, 'sdc_')"
        ).fetchall()
        for (name,) in names:
            con.execute(f"DROP {kind} {ident(name)}")
