"""Invented editions of kode wilayah: places that live, move, split, merge and swap land, and facts in each edition."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise

EDITIONS = {"2018": "2015-10-12", "2019": "2019-10-08", "2022": "2022-02-09", "2025": "2025-04-25"}
NAMES = list(EDITIONS)
LEVELS = {2: "provinsi", 5: "kabupaten_kota", 8: "kecamatan", 13: "desa_kelurahan"}
Change = tuple[str | None, str | None, str, float | None]


@dataclass
class History:
    """`alive[edition]` are the codes of an edition; `changes[edition]` led to it from the one before."""

    alive: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in EDITIONS})
    changes: dict[str, list[Change]] = field(default_factory=lambda: {name: [] for name in EDITIONS})
    area: dict[str, float] = field(default_factory=dict)

    def wilayah(self) -> list[dict[str, object]]:
        rows = []
        for code in sorted(set().union(*self.alive.values())):
            had = [i for i, name in enumerate(NAMES) if code in self.alive[name]]
            assert had == list(range(had[0], had[-1] + 1)), code
            end = EDITIONS[NAMES[had[-1] + 1]] if had[-1] + 1 < len(NAMES) else None
            rows.append(
                {
                    "kode": code,
                    "tingkat": LEVELS[len(code)],
                    "nama": code,
                    "kode_induk": code.rpartition(".")[0] or None,
                    "berlaku_mulai": EDITIONS[NAMES[had[0]]] if had[0] else "1900-01-01",
                    "berlaku_sampai": end,
                    "luas_km2": self.area.get(code),
                }
            )
        return rows

    def perubahan(self) -> list[dict[str, object]]:
        return [
            {
                "lama": old, "baru": new, "jenis": kind, "bobot": weight, "edisi_lama": before, "edisi_baru": after,
                "tanggal": EDITIONS[after],
            }
            for before, after in pairwise(NAMES)
            for old, new, kind, weight in self.changes[after]
        ]  # fmt: skip

    def add(self, *codes: str, since: str = "2018") -> None:
        for name in NAMES[NAMES.index(since) :]:
            self.alive[name].update(codes)

    def change(self, edition: str, *changes: Change) -> None:
        """Codes that give everything away end, codes that receive begin."""
        self.changes[edition] += changes
        given = {old for old, *_ in changes if old}
        kept = {new for _, new, *_ in changes if new}
        for name in NAMES[NAMES.index(edition) :]:
            self.alive[name] = (self.alive[name] - given) | kept


def boyolali() -> History:
    """A kecamatan splits and its desa get new codes, land moves, two desa merge, one is founded, one is given up."""
    h = History()
    h.add("33", "33.09", "33.09.01", "33.09.02", *(f"33.09.01.200{n}" for n in range(1, 5)))
    h.add("33.09.02.2001", "33.09.02.2002")
    h.area = {"33.09.20.2001": 3.0, "33.09.20.2002": 1.0}
    h.change(
        "2019",
        ("33.09.01", "33.09.01", "sebagian", 0.6),
        ("33.09.01", "33.09.20", "sebagian", 0.4),
        ("33.09.01.2003", "33.09.20.2001", "pindah", 1.0),
        ("33.09.01.2004", "33.09.20.2002", "pindah", 1.0),
    )
    h.change(
        "2022",
        ("33.09.02", "33.09.02", "sebagian", 0.5),
        ("33.09.02", "33.09.01", "sebagian", 0.5),
        ("33.09.02.2002", "33.09.01.2005", "pindah", 1.0),
        ("33.09.20.2001", "33.09.20.2003", "gabung", 1.0),
        ("33.09.20.2002", "33.09.20.2003", "gabung", 1.0),
    )
    h.change("2025", (None, "33.09.20.2009", "baru", None), ("33.09.01.2001", None, "hapus", None))
    return h


def random_kabupaten(h: History, kabupaten: str, dice: random.Random) -> None:
    """Three kecamatan in which every edition a few desa go through every kind of change."""
    numbers = {f"{kabupaten}.{k:02}": 2001 for k in (1, 2, 3)}

    def fresh() -> str:
        kecamatan = dice.choice(list(numbers))
        numbers[kecamatan] += 1
        return f"{kecamatan}.{numbers[kecamatan]}"

    h.add(kabupaten, *numbers, *(fresh() for _ in range(12)))
    for edition in NAMES[1:]:
        desa = sorted(c for c in h.alive[edition] if c.startswith(f"{kabupaten}.") and len(c) == 13)
        dice.shuffle(desa)
        a, b, c, d, e, f, g = desa[:7]
        share = dice.choice([0.1, 0.25, 1 / 3, 0.9])
        h.area |= {code: dice.uniform(0.5, 9) for code in desa if dice.random() < 0.7}
        parts = [fresh(), fresh(), dice.choice([c, fresh()])]
        h.change(
            edition,
            (a, fresh(), "pindah", 1.0),
            *((c, part, "pecah", 1 / 3) for part in parts),
            *((lost, d, "gabung", 1.0) for lost in (d, b)),
            (e, e, "sebagian", 1 - share),
            (e, f, "sebagian", share),
            (g, None, "hapus", None),
            (None, fresh(), "baru", None),
        )
