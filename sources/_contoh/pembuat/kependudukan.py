"""Dukcapil: residents, families, certificates."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pembuat import ragam
from pembuat.baris import Baris, Sel, Undian
from pembuat.dunia import KABUPATEN, Dunia
from pembuat.orang import Keluarga, Orang

EXCEL = "angka panjang dirusak Excel"
TAJUK = {
    "nik": "NIK",
    "no_kk": "No KK",
    "nama": "Nama Lengkap",
    "tempat_lahir": "Tempat Lahir",
    "tanggal_lahir": "Tgl Lahir",
    "jenis_kelamin": "JK",
    "hubungan": "SHDK",
    "status_kawin": "Status Kawin",
    "kode_desa": "Kode Desa",
    "alamat": "Alamat",
    "rt": "RT",
    "rw": "RW",
}


def buat(dunia: Dunia) -> None:
    """Write the exports."""
    _penduduk(dunia)
    _keluarga(dunia)
    _akta(dunia)


def _baris(acak: random.Random, keluarga: Keluarga, orang: Orang) -> Baris:
    married = ("Kawin", "KAWIN", "Kawin Tercatat") if orang.kawin else ("Belum Kawin", "BELUM KAWIN", "BK")
    return Baris(
        {
            "nik": ragam.kode(acak, orang.nik),
            "no_kk": ragam.kode(acak, keluarga.no_kk),
            "nama": orang.nama.upper(),
            "tempat_lahir": orang.tempat_lahir,
            "tanggal_lahir": ragam.tanggal(acak, orang.lahir),
            "jenis_kelamin": ragam.jenis_kelamin(acak, orang.jk),
            "hubungan": orang.hubungan,
            "status_kawin": acak.choice(married),
            "kode_desa": keluarga.desa.kode,
            "alamat": keluarga.alamat,
            "rt": acak.choice((keluarga.rt, "-")),
            "rw": keluarga.rw,
            "_jk": orang.jk,
            "_nik": orang.nik,
        }
    )


def _penduduk(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dukcapil.penduduk"), dunia.kiriman("dukcapil", "penduduk")
    for kode in KABUPATEN[:2]:
        rows = [_baris(acak, k, o) for k in dunia.keluarga[kode] for o in k.anggota]
        (_cacat_penduduk if kode == KABUPATEN[0] else _cacat_berpasangan)(Undian(acak, rows))
        kirim.csv(f"penduduk_{kode}.csv", TAJUK, rows, pemisah=";", enkode="utf-8-sig")
    # Excel kept fifteen digits of every NIK: the file as a whole gives it away.
    rows = [_baris(acak, k, o) for k in dunia.keluarga[KABUPATEN[2]][:16] for o in k.anggota]
    name = f"penduduk_{KABUPATEN[2]}.csv"
    persons = [o for k in dunia.keluarga[KABUPATEN[2]][:16] for o in k.anggota]
    for row, person in zip(rows, persons, strict=True):
        row.sel["nik"] = person.nik[:15] + "0"
    kirim.cacat(name, "nik", "ekor_nol", EXCEL, kolom="nik")
    kirim.csv(name, TAJUK, rows, pemisah=";", enkode="utf-8-sig", ujung="\r\n")
    letter = "Surat pengantar.txt"
    kirim.bita(letter, b"Terlampir data penduduk.\n")
    kirim.cacat(letter, "berkas", "tak_cocok", "berkas yang bukan data")


def _cacat_penduduk(undian: Undian) -> None:
    _cacat_nik(undian)
    undian.ambil().rusak("no_kk", "3.30E+15", "no_kk", "rusak_excel", EXCEL)
    undian.ambil().rusak("no_kk", "33021201019081", "no_kk", "bentuk", "nomor KK kurang dari 16 angka")
    undian.ambil().rusak("tanggal_lahir", "31/02/1990", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().rusak("tanggal_lahir", "32895", "tanggal", "bentuk", "tanggal sebagai angka Excel")
    undian.ambil().rusak("jenis_kelamin", "X", "jenis_kelamin", "dikenal", "jenis kelamin tidak dikenal")
    undian.ambil().rusak("status_kawin", "Menikah siri", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("kode_desa", "33.02.05.2999", "kode_wilayah", "dikenal", "kode desa tidak dikenal")
    undian.ambil().rusak("kode_desa", "33.1", "kode_wilayah", "bentuk", "kode menjadi angka desimal")
    undian.ambil().kosongkan("nama")
    undian.ambil().kosongkan("tanggal_lahir")


def _cacat_nik(undian: Undian) -> None:
    def ubah(rule: str, kind: str, change: Callable[[str], str]) -> Baris:
        # A man born on the 1st to 19th: only the fault meant follows from the change.
        row = undian.ambil(lambda s: s["_jk"] == "L" and int(str(s["_nik"])[6:8]) < 20)
        row.rusak("nik", change(str(row.sel["_nik"])), "nik", rule, kind)
        return row

    ubah("rusak_excel", EXCEL, lambda _: "3.30212E+15")
    ubah("bentuk", "NIK kurang dari 16 angka", lambda n: n[:15])
    ubah("bentuk", "NIK dengan hari lahir 81-99", lambda n: n[:6] + str(int(n[6:8]) + 80) + n[8:])
    ubah("bentuk", "NIK dengan bulan lahir 13", lambda n: n[:8] + "13" + n[10:])
    ubah("tanggal_lahir", "NIK dengan tanggal mustahil", lambda n: n[:6] + "3002" + n[10:])
    ubah("nomor_urut", "NIK dengan nomor urut 0000", lambda n: n[:12] + "0000")
    ubah("bentuk", "NIK diawali nol", lambda n: "0" + n[1:])
    ubah("provinsi", "NIK dengan provinsi tidak dikenal", lambda n: "99" + n[2:])
    ubah("bentuk", "NIK pengganti", lambda _: "0" * 16)
    ubah("bentuk", "NIK pengganti", lambda _: "9" * 16)
    ubah("bentuk", "NIK pengganti", lambda _: "1234567890123456")
    ubah("bentuk", "NIK pengganti", lambda _: "3374000000000000")
    # Sixteen ones say the 11th of November 11: the birth date is made to agree.
    ubah("pengganti", "NIK pengganti", lambda _: "1" * 16).sel["tanggal_lahir"] = "11/11/1911"


def _cacat_berpasangan(undian: Undian) -> None:
    undian.kembar("nik")
    undian.bentrok("nik", "nama", "NAMA YANG LAIN")
    row = undian.ambil(lambda s: s["_jk"] == "P")
    row.rusak("jenis_kelamin", "L", "kaidah", "nik_jenis_kelamin", "NIK tidak cocok dengan jenis kelamin")
    row = undian.ambil()
    row.rusak("tanggal_lahir", "1931-01-01", "kaidah", "nik_tanggal_lahir", "NIK tidak cocok dengan tanggal lahir")
    undian.ambil().rusak("nama", "WAHYU 3302", "nama_orang", "berangka", "nama memuat angka")
    row = undian.ambil()
    row.kosongkan("no_kk")
    row.rusak("jenis_kelamin", "?", "jenis_kelamin", "dikenal", "dua cacat pada satu baris")


def _keluarga(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dukcapil.keluarga"), dunia.kiriman("dukcapil", "keluarga")
    rows = [
        Baris(
            {
                "no_kk": ragam.kode(acak, k.no_kk),
                "nik_kepala": k.anggota[0].nik,
                "nama_kepala": k.anggota[0].nama,
                "kode_desa": k.desa.kode,
                "alamat": k.alamat,
                "jumlah_anggota": len(k.anggota),
            }
        )
        for k in dunia.semua_keluarga()
    ]
    undian = Undian(acak, rows)
    # A number cell of sixteen digits: the workbook itself holds only fifteen of them.
    undian.ambil().rusak("nik_kepala", 3302121501908120.0, "nik", "rusak_excel", EXCEL)
    undian.ambil().rusak("jumlah_anggota", "tiga", "bilangan", "bentuk", "bukan angka")
    undian.ambil().rusak("jumlah_anggota", 2.5, "bilangan", "bentuk", "bukan bilangan bulat")
    undian.ambil().rusak("jumlah_anggota", -2, "bilangan", "negatif", "jumlah negatif")
    undian.ambil().rusak("kode_desa", "33.19.09.2777", "kode_wilayah", "dikenal", "kode desa tidak dikenal")
    undian.ambil().kosongkan("no_kk")
    undian.bentrok("no_kk", "nama_kepala", "Nama Yang Lain")
    rows.append(Baris({"no_kk": "Sumber: SIAK, keadaan 31 Desember 2024"}))
    kirim.xlsx(
        "keluarga 2024.xlsx",
        [
            [
                "Nomor KK",
                "NIK Kepala Keluarga",
                "Nama Kepala Keluarga",
                "Kode Desa/Kelurahan",
                "Alamat",
                "Jumlah Anggota",
            ]
        ],
        ["no_kk", "nik_kepala", "nama_kepala", "kode_desa", "alamat", "jumlah_anggota"],
        rows,
        judul=["DAFTAR KEPALA KELUARGA", "PROVINSI JAWA TENGAH TAHUN 2024", ""],
        bernomor=True,
    )


def _akta(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dukcapil.akta"), dunia.kiriman("dukcapil", "akta")
    letters = {"kelahiran": "LU", "kematian": "KM", "perkawinan": "KW", "perceraian": "CR"}
    rows = []
    for number, keluarga in enumerate(dunia.semua_keluarga(), start=1):
        kind, person = acak.choice(list(letters)), acak.choice(keluarga.anggota)
        happened = date(2024, 1, 1) + timedelta(days=acak.randint(0, 300))
        kab, kec = keluarga.desa.kode[:5], keluarga.desa.kode[:8]
        rows.append(
            Baris(
                {
                    "nomor_akta": f"{kab.replace('.', '')}-{letters[kind]}-2024-{number:05}",
                    "jenis": kind.upper(),
                    "tanggal_peristiwa": happened.isoformat(),
                    "tanggal_lapor": (happened + timedelta(days=acak.randint(0, 50))).isoformat(),
                    "nik": person.nik,
                    "nama": person.nama,
                    "kabupaten": ragam.kabupaten(acak, dunia.wilayah.nama[kab]),
                    "kecamatan": dunia.wilayah.nama[kec],
                }
            )
        )
    undian = Undian(acak, rows)
    undian.ambil().rusak("tanggal_peristiwa", "2024-13-05", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().rusak("tanggal_lapor", "29/02/2023", "tanggal", "bentuk", "tanggal mustahil")
    row = undian.ambil()
    row.rusak("tanggal_lapor", "2019-01-02", "kaidah", "lapor_sesudah_peristiwa", "dilaporkan sebelum terjadi")
    undian.ambil().rusak("kecamatan", "Kecamatan Antah", "nama_wilayah", "dikenal", "nama wilayah tidak dikenal")
    undian.ambil().rusak("kabupaten", "Semarang", "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    undian.ambil().rusak("jenis", "ADOPSI", "pilihan", "pilihan", "nilai di luar daftar")
    # Digits without quotes: JSON keeps all sixteen, so this is no fault.
    undian.ambil().sel["nik"] = 3302121501908127
    undian.ambil().kosongkan("nomor_akta")
    undian.kembar("nomor_akta")
    undian.bentrok("nomor_akta", "tanggal_peristiwa", "2024-01-01")
    kirim.json("akta_2024.json", rows, _bungkus_akta)


def _bungkus_akta(rows: list[dict[str, Sel]]) -> dict[str, Any]:
    def one(s: dict[str, Sel]) -> dict[str, Any]:
        return {
            "nomor": s["nomor_akta"],
            "jenis": s["jenis"],
            "subjek": {"nik": s["nik"], "nama": s["nama"]},
            "tanggal": {"peristiwa": s["tanggal_peristiwa"], "lapor": s["tanggal_lapor"]},
            "tempat": {"kab": s["kabupaten"], "kec": s["kecamatan"]},
        }

    return {"meta": {"sumber": "aplikasi akta", "tahun": 2024}, "data": {"akta": [one(s) for s in rows]}}
