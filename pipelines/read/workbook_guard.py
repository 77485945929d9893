"""Look into the XML of an XLSX sheet before it is loaded: how large it is, and which cells are errors."""

from __future__ import annotations

import posixpath
import re
import zlib
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from pipelines.read.error import ReadError, Reading

CELLS_MAX = 20_000_000  # a loaded sheet takes about 31 bytes for every cell of its bounding box
_PIECE = 4 << 20
_REST_MAX = 64 << 20
_XML_MAX = 16 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(/?)>')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def inspect_sheet(reading: Reading, sheet: str) -> dict[tuple[int, int], str]:
    """Return the error cells ('#DIV/0!') of a sheet by (row from 1, column from 0).

    The loader turns error cells into blanks, so they are taken from here. Also reads every byte of the sheet,
    so that a damaged one is found. Raises ReadError if it is damaged or its bounding box exceeds CELLS_MAX.
    """
    errors: dict[tuple[int, int], str] = {}
    rows = columns = 0
    try:
        with ZipFile(reading.source) as archive, archive.open(_part(archive, sheet)) as file:
            rest = b""
            while piece := file.read(_PIECE):
                rest += piece
                end = rest.rfind(b"row>") + 1
                block, rest = rest[:end], rest[end:]
                found = [(name, int(row)) for name, row, empty in _CELL.findall(block) if not empty]
                if found:
                    columns = max(columns, *(_index(name) + 1 for name in {name for name, _ in found}))
                    rows = max(rows, max(row for _, row in found))
                if b't="e"' in block:
                    for name, row, text in _ERROR.findall(block):
                        errors[int(row), _index(name)] = text.decode("utf-8", errors="replace")
                if rows * columns > CELLS_MAX or len(rest) > _REST_MAX or len(errors) > CELLS_MAX // 10:
                    raise _too_large(reading, rows, columns)
    except (BadZipFile, zlib.error, EOFError, KeyError, ElementTree.ParseError, NotImplementedError):
        raise damaged(reading) from None
    return errors


def damaged(reading: Reading) -> ReadError:
    """Return the refusal of a workbook that cannot be opened."""
    return reading.refusal(
        "Buku kerja rusak atau bukan buku kerja Excel, sehingga tidak dapat dibuka.",
        "Buka berkasnya di Excel, simpan dengan nama baru sebagai XLSX, lalu kirim kembali.",
    )


def _too_large(reading: Reading, rows: int, columns: int) -> ReadError:
    return reading.refusal(
        f"Lembar terlalu luas: {rows} baris x {columns} kolom (batasnya {CELLS_MAX} sel).",
        "Hapus isian yang tersesat jauh di kanan atau di bawah tabel, atau kirim tabelnya sebagai CSV UTF-8.",
    )


def _part(archive: ZipFile, sheet: str) -> str:
    """Return the path inside the archive of the sheet with this name. Raises KeyError if there is none."""
    relations = {
        element.get("Id"): element.get("Target", "")
        for element in _xml(archive, "xl/_rels/workbook.xml.rels").iter()
        if element.tag.endswith("}Relationship")
    }
    for element in _xml(archive, "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            relation = element.get(_RELATION) or next((v for k, v in element.items() if k.endswith("}id")), "")
            return posixpath.normpath(posixpath.join("xl", relations[relation])).lstrip("/")
    raise KeyError(sheet)


def _xml(archive: ZipFile, path: str) -> ElementTree.Element:
    with archive.open(path) as file:
        return ElementTree.fromstring(file.read(_XML_MAX))


def _index(name: bytes) -> int:
    """Column letters as a position from 0: A is 0, AA is 26."""
    position = 0
    for letter in name:
        position = position * 26 + letter - 64
    return position - 1
