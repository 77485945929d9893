"""Distances on the sphere, numbers as text."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.sql import metres, spelled

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


@pytest.mark.parametrize(
    "kind", ["DECIMAL(38, 2)", "DECIMAL(38,20)", "DECIMAL(20,0)", "DECIMAL(19,18)", "DECIMAL(4,4)", "DOUBLE", "DATE"]
)
def test_text_is_what_cast_makes_of_a_value(kind: str) -> None:
    numbers = "0, -0.0001, 0.05, -1.5, 123456789012345.67, 99999999999999999, 9999999999999999.99, -12345678901234567"
    values = "'2026-01-31'" if kind == "DATE" else numbers
    found = duckdb.sql(
        f"SELECT CAST(x AS VARCHAR), {spelled('x', kind)} "
        f"FROM (SELECT TRY_CAST(unnest([{values}, NULL]) AS {kind}) AS x)"
    ).fetchall()
    assert [a for a, _ in found] == [b for _, b in found]
    assert found[-1] == (None, None) and found[0][0] is not None
