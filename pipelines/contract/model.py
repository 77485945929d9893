"""The typed contract of one export (design section 4).

One YAML file describes one export, and every stage reads it from here. The models refuse
unknown keys and never turn a number into text: a code that YAML read as a number is an error.
Field names are the Indonesian words that stand in the YAML.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

Tingkat = Literal["provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan"]
Keparahan = Literal["kritis", "peringatan"]
NumberLocale = Literal["id", "en", "auto"]

IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")
WILAYAH_CODE = re.compile(r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$")
LINE_COLUMN = "_baris"
FILE_COLUMN = "_berkas"
PSEUDO_COLUMNS = (LINE_COLUMN, FILE_COLUMN)


def _share(value: object) -> object:
    """Accept '2%' as 0.02."""
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?%", value):
        return float(value[:-1]) / 100
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1, description="A share: 0.02 or 2%")]
TextList = Annotated[list[str], BeforeValidator(_as_list)]


class Part(BaseModel):
    """Base of all contract parts: strict types, no unknown keys, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Wide(Part):
    """A wide table made long: the headers matching `kolom` become rows."""

    kolom: str = Field(description="Regular expression; every header that matches becomes rows")
    nama: str = Field(description="Key in `kolom:` that receives the header's text")
    nilai: str = Field(description="Key in `kolom:` that receives the cell")

    @field_validator("kolom")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value


class NonData(Part):
    """Rows that are declared not to be data: totals, notes, signatures."""

    kolom: str = Field(description="Key in `kolom:` whose raw text is looked at")
    pola: str = Field(description="Regular expression (RE2, case-insensitive, anywhere in the text)")
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
    dari_berkas: str | None = Field(
        default=None, description="Facts in the path, e.g. 'apbd/{tahun}/{daerah}.csv'"
    )
    lebar: Wide | None = None
    bukan_data: list[NonData] = []
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


class Column(Part):
    """One column of the conformed table."""

    dari: TextList = Field(default=[], description="Every header (JSON: dotted path) a produsen has used")
    standar: str = Field(description="Name of a file in expectations/standards/")
    wajib: bool = Field(default=False, description="Empty is refused")
    terbit: bool = Field(default=False, description="Published as open data; private unless true")
    tetap: str | None = Field(default=None, description="The same value in every row")
    angka: NumberLocale | None = Field(default=None, description="Overrides baca.angka")
    sistem: Literal["kemendagri", "bps"] | None = Field(default=None, description="Of a kode_wilayah")
    tingkat: Tingkat | None = Field(default=None, description="Of a kode_wilayah or nama_wilayah")
    satuan: str | None = Field(default=None, description="Unit as published; default: the standard's")
    satuan_asal: Literal["ribu", "juta", "miliar", "triliun"] | None = Field(
        default=None, description="Scale of unlabelled numbers in the file"
    )
    pribadi: bool | None = Field(default=None, description="Personal data; default: the standard's")
    nilai: dict[str, TextList] = Field(
        default={}, description="The only values allowed, each with other spellings of it"
    )
    konsep: str | None = None
    definisi: str | None = None

    @field_validator("nilai", mode="before")
    @classmethod
    def _values(cls, value: object) -> object:
        return {v: [] for v in value} if isinstance(value, list) else value


class RowRule(Part):
    """A rule across the columns of one row, such as a total and its parts."""

    nama: str = Field(pattern=IDENTIFIER.pattern)
    sah: str = Field(description="SQL predicate over the typed columns; NULL passes")
    kolom: str = Field(description="Column that the finding points at")
    tingkat: Keparahan = "peringatan"
    pesan: str = Field(description="Bahasa; {nilai} is the cell")
    saran: str


class Place(Part):
    """Which columns say where a row belongs; the finest that resolves is its kode_wilayah."""

    kode: str | None = Field(default=None, description="Column with standar kode_wilayah")
    nama: dict[Tingkat, str] = Field(default={}, description="Columns with standar nama_wilayah, by level")
    tetap: str | None = Field(default=None, description="One place for the whole file, e.g. '33'")
    dalam: str | None = Field(default=None, description="Names are looked for inside this place only")
    bawaan: Literal["kabupaten", "kota"] | None = Field(
        default=None, description="What a bare name means where a kabupaten and a kota share it"
    )

    @field_validator("tetap", "dalam")
    @classmethod
    def _code(cls, value: str | None) -> str | None:
        if value is not None and not WILAYAH_CODE.match(value):
            raise ValueError(f"'{value}' is not a Kemendagri code; write it with dots and quotes: '33.02'")
        return value

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if not (self.kode or self.nama or self.tetap):
            raise ValueError("say where the rows belong: kode, nama or tetap")
        return self


class Limits(Part):
    """Below or above these the delivery is returned and the last good version stays in use."""

    baris_min: int = Field(default=1, ge=0)
    ditolak_maks: Share = 0.05


class Contract(Part):
    """One export of one produsen. `dataset` and `path` come from where the file lies."""

    judul: str = Field(min_length=3)
    deskripsi: str | None = None
    produsen: str = Field(pattern=IDENTIFIER.pattern, description="A key of sources/referensi/opd.csv")
    jadwal: Literal["harian", "mingguan", "bulanan", "triwulanan", "tahunan"]
    klasifikasi: Literal["terbuka", "terbatas", "dikecualikan"]
    lisensi: str = "CC-BY-4.0"
    kata_kunci: list[str] = []
    salinan_dari: str | None = Field(
        default=None, description="<produsen>.<dataset> that owns the same file; this one then loads no rows"
    )
    fakta: str | None = Field(
        default=None, pattern=IDENTIFIER.pattern, description="Table name after fct_; default: the dataset"
    )
    baca: ReadSpec = ReadSpec()
    kunci: list[str] = []
    batas: Limits = Limits()
    kolom: dict[str, Column] = Field(min_length=1)
    kaidah: list[RowRule] = []
    wilayah: Place | None = None

    # Set by the loader from the file's place in the tree, never written in the YAML.
    dataset: str = Field(default="", exclude=True, json_schema_extra={"readOnly": True})
    path: str = Field(default="", exclude=True, json_schema_extra={"readOnly": True})
    sidik: str = Field(default="", exclude=True, json_schema_extra={"readOnly": True})

    @property
    def key(self) -> str:
        """`<produsen>.<dataset>`: how people and the command line name it."""
        return f"{self.produsen}.{self.dataset}"

    @property
    def slug(self) -> str:
        """`<produsen>-<dataset>`: the folder and file name in a release."""
        return f"{self.produsen}-{self.dataset}"

    @property
    def table(self) -> str:
        """Name of the conformed table."""
        return f"fct_{self.fakta or self.dataset}"

    def file_facts(self) -> list[str]:
        """Columns whose values stand in the path of the file."""
        return re.findall(r"{(\w+)}", self.baca.dari_berkas or "")

    def locale(self, column: str) -> NumberLocale:
        """Number locale of a column."""
        return self.kolom[column].angka or self.baca.angka

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        wide = [self.baca.lebar.nama, self.baca.lebar.nilai] if self.baca.lebar else []
        place = [*self.wilayah.nama.values(), *filter(None, [self.wilayah.kode])] if self.wilayah else []
        mentioned = {
            "kunci": self.kunci,
            "baca.lebar": wide,
            "baca.dari_berkas": self.file_facts(),
            "baca.bukan_data": [c for n in self.baca.bukan_data for c in (n.kolom, *n.jumlah)],
            "kaidah": [r.kolom for r in self.kaidah],
            "wilayah": place,
        }
        for where, names in mentioned.items():
            for name in names:
                if name not in self.kolom:
                    known = ", ".join(self.kolom)
                    raise ValueError(f"{where} names the column '{name}'; kolom: has only {known}")
        elsewhere = {*wide, *self.file_facts()}
        seen: dict[str, str] = {}
        for name, column in self.kolom.items():
            if not IDENTIFIER.match(name):
                raise ValueError(f"column '{name}': use lower case letters, digits and _")
            ways = [bool(column.dari), column.tetap is not None, name in elsewhere]
            if sum(ways) != 1:
                raise ValueError(
                    f"column '{name}' must come from exactly one of: dari, tetap, baca.lebar, baca.dari_berkas"
                )
            for header in column.dari:
                other = seen.setdefault(header.casefold().strip(), name)
                if other != name:
                    raise ValueError(f"header '{header}' is claimed by the columns '{other}' and '{name}'")
        return self
