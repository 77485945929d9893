"""Where everything lies: the checkout, and the home that holds all the pipeline writes."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipelines.home.atomic import scratch

REPO = Path(os.environ.get("SATUDATA_ROOT") or Path(__file__).resolve().parents[2])
FOLDERS = (
    "landing",
    "archive",
    "identity",
    "register",
    "staging",
    "findings",
    "warehouse",
    "releases",
    "referensi",
    "cache",
    "tmp",
    "log",
)
_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and run again",
    errno.EDQUOT: "the disk quota is used up; free some space and run again",
    errno.EROFS: "the file system is read-only; mount it writable, or choose another home with --home",
    errno.EACCES: "this user may not write there; give it to this user, or choose another home with --home",
    errno.EPERM: "this user may not write there; give it to this user, or choose another home with --home",
    errno.EEXIST: "a file stands where a folder is needed; move it away",
    errno.ENOTDIR: "a file stands where a folder is needed; move it away",
    errno.EIO: "the disk reports an error; look at the system log before running again",
}


_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


class HomeError(Exception):
    """The home cannot be used. The message says what, where and what to do next."""

    @classmethod
    def of(cls, error: OSError, path: Path) -> Self:
        """Put an error of the operating system, met while writing `path`, into plain words."""
        reason = _REASONS.get(error.errno or 0, f"{error.strerror or error}")
        return cls(f"cannot write {path}: {reason}")


@contextmanager
def machine_faults(home: Home) -> Iterator[None]:
    """Raise HomeError in place of any error that says the disk is full, read-only or broken.

    Libraries wrap such errors in their own, so it is told by the words of the operating system in it.
    """
    try:
        yield
    except HomeError:
        raise
    except Exception as error:
        number = next((n for n in _MACHINE if os.strerror(n) in str(error)), None)
        if number is None:
            raise
        raise HomeError.of(OSError(number, os.strerror(number)), home.root) from error


@dataclass(frozen=True)
class Home:
    """The folder below which the pipeline writes; nothing is written anywhere else."""

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root).absolute())

    @classmethod
    def default(cls) -> Self:
        """SATUDATA_HOME, or `var` in the checkout."""
        return cls(Path(os.environ.get("SATUDATA_HOME") or REPO / "var"))

    @property
    def landing(self) -> Path:
        """Where files are dropped unless another landing folder is given; only ever read."""
        return self.root / "landing"

    @property
    def archive(self) -> Path:
        """What was delivered, byte for byte, for ever."""
        return self.root / "archive"

    @property
    def identity(self) -> Path:
        """Personal data and the key it is under; open to this user alone."""
        return self.root / "identity"

    @property
    def identity_tmp(self) -> Path:
        """Scratch space for personal data in clear; to be emptied before and after every run."""
        return self.identity / "tmp"

    @property
    def register(self) -> Path:
        """Persistent keys of what is known to everybody: institutions."""
        return self.root / "register"

    @property
    def staging(self) -> Path:
        """Accepted rows: <produsen>/<dataset>/<versi>/data.parquet."""
        return self.root / "staging"

    @property
    def findings(self) -> Path:
        """What goes back to the produsen."""
        return self.root / "findings"

    @property
    def warehouse(self) -> Path:
        """Holds satudata.duckdb."""
        return self.root / "warehouse"

    @property
    def releases(self) -> Path:
        """Holds one folder a release, and `latest`."""
        return self.root / "releases"

    @property
    def referensi(self) -> Path:
        """The installation's own reference files, and the aliases that its people have reviewed."""
        return self.root / "referensi"

    @property
    def cache(self) -> Path:
        """What can be made again from reference files: prepared tables and borders."""
        return self.root / "cache"

    @property
    def tmp(self) -> Path:
        """Scratch space on the same disk; may be emptied between runs."""
        return self.root / "tmp"

    @property
    def log(self) -> Path:
        """For the engineer; no personal data."""
        return self.root / "log"

    def ensure(self) -> Self:
        """Make the folders that are missing (mode 0700) and prove that they can be written to.

        Folders that exist keep their mode, but for `identity`. Raises HomeError when the home is read-only, full or
        in the way of something else.
        """
        path = self.root
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in FOLDERS:
                path = self.root / name
                path.mkdir(mode=0o700, exist_ok=True)
            path = self.identity
            if path.stat().st_mode & 0o077:
                path.chmod(0o700)
            path = self.identity_tmp
            path.mkdir(mode=0o700, exist_ok=True)
            with scratch(self.tmp) as path:
                path.write_bytes(b"\0" * 4096)
        except OSError as error:
            raise HomeError.of(error, path) from error
        return self
