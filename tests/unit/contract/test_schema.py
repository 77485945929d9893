"""The JSON Schema that editors use says what the loader says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contract.conftest import CONTRACT
from pipelines.contract.schema import contract_schema
from pipelines.contract.yaml_lines import read_yaml

REPO = Path(__file__).parents[3]
CONTRACTS = sorted(p for kind in ("opd", "kabupaten") for p in (REPO / "sources").rglob(f"{kind}/*/*.yml"))
Schema = jsonschema.Draft202012Validator


@pytest.fixture(scope="module")
def schema() -> Schema:
    loaded = json.loads(contract_schema())
    Schema.check_schema(loaded)
    return Schema(loaded)


def test_the_file_in_sources_is_this_schema() -> None:
    path = REPO / "sources" / "contract.schema.json"
    assert path.read_text(encoding="utf-8") == contract_schema(), (
        "write it again: python -c 'from pipelines.contract.schema import contract_schema; "
        'print(contract_schema(), end="")\' > sources/contract.schema.json'
    )


def test_there_are_contracts() -> None:
    assert len(CONTRACTS) > 30


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: "/".join(p.parts[-3:]))
def test_every_contract_is_right_for_an_editor(schema: Schema, path: Path) -> None:
    assert [e.message for e in schema.iter_errors(read_yaml(path).value)] == []


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: "/".join(p.parts[-3:]))
def test_every_contract_names_the_schema_where_it_is(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == REPO / "sources" / "contract.schema.json"


def told(schema: Schema, tmp_path: Path, old: str, new: str) -> list[tuple[str, str]]:
    assert CONTRACT.count(old) == 1
    path = tmp_path / "x.yml"
    path.write_text(CONTRACT.replace(old, new), encoding="utf-8")
    errors = schema.iter_errors(read_yaml(path).value)
    return sorted((".".join(map(str, e.absolute_path)), str(e.validator)) for e in errors)


@pytest.mark.parametrize("key", ["judul", "produsen", "jadwal", "klasifikasi", "kolom"])
def test_required_keys(schema: Schema, key: str) -> None:
    value: dict[str, Any] = {
        "judul": "Cacah", "produsen": "uji", "jadwal": "tahunan", "klasifikasi": "terbuka",
        "kolom": {"a": {"dari": "A", "standar": "teks"}},
    }  # fmt: skip
    assert list(schema.iter_errors(value)) == []
    del value[key]
    assert [e.message for e in schema.iter_errors(value)] == [f"'{key}' is a required property"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("standar: bilangan, ", "", ("kolom.cacah", "required")),
        ("jadwal: tahunan", "jadwal: setahun", ("jadwal", "enum")),
        ("wajib: true", "wajb: true", ("kolom.kode", "additionalProperties")),
        ("judul: Cacah sesuatu", "judul: Cacah sesuatu\ndataset: x", ("", "additionalProperties")),
        ("ditolak_maks: 2%", "ditolak_maks: 2", ("batas.ditolak_maks", "anyOf")),
        ("ditolak_maks: 2%", "ditolak_maks: 2 %", ("batas.ditolak_maks", "anyOf")),
        ("kunci: [kode]", "kunci: kode", ("kunci", "type")),
        ("[Kode]", "[33.02]", ("kolom.kode.dari", "anyOf")),
        ("produsen: uji", "produsen: Dinas Uji", ("produsen", "pattern")),
        ("wajib: true", "wajib: Ya", ("kolom.kode.wajib", "type")),
        ("wilayah: {nama: {kabupaten_kota: tempat}}", "wilayah: {tetap: 33.02}", ("wilayah", "anyOf")),
    ],
)
def test_what_an_editor_underlines(schema: Schema, tmp_path: Path, old: str, new: str, where: tuple[str, str]) -> None:
    assert where in told(schema, tmp_path, old, new)
    assert told(schema, tmp_path, old, old) == []
