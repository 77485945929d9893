from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.home import REPO, Home, HomeError
from pipelines.publish import ReleaseError, ReleaseResult

from .conftest import HARGA, World, make_contract, text_contract

NIK = "3374010101900001"
MORE = HARGA + ", ('33.03', 2024, 'teh', 7, NULL, NULL)"


def files(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*")) if p.is_file()
    }  # fmt: skip


def versions(world: World) -> set[str]:
    return {p.name for p in world.home.releases.iterdir() if p.name != "latest"}


def test_a_release_is_where_the_readers_look(world: World) -> None:
    result = world.release(make_contract())
    assert result.changed
    assert (world.latest.is_symlink(), world.latest.readlink()) == (True, Path(result.version))
    assert result.path == world.home.releases / result.version
    dataset = {f"dinas-harga/{name}" for name in ("datapackage.json", "dinas-harga.csv", "dinas-harga.parquet")}
    assert set(files(world.latest)) == {"data.json", "gerbang.json"} | dataset


def test_the_version_is_the_hash_of_the_content(world: World) -> None:
    result = world.release(make_contract())
    lines = "".join(f"{path}\0{sha}\n" for path, sha in sorted(files(result.path).items()))
    assert result.version == hashlib.sha256(lines.encode()).hexdigest()[:12]


def test_the_same_inputs_give_the_same_bytes_in_another_home(world: World, tmp_path: Path) -> None:
    other = World(Home(tmp_path / "elsewhere" / "var").ensure(), world.standards)
    other.harga(",".join(reversed(HARGA.strip().split(",\n"))))
    assert world.release(make_contract()).version == other.release(make_contract()).version
    assert files(world.latest) == files(other.latest)


def test_nothing_changed_makes_nothing_new(world: World) -> None:
    first = world.release(make_contract())
    before = {p: p.stat().st_ino for p in first.path.rglob("*")}
    again = world.release(make_contract())
    assert (again.changed, again.version) == (False, first.version)
    assert {p: p.stat().st_ino for p in first.path.rglob("*")} == before
    assert versions(world) == {first.version}


def test_a_change_makes_a_new_release_and_keeps_the_old(world: World) -> None:
    first = world.release(make_contract())
    whole = files(first.path)
    world.harga(MORE)
    second = world.release(make_contract())
    assert second.changed and versions(world) == {first.version, second.version}
    assert files(first.path) == whole
    world.harga()
    third = world.release(make_contract())
    assert (third.version, third.changed) == (first.version, True), "back to the old data is the old release"


def test_a_damaged_release_is_made_again(world: World) -> None:
    first = world.release(make_contract())
    whole = files(first.path)
    csv = first.path / "dinas-harga" / "dinas-harga.csv"
    csv.chmod(0o644)
    csv.write_text("rusak")
    again = world.release(make_contract())
    assert files(again.path) == whole
    assert versions(world) == {first.version}


def test_only_open_contracts_with_something_to_publish(world: World) -> None:
    world.text("x")
    closed = text_contract().model_copy(update={"klasifikasi": "terbatas"})
    assert list(world.release(make_contract(), closed).datasets) == ["dinas.harga"]
    assert list(world.release(make_contract(), text_contract(terbit=False)).datasets) == ["dinas.harga"]


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
    assert files(second.path / "dinas-catatan") == files(first.path / "dinas-catatan")
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
    assert [d["identifier"] for d in json.loads((world.latest / "data.json").read_text())["dataset"]] == ["dinas-harga"]


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


def test_a_full_disk_leaves_the_last_release(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.release(make_contract())
    world.harga(MORE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.publish.dataset.write_json", full)
    with pytest.raises(HomeError, match="disk is full"):
        world.release(make_contract())
    assert versions(world) == {first.version}
    assert world.latest.readlink() == Path(first.version)


# Makes a release in each home given, in a process of its own that dies when it first calls the function named.
KILL = """
import importlib, json, os, sys
from datetime import date
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from publish.conftest import OPD, make_contract
from pipelines.contract.load import load_standards
from pipelines.home import REPO, Home
from pipelines.publish import release

standards = load_standards(REPO / "expectations" / "standards")
for point, folder in json.loads(sys.argv[2]).items():
    child = os.fork()
    if child == 0:
        module, *parts, name = point.split(":")
        target = importlib.import_module(module)
        for part in parts:
            target = getattr(target, part)
        setattr(target, name, lambda *a, **k: os._exit(9))
        home = Home(Path(folder))
        try:
            release(home, [make_contract()], standards, OPD, home.warehouse / "satudata.duckdb",
                    {"dinas.harga": date(2024, 2, 5)})
        finally:
            os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
POINTS = [
    "pipelines.gate:Gate:data",
    "pipelines.publish.dataset:write_csv",
    "pipelines.publish.dataset:write_json",
    "pipelines.publish.release:write_json",
    "pipelines.publish.release:promote_dir",
    "pathlib:Path:rename",
    "pipelines.publish.release:_switch",
    "pathlib:Path:symlink_to",
]


def test_killed_anywhere_readers_see_the_last_release_whole(world: World, tmp_path: Path) -> None:
    first = world.release(make_contract())
    whole = files(world.latest)
    world.harga(MORE)
    homes = {point: tmp_path / f"killed{i}" for i, point in enumerate(POINTS)}
    for home in homes.values():
        shutil.copytree(world.home.root, home, symlinks=True)
    arguments = [str(REPO / "tests" / "unit"), json.dumps({k: str(v) for k, v in homes.items()})]
    done = subprocess.run(
        [sys.executable, "-c", KILL, *arguments], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["9"] * len(POINTS), done.stderr
    for point, root in homes.items():
        killed = World(Home(root), world.standards)
        assert killed.latest.readlink() == Path(first.version), point
        assert files(killed.latest) == whole, point
        result = killed.release(make_contract())
        assert result.changed and b"33.03" in killed.csv(), point
        assert versions(killed) == {first.version, result.version}, f"{point}: leftovers are cleaned"
