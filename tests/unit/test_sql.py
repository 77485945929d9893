"""Distances on the sphere."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.sql import metres

DEGREE = 111_195


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ((110.0, -7.0, 110.0, -7.0), 0),
        ((110.0, -7.0, 110.0, -8.0), DEGREE),
        ((110.0, 60.0, 111.0, 60.0), DEGREE / 2),
        ((0.0, 0.0, 180.0, 0.0), 180 * DEGREE),
    ],
)
def test_metres_between_two_points(points: tuple[float, ...], expected: float) -> None:
    (found,) = duckdb.sql(f"SELECT {metres(*map(str, points))}").fetchone() or (None,)
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("missing", range(4))
def test_there_is_no_distance_to_no_point(missing: int) -> None:
    points = ["NULL::DOUBLE" if n == missing else "1.0" for n in range(4)]
    assert duckdb.sql(f"SELECT {metres(*points)}").fetchone() == (None,)
