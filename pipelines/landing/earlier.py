"""Deliveries that were archived in clear before their contract declared personal columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.contract.model import Contract
from pipelines.home.atomic import CHUNK
from pipelines.home.keys import Key
from pipelines.home.paths import Home
from pipelines.landing import manifest
from pipelines.landing.archive import ArchiveError, flush, place, root, store


def lock_earlier(home: Home, contract: Contract, key: Key) -> int:
    """Encrypt what lies in clear of one dataset, and correct its manifests; returns how many
    objects were removed.

    A clear object is removed when the encrypted one is safe, unless another dataset delivered the same bytes.
    Killed anywhere, the next call finishes the work: the new name follows from the old one. Objects that are
    missing or damaged keep their entry, so that they can still be restored. Raises ArchiveError when the
    archive cannot be written, and ManifestError when any dataset's manifest is damaged, since that may name an
    object that is to be removed.
    """
    own = manifest.folder(home, contract)
    clear = {file.sha256 for file in manifest.history(own) if not file.locked}
    if not clear:
        return 0
    names = {sha256: key.name(bytes.fromhex(sha256)) for sha256 in clear}
    elsewhere = _named_elsewhere(home, own)
    for sha256, name in names.items():
        if place(home, sha256).exists() and not place(home, name, True).exists():
            store(home, _bytes(place(home, sha256)), key)
    locked = {sha256: name for sha256, name in names.items() if place(home, name, True).exists()}
    flush(home, locked.values(), True)
    removed = [sha256 for sha256 in locked.keys() - elsewhere if place(home, sha256).exists()]
    try:
        for sha256 in removed:
            place(home, sha256).unlink()
        flush(home, removed)
    except OSError as error:
        raise ArchiveError.of(error, root(home, False)) from error
    for path in manifest.numbered(own):
        before = manifest.read(path)
        after = [
            replace(file, sha256=locked[file.sha256], locked=True)
            if not file.locked and file.sha256 in locked
            else file
            for file in before
        ]
        if after != before:
            manifest.write(path, after)
    return len(removed)


def _named_elsewhere(home: Home, own: Path) -> set[str]:
    folders = (folder for folder in (home.archive / manifest.FOLDER).glob("*/*/") if folder != own)
    return {file.sha256 for folder in folders for file in manifest.history(folder) if not file.locked}


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
