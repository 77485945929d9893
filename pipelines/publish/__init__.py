"""Publishing: the disclosure gate, the files, their metadata, the catalogue, and one immutable release."""

from pipelines.publish.catalogue import Portal
from pipelines.publish.release import ReleaseError, ReleaseResult, release

__all__ = ["Portal", "ReleaseError", "ReleaseResult", "release"]
