"""A dataset that was taken back leaves a tombstone, until somebody lets it return."""

from __future__ import annotations

import json

from pipelines.release import restore, verify, withdraw

from .conftest import NOW, World, make_contract, persons, text_contract


def test_a_withdrawn_dataset_leaves_a_tombstone_and_may_return(world: World) -> None:
    world.text("sembilan belas")
    contracts = (make_contract(), text_contract())
    first = world.release(*contracts)
    assert withdraw(world.home, "dinas-catatan", "Siti Aminah", "Salah hitung", NOW.date())
    second = world.release(*contracts)
    assert second.changed and list(second.datasets) == ["dinas.harga"]
    assert second.left_out == {"dinas-catatan": f"withdrawn on {NOW.date()}: Salah hitung"}
    (file,) = (second.path / "dinas-catatan").iterdir()
    told = {"slug": "dinas-catatan", "judul": "Harga barang", "tanggal": "2026-01-02", "alasan": "Salah hitung"}
    assert json.loads(file.read_text()) == told
    everything = b"".join(p.read_bytes() for p in second.path.rglob("*") if p.is_file())
    assert b"sembilan belas" not in everything and b"Siti Aminah" not in everything
    listed = json.loads((second.path / "data.json").read_text())["dataset"]
    assert "dinas-catatan" not in [d["identifier"] for d in listed]
    assert [(c["slug"], c["jenis"]) for c in changes(world)] == [("dinas-catatan", "ditarik")]
    assert (first.path / "dinas-catatan" / "dinas-catatan.csv").is_file(), "earlier releases are another decision"
    assert not world.release(*contracts).changed
    assert restore(world.home, "dinas-catatan", "Siti Aminah", "Sudah benar", NOW.date())
    third = world.release(*contracts)
    assert third.datasets["dinas.catatan"] == 1 and third.left_out == {}
    assert ("dinas-catatan", "kembali") in [(c["slug"], c["jenis"]) for c in changes(world)]
    assert verify(third.path) == []


def test_what_was_hidden_before_it_was_withdrawn_is_hidden_when_it_returns(world: World) -> None:
    counts = {("33.01", "A"): 3, ("33.01", "B"): 70, ("33.01", "Jumlah"): 73}
    world.persons(counts)
    contracts = make_contract(), persons()
    world.release(*contracts)
    query = "kode_wilayah, kelompok, status_nilai"
    before = world.rows("siswa", query)
    assert ("33.01", "Jumlah", "tersedia") in before
    withdraw(world.home, "dinas-siswa", "Siti Aminah", "Salah hitung", NOW.date())
    world.release(*contracts)
    restore(world.home, "dinas-siswa", "Siti Aminah", "Sudah benar", NOW.date())
    # With C another number covers A more cheaply, but the old release tells the total of A and B.
    world.persons(counts | {("33.01", "C"): 6, ("33.01", "Jumlah"): 79})
    world.release(*contracts)
    assert {row for row in before if row[2] == "disembunyikan"} <= set(world.rows("siswa", query))


def changes(world: World) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((world.latest / "riwayat.json").read_text())[0]["dataset"]
    return [change for change in found if not change["slug"].startswith("referensi-")]
