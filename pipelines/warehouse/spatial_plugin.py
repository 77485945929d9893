"""The plugin of dbt-duckdb that gives the models the spatial extension (see dbt_project/profiles.yml)."""

from __future__ import annotations

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.sql import load_spatial


class Plugin(BasePlugin):  # type: ignore[misc]  # dbt has no types
    """Loads the extension from its package when dbt opens the warehouse; dbt could only download it by name."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Called once by dbt-duckdb, before any model."""
        load_spatial(conn)
