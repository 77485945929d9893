"""Read one delivered file of any format into an all-text Parquet file.

This package knows formats and headers; it knows no standard and judges no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from pipelines.contract.finding import Finding
from pipelines.contract.model import LINE_COLUMN, Contract
from pipelines.home.atomic import scratch
from pipelines.read.csv_file import read_csv
from pipelines.read.detect import detect_form
from pipelines.read.error import ReadError, Reading
from pipelines.read.json_file import read_json
from pipelines.read.records import STEP_COLUMN
from pipelines.read.workbook import read_workbook
from pipelines.sql import literal

__all__ = ["ReadError", "ReadResult", "read_file", "records", "repetitive"]

_READERS = {"csv": read_csv, "json": read_json, "xls": read_workbook, "xlsx": read_workbook}


@dataclass(frozen=True)
class ReadResult:
    """How many records the Parquet holds, and what the produsen should know about the file's form."""

    rows: int
    findings: list[Finding]


def read_file(contract: Contract, source: Path, name: str, out: Path) -> ReadResult:
    """Read the file `source`, delivered as `name`, and write its records to the Parquet file `out`.

    `name` is the path below landing/<produsen>/<dataset>/, with `/`. The Parquet is for `records` to read.
    Constants, facts in the path and wide-to-long are applied. Titles, headers and blank rows are no records.
    A finding with tingkat `kritis` and a `baris` marks a record that was read but is not to be trusted.

    Raises:
        ReadError: the file cannot be read; `out` is then as it was.
        OSError: the machine failed (full disk, missing blob); `out` is then as it was.
    """
    reading = Reading(contract, source, name)
    form = detect_form(reading)
    # A file for this run only: moved into place whole, but not worth an fsync.
    with scratch(out.parent, out.suffix) as unfinished:
        rows = _READERS[form](reading, unfinished)
        if rows == 0:
            raise reading.refusal(
                "Berkas kosong: tidak ada satu baris data pun di bawah tajuk.",
                "Ekspor ulang data dari aplikasi asal, periksa bahwa barisnya ada, lalu kirim kembali.",
            )
        unfinished.replace(out)
    return ReadResult(rows, reading.findings)


def records(parts: Sequence[Path]) -> str:
    """SQL of the records in the Parquet files of `read_file`.

    Columns: `_berkas`, `_lembar` (NULL unless a workbook), `_baris` (line, sheet row or ordinal of the JSON
    record, from 1), `_no` (unique over all parts, in their order), then every column of the contract in its
    order, as text exactly as delivered; an empty cell is NULL.
    """
    paths = ", ".join(literal(str(part)) for part in parts)
    return (
        f"SELECT * EXCLUDE ({LINE_COLUMN}, {STEP_COLUMN}), "
        f"{LINE_COLUMN} + {STEP_COLUMN} * file_row_number AS {LINE_COLUMN}, "
        f"file_index::BIGINT * {1 << 40} + file_row_number AS _no FROM read_parquet([{paths}])"
    )


def repetitive(parts: Sequence[Path]) -> frozenset[str]:
    """Columns that hold few values many times, as far as the largest of the parts tells by its encoding.

    Only DuckDB's writer, which the large regular files go through, keeps to a dictionary or to none.
    """
    file = pq.ParquetFile(max(parts, key=lambda part: part.stat().st_size))
    groups = [file.metadata.row_group(i) for i in range(file.num_row_groups)]
    names = file.schema_arrow.names
    return frozenset(n for i, n in enumerate(names) if all("PLAIN_DICTIONARY" in g.column(i).encodings for g in groups))
