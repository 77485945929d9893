"""MS-Kegiatan: the statistical activity behind a dataset, block by block as INDAH stores the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.parts import Column
from pipelines.contract.place import LEVEL_NAMES
from pipelines.contract.statistics import Inspection, Instrument, Method, Processing, Unit

Level = Literal["nasional", "provinsi", "kabupaten_atau_kota", "kecamatan", "lainnya"]
_STAGES = ("perencanaan_kegiatan", "desain", "pengumpulan_data", "pengolahan_data", "analisis", "diseminasi_hasil",
           "evaluasi")  # fmt: skip
_ADDRESS = ("alamat", "telepon", "email", "faksimile")
Answers = Mapping[str, Any]


def activity(dataset: Dataset, variables: Iterable[Column]) -> dict[str, Any]:
    """The `data` of one MS-Kegiatan; `variables` are what it lists as collected."""
    said: Answers = dataset.satudata.statistik or {}
    block, origin = dataset.satudata, dataset.satudata.produsen
    sample, work = said.get("sampel") or {}, said.get("lapangan") or {}
    return {
        "judul_kegiatan": dataset.title,
        "tahun": said.get("tahun"),
        "jenis_statistik": f"STATISTIK_{said['jenis'].upper()}" if said.get("jenis") else None,
        "cara_pengumpulan_data": _word(said, "cara_pengumpulan"),
        "sektor_kegiatan": _word(said, "sektor"),
        "identitas_rekomendasi": said.get("rekomendasi"),
        "blok_i": {
            "instansi_penyelanggara": origin.nama,
            "alamat_instansi_penyelenggara": dict.fromkeys(_ADDRESS) | {"email": origin.surel},
        },
        "blok_ii": {
            "unit_penanggung_jawab": {"eselon1": said.get("unit_eselon1"), "eselon2": said.get("unit_eselon2")},
            "penanggung_jawab_teknis": dict.fromkeys(("nama", "jabatan", *_ADDRESS)),
        },
        "blok_iii": {
            "latar_belakang_kegiatan": said.get("latar_belakang"),
            "tujuan_kegiatan": said.get("tujuan"),
            "rencana_jadwal_kegiatan": {stage: [{"awal": None, "akhir": None}] for stage in _STAGES},
            "variabel_yang_dikumpulkan": [
                {
                    "nama": c.label,
                    "konsep": c.title or None,
                    "definisi": c.description or None,
                    "referensi_waktu": said.get("referensi_waktu"),
                }
                for c in variables
            ],
        },
        "blok_iv": {
            "kegiatan_ini_dilakukan": "BERULANG",  # a contract always states a cadence
            "frekuensi_penyelanggara": block.jadwal.upper(),
            "tipe_pengumpulan_data": _word(said, "tipe"),
            "cakupan_wilayah_pengumpulan_data": "SEBAGIAN_WILAYAH_INDONESIA" if block.cakupan.wilayah else None,
            "sebagian_cakupan_wilayah_pengumpulan_data": _places(dataset),
            "metode_pengumpulan_data": _chosen(said.get("metode"), Method, "metode_pengumpulan_lainnya"),
            "sarana_pengumpulan_data": _chosen(said.get("sarana"), Instrument, "sarana_pengumpulan_lainnya"),
            "unit_pengumpulan_data": _chosen(said.get("unit"), Unit, "unit_pengumpulan_data_lainnya"),
        },
        "blok_v": {
            "jenis_rancangan_sampel": _word(sample, "rancangan"),
            "metode_pemilihan_sampel_tahap_terakhir": _word(sample, "pemilihan"),
            "metode_yang_digunakan": _word(sample, "metode"),
            "kerangka_sampel_tahap_terakhir": _word(sample, "kerangka"),
            "fraksi_sampel_keseluruhan": sample.get("fraksi"),
            "nilai_perkiraan_sampling_error_variabel_utama": sample.get("galat"),
            "unit_sampel": sample.get("unit_sampel"),
            "unit_observasi": sample.get("unit_observasi"),
        },
        "blok_vi": {
            "apakah_melakukan_uji_coba": work.get("uji_coba"),
            "metode_pemeriksaan_kualitas_pengumpulan_data": _chosen(
                work.get("pemeriksaan"),
                Inspection,
                "metode_pemeriksaan_kualitas_pengumpulan_data_lainnya",
            ),
            "apakah_melakukan_penyesuaian_nonrespon": work.get("penyesuaian_nonrespon"),
            "petugas_pengumpulan_data": _word(work, "petugas"),
            "persyaratan_pendidikan_terendah_petugas_pengumpulan_data": _word(work, "pendidikan_terendah"),
            "jumlah_petugas_supervisor": work.get("supervisor"),
            "jumlah_petugas_enumerator": work.get("enumerator"),
            "apakah_melakukan_pelatihan_petugas": work.get("pelatihan"),
        },
        "blok_vii": {
            "tahapan_pengolahan_data": _chosen(said.get("pengolahan"), Processing),
            "metode_analisis": _word(said, "analisis"),
            "unit_analsis": _chosen(said.get("unit_analisis"), Unit, "unit_analisis_lainnya"),
            "tingkat_penyajian_hasil_analisis": _levels(dataset),
        },
        "blok_viii": {
            "ketersediaan_produk_tercetak": said.get("tercetak"),
            "ketersediaan_produk_digital": True,
            "ketersediaan_produk_mikrodata": said.get("mikrodata"),
            "rencana_jadwal_rilis_produk_tercetak": [],
            "rencana_jadwal_rilis_produk_digital": [block.berikutnya.isoformat()] if block.berikutnya else [],
            "rencana_jadwal_rilis_produk_mikrodata": [],
        },
    }


def _places(dataset: Dataset) -> list[dict[str, str | None]]:
    """INDAH knows places by BPS codes, which are not the Kemendagri codes: null where they are not told."""
    cover = dataset.satudata.cakupan
    codes = cover.kode_bps if len(cover.kode_bps) == len(cover.wilayah) else (None,) * len(cover.wilayah)
    names = cover.nama if len(cover.nama) == len(cover.wilayah) else (None,) * len(cover.wilayah)
    return [
        {
            "kode_provinsi": code[:2] if code else None,
            "nama_provinsi": None,
            "kode_kabupaten_kota": code,
            "nama_kabupaten_kota": name,
        }
        for code, name in zip(codes, names, strict=True)
    ]


def _levels(dataset: Dataset) -> dict[str, Any]:
    level = dataset.satudata.cakupan.tingkat
    known = {"provinsi": "provinsi", "kabupaten_kota": "kabupaten_atau_kota", "kecamatan": "kecamatan"}
    found = [known.get(level, "lainnya")] if level else None
    chosen = _chosen(found, Level, "tingkat_penyajian_hasil_analisis_lainnya")
    if found == ["lainnya"]:
        chosen["tingkat_penyajian_hasil_analisis_lainnya"] = LEVEL_NAMES.get(level or "", level)
    return chosen


def _chosen(answers: Iterable[str] | None, options: object, other: str | None = None) -> dict[str, Any]:
    """True or false for each word of a Literal, all null where nobody answered; a text for `other` is never known."""
    picked = None if answers is None else set(answers)
    found: dict[str, Any] = {option: None if picked is None else option in picked for option in get_args(options)}
    return found | ({other: None} if other else {})


def _word(said: Answers, key: str) -> str | None:
    return str(said[key]).upper() if said.get(key) else None
