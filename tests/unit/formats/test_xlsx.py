from __future__ import annotations

import hashlib
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.formats import XLSX_ROWS, FileError, xlsx
from pipelines.formats.sheet import Column, column
from pipelines.spreadsheet import escaped

from .conftest import FORMS, ROWS, fetch, parquet, table, xlsx_of

KAMUS = [["kolom", "arti"], ["a", "=awas"], ["b", ""]]


def calamine(path: Path, sheet: str = "data") -> list[list[object]]:
    return python_calamine.load_workbook(str(path)).get_sheet_by_name(sheet).to_python()


def kept_of(text: str | None) -> str:
    """XML has no way to write two characters."""
    return escaped(text or "").replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_any_text_table_comes_back(
    con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    out = tmp_path_factory.mktemp("xlsx")
    file = parquet(con, out, f"FROM {table(con, rows)}")
    kept = fetch(con, file)
    assert xlsx_of(con, file, out / "t.xlsx", "Judul", KAMUS)
    expected = [[kept_of(x) for x in row] for row in kept]
    assert calamine(out / "t.xlsx") == [["a", "b"], *expected]
    sheet = openpyxl.load_workbook(out / "t.xlsx")["data"]
    found = [[c or "" for c in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
    for wanted, cell in zip(chain(*expected), chain(*found), strict=True):
        # openpyxl undoes of _xHHHH_, in which control characters stand, only one.
        if not re.search("[\x00-\x08\x0b-\x1f]|x005F_", wanted):
            assert cell == wanted


def test_every_awkward_text_as_value_and_column_of_the_dictionary(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    kamus = [["kolom", "arti"], *([f"k{n}", text] for n, text in enumerate(FORMS))]
    file = parquet(con, tmp_path, f"SELECT a FROM {table(con, [(text, 'x') for text in FORMS])}")
    assert xlsx_of(con, file, tmp_path / "t.xlsx", "<Judul & \x0b>", kamus)
    assert calamine(tmp_path / "t.xlsx", "kamus") == [[kept_of(cell) for cell in row] for row in kamus]


def test_numbers_dates_and_codes_stay_what_they_are(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    values = """
        ('33.02', '007', 9007199254740993, 1234.5, DATE '2024-01-31', true, 12.30),
        ('33.10', '1e5', 999999999999999, 0.1, DATE '1900-03-01', false, -0.01),
        ('33.20', '+62', -5, 1e300, DATE '1899-12-31', NULL, 1234567890123456.78),
        ('33.30', NULL, NULL, NULL, DATE '12024-01-31', NULL, NULL)
    """
    types = "k, t, i::BIGINT AS i, n::DOUBLE AS n, d, b, u::DECIMAL(18, 2) AS u"
    query = f"SELECT {types} FROM (VALUES {values}) v(k, t, i, n, d, b, u)"
    assert xlsx_of(con, parquet(con, tmp_path, query), tmp_path / "t.xlsx", "Judul", KAMUS)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert [list(row) for row in book["data"].iter_rows(min_row=2, values_only=True)] == [
        ["33.02", "007", "9007199254740993", 1234.5, datetime(2024, 1, 31), True, 12.3],
        ["33.10", "1e5", 999999999999999, 0.1, datetime(1900, 3, 1), False, -0.01],
        ["33.20", "'+62", -5, 1e300, "1899-12-31", None, "1234567890123456.78"],
        ["33.30", None, None, None, "12024-01-31", None, None],
    ]
    assert calamine(tmp_path / "t.xlsx")[1][4] == date(2024, 1, 31)
    assert book["data"]["A2"].number_format == "@", "a code typed over stays a code"


def test_what_only_parquet_knows_is_text_and_no_formula(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    query = "SELECT -5::FLOAT AS f, TIMESTAMP '2024-01-31 07:30:00' AS w, '-5' AS t"
    assert xlsx_of(con, parquet(con, tmp_path, query), tmp_path / "t.xlsx", "Judul", KAMUS)
    assert calamine(tmp_path / "t.xlsx")[1] == ["-5.0", "2024-01-31 07:30:00", "'-5"]


def test_small_numbers_and_long_ones_by_their_digits(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    values = "(0.00000001), (-0.12345678), (1234567.12345678), (-12345678.12345678)"
    query = f"SELECT u::DECIMAL(18, 8) AS u FROM (VALUES {values}) v(u)"
    assert xlsx_of(con, parquet(con, tmp_path, query), tmp_path / "t.xlsx", "Judul", KAMUS)
    assert calamine(tmp_path / "t.xlsx")[1:] == [["-12345678.12345678"], [-0.12345678], [1e-8], [1234567.12345678]]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.decimals(min_value=-(10**15), max_value=10**15, places=3),
            st.none() | st.dates(),
            st.none() | st.booleans(),
        ),
        max_size=6,
    )
)
def test_any_number_and_day_comes_back_as_itself_or_as_its_text(
    con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    out = tmp_path_factory.mktemp("xlsx")
    source = table(con, rows, "i BIGINT, n DOUBLE, u DECIMAL(20, 3), d DATE, b BOOLEAN")
    file = parquet(con, out, f"FROM {source}")
    assert xlsx_of(con, file, out / "t.xlsx", "Judul", KAMUS)
    for wanted, found in zip(fetch(con, file), calamine(out / "t.xlsx")[1:], strict=True):
        for value, cell in zip(wanted, found, strict=True):
            if value is None:
                assert cell == ""
            elif isinstance(cell, str):
                assert cell == str(value)
                assert len(re.sub("[^0-9]", "", cell)) > 15 or cell < "1900-03-01"
            else:
                assert cell == (float(value) if isinstance(value, Decimal) else value)


def test_it_is_made_for_reading(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = parquet(con, tmp_path, "SELECT 'Kabupaten ' || i AS nama, i AS n FROM range(30) r(i)")
    assert xlsx_of(con, file, tmp_path / "t.xlsx", "Judul", KAMUS)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["data", "kamus"]
    assert (book["data"].freeze_panes, book["data"].auto_filter.ref) == ("A2", "A1:B31")
    assert book["data"].column_dimensions["A"].width > book["data"].column_dimensions["B"].width
    assert book["data"]["A1"].font.b
    assert book.properties.title == "Judul"


def test_the_same_bytes_twice(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = parquet(con, tmp_path, f"FROM {table(con, [(text, 'x') for text in FORMS])}")
    hashes = set()
    for name in ("satu.xlsx", "dua.xlsx"):
        assert xlsx_of(con, file, tmp_path / name, "Judul", KAMUS)
        hashes.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(hashes) == 1
    with zipfile.ZipFile(tmp_path / "satu.xlsx") as parts:
        assert parts.testzip() is None
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_table_without_rows_or_with_empty_columns(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table(con, [])
    assert xlsx_of(con, parquet(con, tmp_path, "FROM t"), tmp_path / "t.xlsx", "Judul", KAMUS[:1])
    assert calamine(tmp_path / "t.xlsx") == [["a", "b"]]
    file = parquet(con, tmp_path, "SELECT 'x' AS a, NULL::VARCHAR AS b, NULL::DATE AS d")
    assert xlsx_of(con, file, tmp_path / "t.xlsx", "Judul", KAMUS)
    assert calamine(tmp_path / "t.xlsx") == [["a", "b", "d"], ["x", "", ""]]


@pytest.mark.parametrize(
    "query", [f"SELECT i FROM range({XLSX_ROWS + 1}) r(i)", "SELECT repeat('𝒳', 16384) AS a", "SELECT 1 AS n"]
)
def test_what_no_spreadsheet_takes_is_not_written(con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str) -> None:
    fits = query == "SELECT 1 AS n"
    assert xlsx_of(con, parquet(con, tmp_path, query), tmp_path / "t.xlsx", "Judul", KAMUS) is fits
    assert (tmp_path / "t.xlsx").exists() is fits


def test_a_file_that_holds_something_else_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = xlsx.write_workbook

    def wrong(out: Path, title: str, sheets: dict) -> None:
        write(out, title, sheets | {"data": [Column.of("k", pa.array([33.02]))]})

    monkeypatch.setattr(xlsx, "write_workbook", wrong)
    with pytest.raises(FileError, match=r"t\.xlsx: sheet data differs"):
        xlsx_of(con, parquet(con, tmp_path, "SELECT '33.02' AS k"), tmp_path / "t.xlsx", "Judul", KAMUS)


def test_letters_of_columns() -> None:
    assert [column(n) for n in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
