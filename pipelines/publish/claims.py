"""What the metadata may claim about the values: only what the contract says and the file keeps.

The check has enforced the contract already, but a hand-written open_data model may have changed the values
since. A claim that the file breaks is not made, so that the descriptor is always true.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.contract.model import Contract
from pipelines.publish.files import relation
from pipelines.sql import ident, literal


@dataclass(frozen=True)
class Claims:
    """Columns that are never empty, the only values of a column, and the primary key (or nothing)."""

    required: frozenset[str]
    values: dict[str, list[str]]
    key: tuple[str, ...]


def claims(con: duckdb.DuckDBPyConnection, contract: Contract, columns: dict[str, str], parquet: Path) -> Claims:
    """Try each claim of the contract on the Parquet file; `columns` maps its names to SQL types."""
    source = relation(parquet)

    def holds(broken: str) -> bool:
        return con.execute(f"SELECT 1 FROM {source} WHERE {broken} LIMIT 1").fetchone() is None

    declared = {k: c for k, c in contract.kolom.items() if k in columns}
    required = [k for k, c in declared.items() if c.wajib and holds(f"{ident(k)} IS NULL")]
    values = {k: list(c.nilai) for k, c in declared.items() if c.nilai and columns[k] == "VARCHAR"}
    values = {k: v for k, v in values.items() if holds(f"{ident(k)} NOT IN ({', '.join(map(literal, v))})")}
    key = tuple(contract.kunci) if set(contract.kunci) <= columns.keys() else ()
    if key:
        names = ", ".join(ident(k) for k in key)
        empty = " OR ".join(f"{ident(k)} IS NULL" for k in key)
        repeated = f"SELECT 1 FROM {source} GROUP BY {names} HAVING count(*) > 1 OR bool_or({empty}) LIMIT 1"
        key = () if con.execute(repeated).fetchone() else key
    return Claims(frozenset(required), values, key)
