"""Disdik: schools, pupils, teachers."""

from __future__ import annotations

from datetime import date, timedelta

from pembuat import ragam
from pembuat.baris import Baris, Benar, Undian
from pembuat.dunia import KABUPATEN, Dunia
from pembuat.orang import nama
from pembuat.riwayat import bersekolah
from pembuat.tulisan import tulis

JENJANG = ("SD", "SMP", "SMA", "SMK")
GELAR = ("{}, S.Pd.", "Drs. {}", "Dra. {}, M.Pd", "{}, S.Pd., M.Si.", "H. {}", "{}")
SEKOLAH = 150
LUAR = 4
ROMAWI = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def buat(dunia: Dunia) -> None:
    """Write the exports."""
    schools = _sekolah(dunia)
    _siswa(dunia, schools)
    _guru(dunia, [npsn for some in schools.values() for npsn in some])


def _sekolah(dunia: Dunia) -> dict[str, list[str]]:
    """Write the schools; returns the NPSN of each kind."""
    acak, kirim = dunia.acak("disdik.sekolah"), dunia.kiriman("disdik", "sekolah")
    rows = []
    for number in range(SEKOLAH):
        kab = acak.choice(KABUPATEN)
        kec = acak.choice(dunia.wilayah.anak(kab))
        lintang, bujur = dunia.peta.titik(acak, kec.kode)
        kind = acak.choice(JENJANG)
        rows.append(
            Baris(
                {
                    "npsn": str(20_300_000 + 37 * number),
                    "nama_sekolah": f"{kind} NEGERI {number + 1} {kec.nama.upper()}",
                    "jenjang": kind,
                    "status": acak.choice(("Negeri", "NEGERI", "N", "Swasta", "S")),
                    "kabupaten": ragam.kabupaten(acak, dunia.wilayah.nama[kab]),
                    "kecamatan": kec.nama,
                    "siswa": acak.choice((acak.randint(60, 900), f"1.{acak.randint(100, 400)}")),
                    "lintang": lintang,
                    "bujur": bujur,
                    "telepon": f"0281-{acak.randint(600000, 699999)}",
                    "surel": f"sekolah{number + 1}@contoh.sch.id",
                }
            )
        )
    good = {kind: [str(r.sel["npsn"]) for r in rows if r.sel["jenjang"] == kind] for kind in JENJANG}
    undian = Undian(acak, rows)
    undian.ambil().rusak("npsn", "2030111", "npsn", "bentuk", "NPSN kurang dari 8 angka")
    undian.ambil().rusak("npsn", "99999999", "npsn", "pengganti", "NPSN pengganti")
    undian.ambil().rusak("npsn", "2O300111", "npsn", "susunan", "huruf O di tempat angka nol")
    undian.ambil().rusak("jenjang", "MI", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("kecamatan", "Kec. Cicendo", "nama_wilayah", "dikenal", "kecamatan di luar kabupatennya")
    undian.ambil().rusak("siswa", "12,5", "bilangan", "bentuk", "bukan bilangan bulat")
    undian.ambil().rusak("lintang", "7 LS", "lintang", "bentuk", "bukan koordinat")
    undian.ambil().rusak("bujur", "-110.42", "bujur", "di_luar_indonesia", "tanda bujur terbalik")
    undian.ambil().rusak("surel", "tidak ada email", "surel", "bentuk", "bukan alamat surel")
    undian.ambil().rusak("telepon", "tanya RT", "telepon", "bentuk", "bukan nomor telepon")
    undian.ambil().rusak("telepon", "81234567890", "telepon", "nol_hilang", "nol di depan hilang")
    undian.ambil().rusak("nama_sekolah", "#REF!", "teks", "karakter_rusak", "galat rumus")
    undian.ambil().kosongkan("nama_sekolah")
    undian.kembar("npsn")
    undian.bentrok("npsn", "siswa", 7)
    kolom = [
        "npsn",
        "nama_sekolah",
        "jenjang",
        "status",
        "kabupaten",
        "kecamatan",
        "siswa",
        "lintang",
        "bujur",
        "telepon",
        "surel",
    ]
    kirim.xlsx(
        "Data Sekolah Semester Genap 2024.xlsx",
        [
            [
                "NPSN",
                "Nama Sekolah",
                "Jenjang",
                "Status",
                "Kabupaten/Kota",
                "Kecamatan",
                "Jumlah Siswa",
                "Lintang",
                "Bujur",
                "Telepon",
                "Email",
            ]
        ],
        kolom,
        rows,
        lembar="Sekolah",
        judul=["DATA POKOK SEKOLAH", "SEMESTER GENAP TAHUN AJARAN 2023/2024"],
        petunjuk=["Isi lembar Sekolah.", "Jangan mengubah tajuk."],
    )
    return good


def _siswa(dunia: Dunia, sekolah: dict[str, list[str]]) -> None:
    acak, kirim = dunia.acak("disdik.siswa"), dunia.kiriman("disdik", "siswa")
    in_school = {kode: [(o, k) for k in dunia.keluarga[kode] for o in k.anggota if bersekolah(o)] for kode in KABUPATEN}
    # Of Surakarta, whose register is refused, a few only: they count as not registered.
    pupils = [*in_school["33.02"], *in_school["33.19"], *in_school["33.72"][:LUAR]]
    ways = {"singkat": 1, "nik_hilang": 5, "nik_salah": 5, "hari_bulan": 4, "ejaan_lama": 4, "nik_orang_tua": 2}
    rows = []
    for number, one in enumerate(tulis(dunia, acak, pupils, ways), start=1):
        year = one.orang.lahir.year
        grade = 2024 - year - 6
        kind = "SD" if grade < 7 else "SMP" if grade < 10 else acak.choice(("SMA", "SMK"))
        nisn = f"{year % 1000:03}{7_000_000 + 13 * number}"
        rows.append(
            Baris(
                {
                    "nisn": nisn,
                    "nik": ragam.kode(acak, one.nik) if one.nik else None,
                    "nama": one.nama,
                    "npsn": acak.choice(sekolah[kind]),
                    "jenis_kelamin": ragam.jenis_kelamin(acak, one.orang.jk),
                    "tanggal_lahir": ragam.tanggal(acak, one.lahir),
                    "nama_ibu": one.ibu,
                    "kelas": acak.choice((str(max(grade, 1)), ROMAWI[max(grade, 1) - 1])),
                },
                Benar(nisn, {"penduduk": one.orang.nomor}),
            )
        )
    undian = Undian(acak, rows)
    row = undian.ambil(lambda s: str(s["nisn"]).startswith("00"))
    row.rusak("nisn", str(row.sel["nisn"]).lstrip("0"), "nisn", "nol_hilang", "nol di depan hilang")
    undian.ambil().rusak("nisn", "5.12E+07", "nisn", "rusak_excel", "angka panjang dirusak Excel")
    undian.ambil().rusak("nisn", "00512", "nisn", "bentuk", "NISN kurang dari 10 angka")
    undian.ambil().rusak("nisn", "1234567890", "nisn", "pengganti", "NISN pengganti")
    undian.ambil().rusak_kunci("nisn", "5551234567", "nisn", "tahun_lahir", "NISN tidak cocok dengan tahun lahir")
    undian.ambil().rusak("npsn", "203", "npsn", "bentuk", "NPSN kurang dari 8 angka")
    undian.ambil().rusak("tanggal_lahir", "31/04/2011", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().rusak("jenis_kelamin", "1", "jenis_kelamin", "dikenal", "jenis kelamin tidak dikenal")
    undian.ambil().rusak("kelas", "XIV", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().kosongkan("nisn")
    undian.kembar("nisn")
    tajuk = {
        "nisn": "NISN",
        "nik": "NIK",
        "nama": "Nama Peserta Didik",
        "npsn": "NPSN",
        "jenis_kelamin": "L/P",
        "tanggal_lahir": "Tanggal Lahir",
        "nama_ibu": "Nama Ibu Kandung",
        "kelas": "Tingkat",
    }
    kirim.csv("pd_2024.txt", tajuk, rows, pemisah="\t", ujung="\r\n")


def _guru(dunia: Dunia, npsn: list[str]) -> None:
    acak, kirim = dunia.acak("disdik.guru"), dunia.kiriman("disdik", "guru")
    rows = []
    for number in range(120):
        jk = acak.choice("LP")
        born = date(1966, 1, 1) + timedelta(days=acak.randint(0, 10_000))
        start = date(born.year + 25, acak.randint(1, 12), 1)
        nip = f"{born:%Y%m%d}{start:%Y%m}{'1' if jk == 'L' else '2'}{number + 1:03}"
        rows.append(
            Baris(
                {
                    "nip": acak.choice((nip, f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}", f"'{nip}")),
                    "nama": acak.choice(GELAR).format(nama(acak, jk)),
                    "npsn": acak.choice(npsn),
                    "tmt": ragam.tanggal(acak, start),
                    "mata_pelajaran": acak.choice(("Matematika", "IPA", "Bahasa Prancis – café")),
                    "sertifikasi": acak.choice(("Ya", "Tidak", "Y", "T")),
                },
                Benar(nip, {"penduduk": f"G{number + 1:04}"}),
            )
        )
    undian = Undian(acak, rows)
    undian.ambil().rusak("nip", "1.98501E+17", "nip", "rusak_excel", "angka panjang dirusak Excel")
    undian.ambil().rusak_kunci("nip", "198501012010011000", "nip", "nomor_urut", "angka panjang dirusak Excel")
    undian.ambil().rusak("nip", "19850101201001100", "nip", "bentuk", "NIP kurang dari 18 angka")
    undian.ambil().rusak("nip", "198502302010011003", "nip", "tanggal_lahir", "NIP dengan tanggal mustahil")
    undian.ambil().rusak_kunci("nip", "198501012010131004", "nip", "bulan_pengangkatan", "NIP dengan bulan 13")
    undian.ambil().rusak("sertifikasi", "Proses", "ya_tidak", "dikenal", "bukan ya atau tidak")
    undian.ambil().rusak("tmt", "00/00/2010", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().kosongkan("npsn")
    undian.bentrok("nip", "mata_pelajaran", "Seni Budaya")
    tajuk = {
        "nip": "NIP",
        "nama": "Nama Guru",
        "npsn": "NPSN",
        "tmt": "TMT",
        "mata_pelajaran": "Mapel",
        "sertifikasi": "Sertifikasi",
    }
    kirim.csv("guru_asn.csv", tajuk, rows, pemisah=";", enkode="cp1252", ujung="\r\n")
