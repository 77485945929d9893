"""`identitas:` of a contract: who and what the rows are about (design section 6).

Each key is a role (peran) that a person, a family or an institution plays in the row; the conformed table
gets a column `id_<peran>`. Everything else names columns of `kolom:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pipelines.contract.part import Part

Kind = Literal["penduduk", "keluarga", "institusi"]
PERSON_FIELDS = ("nik", "no_kk", "nama", "jenis_kelamin", "tanggal_lahir", "nama_ibu", "alamat")


class Death(Part):
    """Rows that say that the person of this role has died."""

    bila: str = Field(description="SQL predicate over the typed columns, such as jenis = 'kematian'")
    tanggal: str = Field(description="Column with the day")


class Person(Part):
    """A person in the row, and the columns that tell who it is."""

    kind: ClassVar[Kind] = "penduduk"

    jenis: Literal["penduduk"]
    nik: str | None = None
    no_kk: str | None = None
    nama: str | None = None
    jenis_kelamin: str | None = None
    tanggal_lahir: str | None = None
    nama_ibu: str | None = None
    alamat: str | None = None
    induk: bool = Field(default=False, description="The population register: each of its rows is another person")
    domisili: bool = Field(default=True, description="The row's kode_wilayah is where the person lives")
    prioritas: int = Field(default=5, ge=1, le=9, description="1 is believed first where sources differ")
    meninggal: Death | None = None

    def columns(self) -> dict[str, str]:
        """What tells who it is -> the column of the contract that holds it."""
        return {field: column for field in PERSON_FIELDS if (column := getattr(self, field))}


class Family(Part):
    """The family (kartu keluarga) that the row is about."""

    kind: ClassVar[Kind] = "keluarga"

    jenis: Literal["keluarga"]
    no_kk: str
    anggota: str | None = Field(default=None, description="Role of a person of that family, for rows without a good KK")


class Institution(Part):
    """A school, clinic, business or other institution in the row."""

    kind: ClassVar[Kind] = "institusi"

    jenis: Literal["sekolah", "faskes", "usaha", "pasar", "opd", "desa", "rumah_ibadah", "lainnya"]
    kode: str | None = Field(default=None, description="Column with its code, such as standar npsn, kode_faskes, nib")
    nama: str | None = None


Identity = Annotated[Person | Family | Institution, Field(discriminator="jenis")]


def named_columns(entity: Person | Family | Institution) -> Iterator[tuple[str, str]]:
    """(key, column) of every column that an entry of `identitas` names."""
    for key, value in entity:
        if isinstance(value, str) and key not in ("jenis", "anggota"):
            yield key, value
        elif isinstance(value, Death):
            yield key, value.tanggal
