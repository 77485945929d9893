"""Which place a polygon is, for every way in which files name places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.referensi.border_kit import country, feature, load, problems, square, write

X, Y = 110.0, -7.0


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ([{"code": "33.01"}, {"code": "33.02"}], {"33.01", "33.02"}),
        ([{"code": "3301"}, {"code": "3302"}], {"33.01", "33.02"}),
        ([{"code": "id3301020", "nama": "Tanjung"}, {"code": "id3301030", "nama": "Teluk"}], {"33.01.03", "33.01.02"}),
        ([{"code": 3301}, {"code": 3371}], {"33.01", "33.71"}),
        ([{"kd_prop": "35", "kd_dati2": "77", "nm": "Kota Madiun"}], {"35.77"}),
        ([{"WADMKC": "Teluk", "WADMKK": "Laut"}, {"WADMKC": "Gunung", "WADMKK": "Darat"}], {"33.01.02", "33.02.01"}),
        ([{"kab": "KOTA LAUT"}, {"kab": "KAB. LAUT"}], {"33.71", "33.01"}),
    ],
    ids=["dotted", "bare", "bps-prefix", "number", "two-columns", "names", "kabupaten-and-kota"],
)
def test_undeclared_file_is_understood_by_membership(tmp_path: Path, properties, expected) -> None:
    con = country()
    write(tmp_path, "a.geojson", *(feature(p, square(X + n * 0.02, Y)) for n, p in enumerate(properties)))
    load(con, tmp_path)
    assert {k for (k,) in con.execute("SELECT kode FROM batas WHERE berkas <> 'gabungan'").fetchall()} == expected
    assert problems(con)["dikenali"][0] == "batas/a.geojson"


def test_bare_name_of_kabupaten_and_kota_is_not_guessed(tmp_path: Path) -> None:
    con = country()
    write(tmp_path, "a.geojson", *(feature({"kab": k}, square(X + n, Y)) for n, k in enumerate(["Laut", "Darat"])))
    assert load(con, tmp_path) == {"Laut": None, "Darat": "33.02"}
    assert problems(con)["tanpa_kode"] == ("batas/a.geojson", "Laut (tanpa kode)", 1)


def bps_desa(*rows: tuple[str, str]) -> list[dict[str, object]]:
    return [feature({"village_code": f"id{c}", "village": v}, square(X + n * 0.01, Y)) for n, (c, v) in enumerate(rows)]


def test_desa_of_bps_are_found_by_name_in_their_mapped_kecamatan(tmp_path: Path) -> None:
    con = country()
    write(
        tmp_path, "desa.geojson",
        *bps_desa(
            ("3301010001", "SUWADUK"), ("3301010002", "Kedungwaduk"),
            ("3301010999", "Hutan"), ("3301010888", "Waduk Besar"),
            ("3301020001", "Banyurip"),  # a near spelling, the only one left
            ("3301030001", "Karangsare"),  # as near to Karangsari as to Karangsaru
            ("3301030002", "Sidomulyo"),  # its kecamatan has been split since
        ),
    )  # fmt: skip
    assert load(con, tmp_path) == {
        "SUWADUK": "33.01.01.2001", "Kedungwaduk": "33.01.01.2002", "Hutan": None, "Waduk Besar": None,
        "Banyurip": "33.01.03.2001", "Karangsare": None, "Sidomulyo": "33.01.03.2002",
    }  # fmt: skip
    kinds = dict(con.execute("SELECT nama, jenis FROM batas WHERE jenis <> 'wilayah'").fetchall())
    assert kinds == {"Hutan": "hutan", "Waduk Besar": "perairan"}
    assert problems(con)["tanpa_kode"] == ("batas/desa.geojson", "Karangsare (3301030001)", 1)
    assert problems(con)["ejaan"][1] == "Banyurip = Banyuurip (33.01.03.2001)"


def test_local_numbers_through_their_mapping_file(tmp_path: Path) -> None:
    con = country()
    write(tmp_path, "kota.geojson", *(feature({"nomor": n}, square(X + n, Y)) for n in (1, 2, 3)))
    (tmp_path / "batas" / "kota.csv").write_text("kode_lokal,kode\n1,33.01.01\n2,330102\n")
    (tmp_path / "referensi.yml").write_text(
        "batas:\n  - berkas: batas/kota.geojson\n    sistem: lokal\n    tingkat: kecamatan\n"
        "    kolom: {kode: [nomor]}\n    pemetaan: batas/kota.csv\n"
    )
    load(con, tmp_path)
    rows = dict(con.execute("SELECT kode_asal, kode FROM batas").fetchall())
    assert rows == {"33.01.01": "33.01.01", "330102": "33.01.02", "3": None}


def test_declared_pattern_of_what_is_no_place(tmp_path: Path) -> None:
    con = country()
    write(tmp_path, "a.geojson", feature({"k": "3301010", "n": "Pantai"}, square(X, Y)),
          feature({"k": "3301888", "n": "Genangan"}, square(X + 1, Y)))  # fmt: skip
    (tmp_path / "referensi.yml").write_text(
        "batas:\n  - berkas: batas/a.geojson\n    sistem: bps\n    tingkat: kecamatan\n"
        "    kolom: {kode: [k], nama: {kecamatan: n}}\n    bukan_wilayah: [{jenis: perairan, kode: '888$'}]\n"
    )
    load(con, tmp_path)
    rows = con.execute("SELECT nama, kode, jenis FROM batas ORDER BY nama").fetchall()
    assert rows == [("Genangan", None, "perairan"), ("Pantai", "33.01.01", "wilayah")]
    assert "tanpa_kode" not in problems(con)


def test_missing_column_and_unknown_columns_are_said(tmp_path: Path) -> None:
    con = country()
    write(tmp_path, "a.geojson", feature({"k": "3301010"}, square(X, Y)))
    write(tmp_path, "b.geojson", feature({"warna": "biru"}, square(X, Y)))
    (tmp_path / "referensi.yml").write_text(
        "batas:\n  - berkas: batas/a.geojson\n    sistem: bps\n    tingkat: kecamatan\n    kolom: {kode: [kode_kec]}\n"
    )
    assert load(con, tmp_path) == {}
    said = con.execute("SELECT berkas, jenis, contoh FROM referensi_masalah ORDER BY berkas").fetchall()
    assert said == [("batas/a.geojson", "kolom", "k"), ("batas/b.geojson", "kolom", "warna")]
