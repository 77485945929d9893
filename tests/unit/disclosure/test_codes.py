"""Dimensions as numbers: whatever the batches, the types and the size of the table."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.disclosure import codes
from pipelines.disclosure.arrays import largest, least
from pipelines.disclosure.codes import Dimension, Index, Words

VALUES = st.lists(st.one_of(st.none(), st.sampled_from(["Jumlah", "a", "b", "", "33.01"])), max_size=30)
ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 6)), min_size=1, unique=True)


def dimension(*batches: pa.Array) -> Dimension:
    words = Words()
    for batch in batches:
        words.add(batch)
    return words.dimension()


@given(VALUES, VALUES)
def test_each_row_keeps_its_word_over_batches(first: list[str | None], second: list[str | None]) -> None:
    got = dimension(pa.array(first, pa.string()), pa.array(second, pa.string()))
    assert [got.words[int(c)].as_py() for c in got.code] == first + second
    assert len(set(got.words.to_pylist())) == len(got.words)


def test_values_of_other_types_are_their_text() -> None:
    """A year is the same in a table of INTEGER and in one that was read from a CSV file."""
    years = dimension(pa.array([2024, None, 2025], pa.int32()))
    assert years.find(pa.array(["2025", "2024", None, "2026"])).tolist() == [2, 0, 1, -1]
    assert dimension(pa.array([date(2024, 5, 1)])).words.to_pylist() == ["2024-05-01"]
    assert dimension(pa.array(["a", None, "a"]).dictionary_encode()).code.tolist() == [0, 1, 0]


@pytest.fixture(params=["by place", "sorted", "at random"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The three ways to find a row: in small, in sparse, and in very wide tables."""
    if request.param != "by place":
        monkeypatch.setattr(codes, "ROOMY", 0)
    if request.param == "at random":
        monkeypatch.setattr(codes, "LARGEST", 0)


@pytest.mark.usefixtures("way")
def test_every_combination_is_found_and_no_other() -> None:
    @given(ROWS)
    def check(rows: list[tuple[int, int, int]]) -> None:
        every = [(i, j, k) for i in range(5) for j in range(4) for k in range(7)]
        columns = [np.array(column, dtype=np.int32) for column in zip(*rows, strict=True)]
        sizes = zip(columns, (5, 4, 7), strict=True)
        index = Index([Dimension(pa.array([str(i) for i in range(n)]), code) for code, n in sizes])
        keys = (np.array(every).astype(np.uint64) * index.strides).sum(axis=1, dtype=np.uint64)
        at = {row: i for i, row in enumerate(rows)}
        assert index.find(keys).tolist() == [at.get(row, -1) for row in every]
        assert not index.twice

    check()


@pytest.mark.usefixtures("way")
def test_a_combination_that_is_there_twice_is_seen() -> None:
    code = np.array([0, 1, 0], dtype=np.int32)
    assert Index([Dimension(pa.array(["a", "b"]), code)]).twice


GROUPED = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(-2, 2), st.integers(0, 9)))


@given(GROUPED)
def test_the_best_of_each_group_is_the_first_in_order(members: list[tuple[int, int, int, int]]) -> None:
    members = sorted(members, key=lambda m: m[0])
    of, *keys = (np.array([m[i] for m in members], dtype=np.int64) for i in range(4))
    chosen = {of[i]: members[i] for i in least(of, keys)}
    assert chosen == {g: min(m for m in members if m[0] == g) for g in set(of.tolist())}
    most = {g: max((m[3] for m in members if m[0] == g), default=0) for g in range(6)}
    assert largest(keys[2].astype(float), of, 6).tolist() == list(most.values())
