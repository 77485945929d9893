"""Statistical disclosure control: what may be told of small groups, and what a reader could still work out."""

from pipelines.disclosure.audit import AuditResult, Recovered, audit
from pipelines.disclosure.declare import Contributors, Lindungi, Protection, default_protection, scale
from pipelines.disclosure.output import STATUS, Earlier, status_column
from pipelines.disclosure.protect import Protected, protect
from pipelines.disclosure.reasons import REASONS, Reason
from pipelines.disclosure.table import DisclosureError, Measure, Table, clear

__all__ = [
    "REASONS",
    "STATUS",
    "AuditResult",
    "Contributors",
    "DisclosureError",
    "Earlier",
    "Lindungi",
    "Measure",
    "Protected",
    "Protection",
    "Reason",
    "Recovered",
    "Table",
    "audit",
    "clear",
    "default_protection",
    "protect",
    "scale",
    "status_column",
]
