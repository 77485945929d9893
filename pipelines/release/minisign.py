"""Signatures of files as minisign makes and checks them (Ed25519 over BLAKE2b-512, with a signed comment).

Whoever has minisign, and nothing of ours, can check a release: `minisign -Vm manifest.json -p walidata.pub`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipelines.home import write_text
from pipelines.release.problem import ReleaseFault

SUFFIX = ".minisig"
_KEY, _SIGNED = b"Ed", b"ED"  # what minisign calls a key, and a signature of a hash
_PLAIN = b"\0\0" + b"B2"  # a secret key without a password, with a checksum
_COMMENT = "untrusted comment: "
_TRUSTED = "trusted comment: "
_LONGEST = 8000  # of a comment; minisign reads 8192 bytes
_LARGEST = 16 << 10


@dataclass(frozen=True)
class PublicKey:
    """The 32 bytes that check, and the 8 that tell keys apart."""

    raw: bytes
    number: bytes

    @property
    def id(self) -> str:
        """16 hex digits, as minisign shows them."""
        return self.number[::-1].hex().upper()

    def text(self) -> str:
        """As minisign writes a public key file."""
        return f"{_COMMENT}minisign public key {self.id}\n{_base64(_KEY + self.number + self.raw)}\n"


@dataclass(frozen=True)
class SecretKey:
    """What signs: 32 bytes of seed, under the number of its public key."""

    seed: bytes = field(repr=False)
    number: bytes

    @property
    def public(self) -> PublicKey:
        """What checks."""
        return PublicKey(self._private().public_key().public_bytes(*_RAW), self.number)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._private().sign(data)

    def text(self) -> str:
        """As minisign writes a secret key file without a password (`minisign -GW`)."""
        body = self.number + self.seed + self.public.raw
        checksum = hashlib.blake2b(_KEY + body, digest_size=32).digest()
        return f"{_COMMENT}minisign secret key\n{_base64(_KEY + _PLAIN + bytes(48) + body + checksum)}\n"

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def read_secret(text: str, where: str) -> SecretKey:
    """A key from the text of its file; ReleaseFault, which never shows the text, when it is none."""
    body = _decoded(text.split("\n")[1:2], 158, where)
    if body[:2] == _KEY and body[2:4] != b"\0\0":
        raise ReleaseFault(f"{where} is under a password, which a night cannot type; make one with: minisign -GW")
    key = SecretKey(body[62:94], body[54:62])
    whole = base64.b64decode(key.text().split("\n")[1])
    if body[54:126] != whole[54:126] or body[126:] not in (whole[126:], bytes(32)):  # minisign writes no checksum here
        raise ReleaseFault(f"{where} is damaged; restore it from its backup")
    return key


def read_public(path: Path) -> PublicKey:
    """A public key file of minisign; raises ReleaseFault."""
    body = _decoded(_text(path).split("\n")[1:2], 42, str(path))
    if body[:2] != _KEY:
        raise ReleaseFault(f"{path} is no public key of minisign")
    return PublicKey(body[10:], body[2:10])


def sign(path: Path, key: SecretKey, comment: str) -> Path:
    """Sign a file, and with it a comment of one line, in `<path>.minisig`; returns that. Memory is bounded."""
    if not comment.isprintable() or len(comment.encode()) > _LONGEST:
        raise ReleaseFault(f"a comment to be signed is one line of at most {_LONGEST} bytes")
    signature = key.sign(_hash(path))
    lines = [
        f"{_COMMENT}signature from minisign secret key",
        _base64(_SIGNED + key.number + signature),
        f"{_TRUSTED}{comment}",
        _base64(key.sign(signature + comment.encode())),
    ]
    target = path.with_name(path.name + SUFFIX)
    write_text(target, "\n".join(lines) + "\n")
    return target


def check(path: Path, public: Path) -> str:
    """The comment that was signed with a file; raises ReleaseFault unless `public` confirms both."""
    key = read_public(public)
    where = path.with_name(path.name + SUFFIX)
    lines = _text(where).split("\n")
    body = _decoded(lines[1:2], 74, str(where))
    whole = _decoded(lines[3:4], 64, str(where))
    if body[:2] != _SIGNED or not lines[2].startswith(_TRUSTED):
        raise ReleaseFault(
            f"{where} is no signature of a hash (ED) with a comment; sign again with minisign 0.10 or later"
        )
    if body[2:10] != key.number:
        other = PublicKey(b"", body[2:10]).id
        raise ReleaseFault(f"{where} was made with another key ({other}) than {public} ({key.id})")
    comment = lines[2].removeprefix(_TRUSTED)
    checker = Ed25519PublicKey.from_public_bytes(key.raw)
    try:
        checker.verify(body[10:], _hash(path))
        checker.verify(whole, body[10:] + comment.encode())
    except OSError as error:
        raise ReleaseFault(f"{path} cannot be read: {error.strerror}") from error
    except InvalidSignature:
        raise ReleaseFault(
            f"{where} does not fit {path.name}: one of them was changed after it was signed; do not trust this copy"
        ) from None
    return comment


def _hash(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").digest()


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode()
    except OSError as error:
        raise ReleaseFault(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ReleaseFault(f"{path} is no file of minisign") from error


def _decoded(lines: list[str], length: int, where: str) -> bytes:
    try:
        body = base64.b64decode(lines[0], validate=True)
    except (IndexError, binascii.Error, ValueError):
        body = b""
    if len(body) != length or _base64(body) != lines[0]:
        raise ReleaseFault(f"{where} is no file of minisign, or damaged")
    return body


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
