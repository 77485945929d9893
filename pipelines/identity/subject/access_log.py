"""Who looked at whom, and why: identity/akses.jsonl, one JSON object a line, mode 0600, only ever added to.

Each line holds the sha256 of the line before it, so that a line removed or changed shows. What was cut off at
the end shows only to whoever noted a later line: every answer tells its number and hash.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.home import Home, HomeError
from pipelines.home.atomic import fsync

START = "0" * 64  # the hash that the first line names


@dataclass(frozen=True)
class Entry:
    """One request: who (`oleh`) did what about whom and why, and what came of it.

    `id` is the pseudonym of the person, None where nobody was found. No field may hold a NIK or the name of the
    person.
    """

    oleh: str
    tindakan: str
    alasan: str
    id: str | None
    hasil: str


@dataclass(frozen=True)
class Line:
    """A line as it stands in the log: its number from 1, its time (ISO 8601, UTC), and its own sha256."""

    nomor: int
    waktu: str
    entry: Entry
    sidik: str


def write(home: Home, entry: Entry) -> Line:
    """Add a line; when this returns it is on the disk. Raises HomeError when it cannot be written."""
    path = log_file(home)
    try:
        with _held(path) as handle:
            count, last = 0, START
            for stored in _lines(handle):
                count, last = count + 1, _hash(stored)
            waktu = datetime.now(UTC).isoformat(timespec="seconds")
            content = {"nomor": count + 1, "waktu": waktu, **asdict(entry), "sebelum": last}
            text = json.dumps(content, ensure_ascii=False).encode()
            # A killed write may have left half a line; it stays, and shows as damaged.
            size = os.fstat(handle).st_size
            start = b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""
            whole = start + text + b"\n"
            if os.write(handle, whole) != len(whole):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
        fsync(path.parent)
    except OSError as error:
        raise HomeError.of(error, path) from error
    return Line(count + 1, waktu, entry, _hash(text))


def read(home: Home) -> Iterator[Line]:
    """The lines of the log that can be read, oldest first."""
    for number, text in enumerate(_stored(home), start=1):
        content = _parsed(text)
        if content:
            oleh, tindakan, alasan, hasil = (str(content.get(n, "")) for n in ("oleh", "tindakan", "alasan", "hasil"))
            who = content.get("id")
            entry = Entry(oleh, tindakan, alasan, None if who is None else str(who), hasil)
            yield Line(number, str(content.get("waktu")), entry, _hash(text))


def verify(home: Home) -> list[str]:
    """What is wrong with the log, in Bahasa, one sentence a place; empty when every line follows the one before."""
    problems, last = [], START
    for number, text in enumerate(_stored(home), start=1):
        content = _parsed(text)
        if not content:
            problems.append(f"Baris {number} rusak.")
        elif content.get("sebelum") != last or content.get("nomor") != number:
            problems.append(f"Baris {number} tidak menyambung: baris sebelumnya dihapus, disisipkan atau diubah.")
        last = _hash(text)
    return problems


def log_file(home: Home) -> Path:
    """Where the log lies."""
    return home.identity / "akses.jsonl"


@contextmanager
def _held(path: Path) -> Iterator[int]:
    """The log, open for adding to; other writers wait."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _stored(home: Home) -> Iterator[bytes]:
    if not log_file(home).exists():
        return
    handle = os.open(log_file(home), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield from _lines(handle)
    finally:
        os.close(handle)


def _lines(handle: int) -> Iterator[bytes]:
    with os.fdopen(os.dup(handle), "rb") as file:
        file.seek(0)
        for text in file:
            yield text.rstrip(b"\n")


def _parsed(text: bytes) -> dict[str, object]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
