"""One sheet of a workbook as XML: text, numbers, dates and yes/no under a frozen header with a filter."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast
from xml.sax.saxutils import escape

Cell = str | int | float | Decimal | bool | date | None

LONGEST_TEXT = 32_767  # UTF-16 units in one cell
MOST_COLUMNS = 16_384
GENERAL, HEADER, DATE, TEXT = range(4)  # the styles of cells: see workbook.STYLES
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_DIGITS = 15  # of a number; a spreadsheet makes zeros of the rest
# Spreadsheets disagree about the days before it: some believe in 29 February 1900.
_FIRST_DATE, _DAY_ZERO = date(1900, 3, 1), date(1899, 12, 30)
_MEASURED = 200  # rows that decide how wide a column is
_NARROWEST, _WIDEST = 8, 60
# What XML cannot hold or would change, and what looks like the way in which a sheet writes that instead.
_CODED = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_NONE = re.compile("[\ufffe\uffff]")


def shown(value: Cell) -> Cell:
    """The value as a cell keeps it: of what a spreadsheet would take for another number or day, the text.

    The two characters that XML has no way to write (U+FFFE, U+FFFF) become the sign for an unknown one.
    """
    if isinstance(value, str):
        return value if value.isascii() else _NONE.sub("\ufffd", value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**_DIGITS else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, date):
        return value if value >= _FIRST_DATE else value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= _DIGITS else str(value)
    return value


def all_shown(rows: Sequence[Sequence[Any]]) -> list[Sequence[Cell]]:
    """Rows with every value as `shown`; most columns are so already, which is found out a column at a time."""
    return list(zip(*map(_column_shown, zip(*rows, strict=True)), strict=True))


def _column_shown(values: Sequence[Any]) -> Sequence[Cell]:
    kinds = set(map(type, values))
    if kinds == {str} and all(map(str.isascii, values)):
        return values
    if kinds == {int} and max(values) < 10**_DIGITS and min(values) > -(10**_DIGITS):
        return values
    if kinds == {float} and all(map(math.isfinite, values)):
        return values
    if kinds == {Decimal} and max(map(abs, values)).scaleb(-values[0].as_tuple().exponent) < 10**_DIGITS:
        return list(map(float, values))  # a column of decimals has one scale
    return [shown(value) for value in values]


def sheet(rows: Sequence[Sequence[Cell]], texts: dict[str, int]) -> bytes:
    """Rows of values as `shown`, the first one the header, as XML; adds each text to `texts` with its number."""
    names = [column(n) for n in range(len(rows[0]))]
    by_column = list(zip(*rows, strict=True))
    sized = "".join(
        f'<col min="{n}" max="{n}" width="{_width(values[:_MEASURED])}" customWidth="1"/>'
        for n, values in enumerate(by_column, 1)
    )
    for values in by_column:
        for text in dict.fromkeys(v for v in values if isinstance(v, str)):
            texts.setdefault(text, len(texts))
    header, *contents = zip(*(_contents(values, texts) for values in by_column), strict=True)
    cells = "".join(f'<c r="{name}{{0}}"{{{n}}}' for n, name in enumerate(names, 1))
    line = f'<row r="{{0}}">{cells}</row>'.format
    top = line(1, *(content.replace(f's="{TEXT}"', f's="{HEADER}"') for content in header))
    written = "".join(line(n, *row) for n, row in enumerate(contents, 2))
    area = f"A1:{names[-1]}{len(rows)}"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><dimension ref="{area}"/>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f'<cols>{sized}</cols><sheetData>{top}{written}</sheetData><autoFilter ref="{area}"/></worksheet>'
    ).encode()


def column(number: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        letters, number = chr(ord("A") + rest) + letters, number - 1
    return letters


def xml_text(text: str) -> str:
    """A text as the content of an element; what XML cannot hold becomes _xHHHH_, which spreadsheets undo."""
    return escape(_CODED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def _width(values: Sequence[Cell]) -> int:
    return min(max(_NARROWEST, *(len(str(v)) for v in values if v is not None)), _WIDEST) + 2


def _contents(values: Sequence[Cell], texts: dict[str, int]) -> list[str]:
    """What follows the addresses of the cells of a column, the first one its header."""
    header, *rest = values
    kinds = set(map(type, rest))
    if kinds == {str}:
        cells = [f' s="{TEXT}" t="s"><v>{texts[v]}</v></c>' for v in cast("list[str]", rest)]
    elif kinds <= {int, float}:
        cells = [f"><v>{v}</v></c>" for v in rest]
    else:
        cells = [_content(v, texts) for v in rest]
    return [_content(header, texts), *cells]


def _content(value: Cell, texts: dict[str, int]) -> str:
    """What follows the address of a cell."""
    if isinstance(value, str):
        return f' s="{TEXT}" t="s"><v>{texts[value]}</v></c>'
    if value is None:
        return "/>"
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, date):
        return f' s="{DATE}"><v>{(value - _DAY_ZERO).days}</v></c>'
    return f"><v>{value}</v></c>"
