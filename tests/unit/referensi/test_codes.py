"""What a code looks like: cells as spreadsheets and people leave them, in both systems."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.model import Tingkat
from pipelines.referensi.codes import LENGTHS, LEVELS, Sistem, code_in, level_of, parent_of
from pipelines.referensi.keys import near, slips
from pipelines.sql import literal


def ask(sql: str) -> object:
    row = duckdb.execute(f"SELECT {sql}").fetchone()
    assert row
    return row[0]


@pytest.mark.parametrize(
    ("cell", "system", "code", "level"),
    [
        ("33.02.22.2001", "kemendagri", "33.02.22.2001", "desa_kelurahan"),
        ("3302222001", "kemendagri", "33.02.22.2001", "desa_kelurahan"),
        ("'33 02 22", "kemendagri", "33.02.22", "kecamatan"),
        ("3302.0", "kemendagri", "33.02", "kabupaten_kota"),
        ("31.0", "kemendagri", "31", "provinsi"),
        ("\u200b33\u00a0", "kemendagri", "33", "provinsi"),
        ("33022220", "kemendagri", "33022220", None),  # of no length: never cut up
        ("33.02.", "kemendagri", "33.02.", None),
        ("3302222001", "bps", "3302222001", "desa_kelurahan"),
        ("3302222.0", "bps", "3302222", "kecamatan"),
        ("33.02", "bps", "33.02", None),
        ("Jumlah", "kemendagri", "Jumlah", None),
    ],
)
def test_a_cell_is_read_as_its_system_writes_codes(cell: str, system: Sistem, code: str, level: str | None) -> None:
    assert ask(code_in(literal(cell), system)) == code
    assert ask(level_of(literal(code), system)) == level


@given(st.sampled_from(list(LENGTHS)), st.integers(10**9, 10**10 - 1), st.sampled_from(list(LEVELS)))
def test_a_bare_code_of_any_level_lies_in_the_place_above(system: Sistem, number: int, level: Tingkat) -> None:
    digits = str(number)
    bare = {"kemendagri": (2, 4, 6, 10), "bps": tuple(LENGTHS["bps"].values())}[system]
    depth = list(LEVELS).index(level)
    code = str(ask(code_in(literal(digits[: bare[depth]]), system)))
    assert code.replace(".", "") == digits[: bare[depth]] and ask(level_of(literal(code), system)) == level
    above = str(ask(code_in(literal(digits[: bare[depth - 1]]), system))) if depth else None
    assert ask(parent_of(literal(code), system)) == above


@pytest.mark.parametrize(
    ("one", "other", "lists", "cell"),
    [
        ("sawah", "sawit", False, False),
        ("kudus", "kudos", True, True),
        ("sabiona", "sabiano", True, True),
        ("mandianginkotoselayan", "mandianginkselayan", True, False),  # an abbreviation in one of two lists
        ("karangtengah", "karangtengahlor", True, False),  # of a cell another place
    ],
)
def test_a_cell_may_differ_by_less_than_two_lists(one: str, other: str, lists: bool, cell: bool) -> None:
    a, b = literal(one), literal(other)
    assert ask(near(a, b)) is lists
    assert ask(f"damerau_levenshtein({a}, {b}) <= {slips(f'length({b})', most=2)}") is cell
