import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.identity.linkage import normalise


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        normalise.install(con)
        yield con


def words(con, name):
    return con.execute("SELECT idn_kata(?)", [name]).fetchone()[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moh. Yusuf", "MUHAMMAD YUSUF"),
        ("Muh. Yusuf", "Mochamad Jusuf"),
        ("M. Yusuf", "Mohammad Yusuf"),
        ("H. Djoko Soesilo, S.Pd", "JOKO SUSILO"),
        ("Drs. Achmad Fauzi M.Si", "Ahmad Fauzi"),
        ("Tjipto Soekarno", "Cipto Sukarno"),
        ("Sjaiful Anwar", "Syaiful Anwar"),
        ("Siti Chasanah", "Siti Khasanah"),
        ("Hj. Sri  Lestari", "Sri Lestari"),
        ("Nurrohmah", "Nurohmah"),
        ("Alm. Budi", "budi"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same_words(con, one, other):
    assert words(con, one) == words(con, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Budi", "Budiman"), ("Sri Lestari", "Siti Lestari"), ("Andi", "Andik"), ("Ani", "Ana")]
)
def test_other_names_stay_apart(con, one, other):
    assert words(con, one) != words(con, other)


def test_wife_under_her_husbands_name_is_seen(con):
    row = con.execute(
        "SELECT idn_ny('Ny. Budi'), idn_ny('NYONYA BUDI'), idn_ny('Nyoman Budi'), idn_ny(NULL)"
    ).fetchone()
    assert row == (True, True, False, None)
    assert words(con, "Ny. Budi Santoso") == words(con, "Budi Santoso")


def test_name_of_nothing_but_titles_has_no_words(con):
    assert words(con, "Drs. H.") == []
    assert words(con, "123 -") == []


@pytest.mark.parametrize("written", ["By. Ny. Siti Rahayu", "BAYI NY SITI", "by ny. ani"])
def test_a_child_without_a_name_has_no_words(con, written):
    assert words(con, written) == []


@pytest.mark.parametrize(
    ("written", "nik"),
    [
        ("3301014107900001", "3301014107900001"),
        ("'3301014107900001", "3301014107900001"),
        ("33.01.01.410790.0001", "3301014107900001"),
        (" 3301 0141 0790 0001 ", "3301014107900001"),
        ("3301014107900000", None),  # no serial
        ("3301013202900001", None),  # no such day
        ("3301013002900001", None),  # 30 February
        ("3301017213900001", None),
        ("0301014107900001", None),
        ("330101410790001", None),
        ("3.30101E+15", None),
        ("1234567890123456", None),
        ("", None),
        (None, None),
    ],
)
def test_nik(con, written, nik):
    assert con.execute("SELECT idn_nik(idn_16(?))", [written]).fetchone()[0] == nik


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_the_parsers(con, text):
    row = con.execute(
        "SELECT idn_kata(?), idn_nik(idn_16(?)), idn_tanggal(?), idn_alamat(?), idn_kelamin(?), idn_desa(?)", [text] * 6
    )
    found = row.fetchone()
    assert all(word and word.isascii() and word == word.lower() for word in found[0])
    assert found[1] is None or len(found[1]) == 16


def test_dates_and_sex_and_places(con):
    row = con.execute(
        """SELECT idn_tanggal('1990-02-01')::VARCHAR, idn_tanggal('01/02/1990')::VARCHAR,
            idn_tanggal('1-2-1990')::VARCHAR,
            idn_tanggal('31/02/1990'), idn_kelamin('Laki-laki'), idn_kelamin('PEREMPUAN'), idn_kelamin('?'),
                idn_desa('3301012001')"""
    ).fetchone()
    assert row == ("1990-02-01", "1990-02-01", "1990-02-01", None, "L", "P", None, "33.01.01.2001")


def test_address_ignores_how_it_is_written(con):
    one, other = con.execute(
        "SELECT idn_alamat('Jl. Merdeka No. 3 RT 003 RW 01'), idn_alamat('JALAN MERDEKA 3 RT/RW 3/1')"
    ).fetchone()
    assert one == other


def test_repeated_key_is_refused_without_naming_it(con):
    fields = ", ".join(f"NULL AS {field}" for field in normalise.FIELDS)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE dua AS "
        f"SELECT 'dinas' AS sumber, '3301014107900001' AS kunci, true AS daftar, {fields} FROM range(2)"
    )
    with pytest.raises(ValueError, match="1 in dinas") as refused:
        normalise.normalise(con, "dua", "TABLE rekam", tf=True)
    assert "3301014107900001" not in str(refused.value)
