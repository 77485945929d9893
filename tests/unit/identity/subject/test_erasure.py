"""What is erased leaves the store at once, entirely, and does not come back with the next delivery."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.home import store
from pipelines.home.rotation import rotate
from pipelines.identity import decisions
from pipelines.identity.subject import erasure
from pipelines.identity.subject.corrections import correct, write_note
from pipelines.identity.subject.find import Held, find
from pipelines.identity.vault import rows_file
from tests.unit.identity.subject.house import AID, BIRTHS, CHILD, FOLDER, REGISTER, ROWS, WARTINI, House, build

NEXT = "ffffffffffff-00000000"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("rumah"))


@pytest.fixture
def house(built: House, tmp_path: Path) -> House:
    return built.copy(tmp_path)


def held(house: House, dataset: str, nik: str = WARTINI) -> list[Held]:
    subjects = find(house.home, house.key, house.library.contracts, nik)
    return [record for s in subjects for record in s.records if record.contract.key == dataset]


def erase(house: House, dataset: str, nik: str = WARTINI) -> int:
    records = held(house, dataset, nik)
    return erasure.erase(house.home, house.key, house.contract(dataset), records, "Budi", "permohonan 14")


def everything(house: House) -> bytes:
    """All that the stores of the home hold, in clear."""
    text = []
    for path in sorted(house.home.identity.rglob("*.duckdb")):
        if path.name != "register.duckdb":  # which the next night makes anew
            with duckdb.connect() as con:
                store.attach(con, path, house.key, "r", read_only=True)
                for (table,) in con.execute(
                    "SELECT table_name FROM duckdb_tables() WHERE database_name = 'r'"
                ).fetchall():
                    text.append(repr(con.execute(f"FROM r.{table}").fetchall()))
    return "".join(text).encode()


def test_the_rows_of_the_person_go_and_the_others_stay(house: House) -> None:
    before = house.stored(AID)
    assert erase(house, AID) == 2
    assert house.stored(AID) == {kunci: row for kunci, row in before.items() if kunci not in ("A1", "A5")}
    path = rows_file(house.home, house.contract(AID), FOLDER)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == [path.name], "nothing is left aside"


def test_not_a_byte_of_them_is_left_in_the_new_file(house: House) -> None:
    """Deleting rows in place would leave them in blocks that are free; so the file is written anew."""
    long = f"Xanthippe {secrets.token_hex(1_000_000)}"
    path = house.deliver(AID, [*ROWS[AID], ("B1", "3302026101700005", long, None, None)], NEXT)
    full = path.stat().st_size
    (subject,) = find(house.home, house.key, house.library.contracts, "3302026101700005")
    assert erasure.erase(house.home, house.key, house.contract(AID), subject.records, "Budi", "uji") == 1
    alone = rows_file(house.home, house.contract(AID), FOLDER)
    assert house.stored(AID, NEXT) == house.stored(AID)
    assert path.stat().st_size == alone.stat().st_size < full
    assert b"Xanthippe" not in everything(house)


def test_the_next_delivery_does_not_bring_them_back(house: House) -> None:
    erase(house, AID)
    house.deliver(AID, [*ROWS[AID], ("A9", None, "Orang Baru", None, None)], NEXT)
    contract = house.contract(AID)
    assert erasure.prune(house.home, house.key, contract) == 2
    assert set(house.stored(AID, NEXT)) == {"A2", "A3", "A4", "A9"}
    assert held(house, AID) == []
    before = rows_file(house.home, contract, NEXT).stat().st_ino
    assert erasure.prune(house.home, house.key, contract) == 0
    assert rows_file(house.home, contract, NEXT).stat().st_ino == before, "nothing to do is nothing done"


def test_a_mark_holds_in_its_own_dataset_and_tells_nothing(house: House) -> None:
    erase(house, AID)
    assert [r.kunci for r in held(house, REGISTER)] == [WARTINI]
    with duckdb.connect() as con:
        decisions.load(con, house.home, house.key)
        rows = con.execute("FROM hapus").fetchall()
    assert len(rows) == 2 and WARTINI not in repr(rows) and "A1" not in repr(rows)


def test_somebody_else_in_the_row_stays(house: House) -> None:
    assert erase(house, BIRTHS) == 1
    ((nik_child, child, nik_mother, mother, kk, phone),) = house.stored(BIRTHS).values()
    assert (nik_child, child, kk) == (CHILD, "Bagas Prakoso", "3302020101100009")
    assert (nik_mother, mother, phone) == (None, None, None), "nobody claims the telephone, so it goes"
    assert held(house, BIRTHS) == [], "nothing is shown of her there, though the link is still known"
    assert erasure.prune(house.home, house.key, house.contract(BIRTHS)) == 0
    assert erase(house, BIRTHS, CHILD) == 1
    ((nik_child, child, *_, kk, _),) = house.stored(BIRTHS).values()
    assert (nik_child, child) == (None, None)


def test_a_row_whose_key_tells_of_the_person_goes_whole(house: House) -> None:
    contract = house.contract(BIRTHS).model_copy(update={"kunci": ["nik_ibu"]})
    records = held(house, BIRTHS)
    assert erasure.erase(house.home, house.key, contract, records, "Budi", "uji") == 1
    assert house.stored(BIRTHS) == {}


def test_decisions_about_the_record_go_too(house: House) -> None:
    records = held(house, AID)
    correct(house.home, house.key, records, "nama", "Wartini Rahasia", "Budi", "uji")
    other = find(house.home, house.key, house.library.contracts, "3302024107900001")[0].records[0]
    correct(house.home, house.key, [other], "nama", "Tetap Ada", "Budi", "uji")
    answer = {"sumber_a": AID, "kunci_a": "A1", "sumber_b": AID, "kunci_b": "A3", "jawaban": "beda", "oleh": "Budi",
              "waktu": datetime(2026, 11, 1), "alasan": None}  # fmt: skip
    decisions.append(house.home, house.key, "jawaban", [answer, {**answer, "kunci_a": "A2"}])
    assert write_note(house.home, house.key, house.contract(AID))
    erase(house, AID)
    with duckdb.connect() as con:
        decisions.load(con, house.home, house.key)
        assert con.execute("SELECT nilai FROM koreksi").fetchall() == [("Tetap Ada",)]
        assert con.execute("SELECT kunci_a FROM jawaban").fetchall() == [("A2",)]
    assert b"Rahasia" not in everything(house)
    decisions.append(house.home, house.key, "jawaban", [answer])  # it can still be added to


def test_stopped_in_the_middle_it_is_finished_by_doing_it_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(erasure, "_rewrite", lambda *_: os._exit(9))
        erase(house, AID)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert "A1" in house.stored(AID)
    assert erase(house, AID) == 2
    assert set(house.stored(AID)) == {"A2", "A3", "A4"}


def test_the_law_may_forbid_it(house: House) -> None:
    assert erasure.refusal(house.contract(AID)) is None
    register = erasure.refusal(house.contract(REGISTER))
    assert register and "Administrasi Kependudukan" in register and "koreksi" in register
    kept = house.contract(AID).model_copy(update={"wajib_simpan": "UU 40/2004 Ps. 15"})
    law = erasure.refusal(kept)
    assert law and "UU 40/2004 Ps. 15" in law


def test_erased_stays_erased_after_a_rotation_of_the_key(house: House) -> None:
    erase(house, AID)
    new = rotate(house.home, lambda *keys: store.rekey(house.home, *keys) and None)
    later = replace(house, key=new)
    later.deliver(AID, ROWS[AID], NEXT)
    assert erasure.prune(house.home, new, house.contract(AID)) == 2
    assert set(later.stored(AID, NEXT)) == {"A2", "A3", "A4"}
