"""Why numbers are hidden, in counts: for the log of a release and for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.disclosure.arrays import Cells, Flags
from pipelines.disclosure.primary import WHY, Primary
from pipelines.disclosure.rates import beside_hidden
from pipelines.disclosure.stored import Stored
from pipelines.disclosure.system import System


@dataclass(frozen=True)
class Reason:
    """So many cells of one column are hidden for one reason (a word of the code list `REASONS`)."""

    table: str
    measure: str
    why: str
    cells: int


REASONS = {
    "jumlah_kecil": "jumlah orang di bawah ambang",
    "didominasi": "nilai hampir seluruhnya berasal dari satu penyumbang",
    "satu_kelompok_penuh": "seluruh anggota kelompok berada dalam satu kategori",
    "pelengkap": "agar nilai lain yang disembunyikan tidak dapat dihitung kembali",
    "turunan": "dihitung dari nilai yang disembunyikan",
    "sudah_terbit": "perlu disembunyikan, tetapi sudah terbit dalam rilis sebelumnya",
    "tidak_terlindungi": "masih dapat dihitung kembali dari yang sudah terbit",
}

# These count what could not be hidden any more.
TOLD = ("sudah_terbit", "tidak_terlindungi")


def of_cells(
    system: System, stored: Sequence[Stored], editions: int, protected: Primary, told: Flags, rated: Cells,
    lost: Cells,
) -> list[Reason]:  # fmt: skip
    """How many cells for which reason; a primary one counts as that, whatever else it is.

    The last `editions` of the tables are earlier ones: of these only `lost` cells count. `told` are the primary cells
    that are public already, `rated` rates of hidden ones.
    """
    end = stored[len(stored) - editions - 1].end if len(stored) > editions else 0
    hidden = np.flatnonzero(system.hidden[:end])
    late = protected.cell[told & (protected.cell < end)]
    small = ~told & (protected.cell < end)
    words = sorted(REASONS)
    number = {word: i for i, word in enumerate(words)}
    why = np.full(hidden.size, number["pelengkap"])
    why[np.isin(hidden, rated)] = number["turunan"]
    why[np.searchsorted(hidden, protected.cell[small])] = np.array([number[w] for w in WHY])[protected.why[small]]
    cells = np.concatenate([hidden, late, lost])
    why = np.r_[why, np.full(late.size, number["sudah_terbit"]), np.full(lost.size, number["tidak_terlindungi"])]
    of = np.searchsorted([one.base for one in stored], cells, side="right") - 1
    width = np.array([one.width for one in stored], dtype=np.int64)[of]
    position = (cells - np.array([one.base for one in stored], dtype=np.int64)[of]) % width
    widest = max((one.width for one in stored), default=0)
    key, count = np.unique((of * widest + position) * len(words) + why, return_counts=True)
    found = zip(*np.unravel_index(key, (len(stored), widest, len(words))), count, strict=True)
    return [Reason(stored[i].table.name, stored[i].additive[p], words[w], int(n)) for i, p, w, n in found]


def of_derived(now: Sequence[Stored], hidden: Flags) -> list[Reason]:
    """How many declared rates are hidden with a number of their row."""
    return [
        Reason(one.table.name, name, "turunan", count)
        for one in now
        if one.table.protected
        for name, count in beside_hidden(one, hidden)
    ]
