"""The careful way through a CSV: record by record, with true line numbers and nothing lost."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipelines.read.error import ReadError, Reading
from pipelines.read.header import BLANK, Row
from pipelines.read.layout import Cell, Layout
from pipelines.read.scan import LINE_MAX

DOUBTFUL_MAX = 1000
_END = "\0"  # no file that reaches this module holds one


class Record(NamedTuple):
    """One record: its first and last line, its cells, and what is wrong with its quotes."""

    first: int
    last: int
    cells: list[str]
    odd_quotes: bool = False
    cut: bool = False


def csv_records(reading: Reading, encoding: str, delimiter: str) -> Iterator[Record]:
    """Yield the records that are not blank. Raises ReadError where a quote swallows the lines below it.

    A line like `"a"b,c` is read as well as possible and marked; so is a last line with an open quote.
    """
    csv.field_size_limit(4 * LINE_MAX)
    first = length = 0
    line, ended = "", False

    def lines() -> Iterator[str]:
        nonlocal length, line, ended
        with reading.source.open(encoding=encoding, newline="") as file:
            for line in file:
                length += len(line)
                if length > 2 * LINE_MAX:
                    raise _open_quote(reading, first)
                yield line
        ended = True
        yield _END

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        first, length = reader.line_num + 1, 0
        try:
            cells, odd = next(reader), False
        except csv.Error:
            if reader.line_num > first + ended:
                raise _open_quote(reading, first) from None
            cells, odd = next(csv.reader([line, _END], delimiter=delimiter)), True
        if cells == [_END]:
            return
        cut = bool(cells) and cells[-1].endswith(_END)
        if cut and not ended:
            raise _open_quote(reading, first)
        if cut or "".join(cells).strip(BLANK):
            yield Record(first, first if odd else reader.line_num, cells, odd, cut)
        if cut:
            return


def csv_body(reading: Reading, records: Iterable[Record], layout: Layout, terminated: bool) -> Iterator[Row]:
    """Judge records against the header and pass them on as rows.

    Missing cells at the end are empty. More cells than headers (values may have shifted), or quotes inside a
    cell, are a `kritis` finding on the row; more than DOUBTFUL_MAX of them refuse the file. So does a last
    row that is cut short, since rows below it may be lost; a declared note without a line end is none.
    """
    width = layout.width
    doubtful = 0
    held: Record | None = None
    for record in records:
        if held:
            yield held.first, held.cells
        held = record
        if record.cut:
            continue
        extra = len(record.cells) > width and bool("".join(record.cells[width:]).strip(BLANK))
        if record.last > record.first and (extra or len(record.cells) < width):
            raise _open_quote(reading, record.first)
        if extra or record.odd_quotes:
            doubtful += 1
            _note_doubt(reading, record, width, doubtful)
    if held is None:
        return
    if held.cut or (not terminated and len(held.cells) < width and not _declared_note(reading, layout, held.cells)):
        raise reading.refusal(
            f"Berkas terpotong di tengah baris {held.first}: baris terakhir itu tidak lengkap.",
            "Ekspor ulang dan kirim kembali seluruh berkas, karena baris sesudahnya mungkin hilang. Bila baris itu "
            "catatan, akhiri dengan ganti baris.",
            baris=held.first,
        )
    yield held.first, held.cells


def _declared_note(reading: Reading, layout: Layout, cells: list[str]) -> bool:
    """Whether the contract says that a row like this is no data."""
    origins = [(rule.pola, layout.columns.get(rule.kolom)) for rule in reading.contract.baca.bukan_data]
    return any(
        re.search(pattern, cells[origin.index], re.IGNORECASE)
        for pattern, origin in origins
        if isinstance(origin, Cell) and origin.index < len(cells)
    )


def _note_doubt(reading: Reading, record: Record, width: int, count: int) -> None:
    if count > DOUBTFUL_MAX:
        raise reading.refusal(
            f"Lebih dari {DOUBTFUL_MAX} baris tidak rapi kolom atau kutipnya, misalnya baris {record.first}.",
            "Periksa pemisah kolom: nilai yang memuat pemisah atau kutip harus diapit tanda kutip.",
            baris=record.first,
        )
    what = f"punya {len(record.cells)} sel, padahal tajuknya {width}; nilainya mungkin bergeser"
    if record.odd_quotes:
        what = 'memuat tanda kutip (") di tengah nilai yang diapit kutip; nilainya mungkin salah terbaca'
    reading.note(
        f"Baris {record.first} {what}.",
        "Apit nilai yang memuat pemisah kolom dengan tanda kutip, dan tulis kutip di dalamnya dua kali.",
        baris=record.first,
        tingkat="kritis",
    )


def _open_quote(reading: Reading, line: int) -> ReadError:
    return reading.refusal(
        f'Tanda kutip (") yang dibuka di baris {line} tidak ditutup, sehingga baris sesudahnya menyatu.',
        "Tutup atau hapus tanda kutip itu di berkas asal, lalu kirim kembali.",
        baris=line,
    )
