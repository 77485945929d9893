"""The spreadsheet of a dataset: its rows, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import python_calamine

from pipelines.formats.compare import FileError
from pipelines.formats.sheet import LONGEST_TEXT, MOST_COLUMNS, Column
from pipelines.formats.workbook import write_workbook
from pipelines.spreadsheet import escaped
from pipelines.sql import ident

# A row costs eight times what it does in CSV and Parquet together, most of it to read it back: larger files would rule
# the time of a release. Most datasets are smaller (one row a kabupaten and year, or a kecamatan).
XLSX_ROWS = 5_000
DATA, DICTIONARY = "data", "kamus"
# SQL types that a cell has too; all else is text.
_KINDS = ("VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "DOUBLE", "BOOLEAN", "DATE")


def write_xlsx(
    con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], out: Path, title: str,
    dictionary: Sequence[Sequence[str]],
) -> bool:  # fmt: skip
    """Write a table's rows as sheet "data", and the dictionary (header and rows) as sheet "kamus".

    Text stays text, codes and leading zeros too, and is escaped as in CSV; numbers beyond 15 digits, and dates
    before March 1900, become text. Writes nothing and returns False where a spreadsheet would not do: more than
    XLSX_ROWS rows, or a cell or row too long. Read back by another program: raises FileError if a cell differs.
    """
    height = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    if height > XLSX_ROWS or len(columns) > MOST_COLUMNS:
        return False
    data = _data(con, table, columns)
    # A character is one unit or two.
    if any(2 * len(value) >= LONGEST_TEXT for column in data for value in column.values if isinstance(value, str)):
        return False
    kamus = [
        Column.of(name, pa.array([cell or None for cell in cells], pa.string()), escaped)
        for name, *cells in zip(*dictionary, strict=True)
    ]
    sheets = {DATA: data, DICTIONARY: kamus}
    write_workbook(out, title, sheets)
    book = python_calamine.load_workbook(str(out))
    for name, wanted in sheets.items():
        found = book.get_sheet_by_name(name).to_python()
        if list(zip(*found, strict=True)) != [column.cells() for column in wanted]:
            raise FileError(f"{out.name}: sheet {name} differs from what was to be written")
    return True


def _data(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> list[Column]:
    cells = [ident(k) if t.split("(")[0] in _KINDS else f"CAST({ident(k)} AS VARCHAR)" for k, t in columns.items()]
    rows = con.execute(f"SELECT {', '.join(cells)} FROM {table}").to_arrow_table()
    # Texts are escaped here and not by DuckDB: each only once, however many rows hold it.
    return [
        Column.of(name, column.combine_chunks(), escaped if columns[name] == "VARCHAR" else str)
        for name, column in zip(columns, rows.columns, strict=True)
    ]
