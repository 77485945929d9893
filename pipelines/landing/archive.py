"""The bytes that came in, kept for ever: objek/<aa>/<sha256> in the archive, mode 0400, never rewritten."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from pipelines.home.atomic import fsync, scratch, sweep
from pipelines.home.paths import Home, HomeError

FOLDER = "objek"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ArchiveError(HomeError):
    """The archive cannot be written, or lacks something it should hold. Says what, where, what to do next."""


def place(home: Home, sha256: str) -> Path:
    """Where an object lies, or would lie."""
    return home.archive / FOLDER / sha256[:2] / sha256


def store(home: Home, chunks: Iterable[bytes]) -> str:
    """Write the chunks and return their sha256: all of them, or nothing. Call `flush` before relying on it.

    Any exception raised by `chunks` passes through; what the disk refuses is an ArchiveError. Content that
    is already there is left as it is.
    """
    root = home.archive / FOLDER
    digest = hashlib.sha256()
    arriving = iter(chunks)
    try:
        with scratch(root) as unfinished:
            with unfinished.open("xb", buffering=0) as file:
                for chunk in arriving:
                    digest.update(chunk)
                    rest = memoryview(chunk)
                    while rest:
                        rest = rest[file.write(rest) :]
            sha256 = digest.hexdigest()
            path = place(home, sha256)
            if not path.exists():
                unfinished.chmod(0o400)
                fsync(unfinished)
                path.parent.mkdir(exist_ok=True)
                unfinished.replace(path)
    except OSError as error:
        raise ArchiveError.of(error, root) from error
    return sha256


def flush(home: Home, stored: Iterable[str]) -> None:
    """Make the names of these objects survive a power cut; once for many, since each costs a disk write."""
    root = home.archive / FOLDER
    try:
        for folder in sorted({place(home, sha256).parent for sha256 in stored}):
            fsync(folder)
        fsync(root)
    except OSError as error:
        raise ArchiveError.of(error, root) from error


def blob(home: Home, sha256: str) -> Path:
    """The archived bytes, for reading only. Raises ArchiveError when they are not there."""
    if not _SHA256.fullmatch(sha256):
        raise ArchiveError(f"'{sha256[:80]}' is not a sha256 in 64 lower-case hex digits")
    path = place(home, sha256)
    if not path.is_file():
        raise ArchiveError(f"the archive lacks {path}; restore it from the backup, or put the file into landing again")
    return path


def clean(home: Home) -> None:
    """Remove what a killed run left half-written. For the holder of the lock."""
    try:
        sweep(home.archive / FOLDER)
    except OSError as error:
        raise ArchiveError.of(error, home.archive / FOLDER) from error
