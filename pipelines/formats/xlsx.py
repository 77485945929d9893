"""The spreadsheet of a dataset: its rows, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import python_calamine

from pipelines.formats.compare import FileError
from pipelines.formats.parquet import spreadsheet_cells
from pipelines.formats.sheet import LONGEST_TEXT, MOST_COLUMNS, Cell, all_shown, shown
from pipelines.formats.workbook import write_workbook
from pipelines.spreadsheet import escaped
from pipelines.sql import ident

# A row costs six times what it does in CSV and Parquet together, so that larger files would rule the time of a release.
# Most datasets are smaller (one row a kabupaten and year, or a kecamatan); what is larger outgrows a spreadsheet.
XLSX_ROWS = 5_000
DATA, DICTIONARY = "data", "kamus"


def write_xlsx(
    con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], out: Path, title: str,
    dictionary: Sequence[Sequence[str]],
) -> bool:  # fmt: skip
    """Write a table's rows as sheet "data", and the dictionary (header and rows) as sheet "kamus".

    Text stays text, codes and leading zeros too, and is escaped as in CSV; numbers beyond 15 digits, and dates
    before March 1900, become text. Writes nothing and returns False where a spreadsheet would not do: more than
    XLSX_ROWS rows, or a cell or row too long. Read back by another program: raises FileError if a cell differs.
    """
    texts = [ident(k) for k, t in columns.items() if t == "VARCHAR"]
    # A character is one unit or two.
    longest = f"greatest(0, {', '.join(f'max(length({k}))' for k in texts)})" if texts else "0"
    size = con.execute(f"SELECT count(*), {longest} FROM {table}").fetchone()
    assert size is not None
    if size[0] > XLSX_ROWS or 2 * size[1] >= LONGEST_TEXT or len(columns) > MOST_COLUMNS:
        return False
    kamus: list[Sequence[Cell]] = [[shown(escaped(cell)) for cell in row] for row in dictionary]
    sheets: dict[str, list[Sequence[Cell]]] = {DATA: _rows(con, table, columns), DICTIONARY: kamus}
    write_workbook(out, title, sheets)
    book = python_calamine.load_workbook(str(out))
    for name, rows in sheets.items():
        found = book.get_sheet_by_name(name).to_python()
        if found != [["" if v is None else v for v in row] for row in rows]:
            raise FileError(f"{out.name}: sheet {name} differs from what was to be written")
    return True


def _rows(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> list[Sequence[Cell]]:
    cells = ", ".join(spreadsheet_cells(columns).values())
    values = con.execute(f"SELECT {cells} FROM {table}").fetchall()
    return [list(columns), *all_shown(values)]
