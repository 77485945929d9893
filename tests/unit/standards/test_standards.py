"""Every data standard keeps its own examples; the examples are the standard's specification."""

from __future__ import annotations

import pytest

from standards.conftest import EMPTY, NAMES, Judge, JudgeAll, load

REQUIRED = {
    "teks", "bilangan", "desimal", "persen", "rupiah", "tanggal", "bulan", "tahun", "minggu",
    "jenis_kelamin", "ya_tidak", "nik", "no_kk", "npsn", "nisn", "nip", "nib", "npwp",
    "kode_faskes", "kode_skpd", "kode_wilayah", "nama_wilayah", "lintang", "bujur", "telepon",
    "surel",
}  # fmt: skip
# What one cell and one edition cannot break; their examples are in tests/unit/check/test_place.py.
OF_A_ROW = {("kode_wilayah", "pecah"), ("kode_wilayah", "beda"), ("nama_wilayah", "dikenal_induknya")}
PERSONAL = {"nik", "no_kk", "nip", "npwp", "nisn", "telepon", "surel", "no_bpjs", "nama_orang", "alamat"}


def _rules() -> list[tuple[str, str]]:
    return [(name, rule.nama) for name in NAMES for rule in load(name).aturan if (name, rule.nama) not in OF_A_ROW]


def test_all_standards_are_there() -> None:
    assert set(NAMES) >= REQUIRED


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_examples(name: str) -> None:
    standard = load(name)
    assert standard.contoh is not None
    assert len(standard.contoh.sah) >= 3
    assert set(standard.contoh.salah) == {r.nama for r in standard.aturan if (name, r.nama) not in OF_A_ROW}
    assert all(standard.contoh.salah.values())


@pytest.mark.parametrize("name", NAMES)
def test_messages_show_the_value_and_say_what_to_do(name: str) -> None:
    for rule in load(name).aturan:
        assert "{nilai}" in rule.pesan
        assert rule.saran.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_predicates_survive_sqlalchemy(name: str) -> None:
    """Great Expectations passes them through SQLAlchemy, where ':name' is a parameter and '%' a format."""
    standard = load(name)
    for sql in [r.sah for r in standard.aturan] + [r.terkena for r in standard.aturan_kolom]:
        assert ":" not in sql
        assert "%" not in sql


def test_personal_standards() -> None:
    assert {name for name in NAMES if load(name).pribadi} == PERSONAL


@pytest.mark.parametrize("name", NAMES)
def test_good_examples(judge_all: JudgeAll, name: str) -> None:
    examples = load(name).contoh
    assert examples is not None
    for value, verdict in zip(examples.sah, judge_all(name, examples.sah), strict=True):
        assert verdict.text is not None, value
        assert verdict.broken == [], value
        assert verdict.value is not None, f"{value} passes, yet cannot be cast to the standard's type"


@pytest.mark.parametrize(("name", "rule"), _rules())
def test_bad_examples_break_exactly_their_rule(judge_all: JudgeAll, name: str, rule: str) -> None:
    examples = load(name).contoh
    assert examples is not None
    values = examples.salah[rule]
    assert {v: found.broken for v, found in zip(values, judge_all(name, values), strict=True)} == {
        v: [rule] for v in values
    }


def test_empty_texts_start_with_no_digit() -> None:
    """So that the check may skip the comparison for whatever starts with one."""
    for text in [*EMPTY, *(t for name in NAMES for t in load(name).kosong or [])]:
        assert not text[:1].isdigit()
        assert text == text.lower().strip()


@pytest.mark.parametrize("name", NAMES)
def test_blanks_and_dashes_are_no_value_anywhere(judge_all: JudgeAll, name: str) -> None:
    verdicts = judge_all(name, ["", "  ", "\u00a0", "\u200b", "-", "–", "...", "…"])
    assert [v.text for v in verdicts] == [None] * 8
    assert all(v.broken == v.suspicious == [] for v in verdicts)


@pytest.mark.parametrize("raw", ["n/a", "NA", "nihil", "Tidak Ada", " tidak  ada "])
def test_words_for_nothing_are_no_number(judge: Judge, raw: str) -> None:
    assert judge("bilangan", raw).text is None
    assert judge("teks", raw).text == " ".join(raw.split())


def test_tidak_ada_is_an_answer() -> None:
    standard = load("ya_tidak")
    assert standard.kosong is not None
    assert "tidak ada" not in standard.kosong


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("nik", "3374010101900010", "3374010101900001"),
        ("no_kk", "3374010101120010", "3374010101120001"),
        ("nip", "198501012010011000", "198501012010011100"),
    ],
)
def test_zero_tails_are_counted(judge: Judge, name: str, bad: str, good: str) -> None:
    assert judge(name, bad).suspicious == ["ekor_nol"]
    assert judge(name, good).suspicious == []


@pytest.mark.parametrize(
    ("sistem", "tingkat", "raw", "text", "broken"),
    [
        ("kemendagri", "provinsi", "33.0", "33", []),
        ("kemendagri", "kecamatan", "330201", "33.02.01", []),
        ("kemendagri", "kecamatan", "3302010", "3302010", ["bentuk"]),
        ("kemendagri", "desa_kelurahan", "3302012001", "33.02.01.2001", []),
        ("kemendagri", "desa_kelurahan", "33.02.01.4001", "33.02.01.4001", ["bentuk"]),
        ("kemendagri", "desa_kelurahan", "33.02.01", "33.02.01", ["bentuk"]),
        ("bps", "provinsi", "32.0", "32", []),
        ("bps", "kabupaten_kota", "33.02", "33.02", ["bentuk"]),
        ("bps", "kecamatan", "3302010.0", "3302010", []),
        ("bps", "kecamatan", "330201", "330201", ["bentuk"]),
        ("bps", "desa_kelurahan", "'3201190006.0", "3201190006", []),
        ("bps", "desa_kelurahan", "3.20119E+09", "3.20119E+09", ["bentuk"]),
    ],
)
def test_place_codes_by_system_and_level(
    judge: Judge, sistem: str, tingkat: str, raw: str, text: str, broken: list[str]
) -> None:
    verdict = judge("kode_wilayah", raw, sistem=sistem, tingkat=tingkat)
    assert verdict.text == text
    assert [rule for rule in verdict.broken if rule != "dikenal"] == broken
