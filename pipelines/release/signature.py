"""Who approved a release and why: signed with the key of the walidata, checked with its public half.

The secret key lies where the home's other key lies, readable by this user alone. It is a key of minisign without
a password, so that the walidata can use minisign itself.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.home import Home, KeyFault, write_text
from pipelines.home.atomic import make_folder, scratch, settle
from pipelines.home.key_files import key_file
from pipelines.release import minisign
from pipelines.release.manifest import MANIFEST, PUBLIC_KEY
from pipelines.release.minisign import SecretKey
from pipelines.release.problem import ReleaseFault

SECRET_KEY = "walidata.key"


@dataclass(frozen=True)
class Approval:
    """`oleh` (a name) approved for the reason `alasan` at the moment or on the day `waktu` (ISO 8601)."""

    oleh: str
    alasan: str
    waktu: str

    def comment(self) -> str:
        """As one line of ASCII, so that any minisign keeps and shows it."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, comment: str, where: Path) -> Approval:
        """What a signed comment says; raises ReleaseFault when it is another one than ours."""
        try:
            found = cls(**json.loads(comment))
        except (ValueError, TypeError) as error:
            raise ReleaseFault(f"{where} is signed, but does not say who approved it; approve it again") from error
        if not all(isinstance(value, str) and value.strip() for value in asdict(found).values()):
            raise ReleaseFault(f"{where} is signed without a name, reason or time; approve it again")
        return found


def secret_file(home: Home) -> Path:
    """Where the key that signs lies."""
    return key_file(home).with_name(SECRET_KEY)


def public_file(home: Home) -> Path:
    """Where its public half lies: to be given to everybody."""
    return key_file(home).with_name(PUBLIC_KEY)


def signing_key(home: Home) -> SecretKey:
    """The walidata's key, made on first use with its public half beside it.

    Raises KeyFault when others can read it, or when only its public half is there: a new key would let old
    releases look forged. For the holder of the lock.
    """
    path, public = secret_file(home), public_file(home)
    try:
        if not path.exists():
            if public.exists():
                raise KeyFault(
                    f"{path} is missing, but {public} is there; restore it from its backup. To begin with a new "
                    f"key, move {public} away: copies signed so far are then checked with that old file"
                )
            _write(path, SecretKey(secrets.token_bytes(32), secrets.token_bytes(8)))
        key = _read(path)
        if not public.exists():
            write_text(public, key.public.text())
    except OSError as error:
        raise KeyFault.of(error, path) from error
    if minisign.read_public(public) != key.public:
        raise KeyFault(f"{public} does not belong to {path}; restore the pair from its backup")
    return key


def approve(folder: Path, key: SecretKey, approval: Approval) -> None:
    """Sign the manifest of a finished folder, and lay the public key beside it."""
    comment = approval.comment()
    Approval.of(comment, folder)
    write_text(folder / PUBLIC_KEY, key.public.text())
    minisign.sign(folder / MANIFEST, key, comment)


def approval(folder: Path, public: Path | None = None) -> Approval:
    """Who approved a release; raises ReleaseFault unless its signature holds.

    Without `public` the key in the folder itself is used: that finds damage, but a forger would have put
    his own there.
    """
    manifest = folder / MANIFEST
    return Approval.of(minisign.check(manifest, public or folder / PUBLIC_KEY), manifest)


def _write(path: Path, key: SecretKey) -> None:
    make_folder(path.parent)
    with scratch(path.parent) as unfinished:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key.text())
        settle(unfinished, path)


def _read(path: Path) -> SecretKey:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777
        if mode & 0o077:
            raise KeyFault(f"others may read {path} (mode {mode:04o}); run: chmod 600 {path}")
        text = file.read(1024).decode("ascii", "replace")
    try:
        return minisign.read_secret(text, str(path))
    except ReleaseFault as error:
        raise KeyFault(str(error)) from None
