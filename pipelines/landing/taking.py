"""One file from landing into the archive: opened without following a link, copied and hashed in one pass."""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pipelines.home.atomic import CHUNK
from pipelines.home.keys import Key
from pipelines.home.paths import Home
from pipelines.landing.archive import name_of, place, store
from pipelines.landing.listing import Seen
from pipelines.landing.manifest import Delivery

_NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class RefusedError(Exception):
    """One file cannot be taken this time; `kind` is the note that says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def identity(status: os.stat_result) -> tuple[int, int, int, int]:
    """What changes when a file is touched: inode, bytes, mtime_ns, ctime_ns."""
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def untouched(home: Home, seen: Seen, known: Delivery | None) -> bool:
    """Whether the file is, by its stat alone, the one that was archived, and the archive still has it."""
    if known is None:
        return False
    recorded = (known.inode, known.bytes, known.mtime_ns, known.ctime_ns)
    return recorded == identity(seen.stat) and place(home, known.sha256, known.locked).exists()


def take(
    home: Home,
    landing: Path,
    below: str,
    seen: Seen,
    known: Delivery | None,
    arrived: datetime,
    key: Key | None = None,
) -> Delivery | None:
    """Archive one file of the dataset folder `below`; None when its bytes are those of `known`.

    With a key it is encrypted. Raises RefusedError when the file cannot be read or changes meanwhile,
    ArchiveError when the archive cannot be written.
    """
    with _opened(landing, f"{below}/{seen.path}") as handle:
        # The same bytes sent again are only read, not written a second time.
        if (
            known is not None
            and known.bytes == seen.stat.st_size
            and place(home, known.sha256, known.locked).exists()
            and name_of(_hash(_chunks(handle, seen)), key) == known.sha256
        ):
            return None
        sha256 = store(home, _chunks(handle, seen), key)
    if known is not None and known.sha256 == sha256:
        return None
    return Delivery(
        path=seen.path,
        sha256=sha256,
        bytes=seen.stat.st_size,
        modified=datetime.fromtimestamp(seen.stat.st_mtime, UTC),
        arrived=arrived,
        owner=_user(seen.stat.st_uid),
        source=str(landing),
        inode=seen.stat.st_ino,
        mtime_ns=seen.stat.st_mtime_ns,
        ctime_ns=seen.stat.st_ctime_ns,
        locked=key is not None,
    )


@contextmanager
def _opened(landing: Path, path: str) -> Iterator[int]:
    """Open a regular file below landing, part by part, so that no link slips in after the listing."""
    handle = -1
    try:
        try:
            handle = os.open(landing, os.O_RDONLY | os.O_DIRECTORY)
            for part in path.split("/"):
                inner = os.open(part, _NO_LINK, dir_fd=handle)
                os.close(handle)
                handle = inner
            regular = stat.S_ISREG(os.fstat(handle).st_mode)
        except OSError as error:
            kinds = {errno.ELOOP: "tautan", errno.ENOENT: "masih_ditulis", errno.ENOTDIR: "masih_ditulis"}
            raise RefusedError(kinds.get(error.errno or 0, "tak_terbaca")) from error
        if not regular:
            raise RefusedError("bukan_berkas")
        yield handle
    finally:
        if handle >= 0:
            os.close(handle)


def _chunks(handle: int, seen: Seen) -> Iterator[bytes]:
    """The bytes of an open file. Raises RefusedError unless it is, from start to end, the file as seen."""
    try:
        if identity(os.fstat(handle)) != identity(seen.stat):
            raise RefusedError("masih_ditulis")
        os.lseek(handle, 0, os.SEEK_SET)
        left = seen.stat.st_size
        while left and (chunk := os.read(handle, min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
        if left or identity(os.fstat(handle)) != identity(seen.stat):
            raise RefusedError("masih_ditulis")
    except OSError as error:
        raise RefusedError("tak_terbaca") from error


def _hash(chunks: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()


@cache
def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
