"""Reads tables from DuckDB, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipelines.disclosure.arrays import Numbers
from pipelines.disclosure.codes import Words
from pipelines.disclosure.stored import Stored
from pipelines.disclosure.table import DisclosureError, Table
from pipelines.sql import ident

BATCH = 1_000_000  # rows on their way from DuckDB


@dataclass(frozen=True)
class Source:
    """Where the rows of a table come from.

    SQL with its dimensions, the true values of its additive measures, these as published if `seen` (else they are
    the true ones), and the numbers that `more` names, in this order.
    """

    table: Table
    sql: str
    more: tuple[str, ...]
    seen: bool = False


def others(table: Table) -> tuple[str, ...]:
    """Numbers that are read besides the additive measures: derived measures and contributors."""
    return (*(m for m in table.measures if table.measures[m].derived), *table.contributors)


def whole(table: Table, relation: str) -> Source:
    """A relation that has everything about a table."""
    chosen = [ident(d) for d in table.dims] + [as_number(ident(n)) for n in (*table.additive, *others(table))]
    return Source(table, f"SELECT {', '.join(chosen)} FROM {relation}", others(table))


def as_number(column: str) -> str:
    """SQL of a column of numbers."""
    return f"CAST({column} AS DOUBLE)"


def read_all(con: duckdb.DuckDBPyConnection, sources: Sequence[Source], base: int = 0) -> list[Stored]:
    """Read tables one after another; the cells of each follow those of the one before."""
    stored: list[Stored] = []
    for source in sources:
        stored.append(read(con, source, base))
        base = stored[-1].end
    return stored


def read(con: duckdb.DuckDBPyConnection, source: Source, base: int) -> Stored:
    """Read a table, rows in their order. Raises DisclosureError if it has not what its description says."""
    table, n, width = source.table, len(source.table.dims), len(source.table.additive)
    words = [Words() for _ in table.dims]
    value, seen = [np.zeros((0, width))], [np.zeros((0, width))]
    more: list[list[Numbers]] = [[np.zeros(0)] for _ in source.more]
    try:
        for batch in con.execute(source.sql).to_arrow_reader(BATCH):
            for one, column in zip(words, batch.columns, strict=False):
                one.add(column)
            numbers = [column.to_numpy(zero_copy_only=False) for column in batch.columns[n:]]
            value.append(_rows(numbers[:width], batch.num_rows))
            if source.seen:
                seen.append(_rows(numbers[width : 2 * width], batch.num_rows))
            for parts, part in zip(more, numbers[len(numbers) - len(more) :], strict=True):
                parts.append(part)
    except (duckdb.Error, OSError) as error:  # on the way out of DuckDB its errors become those of Arrow
        raise unreadable(con, table, error) from None
    true = np.concatenate(value)
    return Stored(
        table,
        base,
        {name: one.dimension() for name, one in zip(table.dims, words, strict=True)},
        true,
        np.concatenate(seen) if source.seen else true,
        {name: np.concatenate(parts) for name, parts in zip(source.more, more, strict=True)},
    )


def unreadable(con: duckdb.DuckDBPyConnection, table: Table, error: Exception) -> DisclosureError:
    """What is wrong, without the words of DuckDB: it quotes values that it cannot convert, also hidden ones."""
    kind = str(error).partition(":")[0][:100]
    try:
        there = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {table.relation}").fetchall()}
    except duckdb.Error:
        return DisclosureError(f"{table.name}: {table.relation} cannot be read ({kind}); correct the table")
    if missing := {*table.dims, *table.measures, *table.contributors} - there:
        return DisclosureError(f"{table.name}: there is no column {', '.join(sorted(missing))}; correct its table")
    return DisclosureError(
        f"{table.name}: its rows cannot be read ({kind}); each of {', '.join(table.additive)} must be a number"
    )


def _rows(columns: Sequence[Numbers], rows: int) -> Numbers:
    return np.stack(columns, axis=1) if columns else np.zeros((rows, 0))
