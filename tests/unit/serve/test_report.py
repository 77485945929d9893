"""The report of the linkage: its charts say every number, and every level of the model has words."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pipelines.identity.linkage.compare import COMPARISONS
from pipelines.identity.linkage.model import M, U
from pipelines.serve.charts import Bar, bars, intervals, percent
from pipelines.serve.report import LEVELS, write_identity_report

SHARE = {"nilai": 0.9995, "bawah": 0.9921, "atas": 0.9999}


def content(**other: Any) -> dict[str, Any]:
    model = {"m": M, "u": U}
    return {
        "rekaman": {"a.b": 1200, "c.d": 34},
        "metode": {"register": 1000, "nik": 200, "mirip": 34},
        "orang": 1000,
        "gugus": {"1": 800, "2": 190, "10": 3},
        "skor": [[0.3, 0.4, 0, 5], [0.9999, 1.0, 234, 0]],
        "ragu": 5,
        "dijawab": {"sama": 20, "beda": 3, "ragu": 1},
        "dialihkan": 2,
        "perubahan": {"rekaman_baru": 7, "rekaman_hilang": 0},
        "mutu": {
            "presisi": SHARE, "recall": None, "presisi_skor": 0.9998, "recall_skor": 0.991,
            "lapisan": [
                {"jenis": "tautan", "lapis": "nik dari 0,999", "banyak": 200, "ditarik": 20, "dijawab": 20, "sama": 20}
            ],
        },
        "model_versi": "0123456789ab",
        "ambang": 0.99,
        "model": {part: {c: {str(k): p for k, p in t.items()} for c, t in model[part].items()} for part in "mu"},
    } | other  # fmt: skip


@pytest.fixture
def page(tmp_path: Path) -> str:
    write_identity_report(content(), datetime(2026, 1, 2, 18, 0), tmp_path / "l.html")
    return (tmp_path / "l.html").read_text(encoding="utf-8")


def test_the_page_stands_alone_and_is_in_bahasa(page: str) -> None:
    assert "<script" not in page and not re.search(r"(src|href)=\"(?!#)", page)
    assert 'lang="id"' in page and "3 Januari 2026" in page  # 18.00 UTC is the next day there
    assert "99,95 % (selang 95 %: 99,21 % – 99,99 %)" in re.sub(r"</?b>", "", page)
    assert "Belum cukup jawaban orang untuk mengukur recall" in page
    assert "7 rekaman baru" in page and "tidak ada lagi" not in page


def test_every_chart_is_sound_and_read_aloud(page: str) -> None:
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) == 4 + len(LEVELS)
    for chart in charts:
        root = ElementTree.fromstring(chart)
        assert root.get("role") == "img" and root.get("aria-label")
        width, height = (float(n) for n in (root.get("viewBox") or "").split()[2:])
        for box in root.iter("rect"):
            x, wide, y, high = (float(box.get(name) or 0) for name in ("x", "width", "y", "height"))
            assert min(x, y) >= 0 and x + wide <= width + 0.1 and y + high <= height
    aloud = " ".join(re.findall(r'aria-label="([^"]*)"', page))
    assert "NIK sama 200" in aloud and "10 rekaman atau lebih 3" in aloud and "0,3 – 0,4, ragu 5" in aloud


def test_the_first_night_and_no_answers_are_said(tmp_path: Path) -> None:
    none = {"presisi": None, "recall": None, "presisi_skor": None, "recall_skor": None, "lapisan": []}
    write_identity_report(
        content(perubahan=None, mutu=none, model=None, metode={}, gugus={}, skor=[]),
        datetime(2026, 1, 2),
        tmp_path / "l",
    )
    page = (tmp_path / "l").read_text(encoding="utf-8")
    assert "Ini malam yang pertama" in page and "mengukur presisi dan recall: 0 dari 0" in page and "<svg" not in page


def test_every_level_of_the_model_is_called_something() -> None:
    named = {(name, level) for name, _, words in LEVELS for level in words}
    assert {name for name, _ in named} == set(COMPARISONS)
    for name, level in ((comparison, level) for comparison, levels in M.items() for level in levels):
        # A home has levels for any mixture of KK, address and place: each by itself is enough.
        mixed = name == "rumah" and sum(digit != "0" for digit in str(level)) != 1
        assert mixed or (name, level) in named, f"{name} {level} has no words"


def test_bars_that_speak_against_go_left() -> None:
    root = ElementTree.fromstring(bars("x", [Bar("a", 4, "4"), Bar("b", -2, "-2")]))
    for_, against = root.iter("rect")
    assert float(for_.get("width") or 0) == pytest.approx(2 * float(against.get("width") or 0), abs=0.2)
    assert float(against.get("x") or 0) < float(for_.get("x") or 0)


def test_an_interval_near_one_has_a_finer_axis() -> None:
    assert ">99,9 %<" in intervals("x", [(Bar("a", 0.9999, ""), 0.9995, 1.0)])
    assert ">50 %<" in intervals("x", [(Bar("a", 0.99, ""), 0.7, 1.0)])


@pytest.mark.parametrize(
    ("share", "text"),
    [(1, "100 %"), (0, "0 %"), (0.99954, "99,954 %"), (0.5, "50 %"), (0.00002, "0,002 %"), (0.123, "12,3 %")],
)
def test_a_share_shows_what_tells_it_from_all_and_nothing(share: float, text: str) -> None:
    assert percent(share) == text
