"""Build the warehouse beside the one in use, and put it in its place when everything is green."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.check.store import fingerprint
from pipelines.home import Home
from pipelines.home.atomic import aside, scratch, settle
from pipelines.warehouse import dbt
from pipelines.warehouse.failures import explain

FILE = "satudata.duckdb"
FAILED = "gagal.duckdb"


@dataclass(frozen=True)
class BuildResult:
    """The outcome. `failures` (English, for the engineer) is empty when `ok`; `path` is the warehouse in use.

    When not ok, `path` still holds the warehouse of an earlier night, or does not exist yet.
    """

    ok: bool
    failures: list[str]
    seconds: float
    path: Path


def build(home: Home, project: Path) -> BuildResult:
    """Run the dbt project once, as a process of its own, into a new file; promote it when all is green.

    Readers of the old file keep it; who opens the path later gets the new one. When a model or a test
    fails nothing is promoted, and what was built is kept as warehouse/gagal.duckdb for the engineer.
    Never raises for a failing project, disk or permission. The caller holds the home's lock.
    """
    started = time.monotonic()
    target = home.warehouse / FILE
    failures: list[str]
    try:
        with scratch(home.warehouse) as folder:
            folder.mkdir()
            unfinished = folder / FILE
            failures = _run_dbt(home, project, unfinished)
            if failures:
                _keep_failed(home, unfinished)
            else:
                _promote(unfinished, target)
    except (OSError, duckdb.Error) as error:
        failures = [f"the warehouse could not be written below {home.warehouse}: {error}"]
    return BuildResult(not failures, failures, time.monotonic() - started, target)


def _run_dbt(home: Home, project: Path, database: Path) -> list[str]:
    """Run `dbt build`; returns what failed. Its log is log/dbt.log."""
    # Beside the database: the dbt of a killed night may still be writing to its own.
    target = database.parent / "target"
    known = _known(home, project)
    options = {
        "--project-dir": project,
        "--profiles-dir": project,
        "--target-path": target,
        "--log-path": home.log,
        "--log-level-file": "info",
        "--exclude-resource-type": "unit_test",
    }
    flags = [
        *(["--partial-parse", "--partial-parse-file-path", str(known)] if known.exists() else ["--no-partial-parse"]),
        "--quiet",
        "--no-use-colors",
        "--no-version-check",
        "--no-send-anonymous-usage-stats",
    ]
    words = [str(word) for option in options.items() for word in option]
    code, said = dbt.run(["build", *words, *flags], database)
    if code:
        return explain(target, said, code)
    _remember(target / "partial_parse.msgpack", known)
    return []


def _known(home: Home, project: Path) -> Path:
    """Where that lies which dbt learnt when it read this project; reading it takes dbt a third of its time.

    The name is of every file's bytes, the place and the versions of dbt. dbt then compares all files once more.
    """
    versions = [f"{package} {version(package)}" for package in ("dbt-core", "dbt-duckdb")]
    return home.cache / f"dbt-{fingerprint([*versions, str(project), project])[:16]}.msgpack"


def _remember(learnt: Path, known: Path) -> None:
    if learnt.exists() and not known.exists():
        for older in known.parent.glob("dbt-*.msgpack"):
            older.unlink()
        with aside(known) as unfinished:
            shutil.copyfile(learnt, unfinished)


def _promote(unfinished: Path, target: Path) -> None:
    with duckdb.connect(str(unfinished)) as con:
        con.execute("CHECKPOINT")
    # A log left by someone who opened the old file for writing must not be replayed over the new one.
    target.with_name(target.name + ".wal").unlink(missing_ok=True)
    settle(unfinished, target)
    target.with_name(FAILED).unlink(missing_ok=True)


def _keep_failed(home: Home, unfinished: Path) -> None:
    if unfinished.exists():
        settle(unfinished, home.warehouse / FAILED)
