"""`satudata wilayah alias`, as a person types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from pipelines.cli.wilayah_alias import PROPOSALS, alias

HEADER = "kode_induk,nama_induk,teks,kode_calon,nama_calon,skor,baris,dataset\n"
PROPOSAL = "33.02.22,Baturraden,Ketengar,33.02.22.2012,Ketenger,0.88,12,a.b\n"
Run = Callable[..., object]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rumah")
    (home / "findings").mkdir()
    (home / "findings" / PROPOSALS).write_text(HEADER + PROPOSAL, encoding="utf-8")
    return home


@pytest.fixture
def run(home: Path) -> Run:
    app = typer.Typer()
    app.command()(alias)
    return lambda *words: app([*words, "--home", str(home)], standalone_mode=False)


def test_list_answer_and_list_again(run: Run, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert capsys.readouterr().out == HEADER + PROPOSAL
    assert run("--terima", "33.02.22.2012", "Kutasari", "--oleh", "Siti") == 1
    assert "is the name of 33.02.22.2002 Kutasari" in capsys.readouterr().err
    assert run("--terima", "33.02.22.2012", "Ketengar", "--oleh", "Siti") == 0
    file = home / "referensi" / "alias_wilayah.csv"
    assert capsys.readouterr().out == f"33.02.22.2012 'Ketengar': recorded in {file}\n"
    assert run() == 0
    assert capsys.readouterr().out == HEADER, "what was answered is proposed no more"
    assert run("--terima", "33.02.22.2012", "Ketengar", "--oleh", "Siti") == 0
    assert capsys.readouterr().out == "33.02.22.2012 'Ketengar': was recorded before\n"
    assert run("--tolak", "33.02.22.2012", "Ketengar", "--oleh", "Budi") == 1
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--terima", "33.02.22.2012", "Ketengar"),
        ("--terima", "33.02.22.2012"),
        ("--terima", "33.02", "A", "--tolak", "33.02", "B", "--oleh", "Siti"),
    ],
)
def test_a_wrong_command_line_is_said(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(typer.TyperException):
        run(*words)
