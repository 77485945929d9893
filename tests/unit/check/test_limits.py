"""What sends a delivery back: shares and counts at their very limit, and why, in Bahasa."""

from __future__ import annotations

import pytest

from check.conftest import Examine, contract_of, table


def cells(good: int, bad: int) -> str:
    return table(["cacah"], [["1"]] * good + [["x"]] * bad)


@pytest.mark.parametrize("percent", [0, 2, 18, 41, 57, 97])
def test_exactly_the_limit_is_still_fine(examine: Examine, percent: int) -> None:
    """Of a hundred rows as many as the limit says; 1 - 0.18 as a float is more than 82 of 100."""
    contract = contract_of({"cacah": "bilangan"}, batas={"ditolak_maks": f"{percent}%"})
    assert examine(contract, cells(100 - percent, percent)).status == "SESUAI"
    above = examine(contract, cells(99 - percent, percent + 1))
    assert (above.status, above.failed) == (
        "DIKEMBALIKAN", {("bilangan", "bentuk"), ("kontrak", "baris_ditolak")},
    )  # fmt: skip


def test_each_rule_below_the_limit_and_together_above(examine: Examine) -> None:
    contract = contract_of({"a": "bilangan", "b": "bilangan"}, batas={"ditolak_maks": "5%"})
    result = examine(contract, table(["a", "b"], [["1", "1"]] * 92 + [["x", "1"]] * 4 + [["1", "x"]] * 4))
    assert (result.status, result.failed) == ("DIKEMBALIKAN", {("kontrak", "baris_ditolak")})
    assert result.checked.reasons == ["8 baris (8,0%) tidak memenuhi standar; batasnya 5,0%."]


def test_the_least_number_of_rows(examine: Examine) -> None:
    contract = contract_of({"cacah": "bilangan"}, batas={"baris_min": 3})
    assert examine(contract, cells(3, 0)).status == "SESUAI"
    result = examine(contract, cells(2, 0))
    assert (result.status, result.checked.loads[0].status) == ("DIKEMBALIKAN", "DIKEMBALIKAN")
    assert result.checked.reasons == ["Hanya 2 baris data; paling sedikit 3."]
    assert len(result.rows) == 2, "accepted rows are counted even where the delivery goes back"


def test_non_data_is_no_row(examine: Examine) -> None:
    baca = {"bukan_data": [{"kolom": "nama", "pola": "^total"}]}
    contract = contract_of({"nama": "teks"}, batas={"baris_min": 3}, baca=baca)
    assert examine(contract, "nama\nA\nB\nTotal\n").status == "DIKEMBALIKAN"
    assert examine(contract, "nama\nA\nB\nC\nTotal\n").status == "SESUAI"


def test_required_cells(examine: Examine) -> None:
    kolom = {"a": {"dari": "a", "standar": "teks", "wajib": True}, "b": "teks"}
    result = examine(
        contract_of(kolom, batas={"ditolak_maks": "10%"}), table(["a", "b"], [["x", "1"]] * 8 + [["", "1"]] * 2)
    )
    assert ("expect_column_values_to_not_be_null", "a") in result.failed
    assert "Kolom a kosong pada 2 baris (20,0%; batas 10,0%)." in result.checked.reasons


@pytest.mark.parametrize("keys", [["a"], ["a", "b"]])
def test_repeated_keys(examine: Examine, keys: list[str]) -> None:
    contract = contract_of({"a": "teks", "b": "teks"}, kunci=keys, batas={"ditolak_maks": "10%"})
    rows = [[f"r{n}", "1"] for n in range(8)] + [["r0", "1"]] * 2
    result = examine(contract, table(["a", "b"], rows))
    assert result.status == "DIKEMBALIKAN"
    assert result.checked.reasons == [f"Kunci {', '.join(keys)} berulang pada 3 baris (batas 10,0%)."]


def test_the_reason_tells_the_limit_that_counts(examine: Examine) -> None:
    """A rule over a column has its own limit, not that of the contract."""
    rows = [[f"337401{1 + n % 28:02}0190{10 * (n + 1):04}"] for n in range(30)]
    result = examine(contract_of({"n": "nik"}), {"a.csv": table(["n"], rows), "b.csv": "n\n3374010101900001\n"})
    assert "Kolom n: 30 nilai (96,8%) melanggar standar nik (ekor_nol); batas 30,0%." in result.checked.reasons


def test_one_bad_value_in_a_column_that_is_mostly_empty(examine: Examine) -> None:
    """The limit is a share of the rows, however few of them have a value."""
    contract = contract_of({"cacah": "bilangan", "jarang": "bilangan"}, batas={"ditolak_maks": "2%"})
    rows = [["1", ""]] * 98 + [["1", "7"], ["1", "x"]]
    result = examine(contract, table(["cacah", "jarang"], rows))
    assert (result.status, result.checked.loads[0].baris_karantina) == ("SESUAI", 1)
