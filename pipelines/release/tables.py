"""Whether the tables of one dataset hold what its descriptor promises; set-based, in bounded memory.

The CSV is read with the types of the Parquet file, and both are compared as multisets of rows, texts as the CSV
spells them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column, Resource, Table
from pipelines.release.problem import Problem
from pipelines.spreadsheet import escaped_sql
from pipelines.sql import ident, literal

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


def tables(con: duckdb.DuckDBPyConnection, folder: Path, dataset: Dataset) -> Iterator[Problem]:
    """Every promise of a dataset's descriptor about its tables that does not hold."""
    readable: dict[str, str] = {}
    for resource in dataset.resources:
        if resource.table is None or resource.format != "csv":
            continue
        found = list(_table(con, folder, dataset, resource))
        yield from (Problem(f"{dataset.slug}/{resource.path}", f"{text}; {_FIX}") for text in found)
        if not found:
            readable[resource.name] = _csv(folder / resource.path, dict.fromkeys(_names(resource.table), "VARCHAR"))
    for resource in dataset.resources:
        if resource.table and resource.name in readable:
            for text in _references(con, resource, readable):
                yield Problem(f"{dataset.slug}/{resource.path}", f"{text}; {_FIX}")


def _table(con: duckdb.DuckDBPyConnection, folder: Path, dataset: Dataset, resource: Resource) -> Iterator[str]:
    table, path = resource.table, folder / resource.path
    assert table is not None
    if fault := _head(path, _names(table)):
        yield fault
        return
    first = dataset.csv is not None and resource.name == dataset.csv.name
    parquet = next((r for r in dataset.resources if first and r.name == f"{dataset.slug}-parquet"), None)
    types = {c.name: _SQL_TYPES.get(c.type, ("VARCHAR",))[0] for c in table.columns}
    try:
        if parquet:
            columns = f"DESCRIBE FROM {_parquet(folder / parquet.path)}"
            types = {name: kind for name, kind, *_ in con.execute(columns).fetchall()}
            if wrong := list(_differing(table, types)):
                yield from wrong
                return
        yield from _rows(
            con, folder, table, _csv(path, types), types, parquet, dataset.satudata.baris if first else None
        )
    except duckdb.Error:
        # Its message quotes lines of the file.
        yield from _unreadable(con, path, types)


def _head(path: Path, columns: list[str]) -> str:
    with path.open("rb") as stream:
        line = stream.readline(_LONGEST_ROW)
    try:
        found = next(csv.reader([line.decode().removesuffix("\n")]), [])
    except ValueError:
        found = []
    if found == columns and line.endswith(b"\n") and not line.endswith(b"\r\n"):
        return ""
    return "the header is not the columns of the descriptor in UTF-8, ended by one line feed"


def _differing(table: Table, types: dict[str, str]) -> Iterator[str]:
    if list(types) != _names(table):
        yield "the Parquet file has other columns than the descriptor"
        return
    for column in table.columns:
        kind = types[column.name]
        if column.type in _SQL_TYPES and kind.split("(")[0] not in _SQL_TYPES[column.type]:
            yield f"column {column.name} is {column.type} in the descriptor and {kind} in the Parquet file"


def _rows(
    con: duckdb.DuckDBPyConnection, folder: Path, table: Table, source: str, types: dict[str, str],
    parquet: Resource | None, stated: int | None,
) -> Iterator[str]:  # fmt: skip
    """Counts, content and constraints, in one pass over the CSV and one over the Parquet file."""
    promises = [promise for column in table.columns for promise in _promises(column, types[column.name])]
    fingerprint = "coalesce(sum(CAST(hash({}) AS HUGEINT)), 0)"
    broken = "".join(f", count(*) FILTER ({sql})" for _, sql in promises)
    rows, content, *counts = _one(
        con, f"SELECT count(*), {fingerprint.format(', '.join(map(ident, types)))}{broken} FROM {source}"
    )
    for (text, _), count in zip(promises, counts, strict=True):
        if count:
            yield f"{text} does not hold for {count} rows"
    if stated not in (None, rows):
        yield f"it has {rows} rows, the descriptor says {stated}"
    keyed = source
    if parquet:
        keyed = _parquet(folder / parquet.path)
        names = ", ".join(escaped_sql(ident(n)) if kind == "VARCHAR" else ident(n) for n, kind in types.items())
        twin = _one(con, f"SELECT count(*), {fingerprint.format(names)} FROM {keyed}")
        if twin[0] != rows:
            yield f"it has {rows} rows, the Parquet file {twin[0]}"
        elif twin[1] != content:
            yield "its rows are not those of the Parquet file"
    unique = [("primaryKey", table.primary_key)] if table.primary_key else []
    unique += [("unique", (c.name,)) for c in table.columns if c.constraints.unique]
    for word, names_ in unique:
        if twice := _repeated(con, keyed, names_, word == "primaryKey"):
            yield f"{word} ({', '.join(names_)}) does not hold: {twice} keys occur more than once or are empty"


def _promises(column: Column, kind: str) -> Iterator[tuple[str, str]]:
    """Each constraint of a column, in words and as SQL that is true where it is broken. Texts are as in the CSV."""
    name, rule = ident(column.name), column.constraints
    text = name if kind == "VARCHAR" else f"CAST({name} AS VARCHAR)"
    if rule.required:
        yield f"column {column.name}: required", f"{name} IS NULL"
    if rule.pattern:
        yield f"column {column.name}: its pattern", f"NOT regexp_full_match({text}, {literal(rule.pattern)})"
    if rule.enum:
        values = ", ".join(f"CAST({literal(_spelled(value))} AS {kind})" for value in rule.enum)
        yield f"column {column.name}: its enum", f"{name} NOT IN ({values})"
    for word, bound, sign in (("minimum", rule.minimum, "<"), ("maximum", rule.maximum, ">")):
        if bound is not None:
            yield f"column {column.name}: its {word}", f"{name} {sign} CAST({literal(_spelled(bound))} AS {kind})"


def _repeated(con: duckdb.DuckDBPyConnection, source: str, names: tuple[str, ...], filled: bool) -> int:
    keys = ", ".join(map(ident, names))
    empty = " OR ".join(f"{ident(n)} IS NULL" for n in names)
    # Different hashes prove different keys, with a fraction of the memory; only a doubt is looked at closely.
    seen = f"SELECT count(*), count(DISTINCT hash({keys})), count(*) FILTER ({empty}) FROM {source}"
    rows, distinct, blank = _one(con, seen)
    if rows == distinct and not (filled and blank):
        return 0
    whole = f"WHERE NOT ({empty})"
    twice = _one(con, f"SELECT count(*) FROM (SELECT 1 FROM {source} {whole} GROUP BY {keys} HAVING count(*) > 1)")
    return int(twice[0]) + (int(blank) if filled else 0)


def _references(con: duckdb.DuckDBPyConnection, resource: Resource, readable: dict[str, str]) -> Iterator[str]:
    """Values without their line in the code list; both are compared as they stand in the CSV."""
    assert resource.table is not None
    for key in resource.table.foreign_keys:
        target = key.reference.resource or resource.name
        if target not in readable:
            yield f"the table {target}, where {', '.join(key.fields)} leads to, cannot be used"
            continue
        names, ends = (", ".join(map(ident, n)) for n in (key.fields, key.reference.fields))
        filled = " AND ".join(f"{ident(n)} IS NOT NULL" for n in key.fields)
        used = f"SELECT DISTINCT {names} FROM {readable[resource.name]} WHERE {filled}"
        lost = _one(con, f"SELECT count(*) FROM ({used} EXCEPT SELECT {ends} FROM {readable[target]})")[0]
        if lost:
            yield f"{lost} different values of {', '.join(key.fields)} do not stand in {target}"


def _unreadable(con: duckdb.DuckDBPyConnection, path: Path, types: dict[str, str]) -> Iterator[str]:
    """Which columns hold what their type has no room for; else that the file is no such table."""
    wrong = [
        f"count(*) FILTER ({ident(n)} IS NOT NULL AND TRY_CAST({ident(n)} AS {t}) IS NULL)" for n, t in types.items()
    ]
    found = []
    with suppress(duckdb.Error):
        counts = _one(con, f"SELECT {', '.join(wrong)} FROM {_csv(path, dict.fromkeys(types, 'VARCHAR'))}")
        pairs = zip(types.items(), counts, strict=True)
        found = [f"column {name} has {count} values that are no {kind}" for (name, kind), count in pairs if count]
    yield from found or ["it cannot be read as a table with the columns and constraints of the descriptor"]


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
