"""Why numbers are hidden, in counts: for the log of a release and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipelines.disclosure.output import HIDDEN, status_column
from pipelines.disclosure.primary import Primary
from pipelines.disclosure.relations import Cells
from pipelines.disclosure.system import Flags, System
from pipelines.disclosure.table import Stored
from pipelines.sql import ident, literal


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
    "rilis_sebelumnya": "sudah disembunyikan dalam rilis sebelumnya dan tidak berubah",
    "turunan": "dihitung dari nilai yang disembunyikan",
    "sudah_terbit": "perlu disembunyikan, tetapi sudah terbit dalam rilis sebelumnya",
    "tidak_terlindungi": "masih dapat dihitung kembali dari yang sudah terbit",
}


def of_cells(
    system: System, stored: Sequence[Stored], editions: int, protected: Primary, told: Flags, kept: Cells, rated: Cells,
    lost: Cells,
) -> list[Reason]:  # fmt: skip
    """How many cells for which reason; a primary one counts as that, whatever else it is.

    The last `editions` of the tables are earlier ones: of these only `lost` cells count. `told` are the primary cells
    that are public already, `kept` those that were hidden before, `rated` rates of hidden ones.
    """
    now = stored[: len(stored) - editions]
    end = sum(one.rows * one.width for one in now)
    hidden = np.flatnonzero(system.hidden[:end])
    late = protected.cell[told & (protected.cell < end)]
    small = ~told & (protected.cell < end)
    words = np.full(hidden.size, "pelengkap", dtype=object)
    words[np.isin(hidden, rated)] = "turunan"
    words[np.isin(hidden, kept)] = "rilis_sebelumnya"
    words[np.searchsorted(hidden, protected.cell[small])] = np.array(protected.why, dtype=object)[small]
    cells = np.concatenate([hidden, late, lost])
    words = np.concatenate([words, np.full(late.size, "sudah_terbit"), np.full(lost.size, "tidak_terlindungi")])
    of = np.searchsorted([one.base for one in stored], cells, side="right") - 1
    found: list[Reason] = []
    for i in np.unique(of):
        one, mine = stored[i], of == i
        position = (cells[mine] - one.base) % one.width
        for p, name in enumerate(one.additive):
            counted = Counter(words[mine][position == p].tolist())
            found += [Reason(one.table.name, name, why, n) for why, n in sorted(counted.items())]
    return found


def of_derived(con: duckdb.DuckDBPyConnection, now: Sequence[Stored], rows: Mapping[str, str]) -> list[Reason]:
    """How many declared rates are hidden with a number of their row."""
    found: list[Reason] = []
    for one in now:
        for name in one.table.measures:
            if one.table.protected and name not in one.additive:
                status = ident(status_column(one.table, name))
                sql = f"SELECT count(*) FROM {rows[one.table.name]} WHERE {status} = {literal(HIDDEN)}"
                if count := int(con.execute(sql).fetchall()[0][0]):
                    found.append(Reason(one.table.name, name, "turunan", count))
    return found
