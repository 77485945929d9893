"""A built site, once for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalogue import Portal
from pipelines.site import build, write_history
from tests.release_kit import sample

PORTAL = Portal(base_url="https://data.contoh.example", nama="Portal Contoh", email="walidata@contoh.example")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    release = sample(tmp_path_factory.mktemp("rilis"))
    build(release, PORTAL)
    write_history(release, [])
    return release
