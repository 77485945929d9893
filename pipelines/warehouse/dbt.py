"""A run of dbt: a process of its own, that knows no setting which somebody left in the shell."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# dbt makes objects by the million and keeps them: to look for garbage at every 700th takes a sixth of its time.
_DBT = """
import gc, os, threading
threading.Thread(target=lambda: os.read(0, 1) or os._exit(1), daemon=True).start()
gc.set_threshold(100_000, 50, 50)
from dbt.cli.main import cli
cli()
"""


def run(words: Sequence[str], database: Path) -> tuple[int, str]:
    """Run dbt to its end; returns its exit code, negative for a signal, and what it said.

    `words` are its command line, `database` is the file that it writes. It runs in the folder of that file,
    and ends with this process, however that ends: the kernel then closes the pipe that it listens to.
    """
    listens, ours = os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _DBT, *words],
            cwd=database.parent,
            env=environment(database),
            stdin=listens,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    finally:
        os.close(listens)
        os.close(ours)
    return done.returncode, done.stdout.decode(errors="replace")


def environment(database: Path) -> dict[str, str]:
    """The environment without settings for dbt that somebody left there, and without telemetry.

    The file is named relative to its folder: dbt-duckdb takes a path for a URL and stumbles over '#' in it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    return {**kept, "SATUDATA_WAREHOUSE": database.name, "DO_NOT_TRACK": "1"}
