"""Nights that several tests look at: each runs once a session."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.home import REPO

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


def satudata(*arguments: object, home: Path) -> Done:
    """Run the command line as a person would."""
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments), "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPO, check=False)
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


@pytest.fixture(scope="session")
def run() -> Callable[..., Done]:
    return satudata


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The night on the sample province, once for all workers; `planted.csv` beside the home lists its faults."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    said = root / "contoh-malam.json"
    with (root / "contoh-malam.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            home = root / "contoh" / "home"
            generator = REPO / "sources" / "_contoh" / "buat.py"
            landing, planted = home.parent / "landing", home.parent / "planted.csv"
            subprocess.run([sys.executable, generator, "--landing", landing, "--tertanam", planted], check=True)
            done = satudata("run", "--contoh", home=home)
            said.write_text(json.dumps([str(home), done.code, done.out, done.err]))
    home_, code, out, err = json.loads(said.read_text())
    return Done(Path(home_), code, out, err)


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The night on the real exports."""
    if not SHARED.exists():
        pytest.skip("needs the real exports in ../shared/data")
    return satudata("run", "--landing", SHARED / "landing", home=tmp_path_factory.mktemp("nyata") / "home")
