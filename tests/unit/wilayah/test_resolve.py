import pytest

from pipelines.wilayah import join_condition, place_columns, resolve

from .conftest import make_contract


def test_a_code_comes_before_names_and_names_stand_in_for_an_unknown_code(places):
    columns = {"kode_kab": "kode kabupaten_kota", "kab": "nama kabupaten_kota"}
    wilayah = {"kode": "kode_kab", "nama": {"kabupaten_kota": "kab"}}
    rows = places(columns, wilayah, ("33.02", "Kudus"), ("33.99", "Kudus"), (None, "Kudus"), ("33.99", None))
    assert [(row["kode_wilayah"], row["wilayah_metode"]) for row in rows] == [
        ("33.02", "kode"),
        ("33.19", "nama"),
        ("33.19", "nama"),
        (None, None),
    ]
    assert [row["kode_kab__masalah"] for row in rows] == [
        "beda",
        "tidak_ditemukan",
        None,
        "tidak_ditemukan",
    ]


def test_one_place_for_the_whole_file(places):
    rows = places({"isi": "teks"}, {"tetap": "33"}, "a", "b", None)
    assert [(row["kode_wilayah"], row["wilayah_metode"]) for row in rows] == [("33", "tetap")] * 3


def test_the_fixed_place_bounds_the_names_and_stands_in_for_them(places):
    columns = {"prov": "nama provinsi", "kec": "nama kecamatan"}
    wilayah = {"tetap": "33.02", "nama": {"provinsi": "prov", "kecamatan": "kec"}}
    rows = places(columns, wilayah, ("Jawa Tengah", "Sumbang"), ("Jawa Tengah", None), ("Jawa Tengah", "Gebog"))
    assert [(row["kode_wilayah"], row["wilayah_metode"]) for row in rows] == [
        ("33.02.21", "nama"),
        ("33.02", "tetap"),
        ("33.02", "tetap"),
    ]
    assert rows[2]["kec__masalah"] == "induk"


def test_a_column_may_repeat_the_place_searched_in(places):
    columns = {"prov": "nama provinsi", "kab": "nama kabupaten_kota", "kec": "nama kecamatan"}
    wilayah = {"dalam": "33.02", "nama": {"provinsi": "prov", "kabupaten_kota": "kab", "kecamatan": "kec"}}
    rows = places(columns, wilayah, ("JAWA TENGAH", "Kab. Banyumas", "Sumbang"), ("Jawa Timur", "Banyumas", "Sumbang"))
    assert rows[0]["kode_wilayah"] == "33.02.21"
    assert [rows[1][f"{c}__masalah"] for c in columns] == ["tidak_ditemukan", None, None]
    assert rows[1]["kode_wilayah"] is None


def test_an_empty_level_is_skipped_but_never_guessed_over(places):
    columns = {"kab": "nama kabupaten_kota", "kec": "nama kecamatan"}
    wilayah = {"dalam": "33", "nama": {"kecamatan": "kec", "kabupaten_kota": "kab"}}
    rows = places(columns, wilayah, (None, "Baturraden"), (None, "Karanganyar"), ("Demak", "Karanganyar"))
    assert [row["kode_wilayah"] for row in rows] == ["33.02.22", None, "33.21.09"]
    assert [row["kec__masalah"] for row in rows] == [None, "ambigu", None]


def test_the_default_kind_shows_on_finer_rows_too(places):
    columns = {"kab": "nama kabupaten_kota", "kec": "nama kecamatan"}
    wilayah = {"dalam": "33", "bawaan": "kota", "nama": {"kabupaten_kota": "kab", "kecamatan": "kec"}}
    (row,) = places(columns, wilayah, ("Semarang", "Mijen"))
    assert (row["kode_wilayah"], row["wilayah_metode"], row["wilayah_bawaan"]) == ("33.74.14", "nama", True)


def test_place_columns_outside_the_chain_are_judged_alone(places):
    columns = {"kab": "nama kabupaten_kota", "asal": "nama kabupaten_kota", "kode_asal": "kode provinsi bps"}
    wilayah = {"dalam": "33", "nama": {"kabupaten_kota": "kab"}}
    (row,) = places(columns, wilayah, ("Kudus", "Kab. Banyumas", "94"))
    assert (row["kode_wilayah"], row["asal__kode"], row["kode_asal__kode"]) == ("33.19", "33.02", "91")
    (row,) = places({"asal": "nama kabupaten_kota"}, None, "Kota Bandung")
    assert (row["kode_wilayah"], row["asal__kode"]) == (None, "32.73")


def test_every_row_meets_one_place_even_where_cells_are_null(places):
    columns = {"kab": "nama kabupaten_kota", "kec": "nama kecamatan"}
    wilayah = {"nama": {"kabupaten_kota": "kab", "kecamatan": "kec"}, "dalam": "33"}
    rows = places(columns, wilayah, (None, None), ("Kudus", None), (None, None), ("Kudus ", None), ("Kudus", ""))
    assert [row["kode_wilayah"] for row in rows] == [None, "33.19", None, "33.19", "33.19"]


def test_no_rows(places):
    assert places({"kab": "nama kabupaten_kota"}, {"nama": {"kabupaten_kota": "kab"}}) == []


def test_join_condition_names_the_place_columns_only():
    contract = make_contract({"isi": "teks", "kab": "nama kabupaten_kota"}, None)
    assert place_columns(contract) == ["kab"]
    assert join_condition(contract, "m", "t") == 'm."kab" IS NOT DISTINCT FROM t."kab__asli"'
    assert join_condition(make_contract({"isi": "teks"}, {"tetap": "33"}), "m", "t") == "TRUE"


def test_a_contract_that_names_no_real_place_is_refused(con):
    for wilayah in ({"tetap": "33.99"}, {"dalam": "33.99", "nama": {"kabupaten_kota": "kab"}}):
        with pytest.raises(ValueError, match=r"'33\.99'"):
            resolve(con, make_contract({"kab": "nama kabupaten_kota"}, wilayah), "mentah")
    with pytest.raises(ValueError, match=r"kolom\.kab has no tingkat"):
        resolve(con, make_contract({"kab": "nama"}, None), "(SELECT NULL AS kab)")
