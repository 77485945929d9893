"""Arrays by cell, by row, by equation: their types, and what is done with them everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.int64]  # numbers of cells, rows or equations
Codes = npt.NDArray[np.int32]  # of one table: rows, or values of a dimension
Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
NONE = -1


def distinct(numbers: Cells) -> Cells:
    """The numbers in ascending order, each once; for many of them faster than `numpy.unique`."""
    ordered = np.sort(numbers)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if ordered.size else ordered


def spans(start: Cells | Codes, rows: Cells) -> tuple[Cells, Cells, Cells]:
    """Positions that the rows of a compressed matrix take up; for each the index into `rows`; first of each row."""
    size = (start[rows + 1] - start[rows]).astype(np.int64)
    first = np.cumsum(size) - size
    of = np.repeat(np.arange(rows.size), size)
    return np.arange(of.size) + (start[rows] - first)[of], of, first


def starts(of: Cells) -> Cells:
    """Where each run of equal numbers starts."""
    return np.flatnonzero(np.r_[True, of[1:] != of[:-1]]) if of.size else of


def largest(values: Numbers, of: Cells, groups: int) -> Numbers:
    """The largest value of each group, 0 for one without any; `of` ascends."""
    found = np.zeros(groups)
    first = starts(of)
    if first.size:
        found[of[first]] = np.maximum.reduceat(values, first)
    return found


def least(of: Cells, keys: Sequence[npt.NDArray[Any]]) -> Cells:
    """The position of the least member of each group, by the first key, then the second ...; `of` ascends."""
    at = np.arange(of.size)
    for key in keys:
        first = starts(of[at])
        if first.size < at.size:
            lowest = np.minimum.reduceat(key[at], first)
            at = at[key[at] == np.repeat(lowest, np.diff(np.r_[first, at.size]))]
    return at[starts(of[at])]
