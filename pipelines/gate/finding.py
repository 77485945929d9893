"""What the gate found, and how it is told: to the produsen as a finding, in the log as counts; values masked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard

# What a finding about missing metadata names as its standard.
METADATA = "metadata"


@dataclass(frozen=True)
class Hit:
    """One kind of personal value in one column (or two side by side), or in the metadata where `where` says so."""

    where: str
    standard: Standard
    count: int
    masked: str
    metadata: bool = False

    def told(self, contract: Contract) -> Finding:
        """The finding for the produsen, or for the walidata where the contract itself is the place."""
        what = self.standard.konsep
        if self.metadata:
            return finding(
                contract, self.standard.nama, f"Metadata ({self.where}) memuat {what}; data tidak diterbitkan.",
                f"Walidata: hapus {what} dari {self.where} di kontrak.", nilai=self.masked,
            )  # fmt: skip
        column = f"Kolom {self.where.replace(' + ', ' dan ')}"
        together = " bila disambung" if " + " in self.where else ""
        return finding(
            contract, self.standard.nama,
            f"{column} memuat {what}{together} pada {self.count} baris; data tidak diterbitkan.",
            f"Hapus {what} dari kolom itu lalu kirim ulang berkas, atau minta walidata agar kolom itu tidak "
            "diterbitkan.",
            kolom=self.where, nilai=self.masked,
        )  # fmt: skip


def masked(value: str) -> str:
    """A value that can be told from others and not read: four digits of a number, the initials of words."""
    if re.fullmatch(r"[\d\s().+/-]+", value):
        digits = re.sub(r"\D", "", value)
        return digits[:4] + "*" * max(len(digits) - 4, 4)
    return " ".join(f"{word[0]}***" for word in re.split(r"[^\w]+", value) if word)


def finding(
    contract: Contract, standard: str, message: str, advice: str, kolom: str | None = None, nilai: str | None = None
) -> Finding:
    """A blocking finding about what would be published of a dataset."""
    return Finding(f"{contract.slug}.csv", None, None, kolom, nilai, standard, "kritis", message, advice)
