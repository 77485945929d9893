"""The sample province as the generator makes it, once for all tests that only look at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.home import REPO

Make = Callable[[int], Path]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """make(seed) -> a new folder with `landing`, `referensi` and the lists of what was planted, made within seconds."""

    def run(seed: int) -> Path:
        folder = tmp_path_factory.mktemp(f"contoh{seed}")
        lists = ("tertanam", "orang", "mart")
        options = [part for name in lists for part in (f"--{name}", folder / f"{name}.csv")]
        if seed != 33:  # the sample is what nobody asked another seed for
            options += ["--benih", str(seed)]
        command = [sys.executable, REPO / "sources" / "_contoh" / "buat.py", "--landing", folder / "landing"]
        subprocess.run([*command, *options], check=True, capture_output=True, timeout=15)
        return folder

    return run


@pytest.fixture(scope="session")
def made(make: Make) -> Path:
    """The sample."""
    return make(33)


@pytest.fixture(scope="session")
def again(made: Path, make: Make) -> Path:
    """The sample, made a second time."""
    return make(33)


@pytest.fixture(scope="session")
def other(make: Make) -> Path:
    """Another province."""
    return make(34)


@pytest.fixture(scope="session")
def third(make: Make) -> Path:
    """One more."""
    return make(35)
