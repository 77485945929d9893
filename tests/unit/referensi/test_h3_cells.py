from __future__ import annotations

import math

import duckdb
import h3
import pytest

from pipelines.referensi.h3_cells import CELLS, install_h3


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    install_h3(con)
    return con


def test_cells_are_those_of_h3_for_more_points_than_one_batch_holds(con: duckdb.DuckDBPyConnection) -> None:
    # DuckDB hands 2,048 rows at a time to a function.
    rows = con.execute(
        "SELECT lintang, bujur, h3_sel(lintang, bujur, 7), h3_sel(lintang, bujur, 8) "
        "FROM (SELECT -8.2 + n * 0.0003 AS lintang, 108.5 + n * 0.0005 AS bujur FROM range(5000) t(n))"
    ).fetchall()
    assert rows == [(a, b, *(h3.latlng_to_cell(a, b, size) for size in CELLS.values())) for a, b, *_ in rows]


@pytest.mark.parametrize("lintang", [None, 90.1, -95.0, math.nan, math.inf])
def test_what_is_no_place_on_earth_has_no_cell(con: duckdb.DuckDBPyConnection, lintang: float | None) -> None:
    sql = "SELECT h3_sel(?::DOUBLE, 110.0, 8), h3_sel(-7.0, 2 * ?::DOUBLE, 8), h3_sel(90.0, -180.0, 8)"
    assert con.execute(sql, [lintang, lintang]).fetchall() == [(None, None, h3.latlng_to_cell(90.0, -180.0, 8))]
