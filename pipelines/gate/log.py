"""The gate's log, kept with the release: what was looked for, in how much, what was found. No value, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.gate.gate import Gate, Passage

LOG = "gerbang.json"


def log(gate: Gate, passages: Mapping[str, Passage]) -> dict[str, Any]:
    """The log as JSON, by slug: also of datasets that were refused and are therefore not in the release."""
    sought = sorted({rule.standard.konsep for rule in gate.rules.all if not rule.how.aman})
    return {
        "aturan_versi": gate.rules.version,
        "dicari": sought,
        "nama_orang": "diperiksa" if gate.names else "tidak diperiksa: daftar nama tidak tersedia",
        "dataset": {
            slug: {
                "nilai_diperiksa": passage.values,
                "teks_metadata_diperiksa": passage.texts,
                "ditemukan": [
                    {
                        "tempat": f"metadata {hit.where}" if hit.metadata else hit.where,
                        "jenis": hit.standard.konsep,
                        "banyaknya": hit.count,
                        "contoh_tersamar": hit.masked,
                    }
                    for hit in passage.hits
                ],
            }
            for slug, passage in sorted(passages.items())
        },
    }
