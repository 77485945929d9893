"""`riwayat.json`: what each release changed, newest first, for readers, for the feed and for the pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.release.diff import Change
from pipelines.release.manifest import HISTORY, MANIFEST, read_manifest
from pipelines.release.problem import ReleaseFault

LONGEST = 200
_KEYS = {"versi", "tanggal", "sebelum", "dataset"}


def history(
    old_release: Path | None, version: str, tanggal: str | None, changes: Sequence[Change]
) -> list[dict[str, Any]]:
    """The history of `old_release` with one more entry in front; at most 200.

    An unchanged version adds nothing. An old release without a manifest (of an earlier program) begins a new
    history. Raises ReleaseFault when the old history is damaged: it would be lost for ever.
    """
    if old_release is None or not (old_release / MANIFEST).is_file():
        before, earlier = None, []
    else:
        before, earlier = read_manifest(old_release).versi, _read(old_release / HISTORY)
    if before == version:
        return earlier
    listed = [asdict(change) for change in changes]
    for one in listed:
        one["kalimat"] = list(one["kalimat"])
    entry = {"versi": version, "tanggal": tanggal, "sebelum": before, "dataset": listed}
    return [entry, *earlier][:LONGEST]


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_bytes())
        if not isinstance(found, list) or not all(isinstance(one, dict) and one.keys() >= _KEYS for one in found):
            raise ValueError
    except (OSError, ValueError) as error:
        raise ReleaseFault(f"{path} cannot be read; restore it from a copy of that release") from error
    return found
