"""Corrected values are used from the next night and told to the produsen that holds the wrong ones."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from pipelines.home import store
from pipelines.identity import decisions
from pipelines.identity.subject.corrections import correct, corrected, write_note
from pipelines.identity.subject.find import ROWS, Held, find
from pipelines.identity.vault import rows_file
from tests.unit.identity.subject.house import AID, BIRTHS, FOLDER, WARTINI, House, build


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("rumah"))


@pytest.fixture
def house(built: House, tmp_path: Path) -> House:
    return built.copy(tmp_path)


def held(house: House, sumber: str, kunci: str) -> list[Held]:
    subjects = find(house.home, house.key, house.library.contracts, WARTINI)
    return [r for s in subjects for r in s.records if (r.sumber, r.kunci) == (sumber, kunci)]


def tonight(house: House, dataset: str, sumber: str) -> dict[str, dict[str, str | None]]:
    """The rows of a dataset as the next night would read them."""
    with duckdb.connect() as con:
        decisions.load(con, house.home, house.key)
        store.attach(con, rows_file(house.home, house.contract(dataset), FOLDER), house.key, "baris", read_only=True)
        found = con.execute(f"SELECT * FROM {corrected(con, ROWS, sumber)} ORDER BY _no")
        names = [column[0] for column in found.description or ()]
        return {row[1]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def fix(house: House, records: list[Held], kolom: str, nilai: str | None) -> None:
    correct(house.home, house.key, records, kolom, nilai, "Budi", "permohonan 12")


def test_without_corrections_rows_are_as_delivered(house: House) -> None:
    with duckdb.connect() as con:
        decisions.load(con, house.home, house.key)
        assert corrected(con, ROWS, AID) == ROWS


def test_the_corrected_value_and_no_other_is_used(house: House) -> None:
    before = tonight(house, AID, AID)
    fix(house, held(house, AID, "A1"), "nama", "Wartini")
    fix(house, held(house, AID, "A1"), "telepon", None)
    after = tonight(house, AID, AID)
    assert after == {**before, "A1": {**before["A1"], "nama": "Wartini", "telepon": None}}
    assert house.stored(AID)["A1"][1] == "WARTINI", "what was delivered stays"


def test_what_the_produsen_delivers_next_counts_again(house: House) -> None:
    fix(house, held(house, AID, "A1"), "nama", "Wartini")
    rows_file(house.home, house.contract(AID), FOLDER).unlink()
    house.deliver(AID, [("A1", WARTINI, "Wartini Sukarno", None, None)])
    assert tonight(house, AID, AID)["A1"]["nama"] == "Wartini Sukarno"


def test_the_last_correction_counts(house: House) -> None:
    for name in ("Wartini", "Wartinah"):
        fix(house, held(house, AID, "A1"), "nama", name)
    assert tonight(house, AID, AID)["A1"]["nama"] == "Wartinah"


def test_a_cell_is_corrected_for_everybody_in_the_row(house: House) -> None:
    fix(house, held(house, f"{BIRTHS}/ibu", "L1"), "kk", "3302020101100010")
    for sumber in (BIRTHS, f"{BIRTHS}/ibu", f"{BIRTHS}/anak"):
        assert tonight(house, BIRTHS, sumber)["L1"]["kk"] == "3302020101100010"


def test_a_dataset_does_not_take_the_corrections_of_another(house: House) -> None:
    fix(house, held(house, f"{BIRTHS}/ibu", "L1"), "telepon", "081200")
    assert tonight(house, AID, AID)["A1"]["telepon"] == "081298765432"


def test_the_produsen_is_told_until_it_delivers_the_right_value(house: House) -> None:
    contract = house.contract(AID)
    assert write_note(house.home, house.key, contract) is None
    fix(house, held(house, AID, "A1"), "nama", "=Wartini")
    fix(house, held(house, AID, "A1"), "lahir", "1990-02-01")
    out = write_note(house.home, house.key, contract)
    assert out == house.home.findings.joinpath(*AID.split("."), "koreksi.csv")
    with out.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    told = [(line["kunci"], line["nik"], line["kolom"], line["nilai_kiriman"], line["nilai_betul"]) for line in lines]
    assert told == [
        ("A1", WARTINI, "lahir", "1990-01-01", "1990-02-01"),
        ("A1", WARTINI, "nama", "WARTINI", "'=Wartini"),
    ]
    text = out.read_text(encoding="utf-8")
    assert "Budi" not in text and "permohonan" not in text and house.samaran("wartini") not in text
    house.deliver(AID, [("A1", WARTINI, "=Wartini", "1990-02-01", None)], "ffffffffffff-00000000")
    assert write_note(house.home, house.key, contract) is None
    assert not out.exists()
