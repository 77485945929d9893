"""What all exports of one run share: the places, the people, the landing folder, the list of faults."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from pembuat.acuan import Tempat, Wilayah
from pembuat.kebenaran import Kebenaran
from pembuat.landing import Kiriman, Tertanam
from pembuat.orang import Keluarga, Orang, Penduduk
from pembuat.peta import Peta
from pembuat.riwayat import Riwayat

KABUPATEN = ("33.02", "33.19", "33.72")
KELUARGA = 55


@dataclass(frozen=True)
class Faskes:
    """A clinic or hospital as the health office knows it."""

    kode: str
    nama: str
    kecamatan: Tempat
    lintang: float
    bujur: float


class Dunia:
    """One invented province. Every dataset draws from its own random numbers, so that a change in one
    leaves the others as they are.
    """

    def __init__(self, landing: Path, benih: int) -> None:
        self._landing, self._benih = landing, benih
        self.tertanam: list[Tertanam] = []
        self.wilayah = Wilayah()
        self.peta = Peta(self.acak("peta"), self.wilayah)
        self.penduduk = Penduduk(self.acak("penduduk"), self.wilayah)
        self.keluarga: dict[str, list[Keluarga]] = {
            kode: [self.penduduk.keluarga(kode) for _ in range(KELUARGA)] for kode in KABUPATEN
        }
        self.riwayat = Riwayat(self.acak("riwayat"), self.penduduk, self.keluarga)
        self.kebenaran = Kebenaran()
        self.dataset: list[Kiriman] = []
        self.faskes: list[Faskes] = []
        self.faskes_ragu: set[str] = set()

    def acak(self, nama: str) -> random.Random:
        """Random numbers that depend on the seed and the name alone."""
        return random.Random(f"{self._benih}:{nama}")

    def kiriman(self, produsen: str, dataset: str) -> Kiriman:
        """The landing folder of a dataset."""
        one = Kiriman(self._landing, self.tertanam, self.kebenaran, produsen, dataset)
        self.dataset.append(one)
        return one

    @property
    def baris(self) -> int:
        """Records written so far."""
        return sum(one.baris for one in self.dataset)

    def semua_keluarga(self) -> list[Keluarga]:
        """Every family."""
        return [k for families in self.keluarga.values() for k in families]

    def semua_orang(self) -> list[tuple[Orang, Keluarga]]:
        """Everybody who has a NIK, with the family, also those who died in the year."""
        return [(o, k) for k in self.semua_keluarga() for o in k.anggota]
