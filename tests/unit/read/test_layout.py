from __future__ import annotations

import pytest

TEKS = {"standar": "teks"}


def test_constants_and_pseudo_headers(contract, read):
    kolom = {
        "n": ["N"],
        "tempat": {"tetap": "33.19", **TEKS},
        "baris": {"dari": "_baris", **TEKS},
        "berkas": {"dari": "_berkas", **TEKS},
    }
    result = read(contract(kolom), b"N\n5\n", "x/y.csv")
    assert (result.cells, result.findings) == ([("5", "33.19", "2", "x/y.csv")], [])


def test_facts_in_the_path_stay_as_delivered(contract, read):
    kolom = {"n": ["N"], "tahun": TEKS, "daerah": TEKS}
    declared = contract(kolom, dari_berkas="d/{tahun}/apbd_{daerah}.csv")
    assert read(declared, b"N\n1\n", "2022/apbd_kota_blitar.csv").cells == [("1", "2022", "kota_blitar")]
    declared = contract(kolom, dari_berkas="{tahun}/{daerah}.csv")
    assert read(declared, b"N\n1\n", "arsip/2022/Kab. Blora.csv").cells == [("1", "2022", "Kab. Blora")]


@pytest.mark.parametrize("name", ["2022.csv", "2022/a.txt", "2022/a.csv.bak"])
def test_a_path_that_does_not_match_names_the_pattern(contract, refused, name):
    kolom = {"n": ["N"], "tahun": TEKS, "daerah": TEKS}
    finding = refused(contract(kolom, dari_berkas="e/{tahun}/{daerah}.csv"), b"N\n1\n", name)
    assert "e/{tahun}/{daerah}.csv" in finding.pesan


WIDE = {"barang": ["Barang"], "tahun": TEKS, "harga": TEKS}
LEBAR = {"kolom": r"^\d{4}$", "nama": "tahun", "nilai": "harga"}


def test_wide_becomes_long_and_blanks_stay_unknown(contract, read):
    result = read(contract(WIDE, lebar=LEBAR), b"Barang,2022,2023,Ket\nberas,1,,x\ngula,,4,\n")
    assert result.cells == [
        ("beras", "2022", "1"),
        ("beras", "2023", None),
        ("gula", "2022", None),
        ("gula", "2023", "4"),
    ]
    assert result.lines == [2, 2, 3, 3]
    assert [finding.kolom for finding in result.findings] == ["Ket"]


def test_wide_without_any_wide_column_or_with_one_twice_is_refused(contract, refused):
    declared = contract(WIDE, lebar=LEBAR)
    assert "kolom lebar" in refused(declared, b"Barang,Ket\nberas,1\n").pesan
    assert "ke-2" in refused(declared, b"Barang,2022,2022\nberas,1,2\n").pesan


def test_many_wide_columns_are_written_in_batches(contract, read):
    years = [str(1000 + i) for i in range(900)]
    lines = [",".join(["Barang", *years]), *(",".join([f"b{r}", *years]) for r in range(500))]
    result = read(contract(WIDE, lebar=LEBAR), "\n".join(lines).encode())
    assert len(result.cells) == 450_000
    assert all(tahun == harga for _, tahun, harga in result.cells)
    assert result.cells[-1] == ("b499", "1899", "1899") and result.lines[-1] == 501
