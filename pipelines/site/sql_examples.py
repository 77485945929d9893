"""Queries that a reader can start from, written from the columns that a dataset really has.

None adds numbers up: a column may hold rates, totals beside their parts, or numbers that are hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column
from pipelines.site.roles import NUMBERS
from pipelines.sql import ident

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_POINT = {"lintang", "bujur"}


@dataclass(frozen=True)
class Example:
    """A query, and what it asks: a text with {names} in braces, so that the English switch can translate it."""

    text: str
    sql: str
    values: dict[str, str] = field(default_factory=dict)


def examples(dataset: Dataset, table: str, reserved: frozenset[str]) -> list[Example]:
    """From the simplest on; `table` is what the dataset is called in SQL, `reserved` the words SQL keeps to itself."""

    def q(name: str) -> str:
        return name if _PLAIN.fullmatch(name) and name not in reserved else ident(name)

    columns = dataset.columns
    table, group, measure = q(table), _group(columns), _measure(columns)
    year = next((c for c in columns if c.peran == "waktu" and c.type in ("integer", "year")), None)
    status = next((c for c in columns if c.peran == "status"), None)
    found = [Example("Sepuluh baris pertama", f"SELECT *\nFROM {table}\nLIMIT 10")]
    if group:
        found.append(
            Example(
                "Banyaknya baris menurut: {kolom}",
                f"SELECT {q(group.name)}, count(*) AS banyak_baris\nFROM {table}\nGROUP BY {q(group.name)}\n"
                "ORDER BY banyak_baris DESC",
                {"kolom": group.label},
            )
        )
    if measure:
        about = [*_places(columns)[-1:], *(c for c in columns if c.peran in ("dimensi", "waktu")), measure]
        shown = ", ".join(q(c.name) for c in about)
        found.append(
            Example(
                "Dua puluh angka terbesar: {kolom}",
                f"SELECT {shown}\nFROM {table}\n"
                f"WHERE {q(measure.name)} IS NOT NULL\nORDER BY {q(measure.name)} DESC\nLIMIT 20",
                {"kolom": measure.label},
            )
        )
    if measure and group:
        number = q(measure.name)
        found.append(
            Example(
                "Terkecil, tengah dan terbesar: {kolom}",
                f"SELECT {q(group.name)}, count({number}) AS banyak_angka, min({number}) AS terkecil,\n"
                f"       median({number}) AS tengah, max({number}) AS terbesar\nFROM {table}\n"
                f"GROUP BY {q(group.name)}\nORDER BY {q(group.name)}",
                {"kolom": measure.label},
            )
        )
    if year:
        name = q(year.name)
        found.append(
            Example("Tahun terakhir saja", f"SELECT *\nFROM {table}\nWHERE {name} = (SELECT max({name}) FROM {table})")
        )
    if status:
        name = q(status.name)
        found.append(
            Example(
                "Berapa angka yang disembunyikan",
                f"SELECT {name}, count(*) AS banyak_baris\nFROM {table}\nGROUP BY {name}\nORDER BY {name}",
            )
        )
    return found


def _group(columns: tuple[Column, ...]) -> Column | None:
    """A column with few values: one of a known list, else the names of the widest places below the province."""
    listed = next((c for c in columns if c.peran == "dimensi" and (c.constraints.enum or c.klasifikasi)), None)
    return listed or next(iter(_places(columns)[1:]), None)


def _measure(columns: tuple[Column, ...]) -> Column | None:
    return next((c for c in columns if c.peran == "ukuran" and c.type in NUMBERS and c.standar not in _POINT), None)


def _places(columns: tuple[Column, ...]) -> list[Column]:
    """Names of places, from the widest to the narrowest."""
    return [c for c in columns if c.peran == "wilayah" and c.name.startswith("nama_")]
