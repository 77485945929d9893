"""Public exports as they were found (not part of the repository)."""

from __future__ import annotations

from pathlib import Path

import pytest

LANDING = Path(__file__).parents[4] / "shared" / "data" / "landing"
TEKS = {"standar": "teks"}
pytestmark = pytest.mark.skipif(not LANDING.is_dir(), reason=f"no real exports at {LANDING}")


def test_semicolons_and_a_byte_order_mark(contract, read):
    kolom = {"tahun": ["Tahun"], "kab": ["Kab/Kota"], "minggu": ["Minggu"], "kasus": ["Kasus"]}
    result = read(contract(kolom, abaikan=["Provinsi"]), LANDING / "dinkes/dbd_mingguan/jateng.csv")
    assert len(result.cells) == 5565 and result.findings == []
    assert sum(row[3] is None for row in result.cells) == 118
    assert sum(int(row[3]) for row in result.cells if row[3] and row[0] == "2024") == 164_904


def test_merged_title_above_the_header(contract, read):
    (path,) = (LANDING / "dlhk/sampah_timbulan").iterdir()
    result = read(contract({"tahun": ["Tahun"], "kab": ["Kabupaten/Kota"]}), path)
    assert len(result.cells) == 730 and result.full[0][1:4] == ("Sheet1", 3, "2021")


def test_dates_as_columns(contract, read):
    (path,) = (LANDING / "disperindag/harga_pangan_lebar").iterdir()
    lebar = {"kolom": r"^\d\d/ ?\d\d/ ?\d{4}$", "nama": "tanggal", "nilai": "harga"}
    kolom = {"barang": ["Komoditas (Rp)"], "tanggal": TEKS, "harga": TEKS}
    result = read(contract(kolom, lebar=lebar), path)
    assert len({row[1] for row in result.cells}) == 1243
    assert len(result.cells) == 1243 * len(set(result.lines))


def test_json_with_a_fact_in_the_name(contract, read):
    declared = contract({"npsn": ["NPSN"], "kec": TEKS}, dari_berkas="sd_negeri_{kec}.json")
    folder = LANDING / "disdik/sekolah_banyumas"
    found = [read(declared, path, path.name) for path in sorted(folder.iterdir())]
    assert sum(len(result.cells) for result in found) == 748
    assert "kedung_banteng" in {row[1] for result in found for row in result.cells}


def test_nested_json(contract, read):
    path = LANDING / "dispermades/dana_desa/3319072010/2018.json"
    kolom = {"total": ["total_penyaluran"], "satu": ["penyaluran.1.realisasi"]}
    result = read(contract(kolom, rekaman="data.result"), path, "2018.json")
    assert result.cells == [("982697000", "196539400")]
