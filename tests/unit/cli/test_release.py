"""`satudata release`: what a person at the command line gets."""

import csv
import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.home import Home
from pipelines.release.signature import public_file
from tests.unit.release.kit import KEY, PRICES, Given, publish

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("SATUDATA_KEY", "SATUDATA_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SATUDATA_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def satudata(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["satudata", "release", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out = capsys.readouterr()
        return int(stopped.value.code or 0), out.out, out.err

    return run


def two(home: Home) -> tuple[Path, Path]:
    old = publish(home, {"dinas-harga": Given(key=KEY)})
    return old, publish(home, {"dinas-harga": Given(key=KEY, rows=PRICES.replace("12500.5", "13000"))})


def test_list(satudata: Run, home: Home) -> None:
    assert satudata("list")[0] == 0
    old, new = two(home)
    code, out, _ = satudata("list")
    lines = {line["version"]: line for line in csv.DictReader(io.StringIO(out))}
    assert code == 0 and lines.keys() == {old.name, new.name}
    assert lines[new.name][""] == "latest" and lines[old.name][""] == ""
    assert lines[new.name]["approved by"] == "Siti Aminah" and lines[new.name]["date"] == "2025-01-06"


def test_diff_in_words_and_in_rows(satudata: Run, home: Home) -> None:
    old, new = two(home)
    code, out, _ = satudata("diff", old.name, "latest")
    assert code == 0
    assert out == (
        "dinas-harga (berubah): Harga bahan pokok\n  1 baris berubah.\n  Kolom yang isinya berubah: harga (1 baris).\n"
    )
    code, out, _ = satudata("diff", old, new, "--rows", "dinas-harga")
    assert code == 0
    assert out.splitlines()[1] == "berubah,33.02,beras,12500.5 -> 13000.0,2025-01-06,tersedia"
    assert satudata("diff", "latest", new.name) == (0, "", "nothing changed\n")


def test_diff_of_what_is_not_there(satudata: Run, home: Home, tmp_path: Path) -> None:
    assert "no release 'latest'" in satudata("diff", "latest", "latest")[2]
    old, new = two(home)
    assert satudata("diff", old.name, "0123456789ab")[0] == 1
    assert "it is no version" in satudata("diff", old.name, tmp_path / "x")[2]
    assert "neither release has a table" in satudata("diff", old.name, "latest", "--rows", "x")[2]
    (new / "dinas-harga/dinas-harga.parquet").write_bytes(b"rusak")
    code, out, err = satudata("diff", old.name, "latest")
    assert (code, out) == (1, "") and "is damaged" in err
    (new / "dinas-harga/datapackage.json").write_text("{")
    assert satudata("diff", old.name, "latest")[0] == 1


def test_verify_says_who_approved_it(satudata: Run, home: Home, tmp_path: Path) -> None:
    release = publish(home)
    code, out, _ = satudata("verify", "latest")
    assert code == 0
    assert f"version {release.name} of 2025-01-06" in out and "approved by Siti Aminah" in out
    assert "The key was taken from" not in out
    stick = shutil.copytree(release, tmp_path / "stik")
    key = shutil.copy(public_file(home), tmp_path / "walidata.pub")
    shutil.rmtree(home.root)
    code, out, _ = satudata("verify", stick)
    assert code == 0 and "give --key" in out
    code, out, _ = satudata("verify", stick, "--key", key, "--quick")
    assert code == 0 and "give --key" not in out


def test_verify_names_each_fault(satudata: Run, home: Home) -> None:
    release = publish(home)
    (release / "dinas-harga/dinas-harga.csv").write_text("x\n")
    (release / "data.json").unlink()
    code, out, err = satudata("verify", release)
    assert code == 1
    assert [line.partition(":")[0] for line in out.splitlines()] == ["data.json", "dinas-harga/dinas-harga.csv"]
    assert "2 problems" in err
    assert satudata("verify", "tidak-ada")[0] == 1
    assert satudata("verify", release, "--key", "tidak-ada.pub")[0] == 1
    for number in range(300):
        (release / f"tambahan{number}").touch()
    code, out, err = satudata("verify", "latest", "--quick")
    assert len(out.splitlines()) == 200 and "302 problems, 102 not shown" in err


def test_withdraw_purge_and_restore(satudata: Run, home: Home) -> None:
    publish(home)
    who = ("--by", "Siti Aminah", "--reason", "Salah hitung")
    assert satudata("restore", "dinas-harga", *who)[1].endswith("nothing was changed\n")
    assert satudata("withdraw", "dinas-harga", *who)[1].startswith("dinas-harga is withdrawn")
    assert satudata("verify", "latest")[0] == 0
    code, out, _ = satudata("withdraw", "dinas-harga", *who, "--purge")
    assert code == 0 and "was withdrawn before" in out and "Taken out of 1 releases" in out
    code, out, _ = satudata("verify", "latest")
    assert code == 0 and "dinas-harga: ditarik" in out
    assert satudata("restore", "dinas-harga", *who)[0] == 0
    assert satudata("withdraw", "dinas-x", *who)[0] == 1
    assert satudata("withdraw", "dinas-harga", "--by", "x")[0] == 64
