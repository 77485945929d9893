"""What the night hands to the release: the deliveries in use, how they came through the check, what was withdrawn."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from pipelines.check.store import Attempt, read_state
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.identity.vault import names_file
from pipelines.night.portal import load_portal
from pipelines.publish import Delivery, Inputs, Quality
from pipelines.release import withdrawn


def inputs(home: Home, library: Library) -> Inputs:
    """All that decides about the release of a home; the caller holds it."""
    deliveries = {c.key: found for c in library.contracts if (found := _delivery(home, c))}
    names = names_file(home)
    gone = {slug: (date.fromisoformat(d.tanggal), d.alasan) for slug, d in withdrawn(home).items()}
    return Inputs(
        library,
        home.warehouse / "satudata.duckdb",
        deliveries,
        load_portal(),
        names if names.is_file() else None,
        gone,
    )


def _delivery(home: Home, contract: Contract) -> Delivery | None:
    good = read_state(home, contract).good
    if good is None:
        return None
    return Delivery(datetime.fromisoformat(good.modified).date(), len(good.loads), _quality(good))


def _quality(good: Attempt) -> Quality:
    found: Counter[tuple[str, str]] = Counter()
    for group in good.groups:
        found[group.standar, group.tingkat] += group.jumlah
    return Quality(
        sum(load.baris_dibaca for load in good.loads),
        sum(load.baris_diterima for load in good.loads),
        sum(load.baris_karantina for load in good.loads),
        sum(load.baris_bukan_data for load in good.loads),
        tuple((standard, severity, count) for (standard, severity), count in sorted(found.items())),
    )
