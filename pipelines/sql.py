"""Names and texts as SQL, quoted in one place."""

from __future__ import annotations


def ident(name: str) -> str:
    """Quote an SQL identifier, also one that is a word of SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """Quote an SQL text; None is NULL.

    A literal instead of a bound parameter: binding one makes DuckDB import pandas, a second a night.
    """
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"
