"""The typed contract of one export (design section 4).

One YAML file describes one export, and every stage reads it from here. The models refuse
unknown keys and never turn a number into text: a code that YAML read as a number is an error.
Field names are the Indonesian words that stand in the YAML.
"""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from pipelines.contract.fields import Share, TextList, wrong
from pipelines.contract.identity import Family, Identity, Institution, Person, named_columns
from pipelines.contract.part import Part
from pipelines.contract.protection import Lindungi
from pipelines.contract.reading import NumberLocale, ReadSpec
from pipelines.contract.statistics import Indicator, StatisticalActivity

Tingkat = Literal["provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan"]
Jadwal = Literal["harian", "mingguan", "bulanan", "triwulanan", "tahunan"]
Keparahan = Literal["kritis", "peringatan"]

IDENTIFIER = re.compile(r"^[a-z](_?[a-z0-9])*_?$")
WILAYAH_CODE = re.compile(r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$")
LINE_COLUMN = "_baris"
FILE_COLUMN = "_berkas"
PSEUDO_COLUMNS = (LINE_COLUMN, FILE_COLUMN)
ROW_ID = "id_baris"
PLACE_COLUMNS = ("kode_wilayah", "wilayah_metode", "wilayah_skor")


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
    lindungi: Lindungi | None = Field(
        default=None, description="What the numbers count, and so which are too small to tell; default: by satuan"
    )
    indikator: Indicator | None = Field(default=None, description="The column is an indicator: what BPS asks about it")

    @field_validator("nilai", mode="before", json_schema_input_type=list[str] | dict[str, TextList])
    @classmethod
    def _values(cls, value: object) -> object:
        return {v: [] for v in value} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _spelled_once(self) -> Self:
        seen: dict[str, str] = {}
        for value, others in self.nilai.items():
            for spelling in (value, *others):
                other = seen.setdefault(spelling.casefold(), value)
                if other != value:
                    message = f"'{spelling}' is claimed by '{other}' and '{value}'; keep it in one"
                    raise wrong(("nilai", value), message)
        return self


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
    titik: list[str] = Field(
        default=[], description="[lintang, bujur]: columns with these standards, WGS 84 in degrees"
    )
    waktu: str | None = Field(
        default=None,
        description="Column with standar tanggal or tahun: the row's date, for codes that changed over time",
    )
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

    @field_validator("titik")
    @classmethod
    def _pair(cls, value: list[str]) -> list[str]:
        if value and (len(value) != 2 or value[0] == value[1]):
            raise ValueError("write two different columns: [lintang, bujur]")
        return value

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if not (self.kode or self.nama or self.tetap or self.titik):
            raise ValueError("say where the rows belong: kode, nama, titik or tetap")
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
    jadwal: Jadwal
    klasifikasi: Literal["terbuka", "terbatas", "dikecualikan"]
    lisensi: str = "CC-BY-4.0"
    kata_kunci: list[str] = Field(default=[])
    kategori: str | None = Field(default=None, min_length=3, description="Topic in the catalogue, as SDI names it")
    prioritas_tahun: list[int] = Field(default=[], description="Years in which it is a Data Prioritas of SDI")
    persetujuan: Literal["walidata", "otomatis"] = Field(
        default="walidata", description="Who approves a release of it: a person, or the night by itself"
    )
    salinan_dari: str | None = Field(
        default=None, description="<produsen>.<dataset> that owns the same file; this one then loads no rows"
    )
    wajib_simpan: str | None = Field(
        default=None, min_length=3, description="Law that forbids erasing a person's rows, as it is cited"
    )
    fakta: str | None = Field(
        default=None, pattern=IDENTIFIER.pattern, description="Table name after fct_; default: the dataset"
    )
    baca: ReadSpec = ReadSpec()
    kunci: list[str] = Field(default=[])
    batas: Limits = Limits()
    kolom: dict[str, Column] = Field(min_length=1)
    kaidah: list[RowRule] = Field(default=[])
    wilayah: Place | None = None
    identitas: dict[str, Identity] = Field(default={}, description="Roles of persons, families and institutions")
    statistik: StatisticalActivity | None = Field(default=None, description="What BPS asks about the activity")

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

    def people(self) -> dict[str, Person]:
        """The persons in a row, by role."""
        return {role: e for role, e in self.identitas.items() if isinstance(e, Person)}

    def families(self) -> dict[str, Family]:
        """The families in a row, by role."""
        return {role: e for role, e in self.identitas.items() if isinstance(e, Family)}

    def institutions(self) -> dict[str, Institution]:
        """The institutions in a row, by role."""
        return {role: e for role, e in self.identitas.items() if isinstance(e, Institution)}

    def contributors(self) -> list[str]:
        """Unpublished columns that protect published numbers: who contributed to a magnitude (`lindungi.besaran`)."""
        named = [n for c in self.kolom.values() if c.terbit and c.lindungi for n in c.lindungi.columns()]
        return [name for name in self.kolom if name in named and not self.kolom[name].terbit]

    def file_facts(self) -> list[str]:
        """Columns whose values stand in the path of the file."""
        return re.findall(r"{(\w+)}", self.baca.dari_berkas or "")

    def locale(self, column: str) -> NumberLocale:
        """Number locale of a column."""
        return self.kolom[column].angka or self.baca.angka

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        wide = {"nama": self.baca.lebar.nama, "nilai": self.baca.lebar.nilai} if self.baca.lebar else {}
        mentioned: list[tuple[tuple[str | int, ...], list[str]]] = [
            (("kunci",), self.kunci),
            *((("kolom", k, "lindungi", "besaran"), c.lindungi.columns()) for k, c in self.kolom.items() if c.lindungi),
            *((("baca", "lebar", key), [name]) for key, name in wide.items()),
            (("baca", "dari_berkas"), self.file_facts()),
            *((("baca", "bukan_data", i), [n.kolom, *n.jumlah]) for i, n in enumerate(self.baca.bukan_data)),
            *((("kaidah", i, "kolom"), [r.kolom]) for i, r in enumerate(self.kaidah)),
        ]
        if self.wilayah:
            mentioned.append((("wilayah", "kode"), [self.wilayah.kode] if self.wilayah.kode else []))
            mentioned += [(("wilayah", "nama", level), [name]) for level, name in self.wilayah.nama.items()]
            mentioned.append((("wilayah", "titik"), self.wilayah.titik))
            mentioned.append((("wilayah", "waktu"), [self.wilayah.waktu] if self.wilayah.waktu else []))
        for role, entity in self.identitas.items():
            mentioned += [(("identitas", role, key), [name]) for key, name in named_columns(entity)]
        for key, names in mentioned:
            for name in names:
                if name not in self.kolom:
                    known = ", ".join(self.kolom)
                    raise wrong(key, f"there is no column '{name}'; write one of kolom: {known}")
        return self

    @model_validator(mode="after")
    def _place_columns_fit(self) -> Self:
        """What `wilayah.titik` and `wilayah.waktu` name can be read as such."""
        place = self.wilayah
        if place is None:
            return self
        for name, standard in zip(place.titik, ("lintang", "bujur"), strict=False):
            if self.kolom[name].standar != standard:
                raise wrong(("wilayah", "titik"), f"column '{name}' must have standar {standard}")
        if place.waktu and self.kolom[place.waktu].standar not in ("tanggal", "tahun"):
            raise wrong(("wilayah", "waktu"), f"column '{place.waktu}' must have standar tanggal or tahun")
        return self

    @model_validator(mode="after")
    def _roles_fit(self) -> Self:
        """Each role has something to know it by, and makes a column that is not there yet."""
        taken = {*self.kolom, ROW_ID}
        for role, entity in self.identitas.items():
            if not IDENTIFIER.match(role) or f"id_{role}" in taken:
                raise wrong(("identitas", role), f"the column id_{role} is there or no name; choose another role")
            if isinstance(entity, Person) and not (entity.nik or entity.nama):
                raise wrong(("identitas", role), "say at least which column holds the nik or the nama")
            if isinstance(entity, Institution) and not (entity.kode or entity.nama):
                raise wrong(("identitas", role), "say at least which column holds the kode or the nama")
            if isinstance(entity, Family) and entity.anggota and entity.anggota not in self.people():
                raise wrong(("identitas", role, "anggota"), f"there is no person of the role '{entity.anggota}'")
        return self

    @model_validator(mode="after")
    def _columns_have_one_origin(self) -> Self:
        wide = [self.baca.lebar.nama, self.baca.lebar.nilai] if self.baca.lebar else []
        elsewhere = {*wide, *self.file_facts()}
        seen: dict[str, str] = {}
        for name, column in self.kolom.items():
            if column.standar == "titik":
                message = "titik is no column; give it as lintang and bujur, and name both in wilayah.titik"
                raise wrong(("kolom", name, "standar"), message)
            if not IDENTIFIER.match(name):
                raise wrong(("kolom", name), f"'{name}': use lower case letters, digits and _")
            if self.wilayah and name in PLACE_COLUMNS:
                raise wrong(("kolom", name), f"'{name}' is made from wilayah:; choose another name for this column")
            ways = [bool(column.dari), column.tetap is not None, name in elsewhere]
            if sum(ways) != 1:
                message = "must come from exactly one of: dari, tetap, baca.lebar, baca.dari_berkas"
                raise wrong(("kolom", name), message)
            for header in column.dari:
                other = seen.setdefault(header.casefold().strip(), name)
                if other != name:
                    message = f"header '{header}' is claimed by the columns '{other}' and '{name}'; keep one"
                    raise wrong(("kolom", name, "dari"), message)
        return self
