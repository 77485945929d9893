"""Read a CSV or TSV file: fast where its bytes are regular, carefully everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from pipelines.read.csv_fast import fast_csv
from pipelines.read.csv_rows import Record, csv_body, csv_records
from pipelines.read.error import Reading
from pipelines.read.header import Header, Known, is_number_row, report_unknown
from pipelines.read.layout import Layout, lay_out
from pipelines.read.preview import preview_length, require_header
from pipelines.read.records import watch_margins, write_records
from pipelines.read.scan import Scan, scan
from pipelines.read.sniff import sniff_delimiter

GLOB = set("*?[{")
FAST_MIN = 4 << 20  # bytes; below this DuckDB's start costs more than it saves


def read_csv(reading: Reading, out: Path) -> int:
    """Write the records of a delimited text file to `out`; returns how many.

    Both ways give the same rows. The careful one also handles quoted line breaks, blank lines, cp1252,
    ragged rows and wide tables, and knows the true line of each record.
    """
    known = Known(reading.contract)
    delimiter = sniff_delimiter(reading, known)
    seen = scan(reading, delimiter)
    encoding = _encoding(reading, seen)
    records = csv_records(reading, encoding, delimiter)
    preview = list(islice(records, preview_length(reading)))
    header = require_header(reading, known, [(record.first, record.cells) for record in preview])
    report_unknown(reading, known, header)
    layout = lay_out(reading, known, header)
    start = _data_start(preview, header)
    if seen.regular and _suits(reading, layout):
        skip = preview[start - 1].last
        full = all(len(record.cells) == layout.width for record in preview[start:])
        expected = seen.lines - skip
        if full and expected and fast_csv(reading, layout, delimiter, seen.line_end, skip, expected, out):
            return expected
    body: Iterator[Record] = chain(preview[start:], records)
    rows = csv_body(reading, body, layout, seen.terminated)
    return write_records(reading, layout, watch_margins(reading, layout, rows), out)


def _suits(reading: Reading, layout: Layout) -> bool:
    """Whether the fast way can serve this file at all, and is worth it."""
    plain = not layout.wide and not layout.unnamed and not GLOB & set(str(reading.source))
    return plain and reading.source.stat().st_size >= FAST_MIN


def _data_start(preview: list[Record], header: Header) -> int:
    """Position in the preview of the first record: below the header and a row that counts the columns."""
    below = [record.cells for record in preview[header.end : header.end + 2]]
    numbered = bool(below) and is_number_row(below[0], below[1] if len(below) > 1 else None, len(header.names))
    return header.end + numbered


def _encoding(reading: Reading, seen: Scan) -> str:
    """Choose utf-8-sig, else cp1252. Raises ReadError where the bytes are neither, or not as declared."""
    declared = reading.contract.baca.enkode
    if declared == "cp1252" and not seen.bom:
        wrong = seen.not_cp1252
    elif seen.not_utf8 is None:
        return "utf-8-sig"
    elif declared == "utf-8" or seen.bom:
        wrong = seen.not_utf8
    else:
        wrong = seen.not_cp1252
    if wrong is not None:
        raise reading.refusal(
            f"Baris {wrong} berisi huruf rusak: enkodenya bukan {declared or 'UTF-8 atau Windows-1252'}.",
            "Simpan ulang sebagai 'CSV UTF-8', periksa huruf di baris itu, lalu kirim kembali.",
            baris=wrong,
        )
    return "cp1252"
