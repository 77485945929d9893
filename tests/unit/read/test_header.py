from __future__ import annotations

import pytest

from pipelines.read.header import is_number_row, normal

KOLOM = {"nama": {"dari": ["Nama Kecamatan", "KECAMATAN"], "standar": "teks", "wajib": True}, "n": ["Jumlah"]}


def test_headers_are_compared_without_case_and_spacing(contract, read):
    assert normal(" Nama\n  KECAMATAN\u00a0") == "nama kecamatan"
    assert read(contract(KOLOM), b"  nama   kecamatan ,JUMLAH\na,1\n").cells == [("a", "1")]


def test_titles_above_are_skipped_and_the_best_row_wins(contract, read):
    result = read(contract(KOLOM), b"Laporan,,\nKecamatan Bae,2024\nKecamatan,Jumlah\na,1\n")
    assert (result.cells, result.lines) == ([("a", "1")], [4])


def test_header_row_may_be_declared(contract, read, refused):
    data = b"Kecamatan,Jumlah\nKecamatan,Jumlah\na,1\n"
    assert read(contract(KOLOM, tajuk=2), data).cells == [("a", "1")]
    assert len(read(contract(KOLOM), data).cells) == 2
    assert "baris tajuk 3" in refused(contract(KOLOM, tajuk=3), data).pesan


def test_stacked_headers_are_joined(contract, read):
    kolom = {"nama": ["Kecamatan"], "l": ["Kasus_L"], "p": ["Kasus_P"], "t": ["Total"]}
    data = b"REKAP\nKecamatan,Kasus,,Total\n,L,P,\n1,2,3,4\na,5,6,7\n"
    result = read(contract(kolom), data)
    assert (result.cells, result.lines, result.findings) == ([("a", "5", "6", "7")], [5], [])
    assert read(contract(kolom, tajuk=[2, 3]), data).cells == result.cells


def test_unknown_header_is_a_finding_unless_ignored(contract, read):
    data = b"Kecamatan,Jumlah,Ket\na,1,x\n"
    (finding,) = read(contract(KOLOM), data).findings
    assert (finding.kolom, finding.tingkat, finding.baris) == ("Ket", "peringatan", 1)
    assert "abaikan" in finding.saran
    assert read(contract(KOLOM, abaikan=["KET"]), data).findings == []


def test_hundreds_of_unknown_headers_are_summed_up(contract, read):
    header = ",".join(["Kecamatan", "Jumlah", *(f"x{i}" for i in range(300))])
    assert len(read(contract(KOLOM), f"{header}\na,1\n".encode()).findings) == 51


def test_missing_columns(contract, read, refused):
    finding = refused(contract(KOLOM), b"Desa,Jumlah\na,1\n")
    assert "Nama Kecamatan" in finding.pesan and "'Desa'" in finding.pesan and finding.baris == 1
    result = read(contract(KOLOM), b"Kecamatan\na\n")
    assert result.cells == [("a", None)]
    assert [(f.kolom, f.tingkat) for f in result.findings] == [("Jumlah", "peringatan")]


def test_no_known_header_at_all(contract, refused):
    finding = refused(contract(KOLOM), b"a,b\n1,2\n")
    assert "Tajuk tidak ditemukan" in finding.pesan and "'Jumlah'" in finding.pesan


@pytest.mark.parametrize("second", ["Jumlah", "jumlah "])
def test_the_same_header_twice_names_both_places(contract, refused, second):
    finding = refused(contract(KOLOM), f"Kecamatan,Jumlah,{second}\na,1,2\n".encode())
    assert "ke-2" in finding.pesan and "ke-3" in finding.pesan


def test_two_headers_of_one_column_are_refused(contract, refused):
    finding = refused(contract(KOLOM), b"Kecamatan,Jumlah,Nama Kecamatan\na,1,b\n")
    assert "'Kecamatan'" in finding.pesan and "'Nama Kecamatan'" in finding.pesan


def test_unknown_header_twice_is_only_a_finding(contract, read):
    result = read(contract(KOLOM), b"Kecamatan,Ket,Jumlah,Ket\na,x,1,y\n")
    assert result.cells == [("a", "1")]
    assert any("dua kali" in finding.pesan for finding in result.findings)


def test_data_below_no_header_is_a_finding_unless_ignored(contract, read):
    data = b",Kecamatan,,Jumlah\n0,a,,1\n1,b,,2\n"
    result = read(contract(KOLOM), data)
    assert result.cells == [("a", "1"), ("b", "2")]
    assert ["ke-1" in finding.pesan for finding in result.findings] == [True]
    assert read(contract(KOLOM, abaikan=[""]), data).findings == []


def test_number_row():
    assert is_number_row(["1", "(2)", " 3 "], ["1", "Blora", "5"], 3)
    assert not is_number_row(["1", "2", "3"], ["4", "5", "6"], 3)
    assert not is_number_row(["1", "2", "4"], ["a", "b", "c"], 3)
    assert not is_number_row(["1", "2", "3"], None, 3)
