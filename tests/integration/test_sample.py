"""The sample province, end to end: every planted fault is found, and nothing else is."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pytest
from frictionless import Package

from pipelines.contract.finding import OTHER_RULES
from pipelines.home import REPO, Home, keys
from pipelines.home.store import attach
from pipelines.night import Night
from tests.integration.conftest import Done, satudata, unpacked, words_in

pytestmark = pytest.mark.slow
Fault = tuple[str, ...]
FIELDS = ("produsen", "dataset", "berkas", "lembar", "baris", "kolom", "standar")


def _planted(path: Path) -> Counter[Fault]:
    with path.open(encoding="utf-8", newline="") as stream:
        return Counter(tuple(row[f] for f in FIELDS) for row in csv.DictReader(stream))


def _found(findings: Path) -> Counter[Fault]:
    found: Counter[Fault] = Counter()
    for path in findings.glob("*/*/*.csv"):
        produsen, dataset = path.parts[-3:-1]
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found[tuple({"produsen": produsen, "dataset": dataset, **row}[f] for f in FIELDS)] += 1
    return found


def test_every_planted_fault_is_found_and_nothing_else(sample: Done) -> None:
    planted, found = _planted(sample.home.parent / "planted.csv"), _found(sample.home / "findings")
    assert {"missed": planted - found, "not planted": found - planted} == {
        "missed": Counter(),
        "not planted": Counter(),
    }
    assert planted.total() > 200
    known = {path.stem for path in (REPO / "expectations" / "standards").glob("[!_]*.yml")} | OTHER_RULES.keys()
    assert {fault[-1] for fault in found} <= known


def test_what_the_public_reads_of_quality_is_a_concept_and_no_name_of_a_rule(sample: Done) -> None:
    packages = (sample.home / "releases" / "latest").glob("*/datapackage.json")
    told = {
        (found["standar"], found["konsep"])
        for package in packages
        for found in (json.loads(package.read_bytes())["satudata"]["mutu"] or {"temuan": []})["temuan"]
    }
    assert {name for name, _ in told} >= {"berkas", "kaidah", "telepon"}
    assert {name for name, konsep in told if konsep == name.replace("_", " ")} == set()


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`orang.csv`, who each record is about, and `mart.csv`, how many cases each mart must have."""
    folder = tmp_path_factory.mktemp("benar")
    names = {"--landing": "landing", "--tertanam": "planted.csv", "--orang": "orang.csv", "--mart": "mart.csv"}
    options = [part for option, name in names.items() for part in (option, str(folder / name))]
    subprocess.run([sys.executable, REPO / "sources" / "_contoh" / "buat.py", *options], check=True)
    return folder


def test_every_mart_has_the_cases_of_the_truth(sample: Done, truth: Path) -> None:
    with (truth / "mart.csv").open(encoding="utf-8", newline="") as stream:
        planted = {row["mart"]: int(row["jumlah"]) for row in csv.DictReader(stream)}
    assert {mart: sample.one(f"SELECT count(*) FROM mart.{mart}") for mart in planted} == planted


def _secrets(landing: Path) -> set[bytes]:
    """Numbers, names and addresses of the persons in three of the exports, in small letters."""
    files = {"dukcapil/penduduk": ";", "bpjs/peserta": "|", "dinsos/bantuan": "\t"}
    wanted = {"nik", "no kk", "no_kk", "nama lengkap", "nama", "nama_penerima", "nama ibu", "nama_ibu", "alamat"}
    found: set[str] = set()
    for folder, delimiter in files.items():
        for path in (landing / folder).glob("*.[ct]sv"):
            for row in csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=delimiter):
                found |= {cell.strip("' ").lower() for name, cell in row.items() if name.lower() in wanted}
    return {value.encode() for value in found if len(value) > 7}


def test_no_person_is_left_outside_the_store(sample: Done, truth: Path) -> None:
    """Every byte that the night leaves, also inside Parquet and DuckDB; a produsen's findings are its own data."""
    secrets = _secrets(truth / "landing")
    assert len(secrets) > 800
    home = sample.home
    # Cache and code list are made from reference files alone; some desa are called like a person.
    own = [
        home / "identity",
        home / "cache",
        *home.glob("releases/*/referensi-kode_wilayah"),
        *(p for p in (home / "findings").iterdir() if p.is_dir()),
    ]
    leaks = {}
    searched = 0
    for path in home.rglob("*"):
        if not path.is_file() or any(path.is_relative_to(folder) for folder in own):
            continue
        content = (path.read_bytes() + unpacked(path)).lower()
        searched += len(content)
        if found := words_in(content, secrets):
            leaks[str(path.relative_to(home))] = len(found)
    assert leaks == {}
    assert searched > 3_000_000
    assert not words_in((sample.out + sample.err).lower().encode(), secrets)
    assert words_in(b"\0".join(secrets), secrets) == sorted(secrets), "the search finds what is there"


def test_the_same_person_is_found_in_all_files_and_nobody_is_taken_for_another(sample: Done, truth: Path) -> None:
    with (truth / "orang.csv").open(encoding="utf-8", newline="") as stream:
        person = {
            (f"{r['produsen']}.{r['dataset']}" + (f"/{r['peran']}" * (r["peran"] != "penduduk")), r["kunci"]): r[
                "orang"
            ]
            for r in csv.DictReader(stream)
        }
    home = Home(sample.home)
    key = keys.load(home)
    assert key
    with duckdb.connect() as con:
        attach(con, home.identity / "register.duckdb", key, "register", read_only=True)
        found = con.execute("SELECT sumber, kunci, id, metode FROM register.penduduk.xref").fetchall()
    assert {(source, row) for source, row, _, _ in found} == set(person)
    keys_of, persons_of = defaultdict(set), defaultdict(set)
    for source, row, one, _ in found:
        keys_of[person[source, row]].add(one)
        persons_of[one].add(person[source, row])
    assert not [some for some in persons_of.values() if len(some) > 1]
    # The few that only a person can decide.
    assert sum(len(some) > 1 for some in keys_of.values()) <= 5
    assert {metode for *_, metode in found} >= {"register", "nik", "nik_dekat", "kk", "mirip", "sendiri"}


def test_the_night_ends_with_3_and_says_so(sample: Done) -> None:
    assert sample.code == 3, sample.err
    assert "ended with 3" in sample.out


def test_no_row_is_lost(sample: Done) -> None:
    assert sample.one("SELECT count(*) FROM ops.muatan WHERE baris_dibaca <> "
                      "baris_diterima + baris_karantina + baris_bukan_data") == 0  # fmt: skip
    statuses = {s for (s,) in sample.query("SELECT DISTINCT status FROM ops.muatan")}
    assert statuses == {"SESUAI", "DIKEMBALIKAN", "DUPLIKAT"}


def test_releases_are_valid_data_packages(sample: Done) -> None:
    latest = sample.home / "releases" / "latest"
    packages = sorted(latest.glob("*/datapackage.json"))
    assert len(packages) >= 10
    for path in packages:
        report = Package(str(path)).validate()
        assert report.valid, (path.name, report.flatten(["type", "message"]))
    catalogue = json.loads((latest / "data.json").read_text(encoding="utf-8"))
    assert len(catalogue["dataset"]) == len(packages)


def test_the_same_inputs_give_the_same_bytes(sample: Done, truth: Path, tmp_path: Path) -> None:
    """Of one agency, whose data have points, facts in the path, persons and faults; all would take a minute more."""
    shutil.copytree(REPO / "sources" / "_contoh" / "opd" / "dinkes", tmp_path / "sources" / "opd" / "dinkes")
    home, referensi = Home(tmp_path / "home"), (truth / "referensi",)
    again = Night(home, truth / "landing", tmp_path / "sources", sample=True, referensi=referensi)
    with again.exclusive():
        assert again.run().promoted
    one, two = ((h / "releases" / "latest").resolve() for h in (sample.home, home.root))
    files = sorted(p.relative_to(two) for p in two.rglob("*") if p.is_file() and p.parent != two)
    files = [f for f in files if f.parts[0].startswith("dinkes-")]
    assert {f.parts[0] for f in files} == {"dinkes-faskes", "dinkes-imunisasi", "dinkes-penyakit_mingguan"}
    assert files == sorted(p.relative_to(one) for folder in one.glob("dinkes-*") for p in folder.iterdir())
    assert all((one / f).read_bytes() == (two / f).read_bytes() for f in files)


def test_a_second_night_does_no_work(sample: Done) -> None:
    before = {p: p.stat().st_mtime_ns for p in sample.home.rglob("*") if p.is_file()}
    again = satudata("run", "--contoh", home=sample.home)
    assert "no work done" in again.out
    after = {p: p.stat().st_mtime_ns for p in sample.home.rglob("*") if p.is_file()}
    changed = {str(p.relative_to(sample.home)) for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    assert changed <= {"lock"}
