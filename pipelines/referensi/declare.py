"""What the reference files are: `referensi.yml` of every reference folder, typed, and the files found for it.

A declaration names files by glob, relative to a reference folder; each glob is looked for in every
folder, so that the repository can declare the layouts that governments publish and an installation
only has to bring the files. What is in no folder is not there; an entry with `wajib` must be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field

from pipelines.contract.explain import validate
from pipelines.contract.fields import Re2, TextList
from pipelines.contract.model import Tingkat
from pipelines.contract.part import Part
from pipelines.contract.yaml_lines import DeclarationError, Problem, read_yaml
from pipelines.referensi.codes import Sistem

FILE = "referensi.yml"


class ReferenceDataError(Exception):
    """A reference file is missing, unreadable, or contradicts the codes of the edition."""


def _date(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is no date; write it as '2025-04-25'") from None
    return value


Tanggal = Annotated[date, BeforeValidator(_date)]


class Entry(Part):
    """One or more files that belong together."""

    berkas: TextList = Field(description="Glob(s) below a reference folder")
    wajib: bool = Field(default=False, description="Its absence from every folder is an error")


class EditionColumns(Part):
    """Where code and name stand: a header, or a position from 1; found by content when absent."""

    kode: str | int
    nama: str | int


class Edisi(Entry):
    """All places at one time. Several files are its levels, or its parts."""

    sistem: Sistem = "kemendagri"
    berlaku_mulai: Tanggal
    dasar_hukum: str
    tabel: str | None = Field(default=None, description="Table of an SQL dump; default: any with codes of places")
    lembar: int | str = Field(default=0, description="Sheet of a workbook: position from 0, or its name")
    kolom: EditionColumns | None = None
    salinan_dari: str | None = Field(
        default=None, description="Another copy of that edition: loaded only where that one has no file"
    )


class BridgeColumns(Part):
    """Headers of the two codes."""

    kode_bps: str = "kode_bps"
    kode: str = "kode"


class Jembatan(Entry):
    """Pairs of a BPS and a Kemendagri code, in CSV, JSON (a list of records) or XLSX."""

    kolom: BridgeColumns = BridgeColumns()


class AreaColumns(Part):
    """Headers of the code, the name and the area."""

    kode: str = "kode"
    nama: str = "nama"
    luas: str = "luas"


class Luas(Entry):
    """Area of places; an SQL dump, CSV or XLSX."""

    kolom: AreaColumns = AreaColumns()
    tabel: str | None = None
    satuan: Literal["km2", "ha"] = "km2"


class Alias(Entry):
    """CSV kode,nama_lain,sumber: other names of one certain place, looked for inside its parent only."""


class Perubahan(Entry):
    """CSV lama,baru,jenis,bobot,dasar_hukum: changes that a person has reviewed; they win over what is found."""


class NotAPlace(Part):
    """Polygons that are no place: lakes, forests."""

    jenis: Literal["perairan", "hutan"]
    kode: Re2 | None = Field(default=None, description="Pattern of their code, prefix stripped")
    nama: Re2 | None = Field(default=None, description="Pattern of their name, case-insensitive")


class BorderColumns(Part):
    """Attributes of a polygon file. Several columns of a code are joined in their order."""

    kode: TextList = Field(default=[])
    nama: dict[Tingkat, str] = Field(default={}, description="Columns of names by level, its own and those above")


class Batas(Entry):
    """Polygons of places: GeoJSON, TopoJSON, GeoPackage or Shapefile, also zipped."""

    anggota: str | None = Field(default=None, description="Glob of members inside a zip")
    sistem: Literal["kemendagri", "bps", "nama", "lokal"]
    tingkat: Tingkat
    kolom: BorderColumns
    tanggal: Tanggal | None = Field(default=None, description="The day whose borders they are")
    pemetaan: str | None = Field(default=None, description="CSV kode_lokal,kode beside it, for sistem: lokal")
    bukan_wilayah: list[NotAPlace] = Field(default=[])


class Referensi(Part):
    """The whole of one referensi.yml."""

    edisi: dict[str, Edisi] = Field(default={})
    jembatan: list[Jembatan] = Field(default=[])
    luas: list[Luas] = Field(default=[])
    alias: list[Alias] = Field(default=[])
    perubahan: list[Perubahan] = Field(default=[])
    batas: list[Batas] = Field(default=[])


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Found:
    """An entry and its files, each with the folder it was found in (its name is relative to that)."""

    entry: Any
    folder: Path
    files: tuple[Path, ...]

    def name(self, file: Path) -> str:
        """How a person is told of the file."""
        return file.relative_to(self.folder).as_posix()


@dataclass(frozen=True)
class Declared:
    """All declarations of all folders, in the folders' order."""

    folders: tuple[Path, ...]
    edisi: dict[str, Edisi] = field(default_factory=dict)
    lists: dict[type[Entry], list[Entry]] = field(default_factory=dict)

    def all(self, kind: type[E]) -> Iterator[Found]:
        """Entries of one kind with the files of every folder; entries without a file are left out."""
        for entry in self.lists.get(kind, []):
            found = [Found(entry, folder, files) for folder in self.folders if (files := _files(folder, entry))]
            _required(entry, found)
            yield from found

    def edition(self, name: str) -> Found | None:
        """The files of an edition: those of the first folder that has any; None when none has."""
        entry = self.edisi[name]
        found = [Found(entry, folder, files) for folder in self.folders if (files := _files(folder, entry))]
        _required(entry, found)
        return found[0] if found else None


def _required(entry: Entry, found: list[Found]) -> None:
    if entry.wajib and not found:
        names = ", ".join(entry.berkas)
        raise ReferenceDataError(f"{names} is missing; it belongs to the repository, restore it from git")


def _files(folder: Path, entry: Entry) -> tuple[Path, ...]:
    """Files of one entry in one folder, in the order of its globs, each once."""
    return tuple(dict.fromkeys(p for glob in entry.berkas for p in sorted(folder.glob(glob)) if p.is_file()))


def declared(folders: Sequence[Path]) -> Declared:
    """Read referensi.yml of every folder that has one.

    Raises DeclarationError with file and line of everything wrong, also of an edition declared
    twice; ReferenceDataError for a folder that does not exist.
    """
    result = Declared(tuple(folders))
    problems: list[Problem] = []
    for folder in folders:
        if not folder.is_dir():
            raise ReferenceDataError(f"{folder} is no folder; name a folder of reference files")
        if not (folder / FILE).is_file():
            continue
        try:
            document = read_yaml(folder / FILE)
            part = validate(Referensi, document)
        except DeclarationError as error:
            problems += error.problems
            continue
        for name, edition in part.edisi.items():
            if name in result.edisi:
                problems.append(document.problem(("edisi", name), "is declared twice; give this one another name"))
            result.edisi.setdefault(name, edition)
            other = edition.salinan_dari
            if other is not None and other not in result.edisi and other not in part.edisi:
                problems.append(document.problem(("edisi", name, "salinan_dari"), f"there is no edition '{other}'"))
        lists: list[Sequence[Entry]] = [part.jembatan, part.luas, part.alias, part.perubahan, part.batas]
        for entries in lists:
            for entry in entries:
                result.lists.setdefault(type(entry), []).append(entry)
    if problems:
        raise DeclarationError(problems)
    return result
