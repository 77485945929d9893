"""Texts in tables that people open in a spreadsheet, which would run some of them as formulas."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.sql import ident, spelled

# A spreadsheet runs text that begins so, and reads full-width signs like plain ones. An apostrophe is among them
# so that the escape can be undone: take one away wherever a text begins with one.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")


def escaped(value: str) -> str:
    """How a text stands in CSV and XLSX: an apostrophe in front keeps a spreadsheet from running it.

    Numbers are no text, so -5 stays. `unescaped` undoes it.
    """
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def unescaped(cell: str) -> str:
    """The text that an escaped cell stands for."""
    return cell.removeprefix("'")


def spelled_cells(columns: Mapping[str, str]) -> dict[str, str]:
    """SQL of each column (name -> SQL type) as a CSV spells it: everything is text, and text is escaped."""
    return {k: escaped_sql(ident(k)) if t == "VARCHAR" else spelled(ident(k), t) for k, t in columns.items()}


def escaped_sql(text: str) -> str:
    """SQL: `escaped` of an SQL text; NULL stays NULL."""
    # One function of one column: planned in the least time, and done once for all that a Parquet file says once.
    signs = "".join(f"\\x{{{ord(c):x}}}" for c in FORMULA_STARTS)
    return f"regexp_replace({text}, '^[{signs}]', '''\\0')"
