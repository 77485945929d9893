"""`satudata identity institusi`, as a person types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from pipelines.cli.identity import group
from pipelines.home import Busy, Home, exclusive
from pipelines.identity.institution.answers import answers_file
from pipelines.identity.institution.pairs import SHOWN
from tests.unit.identity.institution.kit import KEC, insured, listed
from tests.unit.identity.institution.test_answers import INSURED, LISTED, night

Run = Callable[..., object]
HEADER = ",".join(SHOWN) + "\n"
OTHERS = listed("P2", "Puskesmas Jepang", KEC), insured("8", "Jepang", KEC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "rumah").ensure()
    night(home, LISTED, INSURED, *OTHERS)
    return home


@pytest.fixture
def run(home: Home) -> Run:
    app = typer.Typer()
    app.add_typer(group, name="identity")
    command = ["identity", "institusi", "--home", str(home.root)]
    return lambda *words: app([*command, *words], standalone_mode=False)


def numbers(listing: str) -> list[str]:
    head, *rows = listing.splitlines()
    assert f"{head}\n" == HEADER
    return [row.split(",")[0] for row in rows]


def test_list_answer_and_list_again(run: Run, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    listing = capsys.readouterr().out
    one, other = numbers(listing)
    assert "dinkes,P2,Puskesmas Jepang,33.20.01\n" in listing
    # One typed in small letters, for the other the second time.
    assert run("--sama", one.lower(), "--beda", other, "--oleh", "Siti") == 0
    file = answers_file(home)
    assert capsys.readouterr().out == f"{one} sama: recorded in {file}\n{other} beda: recorded in {file}\n"
    assert run("--beda", other) == 0
    assert capsys.readouterr().out == f"{other} beda: was answered so before\n"
    assert run() == 0
    assert capsys.readouterr().out == HEADER
    assert [line.split(",")[1:3] for line in file.read_text(encoding="utf-8").splitlines()[1:]] == [
        ["sama", "Siti"],
        ["beda", "Siti"],
    ]


def test_what_cannot_be_taken_is_said(run: Run, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--sama", "L1") == 1
    assert capsys.readouterr().err.startswith("satudata: no pair has the number L1; list those that wait")
    with pytest.raises(typer.TyperException, match="answered once"):
        run("--sama", "L1", "--beda", "l1")
    with exclusive(home), pytest.raises(Busy):
        run("--sama", "L1")
    assert not answers_file(home).exists()
