"""Datasets taken back from the public: who decided it, when and why, for ever in register/penarikan.csv.

The next release holds a tombstone instead of the dataset, until somebody lets it return. For a leak, `purge` takes
it out of the releases that are already there.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import astuple, dataclass, fields
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Literal

from pipelines.catalogue.dataset import DESCRIPTOR, TOMBSTONE
from pipelines.home import Home, HomeError, write_json, write_text
from pipelines.release.problem import ReleaseFault
from pipelines.release.purged import Tombstone, take_out
from pipelines.release.signature import Approval, signing_key
from pipelines.release.switch import current, releases

_SLUG = re.compile(r"[a-z][a-z0-9_]*-[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Decision:
    """One line of the record: a dataset was withdrawn (`ditarik`) or may return (`kembali`), by a named person."""

    slug: str
    peristiwa: Literal["ditarik", "kembali"]
    tanggal: str
    oleh: str
    alasan: str


def record(home: Home) -> list[Decision]:
    """All decisions, oldest first; raises HomeError when the record is damaged."""
    path = _file(home)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            header, *lines = csv.reader(stream)
        found = [Decision(*line) for line in lines]  # type: ignore[arg-type]  # checked below
        if header != _COLUMNS or any(d.peristiwa not in ("ditarik", "kembali") for d in found):
            raise ValueError
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise HomeError(
            f"{path} cannot be read; restore it from the backup: it says what must not be published"
        ) from error
    return found


def withdrawn(home: Home) -> dict[str, Decision]:
    """The decision that keeps each withdrawn dataset out of the next release, by slug."""
    last = {decision.slug: decision for decision in record(home)}
    return {slug: decision for slug, decision in sorted(last.items()) if decision.peristiwa == "ditarik"}


def withdraw(home: Home, slug: str, oleh: str, alasan: str, tanggal: date) -> bool:
    """Keep a dataset out of every release from the next on; False if it is withdrawn already.

    Raises ReleaseFault for a dataset that no release ever had. For the holder of the lock.
    """
    if slug in withdrawn(home):
        return False
    if not _SLUG.fullmatch(slug) or not any((folder / slug).is_dir() for folder in releases(home)):
        raise ReleaseFault(f"no release has a dataset '{slug}'; its name is that of its folder in releases/latest")
    _append(home, Decision(slug, "ditarik", tanggal.isoformat(), oleh, alasan))
    return True


def restore(home: Home, slug: str, oleh: str, alasan: str, tanggal: date) -> bool:
    """Let a withdrawn dataset be published again from the next release on; False if it is not withdrawn.

    What was purged from earlier releases stays away. For the holder of the lock.
    """
    if slug not in withdrawn(home):
        return False
    _append(home, Decision(slug, "kembali", tanggal.isoformat(), oleh, alasan))
    return True


def tombstone(folder: Path, decision: Decision, judul: str) -> None:
    """Make the folder of a withdrawn dataset in an unfinished release."""
    folder.mkdir(exist_ok=True)
    write_json(folder / TOMBSTONE, _told(decision, judul))


def title(home: Home, slug: str) -> str:
    """What a dataset is called in the release that readers see, or in another of this home; its slug if in none."""
    last = current(home)
    for folder in [*([last] if last else []), *releases(home)]:
        for name, key in ((DESCRIPTOR, "title"), (TOMBSTONE, "judul")):
            try:
                return str(json.loads((folder / slug / name).read_bytes())[key])
            except (OSError, ValueError, KeyError, TypeError):
                continue
    return slug


def purge(home: Home, slug: str) -> list[str]:
    """Take a withdrawn dataset out of every release of this home; returns the versions that had it.

    Its files are replaced by a tombstone signed with the walidata's key (`purged` says how a copy is verified then).
    Copies outside the home and other releases' readers are out of reach. Can be repeated. Raises ReleaseFault when it
    is not withdrawn, KeyFault without the key; nothing is taken away then. For the holder of the lock.
    """
    decision = withdrawn(home).get(slug)
    if decision is None:
        raise ReleaseFault(f"'{slug}' is not withdrawn; withdraw it first, so that no release publishes it again")
    told = _told(decision, title(home, slug))
    signed = Approval(decision.oleh, decision.alasan, decision.tanggal)
    key = signing_key(home)
    return [folder.name for folder in releases(home) if take_out(folder, folder.name, told, key, signed)]


def _told(decision: Decision, judul: str) -> Tombstone:
    return Tombstone(slug=decision.slug, judul=judul, tanggal=decision.tanggal, alasan=decision.alasan)


def _append(home: Home, decision: Decision) -> None:
    """Write the record anew with one more line; a killed call leaves the old one."""
    if not all(value.strip() and value.isprintable() for value in astuple(decision)):
        raise ReleaseFault("name and reason are one line each, and not empty")
    path, text = _file(home), StringIO()
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *(astuple(d) for d in [*record(home), decision])])
    try:
        write_text(path, text.getvalue())
    except OSError as error:
        raise HomeError.of(error, path) from error


def _file(home: Home) -> Path:
    return home.register / "penarikan.csv"


_COLUMNS = [field.name for field in fields(Decision)]
