"""What a column is for a reader of the table: where, when, of what, how much, or a word about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard

Peran = Literal["wilayah", "dimensi", "waktu", "ukuran", "status", "keterangan"]
_BY_MEASURE: Mapping[str, Peran] = {
    "Waktu": "waktu",
    "Koordinat": "wilayah",
    "Kategori": "dimensi",
    "Identitas": "dimensi",
    "Jumlah": "ukuran",
    "Besaran": "ukuran",
    "Persentase": "ukuran",
    "Nilai": "ukuran",
}


def role(contract: Contract, standards: Mapping[str, Standard], name: str) -> Peran:
    """The role of a column of the contract, from the `ukuran` of its standard.

    A number with a list of values names categories; text tells rows apart only where it is in the key or has such a
    list. `status` is no column of a contract: the release adds it.
    """
    column = contract.kolom[name]
    found = _BY_MEASURE.get(standards[column.standar].ukuran, "keterangan")
    if found == "ukuran" and (column.nilai or name in contract.kunci):
        return "dimensi"
    return "dimensi" if found == "keterangan" and (column.nilai or name in contract.kunci) else found
