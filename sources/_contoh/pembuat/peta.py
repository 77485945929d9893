"""Schematic borders of the sample's kabupaten: an invented tessellation, one cell a desa, no real border.

The cells of a jittered lattice are given to the desa along a Hilbert curve, so that the desa of one
kecamatan lie together, neighbours share their vertices exactly, and nothing overlaps.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

from pembuat.acuan import Tempat, Wilayah
from pembuat.landing import DIBUAT

KETERANGAN = "skematis, bukan batas resmi"
# Where each kabupaten's lattice is centred (latitude, longitude) and how wide a cell is, in degrees.
LETAK = {"33.02": (-7.45, 109.2, 0.018), "33.19": (-6.8, 110.85, 0.016), "33.72": (-7.56, 110.82, 0.009)}
# Areas that belong to no desa; each takes a cell in the midst of its kabupaten.
BUKAN_DESA = {"33.02": "Waduk Contoh", "33.19": "Hutan Contoh"}
ACUAN = f"""# {KETERANGAN}
batas:
  - berkas: batas/contoh.geojson
    sistem: kemendagri
    tingkat: desa_kelurahan
    kolom:
      kode: kode
      nama: {{desa_kelurahan: nama, kecamatan: kecamatan, kabupaten_kota: kabupaten}}
"""
Titik = tuple[float, float]


class Peta:
    """Where the desa of the sample lie."""

    def __init__(self, acak: random.Random, wilayah: Wilayah) -> None:
        self._wilayah = wilayah
        self.pusat: dict[str, Titik] = {}
        self._lebar: dict[str, float] = {}
        self._fitur: list[dict[str, object]] = []
        for kabupaten in LETAK:
            self._kabupaten(acak, kabupaten)

    def titik(self, acak: random.Random, kode: str) -> Titik:
        """Latitude and longitude (six decimals) inside a desa, or inside any desa of a kecamatan or kabupaten."""
        desa = acak.choice([k for k in self.pusat if f"{k}.".startswith(f"{kode}.")])
        (lintang, bujur), reach = self.pusat[desa], self._lebar[desa] / 4
        return round(lintang + acak.uniform(-reach, reach), 6), round(bujur + acak.uniform(-reach, reach), 6)

    def tulis(self, folder: Path) -> None:
        """Write the reference folder: the polygons, and what they are."""
        document = {"type": "FeatureCollection", "keterangan": KETERANGAN, "features": self._fitur}
        for name, text in (
            ("batas/contoh.geojson", json.dumps(document, ensure_ascii=False, separators=(",", ":"))),
            ("referensi.yml", ACUAN),
        ):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n" * (not text.endswith("\n")), encoding="utf-8")
            os.utime(path, (DIBUAT.timestamp(), DIBUAT.timestamp()))

    def _kabupaten(self, acak: random.Random, kode: str) -> None:
        desa: list[Tempat | None] = list(self._wilayah.semua_desa(kode))
        if kode in BUKAN_DESA:
            desa.insert(len(desa) // 2, None)
        side = 1
        while side * side < len(desa):
            side *= 2
        lintang, bujur, lebar = LETAK[kode]
        south, west = lintang - side * lebar / 2, bujur - side * lebar / 2
        # Two nodes a cell, so that borders bend between corners too. No node moves more than 0.15
        # of a cell: the middle half of every cell is surely its own.
        node = {
            (x, y): (
                round(west + (x / 2 + acak.uniform(-0.15, 0.15)) * lebar, 6),
                round(south + (y / 2 + acak.uniform(-0.15, 0.15)) * lebar, 6),
            )
            for y in range(2 * side + 1)
            for x in range(2 * side + 1)
        }
        for tempat, (x, y) in zip(desa, _hilbert(side), strict=False):
            ring = [node[2 * x + dx, 2 * y + dy] for dx, dy in _KELILING]
            self._fitur.append(self._satu(kode, tempat, ring))
            if tempat:
                self.pusat[tempat.kode] = (south + (y + 0.5) * lebar, west + (x + 0.5) * lebar)
                self._lebar[tempat.kode] = lebar

    def _satu(self, kabupaten: str, tempat: Tempat | None, ring: list[Titik]) -> dict[str, object]:
        nama = self._wilayah.nama
        sifat = {
            "kode": tempat.kode if tempat else None,
            "nama": tempat.nama if tempat else BUKAN_DESA[kabupaten],
            "kecamatan": nama[tempat.kode[:8]] if tempat else None,
            "kabupaten": nama[kabupaten],
            "keterangan": KETERANGAN,
        }
        return {"type": "Feature", "properties": sifat, "geometry": {"type": "Polygon", "coordinates": [ring]}}


# Around one cell in half cells, counter-clockwise, closed.
_KELILING = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1), (0, 0))


def _hilbert(side: int) -> Iterator[tuple[int, int]]:
    """Cells of a square (its side a power of two) in the order of a Hilbert curve: each touches the next."""
    for step in range(side * side):
        x = y = 0
        rest, size = step, 1
        while size < side:
            right, up = 1 & (rest // 2), 1 & (rest ^ (rest // 2))
            if not up:
                if right:
                    x, y = size - 1 - x, size - 1 - y
                x, y = y, x
            x, y = x + size * right, y + size * up
            rest, size = rest // 4, size * 2
        yield x, y
