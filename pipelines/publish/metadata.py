"""`datapackage.json` of one dataset (Data Package v2): its columns, its licence, its bytes.

Everything in it comes from the contract, the standards, the agency and the files; no clock is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.contract.load import Produsen
from pipelines.contract.model import WILAYAH_CODE, Contract
from pipelines.contract.standard import Standard
from pipelines.gate import PLACE, published
from pipelines.home import sha256_file
from pipelines.publish.claims import Claims
from pipelines.publish.files import escaped

DESCRIPTOR = "datapackage.json"
ESCAPE = (
    "Dalam CSV dan XLSX, teks yang diawali =, +, -, @, tab, ganti baris atau tanda petik tunggal diberi satu tanda "
    "petik tunggal di depannya supaya tidak dijalankan sebagai rumus; buang satu tanda petik itu untuk mendapat teks "
    "aslinya. Parquet memuat teks aslinya."
)
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
_TYPES = {
    "VARCHAR": "string", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "number", "DECIMAL": "number",
    "SMALLINT": "integer", "INTEGER": "integer", "BIGINT": "integer",
}  # fmt: skip


class UnknownTypeError(Exception):
    """A column has an SQL type that has no place in an open-data file."""


def description(contract: Contract) -> str:
    """What the dataset is: the contract's words, or a sentence made from its title and columns."""
    return contract.deskripsi or f"{contract.judul}. Kolom: {', '.join(published(contract))}."


def datapackage(
    contract: Contract,
    standards: Mapping[str, Standard],
    agency: Produsen,
    modified: date,
    columns: Mapping[str, str],
    claims: Claims,
    folder: Path,
) -> dict[str, Any]:
    """The descriptor of a folder that already holds <slug>.csv and <slug>.parquet.

    `columns` maps names to SQL types. `version` is the day of the data and the content (SemVer with build
    metadata). Raises UnknownTypeError for a type outside the table above.
    """
    csv = _file(folder / f"{contract.slug}.csv", "text/csv")
    parquet = _file(folder / f"{contract.slug}.parquet", "application/vnd.apache.parquet")
    licence = {"name": contract.lisensi}
    if contract.lisensi in LICENCES:
        licence["path"] = LICENCES[contract.lisensi]
    content = csv["hash"].removeprefix("sha256:")[:12]
    schema: dict[str, Any] = {
        "fields": [field(contract, standards, claims, name, kind) for name, kind in columns.items()],
        "missingValues": [""],
    }
    if claims.key:
        schema["primaryKey"] = list(claims.key)
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
        "version": f"{modified.year}.{modified.month}.{modified.day}+{content}",
        "licenses": [licence],
        "contributors": [contributor],
        "keywords": keywords(contract),
        "resources": [
            {
                "name": f"{contract.slug}-csv",
                "type": "table",
                "description": ESCAPE,
                **csv,
                "encoding": "utf-8",
                "dialect": {
                    "header": True,
                    "delimiter": ",",
                    "lineTerminator": "\n",
                    "quoteChar": '"',
                    "doubleQuote": True,
                },
                "schema": schema,
            },
            # Not a table to the validator: it would need a Parquet reader of its own and count no bytes.
            {"name": f"{contract.slug}-parquet", "type": "file", **parquet},
        ],
    }


def keywords(contract: Contract) -> list[str]:
    """Never empty: the catalogue formats ask for one at least."""
    return contract.kata_kunci or [contract.dataset.replace("_", " ")]


def field_type(name: str, kind: str) -> str:
    """Table Schema type of an SQL type; raises UnknownTypeError for one that Parquet or CSV cannot keep."""
    if kind.split("(")[0] not in _TYPES:
        raise UnknownTypeError(f"column {name} has the SQL type {kind}; cast it in the open_data model")
    return _TYPES[kind.split("(")[0]]


def field(
    contract: Contract, standards: Mapping[str, Standard], claims: Claims, name: str, kind: str
) -> dict[str, Any]:
    """One column as a Table Schema field."""
    type_ = field_type(name, kind)
    result: dict[str, Any] = {"name": name, "type": type_, "title": name.replace("_", " ").capitalize()}
    if type_ == "boolean":
        result |= {"trueValues": ["true"], "falseValues": ["false"]}
    if type_ == "date":
        result["format"] = "default"
    column = contract.kolom.get(name)
    if column is None or (name == PLACE and contract.wilayah):
        result["description"] = "Kode wilayah menurut Kemendagri, dengan titik; kosong bila tidak diketahui."
        result["constraints"] = {"pattern": WILAYAH_CODE.pattern}
        return result
    standard = standards[column.standar]
    result["title"] = column.konsep or result["title"]
    result["description"] = column.definisi or standard.definisi
    if unit := column.satuan or standard.satuan:
        result["satuan"] = unit
    if constraints := _constraints(claims, name):
        result["constraints"] = constraints
    return result


def _constraints(claims: Claims, name: str) -> dict[str, Any]:
    """The claims on one column. Values are spelled as in the CSV, apostrophes included."""
    found: dict[str, Any] = {"required": True} if name in claims.required else {}
    if name in claims.values:
        found["enum"] = [escaped(value) for value in claims.values[name]]
    return found


def _file(path: Path, mediatype: str) -> dict[str, Any]:
    return {
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": mediatype,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_file(path)}",
    }
