"""How many cases each mart across agencies must have, counted from the truth of the accepted records."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from pembuat.kebenaran import Kebenaran, tulis_csv

# The exports are of this year.
TAHUN = 2024
USIA_SEKOLAH = range(7, 19)


def hitung(benar: Kebenaran) -> dict[str, int]:
    """Cases by mart."""
    register = {b.orang["penduduk"]: b.fakta for b in benar.semua("dukcapil", "penduduk")}
    births = {b.orang["anak"] for b in benar.semua("dinkes", "kelahiran")}
    acts = benar.semua("dukcapil", "akta")
    certified = {b.orang["penduduk"] for b in acts if b.fakta["jenis"] == "kelahiran"}
    died = {b.orang["penduduk"]: b.fakta["tanggal"] for b in acts if b.fakta["jenis"] == "kematian"}
    aid = [b for b in benar.semua("dinsos", "bantuan") if b.fakta["diterima"]]
    paid = Counter((b.orang["penduduk"], b.fakta["jenis"]) for b in aid)
    poor = {b.fakta["keluarga"] for b in benar.semua("dinsos", "dtks") if b.fakta["desil"] < 5}
    contracted = {b.fakta["faskes"] for b in benar.semua("bpjs", "faskes")}
    return {
        "mart_akta_tanpa_lahir": len(certified - births),
        "mart_bantuan_ganda": sum(n > 1 for n in paid.values()),
        "mart_bantuan_meninggal": sum(b.fakta["tanggal"] > died[p] for b in aid if (p := b.orang["penduduk"]) in died),
        "mart_faskes_tanpa_jkn": sum(b.fakta["faskes"] not in contracted for b in benar.semua("dinkes", "faskes")),
        "mart_lahir_tanpa_akta": len(births - certified),
        "mart_miskin_tanpa_bantuan": _miskin_tanpa_bantuan(benar, poor, {p for p, _ in paid}),
        "mart_pbi_tidak_miskin": sum(
            b.fakta["pbi"] and b.fakta["keluarga"] not in poor for b in benar.semua("bpjs", "peserta")
        ),
        "mart_siswa_tak_terdaftar": sum(b.orang["penduduk"] not in register for b in benar.semua("disdik", "siswa")),
    }


def _miskin_tanpa_bantuan(benar: Kebenaran, miskin: set[str], dibantu: set[str]) -> int:
    """Poor families with a child of school age and no member that got aid.

    Of whom a family consists is known from the register, and of heads and those aided also from their lists.
    """
    members: defaultdict[str, set[str]] = defaultdict(set)
    with_pupil = set()
    for b in benar.semua("dukcapil", "penduduk"):
        members[b.fakta["keluarga"]].add(b.orang["penduduk"])
        if TAHUN - b.fakta["lahir"].year in USIA_SEKOLAH:
            with_pupil.add(b.fakta["keluarga"])
    for dataset in (("dukcapil", "keluarga"), ("dinsos", "dtks"), ("dinsos", "bantuan")):
        for b in benar.semua(*dataset):
            members[b.fakta["keluarga"]] |= set(b.orang.values())
    return sum(not members[k] & dibantu for k in miskin & with_pupil)


def tulis(path: Path, benar: Kebenaran) -> None:
    """Write how many cases each mart must have: mart, jumlah."""
    tulis_csv(path, ("mart", "jumlah"), sorted(hitung(benar).items()))
