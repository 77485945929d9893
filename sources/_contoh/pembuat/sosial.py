"""Dinsos: poor households, social welfare cases."""

from __future__ import annotations

import random

from pembuat import ragam
from pembuat.baris import Baris, Benar, Undian
from pembuat.dunia import Dunia
from pembuat.tulisan import Tulisan, tulis

PMKS = ("Anak terlantar", "Lanjut usia terlantar", "Penyandang disabilitas")


def buat(dunia: Dunia) -> None:
    """Write the exports."""
    _dtks(dunia)
    _pmks(dunia)


def _dtks(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dinsos.dtks"), dunia.kiriman("dinsos", "dtks")
    heads = [(k.anggota[0], k) for k in dunia.semua_keluarga() if k.no_kk in dunia.riwayat.desil]
    ways = {"singkat": 1, "kk_lama": 5, "pindah": 4, "gelar": 4, "ejaan_lama": 3, "nik_salah": 1}
    rows = [_keluarga_dtks(dunia, acak, one) for one in tulis(dunia, acak, heads, ways)]
    undian = Undian(acak, rows)
    row = undian.ambil()
    row.rusak("lintang", 110.123456, "lintang", "tertukar", "lintang dan bujur tertukar")
    row.rusak("bujur", -7.123456, "bujur", "di_luar_indonesia", "lintang dan bujur tertukar")
    row = undian.ambil()
    row.rusak("lintang", -33.8688, "lintang", "di_luar_indonesia", "titik di luar Indonesia")
    row.rusak("bujur", 151.2093, "bujur", "di_luar_indonesia", "titik di luar Indonesia")
    undian.ambil().rusak("lintang", 97.25, "lintang", "bentuk", "lintang mustahil")
    undian.ambil().rusak("bujur", "110.312.556", "bujur", "bentuk", "tanda ribuan pada koordinat")
    undian.ambil().rusak("penghasilan", "kurang lebih 1 juta", "rupiah", "bentuk", "bukan nilai rupiah")
    undian.ambil().rusak("luas_lantai", "36 m2", "desimal", "bentuk", "satuan dalam sel angka")
    undian.ambil().rusak("punya_jamban", "Bersama", "ya_tidak", "dikenal", "bukan ya atau tidak")
    undian.ambil().rusak("desil", 11, "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("kode_desa", "33.72.09.1001", "kode_wilayah", "dikenal", "kode desa tidak dikenal")
    undian.ambil().rusak("nik", "3.37E+15", "nik", "rusak_excel", "angka panjang dirusak Excel")
    undian.ambil().kosongkan("nik")
    undian.kembar("nik")
    undian.bentrok("nik", "nama", "Nama Lain")
    tajuk = {
        "nik": "NIK KRT",
        "no_kk": "NO KK",
        "nama": "NAMA KRT",
        "kode_desa": "KODE WILAYAH",
        "desil": "DESIL",
        "penghasilan": "PENGHASILAN (RP)",
        "luas_lantai": "LUAS LANTAI (M2)",
        "punya_jamban": "JAMBAN",
        "lintang": "LAT",
        "bujur": "LONG",
    }
    kirim.csv("DTKS_Des_2024.csv", tajuk, rows, ujung="\r\n")


def _keluarga_dtks(dunia: Dunia, acak: random.Random, kepala: Tulisan) -> Baris:
    lintang, bujur = dunia.peta.titik(acak, kepala.desa.kode)
    comma = acak.random() < 0.3
    decile = dunia.riwayat.desil[kepala.keluarga.no_kk]
    return Baris(
        {
            "nik": ragam.kode(acak, kepala.nik),
            "no_kk": ragam.kode(acak, kepala.no_kk),
            "nama": kepala.nama,
            "kode_desa": acak.choice((kepala.desa.kode, kepala.desa.kode.replace(".", ""))),
            "desil": decile,
            "penghasilan": ragam.rupiah(acak, acak.randint(6, 30) * 50_000),
            "luas_lantai": ragam.desimal(acak.uniform(12, 70), 1),
            "punya_jamban": acak.choice(("Ya", "Tidak", "ADA", "Tdk")),
            "lintang": str(lintang).replace(".", ",") if comma else lintang,
            "bujur": str(bujur).replace(".", ",") if comma else bujur,
        },
        Benar(kepala.nik, {"penduduk": kepala.orang.nomor}, {"keluarga": kepala.keluarga.no_kk, "desil": decile}),
    )


def _pmks(dunia: Dunia) -> None:
    """Too many rows are wrong: the delivery as a whole goes back."""
    acak, kirim = dunia.acak("dinsos.pmks"), dunia.kiriman("dinsos", "pmks")
    rows = [
        Baris({"kabupaten": k.nama, "jenis": kind, "tahun": 2024, "jumlah": acak.randint(20, 900)})
        for k in dunia.wilayah.kabupaten[:20]
        for kind in PMKS
    ]
    undian = Undian(acak, rows)
    for text in ("Magelang", "Semarang", "Tegal"):
        undian.ambil().rusak("kabupaten", text, "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    row = undian.ambil(lambda s: s["kabupaten"] == "Kabupaten Banyumas")
    row.rusak("kabupaten", "Kab. Banyumaz", "nama_wilayah", "mirip", "salah ketik nama kabupaten")
    for text in ("UPT Wilayah II", "Luar Jawa Tengah"):
        undian.ambil().rusak("kabupaten", text, "nama_wilayah", "dikenal", "nama wilayah tidak dikenal")
    for text in ("puluhan", "12 orang", "1.23.4"):
        undian.ambil().rusak("jumlah", text, "bilangan", "bentuk", "bukan angka")
    for text in ("24", "2024/2025"):
        undian.ambil().rusak("tahun", text, "tahun", "bentuk", "bukan tahun")
    kirim.csv(
        "pmks.csv",
        {"kabupaten": "Kab/Kota", "jenis": "Jenis PMKS", "tahun": "Tahun", "jumlah": "Jumlah"},
        rows,
    )
