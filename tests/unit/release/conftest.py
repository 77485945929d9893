from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from tests.unit.home.conftest import disk  # noqa: F401 - a fixture
from tests.unit.release.kit import publish


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("SATUDATA_KEY", "SATUDATA_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def release(home: Home) -> Path:
    """A release in place, signed."""
    return publish(home)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


Publish = Callable[..., Path]


@pytest.fixture
def publishes(home: Home) -> Publish:
    """Publish another release: publishes(dinas_harga=Given(...))."""
    return lambda **datasets: publish(home, {name.replace("_", "-", 1): given for name, given in datasets.items()})
