"""Texts in tables that people open in a spreadsheet, which would run some of them as formulas."""

from __future__ import annotations

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


def escaped_sql(text: str) -> str:
    """SQL: `escaped` of an SQL text; NULL stays NULL."""
    # Not `IN (...)`: DuckDB makes a join of a long list, and the rows lose their order. And few words: it works each
    # one out anew for every column, which takes longer than the rows of most tables.
    starts = ", ".join(str(ord(c)) for c in FORMULA_STARTS)
    return f"CASE WHEN list_contains([{starts}], unicode({text})) THEN '''' || {text} ELSE {text} END"
