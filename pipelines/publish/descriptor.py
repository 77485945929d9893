"""`datapackage.json` of one dataset (Data Package v2): the one description that everything else is derived from.

All of it comes from the contract, the standards, the agency, the delivery and the files; no clock is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from pipelines.contract.finding import OTHER_RULES
from pipelines.contract.load import Library, Produsen
from pipelines.contract.model import WILAYAH_CODE, Contract
from pipelines.gate import PLACE, published
from pipelines.publish.claims import Claims
from pipelines.publish.inputs import Delivery, Inputs, Quality
from pipelines.publish.layout import Output
from pipelines.spreadsheet import escaped

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
DAYS = {"harian": 1, "mingguan": 7, "bulanan": 31, "triwulanan": 92, "tahunan": 366}
_TYPES = {
    "VARCHAR": "string", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "number", "DECIMAL": "number",
    "SMALLINT": "integer", "INTEGER": "integer", "BIGINT": "integer",
}  # fmt: skip


class UnknownTypeError(Exception):
    """A column has an SQL type that has no place in an open-data file."""


@dataclass(frozen=True)
class Coverage:
    """Where and when the rows are: codes of kabupaten/kota (or provinces), the finest level, first and last year."""

    wilayah: tuple[str, ...] = ()
    tingkat: str | None = None
    tahun: tuple[int, int] | None = None


def licence(name: str) -> dict[str, str]:
    """A licence with its address where that is known."""
    return {"name": name} | ({"path": LICENCES[name]} if name in LICENCES else {})


def description(contract: Contract) -> str:
    """What the dataset is: the contract's words, or a sentence made from its title and columns."""
    return contract.deskripsi or f"{contract.judul}. Kolom: {', '.join(published(contract))}."


def head(contract: Contract, agency: Produsen, delivery: Delivery) -> dict[str, Any]:
    """The descriptor without its files, columns and figures: every word in it that a person wrote."""
    contributor = {"title": agency.nama, "roles": ["creator"]}
    if agency.instansi:
        contributor["organization"] = agency.instansi
    if agency.situs:
        contributor["path"] = agency.situs
    return {
        "$schema": PROFILE,
        "name": contract.slug,
        "title": contract.judul,
        "description": description(contract),
        "version": "",
        "licenses": [licence(contract.lisensi)],
        "contributors": [contributor],
        "keywords": contract.kata_kunci or [contract.dataset.replace("_", " ")],
        "resources": [],
        "satudata": {
            "produsen": {k: v or None for k, v in asdict(agency).items()},
            "klasifikasi": contract.klasifikasi,
            "kategori": contract.kategori,
            "prioritas_tahun": contract.prioritas_tahun or None,
            "statistik": contract.statistik.model_dump(mode="json", exclude_none=True) if contract.statistik else None,
            "jadwal": contract.jadwal,
            "diperbarui": delivery.tanggal.isoformat(),
            "berikutnya": (delivery.tanggal + timedelta(days=DAYS[contract.jadwal])).isoformat(),
        },
    }


def finished(
    start: Mapping[str, Any], resources: list[dict[str, Any]], rows: int, coverage: Coverage,
    quality: dict[str, Any] | None, lineage: list[dict[str, str]], hidden: Mapping[str, int] | None,
) -> dict[str, Any]:  # fmt: skip
    """The whole descriptor; `resources` begin with the CSV, whose content names the version.

    `hidden` counts the numbers that are not told by reason; None where the dataset has none to protect.
    """
    day = date.fromisoformat(start["satudata"]["diperbarui"])
    content = resources[0]["hash"].removeprefix("sha256:")[:12]
    return {
        **start,
        "version": f"{day.year}.{day.month}.{day.day}+{content}",
        "resources": resources,
        "satudata": {
            **start["satudata"],
            "baris": rows,
            "cakupan": {**asdict(coverage), "wilayah": list(coverage.wilayah)},
            "mutu": quality,
            "asal": lineage,
            "perlindungan": None if hidden is None else {"disembunyikan": sum(hidden.values()), "alasan": dict(hidden)},
        },
    }


def quality(inputs: Inputs, found: Quality | None) -> dict[str, Any] | None:
    """How the delivery came through its check, as the descriptor tells it."""
    if found is None:
        return None
    return {
        "skor": found.skor,
        "dibaca": found.dibaca,
        "diterima": found.diterima,
        "ditolak": found.ditolak,
        "bukan_data": found.bukan_data,
        "temuan": [
            {"standar": name, "konsep": _concept(inputs.library, name), "tingkat": severity, "jumlah": count}
            for name, severity, count in found.temuan
        ],
    }  # fmt: skip


def _concept(library: Library, name: str) -> str:
    """What a standard, or a rule of the check, is about."""
    known = library.standards.get(name)
    return known.konsep if known else OTHER_RULES.get(name, name.replace("_", " "))


def fields(library: Library, contract: Contract, outputs: Sequence[Output], kept: Claims) -> list[dict[str, Any]]:
    """The columns as Table Schema fields; raises UnknownTypeError for a type that has no place there."""
    return [_field(library, contract, output, kept) for output in outputs]


def field_type(name: str, kind: str) -> str:
    """Table Schema type of an SQL type; raises UnknownTypeError for one that Parquet or CSV cannot keep."""
    if kind.split("(")[0] not in _TYPES:
        raise UnknownTypeError(f"column {name} has the SQL type {kind}; cast it in the open_data model")
    return _TYPES[kind.split("(")[0]]


def _field(library: Library, contract: Contract, output: Output, kept: Claims) -> dict[str, Any]:
    name, type_ = output.name, field_type(output.name, output.kind)
    result: dict[str, Any] = {"name": name, "type": type_}
    if type_ == "boolean":
        result |= {"trueValues": ["true"], "falseValues": ["false"]}
    if type_ == "date":
        result["format"] = "default"
    limits = _constraints(kept, name)
    if output.added:
        result |= {"title": output.title, "description": output.meaning, "tambahan": True}
    elif name not in contract.kolom or (name == PLACE and contract.wilayah):
        meaning = "Kode wilayah menurut Kemendagri, dengan titik; kosong bila tidak diketahui."
        result |= {"title": "Kode wilayah", "description": meaning}
        limits["pattern"] = WILAYAH_CODE.pattern
    else:
        column = contract.kolom[name]
        standard = library.standards[column.standar]
        result["title"] = column.konsep or name.replace("_", " ").capitalize()
        result["description"] = column.definisi or standard.definisi
        result |= {"standar": column.standar, "ukuran": standard.ukuran}
        if unit := column.satuan or standard.satuan:
            result["satuan"] = unit
        if column.indikator:
            result["indikator"] = column.indikator.model_dump(mode="json", exclude_defaults=True)
    result["peran"] = output.peran
    if limits:
        result["constraints"] = limits
    return result


def _constraints(kept: Claims, name: str) -> dict[str, Any]:
    """The claims on one column. Values are spelled as in the CSV, apostrophes included."""
    found: dict[str, Any] = {"required": True} if name in kept.required else {}
    if name in kept.values:
        found["enum"] = [escaped(value) for value in kept.values[name]]
    return found
