"""A home holds either the sample province or real deliveries, never both.

Invented persons must not end up among real ones, nor an invented release at the public address.
"""

from __future__ import annotations

import shutil

from pipelines.home.paths import Home, HomeError

MARK = "contoh"
_WRITTEN = ("archive", "identity", "register", "staging", "findings", "warehouse", "releases", "draft")


def is_sample(home: Home) -> bool:
    """Whether the sample province lives in a home."""
    return (home.root / MARK).exists()


def settle_in(home: Home, sample: bool) -> bool:
    """Make the home the sample's or the real data's; for the holder of the lock.

    A home that only ever held the sample is emptied for real data (the sample can be made again);
    returns whether that happened. Raises HomeError when the sample would enter a home with real deliveries.
    """
    mark = home.root / MARK
    if sample:
        if not mark.exists() and any((home.archive).rglob("*.json")):
            raise HomeError(
                f"{home.root} holds real deliveries; give the sample province another home: "
                "satudata run --contoh --home DIR"
            )
        if not mark.exists():
            mark.touch()
        return False
    if not mark.exists():
        return False
    for name in _WRITTEN:
        shutil.rmtree(home.root / name, ignore_errors=True)
    home.ensure()
    mark.unlink()
    return True
