"""Which release readers see: finished folders below releases/, and `latest`, the one name that ever changes.

A draft is renamed to its version, then the link is replaced by one rename. Interrupted at any point, `latest`
leads to a whole release.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipelines.home import Home, promote_dir
from pipelines.home import sweep as sweep_folder
from pipelines.home.atomic import fsync, scratch
from pipelines.release.files import differences
from pipelines.release.manifest import HISTORY, MANIFEST, SIGNATURE, VERSION, Manifest, read_manifest
from pipelines.release.problem import ReleaseFault

LATEST = "latest"


def current(home: Home) -> Path | None:
    """The release that readers see; None when there is none yet."""
    link = home.releases / LATEST
    return link.resolve() if link.is_dir() else None


def promote(home: Home, draft: Path) -> Path:
    """Put a draft in place as the release of its version and let `latest` lead to it; returns its folder.

    The draft lies on the disk of the home and is gone afterwards. A release of this version that is there already,
    with the same history and signature, stays as it is. Otherwise it is replaced in one step: it publishes the
    same. Raises ReleaseFault, with nothing changed, when the draft is not signed, lacks files or has others than
    its manifest; OSError of the disk. For the holder of the lock.
    """
    manifest = read_manifest(draft)
    if wrong := next(differences(draft, manifest.berkas, deep=False), None):
        raise ReleaseFault(f"the draft {draft} is not whole: {wrong}; build it again")
    if not (draft / SIGNATURE).is_file():
        raise ReleaseFault(f"the draft {draft} is not signed; nobody has approved it")
    target = home.releases / manifest.versi
    if draft != target:
        if _same(draft, target):
            with scratch(home.releases) as gone:
                draft.rename(gone)
        else:
            promote_dir(draft, target)
    switch(home, manifest.versi)
    return target


def switch(home: Home, version: str) -> bool:
    """Let `latest` lead to a version by one rename; False if it did already."""
    link = home.releases / LATEST
    if link.is_symlink() and link.readlink() == Path(version):
        return False
    with scratch(home.releases) as new:
        new.symlink_to(version, target_is_directory=True)
        new.replace(link)
        fsync(home.releases)
    return True


def sweep(home: Home) -> int:
    """Remove what killed runs left in releases/; returns how many. For the holder of the lock."""
    return sweep_folder(home.releases)


def versions(home: Home) -> list[Manifest]:
    """The releases of the home, newest first; one without a sound manifest (of an earlier program) has no files."""
    found = {folder.name: _stated(folder) for folder in releases(home)}
    order = {version: place for place, version in enumerate(_told(current(home)))}
    return sorted(
        sorted(found.values(), key=lambda m: (m.tanggal or "", m.versi), reverse=True),
        key=lambda m: order.get(m.versi, len(order)),
    )


def releases(home: Home) -> Iterator[Path]:
    """The folders of all releases."""
    for folder in sorted(home.releases.glob("*")):
        if VERSION.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            yield folder


def _stated(folder: Path) -> Manifest:
    try:
        return read_manifest(folder)
    except ReleaseFault:
        return Manifest(folder.name, None, None, {})


def _told(release: Path | None) -> list[str]:
    """Versions as the history of a release tells them, newest first."""
    try:
        return [entry["versi"] for entry in json.loads((release / HISTORY).read_bytes())] if release else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _same(draft: Path, target: Path) -> bool:
    """Whether a version in place is whole and told and signed like the draft."""
    try:
        alike = all(_bytes(draft / name) == _bytes(target / name) for name in (MANIFEST, SIGNATURE))
        return alike and next(differences(target, read_manifest(target).berkas, deep=False), None) is None
    except (OSError, ReleaseFault):
        return False


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
