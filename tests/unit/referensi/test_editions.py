"""Reading editions: every format, and everything that can be wrong with one."""

import csv
import gzip
import json

import duckdb
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipelines.referensi import ReferenceDataError
from pipelines.referensi.edition_files import read_cells
from pipelines.referensi.editions import system_of

DUMP = r"""/* it's a dump (2025) */
-- Data's of 'another' table; INSERT INTO x VALUES (1)
DROP TABLE IF EXISTS `wilayah`;
CREATE TABLE `wilayah` (kode varchar(13) NOT NULL, nama varchar(100) DEFAULT 'a;b)');
INSERT INTO `wilayah` (`kode`, `nama`) VALUES
('33','JAWA TENGAH'),('33.01','KAB. CILACAP'),
('33.01.01','Ba''u (lama); baru'),
('33.01.01.2001','Lor\'e'),('33.01.01.2002',NULL);
INSERT INTO penduduk VALUES ('33', 100), ('33.01', 200);
insert into wilayah (kode, nama) values ('33.01.01.2003','Nila, Kidul');
"""


def cells(path, **options):
    con = duckdb.connect()
    read_cells(con, path, "_sel", **options)
    return [row for (row,) in con.execute("SELECT sel FROM _sel ORDER BY baris").fetchall()]


def edition(folder):
    return dict(folder.install().execute("SELECT kode, nama FROM edisi_wilayah ORDER BY kode").fetchall())


def declare(folder, files, **more):
    extra = "".join(f", {k}: {json.dumps(v)}" for k, v in more.items())
    folder.declared.append(
        f"  e1: {{berkas: {json.dumps(files)}, berlaku_mulai: '2010-01-01', dasar_hukum: Hukum{extra}}}"
    )


@pytest.mark.parametrize("packed", [False, True])
def test_dump_with_escapes_and_another_table(tmp_path, packed):
    path = tmp_path / ("a.sql.gz" if packed else "a.sql")
    path.write_bytes(gzip.compress(DUMP.encode()) if packed else DUMP.encode())
    assert cells(path) == [
        ["kode", "nama"],
        ["33", "JAWA TENGAH"],
        ["33.01", "KAB. CILACAP"],
        ["33.01.01", "Ba'u (lama); baru"],
        ["33.01.01.2001", "Lor'e"],
        ["33.01.01.2002", None],
        ["33.01.01.2003", "Nila, Kidul"],
    ]
    assert cells(path, tabel="penduduk") == [["33", "100"], ["33.01", "200"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=5))
def test_any_name_survives_a_dump(tmp_path_factory, names):
    quoted = (name.replace("\\", "\\\\").replace("'", "''") for name in names)
    rows = ",\n".join(f"('33.{n:02}','{name}')" for n, name in enumerate(quoted))
    path = tmp_path_factory.mktemp("dump") / "a.sql"
    path.write_text(f"INSERT INTO wilayah VALUES {rows};", encoding="utf-8")
    assert [name for _, name in cells(path)] == names


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"]))), min_size=1, max_size=5))
def test_any_name_survives_a_csv(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([("33", name) for (name,) in names])
    assert [row[1] or "" for row in cells(path)] == [name for (name,) in names]


def test_levels_in_several_files_without_header_and_without_dots(folder):
    folder.file("a.csv", "33,JAWA TENGAH\n")
    folder.file("b.csv", "3301,33,KAB. CILACAP\n")
    folder.file("c.csv", "330101,3301,Kedungreja\n")
    folder.file("d.csv", "3301012001,330101,Tambakreja\n3301012002,330101,Bumireja\n")
    declare(folder, ["a.csv", "b.csv", "c.csv", "d.csv"])
    assert edition(folder) == {
        "33": "JAWA TENGAH",
        "33.01": "KAB. CILACAP",
        "33.01.01": "Kedungreja",
        "33.01.01.2001": "Tambakreja",
        "33.01.01.2002": "Bumireja",
    }


def test_columns_by_other_headers_by_declaration_and_by_position(folder):
    folder.file("a.csv", "parent;Name;CODE\n;Jawa;33\n33;KAB. A;33.01\n")
    declare(folder, "a.csv")
    assert edition(folder) == {"33": "Jawa", "33.01": "KAB. A"}
    folder.declared[1:] = []
    folder.file("b.csv", "kd;label;kode\n33;Jawa;x\n")
    declare(folder, "b.csv", kolom={"kode": "kd", "nama": "label"})
    assert edition(folder) == {"33": "Jawa"}
    folder.declared[1:] = []
    folder.file("c.csv", "x,33,9,Jawa\n")
    declare(folder, "c.csv", kolom={"kode": 2, "nama": 4})
    assert edition(folder) == {"33": "Jawa"}


def test_workbook_whose_codes_are_numbers(folder):
    with xlsxwriter.Workbook(str(folder.path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([["Daftar kode"], ["Kode", "Nama"], [33, "Jawa"], [3301, "KAB. A"], [330101, "Lor"]]):
            sheet.write_row(n, 0, row)
    declare(folder, "a.xlsx")
    assert edition(folder) == {"33": "Jawa", "33.01": "KAB. A", "33.01.01": "Lor"}


def test_bps_codes_keep_their_form_and_do_not_become_places(folder):
    folder.edition("33.01 Kabupaten A")
    folder.file("bps.csv", "33,JAWA\n3301,KAB A\n3301010,LOR\n3301010001,NILA\n")
    folder.declared.append("  b: {sistem: bps, berkas: bps.csv, berlaku_mulai: '2016-01-01', dasar_hukum: BPS}")
    con = folder.install()
    assert con.execute(
        "SELECT kode, tingkat, kode_induk FROM edisi_wilayah WHERE edisi = 'b' ORDER BY kode"
    ).fetchall() == [
        ("33", "provinsi", None),
        ("3301", "kabupaten_kota", "33"),
        ("3301010", "kecamatan", "3301"),
        ("3301010001", "desa_kelurahan", "3301010"),
    ]
    assert con.execute("SELECT count(*) FROM wilayah").fetchone() == (2,)


def test_faults_are_told_with_an_example(folder):
    folder.edition(
        {
            "33": "Jawa",
            "33.01": "Kabupaten A",
            "33.1": "Kabupaten B",
            "33.01.01": "Kosong",
            "33.01.02": "Isi",
            "33.01.02.2001": "Kedungpomahankulo n",
            "33.01.02.2002": "Nila  ",
            "33.01.09.2001": "Yatim",
            "33.01.02.2003": "",
        }
    )
    path = folder.path / "e1.csv"
    path.write_text(path.read_text() + "33.01.02,Isi Lagi\n", encoding="utf-8")
    con = folder.install()
    assert con.execute("SELECT jenis, contoh, jumlah FROM referensi_masalah ORDER BY jenis").fetchall() == [
        ("kecamatan_tanpa_desa", "33.01.01 Kosong", 1),
        ("kode_ganda", "33.01.02: Isi / Isi Lagi", 1),
        ("kode_salah", "33.01.02.2003 (tanpa nama); 33.1 Kabupaten B", 2),
        ("nama_rusak", "'Kedungpomahankulo n' (33.01.02.2001); 'Nila  ' (33.01.02.2002)", 2),
        ("tanpa_induk", "33.01.09.2001 Yatim", 1),
    ]
    assert con.execute("SELECT nama, kunci FROM wilayah WHERE kode = '33.01.02.2002'").fetchone() == ("Nila", "nila")
    assert con.execute("SELECT nama FROM wilayah WHERE kode = '33.01.02'").fetchone() == ("Isi",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"nama,penduduk\nJawa,5\nBali,7\n"),
        ("a.sql", b"SELECT 1;"),
        ("a.sql.gz", b"not packed"),
        ("a.csv", b"\x00\x01\x02"),
        ("a.xlsx", b"PK no workbook"),
    ],
)
def test_file_that_is_no_edition_is_named(folder, name, data):
    (folder.path / name).write_bytes(data)
    declare(folder, name)
    with pytest.raises(ReferenceDataError, match=name):
        folder.install()


@pytest.mark.parametrize(
    ("text", "system"),
    [("33,A\n33.01,B\n", "kemendagri"), ("33,A\n330101,B\n", "kemendagri"), ("33,A\n3301010,B\n", "bps")],
)
def test_system_is_told_by_the_shape_of_codes(tmp_path, text, system):
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert system_of(duckdb.connect(), path) == system


def test_system_of_codes_that_look_alike_is_never_guessed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("33,A\n3301,B\n3301012001,C\n")
    with pytest.raises(ReferenceDataError, match="cannot be told"):
        system_of(duckdb.connect(), path)
