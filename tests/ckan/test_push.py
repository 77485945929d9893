"""A release on a real CKAN: what arrives, what is not sent twice, what goes away, what is left alone."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from decimal import Decimal

import pytest

from pipelines.ckan import CkanError, push, table
from tests.ckan.conftest import Portal
from tests.ckan.faults import Fault
from tests.ckan.release import ROWS, Release
from tests.ckan.server import MAX_MEGABYTES

pytestmark = pytest.mark.slow


def test_everything_of_a_dataset_arrives(portal: Portal, release: Release) -> None:
    slug = release.add()
    result = portal.push(release)
    assert (result.created, result.failed) == ([slug], {})
    held = portal.package(slug)
    assert (held["title"], held["license_id"], held["isopen"]) == ("Kejadian uji", "cc-by", True)
    assert held["notes"] == "Baris pertama.\nBaris kedua: é, “kutip”, 🌋."
    assert held["organization"]["title"] == f"Badan {release.produsen}"
    assert [t["name"] for t in held["tags"]] == ["air tanah", "bencana"]
    extras = {e["key"]: e["value"] for e in held["extras"]}
    assert extras["kategori"] == "Kebencanaan"
    assert extras["prioritas_tahun"] == "2025, 2026"
    assert (extras["cakupan_wilayah"], extras["cakupan_tahun"]) == ("33.02, 33.72", "2024-2025")
    assert extras["konsep"] == "Jumlah"
    assert (extras["satuan"], extras["standar"], extras["baris"]) == ("orang", "teks", "4")
    for file in held["resources"]:
        with urllib.request.urlopen(file["url"]) as answer:
            content = answer.read()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["hash"], file["size"])
    assert (held["resources"][0]["format"], held["resources"][0]["mimetype"]) == ("CSV", "text/csv")


def test_codes_stay_text_and_numbers_are_exact(portal: Portal, release: Release) -> None:
    slug = release.add()
    portal.push(release)
    key = portal.file(slug, "CSV")["id"]
    fields = {f["id"]: f for f in portal.act("datastore_info", id=key)["fields"]}
    types = {"kode_wilayah": "text", "jenis": "text", "jumlah": "int8", "luas": "numeric", "tanggal": "date"}
    assert {k: f["type"] for k, f in fields.items()} == types
    assert fields["jumlah"]["info"] == {
        "label": "Jumlah", "notes": "Kolom jumlah.", "satuan": "orang", "standar": "teks"
    }  # fmt: skip
    rows = portal.rows(slug)
    assert [row["kode_wilayah"] for row in rows] == ["33.02", "33.02.01.2001", "33.72", None]
    assert [row["jenis"] for row in rows] == [row[1] for row in ROWS]
    assert [row["jumlah"] for row in rows] == [12, None, 9007199254740993, 0]
    found = portal.act("datastore_search", resource_id=key, filters={"luas": "1000000000000000000000"})
    assert (found["total"], Decimal(found["records"][0]["luas"])) == (1, Decimal(10) ** 21)


def test_a_second_push_writes_nothing(portal: Portal, release: Release) -> None:
    one, other = release.add("satu"), release.add("dua")
    release.withdraw("tiga")
    portal.push(release)
    portal.proxy.play()
    result = portal.push(release)
    assert portal.proxy.writes == []
    assert portal.proxy.calls
    assert (result.writes, result.sent, sorted(result.unchanged)) == (0, 0, sorted([one, other, release.slug("tiga")]))


def test_only_what_changed_is_sent(portal: Portal, release: Release) -> None:
    slug = release.add("satu")
    release.add("dua")
    portal.push(release)
    portal.proxy.play()
    release.add("satu", [*ROWS, ("33.74", "Banjir", "1", "2", "2025-01-01")])
    result = portal.push(release)
    assert result.updated == [slug]
    writes = ["datastore_delete", "resource_patch", "datastore_create", "datastore_upsert", "package_patch"]
    assert portal.proxy.writes == writes
    assert len(portal.rows(slug)) == 5
    portal.proxy.play()
    release.add("dua", title="Judul lain", extra=b"PAR2")
    portal.push(release)
    assert portal.proxy.writes == ["resource_patch", "package_patch"]
    assert portal.package(release.slug("dua"))["title"] == "Judul lain"
    assert portal.verify(release) == {}


def test_other_types_for_the_same_bytes_load_the_table_anew(
    portal: Portal, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = release.add()
    portal.push(release)
    from tests.ckan import release as kit

    monkeypatch.setitem(kit.TYPES, "jumlah", "number")
    release.add()
    portal.proxy.play()
    portal.push(release)
    assert portal.proxy.writes == ["datastore_delete", "datastore_create", "datastore_upsert"]
    key = portal.file(slug, "CSV")["id"]
    assert {f["id"]: f["type"] for f in portal.act("datastore_info", id=key)["fields"]}["jumlah"] == "numeric"


def test_a_table_is_sent_in_small_batches(portal: Portal, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BATCH_ROWS", 300)
    slug = release.add(rows=[("33.02", f"baris {n}", str(n), "", "") for n in range(1000)])
    portal.push(release)
    assert portal.proxy.writes.count("datastore_upsert") == 4
    assert [row["jumlah"] for row in portal.rows(slug)] == list(range(1000))


def test_a_table_too_large_for_the_datastore_is_files_only(
    portal: Portal, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = release.add()
    portal.push(release)
    monkeypatch.setattr(table, "MOST_ROWS", 3)
    result = portal.push(release)
    assert slug in result.notes[0]
    assert portal.file(slug, "CSV")["datastore_active"] is False
    assert portal.verify(release) == {}


def test_a_withdrawn_dataset_leaves_its_page_and_no_byte(portal: Portal, release: Release) -> None:
    slug = release.add()
    portal.push(release)
    file = portal.file(slug, "CSV")
    on_disk = portal.server.storage / "resources" / file["id"][:3] / file["id"][3:6] / file["id"][6:]
    assert on_disk.read_bytes().startswith(b"kode_wilayah")
    release.withdraw("satu", "Angka keliru sejak 2024")
    assert portal.push(release).withdrawn == [slug]
    held = portal.package(slug)
    assert held["resources"] == []
    assert "Angka keliru sejak 2024" in held["notes"]
    assert {e["key"]: e["value"] for e in held["extras"]} == {"ditarik": "2026-03-05"}
    assert not on_disk.exists()
    for gone in (file["url"], f"{portal.server.url}/datastore/dump/{file['id']}"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(gone)
    assert portal.push(release).writes == 0
    assert portal.verify(release) == {}
    release.add()
    assert portal.push(release).updated == [slug]
    assert portal.package(slug)["notes"].startswith("Baris pertama")
    assert "ditarik" not in {e["key"] for e in portal.package(slug)["extras"]}
    assert portal.verify(release) == {}


def test_a_withdrawn_dataset_that_ckan_never_had_is_no_matter(portal: Portal, release: Release) -> None:
    release.add("satu")
    slug = release.withdraw("dua")
    result = portal.push(release)
    assert (result.unchanged, result.failed) == ([slug], {})


def test_what_people_added_stays(portal: Portal, release: Release) -> None:
    slug = release.add()
    portal.push(release)
    extras = [*portal.package(slug)["extras"], {"key": "catatan_editor", "value": "jangan hapus"}]
    portal.act("package_patch", id=slug, extras=extras)
    portal.act("resource_create", package_id=slug, name="Panduan", url="https://contoh.invalid/panduan")
    portal.act("package_create", name=f"{slug}-lain", title="Lain", owner_org=release.produsen)
    portal.act("package_create", name=f"{slug}-rahasia", owner_org=release.produsen, private=True)
    portal.proxy.play()
    result = portal.push(release)
    assert portal.proxy.writes == []
    assert result.left_alone == [f"{slug}-lain", f"{slug}-rahasia"]
    release.add(extra=b"", title="Tanpa Parquet")
    portal.push(release)
    held = portal.package(slug)
    assert [r["name"] for r in held["resources"]] == ["CSV", "Panduan"]
    assert {"key": "catatan_editor", "value": "jangan hapus"} in held["extras"]
    assert portal.verify(release) == {}


@pytest.mark.parametrize("how", ["private", "deleted"])
def test_what_a_person_hid_is_not_shown_again(portal: Portal, release: Release, how: str) -> None:
    slug, other = release.add("satu"), release.add("dua")
    portal.push(release)
    portal.act("package_patch", id=slug, **({"private": True} if how == "private" else {"state": "deleted"}))
    release.add("satu", ROWS[:2])
    release.add("dua", ROWS[:2])
    result = portal.push(release)
    assert f"made it {how} on CKAN" in result.failed[slug]
    assert result.updated == [other]
    with pytest.raises(urllib.error.HTTPError):
        portal.package(slug)


def test_an_organisation_that_was_made_by_hand_gets_its_title(portal: Portal, release: Release) -> None:
    portal.act("organization_create", name=release.produsen, title="Nama lama", description="Dari orang")
    release.add()
    portal.push(release)
    held = portal.act("organization_show", id=release.produsen)
    assert (held["title"], held["description"]) == (f"Badan {release.produsen}", "Dari orang")


def test_a_dataset_of_another_organisation_is_not_taken(portal: Portal, release: Release) -> None:
    slug = release.add()
    other = portal.act("organization_create", name=f"{release.produsen}-lain")["name"]
    portal.act("package_create", name=slug, title="Milik lain", owner_org=other)
    assert f"belongs to {other}" in portal.push(release).failed[slug]
    assert portal.package(slug)["title"] == "Milik lain"


def test_one_dataset_of_a_release(portal: Portal, release: Release) -> None:
    slug = release.add("satu")
    release.add("dua")
    assert portal.push(release, only=[slug]).created == [slug]
    with pytest.raises(urllib.error.HTTPError):
        portal.package(release.slug("dua"))
    with pytest.raises(CkanError, match="no dataset tidak-ada"):
        portal.push(release, only=["tidak-ada"])


def test_a_user_without_rights_is_told_what_to_ask_for(portal: Portal, release: Release) -> None:
    slug = release.add()
    result = push(release.folder, portal.proxy.url, portal.server.nobody, portal.said.append)
    assert f"the organisation {release.produsen}" in result.failed[slug]
    assert "ask its sysadmin" in result.failed[slug]
    portal.act("organization_create", name=release.produsen, title=f"Badan {release.produsen}")
    result = push(release.folder, portal.proxy.url, portal.server.nobody, portal.said.append)
    assert "Make the user an editor" in result.failed[slug]
    portal.act("organization_member_create", id=release.produsen, username="tamu", role="editor")
    result = push(release.folder, portal.proxy.url, portal.server.nobody, portal.said.append)
    assert (result.created, result.failed) == ([slug], {})


def test_a_wrong_key_and_a_wrong_address_are_said(portal: Portal, release: Release) -> None:
    release.add()
    with pytest.raises(CkanError, match="does not know this API key") as error:
        push(release.folder, portal.proxy.url, "kunci-yang-salah", portal.said.append)
    assert "kunci-yang-salah" not in str(error.value)
    with pytest.raises(CkanError, match="does not answer as CKAN does"):
        push(release.folder, f"{portal.proxy.url}/bukan", portal.server.admin, portal.said.append)


def test_a_file_too_large_is_said_and_the_others_go_on(portal: Portal, release: Release) -> None:
    large = release.add("besar", extra=b"x" * ((MAX_MEGABYTES + 2) << 20))
    small = release.add("kecil")
    result = portal.push(release)
    assert "raise ckan.max_resource_size" in result.failed[large]
    assert result.created == [small]
    with pytest.raises(urllib.error.HTTPError):
        portal.package(large)  # not whole, so not public


def test_a_value_that_ckan_does_not_take_is_said(portal: Portal, release: Release) -> None:
    slug = release.add()
    descriptor = release.folder / slug / "datapackage.json"
    descriptor.write_text(descriptor.read_text().replace('"date"', '"integer"'))
    result = portal.push(release)
    assert "CKAN does not take what datastore_upsert sends" in result.failed[slug]


def test_a_release_that_is_not_whole_is_not_sent(portal: Portal, release: Release) -> None:
    slug = release.add()
    (release.folder / slug / f"{slug}.parquet").write_bytes(b"PARX")
    result = portal.push(release)
    assert "satudata release verify" in result.failed[slug]


def test_verify_finds_what_went_wrong_on_ckan(portal: Portal, release: Release) -> None:
    slug = release.add()
    gone = release.add("dua")
    portal.push(release)
    assert portal.verify(release) == {}
    csv, parquet = portal.file(slug, "CSV"), portal.file(slug, "PARQUET")
    on_disk = portal.server.storage / "resources" / parquet["id"][:3] / parquet["id"][3:6] / parquet["id"][6:]
    on_disk.write_bytes(b"PARX")
    portal.act("datastore_upsert", resource_id=csv["id"], force=True, method="insert", records=[{"jenis": "ganda"}])
    portal.act("package_patch", id=slug, title="Judul dari orang")
    portal.act("dataset_purge", id=gone)
    found = portal.verify(release)
    assert found[gone] == ["it is not on CKAN"]
    said = " | ".join(found[slug])
    assert "other fields of the dataset: title" in said
    assert f"{slug}.parquet comes back from CKAN as other bytes" in said
    assert "the datastore has 5 rows, not 4" in said
    portal.act("resource_delete", id=parquet["id"])
    again = portal.push(release)
    assert (again.created, again.updated) == ([gone], [slug])
    assert portal.verify(release) == {}


def test_a_ckan_without_a_datastore_gets_the_files(portal: Portal, release: Release) -> None:
    slug = release.add()
    portal.proxy.play(Fault("help_show", "unknown"))
    result = portal.push(release)
    assert result.created == [slug]
    assert result.notes == ["this CKAN has no datastore: tables were sent as files only"]
    assert not [action for action in portal.proxy.calls if action.startswith("datastore")]
