"""The fast way through a regular CSV: DuckDB reads the text and writes the Parquet in one pass."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.contract.model import FILE_COLUMN, LINE_COLUMN
from pipelines.read.error import Reading
from pipelines.read.layout import Cell, Layout, Text
from pipelines.read.records import SHEET_COLUMN, STEP_COLUMN
from pipelines.read.scan import LINE_MAX
from pipelines.sql import literal

MEMORY = "2GB"


def fast_csv(
    reading: Reading, layout: Layout, delimiter: str, line_end: str, skip: int, expected: int, out: Path
) -> bool:
    """Write `out` as `write_records` would; False if DuckDB did not see `expected` records of full width.

    Only for a file that `scan` calls regular, without wide columns or a column of line numbers. `skip` counts the
    lines above the data.
    """
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(layout.width))
    source = (
        f"read_csv({literal(str(reading.source))}, auto_detect = false, header = false, skip = {skip}, "
        f"columns = {{{columns}}}, delim = {literal(delimiter)}, quote = '\"', escape = '\"', nullstr = '', "
        f"new_line = {literal(line_end.encode('unicode_escape').decode())}, encoding = 'utf-8', "
        f"null_padding = false, ignore_errors = false, strict_mode = true, max_line_size = {2 * LINE_MAX})"
    )
    chosen = [
        f"{literal(reading.name)} AS {FILE_COLUMN}",
        f"NULL::VARCHAR AS {SHEET_COLUMN}",
        # Numbering the lines here would make DuckDB read the file with one core.
        f"{skip + 1}::BIGINT AS {LINE_COLUMN}",
        f"1::TINYINT AS {STEP_COLUMN}",
    ]
    for key, origin in layout.columns.items():
        match origin:
            case Cell(index):
                chosen.append(f'c{index} AS "{key}"')
            case Text(text):
                chosen.append(f'{literal(text) if text is not None else "NULL"}::VARCHAR AS "{key}"')
            case _:
                return False
    select = f"SELECT {', '.join(chosen)} FROM {source}"
    query = f"COPY ({select}) TO {literal(str(out))} (FORMAT parquet, COMPRESSION snappy)"
    with duckdb.connect(config={"memory_limit": MEMORY, "allow_community_extensions": "false"}) as connection:
        try:
            written = connection.execute(query).fetchall()[0][0]
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
        except duckdb.Error:  # whatever it stumbled on, the careful way decides
            written = -1
    if written != expected:
        out.unlink(missing_ok=True)
    return bool(written == expected)
