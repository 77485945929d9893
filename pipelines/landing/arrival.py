"""A night's arrivals: what lies in landing and has stopped growing goes into the archive."""

from __future__ import annotations

import os
import time
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.home.keys import Key
from pipelines.home.paths import Home, HomeError
from pipelines.landing.archive import clean, flush
from pipelines.landing.earlier import lock_earlier
from pipelines.landing.listing import Seen, look, strays
from pipelines.landing.manifest import Delivery, ManifestError, append, folder, history
from pipelines.landing.notes import capped, note
from pipelines.landing.taking import RefusedError, take, untouched

QUIET_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 0.5


class LandingError(HomeError):
    """The landing folder as a whole cannot be read."""


@dataclass
class Receipt:
    """What one run found in landing.

    `arrived` and `findings` are by contract key and name only contracts that have some; `unknown` are
    folders with files but without a contract, and how many; `ignored` counts hidden and temporary entries.
    `locked` are contracts that need a key and got none: their folders were not even looked into.
    """

    arrived: dict[str, list[Delivery]] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    ignored: int = 0
    locked: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Plan:
    """One dataset: what the archive has by path, what to take, what is wrong so far."""

    contract: Contract
    known: dict[str, Delivery]
    wanted: list[Seen]
    findings: list[Finding]
    key: Key | None

    @property
    def below(self) -> str:
        return f"{self.contract.produsen}/{self.contract.dataset}"


def receive(
    home: Home,
    landing: Path,
    contracts: Sequence[Contract],
    *,
    only: Container[str] | None = None,
    now: datetime | None = None,
    personal: Container[str] = (),
    key: Key | None = None,
) -> Receipt:
    """Copy what came into the archive; landing itself is never written.

    `contracts` are all there are; `only` holds the keys to receive (default: all); `now` is the arrival time
    (default: the clock). The caller holds the home's lock. What is wrong with one file is a finding and
    never stops the others. What came of the contracts in `personal` (see `needs_key`) is encrypted under
    `key`, also what an earlier run archived in clear; without a key nothing of them is read. Raises
    LandingError without a landing folder, and ArchiveError when the archive cannot be written: what was
    archived before stays, and the next run finishes the work.
    """
    try:
        os.scandir(landing).close()
    except OSError as error:
        advice = "make it readable, or name another folder with --landing"
        raise LandingError(f"cannot list the landing folder {landing}: {error.strerror}; {advice}") from error
    clean(home)
    arrived = (now or datetime.now(UTC)).astimezone(UTC)
    receipt = Receipt(unknown=strays(landing, contracts))
    plans = []
    for contract in contracts:
        if only is not None and contract.key not in only:
            continue
        if contract.key in personal and key is None:
            receipt.locked.add(contract.key)
            receipt.findings[contract.key] = [note(".", "tanpa_kunci")]
            continue
        plan, ignored = _plan(home, landing, contract, key if contract.key in personal else None)
        plans.append(plan)
        receipt.ignored += ignored
    _let_settle(plans)
    for plan in plans:
        deliveries = []
        for seen in plan.wanted:
            try:
                delivery = take(home, landing, plan.below, seen, plan.known.get(seen.path), arrived, plan.key)
            except RefusedError as refused:
                plan.findings.append(note(seen.path, refused.kind))
                continue
            if delivery:
                deliveries.append(delivery)
        if deliveries:
            flush(home, (delivery.sha256 for delivery in deliveries), plan.key is not None)
            append(folder(home, plan.contract), deliveries)
            receipt.arrived[plan.contract.key] = deliveries
        if plan.findings:
            receipt.findings[plan.contract.key] = capped(plan.findings)
    return receipt


def _plan(home: Home, landing: Path, contract: Contract, key: Key | None) -> tuple[_Plan, int]:
    """What to do for one dataset, and how many entries of its folder were passed over."""
    listing = look(landing, contract)
    manifests = folder(home, contract)
    try:
        findings = listing.findings + _lock_earlier(home, contract, key)
        known = {delivery.path: delivery for delivery in history(manifests)}
    except ManifestError:
        broken = manifests.relative_to(home.root).as_posix()
        findings = [*listing.findings, note(broken, "catatan_rusak")]
        return _Plan(contract, {}, [], findings, key), listing.ignored
    if key:  # what is still in clear is taken again
        known = {path: delivery for path, delivery in known.items() if delivery.locked}
    wanted = [seen for seen in listing.files if not untouched(home, seen, known.get(seen.path))]
    wanted.sort(key=lambda seen: seen.path)
    return _Plan(contract, known, wanted, findings, key), listing.ignored


def _lock_earlier(home: Home, contract: Contract, key: Key | None) -> list[Finding]:
    """Encrypt what an earlier run archived in clear; a finding when that must wait."""
    if key is None:
        return []
    try:
        lock_earlier(home, contract, key)
    except ManifestError:
        return [note(".", "belum_terkunci")]
    return []


def _let_settle(plans: Sequence[_Plan]) -> None:
    """Wait once when any file was touched just now, so that `take` can refuse what is still growing."""
    # The kernel sets ctime at every write; mtime can be set back by the program that writes.
    before = time.time() - QUIET_SECONDS
    if any(seen.stat.st_ctime > before for plan in plans for seen in plan.wanted):
        time.sleep(LOOK_AGAIN_SECONDS)
