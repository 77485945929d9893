"""Cells that may not be told, and how uncertain a reader has to stay about each.

A cell is *safe* while the values that a reader cannot rule out reach `up` above and `low` below the true one and
span at least `width`. Counts: the span is the threshold. Magnitudes: the upper protection levels of the
(1, 85 %)-dominance rule and of the p %-rule, the same downwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.contract.protection import DOMINANCE, P_PERCENT
from pipelines.disclosure.arrays import NONE, Cells, Codes, Flags, Numbers, distinct
from pipelines.disclosure.joints import grouped
from pipelines.disclosure.relations import Addition, Relations, RowSum
from pipelines.disclosure.stored import Stored
from pipelines.disclosure.table import Measure

WHY = ("jumlah_kecil", "didominasi", "satu_kelompok_penuh")
SMALL, DOMINATED, FULL = range(len(WHY))


@dataclass(frozen=True)
class Primary:
    """Cells to protect, ascending, with what each needs, and why: the number of a word of `WHY`."""

    cell: Cells
    low: Numbers
    up: Numbers
    width: Numbers
    why: Codes

    def select(self, chosen: Flags | Cells) -> Primary:
        """Some of them."""
        return Primary(self.cell[chosen], self.low[chosen], self.up[chosen], self.width[chosen], self.why[chosen])


def primary(stored: Sequence[Stored], relations: Relations) -> Primary:
    """All primary cells of the tables, judged by their true values."""
    none = np.zeros(0)
    found = [Primary(none.astype(np.int64), none, none, none, none.astype(np.int32))]
    for one in stored:
        for position, name in enumerate(one.additive):
            measure = one.table.measures[name]
            kind = measure.protection.jenis if measure.protection else "tidak"
            if kind in ("orang", "khusus"):
                found.append(_small(one, position, measure))
            elif kind == "besaran":
                found.append(_dominated(one, position, measure))
            if kind == "khusus":
                found += _full(one, position, measure, relations)
    all_ = Primary(*(np.concatenate(columns) for columns in zip(*map(_columns, found), strict=True)))
    # A cell may be there for several reasons: the one with the widest span tells why, each need is the greatest.
    all_ = all_.select(np.lexsort((-all_.width, all_.cell)).astype(np.int64))
    first = np.flatnonzero(np.r_[True, all_.cell[1:] != all_.cell[:-1]]) if all_.cell.size else all_.cell
    low, up, width = (
        np.maximum.reduceat(need, first) if first.size else need for need in (all_.low, all_.up, all_.width)
    )
    return Primary(all_.cell[first], low, up, width, all_.why[first])


def _columns(one: Primary) -> tuple[Cells, Numbers, Numbers, Numbers, Codes]:
    return one.cell, one.low, one.up, one.width, one.why


def _primary(
    one: Stored, rows: Cells, position: int | Cells, low: Numbers, up: Numbers, width: Numbers, why: int
) -> Primary:
    return Primary(one.base + rows * one.width + position, low, up, width, np.full(rows.size, why, dtype=np.int32))


def _small(one: Stored, position: int, measure: Measure) -> Primary:
    assert measure.protection is not None
    below = measure.protection.threshold / measure.scale
    value = one.value[:, position]
    rows = np.flatnonzero((value > 0) & (value < below))
    none = np.zeros(rows.size)
    return _primary(one, rows, position, none, none, none + below, SMALL)


def _dominated(one: Stored, position: int, measure: Measure) -> Primary:
    """Without the second largest contribution any two contributors are too few: each knows the other."""
    assert measure.protection is not None and measure.protection.besaran is not None
    said = measure.protection.besaran
    total = np.abs(one.value[:, position])
    largest = np.fmin(np.abs(one.column(said.terbesar)), total)
    if said.kedua:
        rest = total - largest - np.abs(one.column(said.kedua))
    else:
        rest = np.where(one.column(said.penyumbang) <= 2, 0, total)
    need = np.fmax(largest / DOMINANCE - total, P_PERCENT * largest - rest)
    rows = np.flatnonzero((total > 0) & (need > 0))
    return _primary(one, rows, position, need[rows], need[rows], np.zeros(rows.size), DOMINATED)


def _full(one: Stored, position: int, measure: Measure, relations: Relations) -> Iterator[Primary]:
    """Sensitive counts of which one category takes its whole group: the zeros of the others tell who is in it.

    One zero, the first, must be able to be as large as the threshold, or as the group where that is smaller.
    """
    assert measure.protection is not None
    need = measure.protection.threshold / measure.scale
    for relation in relations.all:
        if isinstance(relation, RowSum) and relation.stored is one and position == relation.parts[0]:
            total, parts = one.value[:, relation.total], one.value[:, relation.parts]
            rows = np.flatnonzero((total > 0) & (np.fmax.reduce(parts, axis=1) == total) & (parts == 0).any(axis=1))
            zero = np.array(relation.parts)[(parts[rows] == 0).argmax(axis=1)]
            up = np.minimum(total[rows], need)
            yield _primary(one, rows, zero, np.zeros(rows.size), up, up, FULL)
        if isinstance(relation, Addition) and relation.fine is one and relation.category:
            rows, up = _full_groups(relation, one.value[:, position])
            up = np.minimum(up, need)
            yield _primary(one, rows, position, np.zeros(rows.size), up, up, FULL)


def _full_groups(relation: Addition, value: Numbers) -> tuple[Cells, Numbers]:
    """The first zero of each group that one category takes wholly, and the total of the group."""
    rows = np.flatnonzero(value > 0)
    of = relation.joint.whole(rows)
    of = of[(of != NONE) & (value[rows] == value[of])]
    whole, part, first = grouped(relation.joint, distinct(of.astype(np.int64)))
    if not whole.size:
        return whole, np.zeros(0)
    zero = np.minimum.reduceat(np.where(value[part] == 0, part, value.size), first)
    full = (np.fmax.reduceat(value[part], first) == value[whole]) & (zero < value.size)
    return zero[full].astype(np.int64), value[whole[full]]
