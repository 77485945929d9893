"""Which columns may leave, and whom the rows of a dataset are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard, Subjek, is_personal
from pipelines.gate.finding import finding

PLACE = "kode_wilayah"


def published(contract: Contract) -> list[str]:
    """Columns that may leave, in order: the place code, then what the contract marks `terbit`."""
    place = [PLACE] if contract.wilayah else []
    return place + [k for k, c in contract.kolom.items() if c.terbit and k not in place]


def subject(contract: Contract, standards: Mapping[str, Standard]) -> Subjek:
    """Whom the rows are about: what they say of an institution is the institution's."""
    if contract.people() or contract.families():
        return "orang"
    if contract.institutions():
        return "lembaga"
    return "orang" if any(is_personal(contract, standards, name) for name in contract.kolom) else "umum"


def check_columns(
    contract: Contract, standards: Mapping[str, Standard], columns: Iterable[str], whole: bool = True
) -> list[Finding]:
    """Findings for columns that may not leave and, where the table must be `whole`, for missing ones.

    Columns that only protect others (`Contract.contributors`) may be in the table; the release does not write them.
    """
    allowed, present = published(contract), [c for c in columns if c not in contract.contributors()]
    findings = [
        finding(contract, "terbit", f"Kolom {name} tidak bertanda terbit di kontrak.",
                "Walidata: buang kolom itu dari model open_data, atau tandai terbit: true di kontrak.", kolom=name)
        for name in present if name not in allowed
    ]  # fmt: skip
    findings += [
        finding(contract, contract.kolom[name].standar, f"Kolom {name} berisi data pribadi.",
                "Walidata: hapus terbit: true pada kolom itu di kontrak.", kolom=name)
        for name in present if name in contract.kolom and is_personal(contract, standards, name)
    ]  # fmt: skip
    if whole:
        findings += [
            finding(contract, "terbit", f"Kolom {name} tidak ada di tabel yang akan terbit.",
                    "Walidata: samakan kolom model open_data dengan kolom terbit di kontrak.", kolom=name)
            for name in allowed if name not in present
        ]  # fmt: skip
    return findings
