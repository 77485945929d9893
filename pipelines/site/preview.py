"""The first rows of a dataset, as the page shows them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column
from pipelines.contract.protection import HIDDEN
from pipelines.site.roles import NUMBERS, roles

ROWS = 20


class Cell(NamedTuple):
    """One value as text; `number` in a column of numbers, `hidden` where disclosure control took it away."""

    text: str
    number: bool
    hidden: bool


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
    columns = dataset.columns
    at = {c.name: n for n, c in enumerate(columns)}
    status = {m.column.name: at[m.status] for m in roles(dataset).measures if m.status}
    kinds = [(c.type in NUMBERS, status.get(c.name)) for c in columns]
    return Preview(
        columns,
        tuple(
            tuple(
                Cell(text, number, not text and why is not None and row[why] == HIDDEN)
                for text, (number, why) in zip(row, kinds, strict=True)
            )
            for row in rows
        ),
    )
