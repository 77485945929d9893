"""A typed number keeps its value under every number locale: 351.966 in a workbook is no 351 thousand."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import REPO
from pipelines.read.cell import cell_text


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute((REPO / "expectations" / "standards" / "_fungsi.sql").read_text(encoding="utf-8"))
    return connection


@pytest.mark.parametrize("locale", ["id", "en", "auto"])
@given(value=st.decimals(min_value=-999_999, max_value=999_999, places=3).map(float))
def test_a_workbook_number_survives_every_locale(con: duckdb.DuckDBPyConnection, locale: str, value: float) -> None:
    read = con.execute("SELECT angka(?, ?)::DOUBLE", [cell_text(value), locale]).fetchone()
    assert read == (value,)
