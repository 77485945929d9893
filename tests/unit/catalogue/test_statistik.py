from __future__ import annotations

import json
from typing import Any

from pipelines.catalogue import Dataset
from pipelines.catalogue.statistik import statistik
from pipelines.contract.statistics import Fieldwork, Indicator, Sample, StatisticalActivity

from .kit import bare, dataset, descriptor

INDICATOR = Indicator(rumus="a / b", interpretasi="Makin kecil makin baik.", variabel_pembangun=["a", "b"])


def of(found: Dataset) -> dict[str, Any]:
    result = statistik(found)
    assert result is not None
    return result


def leaves(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [leaf for value in node.values() for leaf in leaves(value)]
    return [leaf for value in node for leaf in leaves(value)] if isinstance(node, list) else [node]


def test_what_nobody_said_is_null() -> None:
    activity = of(dataset())["kegiatan"]
    derived = activity["blok_iv"]
    assert (derived["kegiatan_ini_dilakukan"], derived["frekuensi_penyelanggara"]) == ("BERULANG", "BULANAN")
    assert activity["blok_i"]["instansi_penyelanggara"] == 'Dinas "Uji"'
    assert activity["blok_viii"]["rencana_jadwal_rilis_produk_digital"] == ["2025-02-06"]
    assert activity["blok_vii"]["tingkat_penyajian_hasil_analisis"] == {
        "nasional": False, "provinsi": False, "kabupaten_atau_kota": True, "kecamatan": False, "lainnya": False,
        "tingkat_penyajian_hasil_analisis_lainnya": None,
    }  # fmt: skip
    for block in ("blok_ii", "blok_v", "blok_vi"):
        assert set(leaves(activity[block])) == {None}, block
    unsaid = ("tahun", "jenis_statistik", "cara_pengumpulan_data", "sektor_kegiatan", "identitas_rekomendasi")
    assert [activity[key] for key in unsaid] == [None] * 5
    assert set(leaves(activity["blok_iv"]["metode_pengumpulan_data"])) == {None}


def test_what_the_contract_says_is_passed_on_in_the_words_of_bps() -> None:
    said = StatisticalActivity(
        tahun=2024,
        jenis="sektoral",
        cara_pengumpulan="survei",
        sektor="harga_dan_paritas_daya_beli",
        tujuan="Memantau harga.",
        metode=["wawancara"],
        unit=["usaha_atau_perusahaan"],
        sampel=Sample(kerangka="list_frame", fraksi="10 persen"),
        lapangan=Fieldwork(enumerator=0, pelatihan=False, petugas="mitra_atau_tenaga_kontrak"),
    )
    activity = of(dataset(statistik=said.model_dump(mode="json", exclude_none=True)))["kegiatan"]
    assert (activity["tahun"], activity["jenis_statistik"]) == (2024, "STATISTIK_SEKTORAL")
    assert (activity["cara_pengumpulan_data"], activity["sektor_kegiatan"]) == ("SURVEI", "HARGA_DAN_PARITAS_DAYA_BELI")
    assert activity["blok_iii"]["tujuan_kegiatan"] == "Memantau harga."
    assert activity["blok_iv"]["metode_pengumpulan_data"]["wawancara"] is True
    assert activity["blok_iv"]["metode_pengumpulan_data"]["pengamatan"] is False
    assert activity["blok_v"]["kerangka_sampel_tahap_terakhir"] == "LIST_FRAME"
    # 0 and "no" are answers.
    assert activity["blok_vi"]["jumlah_petugas_enumerator"] == 0
    assert activity["blok_vi"]["apakah_melakukan_pelatihan_petugas"] is False
    assert activity["blok_vi"]["apakah_melakukan_uji_coba"] is None


def test_each_column_of_meaning_is_a_variable() -> None:
    found = descriptor()
    level = {"name": "nama_kabupaten_kota", "type": "string", "peran": "wilayah"}
    found["resources"][0]["schema"]["fields"].insert(1, level)
    variables = of(Dataset.of(found))["variabel"]
    assert [v["alias"] for v in variables] == [
        "kode_wilayah", "barang", "harga", "stok", "tersedia", "tahun", "tanggal",
    ]  # fmt: skip
    barang, harga, stok = variables[1:4]
    assert barang["value_domain"] == [{"kode": None, "nilai": v} for v in ("beras", "-", "jagung, manis")]
    assert barang["aturan_validasi"] == ["wajib terisi", "salah satu nilai dari daftar"]
    assert (barang["klasifikasi_rujukan_value_domain"], barang["tipe_data"]) == ("komoditas", "CHARACTER")
    assert (harga["satuan"], harga["ukuran"], harga["tipe_data"]) == ("rupiah per kilogram", "Rata-rata", "FLOAT")
    assert harga["aturan_validasi"] == ["paling kecil 0"]
    assert (stok["nama"], stok["konsep"], stok["definisi"], stok["satuan"]) == ("Stok", [], None, None)


def test_only_a_marked_column_is_an_indicator() -> None:
    assert of(dataset())["indikator"] == []
    found = descriptor()
    marked = INDICATOR.model_dump(mode="json", exclude_defaults=True)
    found["resources"][0]["schema"]["fields"][2]["indikator"] = marked
    (indicator,) = of(Dataset.of(found))["indikator"]
    assert (indicator["nama"], indicator["rumus"], indicator["satuan"]) == (
        "Harga eceran",
        "a / b",
        "rupiah per kilogram",
    )
    assert [d["nama"] for d in indicator["variabel_disaggregasi"]] == ["Wilayah", "Barang"]
    assert [v["nama"] for v in indicator["variabel_pembangun"]] == ["a", "b"]
    assert (indicator["apakah_indikator_komposit"], indicator["level_estimasi"]) == (False, "Kabupaten/Kota")


def test_a_place_code_of_bps_is_told_and_never_guessed() -> None:
    codes = {"wilayah": ["33.02", "33.72"], "tingkat": "desa_kelurahan"}
    key = "sebagian_cakupan_wilayah_pengumpulan_data"
    (first, _) = of(dataset(cakupan=codes))["kegiatan"]["blok_iv"][key]
    assert set(first.values()) == {None}
    told = {**codes, "kode_bps": ["3302", None], "nama": ["Kabupaten Banyumas", "Kota Surakarta"]}
    activity = of(dataset(cakupan=told))["kegiatan"]
    first, second = activity["blok_iv"][key]
    assert first == {"kode_provinsi": "33", "nama_provinsi": None, "kode_kabupaten_kota": "3302",
                     "nama_kabupaten_kota": "Kabupaten Banyumas"}  # fmt: skip
    assert (second["kode_provinsi"], second["nama_kabupaten_kota"]) == (None, "Kota Surakarta")
    levels = activity["blok_vii"]["tingkat_penyajian_hasil_analisis"]
    assert levels["lainnya"] is True
    assert levels["tingkat_penyajian_hasil_analisis_lainnya"] == "Desa/Kelurahan"


def test_without_a_place_and_a_table() -> None:
    activity = of(dataset(cakupan={}, berikutnya=None))["kegiatan"]
    assert activity["blok_iv"]["cakupan_wilayah_pengumpulan_data"] is None
    assert set(leaves(activity["blok_vii"]["tingkat_penyajian_hasil_analisis"])) == {None}
    assert activity["blok_viii"]["rencana_jadwal_rilis_produk_digital"] == []
    assert statistik(Dataset.of(bare())) is None


def test_it_is_json_and_the_same_twice() -> None:
    once, again = (json.dumps(statistik(dataset()), ensure_ascii=False) for _ in range(2))
    assert once == again
