"""Spellings that mean the same: none of them is a fault."""

from __future__ import annotations

import random
from datetime import date

from pembuat.baris import Baris

BULAN = (
    "Januari",
    "Pebruari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "Nopember",
    "Desember",
)
NBSP = "\u00a0"


def kode(acak: random.Random, angka: str) -> str:
    """A long number as people protect it from spreadsheets."""
    styles = (
        angka,
        angka,
        angka,
        f"'{angka}",
        f"{angka[:6]}.{angka[6:12]}.{angka[12:]}",
        f"{NBSP}{angka}",
        f"{angka[:4]} {angka[4:8]} {angka[8:]}",
    )
    return acak.choice(styles)


def tanggal(acak: random.Random, hari: date) -> str:
    """A day in one of the ways that occur."""
    named = f"{hari.day} {BULAN[hari.month - 1]} {hari.year}"
    return acak.choice((f"{hari:%d/%m/%Y}", f"{hari:%d/%m/%Y}", f"{hari:%d-%m-%Y}", hari.isoformat(), named))


def kabupaten(acak: random.Random, nama: str) -> str:
    """A kabupaten or kota by its official name, its kind always said."""
    jenis, _, bare = nama.partition(" ")
    short = "Kab." if jenis == "Kabupaten" else "Kota"
    return acak.choice((nama, nama.upper(), f"{short} {bare}", f"{short.upper()}  {bare.upper()}"))


def salah_ketik(nama: str) -> str:
    """A name with one letter left out, as a hurried hand writes it."""
    return nama[:3] + nama[4:]


def ejaan_lama(nama: str) -> str:
    """A name as it was spelt before 1947: its first u as oe."""
    return nama.replace("u", "oe", 1)


def jenis_kelamin(acak: random.Random, jk: str) -> str:
    """Sex in one of the ways that occur."""
    return acak.choice(("L", "Laki-laki", "LK", "Pria") if jk == "L" else ("P", "Perempuan", "PR", "Wanita"))


def rupiah(acak: random.Random, nilai: int) -> str:
    """Whole rupiah with Indonesian marks."""
    dotted = f"{nilai:,}".replace(",", ".")
    return acak.choice((str(nilai), dotted, f"Rp {dotted}", f"Rp{dotted},-", f"Rp. {dotted},00"))


def desimal(nilai: float, angka: int = 2) -> str:
    """A number with a decimal comma and dots between thousands."""
    return f"{nilai:,.{angka}f}".translate(str.maketrans(",.", ".,"))


def rapi(baris: list[Baris], kolom: str) -> list[Baris]:
    """Records in the order of a column, as a register would print them."""
    return sorted(baris, key=lambda b: str(b.sel[kolom]))
