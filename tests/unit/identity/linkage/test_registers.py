"""Several registers: who moved is in two of them, and is one person."""

from __future__ import annotations

import pytest

from pipelines.identity.linkage.register import exists


def other(of, **changed):
    """The row of a person in the register of another kabupaten."""
    return of | {"sumber": "register-2", "kunci": "S1", "no_kk": "3302050101250001", "alamat": "Jl. Baru 9",
                 "kode_wilayah": "33.02.05.2004"} | changed  # fmt: skip


@pytest.fixture
def mover(crowd):
    return next(row for row in crowd if row["kunci"] == "R0005")


def test_one_nik_name_and_birth_date_in_two_registers_are_one_person(register, crowd, opd, mover):
    # One record knows the new home, one the old: the two rows of the person do not compete for them.
    at_new = opd(other(mover), "baru", nik=None, nama_ibu=None)
    at_old = opd(mover, "lama", nik=None, nama_ibu=None)
    register.night([*crowd, other(mover), at_new, at_old, opd(mover, "nik")])
    person_id = register.id("register/R0005")
    assert {register.id(key) for key in ("register-2/S1", "opd/baru", "opd/lama", "opd/nik", "latar/L5")} == {person_id}
    assert register.method("opd/nik") == "nik"


@pytest.mark.parametrize(
    "changed", [{"nama": "Kertanegara Wisnubrata"}, {"tanggal_lahir": "1951-02-03"}, {"nik": "3302051203770042"}]
)
def test_another_name_birth_date_or_nik_is_another_person(register, crowd, mover, changed):
    register.night([*crowd, other(mover, **changed)])
    assert not register.same("register-2/S1", "register/R0005")


def test_within_one_register_they_stay_apart(register, crowd, mover):
    again = mover | {"kunci": "R9300"}
    register.night([*crowd, again, other(mover)])
    assert len({register.id(key) for key in ("register/R0005", "register/R9300", "register-2/S1")}) == 3


def test_mover_appears_and_leaves_the_old_register_with_one_key(register, crowd, opd, mover):
    rows = [*crowd, opd(mover, "a")]
    register.night(rows)
    key = register.id("register/R0005")
    register.night([*rows, other(mover)])
    assert register.id("register-2/S1") == register.id("opd/a") == register.id("register/R0005") == key
    once = [row for row in rows if row["kunci"] != "R0005"]
    register.night([*once, other(mover)])
    assert register.id("register-2/S1") == register.id("opd/a") == register.id("latar/L5") == key
    assert register.con.execute("SELECT count(*) FROM redirect").fetchone() == (0,)


def test_two_rows_known_apart_become_one_with_a_redirect_and_part_again_by_an_answer(register, crowd, mover):
    register.night([*crowd, other(mover, nik=None, nama_ibu=None)])
    kept, gone = register.id("register/R0005"), register.id("register-2/S1")
    assert kept != gone
    rows = [*crowd, other(mover)]
    register.night(rows)
    assert register.same("register/R0005", "register-2/S1")
    ((dari, ke),) = register.con.execute("SELECT dari::VARCHAR, ke::VARCHAR FROM redirect").fetchall()
    assert {dari, ke} == {kept, gone}
    register.night(rows, [("register/R0005", "register-2/S1", "beda")])
    assert not register.same("register/R0005", "register-2/S1")
    assert dari not in register.ids().values()


def test_next_nights_are_as_a_first_one(register, crowd, opd, mover):
    rows = [*crowd, other(mover), opd(other(mover), "baru", nik=None)]
    register.night(rows)
    kept = register.ids()
    register.night(rows)
    assert register.ids() == kept
    register.night(rows, anew=True)
    assert register.ids() == kept


def test_the_register_of_another_file_is_not_this_one(register, crowd):
    register.con.execute("ATTACH ':memory:' AS lain; CREATE TABLE lain.main.xref (rid UBIGINT)")
    assert not exists(register.con)
    register.night(crowd)
    assert exists(register.con)
