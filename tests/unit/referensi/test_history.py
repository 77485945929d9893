"""Versions of places, what a code is called on a date, and editions with holes."""

from datetime import date

from tests.unit.referensi.test_changes import BIRDS, FISH, TREES, desa

E1, E2, E3 = date(2010, 1, 1), date(2011, 1, 1), date(2012, 1, 1)
ALWAYS = date(1900, 1, 1)


def versions(con, code):
    return con.execute(
        """SELECT nama, berlaku_mulai, berlaku_sampai, dasar_hukum FROM wilayah_riwayat WHERE kode = ?
        ORDER BY berlaku_mulai""",
        [code],
    ).fetchall()


def code_on(con, code, day):
    (found,) = con.execute(
        """SELECT kode, metode FROM kode_pada WHERE kode_asal = ?1 AND mulai <= ?2
        AND (sampai IS NULL OR sampai > ?2)""",
        [code, day],
    ).fetchall()
    return found


def faults(con, kind):
    return con.execute(
        "SELECT berkas, tempat, contoh, jumlah FROM referensi_masalah WHERE jenis = ?", [kind]
    ).fetchall()


def test_one_edition_is_one_version_of_every_place_for_all_time(con):
    assert con.execute(
        """SELECT count(*), count(DISTINCT kode), min(berlaku_mulai), max(berlaku_mulai), count(berlaku_sampai)
        FROM wilayah_riwayat"""
    ).fetchone() == (91599, 91599, ALWAYS, ALWAYS, 0)
    assert con.execute("SELECT count(*), count(sampai) FROM kode_pada WHERE metode = 'kode'").fetchone() == (91599, 0)
    assert con.execute("SELECT count(*) FROM wilayah_perubahan").fetchone() == (0,)


def test_version_ends_with_its_name_its_code_and_not_with_its_spacing(folder):
    folder.edition("33.01.01.2001 Lemah Putih\n33.01.01.2002 Bumireso\n33.01.01.2003 Guwo\n33.01.02.2001 Lor")
    folder.edition("33.01.01.2001 Lemahputih\n33.01.01.2002 Bumiroso\n33.01.02.2009 Guwo\n33.01.02.2001 Lor")
    con = folder.install()
    assert versions(con, "33.01.01.2001") == [("Lemahputih", ALWAYS, None, "Hukum e1")]
    assert versions(con, "33.01.01.2002") == [
        ("Bumireso", ALWAYS, E2, "Hukum e1"),
        ("Bumiroso", E2, None, "Hukum e2"),
    ]
    assert versions(con, "33.01.01.2003") == [("Guwo", ALWAYS, E2, "Hukum e1")]
    assert versions(con, "33.01.02.2009") == [("Guwo", E2, None, "Hukum e2")]


def test_spelling_that_flips_back_is_three_versions(folder):
    for name in ("Gandrirejo", "Gandirojo", "Gandrirejo"):
        folder.edition(f"33.01.01.2001 {name}")
    con = folder.install()
    assert [row[:3] for row in versions(con, "33.01.01.2001")] == [
        ("Gandrirejo", ALWAYS, E2),
        ("Gandirojo", E2, E3),
        ("Gandrirejo", E3, None),
    ]


def test_code_that_passes_to_another_place_of_the_same_name_is_a_new_version(folder):
    """Two kecamatan swap codes; the desa of one number are called alike in both."""
    lor, kidul = desa("33.01.01", [*TREES, "Krajan"]), desa("33.01.02", [*BIRDS, "Krajan"])
    folder.edition(f"33.01.01 Lor\n33.01.02 Kidul\n{lor}\n{kidul}")
    swapped = desa("33.01.02", [*TREES, "Krajan"]) + "\n" + desa("33.01.01", [*BIRDS, "Krajan"])
    folder.edition(f"33.01.02 Lor\n33.01.01 Kidul\n{swapped}")
    con = folder.install()
    assert [row[1:3] for row in versions(con, "33.01.01.2011")] == [(ALWAYS, E2), (E2, None)]


def test_code_is_followed_through_several_editions(folder):
    folder.edition(desa("33.01.01", TREES))
    folder.edition(desa("33.01.01", TREES[:9]) + "\n33.01.02.2001 Jati")
    folder.edition(desa("33.01.01", TREES[:9]) + "\n33.01.02.1001 Jati")
    con = folder.install()
    assert code_on(con, "33.01.01.2010", E1) == ("33.01.01.2010", "kode")
    assert code_on(con, "33.01.01.2010", E2) == ("33.01.02.2001", "penerus")
    assert code_on(con, "33.01.01.2010", E3) == ("33.01.02.1001", "penerus")
    assert code_on(con, "33.01.02.1001", date(1999, 1, 1)) == ("33.01.01.2010", "pendahulu")
    assert code_on(con, "33.01.02", E1) == ("33.01.01", "pendahulu")


def test_several_successors_are_never_guessed(folder):
    folder.edition(desa("33.01.01", TREES + BIRDS) + "\n" + desa("33.01.02", FISH))
    folder.edition(desa("33.01.03", TREES) + "\n" + desa("33.01.04", BIRDS) + "\n" + desa("33.01.02", FISH))
    con = folder.install()
    assert code_on(con, "33.01.01", E2) == (None, "pecah")
    assert code_on(con, "33.01.03", E1) == ("33.01.01", "pendahulu")


def test_new_and_abolished_desa_have_no_other_code(folder):
    folder.edition(desa("33.01.01", TREES))
    folder.edition(desa("33.01.01", [*TREES[:9], "Xenon"]).replace("2010", "2020"))
    con = folder.install()
    assert code_on(con, "33.01.01.2010", E2) == (None, "hapus")
    assert code_on(con, "33.01.01.2020", E1) == (None, "baru")


def test_answers_cover_all_time_once(folder):
    folder.edition(desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS))
    folder.edition(desa("33.01.01", TREES[:4]) + "\n" + desa("33.01.02", BIRDS) + "\n" + desa("33.01.03", TREES[4:]))
    folder.edition(desa("33.01.01", TREES[:4]) + "\n" + desa("33.01.03", BIRDS + TREES[4:]))
    con = folder.install()
    assert con.execute(
        """SELECT count(*) FROM (SELECT mulai, lag(sampai) OVER (PARTITION BY kode_asal ORDER BY mulai) AS habis,
            row_number() OVER (PARTITION BY kode_asal ORDER BY mulai) AS n,
            sampai IS NULL AS akhir, lead(mulai) OVER (PARTITION BY kode_asal ORDER BY mulai) IS NULL AS terakhir
            FROM kode_pada)
        WHERE (n = 1 AND mulai <> DATE '1900-01-01') OR (n > 1 AND mulai <> habis) OR akhir <> terakhir"""
    ).fetchone() == (0,)
    assert con.execute(
        """SELECT count(*) FROM (SELECT DISTINCT kode FROM edisi_wilayah)
        WHERE kode NOT IN (SELECT kode_asal FROM kode_pada)"""
    ).fetchone() == (0,)


def test_missing_kecamatan_is_a_fault_of_the_edition_and_lives_on(folder):
    whole = desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS) + "\n" + desa("33.01.03", FISH)
    folder.edition(whole)
    folder.edition(desa("33.01.01", TREES) + "\n" + desa("33.01.03", FISH))
    folder.edition(whole)
    con = folder.install()
    assert con.execute("SELECT count(*) FROM wilayah_perubahan").fetchone() == (0,)
    assert versions(con, "33.01.02.2004") == [("Gagak", ALWAYS, None, "Hukum e1")]
    assert code_on(con, "33.01.02.2004", E2) == ("33.01.02.2004", "kode")
    assert faults(con, "wilayah_hilang") == [("e2.csv", "edisi e2", "33.01.02 33x01x02", 1)]


def test_newest_edition_with_a_hole_keeps_its_places(folder):
    folder.edition(desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS))
    folder.edition(desa("33.01.01", TREES))
    con = folder.install()
    assert con.execute("SELECT count(*) FROM wilayah WHERE kode LIKE '33.01.02%'").fetchone() == (11,)
    assert con.execute("SELECT count(*) FROM edisi_wilayah WHERE edisi = 'e2'").fetchone() == (13,)


def test_reviewed_hapus_ends_a_kecamatan(folder):
    folder.edition(desa("33.01.01", TREES) + "\n33.01.02 Seberang\n33.01.02.2001 Nila")
    folder.edition(desa("33.01.01", TREES))
    header = "lama,baru,jenis,bobot,dasar_hukum\n"
    rows = "33.01.02,,hapus,,Perda 7\n33.01.02.2001,,hapus,,Perda 7\n"
    folder.file("perubahan.csv", header + rows, "perubahan: [{berkas: perubahan.csv}]")
    con = folder.install()
    assert versions(con, "33.01.02") == [("Seberang", ALWAYS, E2, "Hukum e1")]
    assert faults(con, "wilayah_hilang") == []


def test_cut_of_one_province_does_not_end_the_others(folder):
    jawa, papua = desa("33.01.01", TREES), desa("91.01.01", BIRDS)
    folder.edition(f"{jawa}\n{papua}")
    folder.edition(jawa)
    con = folder.install()
    assert con.execute("SELECT count(*) FROM wilayah_perubahan").fetchone() == (0,)
    assert faults(con, "wilayah_hilang") == [("e2.csv", "edisi e2", "91 91", 1)]


def test_older_cut_of_one_province_does_not_make_the_others_new(folder):
    jawa, papua = desa("33.01.01", TREES), desa("91.01.01", BIRDS)
    folder.edition(jawa)
    folder.edition(f"{jawa}\n{papua}")
    con = folder.install()
    assert con.execute("SELECT count(*) FROM wilayah_perubahan").fetchone() == (0,)
    assert versions(con, "91.01.01.2001") == [("Bangau", ALWAYS, None, "Hukum e1")]
    assert faults(con, "wilayah_hilang") == [("e2.csv", "edisi e1", "91 91", 1)]


def test_edition_without_desa_does_not_end_them(folder):
    folder.edition(desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS))
    folder.edition("33.01.01 33x01x01\n33.01.02 33x01x02")
    con = folder.install()
    assert con.execute("SELECT count(*) FROM wilayah WHERE tingkat = 'desa_kelurahan'").fetchone() == (20,)
    assert con.execute("SELECT count(*) FROM wilayah_perubahan").fetchone() == (0,)


def test_many_desa_gone_from_one_kabupaten_are_reported(folder):
    folder.edition(desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS))
    folder.edition(desa("33.01.01", TREES[:4]) + "\n" + desa("33.01.02", BIRDS))
    con = folder.install()
    assert faults(con, "banyak_hapus") == [("e2.csv", "edisi e2", "33.01: 6 dari 20 desa", 1)]


def test_former_name_is_matched_unless_another_place_has_it_today(folder):
    folder.edition("33.01.01.2001 Karanggude\n33.01.01.2002 Lama\n33.01.01.2003 Guwo\n33.01.02.2001 Lor")
    folder.edition(
        "33.01.01.2001 Mojopahit\n33.01.01.2002 Anyar\n33.01.02.2002 Guwo\n33.01.02.2001 Lor\n33.01.01.2004 Lama"
    )
    con = folder.install()
    rows = con.execute("SELECT kode, kode_induk, kunci FROM wilayah_nama WHERE sumber = 'nama_lama'").fetchall()
    assert rows == [("33.01.01.2001", "33.01.01", "karanggude")]


def test_reviewed_change_that_fits_nowhere_is_told(folder):
    folder.edition(desa("33.01.01", TREES))
    folder.edition(desa("33.01.01", TREES))
    header = "lama,baru,jenis,bobot,dasar_hukum\n"
    rows = "33.01.01.2001,33.01.01.2002,pindah,1,Perda 7\n33.01.01.2001,33.01.01.2099,lari,x,Perda 8\n"
    folder.file("perubahan.csv", header + rows, "perubahan: [{berkas: perubahan.csv}]")
    con = folder.install()
    assert con.execute("SELECT count(*) FROM wilayah_perubahan").fetchone() == (0,)
    assert faults(con, "perubahan_tak_terpakai")[0][3] == 2
    assert faults(con, "perubahan_salah") == [("perubahan.csv", "perubahan", "33.01.01.2001 - 33.01.01.2099", 1)]
