"""What chart and map show of a dataset: numbers as published or counts of rows, small enough, and unpacked the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue import Dataset
from pipelines.site.cube import ROOM, Cube, cube
from pipelines.site.packing import _places, packed, rows_of
from pipelines.site.roles import roles
from tests.release_kit import PLACE, YEAR, column, write_dataset

COUNT = column("jumlah", "integer", "ukuran", satuan="orang")


def made(tmp_path: Path, query: str, fields: list[dict[str, Any]], key: tuple[str, ...] = ()) -> Cube | None:
    with duckdb.connect() as con:
        folder = write_dataset(tmp_path, "dinas-uji", query, fields)
        dataset = Dataset.read(folder)
        source = f"read_parquet('{folder / 'dinas-uji.parquet'}')"
        return cube(con, source, dataset.satudata.baris, roles(dataset), key)


def numbers(found: Cube) -> dict[str, Any]:
    with duckdb.connect() as con:
        return packed(found, rows_of(con, found), {}, {})


def test_one_row_a_place_and_year_is_shown_as_published(tmp_path: Path) -> None:
    query = """SELECT * FROM (VALUES ('33.02', 'B', 7.5, 2024), ('33.01', 'A', NULL, 2024), ('33.01', 'A', 1e-9, 2023))
               v(kode_wilayah, nama_kabupaten_kota, persen, tahun)"""
    found = made(tmp_path, query, [*PLACE, column("persen", "number", "ukuran", satuan="persen"), YEAR])
    assert found and found.kind == "nilai"
    assert numbers(found) == {
        "jenis": "nilai", "tempat": {"kode": "033.01 42", "per": [2, 1], "nama": ["", ""], "induk": []}, "golongan": [],
        "waktu": {"nilai": ["2023", "2024"], "isi": [0, 1, 1]},
        "ukuran": [{"judul": "Persen", "satuan": "persen", "isi": [1e-9, None, 7.5]}], "tetap": [], "sejak": None,
    }  # fmt: skip


def test_single_things_are_counted_and_never_summed(tmp_path: Path) -> None:
    query = """SELECT '33.01.01.2001' AS kode_wilayah, 'A' AS nama_kabupaten_kota, 'nama ' || i AS nama_toko,
               if(i < 3, 'buka', NULL) AS keadaan, 100 AS jumlah FROM range(5) r(i)"""
    found = made(tmp_path, query, [*PLACE, column("nama_toko"), column("keadaan"), COUNT])
    assert found and found.kind == "hitungan" and not found.groups  # one value is no choice
    assert numbers(found)["ukuran"] == [{"judul": "Banyak baris", "satuan": "baris", "isi": [5]}]


def test_rows_that_differ_by_chance_are_things(tmp_path: Path) -> None:
    query = """SELECT '33.' || (10 + i * 7 % 30) AS kode_wilayah, 'A' AS nama_kabupaten_kota,
               'k' || (i * 13 % 5) AS jenis,
               DATE '2024-01-01' + i::INT AS tanggal, i AS jumlah FROM range(200) r(i)"""
    fields = [*PLACE, column("jenis"), column("tanggal", "date", "waktu"), COUNT]
    found = made(tmp_path, query, fields)
    assert found and found.kind == "hitungan"


def test_markets_of_different_towns_are_a_table(tmp_path: Path) -> None:
    query = """SELECT '33.' || (10 + p) AS kode_wilayah, 'A' AS nama_kabupaten_kota, 'pasar ' || p AS pasar,
               DATE '2024-01-01' + t::INT AS tanggal, t AS harga FROM range(20) a(p), range(9) b(t)"""
    fields = [*PLACE, column("pasar"), column("tanggal", "date", "waktu"), column("harga", "integer", "ukuran")]
    found = made(tmp_path, query, fields)
    assert found and found.kind == "nilai" and [c.name for c in found.groups] == ["pasar"]


@pytest.mark.parametrize("key", [(), ("kode_wilayah", "tahun", "bulan")])
def test_months_are_periods(tmp_path: Path, key: tuple[str, ...]) -> None:
    query = """SELECT '33.01' AS kode_wilayah, 'A' AS nama_kabupaten_kota, 5 AS jumlah, 2024 AS tahun, 1 + i AS bulan
               FROM range(12) r(i)"""
    found = made(tmp_path, query, [*PLACE, COUNT, YEAR, column("bulan", "integer", "waktu")], key)
    assert found and found.kind == "nilai"
    assert numbers(found)["waktu"]["nilai"][8:10] == ["2024-09", "2024-10"]


def test_days_of_things_become_months(tmp_path: Path) -> None:
    query = "SELECT DATE '2024-03-30' + i::INT AS tanggal, 'x' AS catatan FROM range(4) r(i)"
    found = made(tmp_path, query, [column("tanggal", "date", "waktu"), column("catatan")])
    assert found and numbers(found)["waktu"]["nilai"] == ["2024-03", "2024-04"]


def test_hidden_is_not_missing(tmp_path: Path) -> None:
    query = """SELECT '33.0' || i AS kode_wilayah, 'A' AS nama_kabupaten_kota, if(i = 1, 9, NULL)::INT AS jumlah,
               ['tersedia', 'disembunyikan', 'kosong'][i] AS status_nilai FROM range(1, 4) r(i)"""
    found = made(tmp_path, query, [*PLACE, COUNT, column("status_nilai", peran="status")])
    assert found and numbers(found)["ukuran"][0]["isi"] == [9, "x", None]


def test_too_much_keeps_the_whole_and_the_latest(tmp_path: Path) -> None:
    """35 places, 100 years, two groups, one with a word for the whole; too many rows to look for a key in."""
    key = ("kode_wilayah", "jenis", "umur", "tahun")
    query = """SELECT '33.' || (10 + k) AS kode_wilayah, 'A' AS nama_kabupaten_kota, ['Jumlah', 'L', 'P'][s] AS jenis,
               'u' || u AS umur, 1000000 + k AS jumlah, 1980 + t AS tahun
               FROM range(35) a(k), range(1, 4) b(s), range(20) c(u), range(100) d(t)"""
    found = made(tmp_path, query, [*PLACE, column("jenis"), column("umur"), COUNT, YEAR], key)
    assert found and found.kind == "nilai"
    assert {c.name: value for c, value in found.fixed} == {"jenis": "Jumlah", "umur": "u0"}
    assert found.since and "2000" < found.since < "2079"
    told = numbers(found)
    assert told["waktu"]["nilai"][-1] == "2079" and told["tetap"] == [["Umur", "u0"], ["Jenis", "Jumlah"]]
    assert len(str(told).replace(" ", "")) < 1.3 * ROOM


def test_too_many_places_of_things_are_counted_more_coarsely(tmp_path: Path) -> None:
    query = """SELECT format('33.{:02d}.{:02d}.{:04d}', 1 + i % 30, 1 + i % 17, i) AS kode_wilayah,
               'A' AS nama_kabupaten_kota, 'n' || i AS nama_toko FROM range(1, 9000) r(i)"""
    found = made(tmp_path, query, [*PLACE, column("nama_toko")])
    assert found and found.kind == "hitungan"
    told = numbers(found)
    assert sum(told["ukuran"][0]["isi"]) == 8999
    assert len(told["tempat"]["per"]) == 510


@pytest.mark.parametrize("measure", [COUNT, column("catatan")])
def test_rows_stand_in_the_order_of_their_keys(tmp_path: Path, measure: dict[str, Any]) -> None:
    """Places, groups and periods, each by code point and what is missing last, however the file is sorted."""
    query = f"""SELECT * FROM (SELECT ['33.02', '33.01', NULL][a] AS kode_wilayah, 'A' AS nama_kabupaten_kota,
                ['é', NULL, 'z', '10', '9', 'Z'][b] AS jenis, 5 AS {measure["name"]}, 2020 + c AS tahun
                FROM range(1, 4) x(a), range(1, 7) y(b), range(3) z(c)) ORDER BY hash(kode_wilayah, jenis, tahun)"""
    key = ("kode_wilayah", "jenis", "tahun")
    found = made(tmp_path, query, [*PLACE, column("jenis"), measure, YEAR], key)
    assert found and found.kind == ("nilai" if measure is COUNT else "hitungan")
    with duckdb.connect() as con:
        rows = rows_of(con, found)
    wanted = [
        (place, kind, str(2020 + year))
        for place in ("33.01", "33.02", None) for kind in ("10", "9", "Z", "z", "é", None) for year in range(3)
    ]  # fmt: skip
    assert [row[:3] for row in rows] == wanted
    assert found.defaults.get("jenis", "10") == "10"


def test_nothing_to_draw(tmp_path: Path) -> None:
    assert made(tmp_path, "SELECT 'a' || i AS a FROM range(99) r(i)", [column("a")]) is None
    (tmp_path / "b").mkdir()
    assert made(tmp_path / "b", "SELECT 'x' AS kode_wilayah, 'y' AS n LIMIT 0", [*PLACE[:1], column("n")]) is None


@given(st.lists(st.text(st.characters(categories=["Nd", "Lu"], include_characters="."), min_size=1, max_size=13)))
def test_codes_of_places_unpack(codes: list[str]) -> None:
    """As aset/kubus.js does it."""
    told = _places(sorted(codes), {})
    unpacked, before = [], ""
    for word in told["kode"].split(" ") if codes else []:
        before = before[: int(word[0], 36)] + word[1:]
        unpacked.append(before)
    assert unpacked == sorted(set(codes))
    assert sum(told["per"]) == len(codes)
