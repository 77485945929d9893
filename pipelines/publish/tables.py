"""A dataset as disclosure control sees it: what tells its rows apart, and what its numbers count."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.contract.protection import scale
from pipelines.contract.role import role
from pipelines.disclosure import Measure, Table
from pipelines.gate import PLACE
from pipelines.publish.key import broken, published_key
from pipelines.sql import ident

OCCURRENCE = "_ke"


def as_table(
    con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, columns: Mapping[str, str], relation: str
) -> Table:
    """The table of a dataset over a relation with its published columns (name -> SQL type) and contributors.

    Rows that no published key tells apart get their number among equal ones, in the order of their measures.
    """
    roles = {name: role(contract, library.standards, name) for name in columns if name in contract.kolom}
    measures = {name: _measure(library, contract, name) for name, kind in roles.items() if kind == "ukuran"}
    key = published_key(contract, columns)
    table = Table(contract.slug, relation, key, measures, PLACE if PLACE in key else None)
    if not table.protected or (table.dims and not con.execute(broken(relation, table.dims)).fetchone()):
        return table
    dims = tuple(name for name in columns if roles.get(name) in ("dimensi", "waktu", None) and name != OCCURRENCE)
    counted = (
        relation
        if OCCURRENCE in columns
        else (
            f"(SELECT *, row_number() OVER (PARTITION BY {', '.join(map(ident, dims)) or '1'} "
            f"ORDER BY {', '.join(map(ident, columns))}) AS {OCCURRENCE} FROM {relation})"
        )
    )
    return Table(contract.slug, counted, (*dims, OCCURRENCE), measures, PLACE if PLACE in dims else None)


def _measure(library: Library, contract: Contract, name: str) -> Measure:
    column = contract.kolom[name]
    unit = column.satuan or library.standards[column.standar].satuan
    # A concept of the standard ("Bilangan") says nothing about what is measured; the contract's own does.
    same = f"{column.konsep}|{unit}" if column.konsep else ""
    return Measure(library.protection(contract, name), scale(unit), same)
