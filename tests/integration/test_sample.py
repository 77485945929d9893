"""The sample province, end to end: every planted fault is found, and nothing else is."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from frictionless import Package

from tests.integration.conftest import Done

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


def test_the_same_inputs_give_the_same_bytes(sample: Done, tmp_path: Path, run: object) -> None:
    again = run("run", "--contoh", home=tmp_path / "home")  # type: ignore[operator]
    one, two = ((d.home / "releases" / "latest").resolve() for d in (sample, again))
    assert one.name == two.name
    files = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(two) for p in two.rglob("*") if p.is_file())
    assert all((one / f).read_bytes() == (two / f).read_bytes() for f in files)


def test_a_second_night_does_no_work(sample: Done, run: object) -> None:
    before = {p: p.stat().st_mtime_ns for p in sample.home.rglob("*") if p.is_file()}
    again = run("run", "--contoh", home=sample.home)  # type: ignore[operator]
    assert "no work done" in again.out
    after = {p: p.stat().st_mtime_ns for p in sample.home.rglob("*") if p.is_file()}
    changed = {str(p.relative_to(sample.home)) for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    assert changed <= {"lock"}
