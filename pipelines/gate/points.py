"""Where persons live: exact coordinates stay in wherever the rows of a dataset are about persons."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.gate.finding import Hit
from pipelines.sql import ident

POINT = "titik"
_AXES = ("lintang", "bujur")
# Degrees: two decimals are about a kilometre, which is a village and not a house.
ROUNDED = 2


def in_columns(
    con: duckdb.DuckDBPyConnection, standards: Mapping[str, Standard], contract: Contract, about: str, source: str,
    columns: Mapping[str, str],
) -> list[Hit]:  # fmt: skip
    """Columns of coordinates that say more than the village, where the rows are about persons."""
    if about != "orang":
        return []
    hits = []
    for name in columns:
        if name not in contract.kolom or contract.kolom[name].standar not in _AXES:
            continue
        value = f"TRY_CAST({ident(name)} AS DOUBLE)"
        row = con.execute(
            f"SELECT count(*) FROM {source} WHERE abs({value} - round({value}, {ROUNDED})) > 1e-9"
        ).fetchone()
        if row and row[0]:
            hits.append(Hit(name, standards[POINT], row[0], "*"))
    return hits
