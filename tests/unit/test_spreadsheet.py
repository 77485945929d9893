"""The guard against formulas means the same in Python and in SQL, and can be undone."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from pipelines.spreadsheet import FORMULA_STARTS, escaped, escaped_sql, unescaped

# DuckDB takes no surrogates.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TEXTS = st.lists(TEXT | st.builds(lambda sign, text: sign + text, st.sampled_from(FORMULA_STARTS), TEXT), min_size=1)


@given(TEXTS)
def test_no_text_begins_like_a_formula_and_each_comes_back(texts: list[str]) -> None:
    for text in texts:
        cell = escaped(text)
        assert not cell.startswith(FORMULA_STARTS[:-1]) and unescaped(cell) == text


@given(TEXTS)
def test_sql_escapes_like_python(texts: list[str]) -> None:
    with duckdb.connect() as con:
        rows = con.execute(f"SELECT {escaped_sql('t')} FROM (SELECT unnest(?) AS t)", [texts]).fetchall()
    assert [cell for (cell,) in rows] == list(map(escaped, texts))


def test_null_stays_null_and_no_text_no_text() -> None:
    assert duckdb.sql(f"SELECT {escaped_sql('NULL::VARCHAR')}, {escaped_sql(chr(39) * 2)}").fetchone() == (None, "")
