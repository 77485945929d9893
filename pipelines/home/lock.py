"""One run at a time in one home. The kernel holds the lock, so a killed run cannot leave a stale one."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from pipelines.home.paths import Home, HomeError


class Busy(Exception):  # noqa: N818 - it is no error of ours, and reads as what it says
    """Another run holds the home. `since` is its start with time zone; the three are None if unknown."""

    def __init__(self, home: Home, pid: int | None, since: datetime | None, command: str | None) -> None:
        self.pid, self.since, self.command = pid, since, command
        who = f"process {pid} since {since:%Y-%m-%d %H:%M:%S %z} ({command})" if since else "another process"
        super().__init__(f"{home.root} is in use by {who}; wait until it ends, or stop it")


@contextmanager
def exclusive(home: Home) -> Iterator[None]:
    """Hold the home until the block ends. Raises Busy at once when another run holds it, HomeError
    when the lock cannot be written.

    A program started meanwhile does not inherit the lock; a forked copy of this process does.
    """
    path = home.root / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise HomeError.of(error, path) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(home, *_holder(handle)) from None
        try:
            _sign(handle)
        except OSError as error:
            raise HomeError.of(error, path) from error
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _sign(handle: int) -> None:
    """Say who holds the lock, for the message that others see."""
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    note = {"pid": os.getpid(), "since": since, "command": shlex.join(sys.argv)}
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(note).encode(), 0)


def _holder(handle: int) -> tuple[int | None, datetime | None, str | None]:
    """Who holds the lock; tries for a moment, since the holder may be just about to sign."""
    for _ in range(20):
        with suppress(ValueError, KeyError, TypeError):
            note = json.loads(os.pread(handle, 1 << 16, 0))
            return int(note["pid"]), datetime.fromisoformat(note["since"]), str(note["command"])
        time.sleep(0.01)
    return None, None, None
