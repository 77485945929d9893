"""What all tests share: a core a worker, hypothesis without deadlines, and one Great Expectations per process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from expectations.gx import Judge

# With a worker on every core, DuckDB's own threads only wait for each other. It takes the number of cores that it may
# use from this variable, as a scheduler of jobs would set it; processes that a test starts inherit it.
CORES = "SLURM_CPUS_ON_NODE"
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault(CORES, "1")

settings.register_profile("satudata", deadline=None, max_examples=60)
settings.load_profile("satudata")


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The real judge; importing Great Expectations takes seconds, so once a process and only when asked for."""
    from expectations.gx import Judge

    return Judge(tmp_path_factory.mktemp("gx"))


@pytest.fixture(scope="session")
def repo() -> Path:
    """The checkout."""
    return Path(__file__).parents[1]
