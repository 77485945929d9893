"""The editions that the government published; skipped where they are not beside the checkout."""

from pathlib import Path

import duckdb
import pytest

from pipelines.home import REPO
from pipelines.referensi import install
from pipelines.referensi.declare import declared
from pipelines.referensi.diff import diff

REFERENSI = Path(__file__).parents[4] / "shared" / "data" / "referensi"
pytestmark = pytest.mark.skipif(not REFERENSI.is_dir(), reason="real input is not at ../shared/data")
EDITIONS = REFERENSI / "wilayah_kemendagri"


@pytest.fixture(scope="module")
def real() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    install(connection, [REPO / "sources" / "referensi", REFERENSI])
    return connection


def compared(older, newer):
    con = duckdb.connect()
    return con.execute(
        diff(con, declared([REPO / "sources" / "referensi"]), str(EDITIONS / older), str(EDITIONS / newer))
    ).fetchall()


def test_jawa_tengah_2022_to_2023():
    found = compared("jateng_2022.csv", "jateng_2023.csv")
    desa = [row for row in found if row[0] == "desa_kelurahan"]
    assert [(lama, baru) for _, kind, lama, _, baru, *_ in desa if kind == "pindah"] == [
        ("33.09.17.2007", "33.09.18.2019"),
        ("33.09.17.2008", "33.09.18.2020"),
        ("33.09.17.2009", "33.09.18.2021"),
    ]
    assert [baru for _, kind, _, _, baru, *_ in desa if kind == "baru"] == ["33.27.03.2013"]
    assert len([row for row in found if row[1] in ("ganti_nama", "ejaan")]) == 17
    assert [row[1:3] + row[4:5] + row[6:7] for row in found if row[0] == "kecamatan" and row[1] != "ejaan"] == [
        ("sebagian", "33.09.17", "33.09.17", pytest.approx(10 / 13)),
        ("sebagian", "33.09.17", "33.09.18", pytest.approx(3 / 13)),
    ]


def test_jawa_tengah_2023_to_2025():
    found = compared("jateng_2023.csv", "jateng_2025.csv")
    assert len(found) == 35 and {row[1] for row in found} == {"ejaan"}
    assert len([row for row in found if row[3].replace(" ", "").lower() == row[5].replace(" ", "").lower()]) == 18


def test_six_provinces_of_papua_have_their_kabupaten(real):
    moved = real.execute(
        """SELECT count(*), count(DISTINCT baru[1:2]) FROM wilayah_perubahan
        WHERE jenis = 'pindah' AND length(lama) = 5 AND lama[1] = '9'"""
    ).fetchone()
    assert moved == (26, 4)
    split = real.execute(
        "SELECT edisi_baru, lama, baru FROM wilayah_perubahan WHERE jenis = 'pecah' AND length(baru) = 2 ORDER BY ALL"
    ).fetchall()
    assert split == [
        ("2023", "91", "91"),
        ("2023", "91", "93"),
        ("2023", "91", "94"),
        ("2023", "91", "95"),
        ("2025", "92", "92"),
        ("2025", "92", "96"),
    ]


def test_shares_add_up_and_every_code_leads_somewhere(real):
    assert real.execute(
        """SELECT count(*) FROM (SELECT edisi_baru, lama FROM wilayah_perubahan WHERE bobot IS NOT NULL
        GROUP BY ALL HAVING abs(sum(bobot) - 1) > 1e-9)"""
    ).fetchone() == (0,)
    kinds = dict(real.execute("SELECT metode, count(*) FROM kode_pada GROUP BY 1").fetchall())
    assert kinds["penerus"] > 6000 and kinds["pecah"] < 20 and kinds["hapus"] < 100


def test_nothing_of_jawa_tengah_is_lost_and_newest_is_one_version_each(real):
    assert real.execute(
        "SELECT count(*), count(DISTINCT kode) FROM wilayah_riwayat WHERE berlaku_sampai IS NULL AND kode LIKE '33%'"
    ).fetchone() == (9175, 9175)
    assert real.execute(
        """SELECT count(*) FROM referensi_masalah
        WHERE jenis IN ('wilayah_hilang', 'tanpa_induk', 'kecamatan_tanpa_desa')"""
    ).fetchone() == (0,)


def test_bridge_reaches_every_kecamatan_of_jawa_tengah_and_arithmetic_would_not(real):
    total, wrong, silently = real.execute(
        """SELECT count(*), count(*) FILTER (guess <> kode),
            count(*) FILTER (guess <> kode AND guess IN (SELECT kode FROM wilayah))
        FROM (
            SELECT kode, format('{}.{}.{}', kode_bps[1:2], kode_bps[3:4], kode_bps[5:6]) AS guess
            FROM jembatan_bps WHERE tingkat = 'kecamatan' AND kode LIKE '33.%'
        )"""
    ).fetchone()
    assert total >= 573 and wrong > 200 and silently > 150


def test_areas_reach_every_kabupaten(real):
    assert real.execute(
        """SELECT count(*), count(luas_km2) FROM wilayah_riwayat
        WHERE tingkat = 'kabupaten_kota' AND berlaku_sampai IS NULL"""
    ).fetchone() == (514, 514)
