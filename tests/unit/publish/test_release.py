from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home, HomeError
from pipelines.publish import ReleaseError, ReleaseResult
from pipelines.release import approval, public_file, verify

from .conftest import HARGA, NOW, World, content, make_contract, text_contract

NIK = "3374010101900001"
MORE = HARGA + ", ('33.03', 2024, 'teh', 7, NULL, NULL)"


def versions(world: World) -> set[str]:
    return {p.name for p in world.home.releases.iterdir() if p.name != "latest"}


def test_a_release_is_where_the_readers_look(world: World) -> None:
    result = world.release(make_contract())
    assert result.changed
    assert (world.latest.is_symlink(), world.latest.readlink()) == (True, Path(result.version))
    assert result.path == world.home.releases / result.version
    beside = {"datapackage.json", "kamus.csv", "skema.json", "statistik.json", "dinas-harga.csv-metadata.json"}
    data = {f"dinas-harga.{format}" for format in ("csv", "parquet", "xlsx")}
    assert {p.name for p in (world.latest / "dinas-harga").iterdir()} == beside | data
    root = {"index.html", "data.json", "katalog.jsonld", "datapackage.json", "perubahan.atom"}
    root |= {"gerbang.json", "pengungkapan.json", "riwayat.json", "manifest.json", "manifest.json.minisig"}
    assert {p.name for p in world.latest.iterdir() if p.is_file()} == {*root, "walidata.pub"}
    assert {p.name for p in world.latest.iterdir() if p.is_dir()} == {"dinas-harga", "referensi-satuan", "situs"}
    assert verify(world.latest, public_file(world.home)) == []
    said = approval(world.latest, public_file(world.home))
    assert (said.oleh, said.waktu) == ("satudata", NOW.isoformat())


def test_the_version_is_the_hash_of_the_content(world: World) -> None:
    result = world.release(make_contract())
    lines = "".join(f"{path}\0{sha}\n" for path, sha in sorted(content(result.path).items()))
    assert result.version == hashlib.sha256(lines.encode()).hexdigest()[:12]


def test_the_same_inputs_give_the_same_bytes_in_another_home(world: World, tmp_path: Path) -> None:
    other = World(Home(tmp_path / "elsewhere" / "var").ensure(), world.standards)
    other.harga(",".join(reversed(HARGA.strip().split(",\n"))))
    assert world.release(make_contract()).version == other.release(make_contract()).version
    unsigned = {p.name for p in world.latest.iterdir() if p.is_file()} - {"manifest.json.minisig", "walidata.pub"}
    assert all((world.latest / name).read_bytes() == (other.latest / name).read_bytes() for name in unsigned)


def test_nothing_changed_makes_nothing_new(world: World) -> None:
    first = world.release(make_contract())
    before = {p: p.stat().st_ino for p in first.path.rglob("*")}
    again = world.release(make_contract())
    assert (again.changed, again.version) == (False, first.version)
    assert {p: p.stat().st_ino for p in first.path.rglob("*")} == before
    assert versions(world) == {first.version}


def test_a_change_makes_a_new_release_and_keeps_the_old(world: World) -> None:
    first = world.release(make_contract())
    whole = content(first.path)
    world.harga(MORE)
    second = world.release(make_contract())
    assert second.changed and versions(world) == {first.version, second.version}
    assert content(first.path) == whole
    world.harga()
    third = world.release(make_contract())
    assert (third.version, third.changed) == (first.version, True), "back to the old data is the old release"


def test_a_damaged_release_is_made_again(world: World) -> None:
    first = world.release(make_contract())
    whole = content(first.path)
    csv = first.path / "dinas-harga" / "dinas-harga.csv"
    csv.chmod(0o644)
    csv.write_text("rusak")
    again = world.release(make_contract())
    assert content(again.path) == whole
    assert versions(world) == {first.version}


def test_only_open_contracts_with_something_to_publish(world: World) -> None:
    world.text("x")
    closed = text_contract().model_copy(update={"klasifikasi": "terbatas"})
    assert list(world.release(make_contract(), closed).datasets) == ["dinas.harga"]
    assert list(world.release(make_contract(), text_contract(terbit=False)).datasets) == ["dinas.harga"]


def folder(release: Path) -> dict[str, str]:
    return {path: sha for path, sha in content(release).items() if path.startswith("dinas-catatan/")}


def refused(world: World) -> ReleaseResult:
    world.text("aman", NIK)
    return world.release(make_contract(), text_contract())


def missing(world: World) -> ReleaseResult:
    world.drop("catatan")
    return world.release(make_contract(), text_contract())


def empty(world: World) -> ReleaseResult:
    with duckdb.connect(str(world.warehouse)) as con:
        con.execute("DELETE FROM open_data.dinas__catatan")
    return world.release(make_contract(), text_contract())


def broken(world: World) -> ReleaseResult:
    with duckdb.connect(str(world.warehouse)) as con:
        con.execute("DROP TABLE open_data.dinas__catatan")
        con.execute(
            "CREATE VIEW open_data.dinas__catatan AS "
            f"SELECT CAST(a AS DATE)::VARCHAR AS isi FROM (VALUES ('{NIK}')) v(a)"
        )
    return world.release(make_contract(), text_contract())


def undated(world: World) -> ReleaseResult:
    del world.dates["dinas.catatan"]
    return world.release(make_contract(), text_contract())


@pytest.mark.parametrize("trouble", [refused, missing, empty, broken, undated])
def test_a_dataset_in_trouble_keeps_its_last_release(world: World, trouble) -> None:
    world.text("baik")
    first = world.release(make_contract(), text_contract())
    entry = json.loads((first.path / "data.json").read_text())["dataset"][0]
    world.harga(MORE)  # the other one goes on
    second = trouble(world)
    assert second.changed and second.datasets == {"dinas.harga": 6, "dinas.catatan": 1}
    assert list(second.carried) == ["dinas.catatan"]
    assert folder(second.path) == folder(first.path)
    assert json.loads((second.path / "data.json").read_text())["dataset"][0] == entry
    assert NIK not in repr(second)
    third = world.release(make_contract(), text_contract())
    assert (third.changed, list(third.carried)) == (False, ["dinas.catatan"])


@pytest.mark.parametrize("trouble", [refused, missing, empty, broken, undated])
def test_a_dataset_that_was_never_good_stays_out(world: World, trouble) -> None:
    world.text("baik")
    result = trouble(world)
    assert list(result.datasets) == ["dinas.harga"]
    assert "never released" in result.left_out["dinas.catatan"]
    assert not (world.latest / "dinas-catatan").exists()
    listed = [d["identifier"] for d in json.loads((world.latest / "data.json").read_text())["dataset"]]
    assert listed == ["dinas-harga", "referensi-satuan"]


def test_a_contract_that_went_is_left_out_and_said(world: World) -> None:
    world.text("baik")
    world.release(make_contract(), text_contract())
    result = world.release(make_contract())
    assert result.left_out == {"dinas-catatan": "no contract publishes it any more"}
    assert not (world.latest / "dinas-catatan").exists()


def test_a_damaged_last_release_is_not_carried_over(world: World) -> None:
    world.text("baik")
    first = world.release(make_contract(), text_contract())
    csv = first.path / "dinas-catatan" / "dinas-catatan.csv"
    csv.chmod(0o644)
    csv.write_text("isi\nrusak\n")
    result = missing(world)
    assert "damaged" in result.left_out["dinas.catatan"]


def test_what_may_no_longer_leave_is_not_carried_over(world: World) -> None:
    world.table("catatan", "('a', 'b')", {"isi": "VARCHAR", "lain": "VARCHAR"})
    both = {k: {"dari": [k], "standar": "teks", "terbit": True} for k in ("isi", "lain")}
    world.release(make_contract("catatan", kolom=both, wilayah=None))
    world.drop("catatan")
    both["lain"]["terbit"] = False
    result = world.release(make_contract("catatan", kolom=both, wilayah=None))
    assert result.refused["dinas.catatan"][0].kolom == "lain"
    assert "does not pass the gate" in result.left_out["dinas.catatan"]


def test_without_a_warehouse_nothing_changes(world: World) -> None:
    first = world.release(make_contract())
    world.warehouse.unlink()
    with pytest.raises(ReleaseError, match=r"satudata\.duckdb"):
        world.release(make_contract())
    assert versions(world) == {first.version}


def test_the_warehouse_is_only_read(world: World) -> None:
    before = world.warehouse.read_bytes()
    world.release(make_contract())
    assert world.warehouse.read_bytes() == before
    assert list(world.home.tmp.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written(world: World) -> None:
    world.home.releases.chmod(0o500)
    with pytest.raises(HomeError):
        world.release(make_contract())


def test_what_the_warehouse_cannot_convert_is_not_quoted(world: World) -> None:
    with duckdb.connect(str(world.warehouse)) as con:
        con.execute(
            "CREATE VIEW open_data.dinas__catatan AS "
            "SELECT CAST(x AS INTEGER)::VARCHAR AS isi FROM (VALUES ('Siti Aminah')) v(x)"
        )
    result = world.release(make_contract(), text_contract())
    said = result.left_out["dinas.catatan"]
    assert "Conversion Error" in said and "Siti" not in said


def test_without_the_last_release_none_is_made(world: World) -> None:
    first = world.release(make_contract())
    first.path.rename(world.home.root / "hilang")
    world.harga(MORE)
    with pytest.raises(ReleaseError, match="from a backup"):
        world.release(make_contract())
    world.latest.unlink()
    assert world.release(make_contract()).changed, "the link removed by hand: a new beginning"


def test_a_full_disk_leaves_the_last_release(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.release(make_contract())
    world.harga(MORE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.publish.dataset.put_text", full)
    with pytest.raises(HomeError, match="disk is full"):
        world.release(make_contract())
    assert versions(world) == {first.version}
    assert world.latest.readlink() == Path(first.version)


def test_a_release_of_an_earlier_program_is_followed_by_one_of_this(world: World) -> None:
    world.text("satu")
    first = world.release(make_contract(), text_contract())
    for name in ("manifest.json", "riwayat.json"):
        (first.path / name).unlink()
    for path in first.path.glob("*/datapackage.json"):
        told = json.loads(path.read_text())
        del told["satudata"]
        path.chmod(0o644)
        path.write_text(json.dumps(told))
    waits = text_contract().model_copy(update={"persetujuan": "walidata"})
    second = world.release(make_contract(), waits)
    assert second.changed and list(second.datasets) == ["dinas.harga"]
    assert second.held == ["dinas.catatan"] and "damaged" in second.left_out["dinas.catatan"]
    assert verify(second.path, public_file(world.home)) == []
