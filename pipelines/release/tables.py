"""Whether the tables of one dataset hold what its descriptor promises; set-based, in bounded memory.

The CSV is read with the types of the Parquet file, and both are compared as multisets of rows, texts as the CSV
spells them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column, Resource, Table
from pipelines.release.problem import Problem
from pipelines.spreadsheet import spelled_cells
from pipelines.sql import ident, literal, spelled

_LONGEST_ROW = 8 << 20
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_SQL_TYPES = {
    "string": ("VARCHAR",),
    "integer": _INTEGERS[::-1],
    "number": ("DOUBLE", "FLOAT", "DECIMAL", *_INTEGERS),
    "boolean": ("BOOLEAN",),
    "date": ("DATE",),
    "datetime": ("TIMESTAMP",),
    "time": ("TIME",),
    "year": ("BIGINT", *_INTEGERS),
}
_FIX = "build the release anew"


@dataclass(frozen=True)
class _Cells:
    """A relation that has the rows of a CSV, and its columns as the CSV spells them (name -> SQL)."""

    source: str
    columns: Mapping[str, str]

    def listed(self, names: Iterable[str]) -> str:
        return ", ".join(self.columns[name] for name in names)


def tables(con: duckdb.DuckDBPyConnection, folder: Path, dataset: Dataset) -> Iterator[Problem]:
    """Every promise of a dataset's descriptor about its tables that does not hold."""
    readable: dict[str, _Cells] = {}
    for resource in dataset.resources:
        if resource.table is None or resource.format != "csv":
            continue
        found = list(_head(folder / resource.path, _names(resource.table)))
        cells = _Cells("", {})
        if not found:
            cells, found = _checked(con, folder, dataset, resource)
        yield from (Problem(f"{dataset.slug}/{resource.path}", f"{text}; {_FIX}") for text in found)
        if not found:
            readable[resource.name] = cells
    for resource in dataset.resources:
        if resource.table and resource.name in readable:
            for text in _references(con, resource, readable):
                yield Problem(f"{dataset.slug}/{resource.path}", f"{text}; {_FIX}")


def _checked(
    con: duckdb.DuckDBPyConnection, folder: Path, dataset: Dataset, resource: Resource
) -> tuple[_Cells, list[str]]:
    """The cells of a CSV, and what is wrong with it."""
    table, path = resource.table, folder / resource.path
    assert table is not None
    first = dataset.csv is not None and resource.name == dataset.csv.name
    twin = next((r for r in dataset.resources if first and r.name == f"{dataset.slug}-parquet"), None)
    types = {c.name: _SQL_TYPES.get(c.type, ("VARCHAR",))[0] for c in table.columns}
    try:
        if twin is None:
            stated = dataset.satudata.baris if first else None
            wrong = list(_alone(con, table, _csv(path, types), types, stated))
            return _Cells(_csv(path, dict.fromkeys(types, "VARCHAR")), {n: ident(n) for n in types}), wrong
        parquet = _parquet(folder / twin.path)
        types = {name: kind for name, kind, *_ in con.execute(f"DESCRIBE FROM {parquet}").fetchall()}
        cells = spelled_cells(types)
        wrong = list(_differing(table, types))
        return _Cells(parquet, cells), wrong or list(_twins(con, dataset, table, path, parquet, types, cells))
    except duckdb.Error:
        # Its message quotes lines of the file.
        return _Cells("", {}), list(_unreadable(con, path, types))


def _head(path: Path, columns: list[str]) -> Iterator[str]:
    with path.open("rb") as stream:
        line = stream.readline(_LONGEST_ROW)
    try:
        found = next(csv.reader([line.decode().removesuffix("\n")]), [])
    except ValueError:
        found = []
    if found != columns or not line.endswith(b"\n") or line.endswith(b"\r\n"):
        yield "the header is not the columns of the descriptor in UTF-8, ended by one line feed"


def _differing(table: Table, types: dict[str, str]) -> Iterator[str]:
    if list(types) != _names(table):
        yield "the Parquet file has other columns than the descriptor"
        return
    for column in table.columns:
        kind = types[column.name]
        if column.type in _SQL_TYPES and kind.split("(")[0] not in _SQL_TYPES[column.type]:
            yield f"column {column.name} is {column.type} in the descriptor and {kind} in the Parquet file"


def _alone(
    con: duckdb.DuckDBPyConnection, table: Table, source: str, types: dict[str, str], stated: int | None
) -> Iterator[str]:
    """Rows and promises of a CSV that no Parquet file repeats."""
    cells = {name: spelled(ident(name), kind) for name, kind in types.items()}
    rows, _, *found = _one(con, f"SELECT {_asked(table, types, cells)} FROM {source}")
    if stated not in (None, rows):
        yield f"it has {rows} rows, the descriptor says {stated}"
    yield from _broken(con, table, types, source, found)


def _twins(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, table: Table, csv_: Path, parquet: str, types: dict[str, str],
    cells: dict[str, str],
) -> Iterator[str]:  # fmt: skip
    """Whether a CSV holds the rows of the Parquet file, and these keep the promises: one pass over each.

    As text: to read back a wide decimal takes DuckDB ten times as long as all else.
    """
    texts = _csv(csv_, dict.fromkeys(types, "VARCHAR"))
    rows, content = _one(con, f"SELECT {_content(map(ident, types))} FROM {texts}")
    twin, same, *found = _one(con, f"SELECT {_asked(table, types, cells)} FROM {parquet}")
    if dataset.satudata.baris != rows:
        yield f"it has {rows} rows, the descriptor says {dataset.satudata.baris}"
    if twin != rows:
        yield f"it has {rows} rows, the Parquet file {twin}"
    elif same != content:
        yield from list(_misfits(con, csv_, types)) or ["its rows are not those of the Parquet file"]
    yield from _broken(con, table, types, parquet, found)


def _content(cells: Iterable[str]) -> str:
    """SQL of the number of rows, and of one that they all decide, whatever their order."""
    return f"count(*), coalesce(sum(CAST(hash({', '.join(cells)}) AS HUGEINT)), 0)"


def _asked(table: Table, types: dict[str, str], cells: dict[str, str]) -> str:
    """SQL of the content; of the rows that break each promise; of the keys and the empty ones among them.

    `cells` is each column as text, as the CSV spells it.
    """
    broken = [
        f"count(*) FILTER ({sql})"
        for column in table.columns
        for _, sql in _promises(column, types[column.name], cells[column.name])
    ]
    keys = [
        # Different hashes prove different keys, with a fraction of the memory; only a doubt is looked at closely.
        f"count(DISTINCT hash({', '.join(map(ident, names))})), count(*) FILTER ({_empty(names)})"
        for _, names in _unique(table)
    ]
    return ", ".join([_content(cells.values()), *broken, *keys, "count(*)"])


def _broken(
    con: duckdb.DuckDBPyConnection, table: Table, types: dict[str, str], source: str, found: list[int]
) -> Iterator[str]:
    """Promises that do not hold, from what `_asked` has counted."""
    *counts, rows = found
    for column in table.columns:
        for text, _ in _promises(column, types[column.name], ""):
            if count := counts.pop(0):
                yield f"{text} does not hold for {count} rows"
    for word, names in _unique(table):
        distinct, blank = counts.pop(0), counts.pop(0)
        filled = word == "primaryKey"
        if rows == distinct and not (filled and blank):
            continue
        keys = ", ".join(map(ident, names))
        whole = f"SELECT 1 FROM {source} WHERE NOT ({_empty(names)}) GROUP BY {keys} HAVING count(*) > 1"
        if twice := _one(con, f"SELECT count(*) FROM ({whole})")[0] + (blank if filled else 0):
            yield f"{word} ({', '.join(names)}) does not hold: {twice} keys occur more than once or are empty"


def _unique(table: Table) -> list[tuple[str, tuple[str, ...]]]:
    """What tells rows apart: the word of the schema, and its columns."""
    key = [("primaryKey", table.primary_key)] if table.primary_key else []
    return key + [("unique", (c.name,)) for c in table.columns if c.constraints.unique]


def _empty(names: tuple[str, ...]) -> str:
    return " OR ".join(f"{ident(n)} IS NULL" for n in names)


def _promises(column: Column, kind: str, cell: str) -> Iterator[tuple[str, str]]:
    """Each constraint of a column, in words and as SQL that is true where it is broken; `cell` is its text."""
    name, rule = ident(column.name), column.constraints
    if rule.required:
        yield f"column {column.name}: required", f"{name} IS NULL"
    if rule.pattern:
        yield f"column {column.name}: its pattern", f"NOT regexp_full_match({cell}, {literal(rule.pattern)})"
    if rule.enum:
        values = ", ".join(f"CAST({literal(_spelled(value))} AS {kind})" for value in rule.enum)
        yield f"column {column.name}: its enum", f"{cell if kind == 'VARCHAR' else name} NOT IN ({values})"
    for word, bound, sign in (("minimum", rule.minimum, "<"), ("maximum", rule.maximum, ">")):
        if bound is not None:
            yield f"column {column.name}: its {word}", f"{name} {sign} CAST({literal(_spelled(bound))} AS {kind})"


def _references(con: duckdb.DuckDBPyConnection, resource: Resource, readable: dict[str, _Cells]) -> Iterator[str]:
    """Values without their line in the code list; both are compared as they stand in the CSV."""
    assert resource.table is not None
    for key in resource.table.foreign_keys:
        target = key.reference.resource or resource.name
        if target not in readable:
            yield f"the table {target}, where {', '.join(key.fields)} leads to, cannot be used"
            continue
        own, other = readable[resource.name], readable[target]
        filled = " AND ".join(f"{ident(n)} IS NOT NULL" for n in key.fields)
        used = f"SELECT DISTINCT {own.listed(key.fields)} FROM {own.source} WHERE {filled}"
        known = f"SELECT {other.listed(key.reference.fields)} FROM {other.source}"
        lost = _one(con, f"SELECT count(*) FROM ({used} EXCEPT {known})")[0]
        if lost:
            yield f"{lost} different values of {', '.join(key.fields)} do not stand in {target}"


def _unreadable(con: duckdb.DuckDBPyConnection, path: Path, types: dict[str, str]) -> Iterator[str]:
    found: list[str] = []
    with suppress(duckdb.Error):
        found = list(_misfits(con, path, types))
    yield from found or ["it cannot be read as a table with the columns and constraints of the descriptor"]


def _misfits(con: duckdb.DuckDBPyConnection, path: Path, types: dict[str, str]) -> Iterator[str]:
    """Columns that hold what their type has no room for."""
    wrong = [
        f"count(*) FILTER ({ident(n)} IS NOT NULL AND TRY_CAST({ident(n)} AS {t}) IS NULL)" for n, t in types.items()
    ]
    counts = _one(con, f"SELECT {', '.join(wrong)} FROM {_csv(path, dict.fromkeys(types, 'VARCHAR'))}")
    for (name, kind), count in zip(types.items(), counts, strict=True):
        if count:
            yield f"column {name} has {count} values that are no {kind}"


def _csv(path: Path, types: dict[str, str]) -> str:
    columns = ", ".join(f"{literal(n)}: {literal(t)}" for n, t in types.items())
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"dateformat = '%Y-%m-%d', max_line_size = {_LONGEST_ROW}, columns = {{{columns}}})"
    )


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return tuple(row)
