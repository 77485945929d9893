"""The encrypted form of an archived file: AES-256-GCM in chunks, read and written as a stream.

    8 bytes   "SATUDAT1"
    8 bytes   id of the key
    32 bytes  salt, random: the file's own key is HKDF-SHA256(archive key, salt, info = these 48 bytes)
    then chunks of 1 MiB, each followed by its tag of 16 bytes; only the last is shorter, or empty

The nonce of a chunk is its number (11 bytes, big-endian) and one byte that is 1 for the last: chunks cannot be
changed, swapped, left out or added, nor the end cut off, without the tag of one being wrong.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.home.atomic import CHUNK
from pipelines.home.keys import Key

MAGIC = b"SATUDAT1"
_ID, _SALT, _TAG = 8, 32, 16
HEADER = len(MAGIC) + _ID + _SALT


class DamagedError(Exception):
    """The ciphertext is not what was written."""


class OtherKeyError(Exception):
    """The ciphertext was written under another key; `id` is that key's."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


def sealed(chunks: Iterable[bytes], key: Key) -> Iterator[bytes]:
    """The container that holds these bytes, piece by piece; chunks may be of any size."""
    header = MAGIC + bytes.fromhex(key.id) + secrets.token_bytes(_SALT)
    cipher = _cipher(key, header)
    yield header
    waiting, number = bytearray(), 0
    for chunk in chunks:
        waiting += chunk
        # A full chunk waits until more follows: only the last carries the mark of the end.
        while len(waiting) > CHUNK:
            yield cipher.encrypt(_nonce(number, False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(number, True), bytes(waiting), None)


def opened_chunks(file: BinaryIO, key: Key) -> Iterator[bytes]:
    """The bytes that a container holds, as chunks of 1 MiB.

    Raises OtherKeyError before the first of them, DamagedError at the first that is not what was written or
    when the end is missing: what came before is genuine, but not all.
    """
    header = file.read(HEADER)
    if (written_under := key_id(header)) != key.id:
        raise OtherKeyError(written_under)
    cipher = _cipher(key, header)
    number, piece = 0, file.read(CHUNK + _TAG)
    while True:
        following = file.read(CHUNK + _TAG)
        try:
            plain = cipher.decrypt(_nonce(number, not following), piece, None)
        except (InvalidTag, ValueError) as error:
            raise DamagedError(f"chunk {number}") from error
        if plain or number == 0:
            yield plain
        else:
            raise DamagedError(f"chunk {number} is empty")
        if not following:
            return
        number, piece = number + 1, following


def key_id(header: bytes) -> str:
    """The id of the key that a container with this header was written under; DamagedError if it is none."""
    if len(header) != HEADER or not header.startswith(MAGIC):
        raise DamagedError("header")
    return header[len(MAGIC) : len(MAGIC) + _ID].hex()


def _cipher(key: Key, header: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=header[-_SALT:], info=header).derive(key.derive("archive")))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
