"""Names and texts as SQL, quoted in one place, and the extensions that SQL here may need."""

from __future__ import annotations

from importlib.resources import files

import duckdb


def ident(name: str) -> str:
    """Quote an SQL identifier, also one that is a word of SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """Quote an SQL text; None is NULL.

    A literal instead of a bound parameter: binding one makes DuckDB import pandas, a second a night.
    """
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def load_spatial(con: duckdb.DuckDBPyConnection) -> None:
    """Load the spatial extension from its package: nothing is downloaded, nothing written to the user's folder."""
    name = f"extensions/v{duckdb.__version__}/spatial.duckdb_extension"
    con.execute(f"LOAD {literal(str(files('duckdb_extension_spatial') / name))}")


def load_crypto(con: duckdb.DuckDBPyConnection) -> None:
    """Let this connection write encrypted DuckDB files, and encrypt what it spills to disk.

    The cipher comes with the httpfs extension, loaded from its package; nothing is downloaded.
    """
    name = f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
    con.execute(f"LOAD {literal(str(files('duckdb_extension_httpfs') / name))}")
    con.execute("SET temp_file_encryption = true")
