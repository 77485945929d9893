"""What the reviewer is told about two values, and where they are marked."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity.review.worklist import FIELDS, Pair, Side
from pipelines.serve.differences import LABELS, Row, likely, rows


def row(field: str, a: str | None, b: str | None) -> Row:
    sides = (Side("x.y", n, dict.fromkeys(FIELDS) | {field: text}) for n, text in (("1", a), ("2", b)))
    pair = Pair("P1", None, 0.5, False, None, None, *sides)
    return dict(zip(LABELS, rows(pair, {"33.01": "Kabupaten Cilacap"}), strict=True))[field]


@pytest.mark.parametrize(
    ("field", "a", "b", "state", "words"),
    [
        ("nama", "Siti  Aminah", "SITI AMINAH", "sama", "sama"),
        ("nama", "Siti", "Sitti", "beda", "berbeda"),
        ("nama", None, "Siti", "kosong", "hanya satu sisi"),
        ("nama", " ", None, "kosong", "tidak ada"),
        ("nik", "33.0211.520390.0001", "3302115203900001", "sama", "sama"),
        ("nik", "3302115203900001", "3302115203900002", "beda", "1 angka berbeda"),
        ("nik", "3302115203900001", "3302115203900010", "beda", "dua angka tertukar"),
        ("nik", "3302115203900001", "330211520390000", "beda", "berbeda"),
        ("tanggal_lahir", "1990-03-12", "12/03/1990", "sama", "sama"),
        ("tanggal_lahir", "1990-03-12", "03-12-1990", "beda", "hari dan bulan tertukar"),
        ("tanggal_lahir", "1990-03-12", "1991-03-12", "beda", "tahun berbeda"),
        ("tanggal_lahir", "1990-03-12", "1988-01-01", "beda", "berbeda"),
        ("tanggal_lahir", "1990-02-30", "1990-02-30", "sama", "sama"),
        ("tanggal_lahir", "tidak tahu", "1990-02-03", "beda", "berbeda"),
        ("jenis_kelamin", "L", "Laki-laki", "sama", "sama"),
    ],
)
def test_two_values_in_words(field: str, a: str | None, b: str | None, state: str, words: str) -> None:
    found = row(field, a, b)
    assert (found.state, found.words) == (state, words)


def test_only_what_differs_is_marked() -> None:
    found = row("nik", "3302115203900001", "3302115203900002")
    assert [text for text, only in found.a if only] == ["1"]
    assert [text for text, only in found.b if only] == ["2"]
    assert row("wilayah", "33.01", "33.01").a == [("33.01 Kabupaten Cilacap", False)]


@given(st.sampled_from(FIELDS), st.text(max_size=30), st.text(max_size=30))
def test_marking_loses_nothing(field: str, a: str, b: str) -> None:
    found = row(field, a, b)
    if field != "wilayah":
        assert "".join(text for text, _ in found.a) == " ".join(a.split())
        assert "".join(text for text, _ in found.b) == " ".join(b.split())


@given(st.floats(0, 1))
def test_every_score_has_words(score: float) -> None:
    assert "orang" in likely(score)


def test_a_higher_score_never_says_less() -> None:
    said = [likely(n / 100).partition(" (")[0] for n in range(101)]
    assert len(set(said)) == 5 == 1 + sum(a != b for a, b in pairwise(said))
