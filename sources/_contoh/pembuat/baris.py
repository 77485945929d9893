"""Records, the faults planted in them, and the draw that gives each fault a record of its own."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

Sel = str | int | float | date | None
# Faults that a standard only warns of: the record is accepted all the same. So are those of a `kaidah`.
RINGAN = {
    ("alamat", "karakter_rusak"),
    ("bilangan", "negatif"),
    ("bujur", "di_luar_indonesia"),
    ("bujur", "nol"),
    ("kode_faskes", "daftar_lain"),
    ("kode_skpd", "lengkap"),
    ("kode_wilayah", "beda"),
    ("kode_wilayah", "dikenal"),
    ("lintang", "di_luar_indonesia"),
    ("nama_orang", "berangka"),
    ("nama_wilayah", "dikenal_induknya"),
    ("nama_wilayah", "mirip"),
    ("nik", "provinsi"),
    ("nip", "bulan_pengangkatan"),
    ("nip", "nomor_urut"),
    ("nisn", "tahun_lahir"),
    ("no_bpjs", "bentuk"),
    ("npsn", "susunan"),
    ("persen", "rentang"),
    ("surel", "bentuk"),
    ("tanggal", "rentang"),
    ("teks", "karakter_rusak"),
    ("telepon", "bentuk"),
    ("telepon", "nol_hilang"),
    ("titik", "di_luar_wilayah"),
    ("titik", "tanpa_wilayah"),
}


@dataclass(frozen=True)
class Cacat:
    """A fault: the column it stands in, the standard and rule that must find it, its kind in words."""

    kolom: str
    standar: str
    aturan: str
    jenis: str


@dataclass(frozen=True)
class Benar:
    """The truth of a record: its key as the contract normalises it, the person in each role, the facts that count."""

    kunci: str
    orang: dict[str, str]
    fakta: dict[str, Any] = field(default_factory=dict)


@dataclass
class Baris:
    """One record: cells by the contract's column names, and the faults planted in it.

    `benar` is its truth, where it is about persons or institutions that others know too; a record that is
    `dijaga` is never drawn for a fault.
    """

    sel: dict[str, Sel]
    benar: Benar | None = None
    dijaga: bool = False
    cacat: list[Cacat] = field(default_factory=list)

    @property
    def diterima(self) -> bool:
        """Whether none of its faults is critical."""
        return all(c.standar == "kaidah" or (c.standar, c.aturan) in RINGAN for c in self.cacat)

    def rusak(self, kolom: str, isi: Sel, standar: str, aturan: str, jenis: str) -> None:
        """Put a bad value into a cell."""
        self.sel[kolom] = isi
        self.tandai(kolom, standar, aturan, jenis)

    def rusak_kunci(self, kolom: str, isi: str, standar: str, aturan: str, jenis: str) -> None:
        """Put a key that is odd but accepted: the record is known by it."""
        self.rusak(kolom, isi, standar, aturan, jenis)
        self.benar = replace(self.benar, kunci=isi) if self.benar else None

    def tandai(self, kolom: str, standar: str, aturan: str, jenis: str) -> None:
        """Say that a cell is at fault."""
        self.cacat.append(Cacat(kolom, standar, aturan, jenis))

    def kosongkan(self, kolom: str) -> None:
        """Empty a required cell."""
        self.rusak(kolom, None, "wajib", "wajib", "sel wajib kosong")


class Undian:
    """Draws records that no fault or oddity has touched yet."""

    def __init__(self, acak: random.Random, baris: list[Baris]) -> None:
        self.baris = baris
        self._sisa = acak.sample(baris, len(baris))

    def ambil(self, syarat: Callable[[dict[str, Sel]], bool] = lambda _: True) -> Baris:
        """Return the next untouched record that meets a condition."""
        found = next(i for i, b in enumerate(self._sisa) if not (b.cacat or b.dijaga) and syarat(b.sel))
        return self._sisa.pop(found)

    def kembar(self, kunci: str) -> None:
        """Repeat a record word for word at the end; the later one is at fault."""
        twin = copy.deepcopy(self.ambil())
        twin.tandai(kunci, "kunci", "baris_kembar", "baris kembar")
        self.baris.append(twin)

    def bentrok(self, kunci: str, kolom: str, isi: Sel) -> None:
        """Repeat a key with other content at the end; both are at fault."""
        first = self.ambil()
        second = copy.deepcopy(first)
        second.sel[kolom] = isi
        for one in (first, second):
            one.tandai(kunci, "kunci", "kunci_ganda", "kunci sama, isi berbeda")
        self.baris.append(second)
