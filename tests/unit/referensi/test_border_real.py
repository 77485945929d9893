"""Border files that others published; skipped where the real input is not beside the checkout."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.home import REPO
from pipelines.referensi import install
from pipelines.sql import load_spatial
from tests.unit.referensi.border_kit import load, problems

BORDERS = Path(__file__).parents[4] / "shared" / "data" / "referensi" / "batas"
pytestmark = pytest.mark.skipif(not BORDERS.is_dir(), reason="real input is not at ../shared/data")

ONE_KABUPATEN = """
batas:
  - berkas: batas/batas_bps_2020_jateng.zip
    anggota: "desa/id3308*"
    sistem: bps
    tingkat: desa_kelurahan
    kolom: {kode: [village_code], nama: {desa_kelurahan: village, kecamatan: district}}
"""


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    load_spatial(connection)
    install(connection, [REPO / "sources" / "referensi"])
    return connection


def link(folder: Path, *names: str) -> None:
    (folder / "batas").mkdir()
    for name in names:
        (folder / "batas" / name).symlink_to(BORDERS / name)


def test_undeclared_kabupaten_of_two_makers(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    link(tmp_path, "Batas_kota_madiun.geojson", "jawa_tengah_33_batas_kabkota.geojson")
    found = load(con, tmp_path)
    assert found["Kota Madiun"] == "35.77"
    assert len({kode for kode in found.values() if kode and kode.startswith("33.")}) == 35
    assert problems(con)["tidak_sah"][2] == 1
    assert con.execute("SELECT count(*) FROM batas WHERE kode = '33' AND berkas = 'gabungan'").fetchall() == [(1,)]


def test_desa_of_bps_with_a_forest_among_them(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    link(tmp_path, "batas_bps_2020_jateng.zip")
    (tmp_path / "referensi.yml").write_text(ONE_KABUPATEN)
    load(con, tmp_path)
    rows = con.execute(
        "SELECT jenis, count(*), count(kode) FROM batas WHERE tingkat = 'desa_kelurahan' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert rows == [("hutan", 1, 0), ("wilayah", 372, 372)]
