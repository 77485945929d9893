"""What came in, and when: append-only manifests, and the versions of a dataset that follow from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.home.atomic import sweep, write_json
from pipelines.home.paths import Home
from pipelines.landing.archive import ArchiveError
from pipelines.landing.notes import note

FOLDER = "manifes"


class ManifestError(ArchiveError):
    """A manifest is damaged or missing, so nobody knows all that came."""


@dataclass(frozen=True)
class Delivery:
    """One file as it came: what (`sha256`, `bytes`), where, when and by whom.

    `sha256` names the content; where it is `locked`, that is a keyed hash and the archive holds it encrypted.
    `path` is posix, relative to landing/<produsen>/<dataset>/. `modified` is the file's own time, `arrived`
    the time of the run that took it (one for all files of a run); both in UTC. `owner` is the file's user,
    `source` the landing folder. `inode`, `mtime_ns` and `ctime_ns` show whether it was touched since.
    """

    path: str
    sha256: str
    bytes: int
    modified: datetime
    arrived: datetime
    owner: str
    source: str
    inode: int
    mtime_ns: int
    ctime_ns: int
    locked: bool = False


@dataclass(frozen=True)
class Version:
    """The newest file per path, sorted by path.

    `versi` names the content: equal paths with equal bytes give the same one, in whatever order they came.
    """

    versi: str
    files: tuple[Delivery, ...]

    @classmethod
    def of(cls, files: Sequence[Delivery]) -> Version:
        """Name the content of these files: first 12 hex digits of sha256 over the sorted (path, sha256)."""
        ordered = tuple(sorted(files, key=lambda file: file.path))
        content = "".join(f"{file.path}\0{file.sha256}\n" for file in ordered)
        return cls(hashlib.sha256(content.encode()).hexdigest()[:12], ordered)


def current(home: Home, contract: Contract, as_of: datetime | None = None) -> Version | None:
    """What the dataset consists of now, or consisted of at `as_of` (with time zone); None if nothing came.

    A file that left the landing folder stays. Raises ArchiveError when a manifest is damaged or missing.
    """
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    newest: dict[str, Delivery] = {}
    for delivery in history(folder(home, contract)):
        if as_of is None or delivery.arrived <= as_of:
            newest[delivery.path] = delivery
    return Version.of(list(newest.values())) if newest else None


def folder(home: Home, contract: Contract) -> Path:
    """Where the manifests of a dataset lie."""
    return home.archive / FOLDER / contract.produsen / contract.dataset


def history(manifests: Path) -> list[Delivery]:
    """All deliveries of one dataset, oldest first. ManifestError when a manifest is damaged or missing."""
    found: list[Delivery] = []
    for number, path in enumerate(numbered(manifests), start=1):
        if int(path.stem) != number:
            raise ManifestError(f"manifest {number} is missing in {manifests}; restore it from the backup")
        found += read(path)
    return found


def read(path: Path) -> list[Delivery]:
    """The deliveries of one manifest. ManifestError when it is damaged."""
    try:
        return [_delivery(entry) for entry in json.loads(path.read_bytes())["deliveries"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ManifestError(
            f"the manifest {path} cannot be read ({type(error).__name__}); restore it from the backup"
        ) from error


def append(manifests: Path, deliveries: Sequence[Delivery]) -> Path:
    """Add one manifest after the last one; earlier ones are never touched. For the holder of the lock.

    Raises ArchiveError when it cannot be written; then nothing was recorded.
    """
    last = max((int(path.stem) for path in numbered(manifests)), default=0)
    path = manifests / f"{last + 1:06}.json"
    write(path, deliveries)
    return path


def write(path: Path, deliveries: Sequence[Delivery]) -> None:
    """Write one manifest in one step. Raises ArchiveError when it cannot be; then it stays as it was."""
    entries = [asdict(file) | {"modified": _text(file.modified), "arrived": _text(file.arrived)} for file in deliveries]
    try:
        sweep(path.parent)
        write_json(path, {"deliveries": entries})
        path.chmod(0o400)
    except OSError as error:
        raise ArchiveError.of(error, path) from error


def twins(version: Version) -> list[Finding]:
    """A finding for every file whose bytes are those of an earlier path; empty files do not count."""
    first: dict[str, str] = {}
    findings = []
    for file in version.files:
        other = first.setdefault(file.sha256, file.path)
        if other != file.path and file.bytes:
            findings.append(note(file.path, "kembar", lain=other))
    return findings


def shared(versions: Mapping[str, Version]) -> dict[str, list[tuple[str, str]]]:
    """Content of several datasets: sha256 -> sorted (contract key, path); empty files do not count."""
    places: dict[str, list[tuple[str, str]]] = {}
    for key, version in sorted(versions.items()):
        for file in version.files:
            if file.bytes:
                places.setdefault(file.sha256, []).append((key, file.path))
    return {sha256: where for sha256, where in places.items() if len({key for key, _ in where}) > 1}


def numbered(manifests: Path) -> list[Path]:
    """The manifests of one dataset, oldest first."""
    paths = [path for path in manifests.glob("*.json") if path.stem.isdecimal()]
    return sorted(paths, key=lambda path: int(path.stem))


def _delivery(entry: dict[str, str]) -> Delivery:
    times = {name: datetime.fromisoformat(entry[name]) for name in ("modified", "arrived")}
    if not all(time.tzinfo for time in times.values()):
        raise ValueError("a time without its zone")
    return Delivery(**{**entry, **times})  # type: ignore[arg-type]


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()
