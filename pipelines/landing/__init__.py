"""Landing and archive: what came in, kept for ever, and the versions that follow from it."""

from pipelines.landing.archive import ArchiveError, blob
from pipelines.landing.arrival import LandingError, Receipt, receive
from pipelines.landing.audit import verify
from pipelines.landing.locked import needs_key, opened, rekey
from pipelines.landing.manifest import Delivery, Version, current, shared, twins

__all__ = [
    "ArchiveError",
    "Delivery",
    "LandingError",
    "Receipt",
    "Version",
    "blob",
    "current",
    "needs_key",
    "opened",
    "receive",
    "rekey",
    "shared",
    "twins",
    "verify",
]
