"""`statistik:` of a contract: what BPS asks about a statistical activity (Peraturan BPS 5/2020) and nothing else tells.

All of it is optional, and what is not said stays unknown. Title, producer, cadence, coverage and variables are derived
from the dataset itself. The words are those of INDAH in lower case, so that nothing is translated on the way.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from pipelines.contract.part import Part

Collected = Literal[
    "pencacahan_lengkap", "survei", "kompilasi_produk_administrasi", "cara_lain_sesuai_dengan_perkembangan_ti"
]  # fmt: skip
Sector = Literal[
    "pertanian_dan_perikanan", "demografi_dan_kependudukan", "pembangunan", "proyeksi_ekonomi",
    "pendidikan_dan_pelatihan", "lingkungan", "keuangan", "globalisasi", "kesehatan", "industri_dan_jasa",
    "teknologi_informasi_dan_komunikasi", "perdagangan_internasional_dan_neraca_perdagangan", "ketenagakerjaan",
    "neraca_nasional", "indikator_ekonomi_bulanan", "produktivitas", "harga_dan_paritas_daya_beli",
    "sektor_publik_perpajakan_dan_regulasi_pasar", "perwilayahan_dan_perkotaan", "ilmu_pengetahuan_dan_hak_paten",
    "perlindungan_sosial_dan_kesejahteraan", "transportasi",
]  # fmt: skip
Method = Literal["wawancara", "mengisi_kuesioner_sendiri", "pengamatan", "pengumpulan_data_sekunder", "lainnya"]
Instrument = Literal["papi", "capi", "cati", "cawi", "mail", "lainnya"]
Unit = Literal["individu", "rumah_tangga", "usaha_atau_perusahaan", "lainnya"]
Sampling = Literal[
    "simple_random_sampling", "systematic_random_sampling", "stratified_random_sampling", "cluster_sampling",
    "multi_stage_sampling", "quota_sampling", "accidental_sampling", "purposive_sampling", "snowball_sampling",
    "saturation_sampling",
]  # fmt: skip
Inspection = Literal["kunjungan_kembali", "supervisi", "taskforce", "lainnya"]
Staff = Literal[
    "staf_instansi_penyelenggara", "mitra_atau_tenaga_kontrak",
    "staf_instansi_penyelenggara_dan_mitra_atau_tenaga_kontrak",
]  # fmt: skip
Schooling = Literal[
    "kurang_dari_atau_sama_dengan_smp", "sma_atau_smk", "diploma_i_atau_ii_atau_iii",
    "diploma_iv_atau_s1_atau_s2_atau_s3",
]  # fmt: skip
Processing = Literal["editing", "coding", "data_entry", "validasi"]


class Sample(Part):
    """How a survey drew its sample (block V)."""

    rancangan: Literal["single_stage_atau_phase", "multi_stage_atau_phase"] | None = None
    pemilihan: Literal["sampel_probabilitas", "sampel_nonprobabilitas"] | None = None
    metode: Sampling | None = None
    kerangka: Literal["list_frame", "area_frame"] | None = None
    fraksi: str | None = Field(default=None, description="Overall sampling fraction")
    galat: str | None = Field(default=None, description="Sampling error of the main variable")
    unit_sampel: str | None = None
    unit_observasi: str | None = None


class Fieldwork(Part):
    """Who collected, and how it was checked (block VI)."""

    uji_coba: bool | None = None
    pemeriksaan: list[Inspection] | None = None
    penyesuaian_nonrespon: bool | None = None
    petugas: Staff | None = None
    pendidikan_terendah: Schooling | None = None
    supervisor: int | None = Field(default=None, ge=0)
    enumerator: int | None = Field(default=None, ge=0)
    pelatihan: bool | None = None


class StatisticalActivity(Part):
    """The activity that made the data, as MS-Kegiatan asks for it. Persons in charge are never named."""

    tahun: int | None = Field(default=None, ge=1945, le=2100)
    jenis: Literal["dasar", "sektoral", "khusus"] | None = None
    cara_pengumpulan: Collected | None = None
    sektor: Sector | None = None
    rekomendasi: str | None = Field(default=None, description="Identity of the recommendation that BPS gave")
    unit_eselon1: str | None = None
    unit_eselon2: str | None = None
    latar_belakang: str | None = None
    tujuan: str | None = None
    referensi_waktu: str | None = Field(default=None, description="What time the values are of, e.g. 31 Desember")
    tipe: Literal["longitudinal_panel", "cross_sectional", "longitudinal_cross_sectional"] | None = None
    metode: list[Method] | None = None
    sarana: list[Instrument] | None = None
    unit: list[Unit] | None = None
    sampel: Sample | None = None
    lapangan: Fieldwork | None = None
    pengolahan: list[Processing] | None = None
    analisis: Literal["deskriptif", "inferensia", "deskriptif_dan_inferensia"] | None = None
    unit_analisis: list[Unit] | None = None
    tercetak: bool | None = Field(default=None, description="There is a printed publication of it")
    mikrodata: bool | None = Field(default=None, description="Microdata can be had")

    @model_validator(mode="after")
    def _only_a_survey_has_a_sample(self) -> Self:
        if self.sampel and self.cara_pengumpulan != "survei":
            raise ValueError("sampel belongs to cara_pengumpulan: survei; correct one of them")
        return self


class Indicator(Part):
    """`indikator:` of a column that is computed: what MS-Indikator asks beside konsep, definisi and satuan."""

    rumus: str | None = None
    metode: str | None = Field(default=None, description="How it is computed, in words")
    interpretasi: str | None = Field(default=None, description="How a value is to be read")
    level_estimasi: str | None = Field(default=None, description="Finest level at which it may be read")
    variabel_pembangun: list[str] = Field(default=[], description="Variables that the formula takes")
    indikator_pembangun: list[str] = Field(default=[], description="Indicators that a composite is made of")

    @model_validator(mode="after")
    def _made_of_one_kind(self) -> Self:
        if self.variabel_pembangun and self.indikator_pembangun:
            raise ValueError("a composite names indikator_pembangun, any other variabel_pembangun; keep one of them")
        return self
