"""What lies on disk about the key of a home: the key file, and identity/kunci.json, which holds no key."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.home.atomic import scratch, settle, write_json
from pipelines.home.paths import Home, HomeError

LENGTH = 32
VARIABLE = "SATUDATA_KEY"
FILE_VARIABLE = "SATUDATA_KEY_FILE"
INIT = "satudata keys init"


class KeyFault(HomeError):  # noqa: N818 - it says what it is
    """The key is missing, unsafe or not the one of this home. Says what, where, what to do next."""


@dataclass(frozen=True)
class Entry:
    """One key as kunci.json describes it.

    `versi` counts from 1; `id` and `cek` tell the key from others; `nama` is the secret that archive names
    are made with, encrypted under the key.
    """

    versi: int
    id: str
    cek: str
    nama: str


@dataclass(frozen=True)
class Record:
    """kunci.json: the key of the home, and while a rotation is under way the next one."""

    kunci: Entry
    baru: Entry | None = None


def in_variable() -> bool:
    """Whether the key itself is in $SATUDATA_KEY, so that no file counts."""
    return bool(os.environ.get(VARIABLE))


def key_file(home: Home) -> Path:
    """Where the key lies unless $SATUDATA_KEY holds it."""
    given = os.environ.get(FILE_VARIABLE)
    return Path(given).absolute() if given else home.identity / "kunci"


def next_file(home: Home) -> Path:
    """Where the next key lies while a rotation is under way."""
    return key_file(home).with_name(key_file(home).name + ".baru")


def record_file(home: Home) -> Path:
    """What says which key the home was set up with."""
    return home.identity / "kunci.json"


def read_secret(home: Home) -> bytes | None:
    """The key as given, not compared with the home; None when there is none. Raises KeyFault."""
    return decode(os.environ[VARIABLE], f"${VARIABLE}") if in_variable() else read_key_file(key_file(home))


def read_key_file(path: Path) -> bytes | None:
    """The key in a file; None when there is no such file. KeyFault when others can read it, or it is no key."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            if mode & 0o077:
                raise KeyFault(f"others may read {path} (mode {mode:04o}); run: chmod 600 {path}")
            return decode(file.read(1024).decode("ascii", "replace"), str(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFault(f"cannot read {path}: {error.strerror}; let this user read it") from error


def decode(text: str, where: str) -> bytes:
    """A key from its text; KeyFault, which never shows the text, when it is none."""
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != LENGTH:
        raise KeyFault(f"{where} holds no key (32 bytes in base64, 44 characters); restore it from its backup")
    return secret


def write_key_file(path: Path, secret: bytes) -> None:
    """Write a new key file that only this user can read; KeyFault when one is there already."""
    try:
        with scratch(path.parent) as unfinished:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(base64.b64encode(secret) + b"\n")
            if path.exists():
                raise KeyFault(f"{path} is there already; a key is never overwritten")
            settle(unfinished, path)
    except OSError as error:
        raise KeyFault.of(error, path) from error


def read_record(home: Home) -> Record | None:
    """What kunci.json says; None when the home was never set up. KeyFault when it is damaged."""
    path = record_file(home)
    try:
        content = json.loads(path.read_bytes())
        following = content.get("baru")
        return Record(Entry(**content["kunci"]), Entry(**following) if following else None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFault(f"{path} cannot be read ({type(error).__name__}); restore it from the backup") from error


def write_record(home: Home, record: Record) -> None:
    """Replace kunci.json in one step."""
    path = record_file(home)
    try:
        write_json(path, asdict(record))
    except OSError as error:
        raise KeyFault.of(error, path) from error
