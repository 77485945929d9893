"""A dataset that a person approves: it waits for a draft, and the draft for a name and a reason."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.publish import ReleaseError, closed
from pipelines.release import approval, public_file, verify, withdraw

from .conftest import NOW, World, content, make_contract, persons, text_contract


def waiting(**changes: object) -> Contract:
    """A contract whose releases a person approves."""
    return text_contract().model_copy(update={"persetujuan": "walidata", **changes})


def leftovers(world: World) -> list[str]:
    folder = world.home.root / "draft"
    return [p.name for p in folder.iterdir()] if folder.is_dir() else []


def test_the_night_holds_it_and_a_person_releases_it(world: World) -> None:
    world.text("satu")
    night = world.release(make_contract(), waiting())
    assert (night.held, list(night.datasets)) == (["dinas.catatan"], ["dinas.harga"])
    assert "wait for a person" in night.left_out["dinas.catatan"]
    assert approval(world.latest).oleh == "satudata"
    draft = world.prepare(make_contract(), waiting())
    assert draft.changed and set(draft.datasets) == {"dinas.harga", "dinas.catatan"}
    assert draft.path.parent.parent == world.home.root / "draft"
    assert world.latest.readlink() == Path(night.version), "nothing is released yet"
    whole = content(draft.path)
    done = world.confirm()
    assert (done.version, done.path, done.changed) == (draft.version, world.latest.resolve(), True)
    assert content(done.path) == whole
    said = approval(done.path, public_file(world.home))
    assert (said.oleh, said.alasan, said.waktu) == ("Siti Aminah", "Rilis bulanan", NOW.isoformat())
    assert verify(done.path, public_file(world.home)) == []
    assert leftovers(world) == []
    assert [entry["versi"] for entry in json.loads((done.path / "riwayat.json").read_text())] == [
        done.version,
        night.version,
    ]


def test_what_a_person_released_stays_until_there_is_something_new(world: World) -> None:
    world.text("satu")
    world.prepare(make_contract(), waiting())
    approved = world.confirm()
    night = world.release(make_contract(), waiting())
    assert (night.version, night.changed, night.held) == (approved.version, False, [])
    assert approval(world.latest).oleh == "Siti Aminah", "the night signs nothing in passing"
    world.text("dua")
    world.dates["dinas.catatan"] = date(2024, 4, 1)
    later = world.release(make_contract(), waiting())
    assert later.held == ["dinas.catatan"] and world.csv("catatan") == b"isi\nsatu\n"


def test_a_draft_of_nothing_new_is_none(world: World) -> None:
    released = world.release(make_contract())
    draft = world.prepare(make_contract())
    assert (draft.changed, draft.version, draft.path) == (False, released.version, released.path)
    assert leftovers(world) == []


def test_without_a_draft_there_is_nothing_to_confirm(world: World) -> None:
    with pytest.raises(ReleaseError, match="there is no draft"):
        world.confirm()
    world.prepare(make_contract())
    world.confirm()
    with pytest.raises(ReleaseError, match="there is no draft"):
        world.confirm()


def test_a_draft_that_another_release_has_overtaken_is_not_confirmed(world: World) -> None:
    world.text("satu")
    world.prepare(make_contract(), waiting())
    night = world.release(make_contract(), waiting())
    with pytest.raises(ReleaseError, match="another release was made"):
        world.confirm()
    assert world.latest.readlink() == Path(night.version)


def test_a_draft_outlives_a_night_without_news_and_a_move_of_the_home(world: World, tmp_path: Path) -> None:
    world.text("satu")
    world.release(make_contract(), waiting())
    draft = world.prepare(make_contract(), waiting())
    (closed.folder(world.home, world.latest.readlink().name) / "masukan.json").unlink()  # so that the night builds
    assert not world.release(make_contract(), waiting()).changed
    moved = world.home.root.rename(tmp_path / "pindah")
    done = World(Home(moved), world.standards).confirm()
    assert (done.version, list(done.datasets)) == (draft.version, ["dinas.catatan", "dinas.harga"])
    assert done.path == Home(moved).releases / draft.version


def test_a_draft_with_what_was_withdrawn_since_is_not_confirmed(world: World) -> None:
    world.text("bocor")
    world.prepare(make_contract(), waiting())
    first = world.confirm()
    world.text("bocor lagi")
    world.prepare(make_contract(), waiting())
    withdraw(world.home, "dinas-catatan", "Siti Aminah", "Memuat data yang salah", NOW.date())
    with pytest.raises(ReleaseError, match="dinas-catatan"):
        world.confirm()
    assert world.latest.readlink() == Path(first.version)


def test_a_damaged_draft_is_not_released(world: World) -> None:
    draft = world.prepare(make_contract())
    (draft.path / "index.html").unlink()
    with pytest.raises(ReleaseError, match=r"index\.html"):
        world.confirm()
    assert not world.latest.exists()


def test_what_was_hidden_in_a_draft_is_kept_when_it_is_released(world: World) -> None:
    world.persons({("33.01", "A"): 3, ("33.02", "A"): 80})
    contract = persons().model_copy(update={"persetujuan": "walidata"})
    draft = world.prepare(contract)
    assert draft.hidden == {"dinas-siswa": {"jumlah_kecil": 1}}
    done = world.confirm()
    assert (closed.folder(world.home, done.version) / "dinas-siswa.rahasia.parquet").is_file()
    assert not list(done.path.rglob("*.rahasia.parquet"))


def test_what_the_gate_refuses_is_told_though_a_person_approves(world: World) -> None:
    world.text("aman", "3374010101900001")
    night = world.release(make_contract(), waiting())
    assert (night.held, list(night.refused)) == ([], ["dinas.catatan"])
    assert night.refused["dinas.catatan"][0].kolom == "isi"
