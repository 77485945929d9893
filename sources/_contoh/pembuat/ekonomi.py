"""Disperindag and DPMPTSP: prices, markets, permits, investment."""

from __future__ import annotations

from datetime import date, timedelta

from pembuat import ragam
from pembuat.baris import Baris, Undian
from pembuat.dunia import Dunia
from pembuat.orang import alamat

HARGA = {
    "Beras medium": 12_500,
    "Minyak goreng": 16_000,
    "Cabai merah": 38_000,
    "Telur ayam": 27_500,
    "Gula pasir": 17_000,
    "Daging sapi": 135_000,
}
PASAR = (
    ("33.02", "Pasar Wage"),
    ("33.19", "Pasar Bitingan"),
    ("33.72", "Pasar Gede"),
    ("33.74", "Pasar Johar"),
)
HARI = 21
IZIN = ("IUMK", "SIUP", "PBG")


def buat(dunia: Dunia) -> None:
    """Write the exports."""
    _harga(dunia)
    _izin(dunia)
    _investasi(dunia)


def _harga(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("disperindag.harga_pasar"), dunia.kiriman("disperindag", "harga_pasar")
    days = [f"{date(2024, 3, 1) + timedelta(days=d):%d/%m/%Y}" for d in range(HARI)]
    rows = []
    for kab, market in PASAR:
        for good, price in HARGA.items():
            sel = {"kabupaten": dunia.wilayah.nama[kab], "pasar": market, "komoditas": good}
            for day in days:
                today = price + acak.randint(-8, 8) * 250
                sel[day] = acak.choice(
                    (f"{today:,}".replace(",", "."), str(today), "-" if acak.random() < 0.1 else str(today))
                )
            rows.append(Baris(dict(sel)))
    undian = Undian(acak, rows)
    # One bad cell is one bad long row; the other days of its row are good.
    for cell, kind in (
        ("12.75O", "huruf O di tempat angka nol"),
        ("12.500/kg", "satuan dalam sel angka"),
        ("naik", "bukan nilai rupiah"),
        ("12.34.5", "tanda ribuan yang salah"),
    ):
        row = undian.ambil()
        row.sel[acak.choice(days)] = cell
        row.tandai("harga", "rupiah", "bentuk", kind)
    rows.append(Baris({"kabupaten": "Sumber: pemantauan harian petugas pasar"}))
    kirim.xlsx(
        "harga_maret_2024.xlsx",
        [["Kabupaten/Kota", "Pasar", "Komoditas", *days]],
        ["kabupaten", "pasar", "komoditas", *days],
        rows,
        judul=["HARGA ECERAN BAHAN POKOK (Rp)", "MARET 2024"],
    )


def npwp(nomor: int) -> str:
    """An invented taxpayer number of a company, with a right check digit (Luhn over nine digits)."""
    digits = f"09{nomor:06}"
    total = 0
    for position, digit in enumerate(map(int, digits)):
        double = digit * 2 if position % 2 else digit
        total += double - 9 if double > 9 else double
    nine = f"{digits}{-total % 10}"
    return f"{nine[:2]}.{nine[2:5]}.{nine[5:8]}.{nine[8]}-521.000"


def _izin(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dpmptsp.izin"), dunia.kiriman("dpmptsp", "izin")
    rows = []
    for number in range(260):
        kab = acak.choice(dunia.wilayah.kabupaten).nama
        tax = npwp(100_000 + 71 * number)
        rows.append(
            Baris(
                {
                    "nib": acak.choice(
                        (
                            f"0220{number:04}{acak.randint(10000, 99999)}",
                            f"9120{number:04}{acak.randint(10000, 99999)}",
                        )
                    ),
                    "npwp": acak.choice(
                        (
                            tax,
                            tax.replace(".", "").replace("-", ""),
                            f"0{tax}".replace(".", "").replace("-", ""),
                        )
                    ),
                    "nama_usaha": f'CV "Usaha Contoh" {number + 1}',
                    "alamat": f"{alamat(acak)}\nRT {acak.randint(1, 9)}",
                    "jenis_izin": acak.choice(IZIN),
                    "tanggal_terbit": ragam.tanggal(acak, date(2024, 1, 2) + timedelta(days=number)),
                    "nilai_investasi": acak.choice(
                        (ragam.rupiah(acak, 5_000_000 * acak.randint(1, 400)), "1,5 miliar", "750 jt")
                    ),
                    "tenaga_kerja": acak.randint(1, 90),
                    "kabupaten": ragam.kabupaten(acak, kab),
                    "telepon": acak.choice(("0812", "+62 813", "62857")) + f"{acak.randint(10_000_000, 99_999_999)}",
                    "surel": f"usaha{number + 1}@contoh.co.id",
                }
            )
        )
    undian = Undian(acak, rows)
    row = undian.ambil(lambda s: str(s["nib"]).startswith("0"))
    row.rusak("nib", str(row.sel["nib"])[1:], "nib", "bentuk", "nol di depan hilang")
    undian.ambil().rusak("nib", "9.12E+12", "nib", "rusak_excel", "angka panjang dirusak Excel")
    undian.ambil().rusak("nib", "0" * 13, "nib", "pengganti", "NIB pengganti")
    undian.ambil().rusak("npwp", "1.3E+14", "npwp", "rusak_excel", "angka panjang dirusak Excel")
    row = undian.ambil(lambda s: "." in str(s["npwp"]))
    row.rusak(
        "npwp",
        str(row.sel["npwp"]).replace(".", "").replace("-", "")[1:],
        "npwp",
        "bentuk",
        "nol di depan hilang",
    )
    undian.ambil().rusak("npwp", "01.300.066.5-091.000", "npwp", "angka_uji", "angka uji NPWP salah")
    # No locale is declared for this column: 1.234 may be a thousand or a little more than one.
    undian.ambil().rusak("tenaga_kerja", "1.234", "bilangan", "bentuk", "angka bermakna ganda")
    undian.ambil().rusak("tenaga_kerja", "2,500", "bilangan", "bentuk", "angka bermakna ganda")
    undian.ambil().rusak("nilai_investasi", "Rp", "rupiah", "bentuk", "bukan nilai rupiah")
    undian.ambil().rusak("tanggal_terbit", "5-JAN-40", "tanggal", "bentuk", "abad tidak dapat dipastikan")
    undian.ambil().rusak("tanggal_terbit", "01/01/1020", "tanggal", "rentang", "tahun mustahil")
    undian.ambil().rusak("jenis_izin", "HO", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("kabupaten", "Magelang", "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    undian.ambil().rusak("surel", "usaha contoh.co.id", "surel", "bentuk", "bukan alamat surel")
    undian.ambil().rusak("telepon", "0281-123456/0281-123457", "telepon", "bentuk", "dua nomor dalam satu sel")
    undian.ambil().rusak("alamat", "Jl. CafÃ© no. 5", "alamat", "karakter_rusak", "enkode rusak")
    undian.ambil().kosongkan("nib")
    undian.kembar("nib")
    undian.bentrok("nib", "tenaga_kerja", 95)
    tajuk = {
        "nib": "NIB",
        "npwp": "NPWP",
        "nama_usaha": "Nama Usaha",
        "alamat": "Alamat",
        "jenis_izin": "Jenis Izin",
        "tanggal_terbit": "Tgl Terbit",
        "nilai_investasi": "Nilai Investasi",
        "tenaga_kerja": "TK",
        "kabupaten": "Kab/Kota",
        "telepon": "No HP",
        "surel": "Email",
    }
    kirim.csv("izin_terbit_2024.csv", tajuk, rows, enkode="utf-8-sig", ujung="\r\n")


def _investasi(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("dpmptsp.investasi"), dunia.kiriman("dpmptsp", "investasi")
    measures = ("proyek_pma", "nilai_pma", "proyek_pmdn", "nilai_pmdn")
    for quarter in (1, 2):
        rows = [
            Baris(
                {
                    "kabupaten": k.nama,
                    "proyek_pma": acak.randint(0, 20),
                    "nilai_pma": acak.randint(0, 900),
                    "proyek_pmdn": acak.randint(5, 300),
                    "nilai_pmdn": acak.randint(10, 2500),
                }
            )
            for k in dunia.wilayah.kabupaten
        ]
        total = Baris({"kabupaten": "Jumlah", **{m: sum(int(str(r.sel[m])) for r in rows) for m in measures}})
        if quarter == 2:
            wrong = int(str(total.sel["nilai_pma"])) + 100
            total.rusak("nilai_pma", wrong, "jumlah", "jumlah", "baris jumlah tidak sama dengan isinya")
        kirim.xlsx(
            f"investasi_2024_tw{quarter}.xlsx",
            [
                ["Kabupaten/Kota", "PMA", "PMA", "PMDN", "PMDN"],
                ["", "Proyek", "Nilai (Rp juta)", "Proyek", "Nilai (Rp juta)"],
            ],
            ["kabupaten", *measures],
            [*rows, total, Baris({"kabupaten": "Sumber: LKPM, diolah"})],
            lembar=f"TW {quarter}",
            judul=["REALISASI INVESTASI PMA DAN PMDN", f"TRIWULAN {quarter} TAHUN 2024", ""],
        )
