"""Parts and wholes: looked up one by one, or all put in order, they are the same."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.disclosure import DisclosureError, joints
from pipelines.disclosure.joints import Step, grouped
from pipelines.disclosure.reading import read, whole
from pipelines.disclosure.relations import Addition
from pipelines.disclosure.search import find
from pipelines.disclosure.stored import Stored

from .kit import Counts, Key, crossed, crossed_table, equations, make

PLACES = ["33.01.01", "33.01.02", "33.02.01", "33.72.01"]
CELLS = st.dictionaries(st.tuples(st.sampled_from(PLACES), st.sampled_from("abc")), st.integers(0, 9), min_size=1)


def stored(counts: Counts) -> tuple[Stored, list[Key]]:
    with duckdb.connect() as con:
        table = crossed_table(con, counts)
        return read(con, whole(table, table.relation), 0), sorted(counts)


def steps(one: Stored) -> list[Step]:
    return [r.joint for r in find([one]).all if isinstance(r, Addition) and isinstance(r.joint, Step)]


@given(CELLS, st.randoms(use_true_random=False))
def test_the_groups_are_those_of_the_margins(inner: Counts, random: object) -> None:
    counts = crossed(inner)
    for missing in [key for key in sorted(counts) if random.random() < 0.1]:  # type: ignore[attr-defined]
        del counts[missing]
    if not counts:
        return
    one, keys = stored(counts)
    found = set()
    for step in steps(one):
        rows, part, first = grouped(step, np.arange(one.rows))
        for row, begin, end in zip(rows, first, [*first[1:], part.size][: first.size], strict=True):
            parts = part[begin:end].astype(np.int64)
            found.add((keys[row], frozenset(keys[p] for p in parts)))
            assert (step.whole(parts) == row).all()
    # Only where places stand for each other level by level; a level that is gone altogether is skipped.
    if {key[0].count(".") for key in counts} == {0, 1, 2}:
        wanted = {(total, frozenset(parts)) for total, parts in equations(counts) if parts}
        assert found == wanted


@given(CELLS)
def test_looking_up_and_sorting_agree(inner: Counts) -> None:
    one, _ = stored(crossed(inner))
    rows = np.arange(one.rows)
    for step in steps(one):
        looked_up = step.parts(rows)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(joints, "MANY", 0)
            in_order = step.parts(rows)
        pairs = [sorted(zip(p.tolist(), of.tolist(), strict=True)) for p, of in (looked_up, in_order)]
        assert pairs[0] == pairs[1]
        assert set(looked_up[1]) <= set(np.flatnonzero(step.has_parts(rows)))


def test_rows_that_dimensions_do_not_tell_apart_are_an_error() -> None:
    with duckdb.connect() as con:
        table = crossed_table(con, crossed({("33.01", "a"): 3, ("33.02", "a"): 30}))
        rows = [("33.01", "a", 3), ("33.01", "a", 4)]
        make(con, "sumber", "kode_wilayah VARCHAR, kategori VARCHAR, n INTEGER", rows)
        with pytest.raises(DisclosureError, match="t: several rows have the same kode_wilayah, kategori"):
            _ = read(con, whole(table, "sumber"), 0).index
