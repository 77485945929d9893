"""The real exports, end to end: the numbers that the warehouse and the release must hold."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.integration.conftest import Done, needs_shared

pytestmark = [pytest.mark.slow, needs_shared]


def _findings(done: Done, key: str) -> list[dict[str, str]]:
    produsen, dataset = key.split(".")
    (path,) = (done.home / "findings" / produsen / dataset).glob("*.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _released(done: Done, slug: str) -> list[dict[str, str]]:
    path = done.home / "releases" / "latest" / slug / f"{slug}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _read(done: Done, dataset: str) -> object:
    return done.one(f"SELECT sum(baris_dibaca) FROM ops.muatan WHERE dataset = '{dataset}'")


def test_the_night_is_green_and_no_row_is_lost(real: Done) -> None:
    assert real.code in (0, 3), real.err
    lost = "baris_dibaca <> baris_diterima + baris_karantina + baris_bukan_data"
    assert real.one(f"SELECT count(*) FROM ops.muatan WHERE {lost}") == 0


def test_dim_wilayah(real: Done) -> None:
    counts = real.query("SELECT tingkat, count(*) FROM conformed.dim_wilayah WHERE kode LIKE '33%' GROUP BY 1")
    assert dict(counts) == {"provinsi": 1, "kabupaten_kota": 35, "kecamatan": 576, "desa_kelurahan": 8563}
    orphans = "SELECT count(*) FROM conformed.dim_wilayah a ANTI JOIN conformed.dim_wilayah b ON a.kode_induk = b.kode"
    assert real.one(orphans) == 38  # the provinces


def test_dbd_mingguan(real: Done) -> None:
    assert _read(real, "dbd_mingguan") == 5565
    by_year = real.query(
        "SELECT tahun, sum(kasus)::INTEGER, count(*) - count(kasus) "
        "FROM conformed.fct_dbd_mingguan GROUP BY 1 ORDER BY 1"
    )
    assert [(y, n) for y, n, _ in by_year] == [(2023, 44669), (2024, 164904), (2025, 128829)]
    assert sum(blank for *_, blank in by_year) == 118  # type: ignore[misc]
    rows = _released(real, "dinkes-dbd_mingguan")
    place = ["kode_wilayah", "bps_kode_wilayah", "kode_provinsi", "nama_provinsi"]
    place += ["kode_kabupaten_kota", "nama_kabupaten_kota"]
    assert list(rows[0]) == [*place, "kasus", "satuan", "status_nilai", "tahun", "minggu"]
    told = [int(r["kasus"]) for r in rows if r["kasus"]]
    # Cases of a disease are specific personal data: 1 to 9 are not told, nor what would give them away.
    assert sum(told) < 44669 + 164904 + 128829 and not set(told) & set(range(1, 10))
    assert sum(r["status_nilai"] == "kosong" for r in rows) == 118
    assert {r["status_nilai"] for r in rows if r["kasus"] == ""} == {"kosong", "disembunyikan"}


def test_faskes(real: Done) -> None:
    assert _read(real, "faskes") == 10284
    kinds = real.query(
        "SELECT jenis_faskes, count(*) FROM conformed.fct_faskes WHERE kode_wilayah LIKE '33%' GROUP BY 1"
    )
    assert dict(kinds) == {"PUSKESMAS": 866, "RUMAH SAKIT": 168}
    papua = "SELECT count(DISTINCT kode_wilayah) FROM conformed.fct_faskes WHERE kode_wilayah IN ('91', '92')"
    assert real.one(papua) == 2  # BPS 94 and 91
    assert [f["nilai"] for f in _findings(real, "dinkes.faskes") if f["kolom"] == "bujur"] == ["119415581"]


@pytest.mark.parametrize(
    "key", ["dinkes.faskes_kabkota", "dinkes.nakes_kabkota", "bps.ipm_kabkota", "disnakertrans.tpt",
            "disperakim.akses_air_minum"],
)  # fmt: skip
def test_all_35_kabupaten_and_kota_resolve(real: Done, key: str) -> None:
    table = f"conformed.fct_{key.partition('.')[2]}"
    assert real.one(f"SELECT count(DISTINCT kode_wilayah) FROM {table} WHERE kode_wilayah LIKE '33.__'") == 35
    assert real.one(f"SELECT count(*) FROM {table} WHERE kode_wilayah IS NULL") == 0


def test_the_same_file_of_two_produsen_counts_once(real: Done) -> None:
    assert real.one("SELECT count(*) FROM conformed.fct_penduduk_miskin") == 175
    assert real.one("SELECT count(*) FROM conformed.fct_penduduk_miskin_dinkes") == 0
    loads = real.query(
        "SELECT status, baris_dibaca FROM ops.muatan WHERE (produsen, dataset) = ('dinkes', 'penduduk_miskin')"
    )
    assert loads == [("DUPLIKAT", 0)]
    assert len(_findings(real, "dinkes.penduduk_miskin")) + len(_findings(real, "bps.penduduk_miskin")) == 1


def test_shares_above_100_are_findings(real: Done) -> None:
    values = sorted(f["nilai"] for f in _findings(real, "dlhk.sampah_capaian") if f["standar"] == "persen")
    assert values == ["106.8", "112.65", "212.74", "219.61"]
    assert _read(real, "sampah_timbulan") == 730  # 732 rows without the merged title and the header


def test_schools_of_banyumas(real: Done) -> None:
    assert real.one("SELECT count(*) FROM ops.muatan WHERE dataset = 'sekolah_banyumas'") == 27
    assert real.query("SELECT count(*), count(DISTINCT npsn), count(DISTINCT left(kode_wilayah, 8)) "
                      "FROM conformed.fct_sekolah_banyumas") == [(748, 748, 27)]  # fmt: skip
    in_baturraden = "SELECT count(*) FROM conformed.fct_sekolah_banyumas WHERE kode_wilayah LIKE '33.02.14%'"
    assert real.one(in_baturraden) > 0  # type: ignore[operator]


def test_dana_desa(real: Done) -> None:
    assert real.query("SELECT count(*), count(DISTINCT kode_wilayah), min(tahun), max(tahun) "
                      "FROM conformed.fct_dana_desa") == [(492, 123, 2018, 2021)]  # fmt: skip
    (finding,) = _findings(real, "dispermades.dana_desa")
    assert (finding["standar"], finding["berkas"]) == ("kaidah", "3319082011/2019.json")


def test_apbd(real: Done) -> None:
    counts = real.query(
        "SELECT tahun, count(DISTINCT kode_wilayah), count(*) - count(anggaran), count_if(anggaran < 0) "
        "FROM conformed.fct_apbd GROUP BY 1 ORDER BY 1"
    )
    assert counts == [(2021, 38, 218, 38), (2022, 38, 0, 0)]
    kediri = real.query("SELECT tahun, anggaran FROM conformed.fct_apbd WHERE kode_wilayah = '35.06' "
                        "AND akun = 'Pendapatan Daerah' ORDER BY 1")  # fmt: skip
    assert [int(v) for _, v in kediri] == [2_777_290_000_000, 2_774_770_000_000]  # type: ignore[call-overload]
    findings = _findings(real, "bpkad.apbd")
    assert sum("dibaca sebagai kabupaten" in f["pesan"] for f in findings) == 7
    (twin,) = [f for f in findings if "sama persis" in f["pesan"]]
    assert {Path(twin["berkas"]).stem, twin["pesan"].split("'")[1]} == {"Blitar", "2022/Banyuwangi.csv"}


def test_food_prices(real: Done) -> None:
    wide = real.query("SELECT count(DISTINCT tanggal), min(kode_wilayah) FROM conformed.fct_harga_pangan_lebar")
    assert wide == [(1243, "33")]
    rice = "SELECT harga::INTEGER FROM conformed.fct_harga_pangan_lebar WHERE komoditas = 'Beras' AND tanggal = "
    assert real.one(f"{rice} '2020-01-02'") == 12750
    assert real.one(f"{rice} '2020-01-01'") is None
    assert real.one("SELECT count(DISTINCT tanggal) FROM conformed.fct_harga_pangan_provinsi") == 1044


def test_pollution_of_desa(real: Done) -> None:
    assert _read(real, "pencemaran_desa") == 15936
    assert real.one("SELECT count(DISTINCT kode_desa) FROM conformed.fct_pencemaran_desa") == 5312
    assert real.one("SELECT count(*) FROM conformed.fct_pencemaran_desa WHERE kode_desa_bps = '3201190006'") == 3
    unknown = {f["nilai"] for f in _findings(real, "jabar.pencemaran_desa")}
    assert unknown == {"32.09.39.2001", "32.09.39.2002", "32.16.01.2007"}
