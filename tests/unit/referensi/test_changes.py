"""What changed between two editions; every case is one that has happened somewhere in Indonesia."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.referensi.changes import compare
from tests.unit.referensi.conftest import places


def desa(kecamatan, names, start=2001):
    return "\n".join(f"{kecamatan}.{start + i} {name}" for i, name in enumerate(names))


TREES = ["Akasia", "Bambu", "Cemara", "Damar", "Eboni", "Flamboyan", "Gaharu", "Hanjuang", "Ipik", "Jati"]
BIRDS = ["Bangau", "Cendet", "Elang", "Gagak", "Jalak", "Kutilang", "Merpati", "Perkutut", "Rajawali", "Tekukur"]
FISH = ["Arwana", "Belut", "Cakalang", "Dorang", "Gabus", "Kakap", "Lele", "Mujair", "Nila", "Patin"]


def test_equal_editions_change_nothing(changes):
    assert changes(desa("33.09.01", TREES), desa("33.09.01", TREES)) == {}


def test_case_prefix_and_blank_edges_are_no_change(changes):
    old = "33.01 KAB. CILACAP\n33.01.01.2001 BANGAU "
    assert changes(old, "33.01 Kabupaten Cilacap\n33.01.01.2001 Bangau") == {}


def test_ten_desa_of_each_of_three_kecamatan_go_to_three_new_ones(changes):
    """The split of 2019: thirty desa recoded below three new kecamatan, the old ones live on."""
    old_names = {"01": TREES, "02": BIRDS, "03": FISH}
    stay = {k: [f"Tetap {k} {n}" for n in "ABCDEFGHIJ"] for k in old_names}
    old = "\n".join(desa(f"33.09.{k}", stay[k] + names) for k, names in old_names.items())
    new = "\n".join(
        desa(f"33.09.{k}", stay[k]) + "\n" + desa(f"33.09.2{k[1]}", names) for k, names in old_names.items()
    )
    found = changes(old, new)
    moved = {k: v for k, v in found.items() if k[0] == "pindah"}
    assert len(moved) == 30 and set(moved.values()) == {1.0}
    assert moved["pindah", "33.09.02.2011", "33.09.22.2001"] == 1.0
    split = {k: v for k, v in found.items() if k[0] == "pecah"}
    assert split == {
        ("pecah", f"33.09.{k}", target): 0.5 for k in old_names for target in (f"33.09.{k}", f"33.09.2{k[1]}")
    }
    assert len(found) == 36


def test_part_of_a_kecamatan_goes_to_one_that_exists(changes):
    found = changes(
        desa("33.09.17", TREES) + "\n" + desa("33.09.18", BIRDS),
        desa("33.09.17", TREES[:7]) + "\n" + desa("33.09.18", BIRDS + TREES[7:]),
    )
    assert found == {
        ("pindah", "33.09.17.2008", "33.09.18.2011"): 1.0,
        ("pindah", "33.09.17.2009", "33.09.18.2012"): 1.0,
        ("pindah", "33.09.17.2010", "33.09.18.2013"): 1.0,
        ("sebagian", "33.09.17", "33.09.17"): 0.7,
        ("sebagian", "33.09.17", "33.09.18"): 0.3,
    }


def test_code_used_again_for_another_desa(changes):
    found = changes(
        "33.09.17.2007 Kauman\n33.09.17.2008 Guwo\n33.09.18.2001 Bandung",
        "33.09.17.2007 Lemahireng\n33.09.17.2008 Guwo\n33.09.18.2001 Bandung\n33.09.18.2002 Kauman",
    )
    assert found["pindah", "33.09.17.2007", "33.09.18.2002"] == 1.0
    assert ("baru", None, "33.09.17.2007") in found
    assert not any(kind == "ganti_nama" for kind, *_ in found)


def test_two_desa_swap_their_codes(changes):
    found = changes(
        "33.01.01.2001 Sukamaju I\n33.01.01.2002 Sukamaju II", "33.01.01.2001 Sukamaju II\n33.01.01.2002 Sukamaju I"
    )
    assert found == {
        ("pindah", "33.01.01.2001", "33.01.01.2002"): 1.0,
        ("pindah", "33.01.01.2002", "33.01.01.2001"): 1.0,
    }


def test_two_kecamatan_swap_names_but_no_desa_moves(changes):
    old = "33.01.01 Lor\n33.01.02 Kidul\n" + desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS)
    found = changes(old, old.replace("Lor", "x").replace("Kidul", "Lor").replace("x", "Kidul"))
    assert set(found) == {("ganti_nama", "33.01.01", "33.01.01"), ("ganti_nama", "33.01.02", "33.01.02")}


def test_two_kecamatan_swap_codes_with_their_desa(changes):
    old = "33.01.01 Lor\n33.01.02 Kidul\n" + desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS)
    found = changes(old, "33.01.01 Kidul\n33.01.02 Lor\n" + desa("33.01.01", BIRDS) + "\n" + desa("33.01.02", TREES))
    assert found["pindah", "33.01.01", "33.01.02"] == found["pindah", "33.01.02", "33.01.01"] == 1.0
    assert found["pindah", "33.01.01.2003", "33.01.02.2003"] == 1.0
    assert len(found) == 22


def test_kecamatan_is_dissolved_into_its_neighbour(changes):
    found = changes(desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS[:5]), desa("33.01.01", TREES + BIRDS[:5]))
    assert found["gabung", "33.01.02", "33.01.01"] == found["gabung", "33.01.01", "33.01.01"] == 1.0
    assert found["pindah", "33.01.02.2001", "33.01.01.2011"] == 1.0
    assert len(found) == 7


def test_renamed_kabupaten_keeps_its_code(changes):
    old = "73.10 KAB. PANGKAJENE KEPULAUAN\n" + desa("73.10.01", TREES)
    found = changes(old, "73.10 Kabupaten Laut Selatan\n" + desa("73.10.01", TREES))
    assert found == {("ganti_nama", "73.10", "73.10"): None}


def test_province_gets_another_code_and_name_with_all_that_is_in_it(changes):
    def province(code, name):
        return f"{code} {name}\n{code}.01 Kabupaten Sorong\n" + desa(f"{code}.01.01", TREES)

    found = changes(province("92", "Papua Barat") + "\n31 Jakarta", province("96", "Papua Barat Daya") + "\n31 Jakarta")
    assert len(found) == 13 and {kind for kind, *_ in found} == {"pindah"}
    assert found["pindah", "92", "96"] == 1.0


def test_province_is_split_by_kabupaten(changes):
    old = "91 Papua\n91.01 Kabupaten Merauke\n91.03 Kabupaten Jayapura\n"
    new = "91 Papua\n93 Papua Selatan\n93.01 Kabupaten Merauke\n91.03 Kabupaten Jayapura\n"
    found = changes(
        old + desa("91.01.01", TREES[:4]) + "\n" + desa("91.03.01", BIRDS[:6]),
        new + desa("93.01.01", TREES[:4]) + "\n" + desa("91.03.01", BIRDS[:6]),
    )
    assert found["pecah", "91", "93"] == pytest.approx(0.4) and found["pecah", "91", "91"] == pytest.approx(0.6)
    assert found["pindah", "91.01", "93.01"] == found["pindah", "91.01.01", "93.01.01"] == 1.0
    assert len(found) == 8


def test_kecamatan_gets_another_code_and_name(changes):
    """Nothing but its desa says which it is."""
    found = changes("33.01.05 Lama\n" + desa("33.01.05", TREES), "33.01.15 Anyar\n" + desa("33.01.15", TREES))
    assert found["pindah", "33.01.05", "33.01.15"] == 1.0 and len(found) == 11


def test_members_win_over_names_of_kecamatan_that_were_mixed_up(changes):
    """Recoded with their kabupaten, and the names of two changed over."""
    old = "92.05.05 Kepulauan Ayau\n92.05.24 Ayau\n" + desa("92.05.05", TREES) + "\n" + desa("92.05.24", BIRDS)
    new = "96.03.05 Ayau\n96.03.23 Kepulauan Ayau\n" + desa("96.03.05", TREES) + "\n" + desa("96.03.23", BIRDS)
    old, new = "92.05 Kabupaten Raja\n" + old, "96.03 Kabupaten Raja\n" + new
    found = changes(old, new)
    assert {(lama, baru) for kind, lama, baru in found if len(lama) == 8} == {
        ("92.05.05", "96.03.05"),
        ("92.05.24", "96.03.23"),
    }
    assert {kind for kind, *_ in found} == {"pindah"}


def test_desa_becomes_kelurahan(changes):
    found = changes("33.01.05.2001 Jati", "33.01.05.1001 Jati")
    assert found == {("pindah", "33.01.05.2001", "33.01.05.1001"): 1.0}


def test_respelt_or_spaced_is_ejaan_and_another_name_is_ganti_nama(changes):
    found = changes(
        "33.06.12.2035 Kedungpomahanweta n\n33.06.12.2036 Sumberjo\n33.06.12.2037 Karanggude",
        "33.06.12.2035 Kedungpomahanwetan\n33.06.12.2036 Sumberejo\n33.06.12.2037 Mojopahit",
    )
    assert {(kind, lama[-1]) for kind, lama, _ in found} == {("ejaan", "5"), ("ejaan", "6"), ("ganti_nama", "7")}
    assert set(found.values()) == {None}


def test_kabupaten_and_kota_of_one_name_are_two_places(changes):
    both = "33.08 Kabupaten Magelang\n33.71 Kota Magelang\n" + desa("33.08.01", TREES) + "\n" + desa("33.71.01", BIRDS)
    assert changes(both, both.replace("33.71", "33.79")).get(("pindah", "33.71", "33.79")) == 1.0


def test_same_name_in_another_kabupaten_is_another_desa(changes):
    old = desa("33.01.01", TREES) + "\n" + desa("33.02.01", [*BIRDS, "Sukamaju"])
    new = desa("33.01.01", [*TREES, "Sukamaju"]) + "\n" + desa("33.02.01", BIRDS) + "\n33.03.01.2001 Sukamaju"
    assert set(changes(old, new)) >= {("hapus", "33.02.01.2011", None), ("baru", None, "33.01.01.2011")}


def test_of_two_equal_names_neither_is_guessed(changes):
    found = changes(
        desa("33.01.01", [*TREES, "Karanganyar"]),
        desa("33.01.01", TREES) + "\n33.01.02.2001 Karanganyar\n33.01.03.2001 Karanganyar",
    )
    assert {("hapus", "33.01.01.2011", None), ("baru", None, "33.01.02.2001"), ("baru", None, "33.01.03.2001")} <= set(
        found
    )


def test_reviewed_change_wins(changes):
    """A desa is split in two, which no list of codes can show."""
    old = desa("33.01.01", TREES)
    reviewed = "33.01.01.2001,33.01.01.2001,pecah,0.6,Perda 1\n33.01.01.2001,33.01.01.2011,pecah,0.4,Perda 1\n"
    assert changes(old, old + "\n33.01.01.2011 Akasia Baru", reviewed) == {
        ("pecah", "33.01.01.2001", "33.01.01.2001"): 0.6,
        ("pecah", "33.01.01.2001", "33.01.01.2011"): 0.4,
    }


def test_reviewed_move_between_different_names(changes):
    found = changes(
        desa("33.01.01", [*TREES, "Lama"]),
        desa("33.01.01", TREES) + "\n33.01.02.2001 Anyar",
        "33.01.01.2011,33.01.02.2001,pindah,1,Perda\n",
    )
    assert found["pindah", "33.01.01.2011", "33.01.02.2001"] == 1.0
    assert not {"baru", "hapus"} & {kind for kind, *_ in found}


def test_shares_of_every_place_add_up(changes):
    found = changes(
        desa("33.01.01", TREES) + "\n" + desa("33.01.02", BIRDS) + "\n" + desa("33.01.03", FISH),
        desa("33.01.01", TREES[:3] + FISH[:3])
        + "\n"
        + desa("33.01.04", TREES[3:] + BIRDS[:3])
        + "\n"
        + desa("33.01.02", BIRDS[3:])
        + "\n"
        + desa("33.01.05", FISH[3:]),
    )
    totals: dict[str, float] = {}
    for (_, lama, _), bobot in found.items():
        if bobot is not None:
            totals[lama] = totals.get(lama, 0) + bobot
    assert set(totals) >= {"33.01.01", "33.01.02", "33.01.03"}
    assert all(total == pytest.approx(1) for total in totals.values())


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from(["01", "02", "03"]), min_size=12, max_size=12), st.permutations(TREES + BIRDS[:2]))
def test_any_recoding_within_a_kabupaten_is_recovered(targets, order):
    """Names that are no spellings of each other lead every desa to its new code, however codes are dealt again."""
    old = dict(zip(TREES + BIRDS[:2], [f"33.01.0{n // 4 + 1}.20{n % 4 + 1:02}" for n in range(12)], strict=True))
    new = {name: f"33.01.{k}.20{n + 1:02}" for n, (name, k) in enumerate(zip(order, targets, strict=True))}
    con = duckdb.connect()
    for table, codes in (("lama", old), ("baru", new)):
        named = places("\n".join(f"{code} {name}" for name, code in codes.items()))
        values = ", ".join(f"('{code}', '{name}')" for code, name in named.items())
        con.execute(
            f"""CREATE TABLE {table} AS
            SELECT kode, CASE length(kode) WHEN 2 THEN 'provinsi' WHEN 5 THEN 'kabupaten_kota' WHEN 8 THEN 'kecamatan'
                ELSE 'desa_kelurahan' END AS tingkat, nama, '' AS jenis, lower(nama) AS kunci,
                nullif(regexp_replace(kode, '.?[0-9]+$', ''), '') AS kode_induk
            FROM (VALUES {values}) v(kode, nama)"""
        )
    con.execute(
        """CREATE TEMP TABLE _ditinjau
        (lama VARCHAR, baru VARCHAR, jenis VARCHAR, bobot DOUBLE, dasar_hukum VARCHAR, berkas VARCHAR)"""
    )
    compare(con, "lama", "baru")
    found = dict(con.execute("SELECT lama, baru FROM _pasangan WHERE tingkat = 'desa_kelurahan'").fetchall())
    assert found == {old[name]: new[name] for name in old}
