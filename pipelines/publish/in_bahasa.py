"""Reasons and notes of a draft, which are for the engineer, in words for the person who approves it."""

from __future__ import annotations

import re

TECHNICAL = "kesalahan teknis"
_KNOWN = {
    r"withdrawn on (\d{4}-\d\d-\d\d): (.+)": r"ditarik pada \1: \2",  # first: the rest is what a person wrote
    r"no contract publishes it any more": "tidak ada lagi kontrak yang menerbitkannya",
    r"refused by the gate": "ditolak gerbang",
    r"its releases wait for a person: satudata publish": "rilisnya menunggu persetujuan",
    r"the warehouse has no \S+": "tabelnya tidak ada di gudang data",
    r"open_data\.\S+ has no rows": "tabelnya di gudang data kosong",
    r"its date is not known; pass its delivery": "tanggal datanya tidak diketahui",
    r"column .+? has the SQL type .+?; cast it in the open_data model": "jenis isi sebuah kolom tidak dapat terbit",
    r"disclosure control cannot protect its numbers \(\w+\); see docs/disclosure\.md":
        "angkanya masih dapat dihitung kembali meskipun sebagian disembunyikan",
    r"it was never released": "belum pernah terbit",
    r"its last release in .+? is missing or damaged": "rilis terakhirnya hilang atau rusak",
    r"its last release does not pass the gate": "rilis terakhirnya tidak lolos gerbang",
    r"\d+ rows are empty in every published column and were left out": "baris yang kosong seluruhnya tidak ikut",
    r"data\.json: contactPoint\.hasEmail is missing; fill surel of \S+": "surel produsen data belum diisi",
}  # fmt: skip


def in_bahasa(reason: str) -> str:
    """A reason or note of a ReleaseResult in Bahasa.

    What is not known here is only called a technical fault: an error of DuckDB may quote a value of a person.
    """
    said = []
    for known, words in _KNOWN.items():
        if found := re.search(known, reason, re.DOTALL):
            said.append((found.start(), found.expand(words)))
            reason = reason[: found.start()] + " " * len(found[0]) + reason[found.end() :]
    if reason.strip(" ;\n"):
        said.append((-1, TECHNICAL))
    return "; ".join(words for _, words in sorted(said))
