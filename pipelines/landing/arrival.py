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
from pipelines.home.paths import Home, HomeError
from pipelines.landing.archive import ArchiveError, clean, flush
from pipelines.landing.listing import Seen, look, strays
from pipelines.landing.manifest import Delivery, append, folder, history
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
    """

    arrived: dict[str, list[Delivery]] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    ignored: int = 0


@dataclass(frozen=True)
class _Plan:
    """One dataset: what the archive has by path, what to take, what is wrong so far."""

    contract: Contract
    known: dict[str, Delivery]
    wanted: list[Seen]
    findings: list[Finding]

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
) -> Receipt:
    """Copy what came into the archive; landing itself is never written.

    `contracts` are all there are; `only` holds the keys to receive (default: all); `now` is the arrival time
    (default: the clock). The caller holds the home's lock. What is wrong with one file is a finding and
    never stops the others. Raises LandingError without a landing folder, and ArchiveError when the archive
    cannot be written: what was archived before stays, and the next run finishes the work.
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
        if only is None or contract.key in only:
            plan, ignored = _plan(home, landing, contract)
            plans.append(plan)
            receipt.ignored += ignored
    _let_settle(plans)
    for plan in plans:
        deliveries = []
        for seen in plan.wanted:
            try:
                delivery = take(home, landing, plan.below, seen, plan.known.get(seen.path), arrived)
            except RefusedError as refused:
                plan.findings.append(note(seen.path, refused.kind))
                continue
            if delivery:
                deliveries.append(delivery)
        if deliveries:
            flush(home, (delivery.sha256 for delivery in deliveries))
            append(folder(home, plan.contract), deliveries)
            receipt.arrived[plan.contract.key] = deliveries
        if plan.findings:
            receipt.findings[plan.contract.key] = capped(plan.findings)
    return receipt


def _plan(home: Home, landing: Path, contract: Contract) -> tuple[_Plan, int]:
    """What to do for one dataset, and how many entries of its folder were passed over."""
    listing = look(landing, contract)
    manifests = folder(home, contract)
    try:
        known = {delivery.path: delivery for delivery in history(manifests)}
    except ArchiveError:
        broken = manifests.relative_to(home.root).as_posix()
        findings = [*listing.findings, note(broken, "catatan_rusak")]
        return _Plan(contract, {}, [], findings), listing.ignored
    wanted = [seen for seen in listing.files if not untouched(home, seen, known.get(seen.path))]
    wanted.sort(key=lambda seen: seen.path)
    return _Plan(contract, known, wanted, listing.findings), listing.ignored


def _let_settle(plans: Sequence[_Plan]) -> None:
    """Wait once when any file was touched just now, so that `take` can refuse what is still growing."""
    # The kernel sets ctime at every write; mtime can be set back by the program that writes.
    before = time.time() - QUIET_SECONDS
    if any(seen.stat.st_ctime > before for plan in plans for seen in plan.wanted):
        time.sleep(LOOK_AGAIN_SECONDS)
