"""What is sent of a dataset, and when CKAN already has it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.catalogue import Dataset, Withdrawn
from pipelines.ckan.wanted import EXTRAS, differences, listed, organisation, package, resource, table, tombstone

FILE = {
    "name": "uji-satu-csv", "type": "table", "path": "uji-satu.csv", "format": "csv", "mediatype": "text/csv",
    "bytes": 10, "hash": "sha256:" + "a" * 64, "title": "CSV",
    "licenses": [{"name": "ODbL-1.0", "path": "https://opendatacommons.org/licenses/odbl/1-0/"}],
    "schema": {"fields": [
        {"name": "kode_wilayah", "type": "string", "title": "Kode wilayah", "peran": "wilayah"},
        {"name": "tahun", "type": "year"}, {"name": "aktif", "type": "boolean"}, {"name": "saat", "type": "datetime"},
        {"name": "jumlah", "type": "integer", "title": "Jumlah", "satuan": "orang", "peran": "ukuran"},
        {"name": "lain", "type": "geojson"},
    ]},
}  # fmt: skip


def dataset(**about: Any) -> Dataset:
    """A dataset that says as little as a descriptor may, and what is given."""
    produsen = {"kode": "uji", "nama": "Badan Uji"}
    least = {"produsen": produsen, "jadwal": "bulanan", "diperbarui": "2026-01-01", "baris": 0}
    document = {"name": "uji-satu", "title": "Satu", "resources": [FILE], "satudata": least | about}
    return Dataset.of(document)


def test_types_of_the_datastore() -> None:
    types = {field["id"]: field["type"] for field in table(dataset().columns)}
    assert types == {
        "kode_wilayah": "text", "tahun": "int8", "aktif": "bool", "saat": "timestamp", "jumlah": "int8", "lain": "text"
    }  # fmt: skip


def test_a_dataset_that_says_little_sends_no_empty_extras() -> None:
    extras = package(dataset(), ())["extras"]
    assert extras == {
        "kode_produsen": "uji", "klasifikasi": "terbuka", "jadwal": "bulanan", "diperbarui": "2026-01-01",
        "baris": "0", "konsep": "Jumlah", "satuan": "orang",
    }  # fmt: skip


def test_a_release_answers_for_every_extra_it_sends() -> None:
    agency = {"kode": "uji", "nama": "Badan Uji", "instansi": "Pemerintah", "kode_wilayah": "33", "surel": "a@b.id"}
    full = dataset(
        produsen=agency, kategori="Uji", prioritas_tahun=[2026], berikutnya="2026-02-01",
        statistik={"b": 1, "a": None},
        cakupan={"wilayah": ["33.02"], "tingkat": "desa_kelurahan", "tahun": [2024, 2024]},
        mutu={"skor": 97.2, "dibaca": 1, "diterima": 1, "ditolak": 0, "bukan_data": 0},
        asal=[{"langkah": "Kiriman"}, {"langkah": "Terbit", "keterangan": "CSV"}],
        perlindungan={"disembunyikan": 3, "alasan": {}},
    )  # fmt: skip
    sent = package(full, ())
    assert set(sent["extras"]) < set(EXTRAS)
    assert sent["extras"]["asal"] == "Kiriman\nTerbit: CSV"
    assert sent["extras"]["statistik"] == '{"a": null, "b": 1}'
    assert (sent["extras"]["nilai_disembunyikan"], sent["author_email"]) == ("3", "a@b.id")
    assert set(tombstone(Withdrawn(slug="a-b", judul="A", tanggal="2026-01-01", alasan="x"))["extras"]) < set(EXTRAS)


@pytest.mark.parametrize(("address", "sent"), [("bukan surel", ""), ("a@contoh.go.id", "a@contoh.go.id"), (None, "")])
def test_an_address_that_ckan_would_refuse_is_not_sent(address: str | None, sent: str) -> None:
    produsen = {"kode": "uji", "nama": "Badan Uji", "surel": address}
    assert package(dataset(produsen=produsen), ())["author_email"] == sent


def test_licences_by_the_ids_that_this_ckan_knows() -> None:
    known = dataset().model_copy(update={"licenses": dataset().resources[0].licenses})
    assert package(known, {"ODbL-1.0"})["license_id"] == "ODbL-1.0"
    assert package(known, {"odc-odbl"})["license_id"] == "odc-odbl"
    assert package(dataset(), {"cc-by"})["license_id"] == ""


def test_a_file_tells_its_own_licence() -> None:
    sent = resource(dataset().resources[0])
    assert sent["description"] == "Lisensi: ODbL-1.0 https://opendatacommons.org/licenses/odbl/1-0/"
    assert (sent["hash"], sent["size"], sent["format"]) == ("a" * 64, 10, "CSV")


def held(**changes: Any) -> dict[str, Any]:
    """A package as CKAN gives it back."""
    sent = package(dataset(), ())
    back = {key: value or None for key, value in sent.items() if key != "private"}
    back |= {"owner_org": "0d3a", "organization": {"name": sent["owner_org"]}, "private": False, "position": 0}
    return back | {"extras": listed(sent["extras"]), "tags": []} | changes


def test_what_ckan_gives_back_otherwise_is_no_difference() -> None:
    assert differences(package(dataset(), ()), held(title="Satu ", license_id="")) == {}
    assert differences({"format": "GEOJSON", "size": 10}, {"format": "GeoJSON", "size": "10"}) == {}
    produsen = dataset().satudata.produsen
    assert differences(organisation(produsen), {"name": "uji", "title": "Badan Uji", "state": "active"}) == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [("title", "Dua"), ("private", True), ("notes", "x"), ("organization", {"name": "lain"}), ("organization", None)],
)
def test_only_the_field_that_differs_is_sent(key: str, value: object) -> None:
    field = "owner_org" if key == "organization" else key
    assert list(differences(package(dataset(), ()), held(**{key: value}))) == [field]


def test_extras_of_people_are_sent_along_and_old_ones_of_ours_go() -> None:
    extras = listed({"kategori": "lama", "catatan": "dari editor"})
    sent = {e["key"]: e["value"] for e in differences(package(dataset(), ()), held(extras=extras))["extras"]}
    assert sent["catatan"] == "dari editor"
    assert "kategori" not in sent
    assert sent["jadwal"] == "bulanan"


def test_tags_are_compared_without_their_order() -> None:
    wanted = {"tags": [{"name": "b"}, {"name": "a"}]}
    assert differences(wanted, {"tags": [{"name": "a", "id": "1"}, {"name": "b"}]}) == {}
    assert differences(wanted, {"tags": [{"name": "a"}]}) == wanted
