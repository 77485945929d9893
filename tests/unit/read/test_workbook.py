from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
import xlwt

from pipelines.read import workbook_guard
from pipelines.read.cell import cell_text


def xlsx(rows: list[list[Any]], merge: list[str] | None = None, **more: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    for row in rows:
        sheet.append(row)
    for area in merge or []:
        sheet.merge_cells(area)
    for name, content in more.items():
        extra = book.create_sheet(name)
        for row in content:
            extra.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def xls(rows: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Lama")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            style = xlwt.easyxf(num_format_str="DD/MM/YYYY") if isinstance(value, dt.date) else xlwt.XFStyle()
            sheet.write(i, j, value, style)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2021.0, "2021"),
        (12, "12"),
        (-0.0, "0"),
        (10.22, "10.22"),
        (1e-7, "0.0000001"),
        (999999999999999.0, "999999999999999"),
        (3320101010100010.0, "3.32010101010001E+15"),
        (1e15, "1E+15"),
        (1e22, "1E+22"),
        (True, "TRUE"),
        (dt.date(2023, 1, 5), "2023-01-05"),
        (dt.datetime(2023, 1, 5), "2023-01-05"),
        (dt.datetime(2023, 1, 5, 13, 4, 4, 999999), "2023-01-05 13:04:05"),
        (dt.time(3, 4), "03:04:00"),
        (dt.timedelta(hours=30), "30:00:00"),
        (" '0332 ", " '0332 "),
    ],
)
def test_cell_text(value, text):
    assert cell_text(value) == text


def test_merged_title_stacked_header_and_row_numbers(contract, read):
    rows = [
        ["REKAP KASUS", None, None],
        [],
        ["Kecamatan", "Kasus", None, "Tanggal"],
        [None, "L", "P", None],
        [1, 2, 3, 4],
        ["Bae", 5, 6.5, dt.date(2024, 2, 1)],
        [],
        ["Kota", None, True, None],
    ]
    data = xlsx(rows, ["A1:D1", "A3:A4", "B3:C3", "D3:D4"])
    kolom = {"nama": ["Kecamatan"], "l": ["Kasus_L"], "p": ["Kasus_P"], "t": ["Tanggal"]}
    result = read(contract(kolom), data, "a.xlsx")
    assert result.full == [
        ("a.xlsx", "Data", 6, "Bae", "5", "6.5", "2024-02-01"),
        ("a.xlsx", "Data", 8, "Kota", None, "TRUE", None),
    ]
    assert result.findings == []


def test_merged_data_cells_are_not_filled(contract, read):
    data = xlsx([["Kab", "N"], ["Blora", 1], [None, 2]], ["A2:A3"])
    assert read(contract({"k": ["Kab"], "n": ["N"]}), data).cells == [("Blora", "1"), (None, "2")]


def test_table_that_starts_away_from_a1(contract, read):
    data = xlsx([[], [None, None, "Kab", "N"], [None, None, "Blora", 1]])
    result = read(contract({"k": ["Kab"], "n": ["N"]}), data)
    assert (result.cells, result.lines, result.findings) == ([("Blora", "1")], [3], [])


def test_sheets_by_position_and_name_hidden_only_by_name(contract, read, refused):
    book = openpyxl.Workbook()
    book.active.title = "Sembunyi"
    book.active.append(["N"])
    book.active.append(["rahasia"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Tampak")
    sheet.append(["N"])
    sheet.append(["biasa"])
    book.active = 1
    data = io.BytesIO()
    book.save(data)
    kolom = {"n": ["N"]}
    assert read(contract(kolom), data.getvalue()).full[0][1:] == ("Tampak", 2, "biasa")
    assert read(contract(kolom, lembar="sembunyi "), data.getvalue()).cells == [("rahasia",)]
    assert "'Tampak'" in refused(contract(kolom, lembar=1), data.getvalue()).pesan
    assert "'Rekap'" in refused(contract(kolom, lembar="Rekap"), data.getvalue()).pesan


def test_error_cells_keep_their_text(contract, read):
    book = openpyxl.Workbook()
    for row in [["A", "B"], ["x", "#DIV/0!"], ["#N/A", None], ["y", 1]]:
        book.active.append(row)
    for place in ("B2", "A3"):
        book.active[place].data_type = "e"
    data = io.BytesIO()
    book.save(data)
    result = read(contract({"a": ["A"], "b": ["B"]}), data.getvalue())
    assert result.cells == [("x", "#DIV/0!"), ("#N/A", None), ("y", "1")]
    assert result.lines == [2, 3, 4]


def test_notes_beside_the_table_are_a_finding(contract, read):
    result = read(contract({"a": ["A"]}), xlsx([["A"], [1, None, "catatan"], [2, None, "lagi"]]))
    assert result.cells == [("1",), ("2",)]
    assert [(f.baris, f.lembar, f.tingkat) for f in result.findings] == [(2, "Data", "peringatan")]


def test_damage_is_refused_with_the_sheets_name(contract, refused):
    data = bytearray(xlsx([["A"], *([f"baris {i}"] for i in range(2000))]))
    at = data.find(b"xl/worksheets/sheet1.xml") + 200
    data[at : at + 50] = bytes(50)
    assert "rusak" in refused(contract({"a": ["A"]}), bytes(data)).pesan


def test_a_stray_cell_far_away_is_refused_before_it_fills_the_memory(contract, refused):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "A", 1
    book.active["XFD1048576"] = "tersesat"
    data = io.BytesIO()
    book.save(data)
    finding = refused(contract({"a": ["A"]}), data.getvalue())
    assert "1048576 baris x 16384 kolom" in finding.pesan and finding.lembar == "Sheet"


def test_sheet_xml_is_looked_at_in_pieces(contract, read, monkeypatch):
    monkeypatch.setattr(workbook_guard, "_PIECE", 50)
    book = openpyxl.Workbook()
    for row in [["A"], *([i] for i in range(50)), ["#REF!"]]:
        book.active.append(row)
    book.active["A52"].data_type = "e"
    data = io.BytesIO()
    book.save(data)
    assert read(contract({"a": ["A"]}), data.getvalue()).cells[-1] == ("#REF!",)


def test_empty_sheet_has_no_header(contract, refused):
    assert "Tajuk tidak ditemukan" in refused(contract({"a": ["A"]}), xlsx([])).pesan
    assert "kosong" in refused(contract({"a": ["A"]}), xlsx([["A"], []])).pesan


def test_xls(contract, read):
    rows = [["Judul"], ["Kode", "Tanggal", "N"], ["0332", dt.date(2020, 2, 3), 12], ["x", "", 1.5]]
    result = read(contract({"k": ["Kode"], "t": ["Tanggal"], "n": ["N"]}), xls(rows), "a.xls")
    assert result.full == [
        ("a.xls", "Lama", 3, "0332", "2020-02-03", "12"),
        ("a.xls", "Lama", 4, "x", None, "1.5"),
    ]
