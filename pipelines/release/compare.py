"""Two editions of a table, row by row, in DuckDB: by primary key where both have the same one, else as multisets.

Whatever the tables hold, rows before + added - removed = rows now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column
from pipelines.contract.protection import HIDDEN
from pipelines.sql import ident, literal

_THERE = '"(ada)"'  # no column is called so: names of columns are identifiers
_BOTH = f"o.{_THERE} AND n.{_THERE}"


@dataclass(frozen=True)
class Counts:
    """What became of the rows. `columns`: changed cells by column; `hidden`, `opened`: cells by measure.

    Without a key (`keyed` false) no row counts as changed, and only the net number of hidden cells is known.
    """

    added: int = 0
    removed: int = 0
    changed: int = 0
    keyed: bool = True
    columns: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, int] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)


class Pair:
    """The Parquet files of one dataset before and now; either may be missing, but not both."""

    def __init__(self, con: duckdb.DuckDBPyConnection, old: Edition | None, new: Edition | None) -> None:
        one = new or old
        assert one is not None
        self.con = con
        self.old = old.relation if old else f"(SELECT * FROM {one.relation} LIMIT 0)"
        self.new = new.relation if new else f"(SELECT * FROM {one.relation} LIMIT 0)"
        before, now = _types(con, self.old), _types(con, self.new)
        self.only_old = [name for name in before if name not in now]
        self.only_new = [name for name in now if name not in before]
        self.shared = {name: _common(before[name], now[name]) for name in now if name in before}
        same = {e.dataset.primary_key for e in (old, new) if e}
        key = one.dataset.primary_key if len(same) == 1 else ()
        self.key = key if set(key) <= self.shared.keys() else ()
        self.status = {
            status: measure for status, measure in statuses(one.dataset.columns).items() if status in self.shared
        }

    def counts(self) -> Counts:
        """Everything that can be said in numbers; by key in one pass over both, unless the key does not hold."""
        return (self._by_key() if self.key else None) or self._as_multisets()

    def _by_key(self) -> Counts | None:
        """None where the key does not tell every row from every other."""
        values = [name for name in self.shared if name not in self.key]
        wanted = [f"{_BOTH}", f"o.{_THERE} IS NULL", f"n.{_THERE} IS NULL", self._changed()]
        wanted += [f"{_BOTH} AND {_differs(name)}" for name in values]
        for one, other in (("o", "n"), ("n", "o")):  # shown in one, hidden in the other
            wanted += [f"{_BOTH} AND NOT {_hidden(one, s)} AND {_hidden(other, s)}" for s in self.status]
        found = self._one(f"SELECT {', '.join(f'count(*) FILTER ({sql})' for sql in wanted)} FROM {self._joined()}")
        matched, added, removed, changed, *cells = found
        if not self._adds_up(matched, added, removed):
            return None
        numbers = iter(cells)
        columns = {name: n for name in values if (n := next(numbers)) and name not in self.status}
        hidden = {measure: n for measure in self.status.values() if (n := next(numbers))}
        opened = {measure: n for measure in self.status.values() if (n := next(numbers))}
        return Counts(added, removed, changed, True, columns, hidden, opened)

    def _as_multisets(self) -> Counts:
        added, removed = self._one(
            f"SELECT coalesce(sum(greatest(baru - lama, 0)), 0), coalesce(sum(greatest(lama - baru, 0)), 0) "
            f"FROM {self._multiset()}"
        )
        net = {measure: self._net(status) for status, measure in self.status.items()}
        hidden, opened = ({m: sign * n for m, n in net.items() if sign * n > 0} for sign in (1, -1))
        return Counts(added, removed, keyed=False, hidden=hidden, opened=opened)

    def rows(self, limit: int) -> tuple[list[str], list[list[str]]]:
        """Header and at most so many rows that differ: `baru`, `dihapus`, or `berubah` with both values of a cell."""
        if self.key and self._sound():
            names = [*self.shared, *self.only_new, *self.only_old]
            kind = f"CASE WHEN o.{_THERE} IS NULL THEN 'baru' WHEN n.{_THERE} IS NULL THEN 'dihapus' ELSE 'berubah' END"
            cells = ", ".join([self._cell(name) for name in names])
            order = ", ".join(f"coalesce(n.{ident(k)}, o.{ident(k)})" for k in self.key)
            differing = f"o.{_THERE} IS NULL OR n.{_THERE} IS NULL OR {self._changed()}"
            sql = f"SELECT {kind}, {cells} FROM {self._joined()} WHERE {differing} ORDER BY {order} LIMIT {int(limit)}"
        else:
            names = list(self.shared)
            cells = ", ".join(f"CAST({ident(name)} AS VARCHAR) AS {ident(name)}" for name in names)
            kind = "CASE WHEN baru > lama THEN 'baru' ELSE 'dihapus' END AS \"(perubahan)\""
            copies = f"SELECT {kind}, {cells}, unnest(range(abs(baru - lama))) FROM {self._multiset()}"
            columns = ", ".join(['"(perubahan)"', *map(ident, names)])
            sql = f"SELECT {columns} FROM ({copies}) ORDER BY ALL LIMIT {int(limit)}"
        found = self.con.execute(sql).fetchall()
        return ["perubahan", *names], [["" if cell is None else str(cell) for cell in row] for row in found]

    def _adds_up(self, matched: int, added: int, removed: int) -> bool:
        """False where rows with one key met each other several times in the join."""
        old, new = (self._one(f"SELECT count(*) FROM {side}")[0] for side in (self.old, self.new))
        return (matched + removed, matched + added) == (old, new)

    def _sound(self) -> bool:
        wanted = (_BOTH, f"o.{_THERE} IS NULL", f"n.{_THERE} IS NULL")
        counted = ", ".join(f"count(*) FILTER ({sql})" for sql in wanted)
        return self._adds_up(*self._one(f"SELECT {counted} FROM {self._joined()}"))

    def _joined(self) -> str:
        on = " AND ".join(f"o.{ident(k)} IS NOT DISTINCT FROM n.{ident(k)}" for k in self.key)
        return f"{self._side(self.old, self.only_old)} o FULL JOIN {self._side(self.new, self.only_new)} n ON {on}"

    def _side(self, relation: str, own: Sequence[str] = ()) -> str:
        cells = [f"CAST({ident(name)} AS {kind}) AS {ident(name)}" for name, kind in self.shared.items()]
        return f"(SELECT {', '.join([*cells, *map(ident, own)])}, true AS {_THERE} FROM {relation})"

    def _multiset(self) -> str:
        counted = f"count(*) FILTER (NOT {_THERE}) AS lama, count(*) FILTER ({_THERE}) AS baru"
        old = self._side(self.old)
        both = f"SELECT * REPLACE (false AS {_THERE}) FROM {old} UNION ALL SELECT * FROM {self._side(self.new)}"
        names = ", ".join(map(ident, self.shared))
        grouped = f" GROUP BY {names}" if names else ""
        shown = f"{names}, " if names else ""
        return f"(SELECT {shown}{counted} FROM ({both}){grouped} HAVING lama <> baru)"

    def _changed(self) -> str:
        differing = [_differs(name) for name in self.shared if name not in self.key]
        return f"({_BOTH} AND ({' OR '.join(differing) or 'false'}))"

    def _cell(self, name: str) -> str:
        """A cell for people: what was hidden or empty before or now is said."""
        if name not in self.shared:
            return f"CAST({'n' if name in self.only_new else 'o'}.{ident(name)} AS VARCHAR)"
        state = next((s for s, measure in self.status.items() if measure == name), None)
        old, new = (_shown(side, name, state) for side in ("o", "n"))
        return (
            f"CASE WHEN {_BOTH} AND {_differs(name)} THEN {old} || ' -> ' || {new} "
            f"ELSE CAST(coalesce(n.{ident(name)}, o.{ident(name)}) AS VARCHAR) END"
        )

    def _net(self, status: str) -> int:
        count = f"SELECT count(*) FILTER ({ident(status)} = {literal(HIDDEN)}) FROM "
        return self._one(count + self.new)[0] - self._one(count + self.old)[0]

    def _one(self, sql: str) -> tuple[int, ...]:
        row = self.con.execute(sql).fetchone()
        assert row is not None
        return tuple(map(int, row))


@dataclass(frozen=True)
class Edition:
    """A dataset in one release, with its Parquet file as SQL."""

    dataset: Dataset
    relation: str

    @classmethod
    def of(cls, folder: Path, dataset: Dataset) -> Edition | None:
        """The dataset in a folder of a release; None where it has no Parquet file."""
        path = next((r.path for r in dataset.resources if r.name == f"{dataset.slug}-parquet"), None)
        return cls(dataset, f"read_parquet({literal(str(folder / path))})") if path else None


def statuses(columns: Sequence[Column]) -> dict[str, str]:
    """The measure that each status column tells of: by its name, or the only one there is."""
    measures = [c.name for c in columns if c.peran == "ukuran"]
    found = {}
    for column in columns:
        if column.peran == "status":
            named = [m for m in measures if column.name.endswith(f"_{m}")]
            found[column.name] = max(named, key=len) if named else measures[0] if len(measures) == 1 else column.name
    return found


def _types(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}


def _common(one: str, other: str) -> str:
    """The type in which two are compared."""
    if one == other:
        return one
    number = ("INT", "DOUBLE", "FLOAT", "DECIMAL")
    return "DOUBLE" if all(any(word in kind for word in number) for kind in (one, other)) else "VARCHAR"


def _differs(name: str) -> str:
    return f"o.{ident(name)} IS DISTINCT FROM n.{ident(name)}"


def _hidden(side: str, status: str) -> str:
    return f"({side}.{ident(status)} IS NOT DISTINCT FROM {literal(HIDDEN)})"


def _shown(side: str, name: str, state: str | None) -> str:
    value = f"coalesce(CAST({side}.{ident(name)} AS VARCHAR), '(kosong)')"
    return f"CASE WHEN {_hidden(side, state)} THEN '({HIDDEN})' ELSE {value} END" if state else value
