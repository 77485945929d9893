"""Codes and names through time, on three small editions written here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.referensi.codes import LEVELS
from pipelines.wilayah import decided_by_points, join_condition, proposals, resolve

from .conftest import make_contract

PLACES = {
    "92": "Papua Barat", "92.01": "Kabupaten Fakfak", "96": "Papua Barat Daya", "96.03": "Kabupaten Raja Ampat",
    "33": "Jawa Tengah", "33.09": "Kabupaten Boyolali", "33.09.17": "Juwangi", "33.09.18": "Wonosamodro",
    "33.09.18.2019": "Bengle", "33.09.18.2020": "Bercak", "33.09.17.2001": "Juwangi", "33.09.17.2002": "Kalimati",
    "33.09.17.2003": "Sambirejo",
}  # fmt: skip
# kode_asal, mulai, sampai, kode, metode: three steps in time.
MOVED = [
    ("92.05", "1900-01-01", "2022-11-09", "92.05", "kode"), ("92.05", "2022-11-09", None, "96.03", "penerus"),
    ("96.03", "1900-01-01", "2022-11-09", "92.05", "pendahulu"), ("96.03", "2022-11-09", None, "96.03", "kode"),
    ("33.09.17.2007", "1900-01-01", "2022-11-09", "33.09.17.2007", "kode"),
    ("33.09.17.2007", "2022-11-09", None, "33.09.18.2019", "penerus"),
    ("33.09.18.2019", "1900-01-01", "2022-11-09", "33.09.17.2007", "pendahulu"),
    ("33.09.18.2019", "2022-11-09", None, "33.09.18.2019", "kode"),
    ("33.09.17.2009", "1900-01-01", "2025-04-25", "33.09.17.2009", "kode"),
    ("33.09.17.2009", "2025-04-25", None, None, "pecah"),
    ("33.09.17.2010", "1900-01-01", "2025-04-25", "33.09.17.2010", "kode"),
    ("33.09.17.2010", "2025-04-25", None, None, "hapus"),
]  # fmt: skip
BPS = [("33", "33", "provinsi"), ("3309", "33.09", "kabupaten_kota"), ("91", "92", "provinsi"),
       ("92", "96", "provinsi"), ("3309171", "33.09.17", "kecamatan"), ("9108", "96.03", "kabupaten_kota")]  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        level = " ".join(f"WHEN {n} THEN '{name}'" for name, n in LEVELS.items())
        con.execute("CREATE TABLE isi (kode VARCHAR, nama VARCHAR)")
        con.executemany("INSERT INTO isi VALUES (?, ?)", list(PLACES.items()))
        con.execute(
            f"""CREATE TABLE wilayah AS SELECT kode, CASE length(kode) {level} END AS tingkat, nama,
            CASE length(kode) WHEN 2 THEN 'provinsi' WHEN 5 THEN 'kabupaten' WHEN 8 THEN 'kecamatan' ELSE 'desa' END
                AS jenis, regexp_replace(kode, '[.]?[0-9]+$', '') AS kode_induk,
            lower(replace(replace(nama, 'Kabupaten ', ''), ' ', '')) AS kunci FROM isi"""
        )
        con.execute("CREATE TABLE wilayah_nama AS SELECT *, 'nama' AS sumber FROM wilayah")
        con.execute(
            "INSERT INTO wilayah_nama BY NAME SELECT * REPLACE ('kalimatilama' AS kunci), 'nama_lama' AS sumber "
            "FROM wilayah WHERE kode = '33.09.17.2002'"
        )
        con.execute("CREATE TABLE kode_pada (kode_asal VARCHAR, mulai DATE, sampai DATE, kode VARCHAR, metode VARCHAR)")
        con.executemany("INSERT INTO kode_pada VALUES (?, ?, ?, ?, ?)", MOVED)
        con.execute(
            "INSERT INTO kode_pada SELECT kode, DATE '1900-01-01', NULL, kode, 'kode' FROM wilayah "
            "WHERE kode NOT IN (SELECT kode_asal FROM kode_pada)"
        )
        con.execute("CREATE TABLE wilayah_perubahan (lama VARCHAR, baru VARCHAR, jenis VARCHAR)")
        heirs = ("33.09.17.2002", "33.09.17.2003")
        con.executemany("INSERT INTO wilayah_perubahan VALUES ('33.09.17.2009', ?, 'pecah')", [(h,) for h in heirs])
        con.execute("CREATE TABLE jembatan_bps (kode_bps VARCHAR, kode VARCHAR, tingkat VARCHAR)")
        con.executemany("INSERT INTO jembatan_bps VALUES (?, ?, ?)", BPS)
        yield con


def run(con: duckdb.DuckDBPyConnection, columns: Any, place: Any, rows: Any, moment: str | None = None) -> Any:
    """(kode_wilayah, wilayah_metode, problems) of each row, whose last cell is its date."""
    contract = make_contract(columns, place)
    names = ", ".join(f'"{name}" VARCHAR' for name in columns)
    con.execute(f"CREATE OR REPLACE TABLE mentah (_n BIGINT, {names}, hari DATE)")
    marks = ", ".join("?" * (len(columns) + 2))
    con.executemany(f"INSERT INTO mentah VALUES ({marks})", [[n, *row] for n, row in enumerate(rows)])
    resolve(con, contract, "mentah", moment)
    problems = ", ".join(f't."{name}__masalah"' for name in columns)
    found = con.execute(
        f"SELECT kode_wilayah, wilayah_metode, [{problems}] FROM mentah m "
        f"JOIN tempat t ON {join_condition(contract, 'm', 't', moment)} ORDER BY _n"
    ).fetchall()
    assert len(found) == len(rows), "a row was lost or doubled"
    return [(kode, method, next((p for p in all_ if p), None)) for kode, method, all_ in found]


DESA = {"kode": "kode desa_kelurahan kemendagri"}


def test_a_code_is_what_it_was_called_on_the_row_s_date(small: duckdb.DuckDBPyConnection) -> None:
    days = ["1880-01-01", "2021-12-31", "2022-11-08", "2022-11-09", "2026-01-01", None]
    old = run(small, DESA, {"kode": "kode"}, [("33.09.17.2007", d) for d in days], "m.hari")
    assert old == [("33.09.17.2007", "kode", None)] * 3 + [("33.09.18.2019", "penerus", None)] * 3
    new = run(small, DESA, {"kode": "kode"}, [("33.09.18.2019", d) for d in days], "m.hari")
    assert new == [("33.09.17.2007", "pendahulu", None)] * 3 + [("33.09.18.2019", "kode", None)] * 3


def test_without_dates_the_newest_edition_holds(small: duckdb.DuckDBPyConnection) -> None:
    rows = [("33.09.17.2007", None), ("3309172007", "2020-01-01"), ("33.09.17.2010", None), ("33.09.17.2999", None)]
    assert run(small, DESA, {"kode": "kode"}, rows) == [
        ("33.09.18.2019", "penerus", None), ("33.09.18.2019", "penerus", None),
        (None, None, "tidak_ditemukan"), (None, None, "tidak_ditemukan"),
    ]  # fmt: skip


def test_several_successors_are_never_guessed_but_a_name_decides(small: duckdb.DuckDBPyConnection) -> None:
    columns = DESA | {"kec": "nama kecamatan", "desa": "nama desa_kelurahan"}
    place = {"kode": "kode", "nama": {"kecamatan": "kec", "desa_kelurahan": "desa"}, "dalam": "33.09"}
    names = [(None, None), ("Juwangi", None), ("Juwangi", "Sambirejo"), (None, "Bercak")]
    assert run(small, columns, place, [("33.09.17.2009", *n, None) for n in names]) == [
        (None, None, "pecah"), ("33.09.17", "nama", "pecah"), ("33.09.17.2003", "penerus", None),
        ("33.09.18.2020", "nama", "pecah"),
    ]  # fmt: skip
    assert run(small, DESA, {"kode": "kode"}, [("33.09.17.2009", "2024-12-31")], "m.hari") == [
        ("33.09.17.2009", "kode", None)
    ]
    found = small.execute("SELECT kode__calon FROM tempat").fetchall()
    assert found == [(None,)]


def test_a_point_decides_between_successors_and_only_between_them(small: duckdb.DuckDBPyConnection) -> None:
    points = ["33.09.17.2003", "33.09.17", "33.09.18.2020", None]
    assert run(small, DESA, {"kode": "kode"}, [("33.09.17.2009", None)] * len(points)) == [(None, None, "pecah")] * 4
    small.execute(
        """CREATE OR REPLACE TABLE rapi AS
        SELECT _n AS _no, t.*, kode_wilayah AS _kode_wilayah, wilayah_metode AS _wilayah_metode,
            wilayah_skor AS _wilayah_skor, wilayah_kini AS _wilayah_kini, NULL AS _titik_kode, NULL AS _titik_jarak,
            NULL AS _titik_dicari
        FROM mentah m JOIN tempat t ON m.kode = t.kode__asli"""
    )
    small.execute("CREATE OR REPLACE TABLE titik (_no BIGINT, titik_kode VARCHAR, titik_jarak DOUBLE)")
    small.executemany("INSERT INTO titik VALUES (?, ?, NULL)", [[n, place] for n, place in enumerate(points)])
    decided = decided_by_points("rapi", "titik", ["kode"])
    columns = "kode__kode, kode__masalah, _kode_wilayah, _wilayah_metode"
    assert small.execute(f"SELECT {columns} FROM ({decided}) ORDER BY _no").fetchall() == [
        ("33.09.17.2003", None, "33.09.17.2003", "titik"), (None, "pecah", "33.09.17", "titik"),
        (None, "pecah", "33.09.18.2020", "titik"), (None, "pecah", None, None),
    ]  # fmt: skip


def test_names_below_the_parent_they_used_to_have(small: duckdb.DuckDBPyConnection) -> None:
    columns = {"prov": "nama provinsi", "kab": "nama kabupaten_kota"}
    place = {"nama": {"provinsi": "prov", "kabupaten_kota": "kab"}}
    rows = [("Papua Barat", "Raja Ampat"), ("Papua Barat Daya", "Raja Ampat"), ("Jawa Tengah", "Raja Ampat")]
    assert run(small, columns, place, [(*r, None) for r in rows]) == [
        ("96.03", "nama_lama", None), ("96.03", "nama", None), ("33", "nama_induk", "induk"),
    ]  # fmt: skip
    columns = {"kec": "nama kecamatan", "desa": "nama desa_kelurahan"}
    place = {"nama": {"kecamatan": "kec", "desa_kelurahan": "desa"}, "dalam": "33.09"}
    rows = [("Juwangi", "Bengle"), ("Wonosamodro", "Bengle"), ("Juwangi", "Kalimati Lama")]
    assert run(small, columns, place, [(*r, None) for r in rows]) == [
        ("33.09.18.2019", "nama_lama", None), ("33.09.18.2019", "nama", None), ("33.09.17.2002", "nama_lama", None),
    ]  # fmt: skip
    dated = run(small, columns, place, [("Juwangi", "Bengle", "2020-05-05")], "m.hari")
    assert dated == [("33.09.17.2007", "nama_lama", None)], "the code of that time"


def test_bps_codes_that_look_like_kemendagri_s(small: duckdb.DuckDBPyConnection) -> None:
    bps, own = {"kode": "kode provinsi bps"}, {"kode": "kode provinsi kemendagri"}
    assert run(small, bps, {"kode": "kode"}, [("91", None), ("92", None)]) == [
        ("92", "kode", None), ("96", "kode", None),
    ]  # fmt: skip
    assert run(small, own, {"kode": "kode"}, [("92", None), ("96", None)]) == [
        ("92", "kode", None), ("96", "kode", None),
    ]  # fmt: skip
    old = run(small, {"kode": "kode kabupaten_kota bps"}, {"kode": "kode"}, [("9108", "2020-01-01")], "m.hari")
    assert old == [("92.05", "pendahulu", None)]


def test_a_coarse_code_and_a_finer_name(small: duckdb.DuckDBPyConnection) -> None:
    columns = {"kode": "kode kabupaten_kota kemendagri", "kec": "nama kecamatan"}
    place = {"kode": "kode", "nama": {"kecamatan": "kec"}}
    rows = [("33.09", "Juwangi", None), ("33.09", "Antah", None), ("92.01", "Juwangi", None)]
    assert run(small, columns, place, rows) == [
        ("33.09.17", "nama", None), ("33.09", "kode", "induk"), ("92.01", "kode", "beda"),
    ]  # fmt: skip


def test_proposals_for_a_reviewer(small: duckdb.DuckDBPyConnection) -> None:
    columns = {"kec": "nama kecamatan", "desa": "nama desa_kelurahan"}
    place = {"nama": {"kecamatan": "kec", "desa_kelurahan": "desa"}, "dalam": "33.09"}
    rows = [("Juwangi", "Kalimatie", None)] * 2 + [("Juwangi", "Sambirojo Wetan", None), ("Juwangi", "Kalimati", None)]
    run(small, columns, place, rows)
    found = small.execute(proposals(make_contract(columns, place), ["kec", "desa"])).fetchall()
    assert found == [("desa", "33.09.17", "Juwangi", "Kalimatie", "33.09.17.2002", "Kalimati", 0.889, 2)]
    assert small.execute(proposals(make_contract(columns, place), [])).fetchall() == []
