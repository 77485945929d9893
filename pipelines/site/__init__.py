"""The static catalogue site of a release: pages that need no server and no network, from its descriptors alone."""

from pipelines.site.build import build
from pipelines.site.history import write_history

__all__ = ["build", "write_history"]
