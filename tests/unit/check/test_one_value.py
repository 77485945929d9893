"""One value is judged as the check would judge it in a file."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.check.one_value import judge_value
from pipelines.contract.load import Library
from tests.unit.check.conftest import STANDARDS, contract_of

KOLOM: dict[str, Any] = {
    "nik": {"dari": "nik", "standar": "nik", "wajib": True},
    "lahir": "tanggal",
    "nama": "nama_orang",
    "status": {"dari": "status", "standar": "teks", "nilai": {"Kawin": ["menikah"], "Cerai": []}},
    "kabupaten": {"dari": "kabupaten", "standar": "nama_wilayah", "tingkat": "kabupaten_kota"},
}
PLACE = {"nama": {"kabupaten_kota": "kabupaten"}}


def judged(library: Library, column: str, value: str) -> tuple[str | None, list[str]]:
    contract = contract_of(KOLOM, wilayah=PLACE, kunci=["nik"], kaidah=[])
    return judge_value(library, contract, column, value, STANDARDS / "_fungsi.sql")


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("nik", " 33.7401.010190.0001", "3374010101900001"),
        ("lahir", "17/08/1990", "1990-08-17"),
        ("nama", "  Siti   Aminah ", "Siti Aminah"),
        ("status", "MENIKAH", "Kawin"),
        ("kabupaten", " Kabupaten Cilacap", "Kabupaten Cilacap"),
    ],
)
def test_a_good_value_gets_the_form_of_the_store(library: Library, column: str, value: str, text: str) -> None:
    assert judged(library, column, value) == (text, [])


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("nik", "3374010101900000", "nomor urut mulai dari 0001"),
        ("nik", "-", "wajib diisi"),
        ("lahir", "31-02-1990", "31-02-1990"),
        ("status", "Janda", "daftar pilihan"),
    ],
)
def test_a_bad_value_is_refused_with_reason_and_advice(library: Library, column: str, value: str, said: str) -> None:
    _, problems = judged(library, column, value)
    assert len(problems) == 1 and said in problems[0]
