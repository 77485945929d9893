"""Magnitudes with contributors: what tells who contributed is in the warehouse, and never in a file."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.publish import closed

from .conftest import World, make_contract

# 7307512 comes almost wholly from one; the largest contributions are found in no file by chance.
ROWS = """
    ('33.01', 'ritel', 7307512, 9, 7205317),
    ('33.01', 'kuliner', 6180493, 40, 905273),
    ('33.01', 'Jumlah', 13488005, 49, 7205317),
    ('33.02', 'ritel', 5927164, 31, 836197),
    ('33.02', 'kuliner', 8361907, 22, 913648),
    ('33.02', 'Jumlah', 14289071, 53, 913648)
"""
COLUMNS = {
    "kode_wilayah": "VARCHAR",
    "sektor": "VARCHAR",
    "omzet": "BIGINT",
    "usaha": "BIGINT",
    "penyumbang_utama": "BIGINT",
}
CONTRACT = make_contract(
    "omzet",
    kolom={
        "kabupaten": {"dari": ["Kab"], "standar": "nama_wilayah", "tingkat": "kabupaten_kota"},
        "sektor": {"dari": ["Sektor"], "standar": "teks", "terbit": True},
        "omzet": {
            "dari": ["Omzet"], "standar": "bilangan", "satuan": "rupiah", "terbit": True,
            "lindungi": {"besaran": {"penyumbang": "usaha", "terbesar": "penyumbang_utama"}},
        },
        "usaha": {"dari": ["Usaha"], "standar": "bilangan"},
        "penyumbang_utama": {"dari": ["Utama"], "standar": "bilangan"},
    },
    kunci=["kabupaten", "sektor"],
)  # fmt: skip


@pytest.fixture
def shop(world: World) -> World:
    world.table("omzet", ROWS, COLUMNS)
    world.dates["dinas.omzet"] = world.dates["dinas.harga"]
    return world


def hidden(world: World) -> set[tuple[str, str]]:
    rows = world.rows("omzet", "kode_wilayah, sektor, omzet, status_nilai")
    return {(place, sector) for place, sector, number, status in rows if status == "disembunyikan" and number is None}


def test_what_one_contributor_dominates_is_hidden_and_contributors_are_not_told(shop: World) -> None:
    shop.release(CONTRACT)
    assert ("33.01", "ritel") in hidden(shop) and len(hidden(shop)) == 2
    names = [f["name"] for f in shop.descriptor("omzet")["resources"][0]["schema"]["fields"]]
    assert names == ["kode_wilayah", "sektor", "omzet", "satuan", "status_nilai"]
    whole = b"".join(p.read_bytes() for p in shop.latest.resolve().rglob("*") if p.is_file()).decode("utf-8", "ignore")
    assert "7205317" not in whole and "7307512" not in whole and "penyumbang_utama" not in whole
    assert shop.descriptor("omzet")["satudata"]["perlindungan"]["alasan"]["didominasi"] == 1


def test_a_dataset_with_contributors_that_stays_keeps_its_secret(shop: World) -> None:
    first = shop.release(make_contract(), CONTRACT)
    gone = hidden(shop)
    shop.drop("omzet")
    shop.harga("('33.01', 2024, 'beras', 1, NULL, NULL)")
    second = shop.release(make_contract(), CONTRACT)
    assert list(second.carried) == ["dinas.omzet"] and hidden(shop) == gone
    path = closed.folder(shop.home, second.version) / "dinas-omzet.rahasia.parquet"
    with duckdb.connect() as con:
        known = con.execute(f"SELECT omzet, usaha, penyumbang_utama FROM '{path}'").fetchall()
    assert (7307512, 9, 7205317) in known and first.version != second.version
    shop.table("omzet", f"{ROWS}, ('33.03', 'ritel', 6000000, 20, 500000)", COLUMNS)
    third = shop.release(make_contract(), CONTRACT)
    assert third.datasets["dinas.omzet"] == 7 and gone <= hidden(shop)
