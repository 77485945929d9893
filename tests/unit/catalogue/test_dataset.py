from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from frictionless import validate
from pydantic import ValidationError

from pipelines.catalogue import Dataset, DescriptorError, Portal, datasets, withdrawn
from pipelines.catalogue.parts import Produsen
from pipelines.catalogue.portal import web

from .kit import bare, descriptor, folder


def test_a_release_is_read_in_order_and_without_what_was_withdrawn(tmp_path: Path) -> None:
    folder(tmp_path, descriptor("z-akhir"))
    folder(tmp_path, bare("a-awal"))
    gone = folder(tmp_path, descriptor("m-hilang"))
    (tmp_path / "situs").mkdir()
    tombstone = {"slug": "m-hilang", "judul": "Hilang", "tanggal": "2025-02-01", "alasan": "Salah hitung."}
    (gone / "ditarik.json").write_text(json.dumps(tombstone), encoding="utf-8")
    assert [d.slug for d in datasets(tmp_path)] == ["a-awal", "z-akhir"]
    (found,) = withdrawn(tmp_path)
    assert (found.slug, found.tanggal, found.alasan) == ("m-hilang", date(2025, 2, 1), "Salah hitung.")


def test_the_same_bytes_are_understood_once_and_others_anew(tmp_path: Path) -> None:
    place = folder(tmp_path, descriptor())
    found = Dataset.read(place)
    assert Dataset.read(place) is found
    assert found == Dataset.of(descriptor())
    changed = json.dumps(descriptor() | {"title": "Judul baru"})
    (place / "datapackage.json").write_text(changed, encoding="utf-8")
    assert Dataset.read(place).title == "Judul baru"
    (place / "datapackage.json").unlink()
    with pytest.raises(DescriptorError, match="No such file"):
        Dataset.read(place)


def test_the_example_is_a_data_package(tmp_path: Path) -> None:
    report = validate(str(folder(tmp_path, descriptor()) / "datapackage.json"))
    assert report.valid, report.to_summary()


def test_what_it_says_of_a_table() -> None:
    found = Dataset.of(descriptor())
    assert [c.label for c in found.columns][2:5] == ["Harga eceran", "Stok", "Tersedia"]
    assert found.columns[1].values == ("beras", "-", "jagung, manis")
    assert found.primary_key == ("barang", "tahun", "tanggal")
    assert [f.path for f in found.data_files] == ["dinas-harga.csv", "dinas-harga.parquet"]
    assert [f.path for f in found.code_lists] == ["kode_wilayah.csv"]
    assert found.tags == ("harga", "pangan")
    assert found.satudata.cakupan.period == ("2023-01-01", "2024-12-31")


def test_what_is_not_told_has_a_harmless_reading() -> None:
    found = Dataset.of(bare())
    assert (found.columns, found.csv, found.code_lists, found.licence, found.primary_key) == ((), None, (), None, ())
    assert found.about == found.title == "Harga beras"
    assert found.tags == ("catatan",)
    assert (found.satudata.cakupan.places, found.satudata.cakupan.period) == ((), None)


def test_places_have_names_only_if_each_has_one() -> None:
    codes = {"wilayah": ["33.02", "33.72"]}
    named = {**codes, "nama": ["Kabupaten Banyumas", "Kota Surakarta"]}
    assert Dataset.of(descriptor(cakupan=codes)).satudata.cakupan.places == (("33.02", "33.02"), ("33.72", "33.72"))
    assert Dataset.of(descriptor(cakupan=named)).satudata.cakupan.places[1] == ("33.72", "Kota Surakarta")
    short = Dataset.of(descriptor(cakupan={**codes, "nama": ["Kabupaten Banyumas"]})).satudata.cakupan
    assert short.places == (("33.02", "33.02"), ("33.72", "33.72"))


def test_the_view_is_read_only() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Dataset.of(descriptor()).satudata.baris = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON object"),
        (b"\xff", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"{}", "title: Field required"),
        (None, "No such file"),
    ],
)
def test_an_unreadable_descriptor_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = folder(tmp_path, descriptor())
    (path / "datapackage.json").unlink()
    if content is not None:
        (path / "datapackage.json").write_bytes(content)
    with pytest.raises(DescriptorError, match=said) as caught:
        Dataset.read(path)
    assert "dinas-harga/datapackage.json" in str(caught.value)
    assert "restore it" in str(caught.value)


def test_an_error_tells_no_value(tmp_path: Path) -> None:
    found = descriptor()
    found["satudata"]["jadwal"] = "setiap Budi sempat"
    with pytest.raises(DescriptorError, match=r"satudata\.jadwal") as caught:
        Dataset.read(folder(tmp_path, found))
    assert "Budi" not in str(caught.value)


def test_a_folder_holds_the_dataset_that_it_is_named_after(tmp_path: Path) -> None:
    path = folder(tmp_path, descriptor())
    moved = path.rename(tmp_path / "dinas-lain")
    with pytest.raises(DescriptorError, match="it describes dinas-harga"):
        Dataset.read(moved)


@pytest.mark.parametrize("path", ["../kode.csv", "a/b.csv", ".tersembunyi", "a\\b.csv", ""])
def test_a_file_lies_in_the_folder(path: str) -> None:
    found = descriptor()
    found["resources"][1]["path"] = path
    with pytest.raises(ValidationError, match="path"):
        Dataset.of(found)


@pytest.mark.parametrize("reference", [{"resource": "tidak-ada", "fields": ["kode"]},
                                       {"resource": "kode-wilayah", "fields": ["tidak_ada"]},
                                       {"resource": "dinas-harga-parquet", "fields": ["kode"]}])  # fmt: skip
def test_a_foreign_key_leads_to_a_column(reference: dict[str, object]) -> None:
    found = descriptor()
    found["resources"][0]["schema"]["foreignKeys"][0]["reference"] = reference
    with pytest.raises(ValidationError, match="foreign key"):
        Dataset.of(found)


def test_a_damaged_tombstone_is_named(tmp_path: Path) -> None:
    (tmp_path / "dinas-x").mkdir()
    (tmp_path / "dinas-x" / "ditarik.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DescriptorError, match=r"ditarik\.json: slug: Field required"):
        withdrawn(tmp_path)


@pytest.mark.parametrize(
    ("surel", "own", "found"),
    [
        ("data@dinas.example.id", "p@example.id", "data@dinas.example.id"),
        (None, "p@example.id", "p@example.id"),
        ("belum ada", "p@example.id", "p@example.id"),
        ("Budi <b@example.id>", None, None),
        ("-", "@", None),
    ],
)
def test_a_mail_address_is_used_only_if_it_looks_like_one(
    surel: str | None, own: str | None, found: str | None
) -> None:
    assert Portal(email=own).contact(Produsen(kode="x", nama="X", surel=surel)) == found


def test_addresses_are_encoded_and_relative_without_a_portal() -> None:
    assert Portal().address("a b/ü.csv") == "a%20b/%C3%BC.csv"
    assert Portal("https://x.id/y/").page("a-b") == "https://x.id/y/situs/a-b.html"


@pytest.mark.parametrize("text", ["dinas.example.id", "https://a b", 'https://a"b', "javascript:alert(1)", "", None])
def test_what_is_no_web_address_is_not_linked(text: str | None) -> None:
    assert web(text) is None


def test_a_tombstone_of_another_dataset_is_none(tmp_path: Path) -> None:
    gone = folder(tmp_path, descriptor("m-hilang"))
    tombstone = {"slug": "../lain", "judul": "Lain", "tanggal": "2025-02-01", "alasan": "Salah hitung."}
    (gone / "ditarik.json").write_text(json.dumps(tombstone), encoding="utf-8")
    with pytest.raises(DescriptorError, match="it describes"):
        withdrawn(tmp_path)


def test_a_bottomless_descriptor_is_no_descriptor(tmp_path: Path) -> None:
    place = folder(tmp_path, descriptor())
    (place / "datapackage.json").write_text("[" * 100_000)
    with pytest.raises(DescriptorError, match="restore it from a copy"):
        Dataset.read(place)
