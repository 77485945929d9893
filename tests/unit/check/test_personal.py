"""Personal values reach their own produsen's findings file and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from check.conftest import Examine, Result, contract_of, table
from pipelines.check.report import Entry, write_report
from pipelines.check.store import Attempt, State
from pipelines.contract.load import Library

LAX = {"ditolak_maks": "100%"}
KOLOM: dict[str, Any] = {
    "nik": {"dari": "NIK", "standar": "nik", "wajib": True},
    "nama": {"dari": "Nama", "standar": "nama_orang"},
    "telepon": {"dari": "HP", "standar": "telepon"},
    "alias": {"dari": "Alias", "standar": "teks", "pribadi": True, "nilai": ["Wartini"]},
    "desa": {"dari": "Desa", "standar": "teks"},
}
SECRET = ["3374010101900001", "3374014202900002", "Sri \"Gareng\" Rahasia 2", "Bambang Rahasia", "'=Rahasia 9",
          "081299998888", "0812-77776666/1", "Julukan Rahasia", "3374999999999999"]  # fmt: skip
ROWS = [
    ["3374010101900001", 'Sri "Gareng" Rahasia 2', "081299998888", "Julukan Rahasia", "Kedung"],
    ["3374010101900001", "Bambang Rahasia", "0812-77776666/1", "Wartini", "Kedung"],
    ["3374014202900002", "'=Rahasia 9", "0812-77776666/1", "Wartini", "Kedung"],
    ["3374014202900002", "'=Rahasia 9", "0812-77776666/1", "Wartini", "Kedung"],
    ["3374999999999999", "Bambang Rahasia", "081299998888", "Wartini", "Kedung"],
    ["3374010303900003", "Bambang Rahasia", "081299998888", "Wartini", "Kedung"],
    ["3374010303900003", "Budi Rahasia", "081299998888", "Wartini", "Kedung"],
]
RULE = {
    "nama": "nama_panjang",
    "sah": "length(nama) < 3",
    "kolom": "nama",
    "pesan": "Nama {nilai} panjang.",
    "saran": "x",
}


@pytest.fixture(scope="module")
def result(examine: Examine) -> Result:
    contract = contract_of(KOLOM, kunci=["nik"], batas=LAX, kaidah=[RULE])
    return examine(contract, table(["NIK", "Nama", "HP", "Alias", "Desa"], ROWS))


def leaks(text: str) -> list[str]:
    """Secrets, or any piece of one that is long enough to say something."""
    return [s for s in SECRET if s in text] + re.findall(r"Rahasia|Gareng|3374\d|99999|8888|6666", text)


def test_every_rule_of_the_trap_is_sprung(result: Result) -> None:
    told = {(f["kolom"], f["standar"]) for f in result.found}
    assert told >= {("nik", "nik"), ("nik", "kunci"), ("nama", "nama_orang"), ("nama", "kaidah"),
                    ("telepon", "telepon"), ("alias", "pilihan")}  # fmt: skip
    assert {r for reasons in result.reasons.values() for r in reasons} >= {
        "nik:bentuk", "nik:kunci_ganda", "nik:baris_kembar", "alias:pilihan"}  # fmt: skip


def test_the_produsen_sees_its_own_values(result: Result) -> None:
    text = (result.work / "temuan.csv").read_text(encoding="utf-8")
    assert "3374999999999999" in text and "Bambang Rahasia" in text


def test_no_personal_column_leaves(result: Result) -> None:
    assert set(result.rows[0]) == {"desa", "_berkas", "_baris"}
    assert set(result.refused[0]) == {"_berkas", "_lembar", "_baris", "desa", "_bukan_data", "_alasan"}
    assert leaks(repr(result.rows + result.refused)) == []


def test_no_personal_value_in_groups_and_reasons(result: Result) -> None:
    assert len(result.checked.groups) >= 6
    for group in result.checked.groups:
        assert leaks(repr(group)) == []
        assert group.contoh == ()
        assert group.pesan.endswith(".") and "{nilai}" not in group.pesan
    assert leaks(repr(result.checked.reasons) + repr(result.checked.outcomes)) == []
    assert any("(disamarkan)" in g.pesan for g in result.checked.groups)


def test_no_personal_value_in_the_report(result: Result, library: Library, tmp_path: Path) -> None:
    checked, moment = result.checked, "2026-11-21T00:00:00+00:00"
    attempt = Attempt("v", "f", checked.status, None, checked.loads, checked.reasons, checked.groups, checked.tidied,
                      checked.findings, moment, moment)  # fmt: skip
    contract = result.contract.model_copy(update={"produsen": "dinkes"})
    out = tmp_path / "laporan.html"
    write_report([Entry(contract, checked.status, False, State(attempt))], library.opd, [], datetime.now(UTC), out)
    assert leaks(out.read_text(encoding="utf-8")) == []


def test_a_file_without_a_header(examine: Examine) -> None:
    """Its first row looks like a header, and its values are a person's."""
    rows = [["3374010101900001", "Bambang Rahasia", "081299998888", "Wartini", "Kedung"],
            ["3374014101900002", "Sri Rahasia", "081299998887", "Wartini", "Kedung"]]  # fmt: skip
    result = examine(contract_of(KOLOM, batas=LAX), table(rows[0], rows[1:]))
    assert result.status == "DIKEMBALIKAN"
    assert leaks(repr(result.checked.groups)) == []


def test_a_personal_place_is_not_shown(examine: Examine) -> None:
    kolom = {"kab": {"dari": "kab", "standar": "nama_wilayah", "tingkat": "kabupaten_kota", "pribadi": True}}
    place = {"nama": {"kabupaten_kota": "kab"}, "dalam": "33", "bawaan": "kabupaten"}
    result = examine(contract_of(kolom, wilayah=place, batas=LAX), "kab\nSemarang\nAntah Berantah\n")
    assert {f["nilai"] for f in result.found} == {"Semarang", "Antah Berantah"}
    assert not re.search("Semarang|Antah", repr(result.checked.groups))
    assert set(result.rows[0]) == {"kode_wilayah", "wilayah_metode", "wilayah_skor", "_berkas", "_baris"}
