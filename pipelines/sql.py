"""SQL that all share: names and texts quoted, the distance of two points, and the extensions it may need."""

from __future__ import annotations

import re
from importlib.resources import files

import duckdb

_EARTH_M = 6371008.8  # mean radius
_NARROW = 18  # digits of a decimal that DuckDB keeps in eight bytes


def ident(name: str) -> str:
    """Quote an SQL identifier, also one that is a word of SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """Quote an SQL text; None is NULL.

    A literal instead of a bound parameter: binding one makes DuckDB import pandas, a second a night.
    """
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def spelled(column: str, kind: str) -> str:
    """SQL: a column of this SQL type as text, as CAST spells it."""
    decimal = re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", kind)
    if decimal and int(decimal[1]) > _NARROW > int(decimal[2]):  # without a digit before the point none is written
        # A wide decimal takes DuckDB seven times as long, and most numbers fit into a narrow one.
        narrow = f"TRY_CAST({column} AS DECIMAL({_NARROW}, {decimal[2]}))"
        return f"coalesce(CAST({narrow} AS VARCHAR), CAST({column} AS VARCHAR))"
    return f"CAST({column} AS VARCHAR)"


def metres(lon: str, lat: str, lon2: str, lat2: str) -> str:
    """SQL: metres on a sphere between two points, given as SQL of DOUBLE degrees; NULL where one has none."""
    haversine = f"""pow(sin(radians({lat2} - {lat}) / 2), 2)
        + cos(radians({lat})) * cos(radians({lat2})) * pow(sin(radians({lon2} - {lon}) / 2), 2)"""
    # least() passes over NULL.
    known = f"{lon} IS NOT NULL AND {lat} IS NOT NULL AND {lon2} IS NOT NULL AND {lat2} IS NOT NULL"
    return f"CASE WHEN {known} THEN 2 * {_EARTH_M} * asin(sqrt(least(1.0, {haversine}))) END"


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
