"""`satudata identity`, as a person types it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from pipelines.cli.identity import group
from pipelines.home import Home
from pipelines.identity.subject import access_log
from tests.unit.identity.review.small import night, records, small_home

Run = Callable[..., object]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    linked = small_home(tmp_path_factory.mktemp("rumah") / "home")
    night(*linked, records())
    return linked[0]


def typed(home: Home) -> Run:
    app = typer.Typer()
    app.add_typer(group, name="identity")
    return lambda *words: app(["identity", *map(str, words), "--home", str(home.root)], standalone_mode=False)


def test_the_report_on_the_terminal_and_as_a_page(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(home)("report") == 0
    out = capsys.readouterr().out
    assert "persons,422\n" in out and '"precision, from answers",too few answers\n' in out
    assert typed(home)("report", "--html", tmp_path / "l.html") == 0
    assert "Laporan pemadanan penduduk" in (tmp_path / "l.html").read_text(encoding="utf-8")


def test_a_worklist_goes_out_and_comes_back(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "kerja.csv"
    assert typed(home)("worklist", "--wilayah", "33.01", "--out", out, "--oleh", "Siti") == 0
    assert [line.entry.oleh for line in access_log.read(home)] == ["Siti"]
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    text = f"pasangan,jawaban\n{rows[0]['pasangan']},beda\n{rows[1]['pasangan']},entah\n"
    out.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert typed(home)("answer", out, "--oleh", "Siti") == 1
    said = capsys.readouterr()
    assert said.out == "1 answers taken, 0 known before, 1 lines not taken\n"
    assert said.err == f"baris 3: jawaban untuk {rows[1]['pasangan']} bukan sama, beda atau ragu\n"
    out.write_text(text.replace("entah", ""), encoding="utf-8")
    assert typed(home)("answer", out, "--oleh", "Siti") == 0
    assert capsys.readouterr().out == "0 answers taken, 1 known before, 0 lines not taken\n"


def test_without_a_key_or_a_register_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = Home(tmp_path / "bare").ensure()
    assert typed(bare)("report") == 1
    assert "satudata keys init" in capsys.readouterr().err
    home, _ = small_home(tmp_path / "home")
    for words in (("report",), ("worklist", "--out", tmp_path / "x.csv")):
        assert typed(home)(*words) == 1
        assert "satudata run" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()


def test_a_wrong_command_line_and_a_wrong_file_are_said(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.TyperException):
        typed(home)("worklist", "--wilayah", "3301", "--out", tmp_path / "x.csv")
    with pytest.raises(typer.TyperException):
        typed(home)("answer", tmp_path / "missing.csv")
    (tmp_path / "lain.csv").write_text("a,b\n", encoding="utf-8")
    assert typed(home)("answer", tmp_path / "lain.csv") == 1
    assert "is no worklist" in capsys.readouterr().err
