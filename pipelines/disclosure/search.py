"""Finds what adds up in the tables of a release: over places, over a category, between tables, in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow.compute as pc

from pipelines.disclosure.arrays import NONE, Codes
from pipelines.disclosure.joints import Step
from pipelines.disclosure.links import link
from pipelines.disclosure.relations import Addition, Relations, RowSum
from pipelines.disclosure.stored import Stored, same_cells
from pipelines.disclosure.sums import row_sums


def find(stored: Sequence[Stored], versions: int = 0) -> Relations:
    """All relations in and between tables; the last `versions` tables are earlier editions of others by name."""
    found: list[RowSum | Addition] = []
    first = 0
    for one in _relations(stored, versions):
        found.append(replace(one, first=first))
        first += one.count
    return Relations(tuple(found))


def _relations(stored: Sequence[Stored], versions: int) -> Iterator[RowSum | Addition]:
    for one in stored:
        yield from (RowSum(one, 0, total, parts) for total, parts in row_sums(one))
        yield from _over_places(one)
        yield from _over_categories(one)
    current, old = stored[: len(stored) - versions], stored[len(stored) - versions :]
    by_name = {one.table.name: one for one in current}
    alike = defaultdict(list)
    for one in [*current, *(o for o in old if _differ(by_name[o.table.name], o))]:
        for same in {m.same for m in one.table.measures.values() if m.same}:
            alike[same].append(one)
    pairs = {(a.base, b.base): (a, b) for ones in alike.values() for a in ones for b in ones}
    for _, (fine, coarse) in sorted(pairs.items(), key=lambda p: p[0]):
        if fine.table.name != coarse.table.name:
            yield from link(fine, coarse, version=False)
    for one in old:
        yield from link(by_name[one.table.name], one, version=True)


def _differ(new: Stored, old: Stored) -> bool:
    """Whether an earlier edition has numbers that today's has not: what adds up to those says more than today's."""
    left = old.value.copy()
    for there, then in same_cells(new, old):
        now = new.value.ravel()[there - new.base]
        same = now == left.ravel()[then - old.base]
        left.ravel()[(then - old.base)[same]] = np.nan
    return not np.isnan(left).all()


def _over_places(one: Stored) -> Iterator[Addition]:
    """A place and the places of the next level that the table has."""
    place = one.table.place
    if place is not None and len(one.levels) > 1:
        yield _within(one, place, _parents(one, place), False)


def _parents(one: Stored, place: str) -> Codes:
    """For each place the one of the next level that the table has, as codes."""
    dim, lengths = one.dims[place], one.lengths
    found = np.full(len(dim.words), NONE, dtype=np.int32)
    for up, fine in pairwise(one.levels):
        here = np.flatnonzero(lengths == fine)
        found[here] = dim.find(pc.utf8_slice_codeunits(dim.words.take(here), 0, up))
    return found


def _over_categories(one: Stored) -> Iterator[Addition]:
    """All values of a category and each row about all of them together."""
    for dim, totals in one.totals.items():
        for total in totals:
            to = np.full(len(one.dims[dim].words), total, dtype=np.int32)
            to[totals] = NONE
            yield _within(one, dim, to, True)


def _within(one: Stored, dim: str, to: Codes, category: bool) -> Addition:
    measures = tuple(range(one.width))
    return Addition(one, one, 0, measures, measures, Step(one, dim, to), category)
