"""Write records to the all-text Parquet, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contract.model import FILE_COLUMN, LINE_COLUMN
from pipelines.read.error import Reading
from pipelines.read.header import BLANK, Row
from pipelines.read.layout import Cell, Layout, Line, Text, WideName, WideValue

SHEET_COLUMN = "_lembar"
STEP_COLUMN = "_langkah"
BATCH_CELLS = 400_000
BATCH_CHARACTERS = 16 << 20
REPEATED_MAX = 256 << 20


def write_records(reading: Reading, layout: Layout, rows: Iterable[Row], out: Path) -> int:
    """Write rows to `out`; return how many records they became (a wide row becomes one per wide column)."""
    texts = [pa.field(key, pa.string()) for key in layout.columns]
    fields = [
        (FILE_COLUMN, pa.string()),
        (SHEET_COLUMN, pa.string()),
        (LINE_COLUMN, pa.int64()),
        (STEP_COLUMN, pa.int8()),
    ]
    schema = pa.schema([*fields, *texts])
    count = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(reading, rows, layout):
            table = _table(reading, layout, batch, schema)
            writer.write_table(table)
            count += table.num_rows
    return count


def _batches(reading: Reading, rows: Iterable[Row], layout: Layout) -> Iterator[list[Row]]:
    width = max(layout.width, 1)
    per_record = len(layout.columns) * len(layout.wide) if layout.wide else 0
    batch: list[Row] = []
    cells = characters = 0
    for line, row in rows:
        if len(row) != width:
            row = row[:width] + [""] * (width - len(row))
        batch.append((line, row))
        cells += width + per_record
        length = sum(map(len, row)) * (len(layout.wide) or 1)
        if length > REPEATED_MAX:
            raise reading.refusal(
                f"Baris {line} terlalu panjang: teksnya berulang di {len(layout.wide)} kolom lebar.",
                "Periksa isi baris itu, lalu kirim kembali.",
                baris=line,
            )
        characters += length
        if cells >= BATCH_CELLS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, cells, characters = [], 0, 0
    if batch:
        yield batch


def _table(reading: Reading, layout: Layout, batch: Sequence[Row], schema: pa.Schema) -> pa.Table:
    times = len(layout.wide) or 1
    lines = [line for line, _ in batch]
    cells = list(zip(*(row for _, row in batch), strict=True))
    size = len(batch) * times

    def repeated(values: Sequence[str | int | None]) -> Sequence[str | int | None]:
        return values if times == 1 else [value for value in values for _ in range(times)]

    arrays = [
        pa.repeat(pa.scalar(reading.name, pa.string()), size),
        pa.repeat(pa.scalar(reading.lembar, pa.string()), size),
        pa.array(repeated(lines), pa.int64()),
        pa.repeat(pa.scalar(0, pa.int8()), size),
    ]
    for origin in layout.columns.values():
        match origin:
            case Cell(index):
                arrays.append(pa.array(repeated([cell or None for cell in cells[index]]), pa.string()))
            case Text(text):
                arrays.append(pa.repeat(pa.scalar(text, pa.string()), size))
            case Line():
                arrays.append(pa.array(repeated([str(line) for line in lines]), pa.string()))
            case WideName():
                arrays.append(pa.array([name for _, name in layout.wide] * len(batch), pa.string()))
            case WideValue():
                values = [row[index] or None for _, row in batch for index, _ in layout.wide]
                arrays.append(pa.array(values, pa.string()))
    return pa.Table.from_arrays(arrays, schema=schema)


def watch_margins(reading: Reading, layout: Layout, rows: Iterable[Row]) -> Iterator[Row]:
    """Pass rows on, and note once where a column without a header holds something."""
    unnamed = set(layout.unnamed)
    if not unnamed:
        yield from rows
        return
    for line, row in rows:
        for index in [i for i in unnamed if i < len(row) and row[i].strip(BLANK)]:
            unnamed.discard(index)
            reading.note(
                f"Kolom ke-{index + 1} berisi data tetapi tidak punya tajuk; isinya tidak dimuat.",
                "Beri tajuk pada kolom itu atau kosongkan.",
                baris=line,
            )
        yield line, row
