"""Pairs of institutions side by side, what people say about them, and a night that obeys."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.home import Home
from pipelines.identity.institution import answers
from pipelines.identity.institution.answers import AnswerError, answer, answers_file, open_pairs
from pipelines.identity.institution.link import link_institutions
from pipelines.identity.institution.pairs import Pair, Side, note_pairs, pairs
from pipelines.identity.vault import institutions_file
from pipelines.sql import literal
from tests.unit.identity.institution.kit import DESA, KEC, NEXT, Row, insured, listed

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
LISTED = listed("P1", "Klinik Sehat Sentosa", at=0)
INSURED = insured("7", "KLINIK SEHAT SENTOSA", None, 2500)
ABSENT = listed("P2", "Puskesmas Jepang", KEC), insured("8", "Jepang", KEC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "rumah").ensure()


def night(home: Home, *rows: Row) -> set[frozenset[str]]:
    """Link these records in the home, as a night does; which kunci are together."""
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute(
            """CREATE TEMP TABLE masuk (sumber VARCHAR, kunci VARCHAR, jenis VARCHAR, kode_jenis VARCHAR, kode VARCHAR,
            nama VARCHAR, kode_wilayah VARCHAR, lintang DOUBLE, bujur DOUBLE, prioritas INTEGER, tanggal DATE)"""
        )
        con.executemany(f"INSERT INTO masuk VALUES ({', '.join('?' * 11)})", [row.values() for row in rows])
        answers.load(con, home, "jawaban")
        con.execute(f"ATTACH {literal(str(institutions_file(home)))} AS institusi; USE institusi")
        link_institutions(con, "masuk", "jawaban")
        note_pairs(con, "masuk")
        return {frozenset(keys) for (keys,) in con.execute("SELECT list(kunci) FROM xref GROUP BY id").fetchall()}


def lines(home: Home) -> list[list[str]]:
    with answers_file(home).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_doubt_stands_side_by_side_with_its_distance(home: Home) -> None:
    assert open_pairs(home) == [], "no night yet"
    night(home, LISTED, INSURED)
    (pair,) = open_pairs(home)
    assert pair.a == Side("bpjs", "7", "B7", "KLINIK SEHAT SENTOSA", None)
    assert pair.b == Side("dinkes", "P1", "P1", "Klinik Sehat Sentosa", DESA)
    assert (pair.jenis, pair.jarak) == ("faskes", 2500)
    assert 0.3 <= pair.skor < 0.95
    assert pair.cells({DESA: "Mayong Lor"})[-1] == f"{DESA} Mayong Lor"


def test_the_record_that_names_an_institution_best_speaks_for_it(home: Home) -> None:
    mentions = [replace(Row("siswa", "P1", None, "P1", None, None, "kode_faskes"), source=f"s{n}") for n in range(9)]
    night(home, *mentions, LISTED, INSURED)
    (pair,) = pairs(home)
    assert pair.b.nama == "Klinik Sehat Sentosa"


def test_a_number_outlasts_other_records_other_days_and_order(home: Home) -> None:
    night(home, LISTED, INSURED)
    before = [pair.nomor for pair in pairs(home)]
    night(home, replace(INSURED, day=9), Row("siswa", "x", None, "P1", None, None, "kode_faskes"), *ABSENT, LISTED)
    assert set(before) < {pair.nomor for pair in pairs(home)}


def test_same_joins_the_next_night_and_is_asked_no_more(home: Home) -> None:
    apart = {frozenset({"P1"}), frozenset({"7"})}
    assert night(home, LISTED, INSURED) == apart
    (pair,) = open_pairs(home)
    assert answers.mark(home) == ""
    assert answer(home, {pair.nomor: "sama"}, " Siti  Aminah", NOW) == [pair.nomor]
    first = answers.mark(home)
    assert open_pairs(home) == []
    assert answer(home, {pair.nomor: "sama"}, "Budi", NOW) == []
    assert answers.mark(home) == first, "the second time is harmless"
    assert lines(home)[1:] == [
        [pair.nomor, "sama", "Siti Aminah", "2026-11-20T08:30:00+00:00", "bpjs", "7", "KLINIK SEHAT SENTOSA",
         "dinkes", "P1", "Klinik Sehat Sentosa"],
    ]  # fmt: skip
    assert night(home, LISTED, INSURED) == {frozenset({"P1", "7"})}
    assert pairs(home) == []
    # The pair waits no more, yet a person may think again, and again: the last line counts.
    assert answer(home, {pair.nomor: "beda"}, "Budi", NOW) == [pair.nomor]
    assert night(home, LISTED, INSURED) == apart
    assert answer(home, {pair.nomor: "sama"}, "Budi", NOW) == [pair.nomor]
    assert night(home, LISTED, INSURED) == {frozenset({"P1", "7"})}
    assert len(lines(home)) == 4


def test_different_keeps_apart_what_the_rules_would_join_later(home: Home) -> None:
    night(home, LISTED, INSURED)
    answer(home, {pair.nomor: "beda" for pair in open_pairs(home)}, "Budi", NOW)
    near = replace(INSURED, at=5.0, place=DESA)
    assert night(home, LISTED, near) == {frozenset({"P1"}), frozenset({"7"})}
    assert pairs(home) == []


def test_answers_are_taken_together_or_not_at_all(home: Home) -> None:
    night(home, LISTED, INSURED, *ABSENT)
    one, other = (pair.nomor for pair in open_pairs(home))
    with pytest.raises(AnswerError, match="no pair has the number L0000000000"):
        answer(home, {one: "sama", "L0000000000": "beda"}, "Budi", NOW)
    for by in ("  ", "=1+1", "Bu\x07di"):
        with pytest.raises(AnswerError, match="--oleh NAMA"):
            answer(home, {one: "sama"}, by, NOW)
    assert not answers_file(home).exists()
    assert answer(home, {one: "sama", other: "beda"}, "Budi", NOW) == [one, other]
    assert len(lines(home)) == 3
    assert not list(home.register.glob(".aside-*")), "nothing is left aside"


def test_an_answer_about_records_that_are_away_waits_for_them(home: Home) -> None:
    night(home, LISTED, INSURED)
    answer(home, {pair.nomor: "sama" for pair in open_pairs(home)}, "Budi", NOW)
    assert night(home, LISTED) == {frozenset({"P1"})}
    assert night(home, LISTED, INSURED) == {frozenset({"P1", "7"})}


HEADER = ",".join(answers.COLUMNS)


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        ("", 1),
        (HEADER.replace(",", ";"), 1),
        (f"{HEADER}\nL1,sama,Budi,2026,a,1,x,b,2\n", 2),
        (f"{HEADER}\n\nL1,mungkin,Budi,2026,a,1,x,b,2,y\n", 3),
        (f"{HEADER}\nL1,sama,Budi,2026,a,1\0,x,b,2,y\n", 2),
    ],
)
def test_a_damaged_list_stops_everybody_and_is_left_alone(home: Home, damage: str, line: int) -> None:
    night(home, LISTED, INSURED)
    (pair,) = open_pairs(home)
    answers_file(home).write_text(damage, encoding="utf-8")
    with pytest.raises(AnswerError, match=rf"institusi_jawaban.csv, line {line}: .*mend it"):
        night(home, LISTED, INSURED)
    with pytest.raises(AnswerError, match="mend it"):
        answer(home, {pair.nomor: "sama"}, "Budi", NOW)
    assert answers_file(home).read_text(encoding="utf-8") == damage


def test_a_list_that_went_through_a_spreadsheet_is_read_and_only_added_to(home: Home) -> None:
    night(home, LISTED, INSURED, *ABSENT)
    one, other = (pair.nomor for pair in open_pairs(home))
    answer(home, {one: "sama"}, "Budi", NOW)
    hand = b"\xef\xbb\xbf" + answers_file(home).read_bytes().strip().replace(b"\n", b"\r\n")
    answers_file(home).write_bytes(hand)
    assert [pair.nomor for pair in open_pairs(home)] == [other]
    assert answer(home, {one: "sama", other: "sama"}, "Siti", NOW) == [other]
    assert answers_file(home).read_bytes().startswith(hand + b"\n" + other.encode())
    assert night(home, LISTED, INSURED, *ABSENT) == {frozenset({"P1", "7"}), frozenset({"P2", "8"})}


@given(st.tuples(*[st.text(max_size=12)] * 4), st.text(max_size=12))
def test_a_pair_has_one_number_whichever_record_stands_first(keys: tuple[str, str, str, str], name: str) -> None:
    a, b = Side(keys[0], keys[1], None, name, NEXT), Side(keys[2], keys[3], None, None, None)
    assert Pair("faskes", 0.5, None, a, b).nomor == Pair("usaha", 0.9, 1, b, replace(a, nama=None)).nomor


@given(st.text(min_size=1, max_size=20), st.sampled_from(["sama", "beda"]))
@settings(max_examples=20)
@example(text="\r", word="sama")
def test_any_name_and_key_is_read_back_as_it_was_recorded(
    tmp_path_factory: pytest.TempPathFactory, text: str, word: str
) -> None:
    home = Home(tmp_path_factory.mktemp("sembarang")).ensure()
    kept = text.replace("\0", " ").encode(errors="replace").decode()
    with duckdb.connect(str(institutions_file(home))) as con:
        con.execute(
            f"""CREATE TABLE sanding AS SELECT 'faskes', 0.5, NULL, 's', {literal(kept)}, NULL, {literal(kept)}, NULL,
            't', 'k', NULL, NULL, NULL"""
        )
    (pair,) = open_pairs(home)
    assert answer(home, {pair.nomor: word}, "Budi", NOW) == [pair.nomor]
    assert answer(home, {pair.nomor: word}, "Budi", NOW) == []
    assert open_pairs(home) == []
    with duckdb.connect() as con:
        answers.load(con, home, "jawaban")
        row = con.execute("SELECT sumber_a, kunci_a, sumber_b, kunci_b, jawaban FROM jawaban").fetchall()
    assert row == [("s", kept, "t", "k", word)]
