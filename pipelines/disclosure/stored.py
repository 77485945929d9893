"""A table as numbers: its dimensions as codes, and one number for each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from pipelines.disclosure.arrays import NONE, Cells, Codes, Keys, Numbers
from pipelines.disclosure.codes import Dimension, Index, fill
from pipelines.disclosure.table import LEVELS, TOTAL_WORDS, DisclosureError, Table

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Stored:
    """A table in memory. Cell = base + row * number of additive measures + position of the measure.

    `value` are the true numbers by row and position, NaN where nothing was delivered; `seen` those that are
    published, NaN also where one is hidden. `more` has the derived measures and the contributors by name.
    """

    table: Table
    base: int
    dims: Mapping[str, Dimension]
    value: Numbers
    seen: Numbers
    more: Mapping[str, Numbers]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.value)

    @cached_property
    def additive(self) -> tuple[str, ...]:
        """The measures that have cells."""
        return tuple(self.table.additive)

    @cached_property
    def width(self) -> int:
        """Cells in a row."""
        return len(self.additive)

    @property
    def end(self) -> int:
        """The cell after its last."""
        return self.base + int(self.value.size)

    def published(self, name: str) -> Numbers:
        """The published numbers of a measure by row."""
        return self.seen[:, self.additive.index(name)] if name in self.additive else self.more[name]

    def column(self, name: str) -> Numbers:
        """The true numbers of a column by row."""
        return self.value[:, self.additive.index(name)] if name in self.additive else self.more[name]

    def part(self, cells: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """Its part of an array by cell, by row and position."""
        return cells[self.base : self.end].reshape(self.value.shape)

    def own(self, cells: Cells) -> tuple[Cells, Cells]:
        """Those of some cells (ascending) that are its own, by row and position."""
        first, last = np.searchsorted(cells, (self.base, self.end))
        if first == last:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        row, position = np.divmod(cells[first:last] - self.base, self.width)
        return row, position

    def match(self, other: Stored) -> Codes:
        """For each row of another table with the same dimensions the row here; -1 for none."""
        key: Keys = np.zeros(other.rows, dtype=np.uint64)
        able = np.ones(other.rows, dtype=bool)
        for dim, stride in zip(self.table.dims, self.index.strides, strict=True):
            code = self.dims[dim].find(other.dims[dim].words)[other.dims[dim].code]
            able &= code != NONE
            key += code.astype(np.uint64) * stride
        row = np.full(other.rows, NONE, dtype=np.int32)
        row[able] = self.index.find(key[able])
        return row

    @cached_property
    def index(self) -> Index:
        """Its rows by their dimensions. Raises DisclosureError if these do not tell the rows apart."""
        index = Index(list(self.dims.values()))
        if index.twice:
            raise DisclosureError(
                f"{self.table.name}: several rows have the same {', '.join(self.table.dims)}; "
                "correct the dimensions of the table"
            )
        return index

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """Lengths of its place codes, coarse to fine; (0,) without places."""
        if self.table.place is None:
            return (0,)
        return tuple(n for n in LEVELS if (self.lengths == n).any())

    @cached_property
    def lengths(self) -> Cells:
        """Of each word of the place its length, 0 for no place."""
        assert self.table.place is not None
        return fill(pc.utf8_length(self.dims[self.table.place].words), 0)

    @cached_property
    def totals(self) -> dict[str, Codes]:
        """For each category that has them the values that mean all its values together."""
        found = {}
        for name in self.table.categories:
            said = pc.match_substring_regex(self.dims[name].words, TOTAL_WORDS, ignore_case=True)
            codes = np.flatnonzero(fill(said, False)).astype(np.int32)
            if codes.size:
                found[name] = codes
        return found


def same_cells(new: Stored, old: Stored) -> Iterator[tuple[Cells, Cells]]:
    """Cells of two editions of a table that stand for the same thing, measure by measure."""
    row = new.match(old)
    there = np.flatnonzero(row != NONE)
    for position, name in enumerate(old.additive):
        yield (
            new.base + row[there] * np.int64(new.width) + new.additive.index(name),
            old.base + there * old.width + position,
        )
