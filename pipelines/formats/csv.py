"""The CSV of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.spreadsheet import spelled_cells
from pipelines.sql import ident, literal


def write_csv(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], out: Path) -> None:
    """Write a table as CSV: UTF-8 without BOM, comma, LF, '.' decimals, ISO dates, null empty.

    Text is escaped (see pipelines.spreadsheet). Whether it holds what the Parquet file holds, `release.verify` reads.
    """
    cells = ", ".join(f"{cell} AS {ident(k)}" for k, cell in spelled_cells(columns).items())
    con.execute(
        f"COPY (SELECT {cells} FROM {table}) TO {literal(str(out))} "
        "(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
    )
