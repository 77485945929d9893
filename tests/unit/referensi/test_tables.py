import gzip
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.referensi import ReferenceDataError, install

REFERENSI = Path(__file__).parents[3] / "sources" / "referensi"


def test_jawa_tengah_is_complete(con):
    counts = con.execute(
        "SELECT tingkat, jenis, count(*) FROM wilayah WHERE starts_with(kode, '33') GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert counts == [
        ("desa_kelurahan", "desa", 7810),
        ("desa_kelurahan", "kelurahan", 753),
        ("kabupaten_kota", "kabupaten", 29),
        ("kabupaten_kota", "kota", 6),
        ("kecamatan", "kecamatan", 576),
        ("provinsi", "provinsi", 1),
    ]


def test_indonesia_is_complete_and_every_code_has_its_parent(con):
    assert con.execute("SELECT count(*), count(DISTINCT kode) FROM wilayah").fetchone() == (91599, 91599)
    assert con.execute(
        """SELECT count(*) FROM wilayah a ANTI JOIN wilayah b ON a.kode_induk = b.kode
        WHERE a.tingkat <> 'provinsi'"""
    ).fetchone() == (0,)
    assert con.execute("SELECT count(*) FROM wilayah WHERE jenis IS NULL OR kunci = ''").fetchone() == (0,)


def test_shipped_file_is_small_and_carries_no_time():
    packed = (REFERENSI / "wilayah" / "2025.csv.gz").read_bytes()
    assert len(packed) < 1024 * 1024
    assert packed[4:8] == bytes(4), "a time in the gzip header: the bytes would differ at every run"
    assert gzip.decompress(packed).startswith(b"kode,nama\n11,Aceh\n11.01,Kabupaten Aceh Selatan\n")


def test_alias_never_takes_the_name_of_a_neighbour(con):
    taken = con.execute(
        """FROM wilayah_nama a JOIN wilayah_nama n USING (tingkat, kunci, jenis)
        SELECT a.kode, a.kunci, n.kode
        WHERE a.sumber = 'alias' AND a.kode_induk IS NOT DISTINCT FROM n.kode_induk
            AND (n.sumber = 'nama' OR n.kode <> a.kode)"""
    ).fetchall()
    assert taken == []


def test_bridge_knows_papua_and_is_one_to_one(con):
    papua = con.execute("SELECT kode_bps, kode FROM jembatan_bps WHERE kode_bps LIKE '9_' ORDER BY kode_bps").fetchall()
    assert papua == [("91", "92"), ("92", "96"), ("94", "91"), ("95", "93"), ("96", "94"), ("97", "95")]
    assert con.execute(
        "SELECT count(*), count(DISTINCT kode_bps), count(DISTINCT kode) FROM jembatan_bps"
    ).fetchone() == (100, 100, 100)
    assert con.execute(
        "SELECT count(*) FROM jembatan_bps j JOIN wilayah w USING (kode) WHERE j.tingkat <> w.tingkat"
    ).fetchone() == (0,)


def test_every_produsen_serves_a_place_that_exists(con):
    opd = f"read_csv('{REFERENSI / 'opd.csv'}', all_varchar = true)"
    assert con.execute(f"SELECT kode FROM {opd} ANTI JOIN wilayah w ON kode_wilayah = w.kode").fetchall() == []
    assert con.execute(f"SELECT count(*) = count(DISTINCT kode) FROM {opd}").fetchone() == (True,)
    assert con.execute(
        f"SELECT count(*) FROM {opd} WHERE regexp_full_match(kode, '(kab|kota)_.*') AND kode_wilayah ^@ '33.'"
    ).fetchone() == (35,)


def test_tables_stay_in_a_database_file(tmp_path):
    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        install(con, REFERENSI)
        install(con, REFERENSI)
    with duckdb.connect(str(tmp_path / "a.duckdb"), read_only=True) as con:
        assert con.execute("SELECT nama FROM wilayah WHERE kode = '33.02.22'").fetchone() == ("Baturraden",)


@pytest.fixture
def referensi(tmp_path) -> Path:
    return Path(shutil.copytree(REFERENSI, tmp_path / "referensi"))


def test_missing_file_is_named(referensi):
    (referensi / "jembatan_bps.csv").unlink()
    with pytest.raises(ReferenceDataError, match=r"jembatan_bps\.csv is missing"):
        install(duckdb.connect(), referensi)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("alias_wilayah.csv", "33.99,Antah Berantah,uji\n"),
        ("jembatan_bps.csv", "3399,33.99,kabupaten_kota\n"),
    ],
)
def test_code_outside_every_edition_is_told_and_not_used(referensi, file, line):
    with (referensi / file).open("a", encoding="utf-8") as stream:
        stream.write(line)
    con = duckdb.connect()
    install(con, referensi)
    (found,) = con.execute("SELECT contoh FROM referensi_masalah WHERE berkas = ?", [file]).fetchone()
    assert "33.99" in found
    assert con.execute("SELECT count(*) FROM jembatan_bps WHERE kode_bps = '3399'").fetchone() == (0,)
    assert con.execute("SELECT count(*) FROM wilayah_nama WHERE kunci = 'antahberantah'").fetchone() == (0,)


def test_files_of_the_repository_have_no_fault_but_names_of_their_source(con):
    assert con.execute("SELECT berkas, jenis FROM referensi_masalah").fetchall() == [("2025.csv.gz", "nama_rusak")]
