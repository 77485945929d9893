"""Families: which one a record belongs to, and what becomes of its key when the cards change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.identity import families
from pipelines.identity.families import link_families

A, B, C, D = "3374010101010001", "3374010101010002", "3374010101010003", "3374010101010004"


@dataclass(frozen=True)
class Row:
    """One record; the n-th person has the n-th UUID."""

    source: str
    key: str
    card: str | None
    person: int | None = None
    day: int = 1

    def values(self) -> list[object]:
        who = None if self.person is None else UUID(int=self.person)
        return [self.source, self.key, self.card, who, self.source.startswith("register"), date(2026, 1, self.day)]


def member(n: int, card: str | None, source: str = "register", day: int = 1) -> Row:
    """The n-th person on a card."""
    return Row(source, f"{source[0]}{n}", card, n, day)


def card(number: str, *persons: int) -> list[Row]:
    """A card of the register."""
    return [member(n, number) for n in persons]


class Families:
    """A connection in which families are linked night after night."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def night(self, *rows: Row) -> None:
        self.con.execute(
            """CREATE OR REPLACE TABLE masuk (sumber VARCHAR, kunci VARCHAR, no_kk VARCHAR, id_penduduk UUID,
            daftar BOOLEAN, tanggal DATE)"""
        )
        if rows:
            self.con.executemany("INSERT INTO masuk VALUES (?, ?, ?, ?, ?, ?)", [row.values() for row in rows])
        link_families(self.con, "masuk")

    def of(self, row: Row) -> tuple[str, str] | None:
        """(id, metode) of a record."""
        found = self.con.execute(
            "SELECT id::VARCHAR, metode FROM xref WHERE sumber = ? AND kunci = ?", [row.source, row.key]
        ).fetchall()
        assert len(found) <= 1
        return found[0] if found else None

    def home(self, n: int) -> str | None:
        """Today's family of the n-th person."""
        found = self.con.execute("SELECT id_keluarga::VARCHAR FROM anggota WHERE id_penduduk = ?", [UUID(int=n)])
        rows = found.fetchall()
        assert len(rows) <= 1
        return str(rows[0][0]) if rows else None

    def grouping(self) -> set[frozenset[str]]:
        rows = self.con.execute("SELECT list(sumber || kunci) FROM xref GROUP BY id").fetchall()
        return {frozenset(row[0]) for row in rows}

    def redirects(self) -> list[tuple[str, str]]:
        return self.con.execute("SELECT dari::VARCHAR, ke::VARCHAR FROM redirect").fetchall()


@pytest.fixture
def register() -> Iterator[Families]:
    with duckdb.connect() as con:
        yield Families(con)


def test_number_the_register_knows_is_the_family(register):
    aid = member(9, A, "bantuan")
    register.night(*card(A, 1, 2), *card(B, 3), aid)
    assert register.of(aid) == (register.home(1), "no_kk")
    assert register.home(9) == register.home(1) == register.home(2) != register.home(3)


@pytest.mark.parametrize("wrong", [None, "3374019999999999"])
def test_wrong_or_missing_number_finds_the_family_of_its_person(register, wrong):
    aid = member(1, wrong, "bantuan")
    register.night(*card(A, 1, 2), aid)
    assert register.of(aid) == (register.home(2), "anggota")
    assert register.grouping() == {frozenset({"registerr1", "registerr2", "bantuanb1"})}


def test_number_elsewhere_is_a_family_too_also_without_persons(register):
    one, two, other = Row("dtks", "1", C), Row("bantuan", "7", C), Row("dtks", "2", D)
    register.night(*card(A, 1), one, two, other)
    assert register.of(one) == register.of(two)
    assert register.of(one)[1] == "no_kk"
    assert register.of(other)[0] != register.of(one)[0]


def test_person_known_only_elsewhere_keeps_to_one_family_where_a_number_is_missing(register):
    known, bare = member(5, C, "dtks"), member(5, None, "bantuan", day=9)
    register.night(known, bare)
    assert register.of(bare) == (register.of(known)[0], "anggota")


def test_person_without_any_card_is_a_family_and_nobody_is_none(register):
    alone, again, nobody = member(5, None, "dtks"), member(5, None, "bantuan"), Row("dtks", "x", None)
    register.night(alone, again, nobody)
    assert register.of(alone) == register.of(again) == (register.home(5), "sendiri")
    assert register.of(nobody) is None


def test_number_typed_to_fill_the_field_joins_nobody_but_a_large_card_of_the_register_does(register):
    crowd = range(100, 101 + families.MOST)
    register.night(*(member(n, D, "bantuan") for n in crowd))
    assert {register.of(member(n, D, "bantuan"))[1] for n in crowd} == {"sendiri"}
    register.night(*card(D, *crowd))
    assert len({register.home(n) for n in crowd}) == 1


def test_home_is_the_registers_word_then_the_most_recent(register):
    register.night(*card(A, 1), member(1, B, "dtks", day=9), member(2, B, "dtks", day=3), member(2, C, "jkn", day=5))
    assert register.home(1) == register.of(member(1, A))[0]
    assert register.home(2) == register.of(member(2, C, "jkn"))[0]
    moved = [member(1, A), member(1, B, "register.lain", day=5)]
    register.night(*moved, *card(A, 7))
    assert register.home(1) == register.of(moved[1])[0] != register.home(7)


def test_renumbered_card_keeps_its_key_and_leaves_no_redirect(register):
    register.night(*card(A, 1, 2, 3), *card(B, 4))
    before = register.home(1)
    register.night(*card(C, 1, 2, 3, 5), *card(B, 4))
    assert register.home(1) == register.home(5) == before
    assert register.redirects() == []


def test_couple_that_marries_out_gets_a_new_key(register):
    register.night(*card(A, 1, 2, 3), *card(B, 4, 5, 6))
    old = {register.home(1), register.home(4)}
    register.night(*card(A, 1, 2), *card(B, 4, 5), *card(C, 3, 6))
    assert {register.home(1), register.home(4)} == old
    assert register.home(3) == register.home(6) not in old


def test_couple_of_two_who_lived_alone_gets_a_new_key_too(register):
    register.night(*card(A, 1), *card(B, 2))
    old = {register.home(1), register.home(2)}
    register.night(*card(C, 1, 2))
    assert register.home(1) == register.home(2) not in old
    assert register.redirects() == []


def test_number_that_stays_keeps_the_key_even_when_most_leave_it(register):
    register.night(*card(A, 1, 2, 3))
    before = register.home(1)
    register.night(*card(A, 1), *card(B, 2, 3))
    assert register.home(1) == before != register.home(2)


def test_split_of_a_card_given_up_leaves_the_key_with_the_greater_part(register):
    register.night(*card(A, 1, 2, 3, 4, 5))
    before = register.home(1)
    register.night(*card(B, 1, 2), *card(C, 3, 4, 5))
    assert register.home(3) == before != register.home(1)


def test_moving_in_with_others_takes_no_key_along(register):
    register.night(*card(A, 1, 2, 3, 4), *card(B, 5))
    kept = register.home(5)
    register.night(*card(B, 1, 2, 3, 4, 5), member(1, A, "bantuan"))
    assert register.home(1) == register.home(5) == kept
    assert register.redirects() == []


def test_card_that_was_away_comes_back_with_its_key(register):
    register.night(*card(A, 1, 2), *card(B, 3), member(9, None, "dtks"))
    before = [register.home(n) for n in (1, 9)]
    register.night(*card(B, 3))
    assert register.home(1) is None
    register.night(*card(A, 1, 2), *card(B, 3), member(9, None, "dtks"))
    assert [register.home(n) for n in (1, 9)] == before


def test_number_holds_the_key_when_every_record_of_the_card_has_another_kunci(register):
    register.night(*card(A, 1, 2), *card(B, 3))
    before = register.home(1), register.home(3)
    register.night(*(Row("register", f"new{n}", number, n) for n, number in ((1, A), (2, A), (3, B))))
    assert (register.home(1), register.home(3)) == before


def test_coming_back_to_another_family_is_no_reason_to_redirect(register):
    register.night(*card(A, 1), *card(B, 2, 3))
    kept = register.home(2)
    register.night(*card(B, 2, 3))
    register.night(*card(B, 1, 2, 3))
    assert register.home(1) == register.home(2) == kept
    assert register.redirects() == []


def test_number_given_out_again_does_not_give_the_key_again(register):
    register.night(*card(A, 1, 2))
    first = register.home(1)
    register.night(*card(B, 1, 2))
    register.night(*card(B, 1, 2), *card(A, 7, 8))
    assert register.home(1) == first != register.home(7)
    register.night()
    register.night(*card(A, 9))
    assert register.home(9) != first
    register.night(*card(A, 9), *card(B, 1, 2))
    assert register.home(1) == first


def test_family_known_elsewhere_keeps_its_key_when_the_register_arrives(register):
    seen = member(1, None, "dtks")
    register.night(seen)
    before = register.home(1)
    register.night(seen, *card(A, 1, 2, 3))
    assert register.home(2) == register.of(seen)[0] == before


def test_wrong_number_found_out_redirects_to_the_family(register):
    wrong = Row("dtks", "1", C)
    register.night(*card(A, 1, 2), wrong)
    gone, kept = register.of(wrong)[0], register.home(1)
    register.night(*card(A, 1, 2), Row("dtks", "1", A))
    assert register.of(wrong)[0] == kept
    assert register.redirects() == [(gone, kept)]


def test_second_night_of_the_same_changes_nothing(register):
    rows = [*card(A, 1, 2), *card(B, 3), member(1, None, "dtks"), member(9, D, "dtks"), Row("jkn", "1", D)]
    register.night(*rows)
    tables = ("xref", "anggota", "redirect", "lampau")
    first = [set(register.con.execute(f"FROM {t}").fetchall()) for t in tables]
    register.night(*reversed(rows))
    assert [set(register.con.execute(f"FROM {t}").fetchall()) for t in tables] == first


def test_repeated_key_is_refused_without_saying_it(register):
    with pytest.raises(ValueError, match=r"1 in register.*unique") as refusal:
        register.night(member(1, A), member(1, B))
    assert "r1" not in str(refusal.value)


_ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from(["register", "register.lain", "dtks", "jkn"]),
        st.sampled_from("123456"),
        st.sampled_from([None, A, B, C]),
        st.one_of(st.none(), st.integers(1, 5)),
        st.integers(1, 3),
    ),
    unique_by=lambda row: (row.source, row.key),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_grouping_is_that_of_tonights_rows_in_any_order_after_any_nights(nights, random):
    with duckdb.connect(config={"threads": 1}) as con, duckdb.connect(config={"threads": 1}) as other:
        lived, fresh = Families(con), Families(other)
        redirected: set[str] = set()
        for rows in nights:
            lived.night(*rows)
            redirected |= {dari for dari, _ in lived.redirects()}
            ids = {row[0] for row in con.execute("SELECT DISTINCT id::VARCHAR FROM xref").fetchall()}
            assert not ids & redirected
            waiting = con.execute("SELECT count(*) FROM (SELECT rid FROM lampau GROUP BY rid HAVING count(*) > 1)")
            assert waiting.fetchone() == (0,)
        shuffled = random.sample(nights[-1], len(nights[-1]))
        fresh.night(*shuffled)
        assert lived.grouping() == fresh.grouping()
        members = "SELECT list(id_penduduk ORDER BY id_penduduk) FROM anggota GROUP BY id_keluarga ORDER BY ALL"
        assert con.execute(members).fetchall() == other.execute(members).fetchall()
