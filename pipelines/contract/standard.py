"""The typed form of one data standard (expectations/standards/<name>.yml; design section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from pipelines.contract.fields import Re2, Share
from pipelines.contract.model import IDENTIFIER, Contract, Keparahan
from pipelines.contract.part import Part

PLACE_STANDARDS = ("kode_wilayah", "nama_wilayah")
Subjek = Literal["orang", "lembaga", "umum"]


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


class Recognition(Part):
    """One way to recognise a value of this kind inside any text or number; the gate of the release looks for it.

    Text is made plain first (pipelines/gate/plain.py): digits of any script, look-alike letters, invisible
    characters. `angka` finds that many digits with marks between them; `pola` whatever it matches ({tanda} stands
    for such marks), or its first group. `sah` is a
    DuckDB predicate over {x}, the digits (or what `pola` caught). A predicate that names {utuh} is a weak one:
    it is only right where nothing else is joined to the digits.
    """

    angka: list[int] = Field(default=[], description="How many digits it has")
    pola: Re2 | None = None
    sah: str = "true"
    sebutan: Re2 | None = Field(
        default=None, description="Words that announce it; any `angka` digits right after them are taken for it"
    )
    bilangan: str | None = Field(
        default=None, description="As `sah`, over the digits of a whole number that has lost its leading zeros"
    )
    subjek: list[Subjek] = Field(
        default=["orang", "lembaga", "umum"], description="Looked for where the rows are about these"
    )
    bila_bukan_pribadi: str | None = Field(
        default=None, description="What passes in a column of this standard with pribadi: false; predicate over {x}"
    )
    aman: bool = Field(default=False, description="A whole word that `pola` matches is a code of no person")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.angka) == bool(self.pola):
            raise ValueError("say how it is recognised: angka or pola, one of them")
        return self


class Honour(Part):
    """Words before a person's name that make it the name of a street or an institution (of nama_orang)."""

    kata: list[str] = Field(min_length=1, description="What is named so: jalan, sd, rumah sakit")
    sela: list[str] = Field(min_length=1, description="What may stand between: negeri, jenderal")


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
    gerbang: list[Recognition] = Field(default=[], description="How the gate of the release recognises it anywhere")
    penghormatan: Honour | None = None
    penanggung_jawab: Literal["produsen", "walidata"] = "produsen"
    sumber: str = Field(description="Law, standard or paper the rule comes from")
    contoh: Examples | None = None

    nama: str = Field(default="", exclude=True)
    path: str = Field(default="", exclude=True)

    @property
    def numeric(self) -> bool:
        """Whether values of this standard add up."""
        return self.tipe in ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL(20,2)")


def is_personal(contract: Contract, standards: Mapping[str, Standard], column: str) -> bool:
    """Whether a column holds personal data: the contract's word, else the standard's."""
    spec = contract.kolom[column]
    return standards[spec.standar].pribadi if spec.pribadi is None else spec.pribadi
