"""Every rule of every standard, broken in turn: the row's verdict changes, and Great Expectations' too."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest

from check.conftest import STANDARDS, Examine, Result, contract_of, table
from pipelines.contract.load import load_standards
from pipelines.contract.model import Contract
from pipelines.contract.standard import Examples, Rule, Standard

ROWS = 12
SETTINGS = {
    "kode_wilayah": {"sistem": "kemendagri", "tingkat": "kabupaten_kota"},
    "nama_wilayah": {"tingkat": "kabupaten_kota"},
}


@cache
def standards() -> dict[str, Standard]:
    """Those of a column; the pair of coordinates has its own test (test_points.py)."""
    return {name: s for name, s in load_standards(STANDARDS).items() if name != "titik"}


def examples(name: str) -> Examples:
    found = standards()[name].contoh
    assert found
    return found


def contract_with(columns: dict[str, str]) -> Contract:
    """A contract with the columns {name: standard}; names of places are looked for in one provinsi."""
    kolom: dict[str, Any] = {k: {"dari": k, "standar": s, **SETTINGS.get(s, {})} for k, s in columns.items()}
    return contract_of(kolom, wilayah={"tetap": "33"}, batas={"ditolak_maks": 0.01})


def failed(result: Result) -> dict[str, set[str | None]]:
    """Rules whose expectation failed, by column."""
    found: dict[str, set[str | None]] = {}
    for outcome in result.checked.outcomes:
        if not outcome.success:
            found.setdefault(str(outcome.column), set()).add(outcome.rule)
    return found


def test_good_values_are_accepted_by_both(examine: Examine) -> None:
    """All standards in one table."""
    values = {f"k_{name}": examples(name).sah for name in standards()}
    rows = [[good[n % len(good)] for good in values.values()] for n in range(ROWS)]
    result = examine(contract_with({f"k_{name}": name for name in standards()}), table(list(values), rows))
    assert (result.status, len(result.rows), result.refused, result.found) == ("SESUAI", ROWS, [], [])
    seen = {(o.column, o.standard, o.rule) for o in result.checked.outcomes if o.standard in standards()}
    assert seen == {
        (f"k_{name}", name, rule.nama)
        for name, standard in standards().items()
        for rule in (*(r for r in standard.aturan if r.tingkat == "kritis"), *standard.aturan_kolom)
    }, "one expectation for each critical rule and each column rule, none for a warning"


def break_in_turn(examine: Examine, rules: list[tuple[str, Rule]]) -> tuple[Result, dict[str, list[int]]]:
    """One column for each rule; below ROWS good rows, rows in which only that rule is broken. Also their lines."""
    columns = {f"{name}_{rule.nama}": name for name, rule in rules}
    good = {column: examples(name).sah for column, name in columns.items()}
    rows = [{c: good[c][n % len(good[c])] for c in columns} for n in range(ROWS)]
    lines: dict[str, list[int]] = {}
    for (name, rule), column in zip(rules, columns, strict=True):
        for value in examples(name).salah[rule.nama]:
            rows.append(rows[0] | {column: value})
            lines.setdefault(column, []).append(len(rows) + 1)
    text = table(list(columns), [list(row.values()) for row in rows])
    return examine(contract_with(columns), text), lines


@pytest.mark.parametrize("name", [s.nama for s in standards().values() if any(r.tingkat == "kritis" for r in s.aturan)])
def test_each_critical_rule_changes_both_verdicts(examine: Examine, name: str) -> None:
    rules = [r for r in standards()[name].aturan if r.tingkat == "kritis"]
    result, lines = break_in_turn(examine, [(name, r) for r in rules])

    assert result.reasons == {n: [f"{name}_{r.nama}:{r.nama}"] for r in rules for n in lines[f"{name}_{r.nama}"]}
    assert result.lines == list(range(2, ROWS + 2))
    told = {(int(f["baris"]), f["kolom"], f["standar"], f["tingkat"]) for f in result.found}
    assert told == {(n, column, name, "kritis") for column, numbers in lines.items() for n in numbers}

    assert result.status == "DIKEMBALIKAN"
    assert failed(result) == {f"{name}_{r.nama}": {r.nama} for r in rules} | {"_no": {"baris_ditolak"}}
    for outcome in result.checked.outcomes:
        if outcome.standard == name and outcome.column == f"{name}_{outcome.rule}":
            assert outcome.unexpected == len(lines[outcome.column]), "both count the same"
    if standards()[name].pribadi:
        assert not set(lines) & set((result.rows + result.refused)[0])


def test_warnings_are_told_and_return_nothing(examine: Examine) -> None:
    """All warnings of all standards in one table."""
    rules = [
        (s.nama, r)
        for s in standards().values()
        for r in s.aturan
        if r.tingkat == "peringatan" and r.nama in examples(s.nama).salah
    ]  # the others take a whole row
    assert len(rules) > 15
    result, lines = break_in_turn(examine, rules)
    assert (result.status, result.refused, failed(result)) == ("SESUAI", [], {})
    assert len(result.rows) == ROWS + sum(map(len, lines.values()))
    told = {(int(f["baris"]), f["kolom"], f["standar"], f["tingkat"]) for f in result.found}
    assert told == {
        (n, f"{name}_{rule.nama}", name, "peringatan") for name, rule in rules for n in lines[f"{name}_{rule.nama}"]
    }


MASS = [(s.nama, r.nama) for s in standards().values() for r in s.aturan_kolom]
MAKE = {  # the n-th number, with or without the tail that the column rule counts; no row rule is broken for certain
    "nik": lambda n, zero: f"337401{1 + n % 28:02}0190{10 * (1 + n) if zero else 10 * n + 1:04}",
    "no_kk": lambda n, zero: f"337401{1 + n % 28:02}0112{10 * (1 + n) if zero else 10 * n + 1:04}",
    "nip": lambda n, zero: f"1985010120100{1 + n % 9}1{0 if zero else 1 + n:03}",
}


def test_each_column_rule_is_tried() -> None:
    assert {name for name, _ in MASS} == set(MAKE)


@pytest.mark.parametrize(("name", "rule"), MASS)
@pytest.mark.parametrize(("count", "broken", "returned"), [(40, 12, False), (40, 13, True), (29, 29, False)])
def test_a_damaged_column_returns_the_file(
    examine: Examine, name: str, rule: str, count: int, broken: int, returned: bool
) -> None:
    """Above three in ten, of thirty values at least; Great Expectations agrees about both."""
    values = [MAKE[name](n, n < broken) for n in range(count)]
    random.Random(1).shuffle(values)
    result = examine(contract_with({"nomor": name}), table(["nomor"], [[v] for v in values]))
    (load,) = result.checked.loads
    told = [(f["baris"], f["nilai"], f["standar"]) for f in result.found if f["tingkat"] == "kritis"]
    if returned:
        assert (result.status, load.status, load.baris_karantina) == ("DIKEMBALIKAN", "DIKEMBALIKAN", count)
        assert all(f"nomor:{rule}" in r["_alasan"] for r in result.refused)
        assert told == [("", "", name)], "one finding for the file, not one a row"
    else:
        assert (result.status, load.status, load.baris_diterima) == ("SESUAI", "SESUAI", count)
        assert (failed(result), told) == ({}, [])


def test_only_the_damaged_file_goes_back(examine: Examine) -> None:
    good = table(["nomor"], [[MAKE["nik"](n, False)] for n in range(200)])
    bad = table(["nomor"], [[MAKE["nik"](n, True)] for n in range(30)])
    result = examine(contract_with({"nomor": "nik"}), {"baik.csv": good, "rusak.csv": bad})
    assert result.status == "SESUAI"
    loads = {load.berkas: (load.status, load.baris_diterima, load.baris_karantina) for load in result.checked.loads}
    assert loads == {"baik.csv": ("SESUAI", 200, 0), "rusak.csv": ("DIKEMBALIKAN", 0, 30)}
    assert {r["_berkas"] for r in result.rows} == {"baik.csv"}
