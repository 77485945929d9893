"""What all tests share: hypothesis without deadlines, and one Great Expectations per process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from expectations.gx import Judge

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
