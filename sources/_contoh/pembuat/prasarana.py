"""BPBD and DPUBMCK: disasters, roads, bridges."""

from __future__ import annotations

from datetime import date, timedelta

from pembuat import ragam
from pembuat.baris import Baris, Undian
from pembuat.dunia import KABUPATEN, Dunia

JENIS = {
    "Banjir": ("BANJIR", "Banjir bandang"),
    "Tanah longsor": ("Longsor",),
    "Angin kencang": ("Puting beliung",),
}
HTML = b"""<html><head><title>Jembatan</title></head><body><table border="1">
<tr><td>Nomor</td><td>Nama</td></tr><tr><td>1</td><td>Jembatan Contoh</td></tr></table></body></html>
"""


def buat(dunia: Dunia) -> None:
    """Write the exports. Early warnings of BPBD are under contract and never came."""
    _bencana(dunia)
    _jalan(dunia)
    _jembatan(dunia)


def _bencana(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("bpbd.bencana"), dunia.kiriman("bpbd", "bencana")
    rows = []
    for number in range(240):
        desa = dunia.wilayah.desa(acak, acak.choice(KABUPATEN))
        lintang, bujur = dunia.peta.titik(acak, desa.kode)
        kind = acak.choice(list(JENIS))
        hurt = acak.choice((0, 0, acak.randint(1, 30)))
        rows.append(
            Baris(
                {
                    "nomor": f"B-{number + 1:04}",
                    "tanggal": ragam.tanggal(acak, date(2024, 1, 1) + timedelta(days=number)),
                    "jenis": acak.choice((kind, *JENIS[kind])),
                    "kabupaten": ragam.kabupaten(acak, dunia.wilayah.nama[desa.kode[:5]]),
                    "kecamatan": dunia.wilayah.nama[desa.kode[:8]],
                    "desa": desa.nama,
                    "korban_luka": hurt,
                    "korban_meninggal": 0,
                    "jumlah_korban": hurt,
                    "kerugian": acak.choice((acak.randint(0, 900), "1.250,5", "2,5 miliar", "–")),
                    "lintang": lintang,
                    "bujur": str(bujur).replace(".", ","),
                    "keterangan": "rusak ringan – menunggu ‘asesmen’",
                }
            )
        )
    undian = Undian(acak, rows)
    undian.ambil().rusak("tanggal", "31/11/2024", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().rusak("jenis", "Kebakaran", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak(
        "desa", "Desa Antah Berantah", "nama_wilayah", "dikenal_induknya", "nama wilayah tidak dikenal"
    )
    row = undian.ambil(lambda s: str(s["desa"]).isalpha() and len(str(s["desa"])) > 8)
    row.rusak("desa", ragam.salah_ketik(str(row.sel["desa"])), "nama_wilayah", "mirip", "satu huruf hilang")
    row = undian.ambil(lambda s: str(s["desa"]).isalpha() and "u" in str(s["desa"])[1:])
    row.rusak("desa", ragam.ejaan_lama(str(row.sel["desa"])), "nama_wilayah", "mirip", "ejaan lama")
    undian.ambil().rusak("kabupaten", "Kab. Kudos", "nama_wilayah", "mirip", "salah ketik nama kabupaten")
    undian.ambil().rusak("kabupaten", "Tegal", "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    undian.ambil().rusak("kerugian", "belum dihitung", "rupiah", "bentuk", "bukan nilai rupiah")
    undian.ambil().rusak("lintang", "-7.080.043", "lintang", "bentuk", "tanda ribuan pada koordinat")
    undian.ambil().rusak("lintang", "-12,5", "lintang", "di_luar_indonesia", "titik di luar Indonesia")
    undian.ambil().rusak("lintang", "7°32'10\"S", "lintang", "derajat_menit", "derajat, menit dan detik")
    row = undian.ambil()
    row.rusak("lintang", "9176543,2", "lintang", "meter", "meter di tempat derajat")
    row.rusak("bujur", "432100,5", "bujur", "bentuk", "meter di tempat derajat")
    row = undian.ambil()
    row.sel["lintang"] = "0"
    row.rusak("bujur", "0", "bujur", "nol", "titik nol")
    row = undian.ambil(lambda s: "BANYUMAS" in str(s["kabupaten"]).upper())
    row.sel["lintang"], row.sel["bujur"] = dunia.peta.titik(acak, "33.19")
    row.tandai("lintang", "titik", "di_luar_wilayah", "titik di kabupaten lain")
    for point, words in (((-6.2, 110.4), "titik di laut"), ((-2.976074, 104.775431), "titik di provinsi lain")):
        row = undian.ambil()
        row.sel["lintang"], row.sel["bujur"] = point
        row.tandai("lintang", "titik", "di_luar_wilayah", words)
    undian.ambil().rusak("jumlah_korban", 999, "kaidah", "jumlah_korban", "jumlah tidak sama dengan isinya")
    undian.ambil().kosongkan("tanggal")
    undian.kembar("nomor")
    undian.bentrok("nomor", "keterangan", "isi yang lain")
    tajuk = {
        "nomor": "No Kejadian",
        "tanggal": "Tgl",
        "jenis": "Jenis Bencana",
        "kabupaten": "Kab/Kota",
        "kecamatan": "Kec",
        "desa": "Desa/Kel",
        "korban_luka": "Luka",
        "korban_meninggal": "MD",
        "jumlah_korban": "Total Korban",
        "kerugian": "Kerugian (juta)",
        "lintang": "LS",
        "bujur": "BT",
        "keterangan": "Ket.",
    }
    kirim.csv("kejadian 2024.csv", tajuk, rows, pemisah=";", enkode="cp1252", ujung="\r\n")


def _jalan(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dpubmck.kondisi_jalan"), dunia.kiriman("dpubmck", "kondisi_jalan")
    rows = []
    for number in range(130):
        kab = acak.choice(dunia.wilayah.kabupaten)
        good, fair, bad = (acak.randint(0, 80) / 10 for _ in range(3))
        length = round(good + fair + bad, 1) or 1.0
        rows.append(
            Baris(
                {
                    "nomor_ruas": f"{number // 3 + 1:03}.{number % 3 + 1}K",
                    "nama_ruas": f"Ruas Contoh {number + 1}",
                    "kabupaten": kab.nama,
                    "panjang": ragam.desimal(length, 1),
                    "baik": good,
                    "sedang": fair,
                    "rusak": bad if good + fair + bad else 1.0,
                    "mantap": f"{ragam.desimal(100 * (good + fair) / length, 1)}%",
                }
            )
        )
    undian = Undian(acak, rows)
    undian.ambil().rusak("mantap", "119,5%", "persen", "rentang", "persen lebih dari 100")
    undian.ambil().rusak("mantap", "-3", "persen", "rentang", "persen kurang dari 0")
    undian.ambil().rusak("panjang", "999,9", "kaidah", "panjang_ruas", "jumlah tidak sama dengan isinya")
    undian.ambil().rusak("panjang", "12,5 km", "desimal", "bentuk", "satuan dalam sel angka")
    undian.ambil().rusak("kabupaten", "Semarang", "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    undian.ambil().kosongkan("nomor_ruas")
    undian.kembar("nomor_ruas")
    kirim.xlsx(
        "Kondisi Jalan Provinsi Smt II 2024.xlsx",
        [
            [
                "No Ruas",
                "Nama Ruas",
                "Kab/Kota",
                "Panjang (km)",
                "Kondisi (km)",
                "Kondisi (km)",
                "Kondisi (km)",
                "Mantap",
            ],
            ["", "", "", "", "Baik", "Sedang", "Rusak", ""],
        ],
        ["nomor_ruas", "nama_ruas", "kabupaten", "panjang", "baik", "sedang", "rusak", "mantap"],
        rows,
        lembar="Semester II",
        judul=["KONDISI RUAS JALAN PROVINSI"],
        petunjuk=["Panjang dalam kilometer."],
    )


def _jembatan(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dpubmck.jembatan"), dunia.kiriman("dpubmck", "jembatan")
    rows = [
        Baris(
            {
                "nomor_jembatan": f"{n:03}-A",
                "nama_jembatan": f"Jembatan Contoh {n}",
                "panjang": ragam.desimal(acak.uniform(6, 140), 1),
                "tahun_dibangun": acak.randint(1972, 2023),
                "kode_kabupaten": acak.choice(dunia.wilayah.kabupaten).kode,
            }
        )
        for n in range(1, 61)
    ]
    undian = Undian(acak, rows)
    undian.ambil().rusak("kode_kabupaten", "33.1", "kode_wilayah", "bentuk", "kode menjadi angka desimal")
    undian.ambil().rusak("kode_kabupaten", "33.69", "kode_wilayah", "dikenal", "kode kabupaten tidak dikenal")
    undian.ambil().rusak("tahun_dibangun", "sebelum 1945", "tahun", "bentuk", "bukan tahun")
    tajuk = {
        "nomor_jembatan": "No",
        "nama_jembatan": "Nama Jembatan",
        "panjang": "Panjang",
        "tahun_dibangun": "Tahun",
        "kode_kabupaten": "Kode Kab",
    }
    kirim.csv("jembatan_2023.csv", tajuk, rows)
    kirim.bita("jembatan_2024.xls", HTML)
    kirim.cacat("jembatan_2024.xls", "baca", "html", "halaman HTML bernama .xls")
