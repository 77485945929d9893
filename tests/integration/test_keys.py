"""`satudata keys`, as a person types it, over a home whose archive holds personal data."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home import REPO, Home, exclusive
from pipelines.home.keys import load
from pipelines.landing import current, needs_key, opened, receive, verify
from pipelines.landing.container import HEADER, key_id
from pipelines.night.declarations import declare
from tests.integration.conftest import Done, satudata
from tests.integration.small import Small

NIK, NAME = "3302026543210002", "Wartini binti Sukarno"
COLUMNS = {
    "nik": {"dari": "NIK", "standar": "nik", "wajib": True},
    "nama": {"dari": "Nama", "standar": "nama_orang", "wajib": True},
}
FILES = 40
Keys = Callable[..., Done]


def rows(number: int) -> bytes:
    return f"NIK;Nama\n{NIK};{NAME}\n".encode() * 20_000 + b"\n" * number


@pytest.fixture(scope="module")
def keys() -> Keys:
    return lambda word, home: satudata("keys", word, home=home.root)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    small = Small(tmp_path_factory.mktemp("kontrak"))
    small.declare("dukcapil.warga", COLUMNS, wilayah=None, baca={"file": "*.csv"})
    return declare(Home(small.home), small.root / "sources").library


@pytest.fixture
def contract(library: Library) -> Contract:
    (contract,) = library.contracts
    assert needs_key(library, contract)
    return contract


@pytest.fixture
def home(tmp_path: Path, contract: Contract, keys: Keys) -> Home:
    """A home with a key and forty archived files of a megabyte."""
    home = Home(tmp_path / "home").ensure()
    for number in range(FILES):
        file = home.landing / contract.produsen / contract.dataset / f"{number}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(rows(number))
    assert keys("init", home).code == 0
    key = load(home)
    receipt = receive(home, home.landing, [contract], personal={contract.key}, key=key)
    assert len(receipt.arrived[contract.key]) == FILES
    return home


def leaks(home: Home) -> list[Path]:
    files = [path for path in home.root.rglob("*") if path.is_file() and home.landing not in path.parents]
    return [path for path in files if any(text.encode() in path.read_bytes() for text in (NIK, NAME))]


def written_under(home: Home) -> set[str]:
    paths = (home.archive / "terkunci").glob("[0-9a-f][0-9a-f]/*")
    return {key_id(path.read_bytes()[:HEADER]) for path in paths}


def test_made_looked_at_and_made_again(tmp_path: Path, keys: Keys) -> None:
    home = Home(tmp_path / "home")
    missing = keys("status", home)
    assert (missing.code, "satudata keys init" in missing.err) == (1, True)
    made = keys("init", home)
    assert (made.code, made.err) == (0, "")
    assert "Back up" in made.out
    secret = (home.identity / "kunci").read_text().strip()
    again = keys("init", home)
    assert (again.code, "nothing was changed" in again.out) == (0, True)
    shown = keys("status", home)
    assert (shown.code, "version 1" in shown.out) == (0, True)
    assert secret not in made.out + again.out + shown.out
    assert (home.identity / "kunci").read_text().strip() == secret
    (home.identity / "kunci").chmod(0o644)
    unsafe = keys("status", home)
    assert (unsafe.code, "chmod 600" in unsafe.err, "Traceback" in unsafe.err) == (1, True, False)
    with exclusive(home):
        busy = keys("rotate", home)
    assert (busy.code, "in use" in busy.err) == (1, True)


def test_rotate_killed_in_the_middle_is_finished_by_the_same_command(
    home: Home, contract: Contract, keys: Keys, tmp_path: Path
) -> None:
    old = load(home)
    assert old is not None
    assert (leaks(home), written_under(home)) == ([], {old.id})
    command = [sys.executable, "-m", "pipelines.cli", "keys", "rotate", "--home", str(home.root)]
    running = subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while len(written_under(home)) < 2 and running.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    if len(written_under(home)) < 2:
        pytest.fail("it was over before it could be killed")
    stopped = keys("status", home)
    assert (stopped.code, "satudata keys rotate" in stopped.err) == (1, True)
    assert leaks(home) == []
    finished = keys("rotate", home)
    assert (finished.code, finished.err) == (0, "")
    new = load(home)
    assert new is not None
    assert (new.version, written_under(home)) == (2, {new.id})
    assert verify(home, new) == []
    assert leaks(home) == []
    version = current(home, contract)
    assert version is not None
    for file in version.files:
        plain = opened(home, file, tmp_path, new)
        assert plain.read_bytes() == rows(int(file.path.partition(".")[0]))
        plain.unlink()
    assert receive(home, home.landing, [contract], personal={contract.key}, key=new).arrived == {}
