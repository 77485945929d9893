"""What the models of a contract accept and derive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.contract.load import Library, load_library
from pipelines.contract.model import Contract, Limits

REPO = Path(__file__).parents[3]


def make(**more: Any) -> Contract:
    return Contract.model_validate(
        {"judul": "Uji", "produsen": "p", "jadwal": "harian", "klasifikasi": "terbuka",
         "kolom": {"a": {"dari": "A", "standar": "teks"}}, **more}
    )  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(REPO / "sources", REPO / "sources" / "referensi", REPO / "expectations" / "standards")


def test_sensible_defaults() -> None:
    contract = make()
    assert (contract.baca.angka, contract.baca.tajuk, contract.baca.lembar) == ("id", "auto", 0)
    assert (contract.batas.baris_min, contract.batas.ditolak_maks) == (1, 0.05)
    assert not contract.kolom["a"].terbit
    assert contract.lisensi == "CC-BY-4.0"


def test_a_contract_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        make().judul = "lain"  # type: ignore[misc]


@given(st.integers(0, 100))
def test_a_share_in_percent_or_as_a_fraction(percent: int) -> None:
    assert Limits(ditolak_maks=f"{percent}%").ditolak_maks == percent / 100  # type: ignore[arg-type]
    assert Limits(ditolak_maks=percent / 100).ditolak_maks == percent / 100


@given(st.one_of(st.floats(max_value=-0.001), st.floats(min_value=1.001), st.from_regex(r"\A[1-9]\d{3,4}%\Z")))
def test_no_share(value: object) -> None:
    with pytest.raises(ValidationError):
        Limits(ditolak_maks=value)  # type: ignore[arg-type]


def test_one_header_or_many() -> None:
    assert make(kolom={"a": {"dari": "A", "standar": "teks"}}).kolom["a"].dari == ["A"]
    assert make(kolom={"a": {"dari": ["A", "B"], "standar": "teks"}}).kolom["a"].dari == ["A", "B"]


def test_values_as_a_list_or_with_other_spellings() -> None:
    def nilai(value: object) -> dict[str, list[str]]:
        return make(kolom={"a": {"dari": "A", "standar": "teks", "nilai": value}}).kolom["a"].nilai

    assert nilai(["x", "y"]) == {"x": [], "y": []}
    assert nilai({"x": "satu", "y": ["dua", "2"]}) == {"x": ["satu"], "y": ["dua", "2"]}
    assert nilai({"x": ["X", "x"]}) == {"x": ["X", "x"]}, "the same value twice is no clash"


@pytest.mark.parametrize("rows", ["auto", 1, 3, [2, 3], [1, 4], [5]])
def test_header_rows(rows: object) -> None:
    assert make(baca={"tajuk": rows}).baca.tajuk == rows


@pytest.mark.parametrize("rows", [0, -1, [], [0, 1], [2, 1], [1, 5], [1, 2, 3]])
def test_impossible_header_rows(rows: object) -> None:
    with pytest.raises(ValidationError):
        make(baca={"tajuk": rows})


def test_facts_in_the_path() -> None:
    contract = make(baca={"dari_berkas": "apa/{tahun}/{a}.csv"}, kolom={k: {"standar": "teks"} for k in ("tahun", "a")})
    assert contract.file_facts() == ["tahun", "a"]


def test_the_locale_of_a_column() -> None:
    columns = {"a": {"dari": "A", "standar": "teks"}, "b": {"dari": "B", "standar": "teks", "angka": "auto"}}
    contract = make(baca={"angka": "en"}, kolom=columns)
    assert (contract.locale("a"), contract.locale("b")) == ("en", "auto")


def test_wide_columns_come_from_the_header() -> None:
    wide = {"baca": {"lebar": {"kolom": r"^20\d\d$", "nama": "tahun", "nilai": "cacah"}}}
    columns = {k: {"standar": "teks"} for k in ("tahun", "cacah")}
    assert make(**wide, kolom=columns).baca.lebar is not None
    with pytest.raises(ValidationError, match="exactly one of"):
        make(**wide, kolom=columns | {"cacah": {"standar": "teks", "dari": "X"}})


def test_the_contract_has_the_last_word_on_what_is_personal(library: Library) -> None:
    columns = {
        "nik": {"dari": "NIK", "standar": "nik"},
        "usaha": {"dari": "Telp usaha", "standar": "telepon", "pribadi": False},
        "catatan": {"dari": "Catatan", "standar": "teks", "pribadi": True},
        "jenis": {"dari": "Jenis", "standar": "teks"},
    }
    contract = make(kolom=columns)
    assert [k for k in columns if library.is_personal(contract, k)] == ["nik", "catatan"]


def test_a_standard_may_have_its_own_empty_texts(library: Library) -> None:
    assert "nihil" in library.empty_texts("bilangan")
    assert "nihil" not in library.empty_texts("teks")
    assert all(t == t.lower() for name in library.standards for t in library.empty_texts(name))
