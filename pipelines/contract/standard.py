"""The typed form of one data standard (expectations/standards/<name>.yml; design section 5)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipelines.contract.fields import Share
from pipelines.contract.model import IDENTIFIER, Keparahan
from pipelines.contract.part import Part

PLACE_STANDARDS = ("kode_wilayah", "nama_wilayah")


class Rule(Part):
    """One rule of a standard.

    `sah` is a DuckDB predicate; `{x}` is the normalised text, and NULL always passes (emptiness is
    the contract's `wajib`). `{angka}`, `{sistem}`, `{tingkat}` and `{wajib}` are the contract's settings
    as SQL literals; `{kode}` is the place code found by the resolver, `{masalah}` why none was found.
    In titik.yml `{lintang}`, `{bujur}`, `{titik_kode}`, `{titik_jarak}`, `{kode_baris}` and `{titik_dicari}` stand
    for the pair, its place, metres, the row's code and whether a map was asked. `pesan` may also name `{usul}`,
    `{calon}`, `{kode_tempat}`, `{nama_tempat}`, `{tempat}`, `{titik}` and `{jarak}`.
    """

    nama: str = Field(pattern=IDENTIFIER.pattern)
    sah: str
    tingkat: Keparahan
    pesan: str = Field(description="Bahasa; {nilai} is the cell as delivered")
    saran: str = Field(description="Bahasa; what the produsen does next")


class ColumnRule(Part):
    """A rule over a whole column of a file: damage that only shows in the mass."""

    nama: str = Field(pattern=IDENTIFIER.pattern)
    terkena: str = Field(description="SQL predicate that counts a value as suspicious; {x} as in Rule")
    bagian_maks: Share = Field(gt=0, description="Above this share of the values the file is returned")
    minimal: int = Field(default=30, ge=1, description="Values needed before the share means anything")
    pesan: str
    saran: str


class Examples(Part):
    """Values that must pass and fail; they are tests, on the row's verdict and on Great Expectations'."""

    sah: list[str] = Field(min_length=1)
    salah: dict[str, list[str]] = Field(description="By rule name: values that break exactly that rule")


class Standard(Part):
    """One data standard: the five parts of a *standar data*, and how a machine applies it."""

    konsep: str
    definisi: str
    klasifikasi: str | None = None
    ukuran: str
    satuan: str | None = None
    tipe: Literal["VARCHAR", "BIGINT", "INTEGER", "DOUBLE", "DECIMAL(20,2)", "DATE", "BOOLEAN"] = "VARCHAR"
    pribadi: bool = False
    kosong: list[str] | None = Field(
        default=None, description="Texts that mean 'no value'; default: the list in _umum.yml"
    )
    normalkan: str = Field(default="{x}", description="SQL: mechanical, never changes meaning; {x} is raw")
    aturan: list[Rule] = Field(default=[])
    aturan_kolom: list[ColumnRule] = Field(default=[])
    penanggung_jawab: Literal["produsen", "walidata"] = "produsen"
    sumber: str = Field(description="Law, standard or paper the rule comes from")
    contoh: Examples | None = None

    nama: str = Field(default="", exclude=True)
    path: str = Field(default="", exclude=True)

    @property
    def numeric(self) -> bool:
        """Whether values of this standard add up."""
        return self.tipe in ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL(20,2)")
