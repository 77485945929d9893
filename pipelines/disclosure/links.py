"""Tables that give each other away: the rows of one add up to a row of another, or stand in an earlier edition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow.compute as pc

from pipelines.disclosure.arrays import NONE, Codes, Keys
from pipelines.disclosure.joints import Matched, grouped
from pipelines.disclosure.relations import Addition
from pipelines.disclosure.stored import Stored

AGREE = 0.9  # of the groups that can be compared, before two tables count as linked
SLACK = 1e-6  # relative; sums that differ by less are equal but for the arithmetic


def link(fine: Stored, coarse: Stored, version: bool) -> Iterator[Addition]:
    """Rows of one table that add up to a row of another: by place, and over the categories that this one lacks."""
    measures, others = fine.table.measures, coarse.table.measures
    if not set(coarse.table.categories) <= set(fine.table.categories) or (coarse.table.place and not fine.table.place):
        return
    up = _levels(fine, coarse)
    if not up:
        return

    joint = Matched(partial(_wholes, fine, coarse, up), coarse.rows)
    for i, mine in enumerate(fine.additive):
        for j, other in enumerate(coarse.additive):
            named = mine == other if version else measures[mine].same and measures[mine].same == others[other].same
            if named and measures[mine].scale == others[other].scale:
                yield Addition(fine, coarse, 0, (i,), (j,), joint, true=None if version else _agree)


def _levels(fine: Stored, coarse: Stored) -> dict[int, int]:
    """Levels of places of the coarse table, with the coarsest of the fine one that adds up to each."""
    up: dict[int, int] = {}
    for level in fine.levels:
        reached = [wanted for wanted in coarse.levels if wanted <= level]
        if reached:
            up.setdefault(reached[-1], level)
    return up


def _wholes(fine: Stored, coarse: Stored, up: dict[int, int]) -> Codes:
    """For each row of the fine table the one of the coarse table that it is a part of; -1 for none."""
    able = np.ones(fine.rows, dtype=bool)
    key: Keys = np.zeros(fine.rows, dtype=np.uint64)
    for dim, stride in zip(coarse.table.dims, coarse.index.strides, strict=True):
        if dim == coarse.table.place:
            assert fine.table.place is not None
            to, code = _places(fine, coarse, up), fine.dims[fine.table.place].code
        else:
            to, code = coarse.dims[dim].find(fine.dims[dim].words), fine.dims[dim].code
        able &= to[code] != NONE
        key += to[code].astype(np.uint64) * stride
    if fine.table.place and not coarse.table.place:
        able &= (fine.lengths == up[0])[fine.dims[fine.table.place].code]
    for dim, totals in fine.totals.items():
        if dim not in coarse.table.categories:
            able &= np.isin(fine.dims[dim].code, totals)
    whole = np.full(fine.rows, NONE, dtype=np.int32)
    whole[able] = coarse.index.find(key[able])
    return whole


def _places(fine: Stored, coarse: Stored, up: dict[int, int]) -> Codes:
    """For each place of the fine table the one of the coarse table that it counts for; -1 for none."""
    assert fine.table.place is not None and coarse.table.place is not None
    words, lengths = fine.dims[fine.table.place].words, fine.lengths
    found = np.full(len(words), NONE, dtype=np.int32)
    for wanted, level in up.items():
        here = np.flatnonzero(lengths == level)
        found[here] = coarse.dims[coarse.table.place].find(pc.utf8_slice_codeunits(words.take(here), 0, wanted))
    return found


def _agree(link: Addition) -> bool:
    """Whether the sums that can be made from what is there come out. Nothing to compare contradicts nothing."""
    whole, rows, first = grouped(link.joint, np.arange(link.coarse.rows))
    if not whole.size:
        return False
    part, total = link.fine.seen[rows, link.parts[0]], link.coarse.seen[whole, link.totals[0]]
    most = np.maximum(np.maximum.reduceat(np.abs(part), first), np.abs(total))
    rest = np.abs(total - np.add.reduceat(part, first))
    # A sum with a number that is not there is NaN, which is not greater than zero.
    compared = most > 0
    return bool((rest[compared] <= SLACK * most[compared]).sum() >= AGREE * compared.sum())
