"""The first rows of a dataset, as the page shows them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column
from pipelines.contract.protection import HIDDEN
from pipelines.site.roles import roles

ROWS = 20


@dataclass(frozen=True)
class Cell:
    """One value as text; `hidden` where disclosure control took it away."""

    text: str
    hidden: bool = False


@dataclass(frozen=True)
class Preview:
    """Columns, and rows of as many cells."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def preview(release: Path, dataset: Dataset) -> Preview | None:
    """The first rows of the CSV, as they stand there; None for a dataset without one."""
    if dataset.csv is None:
        return None
    with (release / dataset.slug / dataset.csv.path).open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.reader(file), 1, ROWS + 1))
    at = {c.name: n for n, c in enumerate(dataset.columns)}
    status = {at[m.column.name]: at[m.status] for m in roles(dataset).measures if m.status}
    return Preview(
        dataset.columns,
        tuple(
            tuple(
                Cell(value, hidden=not value and n in status and row[status[n]] == HIDDEN)
                for n, value in enumerate(row)
            )
            for row in rows
        ),
    )
