"""Statistical disclosure control: what may be told of small groups, and what a reader could still work out."""

from pipelines.contract.protection import Protection
from pipelines.disclosure.agreement import Agreed, agree
from pipelines.disclosure.audit import AuditResult, Recovered, audit
from pipelines.disclosure.output import STATUS, Earlier, restored, status_column
from pipelines.disclosure.protect import Protected, protect
from pipelines.disclosure.reasons import REASONS, TOLD, Reason
from pipelines.disclosure.table import DisclosureError, Measure, Table, clear

__all__ = [
    "REASONS",
    "STATUS",
    "TOLD",
    "Agreed",
    "AuditResult",
    "DisclosureError",
    "Earlier",
    "Measure",
    "Protected",
    "Protection",
    "Reason",
    "Recovered",
    "Table",
    "agree",
    "audit",
    "clear",
    "protect",
    "restored",
    "status_column",
]
