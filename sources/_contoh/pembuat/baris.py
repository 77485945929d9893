"""Records, the faults planted in them, and the draw that gives each fault a record of its own."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

Sel = str | int | float | date | None


@dataclass(frozen=True)
class Cacat:
    """A fault: the column it stands in, the standard and rule that must find it, its kind in words."""

    kolom: str
    standar: str
    aturan: str
    jenis: str


@dataclass
class Baris:
    """One record: cells by the contract's column names, and the faults planted in it."""

    sel: dict[str, Sel]
    cacat: list[Cacat] = field(default_factory=list)

    def rusak(self, kolom: str, isi: Sel, standar: str, aturan: str, jenis: str) -> None:
        """Put a bad value into a cell."""
        self.sel[kolom] = isi
        self.tandai(kolom, standar, aturan, jenis)

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
        found = next(i for i, b in enumerate(self._sisa) if not b.cacat and syarat(b.sel))
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
