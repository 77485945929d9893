"""Every text is made plain as Python would do it, character by character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gate import plain


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        plain.install(con)
        yield con


def polos(con: duckdb.DuckDBPyConnection, text: str | None) -> object:
    ((made,),) = con.execute("SELECT gerbang_polos($1)", [text]).fetchall()
    return made


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("luas 12 m²", "luas 12 m2"),
        ("３３7４", "3374"),
        ("٣٣٧٤", "3374"),
        ("Ѕitі", "Siti"),
        ("33\u200b74", "3374"),
        ("33%2074", "33 74"),
        ("é – β", "é – β"),
        ("", ""),
        (None, None),
    ],
)
def test_what_reads_as_something_plain_becomes_it(
    con: duckdb.DuckDBPyConnection, text: str | None, read: str | None
) -> None:
    assert polos(con, text) == read


FOREIGN, PLAIN = plain._table()
some = st.text(
    st.one_of(st.sampled_from(FOREIGN), st.sampled_from("a1 -\n\u0301\u200b😀é"), st.characters(codec="utf-8"))
)


@given(some)
def test_all_other_characters_stay(con: duckdb.DuckDBPyConnection, text: str) -> None:
    text = re.sub("[%\0]", "", text)
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    assert polos(con, text) == seen.translate(str.maketrans(FOREIGN, PLAIN))
