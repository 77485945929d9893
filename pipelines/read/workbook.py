"""Read one sheet of an XLSX or XLS workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from pipelines.read.cell import cell_text
from pipelines.read.detect import OLE, locked
from pipelines.read.error import Reading
from pipelines.read.header import BLANK, Known, Row, is_number_row, report_unknown
from pipelines.read.layout import lay_out
from pipelines.read.preview import preview_length, require_header
from pipelines.read.records import watch_margins, write_records
from pipelines.read.workbook_guard import damaged, inspect_sheet


def read_workbook(reading: Reading, out: Path) -> int:
    """Write the records of the sheet `baca.lembar` to `out`; returns how many.

    `_baris` is the sheet's row number as a person sees it. A sheet given by position counts the visible ones;
    a hidden sheet is read only if it is named. Merged cells are filled in the header, never in the data.
    """
    known = Known(reading.contract)
    try:
        with CalamineWorkbook.from_path(reading.source) as book:
            name = _choose(reading, book)
            reading.lembar = name
            with reading.source.open("rb") as file:
                old = file.read(len(OLE)) == OLE
            errors = {} if old else inspect_sheet(reading, name)
            return _read_sheet(reading, known, book.get_sheet_by_name(name), errors, out)
    except PasswordError:
        raise locked(reading) from None
    except CalamineError:
        raise damaged(reading) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a fault inside the loader, not an Exception in Python
            raise
        raise damaged(reading) from None


def _choose(reading: Reading, book: CalamineWorkbook) -> str:
    wanted = reading.contract.baca.lembar
    visible: list[str] = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
    if isinstance(wanted, int):
        if 0 <= wanted < len(visible):
            return visible[wanted]
        what = f"ke-{wanted + 1}"
    else:
        alike: list[str] = [name for name in book.sheet_names if name.strip().casefold() == wanted.strip().casefold()]
        if wanted in alike or len(alike) == 1:
            return wanted if wanted in alike else alike[0]
        what = f"'{wanted}'"
    raise reading.refusal(
        f"Lembar {what} tidak ada. Lembar di buku kerja ini: {', '.join(map(repr, book.sheet_names))}.",
        "Kembalikan nama atau urutan lembarnya, atau minta walidata mengubah `baca.lembar` di kontrak.",
    )


def _read_sheet(
    reading: Reading, known: Known, sheet: CalamineSheet, errors: dict[tuple[int, int], str], out: Path
) -> int:
    rows = _rows(sheet, errors)
    preview = list(islice(rows, preview_length(reading)))
    header = require_header(reading, known, _fill_merged(sheet, preview))
    report_unknown(reading, known, header)
    layout = lay_out(reading, known, header)
    below = [cells for _, cells in preview[header.end : header.end + 2]]
    numbered = bool(below) and is_number_row(below[0], below[1] if len(below) > 1 else None, layout.width)
    body = chain(preview[header.end + numbered :], rows)
    beside = _beside(reading, body, layout.width)
    return write_records(reading, layout, watch_margins(reading, layout, beside), out)


def _rows(sheet: CalamineSheet, errors: dict[tuple[int, int], str]) -> Iterator[Row]:
    """Yield the rows that are not blank, from column A on, with error cells as their text."""
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in errors.items():
        by_row.setdefault(row, []).append((column, text))
    last = 0
    for last, values in enumerate(sheet.iter_rows(), 1):
        cells = margin + [cell_text(value) for value in values]
        _put(cells, by_row.pop(last, []))
        if "".join(cells).strip(BLANK):
            yield last, cells
    for row in sorted(by_row):  # rows that hold nothing but errors lie outside what was loaded
        cells = []
        _put(cells, by_row[row])
        yield row, cells


def _put(cells: list[str], found: Iterable[tuple[int, str]]) -> None:
    for column, text in found:
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text


def _fill_merged(sheet: CalamineSheet, preview: list[Row]) -> list[Row]:
    """Return copies of the rows in which every cell of a merged range has the text of its first cell."""
    rows = {line: cells[:] for line, cells in preview}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        text = rows.get(top + 1, [])[left : left + 1]
        if not text:
            continue
        for line in range(top + 1, bottom + 2):
            if line in rows:
                _put(rows[line], ((column, text[0]) for column in range(left, right + 1)))
    return list(rows.items())


def _beside(reading: Reading, rows: Iterable[Row], width: int) -> Iterator[Row]:
    """Pass rows on, and note the first cell that stands to the right of the table."""
    noted = False
    for line, cells in rows:
        if not noted and "".join(cells[width:]).strip(BLANK):
            noted = True
            reading.note(
                f"Ada isian di kanan tabel (mulai baris {line}); isian itu tidak dimuat.",
                "Pindahkan catatan ke lembar lain, atau beri tajuk bila itu kolom data.",
                baris=line,
            )
        yield line, cells
