"""Columns that are a rate, share or mean of two others: with one of these they give the other back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from pipelines.disclosure.relations import Cells
from pipelines.disclosure.system import Flags, Numbers
from pipelines.disclosure.table import Stored
from pipelines.sql import ident

SAMPLE = 2000
EVIDENCE = 3
SPREAD = 20  # of the values of a rate, in halves of its last place
AGREE = 0.95
FACTORS = (1.0, 100.0, 1e3, 1e4, 1e5, 1e6)
DIGITS = 6


@dataclass(frozen=True)
class Rate:
    """`column` = factor * numerator / denominator, rounded to `half` on either side; the two are positions."""

    stored: Stored
    column: str
    numerator: int
    denominator: int
    factor: float
    half: float


def find_rates(con: duckdb.DuckDBPyConnection, stored: Sequence[Stored]) -> list[Rate]:
    """Rates that a sample of whole rows shows, in tables with something to hide."""
    return [rate for one in stored if one.table.protected and one.width > 1 for rate in _rates(con, one)]


def _rates(con: duckdb.DuckDBPyConnection, one: Stored) -> Iterator[Rate]:
    names = list(one.table.measures)
    whole = " AND ".join(f"{ident(n)} IS NOT NULL" for n in names)
    chosen = ", ".join(f"CAST({ident(n)} AS DOUBLE)" for n in names)
    rows = con.execute(f"SELECT {chosen} FROM {one.copy} WHERE {whole} LIMIT {SAMPLE}").fetchall()
    if len(rows) < EVIDENCE or len(names) < 3:
        return
    x = np.array(rows, dtype=float)
    additive = [names.index(n) for n in one.additive]
    for r, name in enumerate(names):
        half = _half(x[:, r])
        for i, a in enumerate(additive):
            for j, b in enumerate(additive):
                use = (x[:, b] > 0) & (x[:, a] > 0)
                told = np.unique(x[use, r])
                # A column of a few small whole numbers is near many a quotient.
                if len({r, a, b}) < 3 or told.size < EVIDENCE or told[-1] - told[0] < SPREAD * half:
                    continue
                for factor in FACTORS:
                    close = np.abs(x[use, r] - factor * x[use, a] / x[use, b]) <= half * (1 + 1e-6)
                    if close.mean() >= AGREE:
                        yield Rate(one, name, i, j, factor, half)


def _half(values: Numbers) -> float:
    """Half the unit in the last place of a column; next to nothing where it is not rounded."""
    for digits in range(DIGITS + 1):
        if np.all(np.abs(values * 10**digits - np.round(values * 10**digits)) < 1e-6):
            return 0.5 * 10.0**-digits
    return 1e-9 * float(np.max(np.abs(values)))


def rows_touched(rate: Rate, hidden: Flags) -> Cells:
    """Rows of which the numerator or the denominator is hidden."""
    one = rate.stored
    block = hidden[one.base : one.base + one.rows * one.width].reshape(one.rows, one.width)
    return np.flatnonzero(block[:, rate.numerator] | block[:, rate.denominator])


def implied(rate: Rate, value: Numbers, low: Numbers, high: Numbers) -> tuple[tuple[Numbers, Numbers], ...]:
    """What published rates say about the numerator and about the denominator: least and greatest, by row.

    `value` is the rate by row; `low` and `high` are what is known of the cells by row and position.
    """
    least, most = np.maximum(value - rate.half, 0) / rate.factor, (value + rate.half) / rate.factor
    a, b = rate.numerator, rate.denominator
    with np.errstate(divide="ignore", invalid="ignore"):
        numerator = least * low[:, b], np.where(np.isinf(high[:, b]), np.inf, most * high[:, b])
        denominator = low[:, a] / most, np.where(least > 0, high[:, a] / least, np.inf)
    return numerator, denominator
