"""A dataset taken out of a finished release because it should never have been in it.

The one exception to "a release never changes". In place of its files stands a signed tombstone that names the
release, so that a copy can still be verified: what is missing was taken away by the walidata, not lost. A tombstone
from another release, of another dataset or by another key excuses nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from pipelines.catalogue.dataset import TOMBSTONE
from pipelines.home import promote_dir, write_json
from pipelines.home.atomic import scratch, sweep
from pipelines.release import minisign
from pipelines.release.manifest import PUBLIC_KEY, Manifest, listing
from pipelines.release.minisign import SecretKey
from pipelines.release.problem import ReleaseFault
from pipelines.release.signature import Approval


class Tombstone(TypedDict):
    """`ditarik.json`: what was withdrawn, on which day and why. Who decided it stands in the home's record."""

    slug: str
    judul: str
    tanggal: str
    alasan: str


def is_of(path: str, slug: str) -> bool:
    """Whether a file of a release belongs to one dataset: it, or a folder above it, bears its name."""
    return any(part == slug or part.startswith(f"{slug}.") for part in path.split("/"))


def take_out(folder: Path, versi: str, told: Tombstone, key: SecretKey, approval: Approval) -> bool:
    """Take a dataset out of a finished release and put its signed tombstone there; False if nothing was there.

    Its folder is replaced in one step, then its pages go; a killed call is simply repeated. For the holder of the lock.
    """
    slug = told["slug"]
    sweep(folder)
    here = {path for path, _ in listing(folder) if is_of(path, slug)}
    data = {path for path in here if path.startswith(f"{slug}/")} - tombstones(slug)
    if data:
        with scratch(folder) as unfinished:
            unfinished.mkdir()
            tombstone = unfinished / TOMBSTONE
            write_json(tombstone, {**told, "versi": versi})
            minisign.sign(tombstone, key, approval.comment())
            promote_dir(unfinished, folder / slug)
    elif not tombstones(slug) <= here:  # withdrawn before this release was made: its page tells of that
        return False
    pages = {path for path in here if not path.startswith(f"{slug}/")}
    for path in pages:
        (folder / path).unlink()
    return bool(data or pages)


def tombstones(slug: str) -> frozenset[str]:
    """The files that stand for a dataset that was purged."""
    return frozenset({f"{slug}/{TOMBSTONE}", f"{slug}/{TOMBSTONE}{minisign.SUFFIX}"})


def purged(folder: Path, manifest: Manifest, public: Path | None) -> set[str]:
    """Datasets whose absence from a release is excused by a tombstone that the walidata signed for this release."""
    found = set()
    for signature in folder.glob(f"*/{TOMBSTONE}{minisign.SUFFIX}"):
        tombstone, slug = signature.with_name(TOMBSTONE), signature.parent.name
        try:
            minisign.check(tombstone, public or folder / PUBLIC_KEY)
            said = json.loads(tombstone.read_bytes())
            if (said["slug"], said["versi"]) == (slug, manifest.versi):
                found.add(slug)
        except (ReleaseFault, OSError, ValueError, KeyError, TypeError):
            continue
    return found
