from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.model import Column

from .conftest import World, make_contract, text_contract


def descriptor(world: World, dataset: str = "harga") -> dict[str, Any]:
    path = world.latest / f"dinas-{dataset}" / "datapackage.json"
    report = validate(str(path))
    assert report.valid, report.to_summary()
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_frictionless_accepts_it_and_reads_the_types(world: World) -> None:
    world.release(make_contract())
    found = descriptor(world)
    fields = {f["name"]: f for f in found["resources"][0]["schema"]["fields"]}
    assert {k: f["type"] for k, f in fields.items()} == {
        "kode_wilayah": "string", "subsidi": "boolean", "nama_barang": "string", "harga": "number", "satuan": "string",
        "tahun": "integer", "tanggal": "date",
    }  # fmt: skip
    assert list(fields) == world.csv().decode().splitlines()[0].split(","), "where, what, how much, when"
    assert all(f["title"] and f["description"] for f in fields.values())
    assert fields["harga"]["satuan"] == "rupiah per kilogram"
    assert set(world.rows("harga", "satuan")) == {("rupiah per kilogram",)}
    package = Package(str(world.latest / "dinas-harga" / "datapackage.json"))
    rows = package.get_resource("dinas-harga-csv").read_rows()
    assert [r["subsidi"] for r in rows] == [False, None, True, True, None]
    assert rows[4]["kode_wilayah"] is None


def test_frictionless_finds_a_changed_byte(world: World) -> None:
    world.release(make_contract())
    for suffix in ("csv", "parquet"):
        path = world.latest / "dinas-harga" / f"dinas-harga.{suffix}"
        whole = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
        assert not validate(str(path.parent / "datapackage.json")).valid
        path.write_bytes(whole)


def test_who_what_licence_bytes_and_version(world: World) -> None:
    world.release(make_contract())
    found = descriptor(world)
    assert found["name"] == "dinas-harga"
    assert found["licenses"] == [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}]
    assert found["contributors"][0] == {
        "title": "Dinas Uji", "roles": ["creator"], "organization": "Pemerintah Uji", "path": "https://dinas.example.id",
    }  # fmt: skip
    for resource in found["resources"]:
        data = (world.latest / "dinas-harga" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    digest = found["resources"][0]["hash"][7:19]
    assert found["version"] == f"2024.2.5+{digest}"


UNIQUE = "('33.01', 2024, 'beras', 1, NULL, NULL), ('33.01', 2024, 'gula', 2, NULL, NULL)"


@pytest.mark.parametrize(
    ("rows", "kunci", "expected"),
    [
        (UNIQUE, ["tahun", "nama_barang"], ["tahun", "nama_barang"]),
        (UNIQUE, ["tahun"], None),  # not unique after all
        (UNIQUE, ["kabupaten", "nama_barang"], ["kode_wilayah", "nama_barang"]),  # a place is known by its code
        (UNIQUE, ["kabupaten", "nama_barang", "petugas"], None),  # a part of it is not published
        (UNIQUE + ", ('33.01', NULL, 'teh', 2, NULL, NULL)", ["tahun", "nama_barang"], None),
    ],
)
def test_the_primary_key_is_stated_only_where_it_holds(
    world: World, rows: str, kunci: list[str], expected: list[str] | None
) -> None:
    world.harga(rows)
    contract = make_contract()
    officer = {"petugas": Column(dari=["Petugas"], standar="teks")}
    world.release(contract.model_copy(update={"kunci": kunci, "kolom": contract.kolom | officer}))
    assert descriptor(world)["resources"][0]["schema"].get("primaryKey") == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("ya", "-"), {"required": True, "enum": ["ya", "'-"]}),
        (("ya", "lain"), {"required": True}),
        (("ya", None), None),
    ],
)
def test_constraints_are_stated_only_where_they_hold(world: World, values: tuple, expected: dict | None) -> None:
    contract = make_contract(
        "catatan",
        wilayah=None,
        kolom={
            "isi": {"dari": ["a"], "standar": "teks", "terbit": True, "wajib": True,
                    **({"nilai": ["ya", "-"]} if expected else {})},
            "lain": {"dari": ["b"], "standar": "teks", "terbit": True},
        },
    )  # fmt: skip
    rows = ", ".join(f"({'NULL' if v is None else repr(v)}, 'x')" for v in values)
    world.table("catatan", rows, {"isi": "VARCHAR", "lain": "VARCHAR"})
    world.release(contract)
    field = descriptor(world, "catatan")["resources"][0]["schema"]["fields"][0]
    assert field.get("constraints") == expected


def test_an_unknown_licence_is_named_and_not_located(world: World) -> None:
    world.release(make_contract(lisensi="Lisensi-Daerah"))
    assert descriptor(world)["licenses"] == [{"name": "Lisensi-Daerah"}]


@pytest.mark.parametrize("kind", ["BLOB", "HUGEINT"])  # Parquet would make a double of the latter
def test_a_type_without_a_place_in_open_data_costs_only_its_dataset(world: World, kind: str) -> None:
    world.table("catatan", "('1')", {"isi": kind})
    result = world.release(make_contract(), text_contract())
    assert kind in result.left_out["dinas.catatan"]
    assert list(result.datasets) == ["dinas.harga"]


@settings(max_examples=5, deadline=None)
@given(values=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=10), min_size=20))
def test_frictionless_accepts_any_text(
    tmp_path_factory: pytest.TempPathFactory, standards: dict, values: list[str]
) -> None:
    from pipelines.home import Home

    world = World(Home(Path(tmp_path_factory.mktemp("any")) / "var").ensure(), standards)
    world.text(*[v.replace("\0", "0") for v in values])
    world.release(text_contract())
    descriptor(world, "catatan")
