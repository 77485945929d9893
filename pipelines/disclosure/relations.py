"""What adds up to what: over places, over a category, between tables, in a row. The attacker's knowledge.

An equation is total = sum of parts. Which really hold is for the one who has the numbers to see; here is only said
which cells an attacker would add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np
import numpy.typing as npt

from pipelines.disclosure.links import link
from pipelines.disclosure.members import MEMBERS, create, group, insert
from pipelines.disclosure.sums import row_sums
from pipelines.disclosure.table import Stored
from pipelines.sql import ident

Cells = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """Members of equations, those of one equation together: `sign` is +1 for the total, -1 for a part."""

    equation: npt.NDArray[np.uint64]
    cell: Cells
    sign: npt.NDArray[np.int8]


@dataclass(frozen=True)
class RowSum:
    """One column is the sum of others, in every row of a table."""

    stored: Stored
    number: int
    total: int
    parts: tuple[int, ...]

    def around(self, cells: Cells) -> Iterator[Entries]:
        """The equations in which the cells (ascending) stand."""
        base, width = self.stored.base, self.stored.width
        first, last = np.searchsorted(cells, (base, base + self.stored.rows * width))
        mine = cells[first:last] - base
        columns = np.array([self.total, *self.parts])
        rows = np.unique(mine[np.isin(mine % width, columns)] // width)
        if rows.size:
            signs = np.array([1, *[-1] * len(self.parts)], dtype=np.int8)
            # No hash of a group is likely to be one of these numbers.
            equation = np.repeat(rows.astype(np.uint64) + np.uint64(self.number << 40), columns.size)
            yield Entries(equation, (base + rows[:, None] * width + columns).ravel(), np.tile(signs, rows.size))


@dataclass(frozen=True)
class Relations:
    """All that is added up in and between some tables."""

    rows: tuple[RowSum, ...]
    widest: int

    def around(self, con: duckdb.DuckDBPyConnection, cells: Cells) -> Iterator[Entries]:
        """The equations in which the cells (ascending) stand; each once, though another call may give it again."""
        for one in self.rows:
            yield from one.around(cells)
        con.register("sdc_baru", {"cell": cells})
        try:
            for k in range(self.widest):
                found = con.execute(
                    f"SELECT hash(g, {k}) AS e, sel + {k} AS c, tanda FROM {MEMBERS} WHERE {k} < n AND g IN (SELECT g "
                    f"FROM {MEMBERS} WHERE {k} < n AND sel IN (SELECT cell - {k} FROM sdc_baru)) ORDER BY ALL"
                ).fetchnumpy()
                if len(found["e"]):
                    yield Entries(found["e"], found["c"], found["tanda"])
        finally:
            con.unregister("sdc_baru")


def find(con: duckdb.DuckDBPyConnection, stored: Sequence[Stored], versions: int = 0) -> Relations:
    """All relations in and between tables; the last `versions` tables are earlier editions of others by name."""
    create(con)
    rows = [
        RowSum(one, number * 1000 + n, total, parts)
        for number, one in enumerate(stored)
        for n, (total, parts) in enumerate(row_sums(con, one))
    ]
    for number, one in enumerate(stored):
        _over_places(con, one, f"tempat {number}")
        for dim in one.totals:
            _over_category(con, one, dim, f"kategori {number} {dim}")
    current = stored[: len(stored) - versions]
    names = [{m.same for m in one.table.measures.values() if m.same} for one in current]
    pairs = [(a, b, False) for a, x in zip(current, names, strict=True) for b, y in zip(current, names, strict=True)
             if a is not b and x & y]  # fmt: skip
    pairs += [(a, b, True) for b in stored[len(current) :] for a in current if a.table.name == b.table.name]
    for number, (fine, coarse, version) in enumerate(pairs):
        link(con, fine, coarse, version, f"antar {number}")
    return Relations(tuple(rows), max((one.width for one in stored), default=0))


def _over_places(con: duckdb.DuckDBPyConnection, one: Stored, name: str) -> None:
    """A place and the places of the next level that the table has."""
    if one.table.place is None or len(one.levels) < 2:
        return
    place, rest = ident(one.table.place), [ident(d) for d in one.table.categories]
    steps = " ".join(f"WHEN {fine} THEN left({place}, {up})" for up, fine in pairwise(one.levels))
    part = group(name, f"CASE length({place}) {steps} END", rest)
    total = group(name, f"CASE WHEN length({place}) < {one.levels[-1]} THEN {place} END", rest)
    insert(con, MEMBERS, (one, part, 0), (one, total, 0), one.width, False)


def _over_category(con: duckdb.DuckDBPyConnection, one: Stored, dim: str, name: str) -> None:
    """All values of a category and the rows about all of them together."""
    rest = [ident(d) for d in one.table.dims if d != dim]
    part = group(name, f"CASE WHEN NOT {one.totals[dim]} THEN 1 END", rest)
    total = group(name, f"CASE WHEN {one.totals[dim]} THEN 1 END", rest)
    insert(con, MEMBERS, (one, part, 0), (one, total, 0), one.width, True)
