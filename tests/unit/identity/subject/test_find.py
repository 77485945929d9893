"""Everything that is held about a person, and nothing of anybody else."""

from __future__ import annotations

import secrets
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Key, KeyFault, store
from pipelines.identity.subject import corrections
from pipelines.identity.subject.find import Held, Subject, choose, derived, find
from pipelines.identity.vault import register_file
from tests.unit.identity.subject.house import (
    AID,
    ARRIVED,
    BIRTHS,
    CHILD,
    DAMAGED,
    FOLDER,
    REGISTER,
    SHARED,
    WARTINI,
    House,
    build,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("rumah"))


@pytest.fixture
def house(built: House, tmp_path: Path) -> House:
    return built.copy(tmp_path)


def of(subject: Subject) -> dict[tuple[str, str], Held]:
    return {(record.sumber, record.kunci): record for record in subject.records}


def one(house: House, nik: str) -> Subject:
    (subject,) = find(house.home, house.key, house.library.contracts, nik)
    return subject


def test_all_records_of_the_person_are_found_also_those_without_the_nik(house: House) -> None:
    subject = one(house, WARTINI)
    assert subject.id == house.samaran("wartini")
    records = of(subject)
    assert set(records) == {(REGISTER, WARTINI), (AID, "A1"), (AID, "A5"), (f"{BIRTHS}/ibu", "L1")}
    aid = records[AID, "A1"]
    assert aid.isi == {
        "kode_wilayah": "33.02", "nik": WARTINI, "nama": "WARTINI", "lahir": "1990-01-01",
        "telepon": "081298765432",
    }  # fmt: skip
    assert aid.lain == {"nominal": "300000"}
    assert (aid.folder, aid.tiba, aid.peran) == (FOLDER, ARRIVED, "penduduk")
    assert aid.tautan and (aid.tautan.metode, aid.tautan.skor) == ("nik", 0.999)
    assert records[AID, "A5"].isi["nik"] is None
    assert records[REGISTER, WARTINI].tiba is None, "nothing of it is in the archive"


def test_another_person_in_the_same_row_is_not_shown(house: House) -> None:
    mother = of(one(house, WARTINI))[f"{BIRTHS}/ibu", "L1"].isi
    assert mother["ibu"] == "Wartini" and mother["kk"] == "3302020101100009"
    assert {"nik_anak", "anak"}.isdisjoint(mother)
    child = of(one(house, CHILD))[f"{BIRTHS}/anak", "L1"].isi
    assert child["anak"] == "Bagas Prakoso" and {"nik_ibu", "ibu"}.isdisjoint(child)


@pytest.mark.parametrize("written", [DAMAGED, f" {DAMAGED[:6]} {DAMAGED[6:]}", f"'{DAMAGED}"])
def test_a_nik_is_found_as_it_was_written(house: House, written: str) -> None:
    assert one(house, written).id == house.samaran("paijo")


def test_a_shared_nik_gives_each_person_apart_and_a_name_chooses(house: House) -> None:
    found = find(house.home, house.key, house.library.contracts, SHARED)
    assert {subject.id for subject in found} == {house.samaran("slamet"), house.samaran("tukiyem")}
    assert [s.id for s in choose(found, "riyadi  SLAMET")] == [house.samaran("slamet")]
    assert [s.id for s in choose(found, "Tukiyem")] == [house.samaran("tukiyem")]
    assert choose(found, "Slamet Tukiyem") == choose(found, "") == []


def test_a_corrected_nik_finds_the_person(house: House) -> None:
    right = "3302021505700007"
    records = of(one(house, DAMAGED))
    corrections.correct(house.home, house.key, list(records.values()), "nik", right, "Budi", "uji")
    assert one(house, right).id == house.samaran("paijo")


def test_records_that_no_night_has_linked_are_told_apart_by_their_names(house: House) -> None:
    register_file(house.home).unlink()
    found = find(house.home, house.key, house.library.contracts, SHARED)
    assert {(s.id, len(s.records)) for s in found} == {(None, 2), (None, 1)}
    assert all(record.tautan is None for s in found for record in s.records)


def test_a_record_that_came_today_is_shown_with_those_of_its_name(house: House) -> None:
    house.deliver(AID, [("A8", SHARED, "RIYADI, Slamet", None, None), ("A9", SHARED, "Sukimin", None, None)], "f" * 21)
    found = find(house.home, house.key, house.library.contracts, SHARED)
    keys = {subject.id: {record.kunci for record in subject.records} for subject in found}
    assert keys == {house.samaran("slamet"): {SHARED, "A2", "A8"}, house.samaran("tukiyem"): {"A3"}, None: {"A9"}}
    (slamet,) = choose(found, "Slamet Riyadi")
    assert {record.kunci: record.tautan is None for record in slamet.records} == {
        SHARED: False,
        "A2": False,
        "A8": True,
    }


def test_nothing_held_is_no_error_and_what_is_no_nik_is_one(house: House) -> None:
    assert find(house.home, house.key, house.library.contracts, "3301010101010101") == []
    with pytest.raises(ValueError, match="16 digits"):
        find(house.home, house.key, house.library.contracts, "3302")


def test_another_key_opens_nothing(house: House) -> None:
    other = Key(secrets.token_bytes(32), house.key.naming, 1)
    with pytest.raises(KeyFault):
        find(house.home, other, house.library.contracts, WARTINI)


def test_derived_facts_are_counted_by_table(house: House) -> None:
    assert derived(house.home, house.samaran("wartini")) == {"conformed.fct_lahir": 1, "conformed.fct_santunan": 2}
    assert derived(house.home, house.samaran("paijo")) == {}
    (house.home.warehouse / "satudata.duckdb").unlink()
    assert derived(house.home, house.samaran("wartini")) == {}


def test_every_version_in_the_store_is_told(house: House) -> None:
    house.deliver(AID, [("A1", WARTINI, "Wartini", None, None)], "ffffffffffff-00000000")
    records = [r for r in one(house, WARTINI).records if (r.sumber, r.kunci) == (AID, "A1")]
    assert [(r.folder, r.isi["nama"]) for r in sorted(records, key=lambda r: r.folder == FOLDER)] == [
        ("ffffffffffff-00000000", "Wartini"), (FOLDER, "WARTINI"),
    ]  # fmt: skip


def test_stores_are_only_read(house: House) -> None:
    before = {p: p.read_bytes() for p in house.home.identity.rglob("*.duckdb")}
    find(house.home, house.key, house.library.contracts, WARTINI)
    assert {p: p.read_bytes() for p in house.home.identity.rglob("*.duckdb")} == before
    with duckdb.connect() as con:
        store.attach(con, register_file(house.home), house.key, "r")  # nobody holds it
