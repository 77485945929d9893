"""`situs/riwayat.js`: what changed in each dataset from release to release, for the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.site.script import write_call

_LONGEST = 20  # releases told of each dataset; riwayat.json has all of them


def write_history(release: Path, riwayat: list[dict[str, Any]]) -> None:
    """Write the history of a release, `riwayat` as in riwayat.json (newest first), as newest first by dataset.

    It stands beside the pages, not in them: a page must not change when only its past grows.
    """
    told: dict[str, list[list[Any]]] = {}
    for one in riwayat:
        for change in one["dataset"]:
            entries = told.setdefault(change["slug"], [])
            if len(entries) < _LONGEST:
                entries.append([one["versi"], one["tanggal"], change["jenis"], change["kalimat"]])
    latest = [riwayat[0]["versi"], riwayat[0]["tanggal"]] if riwayat else None
    write_call(
        release / "situs" / "riwayat.js", "riwayat", None, {"rilis": latest, "dataset": dict(sorted(told.items()))}
    )
