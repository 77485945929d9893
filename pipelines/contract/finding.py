"""A finding: one thing a produsen should mend, and how."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract.model import Keparahan


@dataclass(frozen=True)
class Finding:
    """One line of a findings file. `pesan` and `saran` are Bahasa; `baris` counts from 1 in the original."""

    berkas: str
    lembar: str | None
    baris: int | None
    kolom: str | None
    nilai: str | None
    standar: str
    tingkat: Keparahan
    pesan: str
    saran: str
