"""The report of a draft says what a person must know before approving it, and nothing that nobody may know."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.model import Contract
from pipelines.publish import Delivery, Inputs, Quality, ReleaseResult, prepare, release
from pipelines.publish.in_bahasa import TECHNICAL, in_bahasa
from pipelines.publish.report import SHOWN, write_report
from pipelines.release import withdraw

from .conftest import HARGA, NOW, World, make_contract, text_contract

NIK = "3374010101900001"  # invented
NAME = "Sutinah Wulandari"  # invented


def page(result: ReleaseResult, draft: Path, previous: Path | None) -> str:
    """The report of a draft, as it stands beside it."""
    out = draft.parent / "laporan.html"
    write_report(result, draft, previous, out)
    return out.read_text(encoding="utf-8")


def drafted(world: World, inputs: Inputs) -> str:
    """The report of the draft that a home's inputs give."""
    result = prepare(world.home, inputs)
    return page(result, result.path, world.latest.resolve() if world.latest.exists() else None)


def words(html: str) -> str:
    """What a reader of a page sees, in one line."""
    return " ".join(unescape(re.sub(r"<(style|title).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


def edit(draft: Path, name: str, change: Callable[[Any], None]) -> None:
    """Change one document of a draft by hand."""
    content = json.loads((draft / name).read_bytes())
    change(content)
    (draft / name).unlink()
    (draft / name).write_text(json.dumps(content))


@pytest.fixture
def draft(world: World, tmp_path: Path) -> Path:
    """A draft of one dataset, to be changed by hand."""
    result = prepare(world.home, world.inputs(make_contract()))
    return shutil.copytree(result.path, tmp_path / "draf" / "rilis")


def test_what_changed_since_the_release_that_readers_see(world: World) -> None:
    world.text("baik")
    first = world.release(make_contract(), text_contract())
    world.harga(HARGA + ", ('33.03', 2024, 'teh', 7, NULL, NULL)")
    result = prepare(world.home, world.inputs(make_contract(), text_contract()))
    html = page(result, result.path, first.path)
    said = words(html)
    entry = json.loads((result.path / "riwayat.json").read_bytes())[0]
    assert [one["slug"] for one in entry["dataset"]] == ["dinas-harga"]
    assert entry["dataset"][0]["kalimat"][0] in said
    others = sum(1 for _ in result.path.glob("*/datapackage.json")) - 1
    assert f"Dataset: 1 berubah, {others} tetap sama." in said
    assert f"Draf rilis {result.version}" in said and f"menggantikan rilis {first.version}" in said
    assert "1 Maret 2024" in said
    assert 'satudata publish --approve "NAMA" --reason "ALASAN"' in said
    assert hashlib.sha256((result.path / "manifest.json").read_bytes()).hexdigest() in said


def test_it_opens_without_a_network_and_its_links_lead_somewhere(world: World) -> None:
    result = prepare(world.home, world.inputs(make_contract()))
    html = page(result, result.path, None)
    assert not re.search(r"https?:|//|\bsrc=|url\(|@import|<script|<link", html)
    links = re.findall(r'href="([^"]+)"', html)
    assert links
    for link in links:
        found = f'id="{link[1:]}"' in html if link.startswith("#") else (result.path.parent / link).is_file()
        assert found, link


def test_a_first_draft_has_nothing_to_warn_of(world: World) -> None:
    said = words(drafted(world, world.inputs(make_contract())))
    assert "rilis yang pertama" in said
    assert "Tidak ada angka yang perlu disembunyikan" in said and "0 dapat dihitung kembali" in said
    assert "Tidak ada yang ditolak" in said and "semua dataset terbuka ikut" in said
    assert "Belum ada dataset yang berskor" in said


def test_what_the_gate_refused_is_masked(world: World) -> None:
    world.text("aman", NIK)
    html = drafted(world, world.inputs(make_contract(), text_contract()))
    said = words(html)
    assert NIK not in html
    assert "Kolom isi memuat" in said and "Hapus" in said and "3374****" in said
    assert "dinas.catatan : ditolak gerbang; belum pernah terbit." in said
    assert "1 dataset ditolak gerbang" in said


def test_why_datasets_keep_their_last_release(world: World) -> None:
    names = ("tiada", "kosong", "tanpa_tanggal", "jenis", "rusak", "rilis_rusak")
    contracts = [text_contract(name) for name in names]
    for name in names:
        world.table(name, "('baik')", {"isi": "VARCHAR"})
    world.dates |= {f"dinas.{name}": date(2024, 1, 1) for name in names}
    first = world.release(*contracts)
    with duckdb.connect(str(world.warehouse)) as con:
        con.execute("DROP TABLE open_data.dinas__tiada")
        con.execute("DELETE FROM open_data.dinas__kosong")
        con.execute("DROP TABLE open_data.dinas__rusak")
        cast = f"SELECT CAST(a AS DATE)::VARCHAR AS isi FROM (VALUES ('{NAME}')) v(a)"
        con.execute(f"CREATE VIEW open_data.dinas__rusak AS {cast}")
    del world.dates["dinas.tanpa_tanggal"]
    world.table("jenis", "('a')", {"isi": "BLOB"})
    world.drop("rilis_rusak")
    csv = first.path / "dinas-rilis_rusak" / "dinas-rilis_rusak.csv"
    csv.chmod(0o644)
    csv.write_text("isi\nrusak\n")
    html = drafted(world, world.inputs(*contracts, make_contract()))
    assert NAME not in html, "an error of the database quotes values"
    said = words(html)
    for name, reason in {
        "tiada": "tabelnya tidak ada di gudang data",
        "kosong": "tabelnya di gudang data kosong",
        "tanpa_tanggal": "tanggal datanya tidak diketahui",
        "jenis": "jenis isi sebuah kolom tidak dapat terbit",
        "rusak": TECHNICAL,
        "rilis_rusak": "tabelnya tidak ada di gudang data; rilis terakhirnya hilang atau rusak",
    }.items():
        assert f"dinas.{name} : {reason}." in said


def test_what_was_withdrawn_and_what_no_contract_publishes(world: World) -> None:
    world.text("baik")
    world.table("lama", "('x')", {"isi": "VARCHAR"})
    world.dates["dinas.lama"] = date(2024, 1, 1)
    world.release(make_contract(), text_contract(), text_contract("lama"))
    withdraw(world.home, "dinas-catatan", "Sekretaris", "Keliru <b>tabel</b>", date(2024, 5, 6))
    inputs = world.inputs(make_contract(), text_contract())
    html = drafted(world, replace(inputs, withdrawn={"dinas-catatan": (date(2024, 5, 6), "Keliru <b>tabel</b>")}))
    said = words(html)
    assert "dinas-catatan : ditarik pada 2024-05-06: Keliru <b>tabel</b>." in said and "<b>tabel" not in html
    assert "dinas-lama : tidak ada lagi kontrak yang menerbitkannya." in said
    assert "2 dataset tidak dapat diunduh lagi" in said
    assert said.index("hilang Dataset tidak lagi") < said.index("ditarik Dataset ditarik")


def counted() -> Contract:
    """A contract of a table that counts people."""
    kolom = {
        "kabupaten": {"dari": ["Kab"], "standar": "nama_wilayah", "tingkat": "kabupaten_kota"},
        "pasien": {"dari": ["Pasien"], "standar": "bilangan", "terbit": True, "satuan": "orang"},
    }
    return make_contract("pasien", kolom=kolom)


def test_hidden_numbers_are_told_by_dataset_and_reason(world: World) -> None:
    world.dates["dinas.pasien"] = date(2024, 2, 5)
    rows = "('33.01', 2), ('33.02', 3), ('33.03', 40), ('33.04', 60)"
    world.table("pasien", rows, {"kode_wilayah": "VARCHAR", "pasien": "INTEGER"})
    said = words(drafted(world, world.inputs(counted())))
    assert "2 angka, 50,0 % isi kolomnya jumlah orang di bawah ambang: 2" in said
    assert "2 angka yang dilindungi, 0 dapat dihitung kembali" in said


def test_numbers_that_readers_know_already_are_named(draft: Path) -> None:
    def tell(log: Any) -> None:
        log["kolom"] = [{"dataset": "dinas-harga", "kolom": "harga", "alasan": "sudah_terbit", "nilai": 3}]
        log["serangan"]["nilai_sudah_terbit_sebelumnya"] = 3

    edit(draft, "pengungkapan.json", tell)
    said = words(page(ReleaseResult(), draft, None))
    assert "perlu disembunyikan, tetapi sudah terbit dalam rilis sebelumnya: 3" in said
    assert "3 angka lain sudah dapat diketahui dari rilis sebelumnya" in said
    assert "3 angka seharusnya disembunyikan" in said


def test_a_number_that_can_be_computed_is_a_reason_not_to_approve(draft: Path) -> None:
    edit(draft, "pengungkapan.json", lambda log: log["serangan"].update(nilai_dapat_dihitung_kembali=4))
    assert "4 angka yang disembunyikan masih dapat dihitung kembali : jangan disetujui" in words(
        page(ReleaseResult(), draft, None)
    )


def test_quality_lowest_first_and_beside_the_score_that_readers_see(world: World) -> None:
    world.text("baik")
    contracts = make_contract(), text_contract()

    def inputs(good: int, bad: int) -> Inputs:
        fair = Delivery(date(2024, 3, 1), mutu=Quality(100, 100, 0, 0))
        poor = Delivery(date(2024, 2, 5), mutu=Quality(100, good, bad, 0, (("desimal", "kritis", bad),)))
        return replace(world.inputs(*contracts), deliveries={"dinas.catatan": fair, "dinas.harga": poor})

    release(world.home, inputs(95, 5), NOW)
    said = words(drafted(world, inputs(88, 12)))
    table = said[said.index("Skor sebagai batang") :]
    assert "Harga barang 88,0 95,0 turun 12 12 0" in table
    assert table.index("88,0 95,0") < table.index("100,0 100,0")
    assert "Skor mutu 1 dataset turun" in said


def test_a_damaged_release_that_is_made_again(world: World) -> None:
    first = world.release(make_contract())
    csv = first.path / "dinas-harga" / "dinas-harga.csv"
    csv.chmod(0o644)
    csv.write_text("rusak")
    assert "Draf ini memulihkannya" in words(drafted(world, world.inputs(make_contract())))


def test_a_long_list_is_folded(draft: Path) -> None:
    keys = [f"dinas.d{number:02}" for number in range(SHOWN + 5)]
    result = ReleaseResult(carried=dict.fromkeys(keys, "it was never released"))
    html = page(result, draft, None)
    before, _, folded = html.partition("<summary>Dan 5 dataset lain")
    assert [key in before for key in keys] == [True] * SHOWN + [False] * 5
    assert all(key in folded for key in keys[SHOWN:])


def test_hostile_text_is_text(world: World) -> None:
    title = "\"><script>alert('1')</script>"
    html = drafted(world, world.inputs(make_contract(judul=title)))
    assert "<script" not in html and title in words(html)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("refused by the gate; it was never released", "ditolak gerbang; belum pernah terbit"),
        ("its releases wait for a person: satudata publish", "rilisnya menunggu persetujuan"),
        (f"Could not convert '{NAME}'; it was never released", f"{TECHNICAL}; belum pernah terbit"),
        ("withdrawn on 2024-05-06: it was never released; x", "ditarik pada 2024-05-06: it was never released; x"),
    ],
)
def test_reasons_in_bahasa(reason: str, said: str) -> None:
    assert in_bahasa(reason) == said
