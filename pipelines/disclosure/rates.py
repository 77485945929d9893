"""Columns that are a rate, share or mean of two others: with one of these they give the other back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.disclosure.arrays import Cells, Flags, Numbers
from pipelines.disclosure.stored import Stored

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


def find_rates(stored: Sequence[Stored]) -> list[Rate]:
    """Rates that a sample of whole rows shows, in tables with something to hide."""
    return [rate for one in stored if one.table.protected and one.width > 1 for rate in _rates(one)]


def _rates(one: Stored) -> Iterator[Rate]:
    names = list(one.table.measures)
    x = np.stack([one.published(n) for n in names], axis=1)
    x = x[np.flatnonzero(~np.isnan(x).any(axis=1))[:SAMPLE]]
    if len(x) < EVIDENCE or len(names) < 3:
        return
    half = np.array([_half(x[:, r]) for r in range(len(names))])
    for i, a in enumerate(map(names.index, one.additive)):
        for j, b in enumerate(map(names.index, one.additive)):
            told = x[(x[:, a] > 0) & (x[:, b] > 0)]
            # A column of a few small whole numbers is near many a quotient.
            if a == b or len(told) < EVIDENCE:
                continue
            for r in np.flatnonzero(np.ptp(told, axis=0) >= SPREAD * half):
                if r in (a, b) or np.unique(told[:, r]).size < EVIDENCE:
                    continue
                for factor in FACTORS:
                    close = np.abs(told[:, r] - factor * told[:, a] / told[:, b]) <= half[r] * (1 + 1e-6)
                    if close.mean() >= AGREE:
                        yield Rate(one, names[r], i, j, factor, float(half[r]))


def _half(values: Numbers) -> float:
    """Half the unit in the last place of a column; next to nothing where it is not rounded."""
    for digits in range(DIGITS + 1):
        if np.all(np.abs(values * 10**digits - np.round(values * 10**digits)) < 1e-6):
            return 0.5 * 10.0**-digits
    return 1e-9 * float(np.max(np.abs(values)))


def rows_touched(rate: Rate, hidden: Flags) -> Cells:
    """Rows of which the numerator or the denominator is hidden."""
    block = rate.stored.part(hidden)
    return np.flatnonzero(block[:, rate.numerator] | block[:, rate.denominator])


def beside_hidden(one: Stored, hidden: Flags) -> list[tuple[str, int]]:
    """Declared rates and shares, and how many there are of each in rows with a hidden number."""
    derived = [name for name in one.table.measures if one.table.measures[name].derived]
    rows = np.flatnonzero(one.part(hidden).any(axis=1)) if derived else np.zeros(0, dtype=np.int64)
    counts = [(name, int((~np.isnan(one.more[name][rows])).sum())) for name in derived]
    return [(name, count) for name, count in counts if count]


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
