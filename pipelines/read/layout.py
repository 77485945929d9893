"""Where each column of the contract comes from in one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.contract.model import FILE_COLUMN, LINE_COLUMN
from pipelines.read.error import Reading
from pipelines.read.facts import path_facts
from pipelines.read.header import Header, Known, normal


@dataclass(frozen=True)
class Cell:
    """The cell at this position (from 0) of a row."""

    index: int


@dataclass(frozen=True)
class Text:
    """The same text in every row; None where the file has no such column."""

    text: str | None


@dataclass(frozen=True)
class Line:
    """The number of the row, as text."""


@dataclass(frozen=True)
class WideName:
    """The header of the wide column."""


@dataclass(frozen=True)
class WideValue:
    """The cell of the wide column."""


Origin = Cell | Text | Line | WideName | WideValue


@dataclass(frozen=True)
class Layout:
    """The columns of the contract in order, each with its origin; and the columns that become rows."""

    columns: dict[str, Origin]
    wide: tuple[tuple[int, str], ...]
    width: int
    unnamed: tuple[int, ...]


def lay_out(reading: Reading, known: Known, header: Header) -> Layout:
    """Match a header with the contract. Raises ReadError for a missing or doubled column; notes the rest."""
    contract = reading.contract
    at = _positions(reading, known, header)
    fixed = path_facts(reading)
    wide = tuple((i, name) for i, name in enumerate(header.names) if known.wide(name))
    columns: dict[str, Origin] = {}
    for key, column in contract.kolom.items():
        if column.tetap is not None:
            columns[key] = Text(column.tetap)
        elif key in fixed:
            columns[key] = Text(fixed[key])
        elif contract.baca.lebar and key == contract.baca.lebar.nama:
            columns[key] = WideName()
        elif contract.baca.lebar and key == contract.baca.lebar.nilai:
            columns[key] = WideValue()
        elif key in at:
            columns[key] = Cell(at[key])
        elif LINE_COLUMN in column.dari:
            columns[key] = Line()
        elif FILE_COLUMN in column.dari:
            columns[key] = Text(reading.name)
        else:
            columns[key] = Text(None)
    _report_absent(reading, header, columns)
    if contract.baca.lebar and not wide:
        raise reading.refusal(
            f"Tidak ada tajuk yang cocok dengan pola kolom lebar '{contract.baca.lebar.kolom}'.",
            "Periksa tajuk berkas; bila bentuknya memang berubah, minta walidata memperbarui kontrak.",
            baris=header.last_line,
        )
    unnamed = () if "" in known.ignored else tuple(i for i, name in enumerate(header.names) if not name.strip())
    return Layout(columns, wide, len(header.names), unnamed)


def _positions(reading: Reading, known: Known, header: Header) -> Mapping[str, int]:
    """Return the position of each contract column; the same header or column twice is refused or noted."""
    at: dict[str, int] = {}
    seen: dict[str, int] = {}
    for index, name in enumerate(header.names):
        key = known.column.get(normal(name))
        twin = at.get(key) if key else seen.get(normal(name))
        seen.setdefault(normal(name), index)
        if twin is None:
            if key:
                at[key] = index
            continue
        if not name.strip() or normal(name) in known.ignored:
            continue
        places = f"kolom ke-{twin + 1} ('{_plain(header.names[twin])}') dan ke-{index + 1} ('{_plain(name)}')"
        if key or known.wide(name):
            raise reading.refusal(
                f"Dua tajuk menunjuk kolom yang sama: {places}.",
                "Sisakan satu kolom saja atau beri tajuk yang berbeda, lalu kirim kembali.",
                baris=header.last_line,
                kolom=_plain(name),
            )
        reading.note(
            f"Tajuk yang sama muncul dua kali: {places}; keduanya tidak dimuat.",
            "Beri tajuk yang berbeda.",
            baris=header.last_line,
            kolom=_plain(name),
        )
    return at


def _report_absent(reading: Reading, header: Header, columns: Mapping[str, Origin]) -> None:
    contract = reading.contract
    absent = [key for key, origin in columns.items() if origin == Text(None)]
    required = [key for key in absent if contract.kolom[key].wajib]
    if required:
        wanted = "; ".join(f"'{contract.kolom[key].dari[0]}'" for key in required)
        found = ", ".join(f"'{_plain(name)}'" for name in header.names[:30] if name.strip())
        raise reading.refusal(
            f"Kolom wajib tidak ada: {wanted}. Tajuk yang ditemukan: {found}.",
            "Tambahkan kolom itu; bila tajuknya berganti, minta walidata menambahkannya ke kontrak.",
            baris=header.last_line,
            kolom=contract.kolom[required[0]].dari[0],
        )
    for key in absent:
        spellings = " / ".join(contract.kolom[key].dari)
        reading.note(
            f"Kolom '{spellings}' tidak ada di berkas ini; isinya dianggap kosong.",
            "Kirim kolom itu bila datanya ada; bila memang dihapus, beri tahu walidata.",
            baris=header.last_line,
            kolom=contract.kolom[key].dari[0],
        )


def _plain(name: str) -> str:
    return " ".join(name.split())
