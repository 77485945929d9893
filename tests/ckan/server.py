"""A real CKAN on free ports of this machine: PostgreSQL, Redis, CKAN's own server, and a stand-in for Solr.

`python -m tests.ckan.server` starts one to try things by hand, prints its address and keys, and ends with Ctrl-C.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).parents[2]
CKAN = Path(os.environ.get("SATUDATA_TEST_CKAN", REPO / ".venv-ckan")) / "bin" / "ckan"
MAX_MEGABYTES = 5
"""Largest file that this CKAN takes."""


_STEPS = """
import io, json, sys
from contextlib import redirect_stdout
from ckan.cli.cli import ckan
said = []
for step in json.load(sys.stdin):
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), write_through=True)) as out:
        ckan(["-c", sys.argv[1], *step], standalone_mode=False)
    said.append(out.buffer.getvalue().decode())
print(json.dumps(said))
"""
"""Commands of CKAN's command line, one after another in one process: it takes seconds to start."""


@dataclass(frozen=True)
class Site:
    """A running CKAN: its address, the keys of a sysadmin and of a user without any right, and its files on disk."""

    url: str
    admin: str
    nobody: str
    storage: Path


def missing() -> list[str]:
    """What is not installed of the things a CKAN needs."""
    tools = {"PostgreSQL (initdb, postgres)": _postgres("initdb"), "redis-server": shutil.which("redis-server")}
    return [name for name, found in tools.items() if not found] + ([] if CKAN.exists() else [f"CKAN in {CKAN}"])


@contextmanager
def running() -> Iterator[Site]:
    """Start everything in a temporary folder; all of it is ended and removed on leaving."""
    folder = Path(tempfile.mkdtemp(prefix="ckan-"))
    folder.chmod(0o755)
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield _start(folder, started)
    finally:
        for process in reversed(started):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, started: list[subprocess.Popen[bytes]]) -> Site:
    sql, redis, solr, web = _free_ports(4)
    run = _Runner(folder, started)
    run.background("redis", ["redis-server", "--port", str(redis), "--save", "", "--dir", str(folder)])
    schema = _package(CKAN) / "config" / "solr" / "schema.xml"
    run.background("solr", [sys.executable, "-m", "tests.ckan.solr_stand_in", str(solr), str(schema)])
    _database(run, sql)
    ini = folder / "ckan.ini"
    storage = folder / "storage"
    storage.mkdir()
    base = f"postgresql://{{}}:rahasia@127.0.0.1:{sql}/"
    options = {
        "ckan.site_url": f"http://127.0.0.1:{web}",
        "ckan.plugins": "datastore",
        "ckan.storage_path": str(storage),
        "ckan.max_resource_size": str(MAX_MEGABYTES),
        "sqlalchemy.url": base.format("ckan") + "ckan",
        "ckan.datastore.write_url": base.format("ckan") + "datastore",
        "ckan.datastore.read_url": base.format("pembaca") + "datastore",
        "ckan.redis.url": f"redis://127.0.0.1:{redis}/0",
        "solr_url": f"http://127.0.0.1:{solr}/solr/ckan",
        "ckan.datastore.sqlsearch.enabled": "false",
        "ckan.auth.user_create_organizations": "false",
    }
    run("generate", [str(CKAN), "generate", "config", str(ini)])
    people = [["user", "add", n, f"email={n}@contoh.invalid", "password=rahasia-sekali"] for n in ("walidata", "tamu")]
    tokens = [["user", "token", "add", n, "uji"] for n in ("walidata", "tamu")]
    steps = [["db", "init"], ["datastore", "set-permissions"], *people, ["sysadmin", "add", "walidata"], *tokens]
    run("config", [str(CKAN), "config-tool", str(ini), *(f"{k} = {v}" for k, v in options.items())])
    said = json.loads(run("steps", [str(CKAN.with_name("python")), "-c", _STEPS, str(ini)], json.dumps(steps)))
    run("psql", [*_psql(sql), "-d", "datastore"], said[1])
    admin, nobody = (one.split()[-1] for one in said[-2:])
    serve = ["run", "-H", "127.0.0.1", "-p", str(web), "--disable-reloader", "--threaded"]
    run.background("ckan", [str(CKAN), "-c", str(ini), *serve])
    site = Site(f"http://127.0.0.1:{web}", admin, nobody, storage)
    _until(lambda: _alive(site.url), "CKAN", folder / "ckan.log")
    return site


class _Runner:
    """Runs commands from the checkout, with what they say in a file each; raises RuntimeError with the end of it."""

    def __init__(self, folder: Path, started: list[subprocess.Popen[bytes]]) -> None:
        self.folder, self.started = folder, started
        self.root = os.geteuid() == 0

    def __call__(self, name: str, command: list[str], given: str = "") -> str:
        done = subprocess.run(command, cwd=REPO, input=given, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{name} ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def background(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.started.append(subprocess.Popen(command, cwd=REPO, stdout=log, stderr=subprocess.STDOUT))

    def as_postgres(self, command: list[str]) -> list[str]:
        """PostgreSQL refuses to run as root."""
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if self.root else command


def _database(run: _Runner, port: int) -> None:
    data = run.folder / "pg"
    data.mkdir()
    if run.root:
        shutil.chown(data, "postgres", "postgres")
    initdb = [
        _postgres("initdb"),
        "-D",
        str(data),
        "-U",
        "admin",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    run("initdb", run.as_postgres(initdb))
    quick = [f"-c{o}" for o in ("fsync=off", "listen_addresses=127.0.0.1", "shared_buffers=32MB", "max_connections=60")]
    server = [_postgres("postgres"), "-D", str(data), "-p", str(port), "-k", str(data), *quick]
    run.background("postgres", run.as_postgres(server))
    ask = [*_psql(port), "-d", "postgres", "-c", "SELECT 1"]
    _until(lambda: subprocess.run(ask, capture_output=True).returncode == 0, "PostgreSQL", run.folder / "postgres.log")
    run("roles", [*_psql(port), "-d", "postgres"], """
        CREATE ROLE ckan LOGIN PASSWORD 'rahasia'; CREATE ROLE pembaca LOGIN PASSWORD 'rahasia';
        CREATE DATABASE ckan OWNER ckan; CREATE DATABASE datastore OWNER ckan;
    """)  # fmt: skip


def _psql(port: int) -> list[str]:
    return ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", "admin"]


def _postgres(name: str) -> str:
    """A program of PostgreSQL; Debian keeps them off the path. Empty if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else "")


def _package(ckan: Path) -> Path:
    return next((ckan.parents[1] / "lib").glob("python3*/site-packages/ckan"))


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def _alive(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/action/status_show", timeout=20) as answer:
            return bool(json.load(answer)["success"])
    except (urllib.error.URLError, OSError):
        return False


def _until(ready: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + 90
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.2)


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with running() as ready:
        print(json.dumps({"url": ready.url, "admin": ready.admin, "nobody": ready.nobody}), flush=True)
        signal.pause()
