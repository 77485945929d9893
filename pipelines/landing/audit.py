"""Is the archive still what came in? Reads all of it."""

from __future__ import annotations

from pathlib import Path

from pipelines.contract.finding import Finding
from pipelines.home.atomic import sha256_file
from pipelines.home.paths import Home
from pipelines.landing import archive, manifest
from pipelines.landing.notes import note


def verify(home: Home) -> list[Finding]:
    """Hash every archived object: a finding for each that differs or is missing, and for a damaged manifest.

    `berkas` is the path below the archive. Without findings every delivery is there, byte for byte.
    """
    findings = []
    origin: dict[str, str] = {}
    for dataset in sorted((home.archive / manifest.FOLDER).glob("*/*/")):
        below = dataset.relative_to(home.archive / manifest.FOLDER)
        try:
            for file in manifest.history(dataset):
                origin.setdefault(file.sha256, (below / file.path).as_posix())
        except archive.ArchiveError:
            findings.append(note(dataset.relative_to(home.archive).as_posix(), "catatan_rusak"))
    objects = {path.name: path for path in (home.archive / archive.FOLDER).glob("[0-9a-f][0-9a-f]/*")}
    for name in sorted(objects.keys() | origin.keys()):
        path = objects.get(name) or archive.place(home, name)
        problem = _problem(path)
        if problem:
            shown = path.relative_to(home.archive).as_posix()
            findings.append(note(shown, problem, asal=origin.get(name, "tidak tercatat")))
    return findings


def _problem(path: Path) -> str | None:
    try:
        return None if sha256_file(path) == path.name else "arsip_rusak"
    except OSError:
        return "arsip_hilang"
