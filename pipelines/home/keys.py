"""The key under which a home keeps personal data: 32 random bytes, and what is derived from them.

It is given as base64 text in $SATUDATA_KEY, in the file that $SATUDATA_KEY_FILE names, or in identity/kunci
of the home.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.home.atomic import sweep
from pipelines.home.key_files import (
    FILE_VARIABLE,
    INIT,
    LENGTH,
    VARIABLE,
    Entry,
    KeyFault,
    Record,
    key_file,
    next_file,
    read_record,
    read_secret,
    record_file,
    write_key_file,
    write_record,
)
from pipelines.home.paths import Home

ROTATE = "satudata keys rotate"
UNFINISHED = f"a change to a new key was interrupted; finish it with: {ROTATE}"
_NONCE = 12


@dataclass(frozen=True)
class Key:
    """The key of a home at one version; what is encrypted is so under keys derived from it."""

    secret: bytes = field(repr=False)
    naming: bytes = field(repr=False)
    version: int

    @property
    def id(self) -> str:
        """16 hex digits that tell keys apart and reveal nothing of them."""
        return check_value(self.secret)[:16]

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose ('archive', 'store', 'pseudonym'); every version gives others."""
        return _derive(self.secret, purpose)

    def name(self, sha256: bytes) -> str:
        """What bytes with this hash are called: 64 hex digits that nobody can get from a guess at the bytes.

        Equal bytes have equal names, also after a rotation.
        """
        return hmac.digest(self.naming, sha256, "sha256").hex()

    def entry(self) -> Entry:
        """How kunci.json describes this key."""
        nonce = secrets.token_bytes(_NONCE)
        wrapped = nonce + AESGCM(self.derive("naming")).encrypt(nonce, self.naming, None)
        return Entry(self.version, self.id, check_value(self.secret), base64.b64encode(wrapped).decode())

    @classmethod
    def of(cls, entry: Entry, secret: bytes) -> Self:
        """The key that an entry describes; KeyFault when `secret` is another one."""
        if not is_key_of(entry, secret):
            raise KeyFault(
                f"the key given (id {check_value(secret)[:16]}) is not the one of this home (id {entry.id}, "
                f"version {entry.versi}); give that one, from its backup if need be"
            )
        try:
            wrapped = base64.b64decode(entry.nama, validate=True)
            naming = AESGCM(_derive(secret, "naming")).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], None)
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise KeyFault("identity/kunci.json is damaged; restore it from the backup") from error
        return cls(secret, naming, entry.versi)


def load(home: Home) -> Key | None:
    """The key of the home; None when none is given and the home never had one.

    Raises KeyFault when the key is missing, readable by others, malformed or not the one that the home was
    set up with, and while a rotation waits to be finished.
    """
    record, secret = read_record(home), read_secret(home)
    if record is None:
        if secret is not None:
            raise KeyFault(f"a key is given, but this home is not set up with it; run: {INIT}")
        if os.environ.get(FILE_VARIABLE):
            raise KeyFault(f"${FILE_VARIABLE} names {key_file(home)}, which is not there; put it there, or run: {INIT}")
        return None
    if record.baru:
        raise KeyFault(UNFINISHED)
    if secret is None:
        raise KeyFault(
            f"the key of this home (id {record.kunci.id}) is missing; put it back from its backup as "
            f"{key_file(home)}, mode 0600, or give it in ${VARIABLE}"
        )
    if not is_key_of(record.kunci, secret) and next_file(home).exists():
        raise KeyFault(UNFINISHED)
    return Key.of(record.kunci, secret)


def init(home: Home) -> tuple[Key, Path | None]:
    """Set the home up with the key that is given, else with a new one; nothing is ever overwritten.

    Returns the key, and the key file if one was written. Raises KeyFault as `load` does. For the holder of
    the lock.
    """
    if read_record(home) is not None:
        key = load(home)
        if key is not None:
            return key, None
    if any(home.identity.rglob("*.duckdb")) or any((home.archive / "terkunci").rglob("*")):
        raise KeyFault(f"{record_file(home)} is missing, but data was encrypted here; restore it from the backup")
    sweep(key_file(home).parent)
    secret, made = read_secret(home), None
    if secret is None:
        secret, made = secrets.token_bytes(LENGTH), key_file(home)
        write_key_file(made, secret)
    key = Key(secret, secrets.token_bytes(LENGTH), 1)
    write_record(home, Record(key.entry()))
    return key, made


def check_value(secret: bytes) -> str:
    """64 hex digits by which a key is recognised."""
    return hmac.digest(_derive(secret, "check"), b"satudata", "sha256").hex()


def is_key_of(entry: Entry, secret: bytes) -> bool:
    """Whether an entry of kunci.json describes this key."""
    return hmac.compare_digest(entry.cek, check_value(secret))


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), LENGTH, salt=None, info=b"satudata " + purpose.encode()).derive(secret)
