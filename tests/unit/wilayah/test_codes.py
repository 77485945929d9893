import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def one(places, spec, text):
    (row,) = places({"k": spec}, {"kode": "k"}, text)
    return row["k__kode"], row["k__masalah"]


UNKNOWN = (None, "tidak_ditemukan")


@pytest.mark.parametrize(
    ("text", "level", "kode"),
    [
        ("33.10", "kabupaten_kota", "33.10"),
        ("'33.10", "kabupaten_kota", "33.10"),
        (" 33.10\u00a0", "kabupaten_kota", "33.10"),
        ("33", "provinsi", "33"),
        ("33.0", "provinsi", "33"),
        ("33.02.22.2009", "desa_kelurahan", "33.02.22.2009"),
    ],
)
def test_kemendagri_codes(places, text, level, kode):
    assert one(places, f"kode {level}", text) == (kode, None)
    assert one(places, f"kode {level} kemendagri", text) == (kode, None)


@pytest.mark.parametrize(
    ("text", "level", "kode"),
    [
        ("3310", "kabupaten_kota", "33.10"),
        ("3310.0", "kabupaten_kota", "33.10"),
        ("330222", "kecamatan", "33.02.22"),
        ("3302222009", "desa_kelurahan", "33.02.22.2009"),
    ],
)
def test_undotted_codes_need_a_declared_system(places, text, level, kode):
    assert one(places, f"kode {level} kemendagri", text) == (kode, None)
    assert one(places, f"kode {level}", text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("33.1", "kabupaten_kota"),  # a float's 33.10: Klaten, or never to be known
        ("33.1.0", "kabupaten_kota"),
        ("33.02", "kecamatan"),  # coarser than the level
        ("33.02.22", "kabupaten_kota"),  # finer than the level
        ("33.99", "kabupaten_kota"),
        ("33020", "kabupaten_kota"),
        ("3.31E+03", "kabupaten_kota"),
        ("KLATEN", "kabupaten_kota"),
    ],
)
def test_unknown_codes(places, text, level):
    assert one(places, f"kode {level} kemendagri", text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "level", "expected"),
    [
        ("94", "provinsi", ("91", None)),
        ("94.0", "provinsi", ("91", None)),
        ("91", "provinsi", ("92", None)),
        ("3374", "kabupaten_kota", ("33.74", None)),
        ("3399", "kabupaten_kota", UNKNOWN),
        ("33.74", "kabupaten_kota", UNKNOWN),  # dots are Kemendagri's
        ("3374", "provinsi", UNKNOWN),
        ("99", "provinsi", UNKNOWN),
        # The bridge holds nothing there: neither confirmed nor denied, and never computed.
        ("3201190006.0", "desa_kelurahan", (None, None)),
        ("3301010", "kecamatan", (None, None)),
        ("1101", "kabupaten_kota", (None, None)),
        ("9901", "kabupaten_kota", UNKNOWN),
        ("x", "desa_kelurahan", UNKNOWN),
    ],
)
def test_bps_codes_go_over_the_bridge(places, text, level, expected):
    assert one(places, f"kode {level} bps", text) == expected


@pytest.mark.parametrize("text", [None, "", " ", "-", "'"])
def test_empty_cells_are_no_problem(places, text):
    assert one(places, "kode desa_kelurahan kemendagri", text) == (None, None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.text(max_size=20), st.from_regex(r"[0-9.]{1,14}", fullmatch=True)),
        min_size=1,
        max_size=30,
    )
)
def test_any_text_is_answered(places, con, texts):
    known = {kode for (kode,) in con.execute("SELECT kode FROM wilayah WHERE tingkat = 'kecamatan'").fetchall()}
    columns = {"a": "kode kecamatan kemendagri", "b": "kode kecamatan bps"}
    for row in places(columns, {"kode": "a"}, *[(t, t) for t in texts]):
        assert row["a__kode"] is None or (row["a__kode"] in known and row["a__masalah"] is None)
        assert row["b__kode"] is None
