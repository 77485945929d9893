"""The CSV of a dataset, made from its Parquet file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import csv

from pipelines.formats.compare import BATCH, FileError, check_rows
from pipelines.formats.parquet import describe, relation, spreadsheet_cells
from pipelines.sql import ident, literal

# Bytes that are read back at once, and so the longest row: a delivered line is far shorter.
_BLOCK = 8 << 20


def write_csv(con: duckdb.DuckDBPyConnection, parquet: Path, out: Path) -> None:
    """Write a Parquet file's rows as CSV: UTF-8 without BOM, comma, LF, '.' decimals, ISO dates, null empty.

    Text is escaped (see pipelines.spreadsheet). Read back by another program than the one that wrote it, and
    compared cell by cell and in order: raises FileError if anything differs.
    """
    columns = describe(con, relation(parquet))
    cells = ", ".join(f"{cell} AS {ident(k)}" for k, cell in spreadsheet_cells(columns).items())
    rows = f"SELECT {cells} FROM {relation(parquet)}"
    con.execute(
        f"COPY ({rows}) TO {literal(str(out))} "
        "(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
    )
    expected = con.execute(rows).to_arrow_reader(BATCH)
    try:
        found = csv.open_csv(
            out,
            read_options=csv.ReadOptions(block_size=_BLOCK),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=expected.schema,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise FileError(f"{out.name}: cannot be read back") from error
    if found.schema.names != list(columns):
        raise FileError(f"{out.name}: its header is not the columns of {parquet.name}, but {found.schema.names}")
    check_rows(out, expected, found)
