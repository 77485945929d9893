"""The quality report: valid HTML in Bahasa, nothing from a network, nothing run."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from check.conftest import Examine, contract_of
from pipelines.check.map_svg import Area, Frame, draw
from pipelines.check.place_summary import Place, PlaceSummary
from pipelines.check.report import Entry, day, thousands, write_report
from pipelines.check.store import Attempt, State
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.referensi.problems import ReferenceProblem

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
    def make(
        *entries: Entry, problems: tuple[str, ...] = (), rujukan: tuple[ReferenceProblem, ...] = ()
    ) -> tuple[Page, str]:
        out = tmp_path / "laporan.html"
        write_report(list(entries), library.opd, list(problems), NOW, out, rujukan)
        text = out.read_text(encoding="utf-8")
        assert text.startswith('<!doctype html>\n<html lang="id">')
        made = Page(text)
        assert made.loads == []
        # The name of SVG's namespace is an address that nothing ever opens.
        bare = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|//\w|url\(|@import", bare), "nothing comes from a network"
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


EVIL = "<script>alert(1)</script>"
SQUARE = [(109.0, -7.0), (109.1, -7.0), (109.1, -6.9), (109.0, -7.0)]
SUMMARY = PlaceSummary(
    level="kecamatan", worst=(Place("33.02.22", f"Baturraden {EVIL}", 1200, 34, 5),), others=2, unknown=1,
    outside=6, expected=331, missing=(("33.02.22.2012", "Ketenger"),), missing_level="desa_kelurahan", borders=True,
    svg=draw("Peta", "Tentang", Frame((109.0, -7.0, 109.1, -6.9)), [], [Area([SQUARE], EVIL, 1)]),
)  # fmt: skip


def test_findings_by_place_with_the_map(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    good = "nama,cacah\nA,1\n"
    made, text = page(*(entry(examine, good, name, tempat=SUMMARY) for name in ("satu", "dua")))
    assert made.loads == [], "neither names nor the map run anything"
    assert f"Baturraden {EVIL} (33.02.22) : 39 dari 1.234 baris, 34 dikarantina" in text
    assert "dan 2 kecamatan lain" in text
    assert "6 baris titiknya bermasalah" in text and "1 baris tidak diketahui wilayahnya." in text
    assert "1 dari 331 desa/kelurahan belum ada datanya: Ketenger (33.02.22.2012)." in text
    assert "1 baris bertemuan" in text, "the legend of the map"
    assert "Peta tidak digambar" not in text


def test_a_long_list_of_places_without_data_is_folded(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    many = tuple((f"33.02.{n:04}", f"Desa {n}") for n in range(700))
    _, text = page(entry(examine, "nama,cacah\nA,1\n", tempat=replace(SUMMARY, missing=many, expected=900)))
    assert "700 dari 900 desa/kelurahan belum ada datanya. Bila" in text
    assert "Desa 499 (33.02.0499), dan 200 lainnya." in text and "Desa 500" not in text


def test_without_borders_it_says_once_how_to_get_maps(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    bare = replace(SUMMARY, svg=None, borders=False)
    _, text = page(*(entry(examine, "nama,cacah\nA,1\n", name, tempat=bare) for name in ("satu", "dua")))
    assert text.count("Peta tidak digambar karena batas wilayah belum ada.") == 1
    assert "satudata run --referensi FOLDER" in text
    quiet = replace(bare, worst=(), others=0, unknown=0, outside=0, missing=())
    _, text = page(entry(examine, "nama,cacah\nA,1\n", tempat=quiet))
    assert "Menurut wilayah" not in text and "Peta tidak digambar" not in text


def test_what_is_wrong_with_reference_files(page, examine: Examine) -> None:  # type: ignore[no-untyped-def]
    wrong = ReferenceProblem("batas/x.zip", "tumpang", "33.02", "Poligon bertumpang tindih.", f"A dan {EVIL}", 1234)
    made, text = page(entry(examine, "nama,cacah\nA,1\n"), rujukan=(wrong,))
    assert "Data rujukan" in text and "data-rujukan" in made.ids
    assert f"batas/x.zip 33.02 1.234 Poligon bertumpang tindih. A dan {EVIL}" in text
    _, text = page(entry(examine, "nama,cacah\nA,1\n"))
    assert "Data rujukan" not in text


def test_numbers_and_days() -> None:
    assert [thousands(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1.000", "1.234.567"]
    assert day("2026-12-31T18:00:00+00:00") == "1 Januari 2027"
    assert day("2026-08-17T10:00:00+07:00") == "17 Agustus 2026"
