"""The bytes that came in, kept for ever, mode 0400: objek/<aa>/<sha256> in the archive, and encrypted ones
as terkunci/<aa>/<name>, where the name is a keyed hash of the bytes (a plain one would confirm a guess at them).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.home.atomic import fsync, scratch, sweep
from pipelines.home.keys import Key
from pipelines.home.paths import Home, HomeError
from pipelines.landing.container import sealed

FOLDER = "objek"
LOCKED = "terkunci"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ArchiveError(HomeError):
    """The archive cannot be written, or lacks something it should hold. Says what, where, what to do next."""


def root(home: Home, locked: bool) -> Path:
    """The folder of clear objects, or of encrypted ones."""
    return home.archive / (LOCKED if locked else FOLDER)


def place(home: Home, name: str, locked: bool = False) -> Path:
    """Where an object lies, or would lie."""
    return root(home, locked) / name[:2] / name


def name_of(digest: bytes, key: Key | None) -> str:
    """What bytes with this sha256 are called: by its hex digits, or with a key by that key's name for them."""
    return key.name(digest) if key else digest.hex()


def store(home: Home, chunks: Iterable[bytes], key: Key | None = None) -> str:
    """Write the chunks, encrypted if there is a key, and return their name: all of them, or nothing.

    Call `flush` before relying on it. Any exception raised by `chunks` passes through; what the disk refuses is
    an ArchiveError. Content that is already there is left as it is.
    """
    folder = root(home, key is not None)
    digest = hashlib.sha256()
    arriving = _hashing(chunks, digest)
    try:
        with scratch(folder) as unfinished:
            with unfinished.open("xb", buffering=0) as file:
                for chunk in sealed(arriving, key) if key else arriving:
                    rest = memoryview(chunk)
                    while rest:
                        rest = rest[file.write(rest) :]
            name = name_of(digest.digest(), key)
            path = place(home, name, key is not None)
            if not path.exists():
                unfinished.chmod(0o400)
                fsync(unfinished)
                path.parent.mkdir(exist_ok=True)
                unfinished.replace(path)
    except OSError as error:
        raise ArchiveError.of(error, folder) from error
    return name


def flush(home: Home, stored: Iterable[str], locked: bool = False) -> None:
    """Make the names of these objects survive a power cut; once for many, since each costs a disk write."""
    top = root(home, locked)
    try:
        for folder in sorted({place(home, name, locked).parent for name in stored}):
            fsync(folder)
        fsync(top)
    except OSError as error:
        raise ArchiveError.of(error, top) from error


def blob(home: Home, name: str, locked: bool = False) -> Path:
    """The archived object as it lies there, for reading only. Raises ArchiveError when it is missing."""
    if not _SHA256.fullmatch(name):
        raise ArchiveError(f"'{name[:80]}' is not a sha256 in 64 lower-case hex digits")
    path = place(home, name, locked)
    if not path.is_file():
        raise ArchiveError(f"the archive lacks {path}; restore it from the backup, or put the file into landing again")
    return path


def clean(home: Home) -> None:
    """Remove what a killed run left half-written. For the holder of the lock."""
    for folder in (root(home, False), root(home, True)):
        try:
            sweep(folder)
        except OSError as error:
            raise ArchiveError.of(error, folder) from error


def _hashing(chunks: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
