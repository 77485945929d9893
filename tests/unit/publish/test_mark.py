"""What did not change is not made again; whatever decides about a release makes it look anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pipelines.catalogue import Portal
from pipelines.contract.load import Produsen
from pipelines.publish import Inputs, mark
from pipelines.release import withdraw

from .conftest import NOW, World, make_contract, text_contract


def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: object) -> None:
        raise AssertionError("a release is built")

    monkeypatch.setattr("pipelines.publish.draft.workers", called)


def test_nothing_new_is_seen_without_opening_the_warehouse(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.text("3374010101900001")
    contracts = make_contract(), text_contract()
    first = world.release(*contracts)
    no_build(monkeypatch)
    again = world.release(*contracts)
    assert not again.changed
    assert again == replace(first, changed=False), "what came of it is told again, findings included"
    assert again.refused["dinas.catatan"] and again.notes


def test_a_draft_that_waits_is_not_in_the_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.text("satu")
    contracts = make_contract(), text_contract().model_copy(update={"persetujuan": "walidata"})
    world.release(*contracts)
    draft = world.prepare(*contracts)
    no_build(monkeypatch)
    assert world.release(*contracts).held == ["dinas.catatan"]
    assert world.confirm().version == draft.version


def test_damage_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.release(make_contract())
    (first.path / "data.json").unlink()
    with monkeypatch.context() as patch:
        no_build(patch)
        with pytest.raises(AssertionError, match="is built"):
            world.release(make_contract())
    assert world.release(make_contract()).version == first.version and (first.path / "data.json").is_file()


def warehouse(world: World) -> None:
    world.harga()


def delivery(world: World) -> None:
    world.dates["dinas.harga"] = date(2024, 2, 6)


def agency(world: World) -> None:
    world.opd = {"dinas": Produsen("dinas", "Dinas Baru", "", "33", "data@dinas.example.id", "")}


def rule(world: World) -> None:
    world.standards = world.standards | {"teks": world.standards["teks"].model_copy(update={"konsep": "Lain"})}


def names(world: World) -> None:
    world.names = world.home.root / "nama"
    world.names.write_bytes(b"x")


def withdrawal(world: World) -> None:
    assert withdraw(world.home, "dinas-harga", "Siti Aminah", "Salah", NOW.date())


@pytest.mark.parametrize("change", [warehouse, delivery, agency, rule, names, withdrawal])
def test_whatever_decides_about_a_release_changes_the_mark(world: World, change: Callable[[World], None]) -> None:
    (world.home.releases / ("0" * 12) / "dinas-harga").mkdir(parents=True)
    before = mark.of(world.inputs(make_contract()))
    assert mark.of(world.inputs(make_contract())) == before
    change(world)
    assert mark.of(world.inputs(make_contract())) != before


def test_contract_and_portal_change_the_mark(world: World) -> None:
    inputs: Inputs = world.inputs(make_contract())
    others = world.inputs(make_contract(judul="Lain")), replace(inputs, portal=Portal(pengelola="Lain"))
    assert len({mark.of(one) for one in (inputs, *others)}) == 3
