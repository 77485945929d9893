"""The quality report: valid HTML in Bahasa, nothing from a network, nothing run."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from check.conftest import Examine, contract_of
from pipelines.check.report import Entry, day, thousands, write_report
from pipelines.check.store import Attempt, State
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library

VOID = {"meta", "link", "br", "img", "input", "hr"}
COLUMNS = {"nama": "teks", "cacah": "bilangan"}
NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


class Page(HTMLParser):
    """Checks that tags nest and ids are unique; collects text, links and whatever could load or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == [], "every tag is closed"
        assert len(set(self.ids)) == len(self.ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            elif key == "href":
                self.links.append(value or "")
            elif key in ("src", "srcset", "action", "data", "poster") or key.startswith("on"):
                self.loads.append(f"{tag} {key}={value}")
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form"):
            self.loads.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data + " "


@pytest.fixture
def page(library: Library, tmp_path: Path):  # type: ignore[no-untyped-def]
    def make(*entries: Entry, problems: tuple[str, ...] = ()) -> tuple[Page, str]:
        out = tmp_path / "laporan.html"
        write_report(list(entries), library.opd, list(problems), NOW, out)
        text = out.read_text(encoding="utf-8")
        assert text.startswith('<!doctype html>\n<html lang="id">')
        made = Page(text)
        assert made.loads == []
        assert not re.search(r"https?:|//\w|url\(|@import", text), "nothing comes from a network"
        return made, " ".join(made.text.split())

    return make


def entry(examine: Examine, content: object, name: str = "cacah", status: str | None = None, **more: object) -> Entry:
    contract = contract_of(COLUMNS, judul=f"Judul {name}").model_copy(update={"produsen": "dinkes", "dataset": name})
    checked = examine(contract, content).checked
    moment = "2026-11-19T20:00:00+00:00"
    attempt = Attempt("abc", "f", checked.status, None, checked.loads, checked.reasons, checked.groups, checked.tidied,
                      checked.findings, moment, moment)  # fmt: skip
    return Entry(contract, status or checked.status, False, State(attempt), **more)  # type: ignore[arg-type]


def test_a_night_that_went_well(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    made, text = page(entry(examine, "nama,cacah\n" + "A,1.000\n" * 1234))
    assert "Pemeriksaan 21 November 2026" in text, "the date is that of Jakarta"
    assert "1.234 baris dibaca" in text
    assert "Tidak ada temuan." in text
    assert "Kiriman terakhir 20 November 2026, 1 berkas." in text
    assert "cacah 1.234 sel" in text, "what was tidied is told"
    assert made.links == ["#dinkes.cacah"]


def test_what_was_refused_why_and_what_to_mend(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    made, text = page(entry(examine, "nama,cacah\nA,1\nB,x\nC,y\n"))
    assert "Kiriman dikembalikan untuk diperbaiki; data terakhir yang baik tetap dipakai." in text
    assert "2 baris (66,7%) tidak memenuhi standar; batasnya 5,0%." in text
    assert '"x" bukan bilangan bulat' in text and "Nilai lain: y" in text
    assert "a.csv baris 3; a.csv baris 4" in text
    assert made.links == ["#dinkes.cacah", "dinkes/cacah/abc.csv"], "links are relative"


def test_the_worst_comes_first(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    good, bad = "nama,cacah\nA,1\n", "nama,cacah\nA,x\n"
    entries = [entry(examine, good, "satu"), entry(examine, bad, "dua"), entry(examine, good, "tiga", "GAGAL")]
    waiting = Entry(
        contract_of(COLUMNS).model_copy(update={"produsen": "dinkes", "dataset": "nol"}), "BELUM ADA", True, State()
    )
    made, text = page(*entries, waiting)
    assert made.links[:4] == ["#dinkes.tiga", "#dinkes.dua", "#dinkes.satu", "#dinkes.nol"]
    assert made.ids == ["dinkes.tiga", "dinkes.dua", "dinkes.satu"]
    assert "TERLAMBAT" in text
    assert "Traceback" not in text and "Error" not in text


def test_values_are_text_and_never_markup(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    evil = "<script>alert(1)</script>"
    made, text = page(entry(examine, f'nama,cacah\nA,"{evil}"\nB,"""><img src=x onerror=y>"\n'), problems=(evil,))
    assert made.loads == []
    assert text.count(evil) >= 2, "shown as it was written"


def test_why_it_was_not_published(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    found = Finding("x", None, None, None, None, "rilis", "kritis", "Ada nilai seperti NIK.", "Hapus nilainya.")
    _, text = page(entry(examine, "nama,cacah\nA,1\n", refused=(found,)))
    assert "Belum dapat diterbitkan: Ada nilai seperti NIK. Hapus nilainya." in text


def test_numbers_and_days() -> None:
    assert [thousands(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1.000", "1.234.567"]
    assert day("2026-12-31T18:00:00+00:00") == "1 Januari 2027"
    assert day("2026-08-17T10:00:00+07:00") == "17 Agustus 2026"
