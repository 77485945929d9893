"""What the columns of a dataset are good for in a chart or on a map, as its descriptor says."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Column
from pipelines.site.places import PLACE
from pipelines.sql import ident

MEASURES = 6  # more than these nobody looks for in one list
NUMBERS = {"integer", "number"}
# Parts of a year, and how a period is written with them: 2024-03, 2024-T1.
_PARTS = {"bulan": "-%02d", "triwulan": "-T%d", "semester": "-S%d", "minggu": "-M%02d"}


@dataclass(frozen=True)
class Measure:
    """A column of numbers, and the column that says why a number is missing, if there is one."""

    column: Column
    status: str | None


@dataclass(frozen=True)
class Roles:
    """Columns by what a chart does with them. `groups` may turn out to have too many values to choose from."""

    place: bool
    groups: tuple[Column, ...]
    measures: tuple[Measure, ...]
    year: str | None
    part: str | None
    day: str | None
    point: tuple[str, str] | None  # lintang, bujur
    label: str | None  # what a point is called

    @property
    def period(self) -> str | None:
        """SQL text of a row's period, as fine as the columns tell; texts sort as time does."""
        if self.year and self.part:
            return f"printf('%d{_PARTS[self.part]}', {ident(self.year)}, {ident(self.part)})"
        if self.year:
            return f"{ident(self.year)}::VARCHAR"
        return f"strftime({ident(self.day)}, '%Y-%m-%d')" if self.day else None

    @property
    def coarse_period(self) -> str | None:
        """SQL text of the year of a row, or of the month where only a day is known."""
        if self.year:
            return f"{ident(self.year)}::VARCHAR"
        return f"strftime({ident(self.day)}, '%Y-%m')" if self.day else None


def roles(dataset: Dataset) -> Roles:
    """Sort the columns of a dataset."""
    columns = dataset.columns
    by_standard = {c.standar: c.name for c in reversed(columns) if c.standar and c.type == "number"}
    point = ("lintang", "bujur")
    year = next((c for c in columns if c.type == "integer" and c.standar == "tahun"), None)
    part = next((c for c in columns if c.name in _PARTS and c.type == "integer"), None)
    day = next((c for c in columns if c.type == "date" and c.peran == "waktu"), None)
    timely = {c.name for c in (year, part, day) if c}
    status = {c.name for c in columns if c.peran == "status"}
    groups = tuple(
        c for c in columns
        if c.peran == "dimensi" and c.type in {"string", "boolean", "integer"} and c.name not in timely
    )  # fmt: skip
    measures = [
        Measure(c, next((s for s in (f"status_nilai_{c.name}", "status_nilai") if s in status), None))
        for c in columns
        if c.peran == "ukuran" and c.type in NUMBERS and c.standar not in point and c.name not in timely
    ]
    named = [c.name for c in columns if c.peran in ("dimensi", "keterangan") and c.type == "string"]
    return Roles(
        place=any(c.name == PLACE for c in columns),
        groups=groups,
        measures=tuple(measures[:MEASURES]),
        year=year.name if year else None,
        part=part.name if part and year else None,
        day=day.name if day and not year else None,
        point=(by_standard["lintang"], by_standard["bujur"]) if set(point) <= by_standard.keys() else None,
        label=next((n for n in named if n.startswith("nama")), named[0] if named else None),
    )
