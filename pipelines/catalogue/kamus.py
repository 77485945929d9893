"""`kamus.csv`: the dictionary of a dataset, one line a column, in plain Bahasa Indonesia."""

from __future__ import annotations

import csv
import io

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.parts import Column
from pipelines.spreadsheet import escaped

DICTIONARY = "kamus.csv"
HEADER = ("kolom", "konsep", "definisi", "satuan", "jenis", "peran", "klasifikasi", "wajib", "nilai")
_KINDS = {
    "string": "teks",
    "integer": "bilangan bulat",
    "number": "bilangan desimal",
    "date": "tanggal (TTTT-BB-HH)",
    "datetime": "tanggal dan waktu",
    "year": "tahun",
    "boolean": "true (ya) atau false (tidak)",
}


def dictionary(dataset: Dataset) -> list[dict[str, str]]:
    """The lines by the names in HEADER, in the order of the columns; nothing is known where a text is empty."""
    return [_line(column) for column in dataset.columns]


def kamus_csv(dataset: Dataset) -> str:
    """The dictionary as CSV: UTF-8, comma, LF; cells are guarded against spreadsheets as in every CSV of a release."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: escaped(value) for key, value in line.items()} for line in dictionary(dataset))
    return out.getvalue()


def _line(column: Column) -> dict[str, str]:
    found = {
        "kolom": column.name,
        "konsep": column.label,
        "definisi": column.description,
        "satuan": column.satuan or "",
        "jenis": _KINDS.get(column.type, column.type),
        "peran": column.peran or "",
        "klasifikasi": column.klasifikasi or "",
        "wajib": "ya" if column.constraints.required else "tidak",
        "nilai": "; ".join(map(str, column.values)),
    }
    return {key: " ".join(text.split()) for key, text in found.items()}
