"""What a published column counts, and so how much of it may be told (`lindungi` of a contract column)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from pipelines.contract.fields import wrong
from pipelines.contract.part import Part

THRESHOLD = {"orang": 5, "khusus": 10}
DOMINANCE = 0.85
P_PERCENT = 0.10
SCALES = {"ribu": 1e3, "juta": 1e6, "miliar": 1e9, "triliun": 1e12}
HIDDEN = "disembunyikan"  # the status, in every table of a release, of a number that is not told
SIMPLE = ("orang", "khusus", "turunan")


class Contributors(Part):
    """Columns of the same row that say who contributed to a magnitude. They need not be published."""

    penyumbang: str = Field(description="Column: how many contributed")
    terbesar: str = Field(description="Column: the largest contribution, in the unit of the magnitude")
    kedua: str | None = Field(default=None, description="Column: the second largest; without it two are too few")


class Protection(Part):
    """How one published column is protected.

    `orang`: a count of persons. `khusus`: a count of persons about health, children, finance or other
    specific personal data. `besaran`: a magnitude with contributors. `turunan`: a rate, share or mean of
    other columns, hidden where one of these is. `tidak`: nothing to hide, and why.
    """

    jenis: Literal["orang", "khusus", "turunan", "besaran", "tidak"]
    besaran: Contributors | None = None
    tidak: str | None = Field(default=None, min_length=5, description="Why nothing in it needs protection")

    @model_validator(mode="after")
    def _complete(self) -> Protection:
        if (self.jenis == "besaran") != (self.besaran is not None):
            raise wrong(("besaran",), "write lindungi: {besaran: {penyumbang: <column>, terbesar: <column>}}")
        if (self.jenis == "tidak") != (self.tidak is not None):
            raise wrong(("tidak",), "write lindungi: {tidak: <why nothing in it needs protection>}")
        return self

    def columns(self) -> list[str]:
        """The other columns of the row that it names."""
        return [name for name in self.besaran.model_dump().values() if name] if self.besaran else []

    @property
    def threshold(self) -> int:
        """Counts above zero and below it are not published; 0 for what is no count."""
        return THRESHOLD.get(self.jenis, 0)


def _shorthand(value: object) -> object:
    if isinstance(value, str) and value in SIMPLE:
        return {"jenis": value}
    if (
        isinstance(value, dict)
        and "jenis" not in value
        and len(value) == 1
        and next(iter(value)) in ("besaran", "tidak")
    ):
        return {"jenis": next(iter(value)), **value}
    if isinstance(value, str):
        raise ValueError(f"'{value}': write {', '.join(SIMPLE)}, {{besaran: ...}} or {{tidak: <why>}}")
    return value


Lindungi = Annotated[Protection, BeforeValidator(_shorthand, json_schema_input_type=str | dict[str, object])]


def scale(unit: str | None) -> float:
    """How many of the thing one of the unit is: 1000 for 'ribu jiwa', else 1."""
    first, _, rest = (unit or "").strip().lower().partition(" ")
    return SCALES.get(first, 1) if rest else 1


def default_protection(unit: str | None, persons: Collection[str], ratios: Collection[str]) -> Protection | None:
    """Protection that follows from a unit of measure, where the contract is silent.

    `persons` are the units that count persons, `ratios` those of rates, shares and means (_umum.yml), lower
    case. None: neither, and nothing of it is hidden for its own sake.
    """
    text = re.sub(r"\s+", " ", (unit or "").strip().lower())
    if scale(text) != 1:
        text = text.partition(" ")[2]
    if text in persons:
        return Protection(jenis="orang")
    if text in ratios or (" per " in text and text.partition(" per ")[0] in persons):
        return Protection(jenis="turunan")
    return None
