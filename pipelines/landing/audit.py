"""Is the archive still what came in? Reads all of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.contract.finding import Finding
from pipelines.home.atomic import sha256_file
from pipelines.home.keys import Key
from pipelines.home.paths import Home
from pipelines.landing import archive, manifest
from pipelines.landing.container import DamagedError, OtherKeyError, opened_chunks
from pipelines.landing.notes import note


def verify(home: Home, key: Key | None = None) -> list[Finding]:
    """Hash every archived object: a finding for each that differs or is missing, and for a damaged manifest.

    `berkas` is the path below the archive. Without findings every delivery is there, byte for byte. Encrypted
    objects can only be hashed with the key.
    """
    findings = []
    origin: dict[Path, str] = {}
    for dataset in sorted((home.archive / manifest.FOLDER).glob("*/*/")):
        below = dataset.relative_to(home.archive / manifest.FOLDER)
        try:
            for file in manifest.history(dataset):
                origin.setdefault(archive.place(home, file.sha256, file.locked), (below / file.path).as_posix())
        except archive.ArchiveError:
            findings.append(note(dataset.relative_to(home.archive).as_posix(), "catatan_rusak"))
    for locked in (False, True):
        top = archive.root(home, locked)
        recorded = {path for path in origin if path.is_relative_to(top)}
        for path in sorted({*top.glob("[0-9a-f][0-9a-f]/*"), *recorded}):
            problem = _locked_problem(path, key) if locked else _problem(path)
            if problem:
                shown = path.relative_to(home.archive).as_posix()
                findings.append(note(shown, problem, asal=origin.get(path, "tidak tercatat")))
    return findings


def _problem(path: Path) -> str | None:
    try:
        return None if sha256_file(path) == path.name else "arsip_rusak"
    except OSError:
        return "arsip_hilang"


def _locked_problem(path: Path, key: Key | None) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            if key is None:
                return "kunci_lain"
            for chunk in opened_chunks(file, key):
                digest.update(chunk)
    except OSError:
        return "arsip_hilang"
    except OtherKeyError:
        return "kunci_lain"
    except DamagedError:
        return "arsip_rusak"
    return None if key.name(digest.digest()) == path.name else "arsip_rusak"
