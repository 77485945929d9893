"""Whom rows are about, points of persons, the log, and a gate that cannot work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.standard import Standard
from pipelines.gate import Gate, GateError, Passage, log, published
from pipelines.gate.columns import check_columns

from .conftest import found, look, make_contract

PERSON = {"orang": {"jenis": "penduduk", "nama": "nama"}}
SCHOOL = {"sekolah": {"jenis": "sekolah", "nama": "nama"}}


def points(identity: dict[str, Any]) -> Any:
    kolom = {"nama": {"dari": ["n"], "standar": "teks"}} | {
        name: {"dari": [name], "standar": name, "terbit": True} for name in ("lintang", "bujur")
    }
    return make_contract(changes={"kolom": kolom, "identitas": identity})


@pytest.mark.parametrize(
    ("identity", "lat", "refused"),
    [(PERSON, -7.080043, True), (PERSON, -7.08, False), (SCHOOL, -7.080043, False), ({}, -7.080043, False)],
)
def test_exact_points_of_persons_stay_in(
    gate: Gate, tmp_path: Path, identity: dict[str, Any], lat: float, refused: bool
) -> None:
    table = {"lintang": [lat, None], "bujur": [110.41, None]}
    passage = look(gate, tmp_path, table, points(identity), {"lintang": "DOUBLE", "bujur": "DOUBLE"})
    assert found(passage) == ({"lintang": {"titik"}} if refused else {})


def test_a_point_in_text_about_persons_stays_in(gate: Gate, tmp_path: Path) -> None:
    kolom = {
        "nama": {"dari": ["n"], "standar": "nama_orang"},
        "isi": {"dari": ["i"], "standar": "teks", "terbit": True},
    }
    contract = make_contract(changes={"kolom": kolom})
    assert found(look(gate, tmp_path, {"isi": ["rumah di -7.080043, 110.312556"]}, contract)) == {"isi": {"titik"}}
    assert found(look(gate, tmp_path, {"isi": ["rumah di -7.080043, 110.312556"]})) == {}


def test_the_log_says_what_was_looked_for_and_no_value(gate: Gate, tmp_path: Path) -> None:
    passage = look(gate, tmp_path, {"isi": ["3374010101900001", None], "lain": ["a", "b"]})
    made = log(gate, {"b": Passage(), "a": passage})
    assert json.dumps(made) == json.dumps(log(gate, {"a": passage, "b": Passage()}))
    assert list(made["dataset"]) == ["a", "b"]
    assert made["dataset"]["a"]["nilai_diperiksa"] == 3
    (hit,) = made["dataset"]["a"]["ditemukan"]
    assert (hit["tempat"], hit["banyaknya"], hit["contoh_tersamar"]) == ("isi", 1, "3374************")
    assert "Nomor Induk Kependudukan" in made["dicari"] and made["nama_orang"].startswith("tidak diperiksa")
    assert "0190" not in json.dumps(made)


def changed(standards: dict[str, Standard], **change: Any) -> dict[str, Standard]:
    nik = standards["nik"]
    ways = [how.model_copy(update=change) for how in nik.gerbang] if change else []
    return standards | {"nik": nik.model_copy(update={"gerbang": ways})}


def test_the_standard_decides_what_a_nik_is(gate: Gate, standards: dict[str, Standard], tmp_path: Path) -> None:
    with duckdb.connect() as con:
        never = Gate.open(con, {k: v for k, v in changed(standards, sah="false").items() if k != "no_kk"})
        assert found(look(never, tmp_path, {"isi": ["3374010101900001"]})) == {}
        assert never.rules.version != gate.rules.version


def test_without_a_working_rule_nothing_passes(standards: dict[str, Standard], tmp_path: Path) -> None:
    with duckdb.connect() as con:
        with pytest.raises(GateError, match="nik"):
            Gate.open(con, changed(standards))
        bad = Gate.open(con, changed(standards, sah="no_such({x})"))
        with pytest.raises(GateError, match="no_such"):
            look(bad, tmp_path, {"isi": ["3374010101900001"]})
        with pytest.raises(GateError, match="pola"):
            Gate.open(con, changed(standards, pola="("))


def test_a_personal_column_and_one_that_is_not_published_block(standards: dict[str, Standard]) -> None:
    contract = make_contract("nama", "isi", changes=None)
    assert published(contract) == ["nama", "isi"]
    personal = make_contract("nama", standar="nama_orang")
    assert [f.kolom for f in check_columns(personal, standards, ["nama"])] == ["nama"]
    assert [f.kolom for f in check_columns(contract, standards, ["nama", "rahasia"])] == ["rahasia", "isi"]
    assert check_columns(contract, standards, ["nama"], whole=False) == []
