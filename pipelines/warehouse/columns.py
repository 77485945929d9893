"""Which columns a dataset has in the warehouse, derived from its contract and the data standards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.contract.model import ROW_ID, Contract
from pipelines.contract.standard import Standard, is_personal

PLACE = "kode_wilayah"
_PLACE_MEANS = "Kode Kemendagri (dengan titik) dari wilayah baris ini; lihat dim_wilayah."


@dataclass(frozen=True)
class FactColumn:
    """One column of a conformed table. `type` is DuckDB's; `terbit` says whether it may be published."""

    name: str
    type: str
    description: str
    terbit: bool


def fact_columns(contract: Contract, standards: Mapping[str, Standard]) -> list[FactColumn]:
    """The columns of the conformed table, in order.

    `kode_wilayah` first when the contract says where rows belong; then the ids of the row and of whom it is about
    (`identitas`); then the contract's columns without personal data, and without the place names that `kode_wilayah`
    replaces unless they are published.
    KeyError when a column names a standard that is not in `standards`.
    """
    columns = [FactColumn(PLACE, "VARCHAR", _PLACE_MEANS, terbit=True)] if contract.wilayah else []
    if contract.identitas:
        columns.append(FactColumn(ROW_ID, "VARCHAR", "Baris ini; kunci ke tabel bridge.", terbit=False))
    for role, entity in contract.identitas.items():
        means = f"{role.replace('_', ' ').capitalize()}; kunci ke dim_{entity.kind}. Kosong bila tidak diketahui."
        columns.append(FactColumn(f"id_{role}", "VARCHAR", means, terbit=False))
    replaced = set(contract.wilayah.nama.values()) if contract.wilayah else set()
    for name, column in contract.kolom.items():
        standard = standards[column.standar]
        if is_personal(contract, standards, name) or (name in replaced and not column.terbit):
            continue
        concept = column.konsep or standard.konsep
        description = f"{concept}: {column.definisi or standard.definisi}"
        unit = column.satuan or standard.satuan
        if unit:
            description = f"{description.rstrip('.')}. Satuan: {unit}."
        columns.append(FactColumn(name, standard.tipe, description, column.terbit))
    return columns


def published_columns(contract: Contract, standards: Mapping[str, Standard]) -> list[FactColumn]:
    """Columns of the published view: what may leave, and what protects it; none unless the dataset is open and
    publishes more than the place.
    """
    protecting = contract.contributors()
    columns = [c for c in fact_columns(contract, standards) if c.terbit or c.name in protecting]
    return columns if contract.klasifikasi == "terbuka" and any(c.name != PLACE for c in columns) else []
