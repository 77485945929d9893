"""What tells the published rows of a dataset apart."""

from __future__ import annotations

from collections.abc import Collection

from pipelines.contract.model import Contract
from pipelines.gate import PLACE
from pipelines.sql import ident


def published_key(contract: Contract, columns: Collection[str]) -> tuple[str, ...]:
    """The contract's key in published columns; empty where a part of it is not published.

    Columns that name a place are replaced by its code. Whether the key holds for the published rows, their numbers
    must show: an open_data model may have changed them.
    """
    place = contract.wilayah
    named = {*place.nama.values(), place.kode} if place else set()
    found = dict.fromkeys(PLACE if name in named else name for name in contract.kunci)
    return tuple(found) if found.keys() <= set(columns) else ()


def broken(source: str, key: Collection[str]) -> str:
    """SQL with a row where the key is empty somewhere or stands twice in a relation."""
    names = ", ".join(map(ident, key))
    empty = " OR ".join(f"{ident(k)} IS NULL" for k in key)
    return f"SELECT 1 FROM {source} GROUP BY {names} HAVING count(*) > 1 OR bool_or({empty}) LIMIT 1"
