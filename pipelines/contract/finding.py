"""A finding: one thing a produsen should mend, and how."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract.model import Keparahan

# What `standar` of a finding names when it is no data standard, and what that is about (its konsep).
OTHER_RULES = {
    "baca": "Baris yang tidak terbaca",
    "berkas": "Berkas yang tidak dapat dipakai",
    "jumlah": "Jumlah tertulis yang tidak sama dengan jumlah baris datanya",
    "kaidah": "Kaidah dataset yang tidak dipenuhi",
    "kunci": "Kunci baris yang ganda",
    "landing": "Kiriman berkas yang perlu diperhatikan",
    "pilihan": "Pilihan yang tidak dikenal",
    "wajib": "Isian wajib yang kosong",
}


@dataclass(frozen=True)
class Finding:
    """One line of a findings file. `pesan` and `saran` are Bahasa; `baris` counts from 1 in the original.

    `standar` is the name of a data standard, or one of OTHER_RULES.
    """

    berkas: str
    lembar: str | None
    baris: int | None
    kolom: str | None
    nilai: str | None
    standar: str
    tingkat: Keparahan
    pesan: str
    saran: str
