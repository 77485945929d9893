"""What goes wrong while one file is read, in words a produsen understands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract, Keparahan

STANDARD = "baca"
DETAIL_MAX = 50


class ReadError(Exception):
    """The whole file is refused; `finding` says why, where and what to do next (Bahasa)."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.berkas}: {finding.pesan} {finding.saran}")
        self.finding = finding


@dataclass
class Reading:
    """One file on its way through a reader: its contract, its bytes, its name and what was found.

    A finding of tingkat `kritis` that names a `baris` means: that record reached the Parquet, but its
    cells cannot be trusted, so it belongs in quarantine. `peringatan` leaves the record as it is.
    """

    contract: Contract
    source: Path
    name: str
    lembar: str | None = None
    findings: list[Finding] = field(default_factory=list)

    def note(
        self,
        pesan: str,
        saran: str,
        *,
        baris: int | None = None,
        kolom: str | None = None,
        tingkat: Keparahan = "peringatan",
    ) -> None:
        """Add a finding; reading goes on."""
        self.findings.append(self._finding(pesan, saran, baris, kolom, tingkat))

    def refusal(self, pesan: str, saran: str, *, baris: int | None = None, kolom: str | None = None) -> ReadError:
        """Return the error that refuses the file, to be raised by the caller."""
        return ReadError(self._finding(pesan, saran, baris, kolom, "kritis"))

    def _finding(self, pesan: str, saran: str, baris: int | None, kolom: str | None, tingkat: Keparahan) -> Finding:
        return Finding(
            berkas=self.name,
            lembar=self.lembar,
            baris=baris,
            kolom=kolom,
            nilai=None,
            standar=STANDARD,
            tingkat=tingkat,
            pesan=pesan,
            saran=saran,
        )
