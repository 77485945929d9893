"""Totals that a file states must be the sum of its rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from check.conftest import Examine, Row, contract_of, table

KOLOM: Row = {"nama": "teks", "cacah": "bilangan", "luas": "desimal", "dana": {
    "dari": "dana", "standar": "rupiah", "satuan_asal": "juta"}}  # fmt: skip
HEADER = ["nama", "cacah", "luas", "dana"]


def contract(*columns: str, **more: Any):  # type: ignore[no-untyped-def]
    total = {"kolom": "nama", "pola": "^(jumlah|total)", "jumlah": list(columns or ("cacah", "luas", "dana"))}
    return contract_of(KOLOM, baca={"bukan_data": [total]}, batas={"ditolak_maks": "100%"}, **more)


def told(result: Any) -> list[tuple[str, str, str, str]]:
    assert {f["tingkat"] for f in result.of("jumlah")} <= {"peringatan"}
    return [(f["baris"], f["kolom"], f["nilai"], f["pesan"]) for f in result.of("jumlah")]


def test_right_totals_say_nothing(examine: Examine) -> None:
    rows = [["A", "1.000", "0,1", "1,5"], ["B", "", "0,2", "2.000"], ["Jumlah", "1000", "0,3", "2.001,5"]]
    result = examine(contract(), table(HEADER, rows))
    assert (result.found, result.status, len(result.rows)) == ([], "SESUAI", 2)


def test_wrong_totals(examine: Examine) -> None:
    rows = [["A", "1.000", "0,1", "1,5"], ["B", "250", "0,2", "2.000"], ["Jumlah", "1.251", "0,4", "2.001"]]
    result = examine(contract(), table(HEADER, rows))
    assert told(result) == [
        ("4", "cacah", "1.251", "Jumlah tertulis 1.251, sedangkan baris datanya berjumlah 1.250."),
        ("4", "dana", "2.001", "Jumlah tertulis 2.001.000.000, sedangkan baris datanya berjumlah 2.001.500.000."),
        ("4", "luas", "0,4", "Jumlah tertulis 0,4, sedangkan baris datanya berjumlah 0,3."),
    ]
    assert result.status == "SESUAI", "a warning returns nothing"
    (group,) = (g for g in result.checked.groups if g.kolom == "cacah")
    assert (group.aturan, group.jumlah, group.tempat) == ("jumlah", 1, ("a.csv baris 4",))


def test_a_total_is_rounded(examine: Examine) -> None:
    rows = [["A", "", "0,14", ""], ["B", "", "0,14", ""], ["Total", "", "0,3", ""]]
    assert told(examine(contract(), table(HEADER, rows))) == []
    rows[-1][2] = "0,30"
    assert [pesan for *_, pesan in told(examine(contract(), table(HEADER, rows)))] == [
        "Jumlah tertulis 0,30, sedangkan baris datanya berjumlah 0,28.".replace("0,30", "0,3")
    ]


@pytest.mark.parametrize("total", ["30", "37"])
def test_with_or_without_the_refused_rows(examine: Examine, total: str) -> None:
    rows = [
        ["A", "10", "", ""],
        ["B", "20", "", ""],
        ["C", "7", "x", ""],
        ["D", "dua", "", ""],
        ["Jumlah", total, "", ""],
    ]
    result = examine(contract(), table(HEADER, rows))
    assert (result.lines, told(result)) == ([2, 3], [])
    rows[-1][1] = "31"
    assert told(examine(contract(), table(HEADER, rows))) == [
        ("6", "cacah", "31", "Jumlah tertulis 31, sedangkan baris datanya berjumlah 37.")
    ]


def test_negative_numbers(examine: Examine) -> None:
    rows = [["A", "", "-0,5", ""], ["B", "", "-1.000", ""], ["Jumlah", "", "-0,25", ""]]
    assert [pesan for *_, pesan in told(examine(contract(), table(HEADER, rows)))] == [
        "Jumlah tertulis -0,25, sedangkan baris datanya berjumlah -1.000,5."
    ]


@pytest.mark.parametrize("total", ["", "-", "kurang lebih 3"])
def test_a_total_that_is_no_number_states_nothing(examine: Examine, total: str) -> None:
    assert told(examine(contract(), table(HEADER, [["A", "1", "", ""], ["Jumlah", total, "", ""]]))) == []


def test_each_file_for_itself(examine: Examine) -> None:
    good = table(HEADER, [["A", "1", "", ""], ["Jumlah", "1", "", ""]])
    bad = table(HEADER, [["B", "5", "", ""], ["Jumlah", "6", "", ""]])
    assert [f["berkas"] for f in examine(contract(), {"a.csv": good, "b.csv": bad}).of("jumlah")] == ["b.csv"]


def test_a_note_is_no_total(examine: Examine) -> None:
    """The first declaration that a row meets is its own; only `jumlah` compares."""
    notes = [{"kolom": "nama", "pola": "^jumlah sementara"}, {"kolom": "nama", "pola": "^jumlah", "jumlah": ["cacah"]}]
    made = contract_of({"nama": "teks", "cacah": "bilangan"}, baca={"bukan_data": notes})
    result = examine(made, "nama,cacah\nA,1\nJumlah sementara,9\nJumlah,1\n")
    assert (result.found, result.checked.loads[0].baris_bukan_data) == ([], 2)


def test_wide_tables_have_a_total_under_each_header(examine: Examine) -> None:
    made = contract_of(
        {"nama": "teks", "tahun": {"standar": "tahun"}, "cacah": {"standar": "bilangan"}},
        baca={"lebar": {"kolom": r"^20\d\d$", "nama": "tahun", "nilai": "cacah"},
              "bukan_data": [{"kolom": "nama", "pola": "^jumlah", "jumlah": ["cacah"]}]},
    )  # fmt: skip
    result = examine(made, "nama,2023,2024\nA,1,10\nB,2,20\nJumlah,3,31\n")
    assert told(result) == [("4", "cacah", "31", "Jumlah tertulis 31, sedangkan baris datanya berjumlah 30.")]


def test_amounts_that_no_sum_can_hold(examine: Examine) -> None:
    rows = [["A", "", "9" * 30, ""]] * 3 + [["B", "", "1", ""], ["Jumlah", "", "1", ""]]
    assert told(examine(contract("luas"), table(HEADER, rows))) == []
    rows = [["A", "9" * 18, "", ""]] * 20 + [["Jumlah", "9" * 18, "", ""]]
    assert [pesan for *_, pesan in told(examine(contract("cacah"), table(HEADER, rows)))] == [
        "Jumlah tertulis 999.999.999.999.999.999, sedangkan baris datanya berjumlah 19.999.999.999.999.999.980."
    ]


def test_a_personal_total_is_not_shown(examine: Examine) -> None:
    kolom = {"nama": "teks", "gaji": {"dari": "gaji", "standar": "bilangan", "pribadi": True}}
    made = contract_of(kolom, baca={"bukan_data": [{"kolom": "nama", "pola": "^jumlah", "jumlah": ["gaji"]}]})
    result = examine(made, "nama,gaji\nA,777\nJumlah,778\n")
    assert told(result)[0][3] == "Jumlah tertulis 778, sedangkan baris datanya berjumlah 777."
    (group,) = result.checked.groups
    assert (group.pesan, group.contoh) == ("Jumlah tertulis tidak sama dengan jumlah baris datanya.", ())


CASE = st.tuples(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=6), st.integers(-3, 3))


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(CASE, min_size=8, max_size=12))
def test_only_a_difference_is_told(examine: Examine, cases: list[tuple[list[int], int]]) -> None:
    """Each case is a file of one delivery: its numbers, and by how much its total is off."""
    files = {
        f"{n:02}.csv": table(HEADER, [["A", str(x), "", ""] for x in xs] + [["Jumlah", str(sum(xs) + off), "", ""]])
        for n, (xs, off) in enumerate(cases)
    }
    found = [f["berkas"] for f in examine(contract("cacah"), files).of("jumlah")]
    assert found == [name for name, (_, off) in zip(files, cases, strict=True) if off]
