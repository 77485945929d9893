"""Near spellings: a unique best within the parent, or nothing."""

import pytest

COLUMNS = {"kec": "nama kecamatan", "desa": "nama desa_kelurahan"}
BANYUMAS = {"nama": {"kecamatan": "kec", "desa_kelurahan": "desa"}, "dalam": "33.02"}
KAB, JATENG = {"kab": "nama kabupaten_kota"}, {"nama": {"kabupaten_kota": "kab"}, "dalam": "33"}


@pytest.mark.parametrize(
    ("text", "kode", "skor"),
    [
        ("Kab. Banjarnegra", "33.04", 10 / 11),
        ("Kab. Semrang", "33.22", 6 / 7),
        ("Kota Semarng", "33.74", 6 / 7),
        ("Kudos", "33.19", 4 / 5),
        ("Poerworedjo", "33.06", 10.5 / 11),
        ("Kab. Tjilatjap", "33.01", 8.5 / 9),
        ("Temanggnug", "33.23", 9 / 10),  # two letters swapped are one slip
    ],
)
def test_understood(places, text, kode, skor):
    (row,) = places(KAB, JATENG, text)
    assert (row["kode_wilayah"], row["wilayah_metode"], row["kab__masalah"]) == (kode, "mirip", "mirip")
    assert row["wilayah_skor"] == pytest.approx(skor)


@pytest.mark.parametrize(
    "text",
    [
        "Semrang",  # kabupaten or kota
        "Kds",  # too short for a slip to be told from another name
        "Kab. Sragan Timur",
        "Kota Kudus",  # the name of a kabupaten: not a slip but another place
        "Bandung",  # lies in another province
        "Jawa Tengah",
        "Kabupaten",
    ],
)
def test_not_understood(places, text):
    (row,) = places(KAB, JATENG, text)
    assert (row["kode_wilayah"], row["kab__kode"]) == (None, None)
    assert row["kab__masalah"] in ("tidak_ditemukan", "ambigu")


def test_within_the_kecamatan_and_not_next_door(places):
    rows = places(
        COLUMNS, BANYUMAS,
        ("Baturraden", "Ketengar"), ("Baturraden", "Kranji"), ("Baturaden", "Rempoa"), ("Batoerraden", "Rempoah"),
    )  # fmt: skip
    assert [(r["kode_wilayah"], r["desa__masalah"]) for r in rows] == [
        ("33.02.22.2012", "mirip"),
        ("33.02.22", "induk"),  # Kranji is a kelurahan of Purwokerto Timur
        ("33.02.22.2005", "mirip"),
        ("33.02.22.2005", None),
    ]
    assert rows[3]["kec__masalah"] == "mirip" and rows[3]["wilayah_metode"] == "nama" and rows[3]["wilayah_skor"] < 1


def test_a_slip_between_two_names_is_neither(places, con):
    """Sokaraja Kidul, Kulon, Lor, Tengah, Wetan: none is nearest to a sixth."""
    (row,) = places(COLUMNS, BANYUMAS, ("Sokaraja", "Sokaraja Baru"))
    assert (row["kode_wilayah"][:5], row["desa__masalah"]) == ("33.02", "induk")
