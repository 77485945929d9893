"""`baca:` of a contract: how the bytes of one file become records."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from pipelines.contract.fields import Re2, Regex, TextList
from pipelines.contract.part import Part

NumberLocale = Literal["id", "en", "auto"]


class Wide(Part):
    """A wide table made long: the headers matching `kolom` become rows."""

    kolom: Regex = Field(description="Regular expression; every header that matches becomes rows")
    nama: str = Field(description="Key in `kolom:` that receives the header's text")
    nilai: str = Field(description="Key in `kolom:` that receives the cell")


class NonData(Part):
    """Rows that are declared not to be data: totals, notes, signatures."""

    kolom: str = Field(description="Key in `kolom:` whose raw text is looked at")
    pola: Re2 = Field(description="Regular expression (RE2, case-insensitive, anywhere in the text)")
    alasan: str = Field(default="bukan data", description="Shown in the report: total, catatan, ...")
    jumlah: list[str] = Field(
        default=[],
        description="Columns whose accepted rows must add up to this row; a difference is a finding",
    )


class ReadSpec(Part):
    """How the bytes of one file become records. Every key has a sensible default."""

    file: TextList = Field(default=["**/*"], description="Glob(s) below landing/<produsen>/<dataset>/")
    format: Literal["csv", "xlsx", "xls", "json"] | None = Field(
        default=None, description="Found from the content when absent"
    )
    pemisah: str | None = Field(default=None, min_length=1, max_length=1, description="CSV delimiter")
    enkode: Literal["utf-8", "cp1252"] | None = Field(default=None, description="Text encoding")
    lembar: int | str = Field(default=0, description="Sheet: position from 0, or its name")
    tajuk: Literal["auto"] | int | list[int] = Field(
        default="auto", description="Header row from 1, [first, last] for stacked headers, or auto"
    )
    angka: NumberLocale = Field(default="id", description="id = 1.234,5  en = 1,234.5  auto = refuse 1.234")
    rekaman: str | None = Field(default=None, description="JSON: dotted path of the list of records")
    dari_berkas: str | None = Field(default=None, description="Facts in the path, e.g. '{tahun}/{daerah}.csv'")
    lebar: Wide | None = None
    bukan_data: list[NonData] = Field(default=[])
    abaikan: list[str] = Field(default=[], description="Headers that are known and not loaded")

    @field_validator("tajuk")
    @classmethod
    def _rows(cls, value: object) -> object:
        rows = [value] if isinstance(value, int) else value
        if isinstance(rows, list) and (
            not 1 <= len(rows) <= 2 or min(rows) < 1 or rows != sorted(rows) or rows[-1] - rows[0] > 3
        ):
            raise ValueError("a row from 1, or [first, last] with at most four rows")
        return value
