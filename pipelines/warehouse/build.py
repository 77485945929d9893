"""Build the warehouse beside the one in use, and put it in its place when everything is green."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.home import Home
from pipelines.home.atomic import scratch, settle
from pipelines.warehouse.failures import explain

FILE = "satudata.duckdb"
FAILED = "gagal.duckdb"
# dbt makes objects by the million and keeps them: to look for garbage at every 700th takes a sixth of its time.
_DBT = "import gc; gc.set_threshold(100_000, 50, 50); from dbt.cli.main import cli; cli()"


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
    command = [sys.executable, "-P", "-c", _DBT, "build"]
    target = project / "target"
    shutil.rmtree(target, ignore_errors=True)  # so that results found there are this run's
    options = {
        "--project-dir": project,
        "--profiles-dir": project,
        "--target-path": target,
        "--log-path": home.log,
        "--log-level-file": "info",
        "--exclude-resource-type": "unit_test",
    }
    flags = [
        "--quiet",
        "--no-use-colors",
        "--no-partial-parse",
        "--no-version-check",
        "--no-send-anonymous-usage-stats",
    ]
    words = [str(word) for option in options.items() for word in option]
    done = subprocess.run(
        [*command, *words, *flags],
        cwd=database.parent,
        env=_environment(database),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode == 0:
        return []
    return explain(target, done.stdout.decode(errors="replace"), done.returncode)


def _environment(database: Path) -> dict[str, str]:
    """The environment without settings for dbt that somebody left there, and without telemetry.

    The file is named relative to its folder: dbt-duckdb takes a path for a URL and stumbles over '#' in it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    return {**kept, "SATUDATA_WAREHOUSE": database.name, "DO_NOT_TRACK": "1"}


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
