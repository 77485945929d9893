"""The ends of hidden cells against a plain linear program for each."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from pipelines.disclosure.bounds import ends, narrow
from pipelines.disclosure.lines import walk, ways
from pipelines.disclosure.program import Unknowns

SYSTEMS = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.integers(1, 5).flatmap(lambda m: arrays(np.int8, (m, n), elements=st.sampled_from([-1, 0, 0, 1]))),
        arrays(np.int16, n, elements=st.integers(0, 30)),
    )
)
FAR = 1e4


def unknowns(matrix: np.ndarray, x: np.ndarray) -> Unknowns:
    matrix = matrix[(matrix != 0).any(axis=1)]
    row, column = np.nonzero(matrix)
    right = matrix @ x
    return Unknowns(
        start=np.searchsorted(row, np.arange(len(matrix) + 1)), column=column, sign=matrix[row, column].astype(float),
        low=right, high=right, floor=np.zeros(x.size),
    )  # fmt: skip


def plain(matrix: np.ndarray, x: np.ndarray, cell: int, direction: float) -> float:
    cost = np.zeros(x.size)
    cost[cell] = direction
    bounds = [(0, None)] * x.size
    bounds[cell] = (0, x[cell] + FAR)
    done = linprog(cost, A_eq=matrix, b_eq=matrix @ x, bounds=bounds, method="highs")
    return float(done.x[cell])


@settings(max_examples=150, deadline=None)
@given(SYSTEMS)
def test_ends_are_those_of_a_plain_program(system: tuple[np.ndarray, np.ndarray]) -> None:
    matrix, x = system[0].astype(float), system[1].astype(float)
    u = unknowns(matrix, x)
    cells = np.arange(x.size)
    # Nothing is enough unless it reaches as far as the plain program does: so every end is exact.
    exact = np.array([[plain(matrix, x, c, d) for c in cells] for d in (1.0, -1.0)])

    def enough(which: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.asarray((low <= exact[0][which] + 1e-6) & (high >= exact[1][which] - 1e-6))

    low, high = ends(u, x, cells, np.full(x.size, FAR), enough)
    assert np.allclose(low, exact[0], atol=1e-5) and np.allclose(high, exact[1], atol=1e-5)


@settings(max_examples=150, deadline=None)
@given(SYSTEMS)
def test_quick_bounds_lie_on_the_right_side(system: tuple[np.ndarray, np.ndarray]) -> None:
    """From one equation at a time: never too narrow. Along a line from the truth: never too wide."""
    matrix, x = system[0].astype(float), system[1].astype(float)
    low, high = narrow(unknowns(matrix, x))
    least, most = walk(ways(matrix), x[None], np.zeros((1, x.size))) if matrix.any() else (x[None], x[None])
    for cell in range(x.size):
        bottom, top = plain(matrix, x, cell, 1.0), plain(matrix, x, cell, -1.0)
        assert low[cell] <= bottom + 1e-6 and high[cell] >= min(top, x[cell] + FAR) - 1e-6
        assert least[0, cell] >= bottom - 1e-6 and min(most[0, cell], x[cell] + FAR) <= top + 1e-6
