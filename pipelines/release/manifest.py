"""`manifest.json`: every file of a release with its bytes and sha256, and the version that follows from them.

A version is a hash of what is published. History, feed, signature and public key are left out of it: they
tell of the release and may differ between two that publish the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.catalogue import datasets, withdrawn
from pipelines.home import sha256_file, write_json
from pipelines.release.problem import ReleaseFault

MANIFEST = "manifest.json"
SIGNATURE = f"{MANIFEST}.minisig"
PUBLIC_KEY = "walidata.pub"
UNLISTED = frozenset({MANIFEST, SIGNATURE, PUBLIC_KEY})
HISTORY = "riwayat.json"
UNVERSIONED = frozenset({HISTORY, "situs/riwayat.js", "perubahan.atom"})
MOST_BYTES = 64 << 20  # of a manifest, a hundred times what 500 datasets need
MOST_FILES = 200_000
VERSION = re.compile(r"[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class File:
    """One file of a release: `path` below its folder with '/', size, and 64 hex digits."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What manifest.json says: version, day of the newest data (None in an empty release), the version before,
    and the files by path."""

    versi: str
    tanggal: str | None
    sebelum: str | None
    berkas: Mapping[str, File]


def content_version(files: Mapping[str, str]) -> str:
    """12 hex digits: the name of a release with these files (path -> sha256)."""
    lines = sorted(f"{path}\0{sha256}\n" for path, sha256 in files.items() if path not in UNVERSIONED | UNLISTED)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


def listing(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything below a folder that is not a folder itself, with its path; links are told, never followed."""
    waiting = [("", folder)]
    while waiting:
        prefix, place = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{prefix}{entry.name}/", Path(entry.path)))
                else:
                    yield f"{prefix}{entry.name}", entry


def hashes(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """sha256 by path of every file that a manifest lists; those in `known` are not read.

    Raises ReleaseFault for a link or another thing that is no plain file.
    """
    found: dict[str, str] = dict(known or {})
    there = set()
    for path, entry in listing(folder):
        if not entry.is_file(follow_symlinks=False):
            raise ReleaseFault(f"{folder / path} is no plain file; a release holds no links: put the file itself there")
        there.add(path)
    wanted = sorted(there - UNLISTED)
    new = [path for path in wanted if path not in found]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found.update(zip(new, pool.map(lambda path: sha256_file(folder / path), new), strict=True))
    return {path: found[path] for path in wanted}


def unchanged(folder: Path, before: Path | None) -> dict[str, str]:
    """What is known of a draft without reading it: sha256 of the files that are hard links of the release before."""
    if before is None or not (before / MANIFEST).is_file():
        return {}
    found = {}
    for path, file in read_manifest(before).berkas.items():
        try:
            one, other = (folder / path).lstat(), (before / path).lstat()
        except OSError:
            continue
        if (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino):
            found[path] = file.sha256
    return found


def write_manifest(folder: Path, sebelum: str | None, known: Mapping[str, str] | None = None) -> Manifest:
    """List a finished folder in its manifest.json; `sebelum` is the version that it follows.

    `known` holds sha256 by path where they need not be computed again (`unchanged`, `hashes`). Raises ReleaseFault
    or DescriptorError.
    """
    files = hashes(folder, known)
    days = [d.satudata.diperbarui for d in datasets(folder)] + [w.tanggal for w in withdrawn(folder)]
    berkas = {path: File(path, (folder / path).stat().st_size, sha256) for path, sha256 in files.items()}
    tanggal = max(days).isoformat() if days else None
    manifest = Manifest(content_version(files), tanggal, sebelum, berkas)
    head = {"versi": manifest.versi, "tanggal": tanggal, "sebelum": sebelum}
    write_json(folder / MANIFEST, {**head, "berkas": [asdict(file) for file in berkas.values()]})
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release, which may come from anybody; raises ReleaseFault unless every part of it is sound.

    Every path in it is relative and stays below the folder.
    """
    path = folder / MANIFEST
    try:
        if path.is_symlink() or not path.is_file():
            raise ReleaseFault(f"{path} is not there: this folder is no release, or not a whole one; copy it again")
        if path.stat().st_size > MOST_BYTES:
            raise ReleaseFault(f"{path} is larger than {MOST_BYTES >> 20} MiB; no release has so many files")
        return _manifest(json.loads(path.read_bytes()))
    except OSError as error:
        raise ReleaseFault(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = str(error) if type(error) is ValueError else "it is no manifest"
        raise ReleaseFault(f"{path} is damaged ({reason}); copy the release again from where it came") from error


def _manifest(content: Any) -> Manifest:
    if len(content["berkas"]) > MOST_FILES:
        raise ValueError(f"it lists more than {MOST_FILES} files")
    before = content["sebelum"]
    _must(VERSION.fullmatch(content["versi"]), "its version is not 12 hex digits")
    _must(before is None or VERSION.fullmatch(before), "the version before is not 12 hex digits")
    _must(content["tanggal"] is None or _DATE.fullmatch(content["tanggal"]), "its date is no date")
    berkas: dict[str, File] = {}
    for one in content["berkas"]:
        file = File(one["path"], one["bytes"], one["sha256"])
        _must(plain(file.path), f"the path {file.path!r:.80} leads out of the folder")
        _must(file.path not in UNLISTED and file.path not in berkas, f"{file.path} must not be listed, or not twice")
        _must(type(file.bytes) is int and file.bytes >= 0, f"the size of {file.path} is no number")
        _must(_SHA256.fullmatch(file.sha256), f"the hash of {file.path} is not 64 hex digits")
        berkas[file.path] = file
    return Manifest(content["versi"], content["tanggal"], before, berkas)


def plain(path: str) -> bool:
    """Whether a path is relative, stays below its folder, and has one spelling."""
    parts = path.split("/")
    return path.isprintable() and "\\" not in path and len(path) <= 1000 and not {"", ".", ".."} & set(parts)


def _must(holds: object, else_: str) -> None:
    if not holds:
        raise ValueError(else_)
