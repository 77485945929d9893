"""Small counts of persons are not told, today or by comparing releases, and nothing in the release tells them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.contract.model import Column, Contract
from pipelines.publish import closed
from tests.unit.disclosure.kit import TOTAL, Key, attack, crossed

from .conftest import World, make_contract, persons

SMALL = ("33.01.01", "A")
# Seven digits: found in no file by chance.
COUNTS = crossed(
    {
        SMALL: 3,
        ("33.01.01", "B"): 7309251,
        ("33.01.02", "A"): 6180493,
        ("33.01.02", "B"): 5927164,
        ("33.02.01", "A"): 8361907,
        ("33.02.01", "B"): 9052738,
    }
)


def hidden(world: World, dataset: str = "siswa") -> set[Key]:
    rows = world.rows(dataset, "kode_wilayah, kelompok, banyak, status_nilai")
    assert {status for *_, status in rows} <= {"tersedia", "disembunyikan"}
    assert all((number is None) == (status == "disembunyikan") for *_, number, status in rows)
    return {(place, group) for place, group, _, status in rows if status == "disembunyikan"}


def cells(release: Path) -> Iterator[str]:
    """All text of a release, whatever it is packed in."""
    for path in release.rglob("*"):
        if path.suffix == ".parquet":
            with duckdb.connect() as con:
                yield repr(con.execute(f"FROM read_parquet('{path}')").fetchall())
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield from (book.read(name).decode() for name in book.namelist())
        elif path.is_file():
            yield path.read_bytes().decode("utf-8", "ignore")


def test_what_is_no_longer_protected_is_published_as_it_is_today(world: World) -> None:
    world.persons({("33.01", "A"): 80, ("33.02", "A"): 90})
    world.release(persons())
    world.persons({("33.01", "A"): 81, ("33.02", "A"): 90})
    world.release(persons(lindungi={"tidak": "Sudah diumumkan oleh dinas"}))
    assert world.rows("siswa", "kode_wilayah, banyak") == [("33.01", 81), ("33.02", 90)]


def test_a_small_count_is_hidden_with_what_would_give_it_back(world: World) -> None:
    world.persons(COUNTS)
    result = world.release(persons())
    gone = hidden(world)
    assert SMALL in gone and len(gone) >= 4, "a total of two kinds, and places that add up"
    low, high = attack(COUNTS, gone)[SMALL]
    assert high - low >= 5, "whoever solves all sums does not get it back"
    text = "\n".join(cells(world.latest.resolve()))
    assert not [key for key in gone - {SMALL} if str(COUNTS[key]) in text]
    assert str(COUNTS["33.02", TOTAL]) in text, "the search finds what is there"
    log = json.loads((world.latest / "pengungkapan.json").read_text())
    assert {k["alasan"]: k["nilai"] for k in log["kolom"]} == {"jumlah_kecil": 1, "pelengkap": len(gone) - 1}
    assert log["serangan"]["nilai_dapat_dihitung_kembali"] == 0
    told = world.descriptor("siswa")
    assert told["satudata"]["perlindungan"]["disembunyikan"] == len(gone) == sum(result.hidden["dinas-siswa"].values())
    assert told["satudata"]["asal"][-1]["keterangan"] == f"{len(gone)} nilai disembunyikan"


def test_nothing_to_protect_has_no_status(world: World) -> None:
    world.release(make_contract())
    assert world.descriptor()["satudata"]["perlindungan"] is None
    assert "status_nilai" not in world.csv().decode()


def test_the_same_numbers_are_the_same_release(world: World) -> None:
    world.persons(COUNTS)
    first = world.release(persons())
    world.persons(COUNTS)  # another night builds the same warehouse
    again = world.release(persons())
    assert (again.changed, again.version) == (False, first.version)


def test_what_is_hidden_stays_hidden_when_other_rows_change(world: World) -> None:
    world.persons(COUNTS)
    first = world.release(persons())
    gone = hidden(world)
    later = crossed({**{k: n for k, n in COUNTS.items() if len(k[0]) == 8 and k[1] != TOTAL}, ("33.02.02", "A"): 9})
    world.persons(later)
    second = world.release(persons())
    assert second.changed
    stay = {key for key in gone if later[key] == COUNTS[key]}
    assert stay <= hidden(world)
    low, high = attack(later, hidden(world))[SMALL]
    assert high - low >= 5
    assert not closed.folder(world.home, first.version).exists(), "only the last release is compared with the next"
    kept = closed.folder(world.home, second.version)
    assert kept.stat().st_mode & 0o077 == 0 and (kept / "dinas-siswa.rahasia.parquet").is_file()


def secret(world: World, version: str) -> list[tuple[object, ...]]:
    path = closed.folder(world.home, version) / "dinas-siswa.rahasia.parquet"
    with duckdb.connect() as con:
        return con.execute(f"SELECT kode_wilayah, kelompok, banyak FROM '{path}' ORDER BY ALL").fetchall()


def columns(world: World, version: str) -> list[tuple[object, ...]]:
    path = closed.folder(world.home, version) / "dinas-siswa.terbit.parquet"
    with duckdb.connect() as con:
        return con.execute(f"SELECT name FROM parquet_schema('{path}')").fetchall()


@pytest.mark.parametrize("keyed", [True, False])
def test_a_dataset_that_stays_keeps_its_secret(world: World, keyed: bool) -> None:
    contract = persons() if keyed else persons().model_copy(update={"kunci": []})
    world.persons(COUNTS)
    first = world.release(make_contract(), contract)
    gone, known, columns_then = hidden(world), secret(world, first.version), columns(world, first.version)
    assert len(known) == len(gone)
    world.drop("siswa")
    for n in (2, 3):  # carried twice: the second time from a release that carried it itself
        world.harga(f"('33.01', 2024, 'beras', {n}, NULL, NULL)")
        result = world.release(make_contract(), contract)
        assert result.changed and list(result.carried) == ["dinas.siswa"]
        assert hidden(world) == gone and secret(world, result.version) == known
        assert columns(world, result.version) == columns_then
    world.persons(COUNTS | {("33.02.01", "C"): 8})
    assert "dinas.siswa" in world.release(make_contract(), contract).datasets
    assert gone <= hidden(world)


def open_kind() -> dict[str, object]:
    return {"lindungi": {"tidak": "Sudah diumumkan oleh dinas"}}


INNER = {("33.01.01", "A"): 3, ("33.02.01", "A"): 70, ("33.02.02", "A"): 80}


def told_by_another(world: World) -> None:
    """The kabupaten's counts, and in another dataset, unprotected, the kecamatan's that add up to them."""
    world.persons({("33.01", "A"): 3, ("33.02", "A"): 150})
    world.persons(INNER, "sekolah")


def test_what_cannot_be_protected_is_given_up(world: World) -> None:
    told_by_another(world)
    result = world.release(persons(), persons("sekolah", **open_kind()))
    assert list(result.datasets) == ["dinas.sekolah"]
    assert "cannot protect" in result.left_out["dinas.siswa"]
    assert not (world.latest / "dinas-siswa").exists()


def with_note(world: World) -> Contract:
    """What once published a column of notes, which no contract publishes today: that edition may not stay."""
    contract = persons()
    contract.kolom["catatan"] = Column(dari=["Catatan"], standar="teks", terbit=True)
    with duckdb.connect(str(world.warehouse)) as con:
        con.execute("ALTER TABLE open_data.dinas__siswa ADD catatan VARCHAR")
    return contract


def test_what_is_given_up_and_may_no_longer_leave_is_not_carried_over(world: World) -> None:
    world.persons({("33.01", "A"): 30, ("33.02", "A"): 150})
    assert "dinas.siswa" in world.release(with_note(world)).datasets
    told_by_another(world)
    result = world.release(persons(), persons("sekolah", **open_kind()))
    assert result.refused["dinas.siswa"][0].kolom == "catatan"
    assert "dinas.siswa" in result.left_out and not (world.latest / "dinas-siswa").exists()


def test_an_edition_that_may_not_stay_is_known_all_the_same(world: World) -> None:
    world.persons({("33.01", "A"): 3, ("33.02", "A"): 150})
    world.release(with_note(world))
    gone = hidden(world)
    told_by_another(world)
    result = world.release(persons(), persons("sekolah", **open_kind()))
    assert list(result.datasets) == ["dinas.siswa"] and hidden(world) == gone


def test_a_dataset_that_stays_is_seen_by_the_protection_of_others(world: World) -> None:
    world.persons(INNER, "sekolah")
    world.release(persons("sekolah", **open_kind()))
    told_by_another(world)
    world.drop("sekolah")
    result = world.release(persons(), persons("sekolah", **open_kind()))
    assert list(result.carried) == ["dinas.sekolah"]
    assert "cannot protect" in result.left_out["dinas.siswa"]


def test_what_was_hidden_is_not_told_by_a_dataset_that_comes_later(world: World) -> None:
    world.persons({("33.01", "A"): 3, ("33.02", "A"): 150})
    world.release(persons())
    gone = hidden(world)
    told_by_another(world)
    world.persons({("33.01", "A"): 3, ("33.02", "A"): 150, ("33.03", "A"): 60})
    result = world.release(make_contract(), persons(), persons("sekolah", **open_kind()))
    assert sorted(result.datasets) == ["dinas.harga", "dinas.siswa"], "the rest is published, with what is new in it"
    assert "was hidden in dinas-siswa" in result.left_out["dinas.sekolah"]
    assert ("33.01", "A") in gone <= hidden(world)
    log = json.loads((world.latest / "pengungkapan.json").read_text())
    assert log["serangan"]["nilai_dapat_dihitung_kembali"] == log["serangan"]["nilai_sudah_terbit_sebelumnya"] == 0


def test_a_dataset_that_changes_so_that_it_tells_keeps_its_last_edition(world: World) -> None:
    world.persons({("33.01", "A"): 3, ("33.02", "A"): 150})
    world.persons({("33.02.01", "A"): 70, ("33.02.02", "A"): 80}, "sekolah")
    both = persons(), persons("sekolah", **open_kind())
    assert sorted(world.release(*both).datasets) == ["dinas.sekolah", "dinas.siswa"]
    before = world.csv("sekolah")
    world.persons(INNER, "sekolah")
    result = world.release(make_contract(), *both)
    assert list(result.carried) == ["dinas.sekolah"] and world.csv("sekolah") == before
    assert "dinas.harga" in result.datasets and ("33.01", "A") in hidden(world)
