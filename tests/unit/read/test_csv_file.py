from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.read import ReadError, csv_file
from pipelines.read.csv_fast import fast_csv

KOLOM = {"nama": ["Nama"], "kode": ["Kode"], "nilai": ["Nilai"]}


def test_the_parquet_has_exactly_the_promised_columns(contract, read):
    result = read(contract(KOLOM), b"Kode,Nilai,Nama\n01,2,a\n", "2024/x.csv")
    assert result.names == ["_berkas", "_lembar", "_baris", "nama", "kode", "nilai"]
    assert result.full == [("2024/x.csv", None, 2, "a", "01", "2")]
    assert result.findings == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_by_the_headers_not_by_counting(contract, read, delimiter):
    rows = [["Nama", "Nilai (a, b; c)"], ["Jl. A", "1,5"], ["B", "2,5"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    result = read(contract({"nama": ["Nama"], "nilai": ["Nilai (a, b; c)"]}), text.getvalue().encode())
    assert result.cells == [("Jl. A", "1,5"), ("B", "2,5")]


def test_one_column_takes_the_delimiter_that_is_not_in_the_text(contract, read):
    result = read(contract({"nama": ["Nama"]}), b"Nama\nJl. Mawar, 5\nB\n")
    assert result.cells == [("Jl. Mawar, 5",), ("B",)]


@pytest.mark.parametrize(("encoding", "text"), [("utf-8", "Café–1"), ("utf-8-sig", "Café–1"), ("cp1252", "Café–1")])
def test_encodings(contract, read, encoding, text):
    assert read(contract({"nama": ["Nama"]}), f"Nama\n{text}\n".encode(encoding)).cells == [(text,)]


def test_declared_encoding_wins(contract, read, refused):
    data = "Nama\nb\nCafé\n"
    assert read(contract({"nama": ["Nama"]}, enkode="cp1252"), data.encode()).cells[1] == ("CafÃ©",)
    finding = refused(contract({"nama": ["Nama"]}, enkode="utf-8"), data.encode("cp1252"))
    assert finding.baris == 3 and "utf-8" in finding.pesan


def test_neither_utf8_nor_cp1252_names_the_line(contract, refused):
    assert refused(contract({"nama": ["Nama"]}), b"Nama\nbaik\nrusak \x81\n").baris == 3


def test_lines_are_those_of_an_editor(contract, read):
    data = b'LAPORAN 2024\n\nNama,Kode,Nilai\na,"dua\r\nbaris",1\n\n,,\nb,2,3\n , ,\n'
    result = read(contract(KOLOM), data)
    assert result.cells == [("a", "dua\r\nbaris", "1"), ("b", "2", "3")]
    assert result.lines == [4, 8]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends(contract, read, end):
    result = read(contract(KOLOM), end.join([b"Nama,Kode,Nilai", b"a,1,2", b"b,3,4", b""]))
    assert (result.cells, result.lines) == ([("a", "1", "2"), ("b", "3", "4")], [2, 3])


def test_text_stays_raw_and_empty_is_null(contract, read):
    result = read(contract(KOLOM), b'Nama,Kode,Nilai\n" a ",007,\n-,"",1\n')
    assert result.cells == [(" a ", "007", None), ("-", None, "1")]


def test_missing_cells_are_empty_and_an_excess_is_kritis_on_its_row(contract, read):
    result = read(contract(KOLOM), b"Nama,Kode,Nilai\na,1\nb,1,500,00\nc,1,2,,\n")
    assert result.cells == [("a", "1", None), ("b", "1", "500"), ("c", "1", "2")]
    assert [(f.baris, f.tingkat) for f in result.findings] == [(3, "kritis")]


def test_too_many_ragged_rows_refuse_the_file(contract, refused):
    assert "pemisah" in refused(contract(KOLOM), b"Nama,Kode,Nilai\n" + b"a,1,5,00\n" * 1001).saran


@pytest.mark.parametrize("end", [b"b,12", b"b", b'b,1,"Jl. Maw', b'"b'])
def test_a_file_cut_in_the_middle_of_a_row_is_refused(contract, refused, end):
    finding = refused(contract(KOLOM), b"Nama,Kode,Nilai\na,1,2\n" + end)
    assert (finding.baris, finding.tingkat) == (3, "kritis") and "terpotong" in finding.pesan


def test_a_declared_note_at_the_end_needs_no_line_end(contract, read):
    notes = [{"kolom": "nama", "pola": "^sumber"}]
    result = read(contract(KOLOM, bukan_data=notes), b"Nama,Kode,Nilai\na,1,2\nSumber: BPS")
    assert result.cells[-1] == ("Sumber: BPS", None, None) and result.findings == []


def test_a_full_last_row_without_line_end_is_no_finding(contract, read):
    result = read(contract(KOLOM), b"Nama,Kode,Nilai\na,1,2\nb,3,4")
    assert result.cells[-1] == ("b", "3", "4") and result.findings == []


@pytest.mark.parametrize(
    "data",
    [
        b'Nama,Kode,Nilai\na,"1,2\nb,3,4\nc,5,6\n',
        b'Nama,Kode,Nilai\na,"1,2\nb,3,4\nc,"5",6\n',
    ],
)
def test_a_quote_that_swallows_rows_is_refused(contract, refused, data):
    finding = refused(contract(KOLOM), data)
    assert finding.baris == 2 and "kutip" in finding.pesan


def test_quotes_inside_a_quoted_cell_cost_one_row_not_the_file(contract, read):
    result = read(contract(KOLOM), b'Nama,Kode,Nilai\n"Jl. "Mawar" 5",1,2\nLebar 5",1,2\nb,3,4\n')
    assert result.cells == [('Jl. Mawar" 5"', "1", "2"), ('Lebar 5"', "1", "2"), ("b", "3", "4")]
    assert [(f.baris, f.tingkat) for f in result.findings] == [(2, "kritis")]


def test_number_row_below_the_header_is_no_record_but_a_record_of_numbers_is(contract, read):
    assert read(contract(KOLOM), b"Nama,Kode,Nilai\n1,2,3\nBlora,2,3\n").cells == [("Blora", "2", "3")]
    assert read(contract(KOLOM), b"Nama,Kode,Nilai\n(1),(2),(3)\nBlora,2,3\n").lines == [3]
    assert len(read(contract(KOLOM), b"Nama,Kode,Nilai\n1,2,3\n4,5,6\n").cells) == 2
    assert len(read(contract(KOLOM), b"Nama,Kode,Nilai\n1,2,3\n").cells) == 1


def test_a_200_mb_line_is_refused_after_its_first_pieces(contract, refused, tmp_path):
    path = tmp_path / "besar.csv"
    with path.open("wb") as file:
        file.write(b"Nama,Kode,Nilai\na,1,2\nb,")
        file.truncate(1 << 20)
        file.seek(24)
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    finding = refused(contract(KOLOM), path)
    assert finding.baris == 3 and "lebih panjang" in finding.pesan


def test_nul_bytes_name_the_line(contract, refused):
    finding = refused(contract(KOLOM), b"Nama,Kode,Nilai\na,1,2\nb,\0,3\n")
    assert finding.baris == 3 and "NUL" in finding.pesan


def test_header_without_rows_is_empty(contract, refused):
    assert "kosong" in refused(contract(KOLOM), b"Nama,Kode,Nilai\n\n,,\n").pesan


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
TABLE = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12)
BLANK = " \t\r\n\v\f"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=TABLE, delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\r\n", "\n"]))
def test_any_table_of_text_comes_back_exactly(contract, read, rows, delimiter, end):
    rows.append(["akhir", "x", "y"])
    text = io.StringIO()
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL  # else Python leaves a lone CR unquoted
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([list("ABC"), *rows])
    kolom = {"a": ["A"], "b": ["B"], "c": ["C"]}
    result = read(contract(kolom, pemisah=delimiter), text.getvalue().encode())
    kept = [row for row in rows if any(cell.strip(BLANK) for cell in row)]
    assert result.cells == [tuple(cell or None for cell in row) for row in kept]


PLAIN = st.text(st.sampled_from("ab1é \",;'\\\t-"), max_size=6)
LONG = st.lists(st.lists(PLAIN, min_size=3, max_size=3), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=LONG,
    end=st.sampled_from(["\r\n", "\n"]),
    last=st.booleans(),
    style=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_fast_and_careful_way_mean_the_same(contract, read, rows, end, last, style):
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=style).writerows([list("ABC"), *rows, ["z", "z", "z"]])
    data = text.getvalue().removesuffix("" if last else end).encode()
    kolom = {"a": ["A"], "b": ["B"], "c": ["C"]}
    declared = contract(kolom | {"t": {"tetap": "it's", "standar": "teks"}}, pemisah=",")
    with pytest.MonkeyPatch.context() as patch:
        careful = read(declared, data)
        patch.setattr(csv_file, "FAST_MIN", 0)
        fast = read(declared, data)
    assert (fast.names, fast.full, fast.findings) == (careful.names, careful.full, careful.findings)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('a1é ",\r\n'), max_size=40))
def test_on_any_bytes_the_two_ways_agree_also_on_refusal(contract, read, body):
    data = f"A,B\nx,y\n{body}\n".encode()
    declared = contract({"a": ["A"], "b": ["B"]}, pemisah=",")

    def outcome() -> object:
        try:
            result = read(declared, data)
        except ReadError as error:
            return error.finding
        return result.full, result.findings

    with pytest.MonkeyPatch.context() as patch:
        careful = outcome()
        patch.setattr(csv_file, "FAST_MIN", 0)
        assert outcome() == careful


def test_a_regular_file_really_goes_the_fast_way_and_keeps_its_line_numbers(contract, read, monkeypatch):
    taken: list[bool] = []

    def watched(*arguments: object) -> bool:
        taken.append(fast_csv(*arguments))
        return taken[-1]

    monkeypatch.setattr(csv_file, "fast_csv", watched)
    lines = ["JUDUL,,", "Nama,Kode,Nilai", *(f'"n, {i}",{i},' for i in range(300_000))]
    result = read(contract(KOLOM), "\n".join(lines).encode())
    assert taken == [True]
    assert result.lines == list(range(3, 300_003))
    assert all(row == (f"n, {i}", str(i), None) for i, row in enumerate(result.cells))


def test_a_large_file_with_one_odd_row_falls_back(contract, read, monkeypatch):
    monkeypatch.setattr(csv_file, "FAST_MIN", 0)
    lines = ["Nama,Kode,Nilai", *(f"n{i},{i},1" for i in range(4000)), "pendek,1", "z,1,2"]
    result = read(contract(KOLOM), "\n".join(lines).encode())
    assert result.cells[-2:] == [("pendek", "1", None), ("z", "1", "2")]
    assert result.lines[-1] == 4003


def test_a_path_with_glob_characters(contract, read, tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "FAST_MIN", 0)
    path = Path(tmp_path, "a[1]*.csv")
    path.write_bytes(b"Nama,Kode,Nilai\na,1,2\n")
    assert read(contract(KOLOM), path).cells == [("a", "1", "2")]
