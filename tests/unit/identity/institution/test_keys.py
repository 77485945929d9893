"""Institutions: what keeps their keys, and what is known of them since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.identity.institution.kit import DESA, KAB, KEC, METRE, NEXT, Institutions, Row, insured, listed


@pytest.fixture
def register() -> Iterator[Institutions]:
    with duckdb.connect(config={"threads": 1}) as con:
        yield Institutions(con)


def test_changed_name_and_moved_point_keep_the_key(register):
    a, other = listed("P1", "Klinik Sehat", at=0), listed("P2", "Puskesmas Mayong", at=5000)
    register.night(a, other)
    before = register.id(a)
    register.night(replace(a, name="Klinik Waras", at=7000.0), other)
    assert register.id(a) == before
    register.night(other)
    register.night(replace(a, name="Klinik Utama"), other)
    assert register.id(a) == before
    assert not register.redirects()


def test_key_outlives_the_kunci_of_a_source_that_is_made_of_what_it_says(register):
    named = Row("pajak", "abc", "Klinik Sehat Sentosa", None, DESA, 0)
    coded = listed("P1", "Puskesmas Mayong", at=5000)
    register.night(named, coded)
    first, second = register.id(named), register.id(coded)
    renamed, corrected = replace(named, key="def", name="Klinik Sentosa Jaya"), replace(coded, key="P2", code="P2")
    register.night(renamed, corrected)
    assert (register.id(renamed), register.id(corrected)) == (first, second)
    moved = replace(renamed, key="ghi", at=800.0)
    register.night(moved, corrected)
    assert register.id(moved) == first


def test_two_found_to_be_one_leave_a_redirect_and_a_split_key_is_not_given_again(register):
    a, b = listed("P1", "Klinik Sehat Sentosa"), insured("7", "Klinik Waras")
    register.night(a, b)
    kept, gone = register.id(a), register.id(b)
    register.night(a, replace(b, name="Klinik Sehat Sentosa"))
    assert register.id(b) == kept
    assert register.redirects() == [(gone, kept)]
    register.night(a, b)
    assert register.id(a) == kept
    assert register.id(b) not in (kept, gone)


def test_key_tells_nothing_of_the_row_it_was_first_seen_in(register):
    pupil = Row("siswa", "3320014107100001", "SMPN 1 Jepara", None, KAB, kind="sekolah")
    register.night(pupil)
    before = register.id(pupil)
    register.con.execute("DROP TABLE xref; DROP TABLE redirect; DROP TABLE lampau; DROP TABLE rekam")
    register.night(replace(pupil, key="another"))
    assert register.id(replace(pupil, key="another")) == before


def test_best_known_of_each_field_with_its_source(register):
    a = listed("P1", None, KEC, priority=1)
    b = Row("dpmptsp", "x", "Klinik Lama", "P1", None, 5.0, "kode_faskes", priority=2, day=3)
    c = Row("dpmptsp", "y", "Klinik Baru", "P1", None, None, "kode_faskes", priority=2, day=9)
    d = insured("7", "Klinik Baru", DESA, 9.0, priority=3)
    register.night(a, b, c, d)
    register.known(date(2026, 1, 9))
    row = register.con.execute("SELECT jenis, kode, nama, kode_wilayah, lintang, sumber FROM emas").fetchall()
    assert row == [("faskes", "P1", "Klinik Baru", KEC, pytest.approx(-6.6 + 5 * METRE), "dinkes")]


def test_history_has_a_row_for_each_change_and_none_for_a_second_call(register):
    a = listed("P1", "Klinik Sehat")
    first, second, third, fourth = (date(2026, month, 1) for month in (1, 2, 3, 4))
    register.night(a)
    register.known(first)
    register.known(first)
    register.known(second)
    begun = ("Klinik Sehat", False, "dinkes", first)
    assert register.history() == [(*begun, None)]
    register.night(replace(a, name="Klinik Wara"))
    register.known(third)
    register.night(replace(a, name="Klinik Waras"))
    register.known(third)
    register.known(third)
    assert register.history() == [(*begun, third), ("Klinik Waras", False, "dinkes", third, None)]
    register.night()
    register.known(fourth)
    assert register.history() == [(*begun, third), ("Klinik Waras", False, "dinkes", third, fourth)]
    register.night(replace(a, name="Klinik Waras"))
    register.known(first)  # a clock that went back
    assert register.history() == [(*begun, third), ("Klinik Waras", False, "dinkes", third, None)]


def test_second_night_of_the_same_changes_nothing(register):
    rows = [listed("P1", "Klinik Sehat", at=0), insured("7", "Klinik Sehat", at=9), insured("8", "Kliniq Sehat", KEC),
            Row("pajak", "1", "Klinik Sehat", None, None)]  # fmt: skip
    register.night(*rows)
    tables = ("xref", "tinjau", "redirect", "lampau", "rekam")
    first = [set(register.con.execute(f"FROM {t}").fetchall()) for t in tables]
    register.night(*reversed(rows))
    assert [set(register.con.execute(f"FROM {t}").fetchall()) for t in tables] == first


def test_repeated_key_is_refused(register):
    with pytest.raises(ValueError, match=r"1 in dinkes.*unique"):
        register.night(listed("P1", "A"), listed("P1", "B"))


_NAMES = [
    "Klinik Sehat",
    "KLINIK  SEHAT",
    "Klinik Sehatt",
    "Klinik Sehat 2",
    "PKM Mayong I",
    "Puskesmas Mayong 1",
    None,
]
_ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from(["dinkes", "bpjs", "pajak"]),
        st.sampled_from("123456"),
        st.sampled_from(_NAMES),
        st.sampled_from([None, "P1", "P2", "000"]),
        st.sampled_from([None, DESA, NEXT, KEC, KAB, "33.21.01.2001"]),
        st.sampled_from([None, 0.0, 80.0, 2500.0]),
        st.sampled_from([None, "kode_faskes"]),
        priority=st.integers(1, 2),
    ),
    unique_by=lambda row: (row.source, row.key),
    max_size=10,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_grouping_is_that_of_tonights_rows_in_any_order_after_any_nights(nights, random):
    with duckdb.connect(config={"threads": 1}) as con, duckdb.connect(config={"threads": 1}) as other:
        lived, fresh = Institutions(con), Institutions(other)
        for rows in nights:
            lived.night(*rows)
            ids = {row[0] for row in con.execute("SELECT DISTINCT id::VARCHAR FROM xref").fetchall()}
            assert not ids & {dari for dari, _ in lived.redirects()}
        fresh.night(*random.sample(nights[-1], len(nights[-1])))
        assert lived.grouping() == fresh.grouping()
        assert lived.doubts() == fresh.doubts()
        for row in nights[-1]:
            assert (lived.of(row) or ("", ""))[1] == (fresh.of(row) or ("", ""))[1]
