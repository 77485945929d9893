"""What a person sees on the terminal: progress and tables; plain text when it is not a terminal."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from pipelines.night import Line, Say

# No markup: what is printed may hold names of files and folders, and their brackets are theirs.
console = Console(highlight=False, markup=False)
COLOURS = {"SESUAI": "green", "DIKEMBALIKAN": "red", "GAGAL": "red", "DUPLIKAT": "yellow", "BELUM ADA": "dim"}


@contextmanager
def progress() -> Iterator[Say]:
    """A spinner with the present step on a terminal; one line a step elsewhere."""
    if not console.is_terminal:
        yield lambda text: print(f"- {text}", flush=True)
        return
    with console.status("starting") as status:
        yield status.update


def table(header: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None) -> None:
    """A table: drawn on a terminal, as CSV with full names elsewhere."""
    if not console.is_terminal:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
        return
    drawn = Table(*header, title=title)
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        drawn.add_row(*(Text(cell, style=COLOURS.get(cell, "")) for cell in cells))
    console.print(drawn)


def summary(lines: list[Line]) -> None:
    """The table at the end of a night, one line a dataset."""
    rows = []
    for line in lines:
        loads = line.state.latest.loads if line.state.latest else []
        totals = [
            sum(getattr(load, f"baris_{n}") for load in loads)
            for n in ("dibaca", "diterima", "karantina", "bukan_data")
        ]
        returned = sum(load.status == "DIKEMBALIKAN" for load in loads)
        note = line.error or (f"{returned} of {len(loads)} files returned" if 0 < returned < len(loads) else "")
        note = "late" if line.late and not note else note
        findings = line.state.latest.findings if line.state.latest else 0
        rows.append([line.key, line.status, len(loads), *totals, findings, "" if line.worked else "unchanged", note])
    table(
        ["dataset", "status", "files", "read", "accepted", "quarantined", "non-data", "findings", "", "note"],
        rows,
    )
