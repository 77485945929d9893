"""A release on disk: its manifest and signature, which one is `latest`, what changed, what was withdrawn."""

from pipelines.release.diff import Change, diff, rows
from pipelines.release.history import history
from pipelines.release.manifest import Manifest, content_version, hashes, read_manifest, unchanged, write_manifest
from pipelines.release.problem import Problem, ReleaseFault
from pipelines.release.purged import purged
from pipelines.release.signature import Approval, approval, approve, public_file, signing_key
from pipelines.release.switch import current, promote, sweep, versions
from pipelines.release.verify import verify
from pipelines.release.withdrawal import Decision, purge, restore, title, tombstone, withdraw, withdrawn

__all__ = [
    "Approval",
    "Change",
    "Decision",
    "Manifest",
    "Problem",
    "ReleaseFault",
    "approval",
    "approve",
    "content_version",
    "current",
    "diff",
    "hashes",
    "history",
    "promote",
    "public_file",
    "purge",
    "purged",
    "read_manifest",
    "restore",
    "rows",
    "signing_key",
    "sweep",
    "title",
    "tombstone",
    "unchanged",
    "verify",
    "versions",
    "withdraw",
    "withdrawn",
    "write_manifest",
]
