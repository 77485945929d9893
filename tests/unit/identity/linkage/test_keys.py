"""Keys last: through other orders, corrections, merges and splits."""

from __future__ import annotations

import random

import pytest

from tests.unit.identity.conftest import person


def test_same_inputs_give_the_same_keys_in_any_order(register, crowd, opd):
    rows = [*crowd, opd(person(3)), opd(person(4), "y", nik=None)]
    register.night(rows)
    first = register.ids()
    register.con.execute("DROP TABLE xref; DROP TABLE redirect; DROP TABLE lampau; DROP TABLE model; DROP TABLE tinjau")
    random.Random(4).shuffle(rows)
    register.night(rows)
    assert register.ids() == first


@pytest.mark.parametrize("anew", [False, True])
def test_keys_stay_on_the_next_night(register, crowd, anew):
    register.night(crowd)
    first = register.ids()
    register.night(crowd[::-1], anew=anew)
    assert register.ids() == first
    assert register.con.execute("SELECT count(*) FROM redirect").fetchone() == (0,)


def test_corrected_nik_keeps_the_key(register, crowd, opd):
    wrong = opd(person(5), nik="3399990101900001")
    register.night([*crowd, wrong])
    before = register.id("register/R0005")
    changed = [row | {"nik": "3301014101900123"} if row["kunci"] == "R0005" else row for row in crowd]
    register.night([*changed, opd(person(5), nik="3301014101900123")])
    assert register.id("register/R0005") == register.id("opd/x") == before


def test_marriage_and_moving_keep_the_key(register, crowd, opd):
    register.night([*crowd, opd(person(5))])
    before = register.id("opd/x")
    register.night(
        [
            *crowd,
            opd(
                person(5),
                nama="Ny. Bambang",
                kode_wilayah="33.02.05.2004",
                no_kk="3302050101250001",
                alamat="Jl. Lain 4",
            ),
        ]
    )
    assert register.id("opd/x") == before


def stranger(opd, key, **other):
    """A person whom the register does not know."""
    return opd(person(6), key, nik="3301011203770042", nama="Kertanegara Wisnubrata", tanggal_lahir="1977-03-12",
               nama_ibu="Tunggadewi", no_kk="3301010101207777", jenis_kelamin="L", **other)  # fmt: skip


def test_person_unknown_to_the_register_gets_a_key_that_lasts_when_it_arrives(register, crowd, opd):
    register.night([*crowd, stranger(opd, "a"), stranger(opd, "b")])
    before = register.id("opd/a")
    assert register.id("opd/b") == before
    arrived = stranger(opd, "z") | {"sumber": "register", "kunci": "R9100"}
    register.night([*crowd, stranger(opd, "a"), stranger(opd, "b"), arrived])
    assert register.id("register/R9100") == register.id("opd/a") == register.id("opd/b") == before


def test_record_that_was_away_comes_back_with_its_key(register, crowd, opd):
    register.night([*crowd, stranger(opd, "a")])
    before = register.id("opd/a")
    register.night(crowd)
    register.night([*crowd, stranger(opd, "a")])
    assert register.id("opd/a") == before


def test_two_keys_found_to_be_one_leave_a_redirect(register, crowd, opd):
    other = {
        "nik": None,
        "no_kk": None,
        "nama": "Wisnu",
        "tanggal_lahir": "1977-01-01",
        "nama_ibu": None,
        "alamat": None,
    }
    rows = [*crowd, stranger(opd, "a"), stranger(opd, "b"), stranger(opd, "c") | other]
    register.night(rows)
    kept, gone = register.id("opd/a"), register.id("opd/c")
    assert kept != gone
    register.night(rows, [("opd/c", "opd/a", "sama")])
    assert register.id("opd/c") == kept
    assert register.method("opd/c") == "tinjau"
    assert register.con.execute("SELECT dari::VARCHAR, ke::VARCHAR FROM redirect").fetchall() == [(gone, kept)]


def test_split_by_a_reviewed_answer_gives_a_new_key_and_the_old_stays(register, crowd, opd):
    rows = [*crowd, opd(person(15), "a"), opd(person(15), "b")]
    register.night(rows)
    old = register.id("opd/a")
    answer = [("opd/b", "register/R0015", "beda")]
    register.night(rows, answer)
    assert register.id("opd/a") == register.id("register/R0015") == old
    new = register.id("opd/b")
    assert new != old
    register.night(rows, answer, anew=True)
    assert register.id("opd/b") == new


def test_answers_win_over_the_nik_itself_and_the_latest_counts(register, crowd, opd):
    rows = [*crowd, opd(person(15), "a")]
    register.night(rows, [("opd/a", "register/R0015", "beda")])
    assert not register.same("opd/a", "register/R0015")
    register.night(rows, [("opd/a", "register/R0015", "sama")])
    assert register.same("opd/a", "register/R0015")


def test_answer_same_about_two_register_rows_joins_them_and_redirects(register, crowd):
    register.night(crowd)
    keys = {register.id("register/R0001"), register.id("register/R0002")}
    register.night(crowd, [("register/R0001", "register/R0002", "sama")])
    assert register.same("register/R0001", "register/R0002")
    assert register.same("latar/L1", "latar/L2")
    ((dari, ke),) = register.con.execute("SELECT dari::VARCHAR, ke::VARCHAR FROM redirect").fetchall()
    assert {dari, ke} == keys
    assert register.id("register/R0001") == ke


def test_answer_same_takes_one_record_over_not_the_register_person(register, crowd, opd):
    rows = [*crowd, opd(person(16), "a")]
    register.night(rows, [("opd/a", "register/R0017", "sama"), ("opd/a", "register/R0016", "beda")])
    assert register.same("opd/a", "register/R0017")
    assert not register.same("register/R0016", "register/R0017")
    assert register.same("latar/L16", "register/R0016")


def test_split_key_is_never_given_again(register, crowd, opd):
    rows = [*crowd, stranger(opd, "a"), stranger(opd, "b")]
    register.night(rows)
    register.night(rows, [("opd/a", "opd/b", "beda")])
    second = {register.id("opd/a"), register.id("opd/b")}
    assert len(second) == 2
    register.night(rows, [("opd/a", "opd/b", "sama")])
    assert register.id("opd/a") in second
    redirected = {row[0] for row in register.con.execute("SELECT dari::VARCHAR FROM redirect").fetchall()}
    assert redirected == second - {register.id("opd/a")}
    register.night(rows, [("opd/a", "opd/b", "beda")])
    third = {register.id("opd/a"), register.id("opd/b")}
    assert len(third) == 2 and not third & redirected


def test_doubtful_pairs_wait_for_a_person_and_leave_when_answered(register, crowd, opd):
    one = person(11) | {"tanggal_lahir": "2015-06-06", "nama": "Aisyah Putri", "nik": "3301014606150001"}
    other = one | {"kunci": "R9200", "nik": "3301014606150002", "nama": "Aisyah Rahayu"}
    rows = [row for row in crowd if row["kunci"] not in ("R0011", "L11")] + [
        one,
        other,
        opd(one, nik=None, nama="Aisyah"),
    ]
    register.night(rows)
    waiting = {frozenset(("opd/x", "register/R0011")), frozenset(("opd/x", "register/R9200"))}
    assert register.review() == waiting
    assert register.id("opd/x") not in (register.id("register/R0011"), register.id("register/R9200"))
    register.night(rows)
    assert register.review() == waiting
    register.night(rows, [("opd/x", "register/R9200", "sama"), ("opd/x", "register/R0011", "beda")])
    assert register.same("opd/x", "register/R9200")
    assert register.review() == set()


def test_next_night_links_only_what_changed_but_to_the_same_result(register, crowd, opd):
    rows = [*crowd, opd(person(3), "a", nik=None)]
    first = register.night(rows)
    more = [*rows, opd(person(4), "b", nik=None), opd(person(9), "c")]
    second = register.night(more)
    assert second.model == first.model
    assert register.same("opd/b", "register/R0004")
    kept = register.ids()
    register.night(more, anew=True)
    assert register.ids() == kept


@pytest.mark.parametrize("other", [{}, {"nama": "Hayam Wuruk"}])
@pytest.mark.parametrize("new", [False, True])
def test_repeated_key_is_refused_on_the_next_night_too(register, crowd, opd, other, new):
    register.night(crowd)
    twice = [opd(person(3)), opd(person(3), **other)] if new else [crowd[3] | other]
    with pytest.raises(ValueError, match=f"1 in {twice[0]['sumber']}"):
        register.night([*crowd, *twice])
    # Nothing of it stays: the same state links the next night.
    register.night([*crowd, opd(person(3))])
    assert register.same("opd/x", "register/R0003")
