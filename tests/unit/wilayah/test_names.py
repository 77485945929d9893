"""Names within their parent; the names are real ones in the spellings exports use."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KAB = {"kab": "nama kabupaten_kota"}
IN_JATENG = {"nama": {"kabupaten_kota": "kab"}, "dalam": "33"}
SHARED = ["Semarang", "Magelang", "Pekalongan", "Tegal"]


def codes(rows):
    return [row["kode_wilayah"] for row in rows]


@pytest.mark.parametrize(
    ("text", "kode"),
    [
        ("KAB. BANJARNEGARA", "33.04"),
        ("Kabupaten Cilacap", "33.01"),
        ("Kota Semarang", "33.74"),
        ("kota_semarang", "33.74"),
        ("Kab Semarang", "33.22"),
        ("KOTA  TEGAL ", "33.76"),
        ("Kotamadya Magelang", "33.71"),
        ("Kota Madya Magelang", "33.71"),
        ("kab.-karang anyar", "33.13"),
        ("KabBanyumas", "33.02"),
        ("Solo", "33.72"),
        ("Kota Solo", "33.72"),
    ],
)
def test_spellings(places, text, kode):
    (row,) = places(KAB, IN_JATENG, text)
    assert (row["kode_wilayah"], row["kab__kode"], row["kab__masalah"]) == (kode, kode, None)


@pytest.mark.parametrize(
    "text", ["Kab. Solo", "Kota Cilacap", "Kabupaten Salatiga", "Surabaya", "Purwokerto", "Jumlah"]
)
def test_never_a_guess(places, text):
    (row,) = places(KAB, IN_JATENG, text)
    assert (row["kode_wilayah"], row["kab__masalah"]) == (None, "tidak_ditemukan")


def test_bare_names_of_kabupaten_and_kota_are_ambiguous(places):
    rows = places(KAB, IN_JATENG, *SHARED)
    assert {row["kab__masalah"] for row in rows} == {"ambigu"}
    assert codes(rows) == [None] * 4


@pytest.mark.parametrize(
    ("bawaan", "expected"),
    [("kabupaten", ["33.22", "33.08", "33.26", "33.28"]), ("kota", ["33.74", "33.71", "33.75", "33.76"])],
)
def test_the_contract_decides_visibly(places, bawaan, expected):
    rows = places(KAB, IN_JATENG | {"bawaan": bawaan}, *SHARED, "Kota Tegal", "Kab. Tegal", "Kudus")
    assert codes(rows) == [*expected, "33.76", "33.28", "33.19"]
    assert [row["wilayah_bawaan"] for row in rows] == [True] * 4 + [False] * 3
    assert [row["wilayah_metode"] for row in rows] == ["bawaan"] * 4 + ["nama"] * 3


def test_a_parent_with_one_of_them_decides(places):
    columns = {"prov": "nama provinsi", "kab": "nama kabupaten_kota"}
    wilayah = {"nama": {"provinsi": "prov", "kabupaten_kota": "kab"}}
    rows = places(columns, wilayah, ("Jawa Barat", "Banjar"), ("Kalimantan Selatan", "Banjar"), (None, "Banjar"))
    assert codes(rows) == ["32.79", "63.03", None]
    assert rows[2]["kab__masalah"] == "ambigu"


def test_words_that_are_part_of_a_name_stay(places):
    rows = places(KAB, {"nama": {"kabupaten_kota": "kab"}}, "Kota Baru", "Kab. Kotabaru", "Kota Waringin Barat")
    assert codes(rows) == ["63.02", "63.02", "62.01"]
    kec = {"kec": "nama kecamatan"}
    rows = places(kec, {"nama": {"kecamatan": "kec"}, "dalam": "33.19"}, "Kota Kudus", "Kec. Kota Kudus", "Kec. Kota")
    assert codes(rows) == ["33.19.02"] * 3


def test_former_names_never_shadow_todays(places):
    rows = places(
        KAB,
        {"nama": {"kabupaten_kota": "kab"}, "dalam": "61"},
        "Kab. Pontianak",
        "Kota Pontianak",
        "Pontianak",
    )
    assert [(row["kode_wilayah"], row["wilayah_metode"]) for row in rows] == [
        ("61.02", "alias"),
        ("61.71", "nama"),
        ("61.71", "nama"),
    ]


def test_kecamatan_from_file_names_and_desa_within_them(places):
    columns = {"kec": "nama kecamatan", "desa": "nama desa_kelurahan"}
    wilayah = {"nama": {"kecamatan": "kec", "desa_kelurahan": "desa"}, "dalam": "33.02"}
    rows = places(
        columns,
        wilayah,
        ("kedung_banteng", None),
        ("baturaden", "Karang Salam Lor"),
        ("purwokerto_timur", "Kel. Kranji"),
        ("ajibarang", "Antah Berantah"),
        ("antah_berantah", "Kranji"),
    )
    assert codes(rows) == ["33.02.23", "33.02.22.2009", "33.02.26.1002", "33.02.14", None]
    assert [row["wilayah_metode"] for row in rows] == ["nama", "nama", "nama", "nama_induk", None]
    assert [row["kec__masalah"] for row in rows] == [None] * 4 + ["tidak_ditemukan"]
    assert [row["desa__masalah"] for row in rows] == [None, None, None, "induk", None]


def test_desa_and_kelurahan_of_one_name_need_their_kind(places):
    columns, wilayah = (
        {"desa": "nama desa_kelurahan"},
        {"nama": {"desa_kelurahan": "desa"}, "dalam": "15.04.08"},
    )
    rows = places(columns, wilayah, "Terusan", "Kel. Terusan", "Desa Terusan")
    assert [(row["kode_wilayah"], row["desa__masalah"]) for row in rows] == [
        (None, "ambigu"),
        ("15.04.08.1008", None),
        ("15.04.08.2006", None),
    ]


@pytest.mark.parametrize("text", [None, "", "  ", "-", "...", "\u00a0"])
def test_empty_cells_are_no_problem(places, text):
    (row,) = places(KAB, IN_JATENG, text)
    assert (row["kode_wilayah"], row["wilayah_metode"], row["kab__masalah"]) == (None, None, None)


def test_a_name_in_another_script_is_not_empty(places):
    (row,) = places(KAB, IN_JATENG, "Кудус")
    assert row["kab__masalah"] == "tidak_ditemukan"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=40), min_size=1, max_size=30))
def test_any_text_is_answered(places, texts):
    for row in places(KAB, IN_JATENG, *texts):
        assert row["kab__masalah"] in (None, "tidak_ditemukan", "ambigu")
        assert row["kab__kode"] is None or row["kab__masalah"] is None


SPACES = st.sampled_from([" ", "  ", "_", "-", "\u00a0", "\t", ". "])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_kabupaten_and_kota_in_any_spelling(places, con, data):
    known = con.execute("SELECT kode, jenis, nama FROM wilayah WHERE kode_induk = '33' ORDER BY kode").fetchall()
    assert len(known) == 35
    words = {
        "kabupaten": ["Kab", "Kab.", "Kabupaten", "KABUPATEN ADM."],
        "kota": ["Kota", "Kotamadya", "Kota Madya", "KOTA ADMINISTRASI", "Kodya"],
    }
    case = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
    texts = []
    for _, jenis, nama in known:
        name = nama.split(maxsplit=1)[1]
        cut = data.draw(st.integers(0, len(name) - 1))
        name = name[:cut] + data.draw(st.sampled_from(["", " ", "'", "-"])) + name[cut:]
        word = data.draw(st.sampled_from(words[jenis]))
        texts.append(data.draw(SPACES) + case(word) + data.draw(SPACES) + case(name) + data.draw(SPACES))
    assert codes(places(KAB, IN_JATENG, *texts)) == [kode for kode, _, _ in known]
