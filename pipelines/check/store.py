"""What the check left for later stages: the last delivery judged, and the last good one.

staging/<produsen>/<dataset>/state.json points at folders beside it; it is written last, so a killed
run leaves the old state. Folders are named <versi>-<fingerprint> and never changed once there.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipelines.check.findings import Group
from pipelines.check.places import PLACES
from pipelines.check.run import PERSONAL, PROPOSALS, Checked, Load
from pipelines.contract.model import Contract
from pipelines.home import Home, promote_dir, write_json
from pipelines.home.atomic import settle
from pipelines.identity.vault import rows_file, rows_folder


@dataclass
class Attempt:
    """One delivery as judged. `folder` is below the dataset's staging folder; None when it has no rows."""

    versi: str
    fingerprint: str
    status: str
    folder: str | None
    loads: list[Load]
    reasons: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    tidied: dict[str, int] = field(default_factory=dict)
    findings: int = 0
    arrived: str = ""
    modified: str = ""


@dataclass
class State:
    """The newest delivery judged, and the one whose rows are in use (the same when it was good)."""

    latest: Attempt | None = None
    good: Attempt | None = None

    def loads(self) -> list[tuple[str, Load]]:
        """(versi, load) of the newest delivery, and of the good one where another is in use."""
        attempts = [self.latest] + ([self.good] if self.good and self.good != self.latest else [])
        return [(a.versi, load) for a in attempts if a for load in a.loads]


_STATE = TypeAdapter(State)


def folder_of(home: Home, contract: Contract) -> Path:
    """Where the versions of a dataset lie."""
    return home.staging / contract.produsen / contract.dataset


def read_state(home: Home, contract: Contract) -> State:
    """The state of a dataset; an empty one when it was never checked.

    A damaged state, or one that an older version wrote, is as good as none: the dataset is checked again.
    """
    path = folder_of(home, contract) / "state.json"
    try:
        return _STATE.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return State()


def data_file(home: Home, contract: Contract) -> Path | None:
    """The accepted rows in use, or None."""
    good = read_state(home, contract).good
    return folder_of(home, contract) / good.folder / "data.parquet" if good and good.folder else None


def keep(home: Home, contract: Contract, attempt: Attempt, checked: Checked | None, work: Path) -> State:
    """Store an attempt; `work` is the folder of the check, whose results are moved into place.

    A returned delivery leaves the good one in use. Folders that nothing points at are removed, and with them
    what was split off from their rows.
    """
    base = folder_of(home, contract)
    state = read_state(home, contract)
    accepted = attempt.status != "DIKEMBALIKAN"
    if checked and (work / "data.parquet").exists():
        finished = work / "hasil"
        finished.mkdir()
        for name in ("data.parquet", "karantina.parquet", PLACES, PROPOSALS):
            if (work / name).exists():
                (work / name).rename(finished / name)
        attempt.folder = f"{attempt.versi}-{attempt.fingerprint[:8]}"
        if (work / PERSONAL).exists():
            settle(work / PERSONAL, rows_file(home, contract, attempt.folder))
        promote_dir(finished, base / attempt.folder)
    state.latest = attempt
    if accepted:
        state.good = attempt
    base.mkdir(parents=True, exist_ok=True)
    write_json(base / "state.json", asdict(state))
    used = {a.folder for a in (state.latest, state.good) if a}
    for old in base.iterdir():
        if old.is_dir() and old.name not in used:
            shutil.rmtree(old)
    for file in rows_folder(home, contract).glob("*.duckdb"):
        if file.stem not in used:
            file.unlink()
    return state


def fingerprint(parts: Iterable[str | Path]) -> str:
    """Hash of texts, files, and folders (their files' names and bytes), the same on every machine."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(f"={part}\n".encode())
            continue
        files = (
            sorted(p for p in part.rglob("*") if p.is_file() and _counts(p.relative_to(part)))
            if part.is_dir()
            else [part]
        )
        for file in files:
            name = file.relative_to(part) if part.is_dir() else file.name
            digest.update(f"{part.name}/{name}\n".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _counts(path: Path) -> bool:
    return path.suffix not in (".pyc", ".md") and not any(p in ("target", "logs", "__pycache__") for p in path.parts)
