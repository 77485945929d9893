"""One connection with the repository's own reference codes."""

import duckdb
import pytest

from pipelines.home import REPO
from pipelines.referensi import install


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    install(connection, REPO / "sources" / "referensi")
    return connection
