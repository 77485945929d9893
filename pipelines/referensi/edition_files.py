"""Any file that lists places, as one temporary table of rows of text cells.

SQL dumps, CSV and workbooks end up in the same shape, so that everything above knows columns by
their header or position and no format.
"""

from __future__ import annotations

import csv
import gzip
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.referensi.declare import ReferenceDataError
from pipelines.sql import ident, literal

# Comments, heads of statements, groups in brackets with the strings inside them, and other strings:
# a bracket or a quote within a string or a comment is never taken for one of the statement's own.
_STRING = r"""'(?:[^'\\]|''|\\.)*'"""
_NAME = r"""[`"][^`"]*[`"]"""
_TOKENS = (
    r"(?is)--[^\n]*|/\*.*?\*/"
    rf"""|\b(?:create|insert|replace)\b[^;('"`]*(?:{_NAME}[^;('"`]*)*(?:\([^)]*\)\s*values?)?"""
    rf"|\((?:{_STRING}|[^'()])*\)|{_STRING}"
)
_FIELDS = rf"{_STRING}|[^,()\s]+"


def read_cells(
    con: duckdb.DuckDBPyConnection, path: Path, into: str, tabel: str | None = None, lembar: int | str = 0
) -> None:
    """Create the temporary table `into`(baris BIGINT, sel VARCHAR[]): the rows of a file as text.

    .csv and .sql, also .gz, .xlsx, and .json (a list of records). `baris` orders the rows; of SQL and
    JSON the names of the columns come first, as row 0. Raises ReferenceDataError for a file that cannot be read.
    """
    suffixes = [s.lower() for s in path.suffixes]
    try:
        if ".sql" in suffixes:
            _dump(con, path, into, tabel)
        elif ".xlsx" in suffixes:
            _workbook(con, path, into, lembar)
        elif ".json" in suffixes:
            _json(con, path, into)
        else:
            _csv(con, path, into)
    except (duckdb.Error, OSError, EOFError, UnicodeDecodeError) as error:
        first = str(error).strip().split("\n")[0]
        raise ReferenceDataError(f"{path}: cannot be read as a table of places: {first}") from None


def columns_named(con: duckdb.DuckDBPyConnection, table: str, names: Sequence[str]) -> tuple[list[int], int]:
    """Positions from 1 of the columns with these headers, and the header's row, among the first rows of `table`.

    Raises KeyError with the names where no row holds them all.
    """
    for line, cells in con.execute(f"SELECT baris, sel FROM {table} ORDER BY baris LIMIT 10").fetchall():
        words = [(cell or "").strip().lower() for cell in cells]
        if all(name.lower() in words for name in names):
            return [words.index(name.lower()) + 1 for name in names], line
    raise KeyError(", ".join(names))


def _text(path: Path) -> str:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        return stream.read().decode("utf-8-sig")


def _csv(con: duckdb.DuckDBPyConnection, path: Path, into: str) -> None:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        start = stream.readline(4096).decode("utf-8", "replace")
    if not start.strip() or "\0" in start:
        raise ReferenceDataError(f"{path}: holds no text; bring a CSV, an SQL dump or an XLSX")
    delimiter = max(",;\t|", key=start.count)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        SELECT row_number() OVER () AS baris, list_value(*COLUMNS(*)) AS sel
        FROM read_csv({literal(str(path))}, header = false, all_varchar = true, null_padding = true,
            delim = {literal(delimiter)}, quote = '"', escape = '"', max_line_size = 100000)
        """
    )


def _dump(con: duckdb.DuckDBPyConnection, path: Path, into: str, tabel: str | None) -> None:
    """Tuples of INSERT statements. Of several tables the declared one, else the one with most rows of codes."""
    wanted = "TRUE" if tabel is None else f"tabel = {literal(tabel.lower())}"
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _potong AS
        SELECT n, teks, sum((teks[1] <> '(')::INTEGER) OVER (ROWS UNBOUNDED PRECEDING) AS pernyataan
        FROM (
            SELECT unnest(p) AS teks, generate_subscripts(p, 1) AS n
            FROM (SELECT regexp_extract_all({literal(_text(path))}, {literal(_TOKENS)}) AS p)
        ) WHERE teks[1] NOT IN ('''', '-', '/')
        """
    )
    con.execute(
        r"""
        CREATE OR REPLACE TEMP TABLE _pernyataan AS
        SELECT pernyataan, n, lower(regexp_extract(teks, '(?is)into\s+(?:[`"\w]+\.)?[`"]?(\w+)', 1)) AS tabel,
            regexp_extract_all(regexp_extract(teks, '(?s)\(.*\)'), '\w+') AS judul
        FROM _potong WHERE teks[1] <> '(' AND regexp_matches(teks, '(?i)^(insert|replace)\b')
        """
    )
    con.execute(
        rf"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        WITH pilih AS (
            SELECT tabel FROM _potong p JOIN _pernyataan USING (pernyataan) WHERE p.teks[1] = '(' AND {wanted}
            GROUP BY tabel
            ORDER BY count(*) FILTER (regexp_matches(p.teks, '[(,]\s*''?\d\d[\d.]*''?\s*[,)]')) DESC, tabel LIMIT 1
        )
        (SELECT 0 AS baris, judul AS sel FROM _pernyataan SEMI JOIN pilih USING (tabel) WHERE len(judul) > 0
        ORDER BY n LIMIT 1)
        UNION ALL
        SELECT p.n, list_transform(regexp_extract_all(p.teks, {literal(_FIELDS)}), lambda x:
            CASE WHEN x[1] <> '''' THEN CASE WHEN upper(x) <> 'NULL' THEN x END
                WHEN contains(x, chr(92)) THEN regexp_replace(replace(x[2:-2], '''''', ''''), '\\(.)', '\1', 'g')
                ELSE replace(x[2:-2], '''''', '''') END)
        FROM _potong p JOIN _pernyataan USING (pernyataan) SEMI JOIN pilih USING (tabel) WHERE p.teks[1] = '('
        """
    )
    con.execute("DROP TABLE _potong; DROP TABLE _pernyataan")


def _json(con: duckdb.DuckDBPyConnection, path: Path, into: str) -> None:
    records = f"read_json({literal(str(path))}, format = 'auto', records = true, maximum_depth = 1)"
    names = [str(row[0]) for row in con.execute(f"DESCRIBE FROM {records}").fetchall()]
    header = ", ".join(literal(name) for name in names)
    cells = ", ".join(f"{ident(name)} ->> '$'" for name in names)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        SELECT 0 AS baris, [{header}] AS sel UNION ALL SELECT row_number() OVER (), [{cells}] FROM {records}
        """
    )


def _workbook(con: duckdb.DuckDBPyConnection, path: Path, into: str, lembar: int | str) -> None:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(lembar) if isinstance(lembar, int) else book.get_sheet_by_name(lembar)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise ReferenceDataError(f"{path}: cannot be read as a workbook: {error}") from None
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "lembar.csv"
        with plain.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([_cell(c) for c in row] for row in rows if any(c != "" for c in row))
        _csv(con, plain, into)


def _cell(value: object) -> object:
    """A code that Excel keeps as the number 1101.0 is 1101."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
