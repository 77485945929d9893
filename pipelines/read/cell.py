"""The text of one workbook cell, the same on every machine."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

_LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
EXACT_MAX = 1e15  # a workbook keeps 15 digits; longer numbers have lost some


def cell_text(value: object) -> str:
    """Return a cell as text: '12785', '0.3', '2023-01-05', 'TRUE'; '' where it is empty.

    A number of more than 15 digits becomes '3.32010101010001E+15': its last digits are lost, and a standard
    for codes must see that.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        rounded = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return rounded.date().isoformat() if rounded.time() == time() else rounded.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return "" if value is None else str(value)


def _number(value: int | float) -> str:
    if abs(value) >= EXACT_MAX:
        return f"{Decimal(repr(value)).normalize():E}"
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return as_decimal(format(Decimal(text), "f") if "e" in text else text)


def as_decimal(text: str) -> str:
    """The text of a typed number, such that no locale takes its decimal point for a thousands mark.

    351.966 becomes 351.9660: under the locale 'id' the first would read as 351 thousand.
    """
    return f"{text}0" if _LIKE_THOUSANDS.fullmatch(text) else text
