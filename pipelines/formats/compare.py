"""Whether a file read back holds the rows that were to be written: cell by cell, in order, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

BATCH = 8192  # rows; also a good size where rows pass through Python


class FileError(Exception):
    """A file does not hold what it should. A defect of this program or of the disk, never of the data."""


def check_rows(out: Path, expected: Iterable[pa.RecordBatch], found: Iterable[pa.RecordBatch]) -> None:
    """Compare two streams of the same columns, however they are cut; raises FileError where they differ.

    An error of Arrow on reading `found` is one of the file too. NaN equals nothing.
    """
    wanted, there = _rows(expected), _rows(found)
    try:
        row, left, right = 0, next(wanted, None), next(there, None)
        while left is not None and right is not None:
            size = min(left.num_rows, right.num_rows)
            if not _equal(left.slice(0, size), right.slice(0, size)):
                raise FileError(f"{out.name}: rows {row + 1} to {row + size} differ from what was to be written")
            row += size
            left = left.slice(size) if left.num_rows > size else next(wanted, None)
            right = right.slice(size) if right.num_rows > size else next(there, None)
    except pa.ArrowInvalid as error:
        raise FileError(f"{out.name}: cannot be read back after row {row}") from error
    if left is not None or right is not None:
        raise FileError(f"{out.name}: has {'fewer' if right is None else 'more'} rows than were to be written: {row}")


def check_count(out: Path, expected: int, found: int) -> None:
    """Compare numbers of rows; raises FileError where they differ, as they do if a place has two polygons."""
    if found != expected:
        raise FileError(f"{out.name}: has {found} rows instead of {expected}; is a place in the borders twice?")


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    return (batch for batch in batches if batch.num_rows)


def _equal(one: pa.RecordBatch, other: pa.RecordBatch) -> bool:
    return one.num_columns == other.num_columns and all(
        a.equals(b) for a, b in zip(one.columns, other.columns, strict=True)
    )
