"""Writing so that a reader, a crash or a full disk never meets half of anything."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

CHUNK = 1 << 20
_MARK = ".aside-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_AT_ONCE = 16
# How the removal of a folder ends while somebody adds to it or takes away.
_WRITTEN_TO = (errno.ENOTEMPTY, errno.ENOENT)


@contextmanager
def scratch(folder: Path, suffix: str = "") -> Iterator[Path]:
    """Yield a new path in `folder` (nothing is there yet); whatever is left there at the end is removed."""
    make_folder(folder)
    path = folder / f"{_MARK}{secrets.token_hex(8)}{suffix}"
    try:
        yield path
    finally:
        _remove(path)


def settle(finished: Path, path: Path) -> None:
    """Move a finished file to `path` (replacing it) so that it is there whole, also after a power cut."""
    fsync(finished)
    make_folder(path.parent)
    finished.replace(path)
    fsync(path.parent)


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Yield a path to write to; on leaving it becomes `path`. On any error `path` stays as it was.

    The file to write has the suffix of `path`, does not exist yet, and lies in the same folder.
    """
    with scratch(path.parent, path.suffix) as unfinished:
        yield unfinished
        settle(unfinished, path)


def write_bytes(path: Path, data: bytes) -> None:
    """Make `path` a file with exactly these bytes, or leave it as it was and raise OSError."""
    with aside(path) as unfinished:
        unfinished.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Like write_bytes, in UTF-8; line ends stay as they are."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: object) -> None:
    """Like write_bytes, as indented JSON in UTF-8; keys keep their order. NaN is refused (ValueError)."""
    write_text(path, as_json(value))


def put_text(path: Path, text: str) -> None:
    """Write a file of a folder that lies aside as a whole: `promote_dir` will make it last."""
    path.write_bytes(text.encode())


def as_json(value: object) -> str:
    """The text that write_json writes."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def promote_dir(src: Path, dst: Path) -> None:
    """Move a finished folder to `dst` so that it is there whole; a folder already there is replaced.

    Both must lie on one file system. Where the system can swap two folders in one step (Linux), a reader
    finds either the old or the new one at every moment; elsewhere `dst` is missing for an instant.
    """
    found = [Path(folder, name) for folder, _, files in os.walk(src) for name in ("", *files)]
    # Together, so that the disk may write many at once.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(fsync, (path for path in found if not path.is_symlink())))
    make_folder(dst.parent)
    with scratch(dst.parent) as old:
        if not dst.exists():
            src.rename(dst)
        elif _swap(src, dst):
            src.rename(old)
        else:
            dst.rename(old)
            try:
                src.rename(dst)
            except OSError:
                old.rename(dst)
                raise
        fsync(dst.parent)


def sweep(folder: Path) -> int:
    """Remove what killed runs left aside in `folder` (not below it); returns how many.

    Only for the holder of the lock: another process may be writing aside just now. Where something of the killed
    run still writes it waits for the next sweep; what cannot be removed for another reason raises OSError.
    """
    removed = 0
    for path in folder.glob(f"{_MARK}*"):
        try:
            _remove(path)
        except OSError as error:
            if error.errno not in _WRITTEN_TO:
                raise
        else:
            removed += 1
    return removed


def sha256_file(path: Path) -> str:
    """Hash of a file as 64 hex digits, in bounded memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    fsync(folder.parent)


def fsync(path: Path) -> None:
    """Make what a file holds, or which names a folder holds, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two paths in one step; False where the system or the file system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    arguments = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(renameat2(*arguments) == 0)
