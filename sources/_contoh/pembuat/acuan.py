"""Real places of Jawa Tengah, from the reference file that lies beside the sample."""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

BERKAS = Path(__file__).resolve().parents[2] / "referensi" / "wilayah" / "2025.csv.gz"
PROVINSI = "33"


@dataclass(frozen=True)
class Tempat:
    """A place: dotted Kemendagri code and official name."""

    kode: str
    nama: str


class Wilayah:
    """Places of the province by their parent; only names that are unique within it are given out."""

    def __init__(self) -> None:
        with gzip.open(BERKAS, "rt", encoding="utf-8", newline="") as stream:
            rows = [Tempat(r["kode"], r["nama"]) for r in csv.DictReader(stream) if r["kode"][:2] == PROVINSI]
        self._anak: dict[str, list[Tempat]] = {}
        for tempat in rows:
            self._anak.setdefault(tempat.kode.rpartition(".")[0], []).append(tempat)
        self.nama = {t.kode: t.nama for t in rows}
        self.kabupaten = self._anak[PROVINSI]

    def anak(self, kode: str) -> list[Tempat]:
        """Places directly below a code, without those that share their name there."""
        seen = Counter(t.nama.casefold().replace(" ", "") for t in self._anak[kode])
        return [t for t in self._anak[kode] if seen[t.nama.casefold().replace(" ", "")] == 1]

    def desa(self, acak: random.Random, kabupaten: str) -> Tempat:
        """Any desa or kelurahan of a kabupaten or kota."""
        return acak.choice(self.anak(acak.choice(self.anak(kabupaten)).kode))

    def semua_desa(self, kabupaten: str) -> list[Tempat]:
        """Every desa and kelurahan of a kabupaten or kota by code, also those that share a name."""
        return [desa for kecamatan in self._anak[kabupaten] for desa in self._anak[kecamatan.kode]]
