"""Institutions: which are one across sources, which are not, and what a person is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity.institution.names import fold
from tests.unit.identity.institution.kit import DESA, KAB, KEC, NEXT, Institutions, Row, insured, listed


@pytest.fixture
def register() -> Iterator[Institutions]:
    with duckdb.connect(config={"threads": 1}) as con:
        yield Institutions(con)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("sekolah", "SDN 1 Mayong", "SD Negeri I Mayong"),
        ("sekolah", "S.D.N. 01 MAYONG", "Sekolah Dasar Negeri 1 Mayong"),
        ("sekolah", "SMP N 2 Karang Anyar", "SMPN2 KARANG ANYAR"),
        ("sekolah", "MTsN 1 Kudus", "Madrasah Tsanawiyah Negeri 1 Kudus"),
        ("faskes", "PKM. Mayong II", "UPTD PUSKESMAS MAYONG 2"),
        ("faskes", "RSUD dr. Loekmono", "Rumah Sakit Umum Daerah Dr Loekmono"),
        ("faskes", "PUSKESMAS KARANG ANYAR", "Puskesmas Karanganyar"),
        ("usaha", "PT. Maju Jaya, Tbk", "MAJU JAYA PT"),
    ],
)
def test_two_spellings_of_one_name_are_linked_in_one_desa(register, kind, one, other):
    a, b = listed("P1", one, kind=kind), insured("7", other, kind=kind)
    register.night(a, b)
    assert register.id(a) == register.id(b)
    assert register.of(b)[1] == "nama_wilayah"


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("sekolah", "SDN 1 Mayong", "SDN 2 Mayong"),
        ("sekolah", "SDN III Mayong", "SDN 2 Mayong"),
        ("sekolah", "SDN 1 Mayong", "SMPN 1 Mayong"),
        ("sekolah", "SD Negeri 1 Mayong", "SD Swasta 1 Mayong"),
        ("faskes", "Puskesmas Mayong", "Puskesmas Pembantu Mayong"),
        ("faskes", "Klinik Mayong", "Apotek Mayong"),
        ("faskes", "Klinik Sehat Sentosa", "Klinik Mitra Husada"),
    ],
)
def test_other_number_kind_or_name_is_another_institution_even_on_one_spot(register, kind, one, other):
    a, b = listed("P1", one, at=0, kind=kind), insured("7", other, at=0, kind=kind)
    register.night(a, b)
    assert register.id(a) != register.id(b)
    assert not register.doubts()


def test_same_name_of_another_kind_is_not_compared(register):
    a, b = listed("P1", "Kliwon", kind="pasar"), insured("7", "Kliwon", kind="usaha")
    register.night(a, b)
    assert register.id(a) != register.id(b)


def test_equal_code_of_one_registry_joins_whatever_the_name(register):
    a = listed("P1", "Puskesmas Mayong")
    b = Row("dpmptsp", "x", None, "p-1", None, None, "kode_faskes")
    c = Row("dpmptsp", "y", "PKM Mayong", "P1", KAB, None, "kode_faskes")
    register.night(a, b, c)
    assert register.id(a) == register.id(b) == register.id(c)
    assert {register.of(row)[1] for row in (a, b, c)} == {"kode"}


def test_equal_code_of_two_sources_own_proves_nothing(register):
    a, b = Row("bpjs", "1", "Klinik Sehat", "12", DESA), Row("siloam", "1", "Apotek Waras", "12", DESA)
    register.night(a, b)
    assert register.id(a) != register.id(b)


@pytest.mark.parametrize(("one", "other"), [(DESA, KEC), (KAB, DESA), (KEC, KEC)])
def test_equal_name_in_places_of_which_one_contains_the_other(register, one, other):
    a, b = listed("P1", "Klinik Sehat Sentosa", one), insured("7", "KLINIK SEHAT SENTOSA", other)
    register.night(a, b)
    assert register.id(a) == register.id(b)


@pytest.mark.parametrize(
    ("place", "metres", "said"),
    [
        (None, 80, "same"),
        (None, 900, "same"),
        (None, 2500, "doubt"),
        (None, None, "doubt"),
        ("33", None, "doubt"),
        (NEXT, None, "doubt"),
        (NEXT, 50, "same"),
        ("33.21.01.2001", 50, "doubt"),
        ("33.21.01.2001", None, "other"),
        (DESA, 20_000, "doubt"),
    ],
)
def test_place_and_distance_decide_on_an_equal_name(register, place, metres, said):
    a = listed("P1", "Klinik Sehat Sentosa", at=0)
    b = insured("7", "Klinik Sehat Sentosa", place, metres)
    register.night(a, b)
    assert (register.id(a) == register.id(b)) == (said == "same")
    assert register.doubts() == ({frozenset({"dinkes/P1", "bpjs/7"})} if said == "doubt" else set())
    if said == "same":
        assert register.of(b)[1] == "nama_jarak"


@pytest.mark.parametrize(("place", "metres", "said"), [(DESA, None, "same"), (KEC, None, "doubt"), (KEC, 90, "same")])
def test_letter_wrong_in_the_name_needs_more(register, place, metres, said):
    a, b = listed("P1", "Klinik Sentosa", at=0), insured("7", "Klinik Sentosaa", place, metres)
    register.night(a, b)
    assert (register.id(a) == register.id(b)) == (said == "same")
    assert bool(register.doubts()) == (said == "doubt")


def test_kind_or_number_left_out_is_a_doubt_not_a_link(register):
    a, b = listed("P1", "Puskesmas Mayong 1"), insured("7", "Puskesmas Mayong")
    c, d = listed("P2", "Puskesmas Jepang", KEC), insured("8", "Jepang", KEC)
    register.night(a, b, c, d)
    assert len(register.grouping()) == 4
    assert register.doubts() == {frozenset({"dinkes/P1", "bpjs/7"}), frozenset({"dinkes/P2", "bpjs/8"})}


def test_of_two_that_fit_neither_is_taken_until_a_person_says_which_is_not(register):
    a, b = listed("P1", "SDN 1 Karanganyar", DESA), listed("P2", "SDN 1 Karanganyar", "33.20.05.2001")
    c = insured("7", "SDN 1 Karanganyar", KAB)
    rows = [replace(row, kind="sekolah") for row in (a, b, c)]
    register.night(*rows)
    assert len(register.grouping()) == 3
    assert len(register.doubts()) == 2
    register.night(*rows, answers=[(rows[2], rows[0], "beda")])
    assert register.id(rows[2]) == register.id(rows[1])
    assert not register.doubts()


def test_name_that_everybody_gives_needs_a_point(register):
    many = [listed(f"P{n}", "Warung Makan", f"33.20.02.2{n:03}", kind="usaha") for n in range(300)]
    a = listed("Q1", "Warung Makan", DESA, 0, kind="usaha")
    b, c = insured("7", "Warung Makan", DESA, kind="usaha"), insured("8", "Warung Makan", DESA, 40, kind="usaha")
    register.night(*many, a, b)
    assert register.id(a) != register.id(b)
    register.night(*many, a, c)
    assert register.id(a) == register.id(c)


def test_one_source_with_two_codes_is_never_joined_not_even_through_a_third(register):
    a = listed("P1", "Klinik Sehat Sentosa", at=0)
    b, c = insured("7", "Klinik Sehat Sentosa", at=10), insured("8", "Klinik Sehat Sentosa", at=20)
    register.night(b, c)
    assert register.id(b) != register.id(c)
    register.night(a, b, c)
    assert register.id(b) != register.id(c)


def test_one_list_with_two_codes_for_one_name_and_place_means_two(register):
    register.night(listed("P1", "Klinik Sehat Sentosa", at=0), listed("P2", "Klinik Sehat Sentosa", at=10))
    assert len(register.grouping()) == 2
    assert not register.doubts()


def test_two_codes_of_one_registry_in_two_sources_are_only_asked_about(register):
    a = listed("P1", "Klinik Sehat Sentosa")
    b = Row("dpmptsp", "x", "Klinik Sehat Sentosa", "P2", DESA, None, "kode_faskes")
    register.night(a, b)
    assert register.id(a) != register.id(b)
    assert register.doubts() == {frozenset({"dinkes/P1", "dpmptsp/x"})}
    register.night(a, b, answers=[(a, b, "sama")])
    assert register.id(a) == register.id(b)


def test_same_code_or_same_words_in_one_source_are_one_institution(register):
    rows = [Row("siswa", str(n), "SMP N 1 Jepara", None, KAB, kind="sekolah") for n in range(3)]
    coded = [Row("siswa", f"c{n}", None, "20301", None, None, "npsn", "sekolah") for n in range(2)]
    register.night(*rows, *coded)
    assert register.grouping() == {frozenset({"siswa/0", "siswa/1", "siswa/2"}), frozenset({"siswa/c0", "siswa/c1"})}
    school = Row("disdik", "20301", "SMPN 1 Jepara", "20301", KEC, None, "npsn", "sekolah")
    register.night(*rows, *coded, school)
    assert len(register.grouping()) == 1


@pytest.mark.parametrize("row", [Row("siswa", "1"), Row("siswa", "1", "-"), Row("siswa", "1", None, "0000", DESA, 5.0)])
def test_record_that_names_nothing_is_of_no_institution(register, row):
    register.night(row, listed("P1", None))
    assert register.of(row) is None
    assert len(register.grouping()) == 1


def test_no_chain_leaves_hang_on_the_centre_alone(register):
    a = listed("P1", "Klinik Sehat Sentosa", KEC, 0)
    b = insured("7", "Klinik Sehat Sentosa", KEC, 900)
    c = Row("pajak", "9", "Klinik Sehat Sentosa", "T9", KEC, 1800)
    register.night(b, c)
    assert register.id(b) == register.id(c)
    far = replace(c, at=9000.0)
    register.night(a, replace(b, at=4000.0), far)
    assert len(register.grouping()) == 3
    register.night(a, b, replace(c, place=None, at=2000.0))
    assert register.grouping() == {frozenset({"dinkes/P1", "bpjs/7"}), frozenset({"pajak/9"})}


def test_answers_win_over_code_and_name_and_dont_know_changes_nothing(register):
    a, b = listed("P1", "Klinik Sehat"), Row("dpmptsp", "x", "Klinik Sehat", "P1", DESA, None, "kode_faskes")
    c, d = insured("7", "Klinik Sehat"), insured("8", "Balai Pengobatan Waras")
    register.night(a, b, c, d, answers=[(a, c, "ragu")])
    assert register.grouping() == {frozenset({"dinkes/P1", "dpmptsp/x", "bpjs/7"}), frozenset({"bpjs/8"})}
    old = register.id(a)
    register.night(a, b, c, d, answers=[(a, b, "beda"), (a, c, "beda"), (d, a, "sama")])
    assert register.id(a) == register.id(d) == old
    assert len({old, register.id(b), register.id(c)}) == 3


def test_more_answers_than_anyone_gives_in_a_day_all_count(register):
    ours = [listed(f"P{n}", f"Klinik {chr(65 + n)}andana", f"33.20.01.2{n:03}") for n in range(25)]
    theirs = [insured(f"{n}", f"Balai {chr(65 + n)}ruwita", f"33.20.02.2{n:03}") for n in range(25)]
    register.night(*ours, *theirs, answers=[(a, b, "sama") for a, b in zip(ours, theirs, strict=True)])
    assert [register.id(a) for a in ours] == [register.id(b) for b in theirs]
    assert len(register.grouping()) == 25


@given(st.text(max_size=25), st.sampled_from(["sekolah", "faskes", "usaha", "pasar"]))
def test_any_text_has_one_folded_name_and_folding_ignores_case_and_spaces(text, kind):
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("CREATE TABLE t (jenis VARCHAR, nama VARCHAR)")
        con.executemany("INSERT INTO t VALUES (?, ?)", [(kind, text), (kind, f"  {text} ")])
        fold(con, "t")
        folded = con.execute("SELECT DISTINCT * EXCLUDE (nama) FROM _nama").fetchall()
        assert len(folded) == 1
