"""Columns that are the sum of other columns, declared or found in the numbers."""

from __future__ import annotations

import numpy as np

from pipelines.disclosure.stored import Stored
from pipelines.disclosure.table import DisclosureError

SAMPLE = 2000  # rows looked at to find candidates; all rows decide
EVIDENCE = 3  # rows in which the sum is not trivial
AGREE = 0.95
Sum = tuple[int, tuple[int, ...]]


def row_sums(stored: Stored) -> list[Sum]:
    """(total, parts) by position among the additive measures."""
    names = stored.additive
    declared: list[Sum] = []
    for total, parts in stored.table.sums.items():
        if unknown := {total, *parts} - set(names):
            raise DisclosureError(f"{stored.table.name}: sums names {', '.join(sorted(unknown))}, which is no measure")
        declared.append((names.index(total), tuple(names.index(p) for p in parts)))
    found = [s for s in _candidates(stored) if s not in declared and _holds(stored, s)]
    return declared + found


def _candidates(stored: Stored) -> list[Sum]:
    """Sums of two columns, and of neighbouring columns, that hold in nearly all of a sample of whole rows."""
    width = stored.width
    if width < 3:
        return []
    x = stored.seen[np.flatnonzero(~np.isnan(stored.seen).any(axis=1))[:SAMPLE]]
    if len(x) < EVIDENCE:
        return []
    runs = {tuple(range(a, b)) for a in range(width) for b in range(a + 2, width + 1)}
    runs |= {(a, b) for a in range(width) for b in range(a + 1, width)}
    runs |= {tuple(p for p in range(width) if p != t) for t in range(width) if width > 2}
    found: list[Sum] = []
    for parts in sorted(runs, key=lambda p: (len(p), p)):
        total = x[:, parts].sum(axis=1)
        more_than_one = (x[:, parts] > 0).sum(axis=1) > 1
        close = np.abs(x - total[:, None]) <= 1e-6 * np.maximum(1, np.abs(total))[:, None]
        good = (close.mean(axis=0) >= AGREE) & (close[more_than_one].sum(axis=0) >= EVIDENCE)
        found += [(int(column), parts) for column in np.flatnonzero(good) if column not in parts]
    return found


def _holds(stored: Stored, found: Sum) -> bool:
    """Whether the sum comes out in nearly all whole rows."""
    total, parts = stored.seen[:, found[0]], stored.seen[:, found[1]].sum(axis=1)
    off = np.abs(total - parts)
    return bool((off <= 1e-6 * np.maximum(1, np.abs(total))).sum() >= AGREE * (~np.isnan(off)).sum())
