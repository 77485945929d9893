"""What a release is made of, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.catalogue import Portal
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library, Produsen
from pipelines.contract.model import Contract


class ReleaseError(Exception):
    """No release was made and `latest` stays as it was. The message says why."""


@dataclass(frozen=True)
class Quality:
    """How the delivery in use came through its check: rows, and findings as (standard, severity, how many)."""

    dibaca: int
    diterima: int
    ditolak: int
    bukan_data: int
    temuan: tuple[tuple[str, str, int], ...] = ()

    @property
    def skor(self) -> float:
        """0 to 100: the share of data rows that were accepted, less half a point for each per cent of rows warned of.

        One decimal. A delivery without a data row has 0.
        """
        rows = self.diterima + self.ditolak
        warned = min(sum(n for _, severity, n in self.temuan if severity == "peringatan"), self.diterima)
        return round(100 * (self.diterima - warned / 2) / rows, 1) if rows and self.diterima else 0.0


@dataclass(frozen=True)
class Delivery:
    """The delivery whose rows are in use: the day of the data, its files, how it came through the check."""

    tanggal: date
    berkas: int = 1
    mutu: Quality | None = None


@dataclass(frozen=True)
class Inputs:
    """All that decides about a release besides the last one.

    `deliveries` by contract key; `names` is a file of marks of persons' names (pipelines/identity/name_marks.py);
    `withdrawn`: slug -> (day, reason) of datasets that were taken back.
    """

    library: Library
    warehouse: Path
    deliveries: Mapping[str, Delivery]
    portal: Portal = field(default_factory=Portal)
    names: Path | None = None
    withdrawn: Mapping[str, tuple[date, str]] = field(default_factory=dict)

    def agency(self, contract: Contract) -> Produsen:
        """Who answers for a dataset; by its key alone where the list of agencies does not know it."""
        known = self.library.opd.get(contract.produsen)
        return known or Produsen(contract.produsen, contract.produsen, "", "", "", "")

    def open(self) -> list[Contract]:
        """Contracts that publish something, by slug; withdrawn ones are not among them."""
        found = [
            c
            for c in self.library.contracts
            if c.klasifikasi == "terbuka" and any(k.terbit for k in c.kolom.values()) and c.slug not in self.withdrawn
        ]
        return sorted(found, key=lambda c: c.slug)


@dataclass
class ReleaseResult:
    """A release: a draft, or what is now `latest`.

    `changed`: it is another one than the last. `datasets`: rows by contract key, of fresh and
    carried ones. `refused`: what the gate found, by key (findings for the produsen). `carried`: keys whose
    last release stays in use, and `left_out`: keys or slugs that are not in this release, each with the
    reason; `held`: keys of which something new waits for a person; `hidden`: numbers that are not told, by slug and
    reason; `notes`: what is incomplete (reasons and notes are for the engineer).
    """

    version: str = ""
    path: Path = Path()
    changed: bool = False
    datasets: dict[str, int] = field(default_factory=dict)
    refused: dict[str, list[Finding]] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    hidden: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
