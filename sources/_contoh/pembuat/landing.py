"""Writes the exports of one dataset and keeps the list of what was planted, by line or row."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from pembuat.baris import Baris, Sel
from pembuat.kebenaran import Kebenaran, tulis_csv

DIBUAT = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Tertanam:
    """One planted fault; `baris` and `kolom` are None for a fault of the whole file."""

    produsen: str
    dataset: str
    berkas: str
    lembar: str | None
    baris: int | None
    kolom: str | None
    standar: str
    aturan: str
    jenis: str


class Kiriman:
    """The landing folder of one dataset. Same calls, same bytes and times of the files."""

    def __init__(
        self, landing: Path, tertanam: list[Tertanam], kebenaran: Kebenaran, produsen: str, dataset: str
    ) -> None:
        self.produsen, self.dataset = produsen, dataset
        self._folder = landing / produsen / dataset
        self._tertanam, self._kebenaran = tertanam, kebenaran
        self.baris = 0

    def cacat(
        self,
        berkas: str,
        standar: str,
        aturan: str,
        jenis: str,
        *,
        baris: int | None = None,
        kolom: str | None = None,
        lembar: str | None = None,
    ) -> None:
        """Note a fault that is not one of a record's cells."""
        self._tertanam.append(
            Tertanam(self.produsen, self.dataset, berkas, lembar, baris, kolom, standar, aturan, jenis)
        )

    def bita(self, nama: str, isi: bytes) -> None:
        """Write a file as it is."""
        path = self._folder / nama
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(isi)
        os.utime(path, (DIBUAT.timestamp(), DIBUAT.timestamp()))

    def csv(
        self,
        nama: str,
        tajuk: dict[str, str],
        baris: Sequence[Baris],
        *,
        pemisah: str = ",",
        enkode: str = "utf-8",
        atas: Sequence[str] = (),
        bawah: Sequence[str] = (),
        ujung: str = "\n",
        potong: int = 0,
    ) -> None:
        """Write delimited text: lines above, the header, the records, lines below; `potong` cuts the end."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=pemisah, lineterminator=ujung)
        text.writelines(line + ujung for line in atas)
        writer.writerow(tajuk.values())
        for record in baris:
            self._catat(nama, None, text.getvalue().count("\n") + 1, record)
            writer.writerow(["" if (v := record.sel.get(k)) is None else v for k in tajuk])
        text.writelines(line + ujung for line in bawah)
        whole = text.getvalue()
        self.bita(nama, whole[: len(whole) - potong].encode(enkode))

    def xlsx(
        self,
        nama: str,
        kepala: Sequence[Sequence[str]],
        kolom: Sequence[str],
        baris: Sequence[Baris],
        *,
        lembar: str = "Data",
        judul: Sequence[str] = (),
        bernomor: bool = False,
        petunjuk: Sequence[str] = (),
    ) -> None:
        """Write a workbook: merged titles, one or more header rows, perhaps a row 1 2 3, the records.

        In all header rows but the last equal neighbours are merged; a text over a blank is merged down.
        `petunjuk` makes a sheet of words that comes first.
        """
        memory = io.BytesIO()
        book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_urls": False})
        book.set_properties({"created": DIBUAT.replace(tzinfo=None), "author": "Satu Data"})
        centred, dated = book.add_format({"align": "center"}), book.add_format({"num_format": "dd/mm/yyyy"})
        if petunjuk:
            words = book.add_worksheet("Petunjuk")
            for number, line in enumerate(petunjuk):
                words.write_string(number, 0, line)
        sheet = book.add_worksheet(lembar)
        width = len(kolom)
        for number, title in enumerate(judul):
            if title:
                sheet.merge_range(number, 0, number, width - 1, title, centred)
        row = len(judul)
        _kepala(sheet, centred, row, kepala)
        row += len(kepala)
        if bernomor:
            sheet.write_row(row, 0, range(1, width + 1))
            row += 1
        for record in baris:
            self._catat(nama, lembar, row + 1, record)
            for column, key in enumerate(kolom):
                _sel(sheet, row, column, record.sel.get(key), dated)
            row += 1
        book.close()
        self.bita(nama, memory.getvalue())

    def json(
        self,
        nama: str,
        baris: Sequence[Baris],
        bungkus: Callable[[list[dict[str, Sel]]], Any],
        potong: int = 0,
    ) -> None:
        """Write JSON; `bungkus` turns the cells of all records into the document."""
        for number, record in enumerate(baris, start=1):
            self._catat(nama, None, number, record)
        document = bungkus([record.sel for record in baris])
        text = json.dumps(document, ensure_ascii=False, indent=1, default=str)
        whole = text[: len(text) - potong]
        self.bita(nama, whole.encode())
        if potong:
            self.cacat(nama, "baca", "json", "JSON terpotong", baris=whole.count("\n") + 1)

    def _catat(self, berkas: str, lembar: str | None, baris: int, record: Baris) -> None:
        self.baris += 1
        self._kebenaran.catat(self.produsen, self.dataset, record)
        for c in record.cacat:
            kolom = c.kolom or None
            self.cacat(berkas, c.standar, c.aturan, c.jenis, baris=baris, kolom=kolom, lembar=lembar)


def _kepala(sheet: Any, form: Any, top: int, kepala: Sequence[Sequence[str]]) -> None:
    """Write the header rows; the last one is never merged."""
    *upper, last = kepala
    for depth, texts in enumerate(upper):
        column = 0
        for text, run in groupby(texts):
            end = column + len(list(run)) - 1
            bottom = depth if kepala[depth + 1][column] else depth + 1
            if (bottom, end) == (depth, column):
                sheet.write_string(top + depth, column, text)
            elif text:
                sheet.merge_range(top + depth, column, top + bottom, end, text, form)
            column = end + 1
    for column, text in enumerate(last):
        if text:
            sheet.write_string(top + len(upper), column, text)


def _sel(sheet: Any, row: int, column: int, value: Sel, dated: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), dated)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, value)


def tulis_tertanam(path: Path, tertanam: list[Tertanam]) -> None:
    """Write the list of planted faults, ordered by where they stand."""
    names = [f.name for f in fields(Tertanam)]
    rows = [["" if v is None else v for v in astuple(t)] for t in tertanam]
    rows.sort(key=lambda r: (*r[:4], int(r[4] or 0), *map(str, r[5:])))
    tulis_csv(path, names, rows)
