"""Which delimiter a text file uses: the one under which the contract's headers appear."""

from __future__ import annotations

import csv
from itertools import islice

from pipelines.read.error import Reading
from pipelines.read.header import BLANK, SEARCH_ROWS, Known, Row, find_header

DELIMITERS = ",;\t|"
HEAD = 1 << 18


def sniff_delimiter(reading: Reading, known: Known) -> str:
    """Return the declared delimiter, or the one that matches most headers (then: fits most rows)."""
    baca = reading.contract.baca
    if baca.pemisah:
        return baca.pemisah
    with reading.source.open("rb") as file:
        head = file.read(HEAD)
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = len(head) - error.start < 4
        text = head[: error.start].decode("utf-8-sig") if cut else head.decode("cp1252", errors="replace")
    lines = text.splitlines(keepends=True)
    last = baca.tajuk if isinstance(baca.tajuk, int) else 0 if baca.tajuk == "auto" else int(baca.tajuk[-1])
    enough = max(last, SEARCH_ROWS) + SEARCH_ROWS
    return max(DELIMITERS, key=lambda delimiter: _fit(known, lines, delimiter, baca.tajuk, enough))


def _fit(known: Known, lines: list[str], delimiter: str, tajuk: str | int | list[int], enough: int) -> tuple[int, int]:
    rows: list[Row] = []
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in islice(reader, enough):
            if any(cell.strip(BLANK) for cell in cells):
                rows.append((reader.line_num, cells))
    except csv.Error:
        pass
    header = find_header(known, rows, tajuk)
    if header is None:
        return 0, 0
    fitting = sum(len(cells) == len(header.names) for _, cells in rows[header.end :])
    return header.score, fitting
