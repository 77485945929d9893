"""The parsers behind the standards: what people write comes back as what they meant, or is refused."""

from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standards.conftest import NAMES, JudgeAll, load

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PARSERS = (
    "rapikan(x)", "angka(x, 'id')", "angka(x, 'en')", "angka(x, 'auto')", "bilangan(x, 'id')",
    "persen(x, 'en')", "rupiah(x, 'id', 1)", "rupiah(x, 'en', 1000000000000)", "tanggal_iso(x)", "bulan(x)",
    "tahun(x)", "minggu(x)", "kode_bersih(x)", "kode_wilayah(x, 'kemendagri', 'desa_kelurahan')",
    "kode_wilayah(x, 'bps', 'kecamatan')", "koordinat(x)", "telepon(x)",
)  # fmt: skip
PREDICATES = (
    "teks_rusak(x)", "kode_rusak(x)", "kode_pengganti(x)", "kode_provinsi_ada(x)", "nik_bentuk(x)",
    "nik_tanggal_mustahil(x)", "kode_wilayah_bentuk(x, 'bps', 'desa_kelurahan')", "angka_polos(x)",
)  # fmt: skip
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip

awkward = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789.,-+eE %*()/ \u00a0−–RpMT':", max_size=24),
    st.from_regex(r"-?[0-9]{1,30}([.,][0-9]{1,30})?([eE][+-]?[0-9]{1,4})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,5}[-/. ]{1,2}([0-9]{1,5}|[a-z]{3,9})[-/. ]{1,2}[0-9]{1,5}", fullmatch=True),
)


def evaluate_all(con: duckdb.DuckDBPyConnection, expression: str, values: list[str]) -> list[Any]:
    """The expression over each value; many at once, because a query costs more than a value."""
    rows = con.execute(
        f"SELECT {expression} FROM (SELECT unnest(?::VARCHAR[]) AS x, "
        "generate_subscripts(?::VARCHAR[], 1) AS n) ORDER BY n",
        [values, values],
    ).fetchall()
    return [row[0] for row in rows]


def evaluate(con: duckdb.DuckDBPyConnection, expression: str, value: str) -> Any:
    return evaluate_all(con, expression, [value])[0]


def many(each: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, min_size=1, max_size=40)


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


@given(st.lists(awkward, min_size=20, max_size=60))
@settings(quick, max_examples=5)
def test_no_text_raises_or_vanishes(con: duckdb.DuckDBPyConnection, values: list[str]) -> None:
    bare = evaluate_all(con, "rapikan(x)", values)
    some = [v for v, b in zip(values, bare, strict=True) if b]  # the check has made the others NULL before
    for parser in PARSERS:
        assert all(evaluate_all(con, parser, some)), parser
    for predicate in PREDICATES:
        assert None not in evaluate_all(con, predicate, values), predicate


@pytest.mark.parametrize("name", [n for n in NAMES if load(n).tipe != "VARCHAR"])
@given(values=many(awkward))
@settings(quick, max_examples=10)
def test_what_passes_can_be_cast(judge_all: JudgeAll, values: list[str], name: str) -> None:
    critical = {r.nama for r in load(name).aturan if r.tingkat == "kritis"}
    for verdict in judge_all(name, values):
        if verdict.text is not None and not critical & set(verdict.broken):
            assert verdict.value is not None
            assert str(verdict.value) not in ("nan", "inf", "-inf")


@pytest.mark.parametrize("locale", ["id", "en"])
@quick
@given(numbers=many(st.tuples(st.integers(-(10**15), 10**15), st.from_regex("[0-9]{0,6}", fullmatch=True))))
def test_numbers_come_back(con: Any, numbers: list[tuple[int, str]], locale: str) -> None:
    thousand, decimal = (".", ",") if locale == "id" else (",", ".")
    texts = [grouped(whole, thousand) + (decimal + digits if digits else "") for whole, digits in numbers]
    expected = [Decimal(f"{whole}.{digits or 0}") for whole, digits in numbers]
    assert [Decimal(v) for v in evaluate_all(con, f"angka(x, '{locale}')", texts)] == expected
    footnoted = [f" {text} *)" for text in texts]
    assert [Decimal(v) for v in evaluate_all(con, f"angka(x, '{locale}')", footnoted)] == expected
    for text, guess, meant in zip(texts, evaluate_all(con, "angka(x, 'auto')", texts), expected, strict=True):
        assert guess == text or Decimal(guess) == meant


@quick
@given(many(st.tuples(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))))
def test_ambiguous_numbers_follow_the_locale(con: Any, numbers: list[tuple[int, int, str]]) -> None:
    texts = [f"{left}{mark}{right:03d}" for left, right, mark in numbers]
    assert evaluate_all(con, "angka(x, 'auto')", texts) == texts
    for locale, thousand in (("id", "."), ("en", ",")):
        assert evaluate_all(con, f"angka(x, '{locale}')", texts) == [
            str(left * 1000 + right) if mark == thousand else f"{left}.{right:03d}" for left, right, mark in numbers
        ]


@quick
@given(many(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-9, max_value=1e15)))
def test_floats_of_a_machine_come_back(con: Any, numbers: list[float]) -> None:
    thousand = re.compile(r"[1-9]\d{0,2}\.\d{3}")
    numbers = [n for n in numbers if not thousand.fullmatch(repr(n))]
    found = evaluate_all(con, "angka(x, 'id')", [repr(n) for n in numbers])
    assert not any("e" in text for text in found)
    assert [float(text) for text in found] == [pytest.approx(n, rel=1e-8) for n in numbers]


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        ("9300.0", "id", "9300.0"), ("0.301", "id", "0.301"), ("0,301", "en", "0.301"),
        ("12,5", "en", "12.5"), ("1,234,567", "id", "1234567"), ("1 234 567,8", "id", "1234567.8"),
        ("007", "id", "7"), ("-0", "id", "0"), (",5", "id", "0.5"), ("+5", "id", "5"),
        ("(1.234,5)", "id", "-1234.5"), ("−3", "id", "-3"), ("– 3", "id", "-3"),
        ("1.5E+06", "id", "1500000"), ("8.5E-05", "id", "0.000085"), ("12**", "id", "12"),
        ("1.23.4", "id", "1.23.4"), ("1,23,456.7", "en", "1,23,456.7"), ("0.123.456", "id", "0.123.456"),
        ("5.", "id", "5."), ("12 34", "id", "12 34"), ("--5", "id", "--5"), ("1_000", "en", "1_000"),
        ("0x1F", "en", "0x1F"), ("NaN", "en", "NaN"), ("infinity", "en", "infinity"),
        ("1e99", "en", "1e99"), ("١٢", "id", "١٢"), ("12%", "id", "12%"), ("Rp 5", "id", "Rp 5"),
    ],
)  # fmt: skip
def test_awkward_numbers(con: Any, value: str, locale: str, expected: str) -> None:
    assert evaluate(con, f"angka(x, '{locale}')", value) == expected


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        ("Rp 1.000.000,-", 1, "1000000"), ("Rp.15.000,00", 1, "15000.00"),
        ("IDR 5,000,000.00", 1, "5000000.00"), ("(Rp 5.000,-)", 1, "-5000"), ("-Rp 5.000", 1, "-5000"),
        ("1.123456789 T", 1, "1123456789000"), ("100 ribu rupiah", 1, "100000"),
        ("2,5 milyar", 1, "2500000000"), ("3708.36", 10**9, "3708360000000"),
        ("3.811,39 M", 10**9, "3811390000000"), ("3.811,39 M", 1, "3811390000000"),
        ("-12,5", 10**9, "-12500000000"), ("5", 1000, "5000"), ("0", 10**12, "0"), ("Rp", 1, "Rp"),
        ("M", 1, "M"), ("12 lembar", 1, "12 lembar"),
    ],
)  # fmt: skip
def test_awkward_amounts(con: Any, value: str, scale: int, expected: str) -> None:
    assert evaluate(con, f"rupiah(x, 'id', {scale})", value) == expected


@pytest.mark.parametrize("scale", [1, 1000, 10**6, 10**9, 10**12])
@quick
@given(amounts=many(st.integers(-(10**19), 10**19)))
def test_a_scaled_amount_is_right_or_refused(judge_all: JudgeAll, amounts: list[int], scale: int) -> None:
    amounts = amounts + [n // scale for n in amounts]
    for amount, verdict in zip(amounts, judge_all("rupiah", [str(n) for n in amounts], kali=scale), strict=True):
        assert verdict.broken in ([], ["bentuk"])
        assert verdict.broken or verdict.value == amount * scale
        assert (abs(amount) * scale >= 10**17) or not verdict.broken


@quick
@given(many(st.dates(date(1900, 1, 1), date(2100, 12, 31))))
def test_dates_come_back(con: Any, days: list[date]) -> None:
    texts: list[str] = []
    expected: list[str] = []
    for day in days:
        d, m, y, name = day.day, day.month, day.year, MONTHS[day.month - 1]
        spellings = (
            f"{y}-{m:02d}-{d:02d}", f"{d:02d}/{m:02d}/{y}", f"{d:02d}-{m:02d}-{y}", f"{d}/{m}/{y}",
            f"{d:02d}/ {m:02d}/ {y}", f"{d}.{m}.{y}", f"{d} {name} {y}", f"{d}-{name[:3].upper()}-{y}",
            f"{y}/{m}/{d}", f"{y}-{m:02d}-{d:02d}T10:15:00+07:00", f"{y}-{m:02d}-{d:02d} 00:00:00",
            f"{y}{m:02d}{d:02d}", f"Senin, {d} {name} {y}",
        )  # fmt: skip
        texts += spellings
        expected += [day.isoformat()] * len(spellings)
    found = evaluate_all(con, "tanggal_iso(x)", texts)
    assert [(t, f) for t, f in zip(texts, found, strict=True)] == list(zip(texts, expected, strict=True))


@pytest.mark.parametrize("form", ["{d}/{m}/{y}", "{d:02d}/{m:02d}/{y}", "{y}-{m}-{d}", "{d:02d}-{m:02d}-{y}"])
@quick
@given(parts=many(st.tuples(st.integers(0, 40), st.integers(0, 20), st.integers(1900, 2100))))
def test_a_day_in_no_calendar_is_no_date(judge_all: JudgeAll, parts: list[tuple[int, int, int]], form: str) -> None:
    verdicts = judge_all("tanggal", [form.format(d=d, m=m, y=y) for d, m, y in parts])
    for (d, m, y), verdict in zip(parts, verdicts, strict=True):
        exists = 1 <= m <= 12 and 1 <= d <= calendar.monthrange(y, m)[1]
        assert verdict.broken == ([] if exists else ["bentuk"])
        assert verdict.value == (date(y, m, d) if exists else None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("28-MAY-18", "2018-05-28"), ("28-MAY-64", "1964-05-28"), ("28-MAY-40", "28-MAY-40"),
        ("3 Pebruari 2021", "2021-02-03"), ("17 Agt 2020", "2020-08-17"), ("1 Nop. 2020", "2020-11-01"),
        ("Jum'at, 3 Juni 2022", "2022-06-03"), ("2023-05-01T17:00:00Z", "2023-05-02"),
        ("2023-05-01T16:59:59.000Z", "2023-05-01"),
        ("2023-05-01T17:00:00-05:00", "2023-05-01T17:00:00-05:00"), ("43831", "43831"),
        ("Mei 2023", "Mei 2023"), ("05/28/2018", "05/28/2018"), ("01/02/03", "01/02/03"),
        ("infinity", "infinity"), ("epoch", "epoch"), ("2020-02-30", "2020-02-30"),
        ("02052023", "02052023"),
    ],
)  # fmt: skip
def test_awkward_dates(con: Any, value: str, expected: str) -> None:
    assert evaluate(con, "tanggal_iso(x)", value) == expected


@pytest.mark.parametrize("number", range(1, 13))
def test_months(con: Any, number: int) -> None:
    roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"][number - 1]
    name = MONTHS[number - 1]
    for text in (str(number), f"{number:02d}", f"{number}.0", name, name.upper(), f" {name[:3]}. ", roman):
        assert evaluate(con, "bulan(x)", text) == str(number), text


@quick
@given(many(st.tuples(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.booleans(), st.integers(1, 9999))))
def test_every_real_nik_passes(judge_all: JudgeAll, people: list[tuple[date, bool, int]]) -> None:
    numbers = [f"337401{born.day + 40 * woman:02d}{born:%m%y}{serial:04d}" for born, woman, serial in people]
    assert [v.broken for v in judge_all("nik", numbers)] == [[] for _ in numbers]
    decorated = [f"'{nik[:6]}.{nik[6:12]} {nik[12:]}\u00a0" for nik in numbers]
    assert [v.text for v in judge_all("nik", decorated)] == numbers


@quick
@given(many(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))))
def test_nik_with_an_unreal_date_fails(judge_all: JudgeAll, parts: list[tuple[int, int, int]]) -> None:
    parts = parts + [(day, 2, year) for day, _, year in parts]
    verdicts = judge_all("nik", [f"337401{day:02d}{month:02d}{year:02d}0123" for day, month, year in parts])
    for (day, month, year), verdict in zip(parts, verdicts, strict=True):
        d = day - 40 if day > 40 else day
        exists = 1 <= month <= 12 and 1 <= d <= calendar.monthrange(2000 + year, month)[1]
        assert (verdict.broken == []) == exists


@quick
@given(st.from_regex(r"[0-9]{6,18}", fullmatch=True), st.data())
def test_codes_lose_only_their_decoration(con: Any, digits: str, data: st.DataObject) -> None:
    marks = data.draw(st.lists(st.sampled_from(["", "", "", "'", " ", "-", "\u00a0", "\u200b"]),
                               min_size=len(digits), max_size=len(digits)))  # fmt: skip
    decorated = "".join(m + d for m, d in zip(marks, digits, strict=True))
    assert evaluate(con, "kode_bersih(x)", decorated) == digits


@quick
@given(many(st.integers(10**15, 10**18)))
def test_a_number_in_place_of_a_code_is_damage(con: Any, numbers: list[int]) -> None:
    texts = [t for n in numbers for t in (f"{n:.2E}", f"{n:.5E}", f"{float(n):.1f}", f"{n:.14E}".replace(".", ","))]
    assert all(evaluate_all(con, "kode_rusak(kode_bersih(x))", texts))


@quick
@given(many(st.integers(10**7, 10**15 - 1)))
def test_a_short_code_survives_a_float(con: Any, numbers: list[int]) -> None:
    assert evaluate_all(con, "kode_bersih(x)", [f"{n}.0" for n in numbers]) == [str(n) for n in numbers]
