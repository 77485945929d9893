"""Nights that several tests look at: each runs once a session."""

from __future__ import annotations

import fcntl
import io
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Collection
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines.cli import main
from pipelines.home import REPO
from tests.conftest import CORES

SHARED = REPO.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="needs the real exports in ../shared/data")


@dataclass(frozen=True)
class Done:
    """A finished command over one home."""

    home: Path
    code: int
    out: str
    err: str

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the warehouse."""
        with duckdb.connect(str(self.home / "warehouse" / "satudata.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def one(self, sql: str) -> object:
        """The single value of a query."""
        ((value,),) = self.query(sql)
        return value


def command(*arguments: object, home: Path) -> list[str]:
    """The command line over a home, as a process of its own."""
    return [sys.executable, "-m", "pipelines.cli", *map(str, arguments), "--home", str(home)]


def satudata(*arguments: object, home: Path) -> Done:
    """Run a command to its end, in this process: importing takes a new one longer than its work."""
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["satudata", *map(str, arguments), "--home", str(home)])
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Done(home, code, out.getvalue(), err.getvalue())


def apart(*arguments: object, home: Path, **more: str) -> Done:
    """Run a command to its end as a person would, on all cores, as a process of its own; `more`: its environment."""
    environment = {name: value for name, value in os.environ.items() if name != CORES} | more
    done = subprocess.run(
        command(*arguments, home=home), capture_output=True, text=True, cwd=REPO, check=False, env=environment
    )
    return Done(home, done.returncode, done.stdout, done.stderr)


def unpacked(path: Path) -> bytes:
    """The values of a compressed file, as text."""
    if path.suffix == ".parquet":
        return str(duckdb.sql(f"SELECT * FROM '{path}'").fetchall()).encode()
    if path.suffix != ".duckdb":
        return b""
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        tables = [name for (name,) in tables if "dim_wilayah" not in name]
        return str([con.execute(f"SELECT * FROM {name}").fetchall() for name in tables]).encode()


def words_in(content: bytes, words: Collection[bytes]) -> list[bytes]:
    """Which of the words, each of 8 bytes or more, are in the content; looked for all at once, by their beginnings."""
    assert min(map(len, words)) >= 8
    beginnings = defaultdict(list)
    for word in words:
        beginnings[word[:8]].append(word)
    text = np.frombuffer(content, np.uint8).astype(np.uint16)
    pairs = text[:-1] << 8 | text[1:]
    fits = np.ones(max(len(content) - 7, 0), bool)
    for place in range(0, 8, 2):
        known = np.zeros(1 << 16, bool)
        known[[int.from_bytes(beginning[place : place + 2], "big") for beginning in beginnings]] = True
        fits &= known[pairs[place : place + len(fits)]]
    places = np.flatnonzero(fits).tolist()
    return sorted({w for at in places for w in beginnings.get(content[at : at + 8], ()) if content.startswith(w, at)})


def once(factory: pytest.TempPathFactory, name: str, night: Callable[[Path], Done]) -> Done:
    """What `night` does over the home that it is given, once for all workers."""
    base = factory.getbasetemp()
    root = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    said = root / f"{name}-malam.json"
    with (root / f"{name}-malam.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            done = night(root / name / "home")
            said.write_text(json.dumps([str(done.home), done.code, done.out, done.err]))
    home, code, out, err = json.loads(said.read_text())
    return Done(Path(home), code, out, err)


def _sample(home: Path) -> Done:
    generator = REPO / "sources" / "_contoh" / "buat.py"
    landing, planted = home.parent / "landing", home.parent / "planted.csv"
    subprocess.run([sys.executable, generator, "--landing", landing, "--tertanam", planted], check=True)
    return apart("run", "--contoh", home=home)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The night on the sample province; `planted.csv` beside the home lists its faults."""
    return once(tmp_path_factory, "contoh", _sample)


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The night on the real exports."""
    if not SHARED.exists():
        pytest.skip("needs the real exports in ../shared/data")
    return once(tmp_path_factory, "nyata", lambda home: apart("run", "--landing", SHARED / "landing", home=home))
