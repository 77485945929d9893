"""What the metadata may claim about the values: only what the contract says and the file keeps.

The check has enforced the contract already, but a hand-written open_data model may have changed the values
since, and hidden numbers are empty. A claim that the file breaks is not made, so that the descriptor is always true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipelines.contract.model import Contract
from pipelines.publish.key import broken, published_key
from pipelines.publish.layout import Output
from pipelines.sql import ident, literal


@dataclass(frozen=True)
class Claims:
    """Columns that are never empty, the only values of a column, and the primary key (or nothing)."""

    required: frozenset[str]
    values: dict[str, list[str]]
    key: tuple[str, ...]


def claims(con: duckdb.DuckDBPyConnection, contract: Contract, outputs: Sequence[Output], table: str) -> Claims:
    """Try each claim on a table of published rows; claims on single columns in one scan."""
    columns = {c.name: c for c in outputs}
    declared = {k: c for k, c in contract.kolom.items() if k in columns}
    required = [k for k, c in declared.items() if c.wajib]
    values = {k: list(c.nilai) for k, c in declared.items() if c.nilai and columns[k].kind == "VARCHAR"}
    values |= {c.name: list(c.values) for c in outputs if c.values}
    tried = [f"count_if({ident(k)} IS NULL)" for k in required]
    tried += [f"count_if({ident(k)} NOT IN ({', '.join(map(literal, v))}))" for k, v in values.items()]
    key = published_key(contract, columns)
    empty = " OR ".join(f"{ident(k)} IS NULL" for k in key) or "false"
    # Different hashes prove different keys; only a doubt is looked at closely.
    alike = f"count(*) - count(DISTINCT hash({', '.join(map(ident, key))}))" if key else "0"
    *failed, without, doubted = con.execute(
        f"SELECT {', '.join([*tried, f'count_if({empty})', alike])} FROM {table}"
    ).fetchall()[0]
    held = len(required)
    fine = {name for name, count in zip(required, failed[:held], strict=True) if not count}
    listed = {k: v for (k, v), count in zip(values.items(), failed[held:], strict=True) if not count}
    if without or (doubted and con.execute(broken(table, key)).fetchone()):
        key = ()
    return Claims(frozenset(fine), listed, key)
