"""Points against the places that their rows declare, on a map of two kecamatan drawn here."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from check.conftest import REFERENSI, STANDARDS, contract_of, table
from pipelines.check.run import Checked, Source, check
from pipelines.contract.load import Library, load_standards
from pipelines.contract.model import Contract
from pipelines.referensi.peta import prepared_map

# West to east: Sumbang (33.02.21) with one of its desa, Baturraden (33.02.22), and one of Kabupaten Semarang.
SQUARES = [("33.02.21", 109.20, 109.25), ("33.02.21.2001", 109.20, 109.22), ("33.02.22", 109.25, 109.30),
           ("33.22.01", 109.30, 109.35)]  # fmt: skip
KOLOM: dict[str, Any] = {
    "id": "teks", "lat": {"dari": "lat", "standar": "lintang"}, "lon": {"dari": "lon", "standar": "bujur"},
    "kode": {"dari": "kode", "standar": "kode_wilayah", "tingkat": "kecamatan", "sistem": "kemendagri"},
    "kab": {"dari": "kab", "standar": "nama_wilayah", "tingkat": "kabupaten_kota"},
}  # fmt: skip
HEADER = ["id", "lat", "lon", "kode", "kab"]
LAX = {"ditolak_maks": "100%"}
Told = list[tuple[int, str, str, str]]


@pytest.fixture(scope="module")
def peta(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("referensi")
    (folder / "batas").mkdir()
    for level in (8, 13):
        shapes = [
            {"type": "Feature", "properties": {"kode": code},
             "geometry": {"type": "Polygon", "coordinates": [[[a, -7.4], [b, -7.4], [b, -7.3], [a, -7.3], [a, -7.4]]]}}
            for code, a, b in SQUARES if len(code) == level
        ]  # fmt: skip
        text = json.dumps({"type": "FeatureCollection", "features": shapes})
        (folder / "batas" / f"batas{level}.geojson").write_text(text, encoding="utf-8")
    made = prepared_map(tmp_path_factory.mktemp("cache"), [REFERENSI, folder], base)
    assert made
    return made


def place(**more: Any) -> Contract:
    wilayah = {"kode": "kode", "nama": {"kabupaten_kota": "kab"}, "titik": ["lat", "lon"]} | more
    return contract_of(KOLOM, wilayah=wilayah, batas=LAX)


def examine(
    library: Library, base: Path, judge: Any, folder: Path, peta: Path | None, contract: Contract, rows: list[list[str]]
) -> tuple[list[tuple[Any, ...]], Told]:
    """(baris, kode_wilayah, metode) of the accepted rows and (baris, standar, tingkat, pesan) of the findings."""
    source = folder / "a.csv"
    source.write_text(table(HEADER, rows), encoding="utf-8")
    work = folder / "kerja"
    work.mkdir()
    everyone = Library(library.contracts, load_standards(STANDARDS), library.opd, library.general)
    result: Checked = check(everyone, contract, [Source("a.csv", source)], base, work, lambda: judge, [], peta)
    assert result.loads[0].baris_dibaca == len(rows)
    accepted = pq.read_table(work / "data.parquet").to_pylist()
    kept = sorted((r["_baris"], r["kode_wilayah"], r["wilayah_metode"]) for r in accepted)
    with (work / "temuan.csv").open(encoding="utf-8", newline="") as stream:
        told = [(int(r["baris"]), r["standar"], r["tingkat"], r["pesan"]) for r in csv.DictReader(stream)]
    return kept, told


def test_a_point_is_placed_and_measured(library: Library, base: Path, judge: Any, tmp_path: Path, peta: Path) -> None:
    rows = [
        ["dalam", "-7.35", "109.27", "33.02.22", ""],
        ["desa", "-7.35", "109.21", "33.02.21", ""],
        ["sebelah", "-7.35", "109.26", "33.02.21", ""],
        ["laut", "-7.35", "109.10", "33.02.21", ""],
        ["saja", "-7.35", "109.21", "", ""],
        ["kosong", "", "", "33.02.22", ""],
        ["kabupaten", "-7.35", "109.32", "", "Kab. Banyumas"],
        ["tanpa batas", "-7.35", "109.32", "33.74.01", ""],
        ["di batas", "-7.35", "109.25", "33.02.22", ""],
    ]
    kept, told = examine(library, base, judge, tmp_path, peta, place(), rows)
    assert kept == [
        (2, "33.02.22", "kode"),
        (3, "33.02.21.2001", "titik"),
        (4, "33.02.21", "kode"),
        (5, "33.02.21", "kode"),
        (6, "33.02.21.2001", "titik"),
        (7, "33.02.22", "kode"),
        (8, "33.02", "nama"),
        (9, "33.74.01", "kode"),
        (10, "33.02.22", "kode"),
    ]
    assert [(n, s, t) for n, s, t, _ in told] == [(n, "titik", "peringatan") for n in (4, 5, 8, 9)]
    messages = {n: m for n, _, _, m in told}
    assert messages[4] == 'Titik dengan lintang "-7.35" berada 1.103 m di luar Kecamatan Sumbang (33.02.21).'
    assert messages[5].startswith('Titik dengan lintang "-7.35" berada 11.02')
    assert messages[9] == (
        'Titik dengan lintang "-7.35" berada di Kecamatan Getasan (33.22.01), padahal barisnya menyebut '
        "Kecamatan Semarang Tengah (33.74.01)."
    )


def test_a_point_decides_between_places_of_one_name(
    library: Library, base: Path, judge: Any, tmp_path: Path, peta: Path
) -> None:
    """Kabupaten and Kota Semarang."""
    rows = [["kabupaten", "-7.35", "109.32", "", "Semarang"], ["Banyumas", "-7.35", "109.27", "", "Semarang"],
            ["tiada", "", "", "", "Semarang"], ["jelas", "-7.35", "109.27", "", "Kab. Banyumas"]]  # fmt: skip
    kept, told = examine(library, base, judge, tmp_path, peta, place(kode=None, dalam="33"), rows)
    assert kept == [(2, "33.22.01", "titik"), (5, "33.02.22", "titik")]
    assert [(n, s, t) for n, s, t, _ in told] == [(n, "nama_wilayah", "kritis") for n in (3, 4)]


def test_a_point_decides_between_the_successors_of_a_split_code(
    library: Library, base: Path, judge: Any, tmp_path: Path, peta: Path
) -> None:
    """33.02.98 became Sumbang and Baturraden, in a copy of the reference tables."""
    split = tmp_path / "dasar.duckdb"
    shutil.copyfile(base, split)
    with duckdb.connect(str(split)) as con:
        con.execute("INSERT INTO kode_pada VALUES ('33.02.98', DATE '1900-01-01', NULL, NULL, 'pecah')")
        con.execute(
            "INSERT INTO wilayah_perubahan BY NAME SELECT '33.02.98' AS lama, unnest(['33.02.21', '33.02.22']) AS baru"
        )
    rows = [["satu", "-7.35", "109.27", "33.02.98", ""], ["lain", "-7.35", "109.32", "33.02.98", ""],
            ["tanpa titik", "", "", "33.02.98", ""]]  # fmt: skip
    kept, told = examine(library, split, judge, tmp_path, peta, place(), rows)
    assert (2, "33.02.22", "titik") in kept
    assert {n for n, standard, *_ in told if standard == "kode_wilayah"} == {3, 4}


BAD = [
    ("tertukar", "109.27", "-7.35", {("lintang", "kritis"), ("bujur", "peringatan")}, "tertukar"),
    ("menit", "7°21'0\"S", "109.27", {("lintang", "kritis")}, "menit dan detik"),
    ("menit", "-7.35", "109°16'12\"E", {("bujur", "kritis")}, "menit dan detik"),
    ("utm", "9187000.5", "309000.2", {("lintang", "kritis"), ("bujur", "kritis")}, "meter"),
    ("mercator", "-820000", "12160000", {("lintang", "kritis"), ("bujur", "kritis")}, "meter"),
    ("nol", "0", "0", {("bujur", "peringatan")}, "tidak diukur"),
    ("ribuan", "-7.350.000", "109.27", {("lintang", "kritis")}, "bukan derajat"),
    ("utara", "7.35", "109.27", {("lintang", "peringatan")}, "luar Indonesia"),
]


@pytest.mark.parametrize("with_map", [True, False])
def test_bad_coordinates_are_told_as_what_they_are(
    library: Library, base: Path, judge: Any, tmp_path: Path, peta: Path, with_map: bool
) -> None:
    """And never measured: no finding about the place of a point that is none."""
    rows = [[name, lat, lon, "33.02.22", ""] for name, lat, lon, *_ in BAD] + [
        ["koma", "-7,35", "109,27", "33.02.22", ""]
    ]
    _, told = examine(library, base, judge, tmp_path, peta if with_map else None, place(), rows)
    for line, (name, _, _, expected, word) in enumerate(BAD, start=2):
        assert {(s, t) for n, s, t, _ in told if n == line} == expected, name
        assert any(word in m for n, _, _, m in told if n == line), name
    assert {n for n, *_ in told} == set(range(2, len(BAD) + 2)), "a decimal comma is only another way to write it"


def test_without_a_map_only_the_numbers_count(library: Library, base: Path, judge: Any, tmp_path: Path) -> None:
    rows = [["laut", "-7.35", "109.10", "33.02.21", ""], ["saja", "-7.35", "109.21", "", ""]]
    kept, told = examine(library, base, judge, tmp_path, None, place(), rows)
    assert (kept, told) == ([(2, "33.02.21", "kode"), (3, None, None)], [])


def test_a_point_in_no_place_of_a_row_that_names_none_is_told(
    library: Library, base: Path, judge: Any, tmp_path: Path, peta: Path
) -> None:
    rows = [["a", "-5.2", "109.27", "", ""], ["b", "-7.35", "109.27", "", ""]]
    kept, told = examine(library, base, judge, tmp_path, peta, place(), rows)
    assert kept == [(2, None, None), (3, "33.02.22", "titik")]
    assert [(line, standard, level) for line, standard, level, _ in told] == [(2, "titik", "peringatan")]
    assert "tidak berada di wilayah mana pun" in told[0][3]
