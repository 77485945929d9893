"""Diskominfo: complaints of citizens, information systems of the agencies."""

from __future__ import annotations

from datetime import date, timedelta

from pembuat import ragam
from pembuat.baris import Baris, Undian
from pembuat.dunia import Dunia

KATEGORI = ("Jalan rusak", "Pelayanan", "Sampah", "Bantuan sosial")
KANAL = {"Web": ("WEB", "Situs"), "WhatsApp": ("WA",), "Datang langsung": ("Langsung",)}
ISI = (
    "Jalan depan pasar berlubang,\nsudah dua bulan; mohon diperbaiki",
    'Antrean panjang, petugas berkata "besok saja"',
    "Sampah menumpuk di tepi sungai",
)


def buat(dunia: Dunia) -> None:
    """Write the exports."""
    _aduan(dunia)
    _aplikasi(dunia)


def _aduan(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("diskominfo.aduan"), dunia.kiriman("diskominfo", "aduan")
    rows = []
    for number in range(300):
        came = date(2024, 1, 1) + timedelta(days=number)
        kanal = acak.choice(list(KANAL))
        rows.append(
            Baris(
                {
                    "nomor_tiket": f"LG-{number + 1:06}",
                    "tanggal": ragam.tanggal(acak, came),
                    "kanal": acak.choice((kanal, kanal.upper(), *KANAL[kanal])),
                    "kategori": acak.choice(KATEGORI),
                    "isi": acak.choice(ISI),
                    "kabupaten": ragam.kabupaten(acak, acak.choice(dunia.wilayah.kabupaten).nama),
                    "telepon": f"08{acak.randint(1_000_000_000, 9_999_999_999)}",
                    "selesai": acak.choice(("Ya", "Tidak")),
                    "hari_selesai": acak.choice((acak.randint(0, 40), "nihil", "")),
                }
            )
        )
    undian = Undian(acak, rows)
    undian.ambil().rusak("tanggal", "30 Peb 2024", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().rusak("tanggal", "kemarin", "tanggal", "bentuk", "bukan tanggal")
    undian.ambil().rusak("kanal", "Lisan", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("kabupaten", "Pekalongan", "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    undian.ambil().rusak("kabupaten", "Jawa Tengah", "nama_wilayah", "dikenal", "nama tingkat lain")
    undian.ambil().rusak("hari_selesai", "3 hari", "bilangan", "bentuk", "satuan dalam sel angka")
    undian.ambil().rusak("hari_selesai", -1, "bilangan", "negatif", "jumlah negatif")
    undian.ambil().rusak("telepon", "00811", "telepon", "bentuk", "bukan nomor telepon")
    undian.ambil().rusak("selesai", "Sebagian", "ya_tidak", "dikenal", "bukan ya atau tidak")
    undian.ambil().rusak("isi", "Air keruh â€œsekaliâ€", "teks", "karakter_rusak", "enkode rusak")
    undian.ambil().kosongkan("nomor_tiket")
    undian.kembar("nomor_tiket")
    undian.bentrok("nomor_tiket", "hari_selesai", 77)
    tajuk = {
        "nomor_tiket": "No Tiket",
        "tanggal": "Tanggal",
        "kanal": "Kanal",
        "kategori": "Kategori",
        "isi": "Isi Aduan",
        "kabupaten": "Lokasi",
        "telepon": "Telp Pelapor",
        "selesai": "Selesai",
        "hari_selesai": "Lama (hari)",
    }
    kirim.csv("aduan.csv", tajuk, rows, pemisah=";", atas=["Rekap aduan masuk 2024", ""], bawah=[";" * 8] * 12)


def _aplikasi(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("diskominfo.aplikasi"), dunia.kiriman("diskominfo", "aplikasi")
    rows = [
        Baris(
            {
                "kode_skpd": f"{acak.randint(1, 2)}.{acak.randint(1, 25):02}.0.00.0.00.{number + 1:02}.0000",
                "nama_aplikasi": f"SIM Contoh {number + 1} – versi baru",
                "tahun_dibuat": acak.randint(2009, 2024),
                "terintegrasi": acak.choice(("Ya", "Tidak", "1", "0")),
            }
        )
        for number in range(79)
    ]
    undian = Undian(acak, rows)
    undian.ambil().rusak("kode_skpd", "10101", "kode_skpd", "bentuk", "bukan kode SKPD")
    undian.ambil().rusak("kode_skpd", "7.01.01", "kode_skpd", "lengkap", "kode SKPD tidak lengkap")
    undian.ambil().rusak("tahun_dibuat", "1899", "tahun", "bentuk", "bukan tahun")
    undian.ambil().rusak("terintegrasi", "F", "ya_tidak", "dikenal", "bukan ya atau tidak")
    undian.ambil().kosongkan("nama_aplikasi")
    name = "inventaris_aplikasi.csv"
    tajuk = {
        "kode_skpd": "KODE SKPD",
        "nama_aplikasi": "NAMA APLIKASI",
        "tahun_dibuat": "TAHUN",
        "terintegrasi": "TERINTEGRASI",
    }
    kirim.csv(name, tajuk, rows, pemisah="|", enkode="cp1252")
    kirim.cacat(name, "baca", "kolom_tidak_ada", "kolom tidak dikirim", baris=1, kolom="PENGELOLA")
