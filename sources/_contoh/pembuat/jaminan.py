"""BPJS Kesehatan: members of the health insurance, and the clinics and hospitals it works with."""

from __future__ import annotations

import random

from pembuat import ragam
from pembuat.baris import Baris, Benar, Sel, Undian
from pembuat.dunia import KABUPATEN, Dunia, Faskes
from pembuat.orang import Keluarga, Orang, alamat
from pembuat.tulisan import Tulisan, tulis

SEGMEN_LAIN = ("PPU", "PBPU", "BP")
# Members whose contribution the state pays though their family is not poor; inactive ones do not count.
PBI_KELIRU, PBI_NONAKTIF = 7, 4
TANPA_KERJA_SAMA = 5
CARA = {
    "singkat": 2,
    "sulit": 5,
    "nik_hilang": 6,
    "ny_suami": 5,
    "pindah": 6,
    "hari_bulan": 4,
    "nik_salah": 4,
    "ejaan_lama": 4,
    "gelar": 3,
    "nik_orang_tua": 2,
}


def buat(dunia: Dunia) -> None:
    """Write the exports."""
    _peserta(dunia)
    _faskes(dunia)


def _peserta(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("bpjs.peserta"), dunia.kiriman("bpjs", "peserta")
    poor = {b.fakta["keluarga"] for b in dunia.kebenaran.semua("dinsos", "dtks") if b.fakta["desil"] < 5}
    members = tulis(dunia, acak, _anggota(dunia, acak, poor), CARA)
    paying = [t.orang.nomor for t in members if t.keluarga.no_kk not in poor and not t.sulit]
    wrong = acak.sample([p for p in paying if p not in dunia.riwayat.wafat], PBI_KELIRU + PBI_NONAKTIF)
    rows = []
    for number, one in enumerate(members):
        person = one.orang.nomor
        aided = one.keluarga.no_kk in poor and not one.sulit and acak.random() < 0.8
        segment = "PBI" if aided else acak.choice(SEGMEN_LAIN)
        active = person not in dunia.riwayat.wafat and acak.random() < 0.9
        if person in wrong:
            segment, active = "PBI", person in wrong[:PBI_KELIRU]
        row = _baris(acak, number, one, segment, active)
        row.dijaga = person in wrong
        rows.append(row)
    undian = Undian(acak, rows)
    undian.ambil().rusak("no_peserta", "1.23E+09", "no_bpjs", "rusak_excel", "angka panjang dirusak Excel")
    undian.ambil().rusak("segmen", "MANDIRI", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("aktif", "Menunggak", "ya_tidak", "dikenal", "bukan ya atau tidak")
    undian.ambil().rusak("tanggal_lahir", "30/02/1988", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().kosongkan("no_peserta")
    undian.kembar("no_peserta")
    tajuk = {
        "no_peserta": "NOKA",
        "nik": "NIK",
        "no_kk": "NO_KK",
        "nama": "NAMA",
        "jenis_kelamin": "JENKEL",
        "tanggal_lahir": "TGL_LAHIR",
        "nama_ibu": "NAMA_IBU",
        "alamat": "ALAMAT",
        "kode_desa": "KODE_DESA",
        "segmen": "SEGMEN",
        "aktif": "AKTIF",
    }
    kirim.csv("master_peserta_2024.csv", tajuk, rows, pemisah="|")


def _anggota(dunia: Dunia, acak: random.Random, miskin: set[str]) -> list[tuple[Orang, Keluarga]]:
    """Parents and their children up to 18 of most families; grown-up children are not insured with them.

    Of families whose register was refused only the heads that the social office knows as poor: of nobody else is
    the family known.
    """
    listed = {b.orang["penduduk"] for b in dunia.kebenaran.semua("dukcapil", "penduduk")}
    dead = dunia.riwayat.wafat
    found = []
    for k in dunia.semua_keluarga():
        if acak.random() < 0.3:
            continue
        members = [o for o in k.anggota if o.nomor in listed and (o.hubungan != "ANAK" or o.lahir.year > 2005)]
        if k.kabupaten == KABUPATEN[2]:
            members = [k.anggota[0]] if k.no_kk in miskin and k.anggota[0].nomor not in dead else []
        found += [(o, k) for o in members]
    return found


def _baris(acak: random.Random, nomor: int, peserta: Tulisan, segmen: str, aktif: bool) -> Baris:
    card = f"000{10_000_000 + 77 * nomor}{nomor % 9 + 1}{nomor % 7 + 1}"
    moved = peserta.desa != peserta.keluarga.desa
    cells: dict[str, Sel] = {
        "no_peserta": acak.choice((card, f"'{card}")),
        "nik": peserta.nik or None,
        "no_kk": peserta.no_kk,
        "nama": peserta.nama.upper(),
        "jenis_kelamin": ragam.jenis_kelamin(acak, peserta.orang.jk),
        "tanggal_lahir": ragam.tanggal(acak, peserta.lahir),
        "nama_ibu": peserta.ibu or None,
        "alamat": alamat(acak) if moved else peserta.keluarga.alamat,
        "kode_desa": peserta.desa.kode,
        "segmen": segmen,
        "aktif": acak.choice(("Ya", "Y", "1")) if aktif else acak.choice(("Tidak", "T", "0")),
    }
    facts = {"keluarga": peserta.keluarga.no_kk, "pbi": segmen == "PBI" and aktif}
    return Baris(cells, Benar(card, {"penduduk": peserta.orang.nomor}, facts))


def _faskes(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("bpjs.faskes"), dunia.kiriman("bpjs", "faskes")
    good = [f for f in dunia.faskes if f.kode not in dunia.faskes_ragu]
    without = set(acak.sample([f.kode for f in good], TANPA_KERJA_SAMA))
    rows = [_baris_faskes(dunia, acak, n, f) for n, f in enumerate(good) if f.kode not in without]
    undian = Undian(acak, rows)
    undian.ambil().rusak("jenis", "Toko obat", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("lintang", "7 LS", "lintang", "bentuk", "bukan koordinat")
    undian.ambil().kosongkan("nama")
    kolom = ["kode", "nama", "jenis", "kabupaten", "kecamatan", "lintang", "bujur"]
    kirim.xlsx("Faskes Kerja Sama.xlsx", [[k.upper() for k in kolom]], kolom, rows)


def _baris_faskes(dunia: Dunia, acak: random.Random, nomor: int, faskes: Faskes) -> Baris:
    hospital = faskes.nama.startswith("RSU")
    cells: dict[str, Sel] = {
        "kode": f"01{nomor + 1:03}U{acak.randint(10, 99)}",
        "nama": _nama(acak, faskes.nama),
        "jenis": "Rumah sakit" if hospital else "Puskesmas",
        "kabupaten": ragam.kabupaten(acak, dunia.wilayah.nama[faskes.kecamatan.kode[:5]]),
        "kecamatan": faskes.kecamatan.nama,
        # Measured again: some fifty metres off, still in the same desa.
        "lintang": round(faskes.lintang + acak.uniform(-0.0005, 0.0005), 6),
        "bujur": round(faskes.bujur + acak.uniform(-0.0005, 0.0005), 6),
    }
    return Baris(cells, Benar(str(cells["kode"]), {}, {"faskes": faskes.kode}))


def _nama(acak: random.Random, nama: str) -> str:
    """The same name as this office spells it."""
    first, rest = nama.split(" ", 1)
    if first == "RSU":
        return acak.choice((nama, f"RS Umum {rest.title()}", f"Rumah Sakit Umum {rest.title()}"))
    place, roman = rest.rsplit(" ", 1)
    return acak.choice(
        (nama, f"PKM {place} {len(roman)}", f"UPTD Puskesmas {place.title()} {roman}", f"Puskesmas {rest}")
    )
