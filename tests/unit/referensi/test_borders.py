"""Polygon files as they come: every format, and everything that can be wrong with them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.unit.referensi.border_kit import collection, country, feature, load, problems, square, write

X, Y = 110.0, -7.0
LAUT = {"kode": "33.01"}


def test_geojson_in_three_dimensions_becomes_flat(tmp_path: Path) -> None:
    con = country()
    ring = [[*point, 12.5] for point in square(X, Y)[0]]
    write(tmp_path, "a.geojson", feature(LAUT, [ring]))
    load(con, tmp_path)
    assert con.execute("SELECT ST_HasZ(geom), ST_XMin(geom) FROM batas").fetchall() == [(False, X)]


@pytest.mark.parametrize(("driver", "suffix"), [("GPKG", "gpkg"), ("ESRI Shapefile", "shp")])
@pytest.mark.parametrize("zipped", [False, True])
def test_projected_files_come_out_in_degrees(tmp_path: Path, driver: str, suffix: str, zipped: bool) -> None:
    con = country()
    folder = tmp_path / "batas"
    folder.mkdir()
    made = (folder if not zipped else tmp_path) / f"peta.{suffix}"
    con.execute(
        f"""COPY (SELECT '33.01' AS kode, ST_Transform(ST_MakeEnvelope({X}, {Y}, {X + 0.1}, {Y + 0.1}),
            'EPSG:4326', 'EPSG:32749', always_xy := true) AS geom)
        TO '{made}' (FORMAT gdal, DRIVER '{driver}', SRS 'EPSG:32749')"""
    )
    if zipped:
        with zipfile.ZipFile(folder / "peta.zip", "w") as archive:
            for part in tmp_path.glob("peta.*"):
                archive.write(part, f"dalam/{part.name}")
    assert set(load(con, tmp_path).values()) == {"33.01"}
    west, south = con.execute("SELECT ST_XMin(geom), ST_YMin(geom) FROM batas").fetchall()[0]
    assert (west, south) == pytest.approx((X, Y), abs=1e-7)


def test_topojson(tmp_path: Path) -> None:
    con = country()
    shape = {"type": "Polygon", "arcs": [[0]], "properties": LAUT}
    topology = {
        "type": "Topology", "transform": {"scale": [0.01, 0.01], "translate": [X, Y]},
        "arcs": [[[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]],
        "objects": {"kab": {"type": "GeometryCollection", "geometries": [shape]}},
    }  # fmt: skip
    (tmp_path / "batas").mkdir()
    (tmp_path / "batas" / "kab.topojson").write_text(json.dumps(topology))
    load(con, tmp_path)
    assert con.execute("SELECT kode, round(ST_XMax(geom), 6) FROM batas").fetchall() == [("33.01", X + 0.1)]


def test_several_files_in_one_zip(tmp_path: Path) -> None:
    con = country()
    (tmp_path / "batas").mkdir()
    with zipfile.ZipFile(tmp_path / "batas" / "semua.zip", "w") as archive:
        archive.writestr("kab/laut.geojson", collection([feature(LAUT, square(X, Y))]))
        archive.writestr("kab/darat.geojson", collection([feature({"kode": "33.02"}, square(X + 1, Y))]))
        archive.writestr("BACA.txt", "-")
    load(con, tmp_path)
    assert con.execute("SELECT kode, berkas FROM batas").fetchall() == [
        ("33.01", "batas/semua.zip/kab/laut.geojson"),
        ("33.02", "batas/semua.zip/kab/darat.geojson"),
    ]


def test_self_crossing_polygon_is_mended_and_reported(tmp_path: Path) -> None:
    con = country()
    bow = [[[X, Y], [X + 1, Y + 1], [X + 1, Y], [X, Y + 1], [X, Y]]]
    write(tmp_path, "a.geojson", feature(LAUT, bow))
    load(con, tmp_path)
    assert con.execute("SELECT ST_IsValid(geom), ST_Area(geom) FROM batas").fetchall() == [(True, 0.5)]
    assert problems(con)["tidak_sah"] == ("batas/a.geojson", " (33.01)", 1)


def test_empty_degenerate_and_non_polygon_shapes_are_left_out(tmp_path: Path) -> None:
    con = country()
    line = [[[X, Y], [X + 1, Y], [X, Y], [X, Y]]]
    write(
        tmp_path, "a.geojson", feature(LAUT, square(X, Y)), feature({"kode": "33.02"}, line),
        feature({"kode": "33.71"}, None), feature({"kode": "35.77"}, [X, Y], "Point"),
    )  # fmt: skip
    load(con, tmp_path)
    assert con.execute("SELECT kode FROM batas").fetchall() == [("33.01",)]
    found = problems(con)
    assert found["kosong"][2] == 2
    assert found["tanpa_luas"] == ("batas/a.geojson", " (33.02)", 1)


def test_swapped_axes_and_foreign_places_are_not_used(tmp_path: Path) -> None:
    con = country()
    write(tmp_path, "a.geojson", feature(LAUT, square(Y, X)), feature({"kode": "33.02"}, square(430000, 9220000, 500)))
    assert load(con, tmp_path) == {}
    found = problems(con)
    assert found["sumbu_tertukar"] == ("batas/a.geojson", " (33.01)", 1)
    assert found["luar_indonesia"] == ("batas/a.geojson", " (33.02)", 1)


def test_file_of_another_province_is_not_used(tmp_path: Path) -> None:
    con = country()
    write(tmp_path, "a.geojson", feature(LAUT, square(X, Y, 1)), feature({"kode": "33.02"}, square(X + 1, Y, 1)))
    # Says it is Kota Laut, yet lies in Sumatra.
    write(tmp_path, "b.geojson", feature({"kode": "33.71"}, square(98.0, 3.0)))
    load(con, tmp_path)
    assert con.execute("SELECT kode FROM batas").fetchall() == [("33.01",), ("33.02",)]
    assert problems(con)["provinsi_lain"] == ("batas/b.geojson", " (33.71)", 1)


def test_one_polygon_far_from_the_place_above_it_is_not_used(tmp_path: Path) -> None:
    con = country()
    write(tmp_path, "kab.geojson", feature(LAUT, square(X, Y, 1)), feature({"kode": "33.02"}, square(X + 1, Y, 1)))
    write(
        tmp_path,
        "kec.geojson",
        feature({"kode": "33.01.01"}, square(X, Y)),
        feature({"kode": "33.01.02"}, square(X + 1.5, Y)),
    )
    load(con, tmp_path)
    assert "33.01.02" not in {k for (k,) in con.execute("SELECT kode FROM batas").fetchall()}
    assert problems(con)["provinsi_lain"] == ("batas/kec.geojson", " (33.01.02)", 1)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("kosong.geojson", b"", "tidak_terbaca"),
        ("teks.geojson", b"bukan peta", "tidak_terbaca"),
        ("json.json", b'{"a": [1, 2]}', "tidak_terbaca"),
        ("rusak.zip", b"PK\x03\x04 rusak", "tidak_terbaca"),
        ("tanpa.geojson", b'{"type":"FeatureCollection","features":[]}', "kosong"),
        ("peta.shp", b"\x00\x00\x27\x0a", "tidak_terbaca"),
    ],
)
def test_unreadable_files_are_said_and_the_others_used(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    con = country()
    write(tmp_path, "baik.geojson", feature(LAUT, square(X, Y)))
    (tmp_path / "batas" / name).write_bytes(content)
    load(con, tmp_path)
    assert con.execute("SELECT kode FROM batas").fetchall() == [("33.01",)]
    assert problems(con)[kind][0] == f"batas/{name}"


def test_zip_without_polygons(tmp_path: Path) -> None:
    con = country()
    (tmp_path / "batas").mkdir()
    with zipfile.ZipFile(tmp_path / "batas" / "foto.zip", "w") as archive:
        archive.writestr("foto.txt", "-")
    load(con, tmp_path)
    assert problems(con)["tanpa_poligon"][0] == "batas/foto.zip"


def test_of_two_maps_the_finer_is_used(tmp_path: Path) -> None:
    con = country()
    edge = [[X + n / 50, Y] for n in range(50)]
    write(tmp_path, "z_rinci.geojson", feature(LAUT, [[*edge, [X + 1, Y], [X + 1, Y + 1], [X, Y + 1], [X, Y]]]))
    write(tmp_path, "a_kasar.geojson", feature(LAUT, square(X, Y, 1)))
    load(con, tmp_path)
    assert con.execute("SELECT berkas FROM batas").fetchall() == [("batas/z_rinci.geojson",)]
    assert problems(con)["ganda"] == ("batas/a_kasar.geojson", "33.01", 1)


def test_levels_above_are_dissolved_where_all_members_are_there(tmp_path: Path) -> None:
    con = country()
    codes = ["33.01.01", "33.01.02", "33.01.03"]
    write(tmp_path, "kec.geojson", *(feature({"kode": k}, square(X + n, Y, 1)) for n, k in enumerate(codes)))
    load(con, tmp_path)
    made = con.execute("SELECT kode, ST_Area(geom) FROM batas WHERE berkas = 'gabungan'").fetchall()
    assert made == [("33.01", 3.0)]  # 33.02 has no kecamatan with a polygon, so neither it nor the province is made
