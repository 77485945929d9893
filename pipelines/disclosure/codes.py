"""Dimensions as numbers: the distinct values of a column once, and for each row which of them it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.disclosure.arrays import NONE, Codes, Keys

ROOMY = 8  # times as many keys as rows: up to here a key is looked up by its place in an array
LARGEST = 2**63


def fill(column: pa.Array, empty: int) -> npt.NDArray[Any]:
    """The values of a column without nulls."""
    return np.asarray(pc.fill_null(column, empty).to_numpy(zero_copy_only=False))


@dataclass(frozen=True, eq=False)
class Dimension:
    """The distinct values of a dimension as text, in the order of their first rows, and the one of each row."""

    words: pa.Array
    code: Codes

    def find(self, words: pa.Array) -> Codes:
        """The codes of some words; -1 for a word that no row has."""
        return fill(pc.index_in(words, value_set=self.words), NONE)


class Words:
    """Turns the batches of a column into codes."""

    def __init__(self) -> None:
        self.known = pa.array([], pa.string())
        self._codes: list[Codes] = []

    def add(self, column: pa.Array) -> None:
        """Take the next rows."""
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        here = column.dictionary_encode(null_encoding="encode")
        # Two values of other types may be one text.
        words = here.dictionary.cast(pa.string())
        new = words.filter(pc.is_null(pc.index_in(words, value_set=self.known))).unique()
        self.known = pa.concat_arrays([self.known, new])
        code = pc.index_in(words, value_set=self.known).to_numpy(zero_copy_only=False).astype(np.int32)
        self._codes.append(code[here.indices.to_numpy(zero_copy_only=False)])

    def dimension(self) -> Dimension:
        """All rows that were taken."""
        return Dimension(self.known, np.concatenate([np.zeros(0, dtype=np.int32), *self._codes]))


class Index:
    """The row of each combination of codes.

    A combination is one number, its key: the sum of code * stride, so that the key of the row that differs in one
    dimension follows by adding.
    """

    def __init__(self, dims: Sequence[Dimension]) -> None:
        sizes = [max(len(d.words), 1) for d in dims]
        room = prod(sizes)
        steps = [prod(sizes[i + 1 :]) for i in range(len(sizes))]
        if room > LARGEST:  # too many to count: odd numbers at random do for all that two rows will ever collide
            steps = [int(n) | 1 for n in np.random.default_rng(0).integers(2**63, size=len(sizes))]
        self.strides = np.array(steps, dtype=np.uint64)
        rows = dims[0].code.size if dims else 0
        self.key: Keys = np.zeros(rows, dtype=np.uint64)
        for one, stride in zip(dims, self.strides, strict=True):
            self.key += one.code.astype(np.uint64) * stride
        self._row = self._sorted = None
        if room <= ROOMY * rows:
            self._row = np.full(room, NONE, dtype=np.int32)
            self._row[self.key] = np.arange(rows, dtype=np.int32)
            self.twice = bool((self._row[self.key] != np.arange(rows)).any())
        else:
            self._order = np.argsort(self.key, kind="stable").astype(np.int32)
            self._sorted = self.key[self._order]
            self.twice = bool((self._sorted[1:] == self._sorted[:-1]).any())

    def find(self, keys: Keys) -> Codes:
        """The rows with some keys; -1 where there is none."""
        if self._row is not None:
            return self._row[keys]
        if self._sorted is None or not self._sorted.size:
            return np.full(keys.size, NONE, dtype=np.int32)
        at = np.searchsorted(self._sorted, keys).clip(max=self._sorted.size - 1)
        return np.where(self._sorted[at] == keys, self._order[at], NONE)
