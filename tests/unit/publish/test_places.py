"""Places in a release: names beside the codes, a copy of the code list, and codes as datasets of their own."""

from __future__ import annotations

import json

import duckdb
from frictionless import validate

from .conftest import World, make_contract, persons, text_contract

ROWS = """
    ('33.01', 2024, 'beras', 1, NULL, NULL),
    ('33.02', 2024, 'gula', 2, NULL, NULL),
    (NULL, 2024, 'teh', 3, NULL, NULL)
"""


def test_places_have_names_and_codes_coarse_to_fine(world: World) -> None:
    world.places()
    world.harga(ROWS)
    world.release(make_contract())
    header = world.csv().decode().splitlines()[0]
    assert header.startswith(
        "kode_wilayah,bps_kode_wilayah,kode_provinsi,nama_provinsi,kode_kabupaten_kota,nama_kabupaten_kota,subsidi,"
    )
    found = world.rows("harga", "kode_wilayah, bps_kode_wilayah, nama_provinsi, nama_kabupaten_kota")
    assert found == [
        ("33.01", "3301", "Jawa Tengah", "Kabupaten Cilacap"),
        ("33.02", "3302", "Jawa Tengah", "Kabupaten Banyumas"),
        (None, None, None, None),
    ]
    covered = world.descriptor()["satudata"]["cakupan"]
    assert (covered["wilayah"], covered["tingkat"], covered["tahun"]) == (
        ["33.01", "33.02"],
        "kabupaten_kota",
        [2024, 2024],
    )


def test_a_validator_follows_the_codes_into_the_copy_of_their_list(world: World) -> None:
    world.places()
    world.persons({("33.02.01", "A"): 71, ("33.01", "A"): 82})
    world.release(persons(), make_contract())
    folder = world.latest / "dinas-siswa"
    table = world.descriptor("siswa")["resources"][0]["schema"]
    assert [(k["fields"], k["reference"]) for k in table["foreignKeys"]] == [
        (["kode_wilayah"], {"resource": "kode-wilayah", "fields": ["kode"]}),
        (["status_nilai"], {"resource": "klasifikasi-status-nilai", "fields": ["nilai"]}),
    ]
    codes = (folder / "kode_wilayah.csv").read_text().splitlines()
    assert codes[0] == "kode,nama,tingkat,kode_induk,kode_bps"
    assert codes[-1] == "33.02.01,Lumbir,kecamatan,33.02,"
    assert [line.partition(",")[0] for line in codes[1:]] == ["33", "33.01", "33.02", "33.02.01"], "all around them"
    assert validate(str(folder / "datapackage.json")).valid
    (folder / "kode_wilayah.csv").chmod(0o644)
    (folder / "kode_wilayah.csv").write_text("\n".join(codes[:-1]) + "\n")
    broken = validate(str(folder / "datapackage.json")).flatten(["type", "note"])
    assert any(kind == "foreign-key" and "33.02.01" in note for kind, note in broken)


def test_a_code_that_nobody_knows_makes_no_promise(world: World) -> None:
    world.places()
    world.harga("('33.99', 2024, 'beras', 1, NULL, NULL)")
    world.release(make_contract())
    assert "foreignKeys" not in world.descriptor()["resources"][0]["schema"]
    assert not (world.latest / "dinas-harga" / "kode_wilayah.csv").exists()
    assert world.rows("harga", "kode_wilayah, kode_provinsi, nama_provinsi") == [("33.99", None, None)]


def test_values_that_a_column_may_have_are_a_list_beside_it(world: World) -> None:
    world.text("=ya", "tidak", None)
    world.release(text_contract(nilai=["=ya", "tidak", "mungkin"]))
    (field,) = world.descriptor("catatan")["resources"][0]["schema"]["fields"]
    assert (field["klasifikasi"], field["peran"]) == ("klasifikasi-isi", "dimensi")
    folder = world.latest / "dinas-catatan"
    assert (folder / "klasifikasi_isi.csv").read_text() == "nilai\n'=ya\ntidak\nmungkin\n"
    assert validate(str(folder / "datapackage.json")).valid
    used = world.latest / "referensi-klasifikasi" / "referensi-klasifikasi.parquet"
    with duckdb.connect() as con:
        listed = con.execute(f"SELECT dataset, kolom, nilai FROM '{used}'").fetchall()
    assert listed == [("dinas-catatan", "isi", value) for value in ("=ya", "mungkin", "tidak")]


def test_what_datasets_refer_to_is_published_too(world: World) -> None:
    world.places()
    world.release(make_contract())
    listed = [d["identifier"] for d in json.loads((world.latest / "data.json").read_text())["dataset"]]
    assert listed == ["dinas-harga", "referensi-kode_wilayah", "referensi-satuan"]
    for slug in listed[1:]:
        report = validate(str(world.latest / slug / "datapackage.json"))
        assert report.valid, report.to_summary()
    codes = json.loads((world.latest / "referensi-kode_wilayah" / "datapackage.json").read_text())
    assert codes["licenses"][0]["name"] == "ODbL-1.0" and codes["satudata"]["baris"] == 4
    assert codes["satudata"]["diperbarui"] == "2024-02-05", "as new as what refers to it"
    units = (world.latest / "referensi-satuan" / "referensi-satuan.csv").read_text()
    assert "rupiah per kilogram,dinas-harga,harga" in units


def test_points_are_published_with_their_geometry(world: World) -> None:
    kolom = {name: {"dari": [name], "standar": name, "terbit": True} for name in ("lintang", "bujur")}
    contract = make_contract("catatan", kolom=kolom, wilayah={"titik": ["lintang", "bujur"]})
    world.table(
        "catatan", "('33.01', -7.1, 109.2), (NULL, NULL, NULL)",
        {"kode_wilayah": "VARCHAR", "lintang": "DOUBLE", "bujur": "DOUBLE"},
    )  # fmt: skip
    world.release(contract)
    there = {p.name for p in (world.latest / "dinas-catatan").iterdir()}
    assert {"dinas-catatan.geojson", "dinas-catatan.geo.parquet"} <= there
    shapes = json.loads((world.latest / "dinas-catatan" / "dinas-catatan.geojson").read_text())["features"]
    assert [f["geometry"]["coordinates"] for f in shapes] == [[109.2, -7.1]]
