"""BPS and Kemendagri codes are joined by a table only."""

import pytest

from pipelines.referensi.bridge import add_evidence
from tests.unit.referensi.test_changes import TREES, desa

HEADER = "kode_bps,kode\n"
SECTION = "jembatan: [{berkas: 'jembatan*.csv'}]"


def faults(con):
    return con.execute("SELECT jenis, contoh FROM referensi_masalah ORDER BY jenis").fetchall()


def bridge(con):
    return dict(con.execute("SELECT kode_bps, kode FROM jembatan_bps").fetchall())


def test_equal_looking_codes_mean_other_provinces(con):
    rows = con.execute(
        """SELECT j.kode_bps, w.nama, same.nama FROM jembatan_bps j JOIN wilayah w USING (kode)
        JOIN wilayah same ON same.kode = j.kode_bps WHERE j.kode_bps IN ('91', '92', '94') ORDER BY 1"""
    ).fetchall()
    assert [(bps, meant) for bps, meant, _ in rows] == [
        ("91", "Papua Barat"),
        ("92", "Papua Barat Daya"),
        ("94", "Papua"),
    ]
    assert all(meant != looks for _, meant, looks in rows)


def test_code_of_an_earlier_edition_becomes_todays(folder):
    folder.edition("91 Papua\n91.01 Kabupaten Merauke\n" + desa("91.01.01", TREES) + "\n" + desa("91.02.01", TREES))
    folder.edition(
        "91 Papua\n93 Selatan\n93.01 Kabupaten Merauke\n" + desa("93.01.01", TREES) + "\n" + desa("91.02.01", TREES)
    )
    folder.file("jembatan.csv", HEADER + "94,91\n9401,9101\n", SECTION)
    con = folder.install()
    assert bridge(con) == {"94": "91", "9401": "93.01"}
    assert con.execute(
        "SELECT kode, kode_bps FROM wilayah_riwayat WHERE kode IN ('91.01', '93.01') ORDER BY 1"
    ).fetchall() == [
        ("91.01", "9401"),
        ("93.01", "9401"),
    ]


def test_pairs_that_cannot_hold_are_told(folder):
    folder.edition("33.01.01 Lor\n33.01.02 Kidul\n33.02.01 Wetan")
    folder.file("jembatan1.csv", HEADER + "33,33\n3301,3301\n3301010,330101\n", SECTION)
    folder.file("jembatan2.csv", HEADER + "3301010,330102\n3302,3399\n3302010,3302\n3303,3301\n3303,3302\n")
    con = folder.install()
    assert bridge(con) == {"33": "33", "3301": "33.01", "3301010": "33.01.01"}
    assert faults(con) == [
        ("jembatan_asing", "3302 - 33.99"),
        ("jembatan_bentrok", "3301010 - 33.01.02"),
        ("jembatan_ganda", "3303 - 33.01; 3303 - 33.02"),
        ("jembatan_tingkat", "3302010 - 33.02"),
    ]


@pytest.mark.parametrize("text", ['[{"kode_bps": "33", "kode": "33"}]', '{"kode_bps": "33", "kode": "33"}\n'])
def test_json(folder, text):
    folder.edition("33.01 Kabupaten A")
    folder.file("jembatan.json", text, "jembatan: [{berkas: jembatan.json}]")
    assert bridge(folder.install()) == {"33": "33"}


@pytest.fixture
def known(folder):
    folder.edition("\n".join(desa(f"33.0{k}.01", TREES) for k in (1, 2)))
    folder.file("jembatan.csv", HEADER + "33,33\n3301,33.01\n3302,33.02\n3301010,33.01.01\n", SECTION)
    return folder.install()


def evidence(con, *pairs):
    values = ", ".join(f"('{bps}', '{kode}')" for bps, kode in pairs)
    return add_evidence(con, f"(VALUES {values}) v(kode_bps, kode)", "data uji")


def test_dataset_with_both_codes_adds_desa(known):
    assert (
        evidence(known, ("3301010001", "3301012001"), ("3301010002", "33.01.01.2002"), ("3301010002", "33.01.01.2002"))
        == 2
    )
    assert known.execute("FROM jembatan_bps WHERE tingkat = 'desa_kelurahan' ORDER BY 1").fetchall() == [
        ("3301010001", "33.01.01.2001", "desa_kelurahan", "data uji"),
        ("3301010002", "33.01.01.2002", "desa_kelurahan", "data uji"),
    ]
    assert evidence(known, ("3301010001", "3301012001")) == 0


def test_evidence_for_kecamatan_reaches_their_desa_afterwards(known):
    assert evidence(known, ("3302010", "330201")) == 1
    assert evidence(known, ("3302010001", "3302012001")) == 1


@pytest.mark.parametrize(
    ("pairs", "kind"),
    [
        ([("3301010001", "3301012001"), ("3301010001", "3301012002")], "jembatan_bentrok"),
        ([("3301010001", "3301012001"), ("3301010002", "3301012001")], "jembatan_bentrok"),
        ([("3301010001", "3302012001")], "jembatan_bentrok"),
        ([("3501010001", "3301012001")], "jembatan_bentrok"),
        ([("3301010001", "3301012099")], "jembatan_asing"),
        ([("3301010", "3301012001")], "jembatan_tingkat"),
        ([("3301", "3302")], "jembatan_bentrok"),
    ],
)
def test_evidence_that_contradicts_is_told_and_not_used(known, pairs, kind):
    before = bridge(known)
    assert evidence(known, *pairs) == 0
    assert bridge(known) == before
    assert {jenis for jenis, _ in faults(known)} == {kind}


def test_area_of_codes_that_were_numbers_once(folder):
    folder.edition("31 Jakarta\n11.01 Kabupaten Satu\n11.10 Kabupaten Aceh Singkil\n11.20 Kabupaten Lain")
    dump = "INSERT INTO l (kode,nama,luas) VALUES ('31.0','Jakarta',660.9),('11.01','Kabupaten Satu',4174.2),"
    dump += "('11.1','Kabupaten Aceh Singkil',1851.6),('11.2','Kabupaten Bukan',3.5);"
    folder.file("luas.sql", dump, "luas: [{berkas: luas.sql}]")
    con = folder.install()
    assert con.execute("SELECT kode, luas_km2 FROM wilayah_riwayat WHERE luas_km2 > 0 ORDER BY 1").fetchall() == [
        ("11.01", 4174.2),
        ("11.10", 1851.6),
        ("31", 660.9),
    ]
    assert faults(con) == [("luas_tanpa_wilayah", "11.2 Kabupaten Bukan")]
