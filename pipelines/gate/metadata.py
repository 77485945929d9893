"""What a dataset must say about itself before it may leave, and the line of the contract where it says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.contract.finding import Finding
from pipelines.contract.load import Produsen
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.contract.yaml_lines import DeclarationError, Document, KeyPath, read_yaml
from pipelines.gate.columns import PLACE, published
from pipelines.gate.finding import METADATA

# Typed to get past an obligatory field.
_NOTHING = {"", "tbd", "todo", "na", "n/a", "nihil", "null", "none", "kosong", "isi", "xxx", "test", "tes", "tidak ada",
            "belum ada", "lorem ipsum", "deskripsi", "keterangan", "judul"}  # fmt: skip
# What no person wrote: checksums and sizes; the types of a descriptor hold no text either.
_COMPUTED = ("hash", "version", "$schema")


def incomplete(contract: Contract, standards: Mapping[str, Standard], agency: Produsen) -> list[Finding]:
    """Findings for what is missing or a placeholder, each with the line of the contract to fill."""
    document = _document(contract)
    missing: list[tuple[KeyPath, str, str]] = []
    basics: tuple[tuple[KeyPath, str | None, str], ...] = (
        (("lisensi",), contract.lisensi, "lisensi"),
        (("deskripsi",), contract.deskripsi, "deskripsi"),
        (("judul",), contract.judul, "judul"),
        (("jadwal",), contract.jadwal, "jadwal pemutakhiran"),
    )
    for key, value, what in basics:
        if not _says(value):
            missing.append((key, what, f"isi {key[0]}"))
    if not _says(agency.surel) and not _says(agency.situs):
        advice = f"isi surel atau situs {contract.produsen} di sources/referensi/opd.csv"
        missing.append((("produsen",), "kontak (surel atau situs)", advice))
    for name in published(contract):
        column = contract.kolom.get(name)
        if column is None or (name == PLACE and contract.wilayah):
            continue
        standard = standards[column.standar]
        wanted: list[tuple[str, str | None]] = [
            ("konsep", column.konsep or standard.konsep),
            ("definisi", column.definisi or standard.definisi),
        ]
        if standard.numeric and not column.nilai:  # numbers that are names of categories have no unit
            wanted.append(("satuan", column.satuan or standard.satuan))
        for part, value in wanted:
            if not _says(value):
                missing.append((("kolom", name, part), f"{part} kolom {name}", f"isi {part} pada kolom {name}"))
    return [_finding(contract, document, *said) for said in missing]


def texts(descriptor: Mapping[str, Any], spare: tuple[str, ...] = ()) -> dict[str, str]:
    """Every text of a descriptor by where it stands, but computed ones and those of `spare` (the agency's contact)."""
    return {where: text for where, text in _walk(descriptor, "") if text not in spare}


def _walk(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            if key not in _COMPUTED:
                yield from _walk(child, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _walk(child, f"{where}[{number}]")
    elif isinstance(value, str):
        yield where, value


def _says(value: str | None) -> bool:
    """Whether a text is more than a placeholder."""
    text = (value or "").strip().casefold()
    return any(c.isalpha() for c in text) and text.strip(" .-–—…?") not in _NOTHING


def _document(contract: Contract) -> Document | None:
    try:
        return read_yaml(Path(contract.path)) if contract.path else None
    except (OSError, DeclarationError):
        return None  # its place is still told, without the line


def _finding(contract: Contract, document: Document | None, key: KeyPath, what: str, advice: str) -> Finding:
    line = document.line(key) if document else None
    file = "/".join(Path(contract.path).parts[-3:]) if contract.path else f"{contract.slug}.yml"
    where = f"{file} baris {line}" if line else file
    return Finding(
        file, None, line, ".".join(map(str, key)), None, METADATA, "kritis",
        f"Dataset {contract.key} belum dapat diterbitkan: {what} belum diisi.", f"Walidata: {advice} ({where}).",
    )  # fmt: skip
