"""One sheet of a workbook as XML: text, numbers, dates and yes/no under a frozen header with a filter."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc

Cell = str | int | float | bool | date

LONGEST_TEXT = 32_767  # UTF-16 units in one cell
MOST_COLUMNS = 16_384
GENERAL, HEADER, DATE, TEXT = range(4)  # the styles of cells: see workbook.STYLES
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_DIGITS = 15  # of a number; a spreadsheet makes zeros of the rest
# Days by their number in a spreadsheet. Before the first, some believe in 29 February 1900; the last is in year 9999.
_FIRST_DAY, _LAST_DAY = 61, 2_958_465
_DAY_ZERO, _EPOCH = date(1899, 12, 30).toordinal(), date(1970, 1, 1).toordinal()
_MEASURED = 200  # values that decide how wide a column is
_NARROWEST, _WIDEST = 8, 60
# What XML cannot hold or would change, and what looks like the way in which a sheet writes that instead.
_CODED = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_NONE = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its header, its distinct values as cells keep them, and which of them each row holds."""

    name: str
    values: Sequence[Cell]
    held: pa.Array  # a number for each row: of a value, or len(values) for an empty cell

    @classmethod
    def of(cls, name: str, rows: pa.Array, guard: Callable[[str], str] = str) -> Column:
        """The column of an Arrow array of texts (each as `guard` gives it), numbers, decimals, dates or yes/no.

        What a spreadsheet would take for another number or day becomes text, and U+FFFE and U+FFFF, which XML has
        no way to write, the sign for an unknown character.
        """
        encoded = rows.dictionary_encode()
        values = _kept(encoded.dictionary, guard)
        return cls(name, values, encoded.indices.fill_null(len(values)) if rows.null_count else encoded.indices)

    def cells(self) -> tuple[Cell, ...]:
        """What a reader finds in it from top to bottom, the header too; nothing in an empty cell is ""."""
        return (self.name, *map([*self.values, ""].__getitem__, self.held.to_pylist()))


def sheet(columns: Sequence[Column], texts: dict[str, int]) -> bytes:
    """Columns of one length as XML; adds each text to `texts` with its number."""
    height = len(columns[0].held) + 1
    rows = pa.array(range(2, height + 1), pa.int32()).cast(pa.string())
    header, cells = "", []
    for letters, one in zip(map(column, range(len(columns))), columns, strict=True):
        header += f'<c r="{letters}1{_text(one.name, texts, HEADER)}'
        if one.values:
            contents = pa.array([*_contents(one.values, texts), '"/>']).take(one.held)
            cells += [f'<c r="{letters}', rows, contents]
    lines = pc.binary_join_element_wise('<row r="', rows, '">', *cells, "</row>", "")
    sized = "".join(
        f'<col min="{n}" max="{n}" width="{_width(one)}" customWidth="1"/>' for n, one in enumerate(columns, 1)
    )
    area = f"A1:{column(len(columns) - 1)}{height}"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><dimension ref="{area}"/>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f'<cols>{sized}</cols><sheetData><row r="1">{header}</row>{"".join(lines.to_pylist())}</sheetData>'
        f'<autoFilter ref="{area}"/></worksheet>'
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


def _kept(values: pa.Array, guard: Callable[[str], str]) -> list[Cell]:
    if pa.types.is_string(values.type):
        return [_NONE.sub("\ufffd", guard(text)) for text in values.to_pylist()]
    if pa.types.is_decimal(values.type):  # by way of text: Python's own decimals take ten times as long
        texts = values.cast(pa.string()).to_pylist()
        return [float(t) if len(t) <= _DIGITS or len(t.lstrip("-0.").replace(".", "")) <= _DIGITS else t for t in texts]
    if pa.types.is_date(values.type):
        days = (_EPOCH - _DAY_ZERO + n for n in values.cast(pa.int32()).to_pylist())
        return [
            date.fromordinal(_DAY_ZERO + day) if _FIRST_DAY <= day <= _LAST_DAY else text
            for day, text in zip(days, values.cast(pa.string()).to_pylist(), strict=True)
        ]
    if pa.types.is_integer(values.type):
        return [v if abs(v) < 10**_DIGITS else str(v) for v in values.to_pylist()]
    if pa.types.is_floating(values.type):
        return [v if math.isfinite(v) else str(v) for v in values.to_pylist()]
    found: list[Cell] = values.to_pylist()
    return found


def _width(column: Column) -> int:
    longest = max(len(str(v)) for v in (column.name, *column.values[:_MEASURED]))
    return min(max(_NARROWEST, longest), _WIDEST) + 2


def _contents(values: Sequence[Cell], texts: dict[str, int]) -> list[str]:
    """What follows the addresses of cells with these values."""
    if set(map(type, values)) <= {int, float}:
        return [f'"><v>{value}</v></c>' for value in values]
    return [_content(value, texts) for value in values]


def _content(value: Cell, texts: dict[str, int]) -> str:
    """What follows the address of a cell."""
    if isinstance(value, str):
        return _text(value, texts, TEXT)
    if isinstance(value, bool):
        return f'" t="b"><v>{value:d}</v></c>'
    if isinstance(value, date):
        return f'" s="{DATE}"><v>{value.toordinal() - _DAY_ZERO}</v></c>'
    return f'"><v>{value}</v></c>'


def _text(value: str, texts: dict[str, int], style: int) -> str:
    return f'" s="{style}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'
