"""Encrypted objects of the archive: reading them, encrypting them under another key, which datasets need it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home.atomic import scratch, settle
from pipelines.home.keys import Key
from pipelines.home.paths import Home
from pipelines.landing.archive import ArchiveError, blob, root
from pipelines.landing.container import HEADER, DamagedError, OtherKeyError, key_id, opened_chunks, sealed
from pipelines.landing.manifest import Delivery


class UnreadableError(ArchiveError):
    """An encrypted object is damaged, or under another key."""


def needs_key(library: Library, contract: Contract) -> bool:
    """Whether files of this contract hold personal data: by its columns, or by those of a contract that
    declares the same files (`salinan_dari`, either way).
    """
    owner = contract.salinan_dari or contract.key
    family = [contract, *(c for c in library.contracts if owner in (c.key, c.salinan_dari))]
    return any(library.is_personal(member, column) for member in family for column in member.kolom)


def opened(home: Home, delivery: Delivery, folder: Path, key: Key | None) -> Path:
    """A plain file with the delivered bytes: the archived one, or where that is encrypted a copy in `folder`.

    The caller keeps `folder` below identity/ of the home and removes it. Raises ArchiveError when the object
    is missing or damaged, or the key is not the one it was encrypted under; then nothing is left in `folder`.
    """
    path = blob(home, delivery.sha256, delivery.locked)
    if not delivery.locked:
        return path
    plain = folder / delivery.sha256
    digest = hashlib.sha256()
    with scratch(folder) as unfinished:
        chunks = read(path, key)
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
        except OSError as error:
            raise ArchiveError.of(error, folder) from error
        if key is None or key.name(digest.digest()) != path.name:
            raise ArchiveError(f"{path} holds other bytes than its name says; restore it from the backup")
        unfinished.replace(plain)
    return plain


def read(path: Path, key: Key | None) -> Iterator[bytes]:
    """The bytes of an encrypted object, chunk by chunk. Raises ArchiveError; what came before is not all."""
    if key is None:
        raise ArchiveError(f"{path} is encrypted; give the key (satudata keys status says what is missing)")
    try:
        with path.open("rb") as file:
            yield from opened_chunks(file, key)
    except OtherKeyError as error:
        raise UnreadableError(f"{path} is encrypted under another key (id {error.id}, yours is {key.id})") from error
    except DamagedError as error:
        raise UnreadableError(f"{path} is damaged ({error}); restore it from the backup") from error
    except OSError as error:
        raise UnreadableError(f"cannot read {path}: {error.strerror}") from error


def rekey(home: Home, old: Key, new: Key) -> int:
    """Encrypt all encrypted objects under a new key; returns how many were not yet.

    Names stay. Each is replaced in one step, so that a killed call is simply repeated. For the holder of the
    lock. Raises ArchiveError when one cannot be read, after all others are done.
    """
    done, unread = 0, list[str]()
    for path in sorted(root(home, True).glob("[0-9a-f][0-9a-f]/*")):
        try:
            with path.open("rb") as file:
                if key_id(file.read(HEADER)) == new.id:
                    continue
            with scratch(root(home, True)) as unfinished:
                with unfinished.open("xb") as file:
                    file.writelines(sealed(read(path, old), new))
                unfinished.chmod(0o400)
                settle(unfinished, path)
        except (DamagedError, UnreadableError):
            unread.append(str(path))
        except OSError as error:
            raise ArchiveError.of(error, path) from error
        else:
            done += 1
    if unread:
        some = ", ".join(unread[:3])
        raise UnreadableError(
            f"{len(unread)} archived files cannot be read with the key that is to be replaced: {some}; "
            "restore them from the backup, or remove them where there is none, then run the same command again"
        )
    return done
