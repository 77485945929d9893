"""The parts of a descriptor, typed, under the names they have in `datapackage.json`.

Unknown keys are passed over: a dataset that is carried over may have been described by a later program.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.contract.model import Jadwal as Jadwal
from pipelines.contract.role import Peran
from pipelines.spreadsheet import unescaped

Value = str | bool | int | float


class View(BaseModel):
    """Base of all parts: read only."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Licence(View):
    """A licence: its short name, and its text on the web where that is known."""

    name: str
    path: str | None = None


class Constraints(View):
    """What holds for every value of a column. `enum` is spelled as in the CSV."""

    required: bool = False
    unique: bool = False
    pattern: str | None = None
    minimum: Value | None = None
    maximum: Value | None = None
    enum: tuple[Value, ...] = ()


class Column(View):
    """One column of a table. `title` is its konsep, `description` its definisi."""

    name: str
    type: str
    title: str = ""
    description: str = ""
    constraints: Constraints = Constraints()
    satuan: str | None = None
    ukuran: str | None = None  # what is measured, as the standard says: Jumlah, Waktu
    standar: str | None = None
    peran: Peran | None = None
    klasifikasi: str | None = None  # name of the code list that explains the values
    indikator: dict[str, Any] | None = None  # what the contract says of a column that is an indicator

    @property
    def label(self) -> str:
        """A name for people, never empty."""
        return self.title or self.name.replace("_", " ").capitalize()

    @property
    def values(self) -> tuple[Value, ...]:
        """The values that it may hold, as they are and not as a cell of the CSV guards them; none where any may be."""
        return tuple(unescaped(v) if isinstance(v, str) else v for v in self.constraints.enum)


class Reference(View):
    """The other end of a foreign key; an empty resource is the table itself."""

    resource: str = ""
    fields: tuple[str, ...]


class ForeignKey(View):
    """Columns whose values stand in another table of the folder."""

    fields: tuple[str, ...]
    reference: Reference


class Table(View):
    """Columns and keys of a CSV file."""

    columns: tuple[Column, ...] = Field(alias="fields")
    primary_key: tuple[str, ...] = Field(default=(), alias="primaryKey")
    foreign_keys: tuple[ForeignKey, ...] = Field(default=(), alias="foreignKeys")


class Resource(View):
    """One file of the dataset's folder. `hash` is `sha256:` and 64 hex digits; `table` only for a table."""

    name: str
    path: str = Field(pattern=r"^[^/\\.][^/\\]*$")
    format: str
    mediatype: str
    bytes: int
    hash: str = Field(pattern="^sha256:[0-9a-f]{64}$")
    title: str = ""
    description: str = ""
    licenses: tuple[Licence, ...] = ()
    table: Table | None = Field(default=None, alias="schema")

    @property
    def sha256(self) -> str:
        """The 64 hex digits alone."""
        return self.hash.removeprefix("sha256:")

    @property
    def label(self) -> str:
        """A name for people, never empty."""
        return self.title or self.path


class Produsen(View):
    """The agency that answers for the data; None where nothing is known."""

    kode: str
    nama: str
    instansi: str | None = None
    kode_wilayah: str | None = None
    surel: str | None = None
    situs: str | None = None


class Cakupan(View):
    """What the rows cover: kabupaten/kota (with their names and BPS codes, where told), finest level, years."""

    wilayah: tuple[str, ...] = ()
    nama: tuple[str, ...] = ()
    kode_bps: tuple[str | None, ...] = ()
    tingkat: str | None = None
    tahun: tuple[int, int] | None = None

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each kabupaten/kota; the code again where the name is not told."""
        names = self.nama if len(self.nama) == len(self.wilayah) else self.wilayah
        return tuple(zip(self.wilayah, names, strict=True))

    @property
    def period(self) -> tuple[str, str] | None:
        """First and last day (ISO 8601) of the years covered."""
        return (f"{self.tahun[0]:04}-01-01", f"{self.tahun[1]:04}-12-31") if self.tahun else None


class Temuan(View):
    """So many findings of one standard."""

    standar: str
    konsep: str
    tingkat: Literal["kritis", "peringatan"]
    jumlah: int


class Mutu(View):
    """The last check: score 0-100, rows read, accepted, quarantined, set aside as no data."""

    skor: float
    dibaca: int
    diterima: int
    ditolak: int
    bukan_data: int
    temuan: tuple[Temuan, ...] = ()


class Langkah(View):
    """One step from the agency to this release."""

    langkah: str
    keterangan: str = ""


class Perlindungan(View):
    """Cells that disclosure control hid, in all and by reason (a word of pipelines.disclosure.REASONS)."""

    disembunyikan: int
    alasan: dict[str, int] = Field(default_factory=dict)


class SatuData(View):
    """The block `satudata`: what Data Package has no words for."""

    produsen: Produsen
    jadwal: Jadwal
    diperbarui: date
    berikutnya: date | None = None
    klasifikasi: str = "terbuka"
    kategori: str | None = None
    prioritas_tahun: tuple[int, ...] | None = None
    baris: int
    cakupan: Cakupan = Cakupan()
    mutu: Mutu | None = None
    asal: tuple[Langkah, ...] = ()
    perlindungan: Perlindungan | None = None
    statistik: dict[str, Any] | None = None
