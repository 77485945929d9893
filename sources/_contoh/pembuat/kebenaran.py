"""The truth behind the exports: who each record is about, and what the warehouse can know from those it accepts."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from pembuat.baris import Baris, Benar
from pembuat.orang import Orang


class Kebenaran:
    """Accepted records by dataset. A record with a critical fault is not in the warehouse, so it is not here."""

    def __init__(self) -> None:
        self._baris: defaultdict[tuple[str, str], list[Benar]] = defaultdict(list)

    def catat(self, produsen: str, dataset: str, baris: Baris) -> None:
        """Note a record that was written, if it says who it is about and will be accepted."""
        if baris.benar and baris.diterima:
            self._baris[produsen, dataset].append(baris.benar)

    def semua(self, produsen: str, dataset: str) -> list[Benar]:
        """The accepted records of a dataset."""
        return self._baris[produsen, dataset]

    def terdaftar(self, orang: Orang) -> bool:
        """Whether a person is in the register, once that is written."""
        return any(b.orang["penduduk"] == orang.nomor for b in self.semua("dukcapil", "penduduk"))

    def tulis(self, path: Path) -> None:
        """Write who each record is about: produsen, dataset, peran, kunci, orang."""
        rows = [
            (*dataset, role, one.kunci, person)
            for dataset, records in self._baris.items()
            for one in records
            for role, person in one.orang.items()
        ]
        tulis_csv(path, ("produsen", "dataset", "peran", "kunci", "orang"), sorted(rows))


def tulis_csv(path: Path, tajuk: Sequence[str], baris: Iterable[Sequence[object]]) -> None:
    """Write a table beside the exports."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([tajuk, *baris])
