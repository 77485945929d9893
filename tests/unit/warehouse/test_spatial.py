"""Spatial questions over one small warehouse: four desa in a row, a market and schools, and homes nobody may see."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import h3
import pytest

from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.sql import load_spatial
from pipelines.warehouse import Inputs, build, generate
from pipelines.warehouse.project import TEMPLATE

from .conftest import contract, only, standard, write_parquet

Ask = Callable[[str], list[tuple[Any, ...]]]
TITIK = {
    "lintang": {"dari": "x", "standar": "lintang", "terbit": True},
    "bujur": {"dari": "y", "standar": "bujur", "terbit": True},
}
_dice = random.Random(11)
# A dense cluster, a few points far from it, and desa among and beyond them.
MANY = [(_dice.gauss(-8.5, 0.05), _dice.gauss(112, 0.05)) for _ in range(300)] + [(-2.0, 118.0), (-9.5, 120.0)]
FAR_DESA = [(_dice.uniform(-9, -2), _dice.uniform(111, 125)) for _ in range(40)] + MANY[:20]
PERSONAL = {name: {**column, "terbit": False, "pribadi": True} for name, column in TITIK.items()}
KEY = {"kode": {"dari": "a", "standar": "teks", "wajib": True, "terbit": True}}
NAME = {"nama": {"dari": "b", "standar": "teks", "terbit": True}, "alamat": {"dari": "c", "standar": "teks"}}
# Closed: no published view to build that nobody looks at here.
PLACE = {"wilayah": {"titik": ["lintang", "bujur"]}, "klasifikasi": "terbatas"}

# Desa 2001, 2002 and 2003 in a row of 0.01 degrees; 2004 touches 2001 in a corner only; a lake lies on 2003.
SQUARES = {"2001": (0, 0), "2002": (1, 0), "2003": (2, 0), "2004": (-1, 1)}
BATAS = " UNION ALL ".join(
    f"SELECT '33.01.01.{n}' AS kode, 'desa_kelurahan' AS tingkat, 'wilayah' AS jenis, 'X' AS nama, "
    f"st_makeenvelope(110 + {x} * 0.01, -7 + {y} * 0.01, 110 + {x + 1} * 0.01, -7 + {y + 1} * 0.01) AS geom"
    for n, (x, y) in SQUARES.items()
)
LAKE = (
    " UNION ALL SELECT NULL, 'desa_kelurahan', 'perairan', 'WADUK', st_makeenvelope(110.02, -7.0, 110.03, -6.99)"
    " UNION ALL SELECT NULL, 'desa_kelurahan', 'wilayah', 'ENTAH', st_makeenvelope(110.03, -7.0, 110.04, -6.99)"
)


def points(name: str, rows: str, cells: bool = True) -> str:
    h3_columns = ", _h3_7, _h3_8" if cells else ""
    return f"SELECT '33.01.01.2001' AS kode_wilayah, * FROM (VALUES {rows}) t({name}{h3_columns})"


def cell(latitude: float, longitude: float) -> str:
    return ", ".join(f"'{h3.latlng_to_cell(latitude, longitude, size)}'" for size in (7, 8))


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, standards: dict[str, Standard]) -> Ask:
    home = Home(tmp_path_factory.mktemp("spasial")).ensure()
    known = {**standards, "bujur": standard("DOUBLE")}
    contracts = [
        contract("a", "pasar", {**KEY, **NAME, **TITIK}, **PLACE, kunci=["kode"]),
        contract("b", "sekolah", {**KEY, **NAME, **TITIK}, **PLACE, kunci=["kode"]),
        contract("b", "lama", {**KEY, **TITIK}, **PLACE, kunci=["kode"]),
        contract("b", "acak", {**KEY, **TITIK}, **PLACE, kunci=["kode"]),
        contract("b", "toko", {**KEY, **TITIK}, **PLACE),
        contract("c", "rumah", {**KEY, **PERSONAL}, **PLACE),
        contract("c", "belum", {**KEY, **TITIK}, **PLACE),
    ]
    schools = [(f"S{n}", -6.995, 110.005 + n * 0.01) for n in range(9)]
    staged = {
        "a.pasar": points(
            "kode, nama, lintang, bujur",
            f"('P1', 'Pasar Pagi', -6.995::DOUBLE, 110.005::DOUBLE, {cell(-6.995, 110.005)}), "
            f"('P2', 'Pasar Jauh', -6.995, 110.027, {cell(-6.995, 110.027)}), "
            "('P3', 'Tanpa titik', NULL, NULL, NULL, NULL)",
        ),
        "b.sekolah": points(
            "kode, nama, lintang, bujur",
            ", ".join(f"('{k}', 'SD {k}', {la}::DOUBLE, {lo}::DOUBLE, {cell(la, lo)})" for k, la, lo in schools),
        ),
        "b.lama": points("kode, lintang, bujur", "('L1', -6.5::DOUBLE, 110.5::DOUBLE)", cells=False),
        "b.acak": points("kode, lintang, bujur", ", ".join(
            f"('{n}', {la}::DOUBLE, {lo}::DOUBLE)" for n, (la, lo) in enumerate(MANY)
        ), cells=False),
        "b.toko": points("kode, lintang, bujur", ", ".join(
            f"('T{n}', {la}::DOUBLE, 111::DOUBLE, {cell(la, 111)})" for n, la in enumerate([-8.0] * 5 + [-8.2] * 4)
        )),
        # Ten homes in one cell, nine in another: coordinates are in no staged file, cells are.
        "c.rumah": points("kode", ", ".join(
            f"('R{n}', {cell(-7.2, 110.2) if n < 10 else cell(-7.4, 110.4)})" for n in range(19)
        )),
    }  # fmt: skip
    files = {key: write_parquet(home.staging / f"{key}.parquet", sql) for key, sql in staged.items()}
    centroids = ", ".join(
        f"('33.01.01.{n}', 'desa_kelurahan', 'Desa {n}', 'desa', '33.01.01', NULL::DATE, "
        # The centre and the area of 2003 come from its border.
        f"{'NULL, NULL' if n == '2003' else f'{-6.995 + y * 0.01}, {110.005 + x * 0.01}'})"
        for n, (x, y) in SQUARES.items()
    )
    centroids += "".join(
        f", ('33.01.02.{2001 + n}', 'desa_kelurahan', 'Jauh', 'desa', '33.01.02', NULL, {la}, {lo})"
        for n, (la, lo) in enumerate(FAR_DESA)
    )
    wilayah = write_parquet(
        home.tmp / "wilayah.parquet",
        "FROM (VALUES ('33', 'provinsi', 'Jawa Tengah', 'provinsi', NULL, NULL, NULL, NULL), "
        "('33.01', 'kabupaten_kota', 'Cilacap', 'kabupaten', '33', NULL, -7.0, 110.0), "
        "('33.01.01', 'kecamatan', 'Kedungreja', 'kecamatan', '33.01', NULL, NULL, NULL), "
        "('33.01.02', 'kecamatan', 'Kesugihan', 'kecamatan', '33.01', NULL, NULL, NULL), "
        "('33.01.01.2009', 'desa_kelurahan', 'Dulu', 'desa', '33.01.01', DATE '2019-01-01', -6.995, 110.005), "
        f"{centroids}) t(kode, tingkat, nama, jenis, kode_induk, berlaku_sampai, lintang, bujur)",
    )
    loads = home.tmp / "muatan.json"
    loads.write_text("[]", encoding="utf-8")
    inputs = Inputs({**files, "c.belum": None}, loads, wilayah, batas=borders(home.tmp / "batas.parquet"))
    questions = ("batas", "berdekatan", "terdekat", "tetangga", "dim_wilayah", "dim_wilayah_kini")
    template = only(Path(shutil.copytree(TEMPLATE, home.tmp / "template")), *questions)
    result = build(home, generate(contracts, known, inputs, home.tmp / "dbt", template))
    assert result.failures == []

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(result.path), read_only=True) as con:
            return con.execute(sql).fetchall()

    return ask


def borders(out: Path) -> Path:
    with duckdb.connect() as con:
        load_spatial(con)
        con.execute(f"COPY ({BATAS + LAKE}) TO '{out}' (FORMAT parquet)")
    return out


def test_points_of_every_dataset_whose_coordinates_are_not_personal(ask: Ask) -> None:
    rows = ask("SELECT produsen, dataset, kunci, nama, kode_wilayah, lintang, bujur, h3_8 FROM spasial.titik")
    assert Counter(row[1] for row in rows) == {"pasar": 2, "sekolah": 9, "lama": 1, "toko": 9, "acak": len(MANY)}
    cell = h3.latlng_to_cell(-6.995, 110.005, 8)
    assert ("a", "pasar", "P1", "Pasar Pagi", "33.01.01.2001", -6.995, 110.005, cell) in rows
    assert ("b", "lama", "L1", None, "33.01.01.2001", -6.5, 110.5, None) in rows


def test_cells_with_few_rows_are_not_shown_and_persons_need_more(ask: Ask) -> None:
    homes = ask("SELECT resolusi, sel, jumlah FROM spasial.sel_h3 WHERE dataset = 'rumah' ORDER BY 1")
    assert homes == [(size, h3.latlng_to_cell(-7.2, 110.2, size), 10) for size in (7, 8)]
    shops = ask("SELECT resolusi, sel, jumlah FROM spasial.sel_h3 WHERE dataset = 'toko' ORDER BY 1")
    assert shops == [(size, h3.latlng_to_cell(-8, 111, size), 5) for size in (7, 8)]
    assert ask("SELECT min(jumlah) FROM spasial.sel_h3") == [(5,)]
    assert ask("SELECT count(*) FROM duckdb_columns() WHERE table_name = 'fct_rumah' AND column_name LIKE '%h3%'") == [
        (0,)
    ]


def test_the_nearest_point_of_each_desa_of_today(ask: Ask) -> None:
    sql = "SELECT kode, kunci_titik, nama_titik, round(jarak_m) FROM spasial.terdekat('a.pasar') "
    sql += "WHERE kode LIKE '33.01.01.%' ORDER BY kode"
    assert ask(sql) == [
        ("33.01.01.2001", "P1", "Pasar Pagi", 0),
        ("33.01.01.2002", "P1", "Pasar Pagi", 1105),
        ("33.01.01.2003", "P2", "Pasar Jauh", 221),
        ("33.01.01.2004", "P1", "Pasar Pagi", 1563),
    ]
    assert ask("SELECT kode FROM spasial.terdekat('a.pasar', pada := 'kabupaten_kota')") == [("33.01",)]
    assert ask("FROM spasial.terdekat('a.nihil')") == []


def test_a_centre_and_an_area_that_are_not_published_are_those_of_the_border(ask: Ask) -> None:
    sql = "SELECT round(lintang, 6), round(bujur, 6), round(luas_km2, 2) FROM conformed.dim_wilayah WHERE kode = '{}'"
    assert ask(sql.format("33.01.01.2003")) == [(-6.995, 110.025, 1.22)]
    assert ask(sql.format("33.01.01.2009")) == [(-6.995, 110.005, None)], "borders are of today, this one has ended"


def test_the_nearest_of_many_is_the_same_as_by_comparing_all(ask: Ask) -> None:
    found = ask("SELECT kode, kunci_titik FROM spasial.terdekat('b.acak') WHERE kode LIKE '33.01.02.%' ORDER BY kode")
    every = (
        "SELECT w.kode, arg_min(t.kunci, spasial.jarak_m(w.lintang, w.bujur, t.lintang, t.bujur)) "
        "FROM conformed.dim_wilayah_kini w, spasial.titik t WHERE t.dataset = 'acak' AND w.kode LIKE '33.01.02.2%' "
        "GROUP BY 1 ORDER BY 1"
    )
    assert found == ask(every)
    assert len(found) == len(FAR_DESA) and len({key for _, key in found}) > 20


@pytest.mark.parametrize("meter", [1, 250, 2000, 50_000])
def test_pairs_within_a_distance_are_those_of_the_spheroid(ask: Ask, meter: int) -> None:
    found = ask(f"SELECT kunci_dari, kunci_ke FROM spasial.berdekatan('b.sekolah', 'a.pasar', {meter}) ORDER BY ALL")
    with duckdb.connect() as con:
        load_spatial(con)
        expected = con.execute(
            "SELECT s, p FROM (SELECT 'S' || n AS s, 110.005 + n * 0.01 AS x FROM range(9) t(n)), "
            "(VALUES ('P1', 110.005), ('P2', 110.027)) v(p, y) "
            f"WHERE st_distance_spheroid(st_point(-6.995, x), st_point(-6.995, y)) <= {meter} ORDER BY ALL"
        ).fetchall()
    assert found == expected and (found or meter < 1)


def test_a_point_is_not_near_itself(ask: Ask) -> None:
    pairs = ask("SELECT kunci_dari, kunci_ke FROM spasial.berdekatan('a.pasar', 'a.pasar', 9000) ORDER BY ALL")
    assert pairs == [("P1", "P2"), ("P2", "P1")]


def test_neighbours_share_a_line_not_a_corner_and_water_is_none(ask: Ask) -> None:
    rows = ask("SELECT kode[10:], kode_tetangga[10:], round(panjang_m) FROM spasial.tetangga ORDER BY 1, 2")
    assert rows == [("2001", "2002", 1106), ("2002", "2001", 1106), ("2002", "2003", 1106), ("2003", "2002", 1106)]


def test_borders_are_there_for_who_loads_the_extension(ask: Ask) -> None:
    assert ask("SELECT jenis, count(*), count(kode) FROM spasial.batas GROUP BY 1 ORDER BY 1") == [
        ("perairan", 1, 0),
        ("wilayah", 5, 4),
    ]
    assert ask("SELECT DISTINCT typeof(geom)[:8] FROM spasial.batas") == [("GEOMETRY",)]


def test_distances_are_those_of_the_spheroid(ask: Ask) -> None:
    dice = random.Random(7)

    def near(reach: float) -> str:
        a = (dice.uniform(-11, 6), dice.uniform(95, 141))
        b = (a[0] + dice.uniform(-reach, reach), a[1] + dice.uniform(-reach, reach))
        return f"({a[0]}, {a[1]}, {b[0]}, {b[1]}, {reach})"

    pairs = f"(VALUES {', '.join(near(reach) for reach in (0.001, 0.1, 3, 30) for _ in range(200))}) t(a, b, c, d, r)"
    ours = [row[0] for row in ask(f"SELECT spasial.jarak_m(a, b, c, d) FROM {pairs}")]
    with duckdb.connect() as con:
        load_spatial(con)
        sql = f"SELECT r, st_distance_spheroid(st_point(a, b), st_point(c, d)) FROM {pairs}"
        theirs = con.execute(sql).fetchall()
    for mine, (reach, exact) in zip(ours, theirs, strict=True):
        assert mine == pytest.approx(exact, rel=1e-5 if reach <= 3 else 5e-4, abs=1e-3)
    assert ask("SELECT spasial.jarak_m(-7, 110, -7, 110), spasial.jarak_m(NULL, 110, -7, 110)") == [(0.0, None)]
