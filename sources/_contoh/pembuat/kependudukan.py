"""Dukcapil: residents and families at the end of the year."""

from __future__ import annotations

import random
from collections.abc import Callable

from pembuat import ragam
from pembuat.baris import Baris, Benar, Sel, Undian
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
    "nama_ibu": "Nama Ibu",
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


def _baris(acak: random.Random, keluarga: Keluarga, orang: Orang, kepala: bool) -> Baris:
    married = ("Kawin", "KAWIN", "Kawin Tercatat") if orang.kawin else ("Belum Kawin", "BELUM KAWIN", "BK")
    widowed = kepala and orang.hubungan == "ISTRI"
    return Baris(
        {
            "nik": ragam.kode(acak, orang.nik),
            "no_kk": ragam.kode(acak, keluarga.no_kk),
            "nama": orang.nama.upper(),
            "tempat_lahir": orang.tempat_lahir,
            "tanggal_lahir": ragam.tanggal(acak, orang.lahir),
            "jenis_kelamin": ragam.jenis_kelamin(acak, orang.jk),
            "nama_ibu": orang.ibu.upper(),
            "hubungan": "KEPALA KELUARGA" if kepala else orang.hubungan,
            "status_kawin": "Cerai Mati" if widowed else acak.choice(married),
            "kode_desa": keluarga.desa.kode,
            "alamat": keluarga.alamat,
            "rt": acak.choice((keluarga.rt, "-")),
            "rw": keluarga.rw,
            "_jk": orang.jk,
            "_nik": orang.nik,
        },
        Benar(orang.nik, {"penduduk": orang.nomor}, {"keluarga": keluarga.no_kk, "lahir": orang.lahir}),
    )


def _daftar(dunia: Dunia, acak: random.Random, keluarga: list[Keluarga]) -> list[Baris]:
    members = [(k, dunia.riwayat.anggota_kini(k)) for k in keluarga]
    return [_baris(acak, k, o, o is persons[0]) for k, persons in members for o in persons]


def _penduduk(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dukcapil.penduduk"), dunia.kiriman("dukcapil", "penduduk")
    for kode in KABUPATEN[:2]:
        rows = _daftar(dunia, acak, dunia.keluarga[kode])
        (_cacat_penduduk if kode == KABUPATEN[0] else _cacat_berpasangan)(Undian(acak, rows))
        kirim.csv(f"penduduk_{kode}.csv", TAJUK, rows, pemisah=";", enkode="utf-8-sig")
    # Excel kept fifteen digits of every NIK: the file as a whole gives it away, and nobody of it is registered.
    rows = _daftar(dunia, acak, dunia.keluarga[KABUPATEN[2]][:16])
    name = f"penduduk_{KABUPATEN[2]}.csv"
    for row in rows:
        row.sel["nik"], row.benar = str(row.sel["_nik"])[:15] + "0", None
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


def _sendiri(sel: dict[str, Sel]) -> bool:
    """A grown-up child, of whom no other office keeps a record: the row is accepted, and says the wrong thing."""
    return sel["hubungan"] == "ANAK" and int(str(sel["_nik"])[10:12]) < 6


def _cacat_nik(undian: Undian) -> None:
    def ubah(
        rule: str, kind: str, change: Callable[[str], str], who: Callable[[dict[str, Sel]], bool] = lambda _: True
    ) -> Baris:
        # A man born on the 1st to 19th: only the fault meant follows from the change.
        row = undian.ambil(lambda s: s["_jk"] == "L" and int(str(s["_nik"])[6:8]) < 20 and who(s))
        row.rusak_kunci("nik", change(str(row.sel["_nik"])), "nik", rule, kind)
        return row

    ubah("rusak_excel", EXCEL, lambda _: "3.30212E+15")
    ubah("bentuk", "NIK kurang dari 16 angka", lambda n: n[:15])
    ubah("bentuk", "NIK dengan hari lahir 81-99", lambda n: n[:6] + str(int(n[6:8]) + 80) + n[8:])
    ubah("bentuk", "NIK dengan bulan lahir 13", lambda n: n[:8] + "13" + n[10:])
    ubah("tanggal_lahir", "NIK dengan tanggal mustahil", lambda n: n[:6] + "3002" + n[10:])
    ubah("nomor_urut", "NIK dengan nomor urut 0000", lambda n: n[:12] + "0000")
    ubah("bentuk", "NIK diawali nol", lambda n: "0" + n[1:])
    ubah("provinsi", "NIK dengan provinsi tidak dikenal", lambda n: "99" + n[2:], _sendiri)
    ubah("bentuk", "NIK pengganti", lambda _: "0" * 16)
    ubah("bentuk", "NIK pengganti", lambda _: "9" * 16)
    ubah("bentuk", "NIK pengganti", lambda _: "1234567890123456")
    ubah("bentuk", "NIK pengganti", lambda _: "3374000000000000")
    # Sixteen ones say the 11th of November 11: the birth date is made to agree.
    ubah("pengganti", "NIK pengganti", lambda _: "1" * 16).sel["tanggal_lahir"] = "11/11/1911"


def _cacat_berpasangan(undian: Undian) -> None:
    undian.kembar("nik")
    undian.bentrok("nik", "nama", "NAMA YANG LAIN")
    row = undian.ambil(lambda s: s["_jk"] == "P" and _sendiri(s))
    row.rusak("jenis_kelamin", "L", "kaidah", "nik_jenis_kelamin", "NIK tidak cocok dengan jenis kelamin")
    row = undian.ambil(_sendiri)
    row.rusak("tanggal_lahir", "1931-01-01", "kaidah", "nik_tanggal_lahir", "NIK tidak cocok dengan tanggal lahir")
    undian.ambil(_sendiri).rusak("nama", "WAHYU 3302", "nama_orang", "berangka", "nama memuat angka")
    row = undian.ambil()
    row.kosongkan("no_kk")
    row.rusak("jenis_kelamin", "?", "jenis_kelamin", "dikenal", "dua cacat pada satu baris")


def _keluarga(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dukcapil.keluarga"), dunia.kiriman("dukcapil", "keluarga")
    rows = []
    for k in dunia.semua_keluarga():
        members = dunia.riwayat.anggota_kini(k)
        cells: dict[str, Sel] = {
            "no_kk": ragam.kode(acak, k.no_kk),
            "nik_kepala": members[0].nik,
            "nama_kepala": members[0].nama,
            "kode_desa": k.desa.kode,
            "alamat": k.alamat,
            "jumlah_anggota": len(members),
        }
        rows.append(Baris(cells, Benar(k.no_kk, {"kepala": members[0].nomor}, {"keluarga": k.no_kk})))
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
